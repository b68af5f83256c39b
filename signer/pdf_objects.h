/* PDF objects as they are written (ISO 32000-1, 7.2 and 7.3): a lexer that builds nothing. A value is a
 * kind and the bytes it stands in; what is inside it is read again when asked for. Everything borrows the
 * bytes it was read from; nothing allocates but the functions that fill a buffer. Strict: what a lenient
 * reader would guess at is a failure. Knows nothing of files and offsets of objects (pdf_xref.h,
 * pdf_document.h). Threads may use all of it. */
#pragma once

#include "base/bytes.h"

enum {
    PDF_NESTING_MAX = 64,     /* arrays and dictionaries inside each other */
    PDF_OBJECTS_MAX = 8388607 /* the largest object number: ISO 32000-1, Annex C */
};

enum pdf_kind {
    PDF_NULL, /* also: there is no such key or item */
    PDF_BOOLEAN,
    PDF_INTEGER,
    PDF_REAL,
    PDF_NAME,
    PDF_STRING,     /* (literal) */
    PDF_HEX_STRING, /* <68 65 78> */
    PDF_ARRAY,
    PDF_DICTIONARY,
    PDF_REFERENCE,
    PDF_AMBIGUOUS /* a key that stands twice in its dictionary: readers disagree which one counts */
};

struct pdf_value {
    enum pdf_kind kind;
    struct span raw;     /* from its first to behind its last character, brackets included */
    int64_t integer;     /* PDF_INTEGER, PDF_BOOLEAN */
    uint32_t object;     /* PDF_REFERENCE */
    uint32_t generation; /* PDF_REFERENCE */
};

/* Object numbers, as one bit each. A number that finds no memory is lost and `failed` says so. */
struct pdf_set {
    uint8_t *bits;
    uint32_t room; /* numbers */
    bool failed;
};
void pdf_set_add(struct pdf_set *set, uint32_t number);
bool pdf_set_has(const struct pdf_set *set, uint32_t number);
void pdf_set_clear(struct pdf_set *set);

/* How often each object number is named; what is named PDF_COUNTED_MAX times stays so. */
enum { PDF_COUNTED_MAX = UINT16_MAX };
struct pdf_counts {
    uint16_t *of;
    uint32_t room; /* numbers */
    bool failed;
};
void pdf_counts_add(struct pdf_counts *counts, uint32_t number);
void pdf_counts_take(struct pdf_counts *counts, uint32_t number);
unsigned pdf_counts_of(const struct pdf_counts *counts, uint32_t number);
void pdf_counts_clear(struct pdf_counts *counts);

/* Object numbers that references name, and how often. */
struct pdf_references {
    struct pdf_set *named;
    struct pdf_counts *counts;
    bool taken; /* what is read goes away: it is counted down */
};

/* A place in bytes; `failed` stays once something was not as the syntax wants it. */
struct pdf_cursor {
    struct span bytes;
    size_t at;
    bool failed;
    bool checked; /* inside a value that was read before: hexadecimal strings are not checked again */
    struct pdf_references *references; /* when set: what references name is noted here */
};

static inline struct pdf_cursor pdf_cursor_at(struct span bytes, size_t at)
{
    return (struct pdf_cursor){.bytes = bytes, .at = at < bytes.size ? at : bytes.size};
}

/* White space alone; white space and comments. */
void pdf_skip_white(struct pdf_cursor *cursor);
void pdf_skip(struct pdf_cursor *cursor);
/* Only white space from `from` to `to`? */
bool pdf_is_white(struct span bytes, size_t from, size_t to);
/* The next token is this word, followed by white space, a delimiter or the end: then it is taken. */
bool pdf_take_word(struct pdf_cursor *cursor, const char *word);
/* Decimal digits alone, at most 2^63 - 1. Fails otherwise. */
uint64_t pdf_take_unsigned(struct pdf_cursor *cursor);
/* "N G obj" */
bool pdf_take_header(struct pdf_cursor *cursor, uint32_t *ret_object, uint32_t *ret_generation) MUST_USE;
/* One whole value, all of it checked, whatever it holds. */
bool pdf_take_value(struct pdf_cursor *cursor, struct pdf_value *ret_value) MUST_USE;
/* What follows a stream's dictionary: "stream", an end of line, exactly `length` bytes, "endstream". */
bool pdf_take_stream(struct pdf_cursor *cursor, uint64_t length, struct span *ret_raw) MUST_USE;

/* The items of an array, or the keys and values of a dictionary, one after the other:
 *     struct pdf_cursor inside = pdf_inside(&array);
 *     while (pdf_next_item(&inside, &item)) … */
struct pdf_cursor pdf_inside(const struct pdf_value *container);
bool pdf_next_item(struct pdf_cursor *inside, struct pdf_value *ret_item);
bool pdf_next_entry(struct pdf_cursor *inside, struct pdf_value *ret_key, struct pdf_value *ret_value);

/* The value of a key as it is written (a reference is not followed); PDF_NULL when `dictionary` is none or
 * has no such key. */
struct pdf_value pdf_get(const struct pdf_value *dictionary, const char *key);
/* The same for a key of another dictionary, however either is spelled. */
struct pdf_value pdf_get_like(const struct pdf_value *dictionary, const struct pdf_value *key);
/* Item `index` of an array, PDF_NULL behind its end. */
struct pdf_value pdf_item(const struct pdf_value *array, size_t index);
size_t pdf_count(const struct pdf_value *array);

/* Is it this name? #xx in the written form is understood. */
bool pdf_is_name(const struct pdf_value *value, const char *name);
/* The bytes of a string, escapes and hexadecimal digits decoded, added to the buffer; false when it is no
 * string. */
bool pdf_string_bytes(const struct pdf_value *value, struct buffer *buffer) MUST_USE;
/* A text string (7.9.2.2: PDFDocEncoding, UTF-16BE or UTF-8) as UTF-8, added to the buffer. */
bool pdf_string_text(const struct pdf_value *value, struct buffer *buffer) MUST_USE;
/* Do they mean the same? Spelling, white space and the order of keys do not count; 1 equals 1.0;
 * references must name the same object. */
bool pdf_same(const struct pdf_value *a, const struct pdf_value *b);
/* UTF-8 as a text string: (literal) when it is ASCII, else <FEFF…>. */
void pdf_append_text(struct buffer *buffer, const char *utf8);
