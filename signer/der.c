#include "signer/der.h"

#include <stdlib.h>

enum { INDEFINITE = 0x80, MADE = 0x20, LONG_TAG = 0x1F };

/* Tag and length; *ret_size is SIZE_MAX for an indefinite length. */
static uint8_t read_header(struct reader *reader, size_t *ret_size, bool *ret_shortest)
{
    uint8_t tag = read_u8(reader), first = read_u8(reader);
    *ret_size = first;
    *ret_shortest = true;
    if ((tag & LONG_TAG) == LONG_TAG)
        reader->failed = true;
    if (first == INDEFINITE) {
        *ret_size = SIZE_MAX;
        *ret_shortest = false;
        if (!(tag & MADE))
            reader->failed = true; /* X.690, 8.1.3.2: only around values */
    } else if (first > INDEFINITE) {
        size_t bytes = first & 0x7F, size = 0;
        if (bytes > 4)
            reader->failed = true;
        for (size_t i = 0; i < bytes && !reader->failed; i++)
            size = size << 8 | read_u8(reader);
        *ret_shortest = size >= 128 && size >> (8 * (bytes - 1)) != 0;
        *ret_size = size;
    }
    return tag;
}

/* Passes over values up to and including the end-of-contents mark. */
static void skip_indefinite(struct reader *reader, unsigned depth)
{
    while (!reader->failed) {
        size_t size;
        bool shortest;
        uint8_t tag = read_header(reader, &size, &shortest);
        if (tag == 0 && size == 0)
            return;
        if (size != SIZE_MAX)
            read_span(reader, size);
        else if (depth == 0)
            reader->failed = true;
        else
            skip_indefinite(reader, depth - 1);
    }
}

struct der_value der_any(struct reader *reader)
{
    const uint8_t *start = reader->left.data;
    size_t size;
    bool shortest;
    struct der_value value = {.tag = read_header(reader, &size, &shortest)};
    const uint8_t *content = reader->left.data;
    size_t mark = 0;
    if (size == SIZE_MAX) {
        skip_indefinite(reader, DER_MAX_DEPTH);
        mark = 2;
    } else {
        read_span(reader, size);
    }
    if (reader->failed)
        return (struct der_value){0};
    value.content = span_of(content, (size_t)(reader->left.data - content) - mark);
    value.whole = span_of(start, (size_t)(reader->left.data - start));
    return value;
}

bool der_at(const struct reader *reader, uint8_t tag)
{
    return !reader->failed && reader->left.size > 0 && reader->left.data[0] == tag;
}

struct span der_read(struct reader *reader, uint8_t tag)
{
    if (!der_at(reader, tag)) {
        reader->failed = true;
        return (struct span){0};
    }
    return der_any(reader).content;
}

struct reader der_enter(struct reader *reader, uint8_t tag)
{
    struct span content = der_read(reader, tag);
    return (struct reader){content, reader->failed};
}

uint32_t der_small(struct reader *reader)
{
    struct span bytes = der_read(reader, DER_INTEGER);
    uint32_t value = 0;
    if (bytes.size == 0 || bytes.size > 4 || bytes.data[0] & 0x80)
        reader->failed = true;
    else
        for (size_t i = 0; i < bytes.size; i++)
            value = value << 8 | bytes.data[i];
    return value;
}

static bool is_strict(struct span bytes, unsigned depth)
{
    for (struct reader r = reader_of(bytes); r.left.size > 0;) {
        size_t size;
        bool shortest;
        uint8_t tag = read_header(&r, &size, &shortest);
        struct span content = read_span(&r, size);
        if (r.failed || !shortest || ((tag & MADE) && (depth == 0 || !is_strict(content, depth - 1))))
            return false;
    }
    return true;
}

bool der_is_strict(struct span bytes)
{
    return is_strict(bytes, DER_MAX_DEPTH);
}

size_t der_open(struct buffer *buffer, uint8_t tag)
{
    buffer_u8(buffer, tag);
    return buffer->size;
}

/* X.690, 8.1.3: bytes of a length beyond its first; none below 128. */
static size_t length_bytes(size_t size)
{
    size_t bytes = 0;
    for (size_t left = size; size >= 128 && left > 0; left >>= 8)
        bytes++;
    return bytes;
}

static void put_length(uint8_t *at, size_t size, size_t bytes)
{
    at[0] = (uint8_t)(bytes ? INDEFINITE | bytes : size);
    for (size_t i = 0; i < bytes; i++)
        at[1 + i] = (uint8_t)(size >> (8 * (bytes - 1 - i)));
}

void der_close(struct buffer *buffer, size_t opened)
{
    size_t size = buffer->size - opened, bytes = length_bytes(size);
    uint8_t *room = buffer_reserve(buffer, bytes + 1);
    if (!room)
        return;
    uint8_t *at = buffer->data + opened;
    memmove(at + bytes + 1, at, size);
    put_length(at, size, bytes);
    buffer->size += bytes + 1;
}

size_t der_size(size_t content)
{
    return 2 + length_bytes(content) + content;
}

void der_head(struct buffer *buffer, uint8_t tag, size_t content)
{
    size_t bytes = length_bytes(content);
    buffer_u8(buffer, tag);
    uint8_t *room = buffer_reserve(buffer, bytes + 1);
    if (!room)
        return;
    put_length(room, content, bytes);
    buffer->size += bytes + 1;
}

void der_write(struct buffer *buffer, uint8_t tag, struct span content)
{
    size_t opened = der_open(buffer, tag);
    buffer_append(buffer, content);
    der_close(buffer, opened);
}

/* X.690, 11.6: ascending, the shorter one as if padded with zeros */
static int compare_items(const void *left, const void *right)
{
    const struct span *a = left, *b = right;
    size_t common = a->size < b->size ? a->size : b->size;
    int order = memcmp(a->data, b->data, common);
    return order ? order : (a->size > b->size) - (a->size < b->size);
}

void der_write_set(struct buffer *buffer, uint8_t tag, struct span items)
{
    struct span item[DER_MAX_SET];
    size_t count = 0;
    struct reader r = reader_of(items);
    while (r.left.size > 0 && count < DER_MAX_SET && !r.failed)
        item[count++] = der_any(&r).whole;
    if (r.failed || r.left.size > 0) {
        buffer->failed = true;
        return;
    }
    qsort(item, count, sizeof(item[0]), compare_items);
    size_t opened = der_open(buffer, tag);
    for (size_t i = 0; i < count; i++)
        buffer_append(buffer, item[i]);
    der_close(buffer, opened);
}

bool der_certificate_read(struct span der, struct der_certificate *ret_certificate)
{
    struct reader r = reader_of(der), certificate = der_enter(&r, DER_SEQUENCE);
    struct reader tbs = der_enter(&certificate, DER_SEQUENCE);
    if (der_at(&tbs, DER_CONTEXT_MADE))
        der_any(&tbs); /* version */
    struct der_certificate found = {.serial = der_read(&tbs, DER_INTEGER)};
    der_read(&tbs, DER_SEQUENCE); /* signature */
    struct der_value issuer = der_any(&tbs);
    found.issuer = issuer.whole;
    der_read(&tbs, DER_SEQUENCE); /* validity */
    der_read(&tbs, DER_SEQUENCE); /* subject */
    struct reader key = der_enter(&tbs, DER_SEQUENCE), algorithm = der_enter(&key, DER_SEQUENCE);
    found.key_algorithm = der_read(&algorithm, DER_OID);
    if (algorithm.failed || issuer.tag != DER_SEQUENCE)
        return false;
    *ret_certificate = found;
    return true;
}
