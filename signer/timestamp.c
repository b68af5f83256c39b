#include "signer/timestamp.h"

#include <time.h>

#include "signer/der.h"

static bool two_digits(struct span text, size_t at, int *ret_value)
{
    if (at + 2 > text.size)
        return false;
    int tens = text.data[at] - '0', ones = text.data[at + 1] - '0';
    *ret_value = tens * 10 + ones;
    return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9;
}

/* ".d…"; milliseconds of it are kept. RFC 3161, 2.4.2, forbids zeros at its end; authorities write them, and
 * they change nothing. */
static bool read_fraction(struct span text, int64_t *ret_ms)
{
    int64_t ms = 0;
    *ret_ms = 0;
    if (text.size == 0)
        return true;
    if (text.data[0] != '.' || text.size < 2)
        return false;
    for (size_t i = 1; i < text.size; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
        if (i <= 3)
            ms = ms * 10 + (text.data[i] - '0');
    }
    for (size_t i = text.size; i <= 3; i++)
        ms *= 10;
    *ret_ms = ms;
    return true;
}

/* "YYYYMMDDhhmmss[.s…]Z" */
static bool read_time(struct span text, int64_t *ret_ms)
{
    enum { WHOLE = 14 };
    int part[7];
    for (size_t i = 0; i < COUNT_OF(part); i++)
        if (!two_digits(text, 2 * i, &part[i]))
            return false;
    struct tm utc = {.tm_year = part[0] * 100 + part[1] - 1900,
                     .tm_mon = part[2] - 1,
                     .tm_mday = part[3],
                     .tm_hour = part[4],
                     .tm_min = part[5],
                     .tm_sec = part[6]};
    struct tm as_read = utc;
    time_t seconds = timegm(&utc);
    bool exists = utc.tm_mon == as_read.tm_mon && utc.tm_mday == as_read.tm_mday
                  && utc.tm_hour == as_read.tm_hour && utc.tm_min == as_read.tm_min;
    int64_t fraction;
    if (!exists || text.size <= WHOLE || text.data[text.size - 1] != 'Z'
        || !read_fraction(span_slice(text, WHOLE, text.size - WHOLE - 1), &fraction))
        return false;
    *ret_ms = (int64_t)seconds * 1000 + fraction;
    return true;
}

/* Accuracy (RFC 3161, 2.4.2): seconds, [0] milliseconds and [1] microseconds of 1 to 999, each may be missing. */
static void read_accuracy(struct reader *r, int64_t *ret_us)
{
    struct reader parts = der_enter(r, DER_SEQUENCE);
    int64_t seconds = der_at(&parts, DER_INTEGER) ? der_small(&parts) : 0;
    *ret_us = seconds * 1000000;
    for (unsigned part = 0; part < 2; part++) {
        if (!der_at(&parts, (uint8_t)(DER_CONTEXT + part)))
            continue;
        struct span bytes = der_read(&parts, (uint8_t)(DER_CONTEXT + part));
        unsigned value = 0;
        for (size_t i = 0; i < bytes.size && i < 3; i++)
            value = value << 8 | bytes.data[i];
        parts.failed |= bytes.size == 0 || bytes.size > 2 || value < 1 || value > 999;
        *ret_us += (int64_t)value * (part == 0 ? 1000 : 1);
    }
    r->failed |= parts.failed || parts.left.size != 0;
}

static void read_imprint(struct reader *r, struct timestamp *stamp)
{
    struct reader imprint = der_enter(r, DER_SEQUENCE), algorithm = der_enter(&imprint, DER_SEQUENCE);
    stamp->algorithm = der_read(&algorithm, DER_OID);
    bool bare = algorithm.left.size == 0 || span_equal(algorithm.left, SPAN_LITERAL("\x05\x00"));
    stamp->imprint = der_read(&imprint, DER_OCTETS);
    r->failed |= algorithm.failed || imprint.failed || imprint.left.size != 0 || !bare;
}

/* What may follow genTime, each at most once and in this order. */
static void read_rest(struct reader *r, struct timestamp *stamp)
{
    if (der_at(r, DER_SEQUENCE))
        read_accuracy(r, &stamp->accuracy_us);
    if (der_at(r, DER_BOOLEAN)) {
        struct span truth = der_read(r, DER_BOOLEAN);
        r->failed |= truth.size != 1;
        stamp->ordering = truth.size == 1 && truth.data[0] != 0;
    }
    if (der_at(r, DER_INTEGER))
        stamp->nonce = der_read(r, DER_INTEGER);
    if (der_at(r, DER_CONTEXT_MADE))
        stamp->authority = der_read(r, DER_CONTEXT_MADE);
    if (der_at(r, DER_CONTEXT_MADE + 1))
        der_any(r); /* extensions */
    r->failed |= r->left.size != 0;
}

bool timestamp_read(struct span info, struct timestamp *ret_timestamp)
{
    struct reader whole = reader_of(info), r = der_enter(&whole, DER_SEQUENCE);
    struct timestamp stamp = {0};
    uint32_t version = der_small(&r);
    stamp.policy = der_read(&r, DER_OID);
    read_imprint(&r, &stamp);
    stamp.serial = der_read(&r, DER_INTEGER);
    struct span time = der_read(&r, DER_GENERALIZED_TIME);
    read_rest(&r, &stamp);
    if (r.failed || whole.left.size != 0 || version != 1 || !read_time(time, &stamp.time_ms))
        return false;
    *ret_timestamp = stamp;
    return true;
}

void timestamp_facts_clear(struct timestamp_facts *facts)
{
    X509_free(facts->signer);
    buffer_clear(&facts->info);
    *facts = (struct timestamp_facts){0};
}
