#include "signer/pdf_objects.h"

#include <stdlib.h>

enum { MAX_NAME = 127 * 3 }; /* ISO 32000-1, Annex C: 127 bytes, each perhaps written as #xx */

enum { WHITE = 1, DELIMITER = 2, ENDS_TOKEN = WHITE | DELIMITER, HEX = 4 };

static const uint8_t characters[256] = {
    ['\0'] = WHITE,    ['\t'] = WHITE,    ['\n'] = WHITE,    ['\f'] = WHITE,    ['\r'] = WHITE,
    [' '] = WHITE,     ['('] = DELIMITER, [')'] = DELIMITER, ['<'] = DELIMITER, ['>'] = DELIMITER,
    ['['] = DELIMITER, [']'] = DELIMITER, ['{'] = DELIMITER, ['}'] = DELIMITER, ['/'] = DELIMITER,
    ['%'] = DELIMITER, ['0'] = HEX,       ['1'] = HEX,       ['2'] = HEX,       ['3'] = HEX,
    ['4'] = HEX,       ['5'] = HEX,       ['6'] = HEX,       ['7'] = HEX,       ['8'] = HEX,
    ['9'] = HEX,       ['A'] = HEX,       ['B'] = HEX,       ['C'] = HEX,       ['D'] = HEX,
    ['E'] = HEX,       ['F'] = HEX,       ['a'] = HEX,       ['b'] = HEX,       ['c'] = HEX,
    ['d'] = HEX,       ['e'] = HEX,       ['f'] = HEX,
};

void pdf_set_add(struct pdf_set *set, uint32_t number)
{
    if (number > PDF_OBJECTS_MAX) {
        set->failed = true;
        return;
    }
    if (number >= set->room) {
        uint32_t room = 2048;
        while (room <= number)
            room *= 2;
        uint8_t *grown = realloc(set->bits, room / 8);
        if (!grown) {
            set->failed = true;
            return;
        }
        memset(grown + set->room / 8, 0, (room - set->room) / 8);
        set->bits = grown;
        set->room = room;
    }
    set->bits[number / 8] |= (uint8_t)(1u << number % 8);
}

bool pdf_set_has(const struct pdf_set *set, uint32_t number)
{
    return number < set->room && (set->bits[number / 8] >> number % 8 & 1);
}

void pdf_set_clear(struct pdf_set *set)
{
    free_clear(&set->bits);
    *set = (struct pdf_set){0};
}

static bool counts_reach(struct pdf_counts *counts, uint32_t number)
{
    if (number < counts->room)
        return true;
    uint32_t room = 2048;
    while (room <= number)
        room *= 2;
    uint16_t *grown = number <= PDF_OBJECTS_MAX ? realloc(counts->of, room * sizeof(*grown)) : NULL;
    if (!grown) {
        counts->failed = true;
        return false;
    }
    memset(grown + counts->room, 0, (room - counts->room) * sizeof(*grown));
    counts->of = grown;
    counts->room = room;
    return true;
}

void pdf_counts_add(struct pdf_counts *counts, uint32_t number)
{
    if (counts_reach(counts, number) && counts->of[number] < PDF_COUNTED_MAX)
        counts->of[number]++;
}

void pdf_counts_take(struct pdf_counts *counts, uint32_t number)
{
    if (number < counts->room && counts->of[number] > 0 && counts->of[number] < PDF_COUNTED_MAX)
        counts->of[number]--;
}

unsigned pdf_counts_of(const struct pdf_counts *counts, uint32_t number)
{
    return number < counts->room ? counts->of[number] : 0;
}

void pdf_counts_clear(struct pdf_counts *counts)
{
    free_clear(&counts->of);
    *counts = (struct pdf_counts){0};
}

/* The byte `ahead` of the cursor, -1 behind the end. */
static inline int peek(const struct pdf_cursor *cursor, size_t ahead)
{
    return ahead < cursor->bytes.size - cursor->at ? cursor->bytes.data[cursor->at + ahead] : -1;
}

static bool is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static bool ends_token(int c)
{
    return c < 0 || (characters[c] & ENDS_TOKEN);
}

static bool broken(struct pdf_cursor *cursor)
{
    cursor->failed = true;
    return false;
}

void pdf_skip_white(struct pdf_cursor *cursor)
{
    while (cursor->at < cursor->bytes.size && characters[cursor->bytes.data[cursor->at]] == WHITE)
        cursor->at++;
}

void pdf_skip(struct pdf_cursor *cursor)
{
    for (;;) {
        pdf_skip_white(cursor);
        if (peek(cursor, 0) != '%')
            return;
        while (cursor->at < cursor->bytes.size && peek(cursor, 0) != '\r' && peek(cursor, 0) != '\n')
            cursor->at++;
    }
}

bool pdf_is_white(struct span bytes, size_t from, size_t to)
{
    struct pdf_cursor cursor = pdf_cursor_at(span_slice(bytes, 0, to), from);
    pdf_skip_white(&cursor);
    return cursor.at == cursor.bytes.size;
}

bool pdf_take_word(struct pdf_cursor *cursor, const char *word)
{
    pdf_skip(cursor);
    size_t size = 0;
    while (word[size] && peek(cursor, size) == word[size])
        size++;
    if (word[size] || !ends_token(peek(cursor, size)))
        return false;
    cursor->at += size;
    return true;
}

uint64_t pdf_take_unsigned(struct pdf_cursor *cursor)
{
    pdf_skip(cursor);
    uint64_t value = 0;
    size_t digits = 0;
    for (; is_digit(peek(cursor, 0)); cursor->at++, digits++) {
        value = value * 10 + (uint64_t)(peek(cursor, 0) - '0');
        if (value > INT64_MAX / 10 - 1)
            cursor->failed = true; /* one more digit would not fit */
    }
    if (digits == 0 || !ends_token(peek(cursor, 0)))
        cursor->failed = true;
    return cursor->failed ? 0 : value;
}

bool pdf_take_header(struct pdf_cursor *cursor, uint32_t *ret_object, uint32_t *ret_generation)
{
    uint64_t object = pdf_take_unsigned(cursor), generation = pdf_take_unsigned(cursor);
    if (cursor->failed || object == 0 || object > PDF_OBJECTS_MAX || generation > UINT16_MAX
        || !pdf_take_word(cursor, "obj"))
        return broken(cursor);
    *ret_object = (uint32_t)object;
    *ret_generation = (uint32_t)generation;
    return true;
}

/* Digits after the cursor, as far as they go; moves it. */
static bool take_digits(struct pdf_cursor *cursor, int64_t *value)
{
    size_t from = cursor->at;
    for (; is_digit(peek(cursor, 0)); cursor->at++) {
        if (*value > (INT64_MAX - 9) / 10)
            return broken(cursor);
        *value = *value * 10 + (peek(cursor, 0) - '0');
    }
    return cursor->at > from;
}

static void note_reference(const struct pdf_references *references, uint32_t object)
{
    if (references->taken) {
        pdf_counts_take(references->counts, object);
        return;
    }
    pdf_counts_add(references->counts, object);
    pdf_set_add(references->named, object);
}

/* " G R" behind an object number? Then the reference is taken whole. */
static bool take_reference(struct pdf_cursor *cursor, int64_t object, struct pdf_value *value)
{
    struct pdf_cursor ahead = *cursor;
    if (object < 0 || object > PDF_OBJECTS_MAX || ahead.at == ahead.bytes.size)
        return false;
    pdf_skip(&ahead);
    int64_t generation = 0;
    if (!is_digit(peek(&ahead, 0)) || !take_digits(&ahead, &generation) || generation > UINT16_MAX)
        return false;
    pdf_skip(&ahead);
    if (peek(&ahead, 0) != 'R' || !ends_token(peek(&ahead, 1)))
        return false;
    ahead.at++;
    if (cursor->references)
        note_reference(cursor->references, (uint32_t)object);
    value->kind = PDF_REFERENCE;
    value->object = (uint32_t)object;
    value->generation = (uint32_t)generation;
    cursor->at = ahead.at;
    return true;
}

static bool take_number(struct pdf_cursor *cursor, struct pdf_value *value)
{
    bool sign = peek(cursor, 0) == '+' || peek(cursor, 0) == '-', negative = peek(cursor, 0) == '-';
    cursor->at += sign;
    bool digits = take_digits(cursor, &value->integer);
    value->kind = PDF_INTEGER;
    if (!cursor->failed && peek(cursor, 0) == '.') {
        cursor->at++;
        value->kind = PDF_REAL;
        for (; is_digit(peek(cursor, 0)); cursor->at++)
            digits = true;
    }
    if (cursor->failed || !digits || !ends_token(peek(cursor, 0)))
        return broken(cursor);
    if (negative)
        value->integer = -value->integer;
    if (value->kind == PDF_INTEGER && !sign)
        take_reference(cursor, value->integer, value);
    return true;
}

static bool take_name(struct pdf_cursor *cursor, struct pdf_value *value)
{
    size_t from = cursor->at++;
    while (!ends_token(peek(cursor, 0)))
        cursor->at++;
    value->kind = PDF_NAME;
    return cursor->at - from <= MAX_NAME + 1 ? true : broken(cursor);
}

static bool take_literal(struct pdf_cursor *cursor, struct pdf_value *value)
{
    size_t open = 0;
    do {
        int c = peek(cursor, 0);
        if (c < 0)
            return broken(cursor);
        cursor->at += c == '\\' && peek(cursor, 1) >= 0 ? 2 : 1;
        open += c == '(';
        open -= c == ')';
    } while (open > 0);
    value->kind = PDF_STRING;
    return true;
}

static int hex_digit(int c)
{
    if (is_digit(c))
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The room kept for a signature is mostly zeros: those are passed over eight at a time. */
static bool is_hex(const uint8_t *at, const uint8_t *end)
{
    while (at < end)
        if (end - at >= 8 && memcmp(at, "00000000", 8) == 0)
            at += 8;
        else if (!(characters[*at++] & (HEX | WHITE)))
            return false;
    return true;
}

static bool take_hex(struct pdf_cursor *cursor, struct pdf_value *value)
{
    const uint8_t *from = cursor->bytes.data + cursor->at + 1;
    const uint8_t *end = memchr(from, '>', cursor->bytes.size - cursor->at - 1);
    if (!end || (!cursor->checked && !is_hex(from, end)))
        return broken(cursor);
    cursor->at = (size_t)(end - cursor->bytes.data) + 1;
    value->kind = PDF_HEX_STRING;
    return true;
}

static bool take_nested(struct pdf_cursor *cursor, unsigned depth, struct pdf_value *ret_value);

static bool take_array(struct pdf_cursor *cursor, unsigned depth, struct pdf_value *value)
{
    struct pdf_value item;
    cursor->at++;
    for (pdf_skip(cursor); peek(cursor, 0) != ']'; pdf_skip(cursor))
        if (!take_nested(cursor, depth + 1, &item))
            return false;
    cursor->at++;
    value->kind = PDF_ARRAY;
    return true;
}

static bool take_dictionary(struct pdf_cursor *cursor, unsigned depth, struct pdf_value *value)
{
    struct pdf_value inside;
    cursor->at += 2;
    for (pdf_skip(cursor); peek(cursor, 0) != '>'; pdf_skip(cursor)) {
        if (peek(cursor, 0) != '/' || !take_name(cursor, &inside))
            return broken(cursor);
        if (!take_nested(cursor, depth + 1, &inside))
            return false;
    }
    if (peek(cursor, 1) != '>')
        return broken(cursor);
    cursor->at += 2;
    value->kind = PDF_DICTIONARY;
    return true;
}

static bool take_word_value(struct pdf_cursor *cursor, struct pdf_value *value)
{
    if (pdf_take_word(cursor, "true") || pdf_take_word(cursor, "false")) {
        value->kind = PDF_BOOLEAN;
        value->integer = cursor->bytes.data[cursor->at - 2] == 'u';
        return true;
    }
    return pdf_take_word(cursor, "null") ? true : broken(cursor);
}

static bool take_nested(struct pdf_cursor *cursor, unsigned depth, struct pdf_value *ret_value)
{
    pdf_skip(cursor);
    size_t from = cursor->at;
    struct pdf_value value = {0};
    int c = peek(cursor, 0);
    bool whole;
    if (cursor->failed || depth > PDF_NESTING_MAX)
        return broken(cursor);
    if (c == '/')
        whole = take_name(cursor, &value);
    else if (c == '(')
        whole = take_literal(cursor, &value);
    else if (c == '[')
        whole = take_array(cursor, depth, &value);
    else if (c == '<')
        whole = peek(cursor, 1) == '<' ? take_dictionary(cursor, depth, &value) : take_hex(cursor, &value);
    else if (is_digit(c) || c == '+' || c == '-' || c == '.')
        whole = take_number(cursor, &value);
    else
        whole = take_word_value(cursor, &value);
    if (!whole)
        return false;
    value.raw = span_of(cursor->bytes.data + from, cursor->at - from);
    *ret_value = value;
    return true;
}

bool pdf_take_value(struct pdf_cursor *cursor, struct pdf_value *ret_value)
{
    return take_nested(cursor, 0, ret_value);
}

bool pdf_take_stream(struct pdf_cursor *cursor, uint64_t length, struct span *ret_raw)
{
    if (!pdf_take_word(cursor, "stream"))
        return broken(cursor);
    bool carriage = peek(cursor, 0) == '\r';
    if (peek(cursor, carriage) != '\n') /* 7.3.8.1: never a carriage return alone */
        return broken(cursor);
    cursor->at += carriage ? 2 : 1;
    if (length > cursor->bytes.size - cursor->at)
        return broken(cursor);
    *ret_raw = span_slice(cursor->bytes, cursor->at, length);
    cursor->at += length;
    pdf_skip_white(cursor);
    return pdf_take_word(cursor, "endstream") ? true : broken(cursor);
}

struct pdf_cursor pdf_inside(const struct pdf_value *container)
{
    size_t brackets = container->kind == PDF_DICTIONARY ? 2 : container->kind == PDF_ARRAY ? 1 : 0;
    if (brackets == 0)
        return (struct pdf_cursor){0};
    struct pdf_cursor inside =
        pdf_cursor_at(span_slice(container->raw, brackets, container->raw.size - 2 * brackets), 0);
    inside.checked = true;
    return inside;
}

bool pdf_next_item(struct pdf_cursor *inside, struct pdf_value *ret_item)
{
    pdf_skip(inside);
    return inside->at < inside->bytes.size && pdf_take_value(inside, ret_item);
}

bool pdf_next_entry(struct pdf_cursor *inside, struct pdf_value *ret_key, struct pdf_value *ret_value)
{
    return pdf_next_item(inside, ret_key) && pdf_take_value(inside, ret_value);
}

struct pdf_value pdf_get(const struct pdf_value *dictionary, const char *key)
{
    struct pdf_value found = {0}, name, value;
    if (dictionary->kind != PDF_DICTIONARY)
        return found;
    unsigned times = 0;
    for (struct pdf_cursor inside = pdf_inside(dictionary); pdf_next_entry(&inside, &name, &value);)
        if (pdf_is_name(&name, key) && times++ == 0)
            found = value;
    if (times > 1)
        found.kind = PDF_AMBIGUOUS;
    return found;
}

struct pdf_value pdf_item(const struct pdf_value *array, size_t index)
{
    struct pdf_value item = {0};
    struct pdf_cursor inside = pdf_inside(array);
    if (array->kind != PDF_ARRAY)
        return item;
    while (pdf_next_item(&inside, &item))
        if (index-- == 0)
            return item;
    return (struct pdf_value){0};
}

size_t pdf_count(const struct pdf_value *array)
{
    struct pdf_value item;
    size_t count = 0;
    if (array->kind == PDF_ARRAY)
        for (struct pdf_cursor inside = pdf_inside(array); pdf_next_item(&inside, &item);)
            count++;
    return count;
}

bool pdf_is_name(const struct pdf_value *value, const char *name)
{
    if (value->kind != PDF_NAME)
        return false;
    const uint8_t *at = value->raw.data + 1, *end = value->raw.data + value->raw.size;
    for (; at < end && *name; at++, name++) {
        int c = *at;
        if (c == '#' && end - at > 2 && hex_digit(at[1]) >= 0 && hex_digit(at[2]) >= 0) {
            c = hex_digit(at[1]) << 4 | hex_digit(at[2]);
            at += 2;
        }
        if (c != (uint8_t)*name)
            return false;
    }
    return at == end && !*name;
}
