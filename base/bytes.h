/* Bytes carry their size. A span is borrowed, a buffer owned. A reader takes bytes off the front of a span: it fails once
 * and stays failed, so that a parser reads like its format and asks at the end; what is left over is the caller's question
 * too (`reader.failed || reader.left.size != 0`). Numbers are big-endian. Nothing here is shared between threads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/own.h"

struct span {
    const uint8_t *data;
    size_t size;
};

struct buffer {
    uint8_t *data;
    size_t size, room;
    bool failed; /* an append found no memory, or passed BUFFER_MAX; every later append does nothing */
};

enum { BUFFER_MAX = 1 << 30 }; /* bytes: nothing of ours is built in memory above this */

static inline struct span span_of(const void *data, size_t size)
{
    return (struct span){data, size};
}
static inline struct span span_text(const char *text)
{
    return (struct span){(const uint8_t *)text, strlen(text)};
}
#define SPAN_LITERAL(literal) ((struct span){(const uint8_t *)(literal), sizeof(literal) - 1})

bool span_equal(struct span a, struct span b);
bool span_is(struct span a, const char *text);
bool span_starts(struct span a, const char *prefix);
/* Equal, in a time that depends on the sizes alone: for secrets. */
bool span_equal_secret(struct span a, struct span b);
/* `from` bytes on, `size` bytes, clipped to what is there. */
struct span span_slice(struct span whole, size_t from, size_t size);
/* Without the blanks of XML (space, tab, CR, LF) at both ends. */
struct span span_trimmed(struct span text);
/* Where `needle` first stands at or after `from`, or SIZE_MAX. */
size_t span_find(struct span hay, struct span needle, size_t from);
/* A copy that ends in NUL; NULL without memory. The caller frees it. */
char *span_string(struct span span) MUST_USE;

static inline struct span buffer_span(const struct buffer *buffer)
{
    return (struct span){buffer->data, buffer->size};
}
void buffer_append(struct buffer *buffer, struct span bytes);
void buffer_text(struct buffer *buffer, const char *text);
void buffer_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buffer_u8(struct buffer *buffer, uint8_t value);
void buffer_u16(struct buffer *buffer, uint16_t value);
void buffer_u32(struct buffer *buffer, uint32_t value);
void buffer_u64(struct buffer *buffer, uint64_t value);
/* A 32-bit size, then the bytes. */
void buffer_sized(struct buffer *buffer, struct span bytes);
/* Makes room for `size` more bytes and returns where they go (the caller fills them and adds to .size), or NULL. */
uint8_t *buffer_reserve(struct buffer *buffer, size_t size) MUST_USE;
/* The contents as a string: a NUL is kept behind them, not counted. NULL when failed. */
const char *buffer_string(struct buffer *buffer);
/* Frees; buffer_wipe overwrites first, for secrets. */
void buffer_clear(struct buffer *buffer);
void buffer_wipe(struct buffer *buffer);

struct reader {
    struct span left;
    bool failed;
};

static inline struct reader reader_of(struct span bytes)
{
    return (struct reader){bytes, false};
}
uint8_t read_u8(struct reader *reader);
uint16_t read_u16(struct reader *reader);
uint32_t read_u32(struct reader *reader);
uint64_t read_u64(struct reader *reader);
struct span read_span(struct reader *reader, size_t size);
/* A 32-bit size, then that many bytes; fails when the size is above `limit`. */
struct span read_sized(struct reader *reader, size_t limit);
/* Up to the next `byte`, which is taken but not returned; fails when there is none. */
struct span read_until(struct reader *reader, uint8_t byte);
