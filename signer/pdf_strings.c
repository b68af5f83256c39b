/* What stands inside strings and names, and whether two values mean the same (pdf_objects.h). */
#include <stdlib.h>

#include "base/text.h"
#include "signer/pdf_objects.h"

enum {
    MAX_COMPARED =
        256 /* keys of one dictionary that are looked for out of order; more are not called the same */
};

/* The value of a hexadecimal digit plus one; 0: none. */
static const uint8_t hex_values[256] = {
    ['0'] = 1,  ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
    ['8'] = 9,  ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
    ['A'] = 11, ['B'] = 12, ['C'] = 13, ['D'] = 14, ['E'] = 15, ['F'] = 16,
};

static int hex_digit(uint8_t c)
{
    return hex_values[c] - 1;
}

/* Pairs of digits as far as they stand side by side, the usual way; returns how many characters were
 * taken. */
static size_t hex_run(struct span digits, uint8_t *out)
{
    size_t at = 0;
    for (; at + 2 <= digits.size; at += 2) {
        if (at + 8 <= digits.size && memcmp(digits.data + at, "00000000", 8) == 0) { /* padding */
            memset(out, 0, 4);
            out += 4;
            at += 6;
            continue;
        }
        unsigned high = hex_values[digits.data[at]], low = hex_values[digits.data[at + 1]];
        if (high == 0 || low == 0)
            break;
        *out++ = (uint8_t)((high - 1) << 4 | (low - 1));
    }
    return at;
}

static void hex_bytes(struct span digits, struct buffer *buffer)
{
    uint8_t *out = buffer_reserve(buffer, digits.size / 2 + 1);
    if (!out)
        return;
    unsigned held = 0; /* a digit, marked by the bit above it */
    size_t run = hex_run(digits, out);
    out += run / 2;
    for (size_t i = run; i < digits.size; i++) {
        int digit = hex_digit(digits.data[i]);
        if (digit < 0)
            continue; /* white space: nothing else passed the lexer */
        held = held << 4 | (unsigned)digit | (held ? 0 : 0x10);
        if (held >= 0x100) {
            *out++ = (uint8_t)held;
            held = 0;
        }
    }
    if (held)
        *out++ = (uint8_t)(held << 4); /* 7.3.4.3: a missing last digit is 0 */
    buffer->size = (size_t)(out - buffer->data);
}

/* What stands after a backslash (7.3.4.2, table 3); returns how many bytes it took. */
static size_t escape(struct span text, size_t at, struct buffer *buffer)
{
    static const char letters[] = "nrtbf", meant[] = "\n\r\t\b\f";
    int c = text.data[at];
    const char *letter = strchr(letters, c);
    if (c && letter) {
        buffer_u8(buffer, (uint8_t)meant[letter - letters]);
        return 1;
    }
    if (c == '\r' || c == '\n')
        return c == '\r' && at + 1 < text.size && text.data[at + 1] == '\n' ? 2 : 1;
    if (c < '0' || c > '7') {
        buffer_u8(buffer, (uint8_t)c);
        return 1;
    }
    unsigned value = 0;
    size_t digits = 0;
    for (; digits < 3 && at + digits < text.size && text.data[at + digits] >= '0'
           && text.data[at + digits] <= '7';
         digits++)
        value = value * 8 + (text.data[at + digits] - '0');
    buffer_u8(buffer, (uint8_t)value);
    return digits;
}

static void literal_bytes(struct span text, struct buffer *buffer)
{
    for (size_t at = 0; at < text.size;) {
        uint8_t c = text.data[at++];
        if (c == '\\' && at < text.size) {
            at += escape(text, at, buffer);
        } else if (c == '\r') {
            buffer_u8(buffer, '\n'); /* an end of line is one line feed, however it is written */
            at += at < text.size && text.data[at] == '\n';
        } else {
            buffer_u8(buffer, c);
        }
    }
}

bool pdf_string_bytes(const struct pdf_value *value, struct buffer *buffer)
{
    if (value->kind != PDF_STRING && value->kind != PDF_HEX_STRING)
        return false;
    struct span inside = span_slice(value->raw, 1, value->raw.size - 2);
    if (value->kind == PDF_STRING)
        literal_bytes(inside, buffer);
    else
        hex_bytes(inside, buffer);
    return !buffer->failed;
}

static void append_utf8(struct buffer *buffer, uint32_t point)
{
    if (point < 0x80) {
        buffer_u8(buffer, (uint8_t)point);
    } else if (point < 0x800) {
        buffer_u8(buffer, (uint8_t)(0xC0 | point >> 6));
        buffer_u8(buffer, (uint8_t)(0x80 | (point & 0x3F)));
    } else if (point < 0x10000) {
        buffer_u8(buffer, (uint8_t)(0xE0 | point >> 12));
        buffer_u8(buffer, (uint8_t)(0x80 | (point >> 6 & 0x3F)));
        buffer_u8(buffer, (uint8_t)(0x80 | (point & 0x3F)));
    } else {
        buffer_u8(buffer, (uint8_t)(0xF0 | point >> 18));
        buffer_u8(buffer, (uint8_t)(0x80 | (point >> 12 & 0x3F)));
        buffer_u8(buffer, (uint8_t)(0x80 | (point >> 6 & 0x3F)));
        buffer_u8(buffer, (uint8_t)(0x80 | (point & 0x3F)));
    }
}

static bool is_surrogate(uint32_t unit, uint32_t base)
{
    return (unit & 0xFC00) == base;
}

static void utf16_text(struct span bytes, struct buffer *buffer)
{
    enum { REPLACEMENT = 0xFFFD, HIGH = 0xD800, LOW = 0xDC00 };
    struct reader reader = reader_of(bytes);
    while (reader.left.size >= 2) {
        uint32_t point = read_u16(&reader);
        struct reader ahead = reader;
        uint32_t low = ahead.left.size >= 2 ? read_u16(&ahead) : 0;
        if (is_surrogate(point, HIGH) && is_surrogate(low, LOW)) {
            point = 0x10000 + ((point - HIGH) << 10) + (low - LOW);
            reader = ahead;
        } else if (is_surrogate(point, HIGH) || is_surrogate(point, LOW)) {
            point = REPLACEMENT;
        }
        append_utf8(buffer, point);
    }
}

/* PDFDocEncoding where it differs from Latin-1 (ISO 32000-1, D.2) */
static const uint16_t document_high[] = {
    0x2022, 0x2020, 0x2021, 0x2026, 0x2014, 0x2013, 0x0192, 0x2044, 0x2039, 0x203A, 0x2212,
    0x2030, 0x201E, 0x201C, 0x201D, 0x2018, 0x2019, 0x201A, 0x2122, 0xFB01, 0xFB02, 0x0141,
    0x0152, 0x0160, 0x0178, 0x017D, 0x0131, 0x0142, 0x0153, 0x0161, 0x017E, 0xFFFD, 0x20AC,
};
static const uint16_t document_low[] = {0x02D8, 0x02C7, 0x02C6, 0x02D9, 0x02DD, 0x02DB, 0x02DA, 0x02DC};

static void document_text(struct span bytes, struct buffer *buffer)
{
    for (size_t i = 0; i < bytes.size; i++) {
        uint8_t c = bytes.data[i];
        if (c >= 0x80 && c <= 0xA0)
            append_utf8(buffer, document_high[c - 0x80]);
        else if (c >= 0x18 && c <= 0x1F)
            append_utf8(buffer, document_low[c - 0x18]);
        else
            append_utf8(buffer, c);
    }
}

bool pdf_string_text(const struct pdf_value *value, struct buffer *buffer)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    if (!pdf_string_bytes(value, &bytes))
        return false;
    struct span all = buffer_span(&bytes);
    if (span_starts(all, "\xFE\xFF"))
        utf16_text(span_slice(all, 2, SIZE_MAX), buffer);
    else if (span_starts(all, "\xEF\xBB\xBF"))
        buffer_append(buffer, span_slice(all, 3, SIZE_MAX)); /* ISO 32000-2 */
    else
        document_text(all, buffer);
    return !buffer->failed;
}

static bool same_name(struct span a, struct span b)
{
    char name[384]; /* longer than any name the lexer lets through */
    size_t size = 0;
    for (size_t at = 1; at < a.size && size + 1 < sizeof(name); at++) {
        int c = a.data[at];
        if (c == '#' && a.size - at > 2 && hex_digit(a.data[at + 1]) >= 0 && hex_digit(a.data[at + 2]) >= 0) {
            c = hex_digit(a.data[at + 1]) << 4 | hex_digit(a.data[at + 2]);
            at += 2;
        }
        if (c == 0)
            return span_equal(a, b); /* 7.3.5 forbids it: only the same spelling is the same name */
        name[size++] = (char)c;
    }
    name[size] = '\0';
    struct pdf_value other = {.kind = PDF_NAME, .raw = b};
    return pdf_is_name(&other, name);
}

static bool same_string(const struct pdf_value *a, const struct pdf_value *b)
{
    struct buffer bytes_a CLEANUP(buffer_clear) = {0}, bytes_b CLEANUP(buffer_clear) = {0};
    return pdf_string_bytes(a, &bytes_a) && pdf_string_bytes(b, &bytes_b)
           && span_equal(buffer_span(&bytes_a), buffer_span(&bytes_b));
}

enum { NUMBER_SIZE = 32 }; /* longer ones are the same only when they are spelled alike */

static bool fits_number(const struct pdf_value *value)
{
    return value->raw.size < NUMBER_SIZE;
}

static double number_of(const struct pdf_value *value)
{
    char text[NUMBER_SIZE] = "";
    memcpy(text, value->raw.data, value->raw.size);
    return strtod(text, NULL);
}

static bool same_array(const struct pdf_value *a, const struct pdf_value *b)
{
    struct pdf_cursor in_a = pdf_inside(a), in_b = pdf_inside(b);
    struct pdf_value item_a, item_b;
    for (;;) {
        bool more_a = pdf_next_item(&in_a, &item_a), more_b = pdf_next_item(&in_b, &item_b);
        if (!more_a || !more_b)
            return more_a == more_b;
        if (!pdf_same(&item_a, &item_b))
            return false;
    }
}

struct pdf_value pdf_get_like(const struct pdf_value *dictionary, const struct pdf_value *key)
{
    struct pdf_value found = {0}, name, value;
    unsigned times = 0;
    for (struct pdf_cursor inside = pdf_inside(dictionary); pdf_next_entry(&inside, &name, &value);)
        if (same_name(name.raw, key->raw) && times++ == 0)
            found = value;
    if (times > 1)
        found.kind = PDF_AMBIGUOUS;
    return found;
}

/* The same keys in the same order, as two prints of one dictionary mostly have them? */
static bool same_keys(const struct pdf_value *a, const struct pdf_value *b)
{
    struct pdf_cursor in_a = pdf_inside(a), in_b = pdf_inside(b);
    struct pdf_value key_a, key_b, value;
    for (;;) {
        bool more_a = pdf_next_entry(&in_a, &key_a, &value), more_b = pdf_next_entry(&in_b, &key_b, &value);
        if (!more_a || !more_b)
            return more_a == more_b;
        if (!same_name(key_a.raw, key_b.raw))
            return false;
    }
}

static bool same_in_order(const struct pdf_value *a, const struct pdf_value *b)
{
    struct pdf_cursor in_a = pdf_inside(a), in_b = pdf_inside(b);
    struct pdf_value key, value_a, value_b;
    while (pdf_next_entry(&in_a, &key, &value_a) && pdf_next_entry(&in_b, &key, &value_b))
        if (!pdf_same(&value_a, &value_b))
            return false;
    return true;
}

/* In any order. 7.3.7: a key whose value is null is the same as no key. */
static bool same_in_any_order(const struct pdf_value *a, const struct pdf_value *b)
{
    struct pdf_value key, value;
    size_t entries = 0;
    for (struct pdf_cursor inside = pdf_inside(a); pdf_next_entry(&inside, &key, &value);) {
        struct pdf_value other = pdf_get_like(b, &key);
        if (entries++ == MAX_COMPARED || !pdf_same(&value, &other))
            return false;
    }
    entries = 0;
    for (struct pdf_cursor inside = pdf_inside(b); pdf_next_entry(&inside, &key, &value);) {
        enum pdf_kind other = pdf_get_like(a, &key).kind;
        if (entries++ == MAX_COMPARED || other == PDF_AMBIGUOUS
            || (other == PDF_NULL && value.kind != PDF_NULL))
            return false;
    }
    return true;
}

bool pdf_same(const struct pdf_value *a, const struct pdf_value *b)
{
    bool numbers =
        (a->kind == PDF_INTEGER || a->kind == PDF_REAL) && (b->kind == PDF_INTEGER || b->kind == PDF_REAL);
    bool strings = (a->kind == PDF_STRING || a->kind == PDF_HEX_STRING)
                   && (b->kind == PDF_STRING || b->kind == PDF_HEX_STRING);
    if (a->kind == PDF_AMBIGUOUS || b->kind == PDF_AMBIGUOUS)
        return false;
    if (a->kind == b->kind && span_equal(a->raw, b->raw))
        return true;
    if (numbers)
        return fits_number(a) && fits_number(b) && number_of(a) == number_of(b);
    if (strings)
        return same_string(a, b);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case PDF_NULL:
        return true;
    case PDF_BOOLEAN:
        return a->integer == b->integer;
    case PDF_NAME:
        return same_name(a->raw, b->raw);
    case PDF_ARRAY:
        return same_array(a, b);
    case PDF_DICTIONARY:
        return same_keys(a, b) ? same_in_order(a, b) : same_in_any_order(a, b);
    case PDF_REFERENCE:
        return a->object == b->object && a->generation == b->generation;
    default:
        return false;
    }
}

/* The next code point of well-formed UTF-8. */
static uint32_t take_point(const char **text)
{
    const uint8_t *at = (const uint8_t *)*text;
    unsigned more = at[0] < 0x80 ? 0 : at[0] < 0xE0 ? 1 : at[0] < 0xF0 ? 2 : 3;
    uint32_t point = more == 0 ? at[0] : at[0] & (0x3Fu >> more);
    for (unsigned i = 1; i <= more; i++)
        point = point << 6 | (at[i] & 0x3F);
    *text += more + 1;
    return point;
}

static bool is_plain(const char *text)
{
    for (; *text; text++)
        if (*text < 0x20 || *text > 0x7E)
            return false;
    return true;
}

void pdf_append_text(struct buffer *buffer, const char *utf8)
{
    if (is_plain(utf8)) {
        buffer_u8(buffer, '(');
        for (; *utf8; utf8++)
            buffer_format(buffer, strchr("()\\", *utf8) ? "\\%c" : "%c", *utf8);
        buffer_u8(buffer, ')');
        return;
    }
    buffer_text(buffer, "<FEFF");
    while (*utf8) {
        uint32_t point = take_point(&utf8);
        if (point >= 0x10000)
            buffer_format(buffer, "%04X%04X", 0xD800 + ((point - 0x10000) >> 10),
                          0xDC00 + ((point - 0x10000) & 0x3FF));
        else
            buffer_format(buffer, "%04X", point);
    }
    buffer_text(buffer, ">");
}
