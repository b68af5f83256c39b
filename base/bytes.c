#include "base/bytes.h"

#include <openssl/crypto.h>
#include <stdarg.h>
#include <stdio.h>

bool span_equal(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

bool span_is(struct span a, const char *text)
{
    return span_equal(a, span_text(text));
}

bool span_starts(struct span a, const char *prefix)
{
    size_t size = strlen(prefix);
    return a.size >= size && (size == 0 || memcmp(a.data, prefix, size) == 0);
}

bool span_equal_secret(struct span a, struct span b)
{
    return a.size == b.size && (a.size == 0 || CRYPTO_memcmp(a.data, b.data, a.size) == 0);
}

struct span span_slice(struct span whole, size_t from, size_t size)
{
    if (from > whole.size)
        from = whole.size;
    if (size > whole.size - from)
        size = whole.size - from;
    return span_of(whole.data ? whole.data + from : NULL, size);
}

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

struct span span_trimmed(struct span text)
{
    while (text.size > 0 && is_blank(text.data[0]))
        text = span_slice(text, 1, SIZE_MAX);
    while (text.size > 0 && is_blank(text.data[text.size - 1]))
        text.size--;
    return text;
}

size_t span_find(struct span hay, struct span needle, size_t from)
{
    if (from > hay.size || needle.size > hay.size - from)
        return SIZE_MAX;
    const uint8_t *at = memmem(hay.data + from, hay.size - from, needle.data, needle.size);
    return at ? (size_t)(at - hay.data) : SIZE_MAX;
}

char *span_string(struct span span)
{
    char *text = malloc(span.size + 1);
    if (!text)
        return NULL;
    if (span.size)
        memcpy(text, span.data, span.size);
    text[span.size] = '\0';
    return text;
}

uint8_t *buffer_reserve(struct buffer *buffer, size_t size)
{
    if (buffer->failed)
        return NULL;
    if (size > BUFFER_MAX - buffer->size) {
        buffer->failed = true;
        return NULL;
    }
    if (!buffer->data || size > buffer->room - buffer->size) {
        size_t room = buffer->room ? buffer->room : 256;
        while (room - buffer->size < size)
            room += room / 2 + 64;
        uint8_t *grown = realloc(buffer->data, room);
        if (!grown) {
            buffer->failed = true;
            return NULL;
        }
        buffer->data = grown;
        buffer->room = room;
    }
    return buffer->data + buffer->size;
}

void buffer_append(struct buffer *buffer, struct span bytes)
{
    uint8_t *room = buffer_reserve(buffer, bytes.size);
    if (!room || bytes.size == 0)
        return;
    memcpy(room, bytes.data, bytes.size);
    buffer->size += bytes.size;
}

void buffer_text(struct buffer *buffer, const char *text)
{
    buffer_append(buffer, span_text(text));
}

void buffer_format(struct buffer *buffer, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    uint8_t *room = size < 0 ? NULL : buffer_reserve(buffer, (size_t)size + 1);
    if (room) {
        vsnprintf((char *)room, (size_t)size + 1, format, again);
        buffer->size += (size_t)size;
    }
    va_end(again);
}

static void append_number(struct buffer *buffer, uint64_t value, size_t size)
{
    uint8_t bytes[8];
    for (size_t i = 0; i < size; i++)
        bytes[i] = (uint8_t)(value >> (8 * (size - 1 - i)));
    buffer_append(buffer, span_of(bytes, size));
}

void buffer_u8(struct buffer *buffer, uint8_t value)
{
    append_number(buffer, value, 1);
}

void buffer_u16(struct buffer *buffer, uint16_t value)
{
    append_number(buffer, value, 2);
}

void buffer_u32(struct buffer *buffer, uint32_t value)
{
    append_number(buffer, value, 4);
}

void buffer_u64(struct buffer *buffer, uint64_t value)
{
    append_number(buffer, value, 8);
}

void buffer_sized(struct buffer *buffer, struct span bytes)
{
    buffer_u32(buffer, (uint32_t)bytes.size);
    buffer_append(buffer, bytes);
}

const char *buffer_string(struct buffer *buffer)
{
    uint8_t *room = buffer_reserve(buffer, 1);
    if (!room)
        return NULL;
    *room = '\0';
    return (const char *)buffer->data;
}

void buffer_clear(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

void buffer_wipe(struct buffer *buffer)
{
    if (buffer->data)
        OPENSSL_cleanse(buffer->data, buffer->room);
    buffer_clear(buffer);
}

struct span read_span(struct reader *reader, size_t size)
{
    if (reader->failed || size > reader->left.size) {
        reader->failed = true;
        return (struct span){0};
    }
    struct span taken = span_of(reader->left.data, size);
    if (size > 0)
        reader->left.data += size;
    reader->left.size -= size;
    return taken;
}

static uint64_t read_number(struct reader *reader, size_t size)
{
    struct span bytes = read_span(reader, size);
    uint64_t value = 0;
    for (size_t i = 0; i < bytes.size; i++)
        value = value << 8 | bytes.data[i];
    return value;
}

uint8_t read_u8(struct reader *reader)
{
    return (uint8_t)read_number(reader, 1);
}

uint16_t read_u16(struct reader *reader)
{
    return (uint16_t)read_number(reader, 2);
}

uint32_t read_u32(struct reader *reader)
{
    return (uint32_t)read_number(reader, 4);
}

uint64_t read_u64(struct reader *reader)
{
    return read_number(reader, 8);
}

struct span read_sized(struct reader *reader, size_t limit)
{
    uint32_t size = read_u32(reader);
    if (size > limit)
        reader->failed = true;
    return read_span(reader, size);
}

struct span read_until(struct reader *reader, uint8_t byte)
{
    const uint8_t *at = reader->left.size ? memchr(reader->left.data, byte, reader->left.size) : NULL;
    if (reader->failed || !at) {
        reader->failed = true;
        return (struct span){0};
    }
    struct span taken = read_span(reader, (size_t)(at - reader->left.data));
    read_span(reader, 1);
    return taken;
}
