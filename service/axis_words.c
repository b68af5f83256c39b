#include "service/axis_words.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/json.h"
#include "service/axis_text.h"
#include "service/service_text.h"

enum { DAY_MS = 86400000, SECOND_MS = 1000, KEY_MAX = 96 };

bool axis_signed_read(struct span text, json_t **ret_parameters, struct error *err)
{
    json_t *object CLEANUP(json_clear) = NULL;
    struct error why = {0};
    char said[256] = "{}";
    if (!json_read(text, &object, &why))
        return fail(err, ERR_UNAUTHENTICATED, &TEXT_AXIS_SIGNED_TEXT,
                    error_sentence(&why, LANGUAGE_VI, sizeof(said), said));
    if (!json_is_object(object))
        return fail(err, ERR_UNAUTHENTICATED, &TEXT_AXIS_SIGNED_TEXT, said);
    *ret_parameters = TAKE(object);
    return true;
}

const char *axis_word(const json_t *parameters, const char *key)
{
    char name[KEY_MAX];
    snprintf(name, sizeof(name), AXIS_PREFIX "%s", key);
    return json_string_value(json_object_get(parameters, name));
}

bool axis_hash_fits(struct span secret, struct span signed_text, const char *hash)
{
    uint8_t told[SHA256_SIZE];
    struct digest_value right = hmac_sha256(secret, signed_text);
    return hex_read(span_text(hash), SHA256_SIZE, told)
           && span_equal_secret(digest_span(&right), span_of(told, SHA256_SIZE));
}

bool axis_digest_fits(const struct digest_value *digest, const char *hash_file)
{
    char right[2 * DIGEST_MAX + 1], unpadded[2 * DIGEST_MAX + 1], *end = unpadded;
    hex_text(digest_span(digest), right);
    for (size_t i = 0; i < digest->size; i++)
        end += snprintf(end, 3, "%x", digest->bytes[i]);
    return strcasecmp(hash_file, right) == 0 || strcasecmp(hash_file, unpadded) == 0;
}

bool axis_reported_id(const json_t *parameters, const char **ret_id, struct error *err)
{
    const char *id = axis_word(parameters, "docId"), *other = axis_word(parameters, "docid");
    if (id && other && strcmp(id, other) != 0)
        return fail(err, ERR_REFUSED, &TEXT_AXIS_IDS_DIFFER, id, other);
    if (!id && !other)
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_MISSING, "docId");
    *ret_id = other ? other : id;
    return true;
}

/* --- times --- */

/* Where in a text the parts of a date stand; time: 0 for none. */
struct time_form {
    const char *pattern; /* `9` stands for a digit */
    size_t year, month, day, time;
};

static const struct time_form limit_forms[] = {
    {"9999/99/99", 0, 5, 8, 0}, {"9999/99/99 99:99:99", 0, 5, 8, 11},
    {"9999-99-99", 0, 5, 8, 0}, {"9999-99-99 99:99:99", 0, 5, 8, 11},
    {"99/99/9999", 6, 3, 0, 0}, {"99/99/9999 99:99:99", 6, 3, 0, 11},
    {"99-99-9999", 6, 3, 0, 0}, {"99-99-9999 99:99:99", 6, 3, 0, 11},
};

static bool fits(const char *text, const char *pattern)
{
    for (; *pattern; text++, pattern++)
        if (*pattern == '9' ? !isdigit((unsigned char)*text) : *text != *pattern)
            return false;
    return *text == '\0';
}

bool axis_time_read(const char *text, int64_t *ret_from_ms, int64_t *ret_until_ms)
{
    for (size_t i = 0; i < COUNT_OF(limit_forms); i++) {
        const struct time_form *form = &limit_forms[i];
        char iso[CLOCK_TEXT_SIZE];
        if (!fits(text, form->pattern))
            continue;
        snprintf(iso, sizeof(iso), "%.4s-%.2s-%.2sT%.8s+07:00", text + form->year, text + form->month,
                 text + form->day, form->time ? text + form->time : "00:00:00");
        if (!clock_read(iso, ret_from_ms))
            return false;
        *ret_until_ms = *ret_from_ms + (form->time ? SECOND_MS : DAY_MS);
        return true;
    }
    return false;
}

bool axis_timestamp_read(const char *text, int64_t *ret_ms)
{
    char iso[CLOCK_TEXT_SIZE];
    if (!fits(text, "99999999T999999+9999"))
        return false;
    snprintf(iso, sizeof(iso), "%.4s-%.2s-%.2sT%.2s:%.2s:%.2s+07:00", text + 4, text + 2, text, text + 9,
             text + 11, text + 13);
    if (!clock_read(iso, ret_ms))
        return false;
    *ret_ms += strtol(text + 16, NULL, 10);
    return true;
}

/* --- addresses --- */

struct address {
    uint8_t bytes[16]; /* IPv4 as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), so that one comparison serves both */
};
enum { MAPPED_BITS = 96, ADDRESS_BITS = 128 };

static bool address_read(const char *text, struct address *ret_address, bool *ret_four)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct address address;
    *ret_four = inet_pton(AF_INET, text, address.bytes + sizeof(mapped)) == 1;
    if (*ret_four)
        memcpy(address.bytes, mapped, sizeof(mapped));
    else if (inet_pton(AF_INET6, text, address.bytes) != 1)
        return false;
    *ret_address = address;
    return true;
}

static bool address_within(const struct address *address, const char *network)
{
    char text[INET6_ADDRSTRLEN];
    struct address wanted;
    bool four;
    size_t size = strcspn(network, "/");
    snprintf(text, sizeof(text), "%.*s", (int)size, network);
    if (size >= sizeof(text) || !address_read(text, &wanted, &four))
        return false;
    unsigned long bits = network[size] ? strtoul(network + size + 1, NULL, 10) : ADDRESS_BITS;
    if (network[size] && four)
        bits += MAPPED_BITS;
    for (size_t bit = 0; bit < bits && bit < ADDRESS_BITS; bit++)
        if ((address->bytes[bit / 8] ^ wanted.bytes[bit / 8]) & (0x80 >> bit % 8))
            return false;
    return true;
}

bool axis_address_listed(const char *const *list, const char *address)
{
    struct address caller;
    bool four;
    if (!list)
        return true;
    if (!address_read(address, &caller, &four))
        return false;
    for (; *list; list++)
        if (address_within(&caller, *list))
            return true;
    return false;
}

/* --- without marks --- */

/* Runs of Unicode in which letters follow each other, upper then lower case, `pairs` times. */
struct letters {
    unsigned first, pairs;
    char letter;
};
static const struct letters alternating[] = {
    {0x102, 1, 'A'},  {0x110, 1, 'D'},   {0x128, 1, 'I'},   {0x168, 1, 'U'},
    {0x1a0, 1, 'O'},  {0x1af, 1, 'U'},   {0x1ea0, 12, 'A'}, {0x1eb8, 8, 'E'},
    {0x1ec8, 2, 'I'}, {0x1ecc, 12, 'O'}, {0x1ee4, 7, 'U'},  {0x1ef2, 4, 'Y'},
};
/* U+00C0 to U+00DF; the lower case stands 32 further. */
static const char latin1[] = "AAAAAA?CEEEEIIIIDNOOOOO?OUUUUY??";

static char base_letter(unsigned point)
{
    if (point >= 0xc0 && point <= 0xff) {
        char letter = latin1[(point - 0xc0) % 32];
        return point < 0xe0 ? letter : (char)tolower((unsigned char)letter);
    }
    for (size_t i = 0; i < COUNT_OF(alternating); i++) {
        const struct letters *run = &alternating[i];
        if (point >= run->first && point < run->first + 2 * run->pairs)
            return (point - run->first) % 2 == 0 ? run->letter : (char)tolower((unsigned char)run->letter);
    }
    return point == 0x201c || point == 0x201d ? '"' : point == 0x2018 || point == 0x2019 ? '\'' : '?';
}

/* One character of text that is UTF-8; anything else is taken byte by byte. */
static unsigned next_point(const char **at)
{
    const uint8_t *bytes = (const uint8_t *)*at;
    size_t size = bytes[0] < 0xc0 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    unsigned point = size == 1 ? bytes[0] : bytes[0] & (0xffU >> (size + 1));
    size_t got = 1;
    for (; got < size && (bytes[got] & 0xc0) == 0x80; got++)
        point = point << 6 | (bytes[got] & 0x3fU);
    *at += got;
    return got == size ? point : 0xfffd;
}

void axis_unaccented(const char *text, struct buffer *buffer)
{
    while (*text) {
        unsigned point = next_point(&text);
        bool combining = point >= 0x300 && point <= 0x36f; /* the marks alone: decomposed text */
        if (point < 0x80)
            buffer_u8(buffer, (uint8_t)point);
        else if (!combining)
            buffer_u8(buffer, (uint8_t)base_letter(point));
    }
}
