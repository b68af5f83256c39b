#include "base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/base_text.h"
#include "base/own.h"

enum { NEAREST_MAX = 48, NEAREST_DISTANCE = 3 };

TEXTS_DEFINE(BASE_TEXTS, base_texts)

const struct text *text_find(const struct text *const *list, const char *name)
{
    for (; *list; list++)
        if (strcmp((*list)->name, name) == 0)
            return *list;
    return NULL;
}

/* How many bytes of the string fit into room - 1 without cutting a character. */
static size_t fitting(const char *text, size_t room)
{
    size_t size = strlen(text);
    if (size < room)
        return size;
    size = room - 1;
    while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
        size--;
    return size;
}

const char *text_render(const struct text *text, enum language language,
                        const char args[TEXT_ARGS][TEXT_ARG_SIZE], size_t size, char *ret_line)
{
    const char *from = language == LANGUAGE_VI ? text->vi : text->en;
    size_t at = 0;
    while (*from && at + 1 < size) {
        if (from[0] == '{' && from[1] >= '0' && from[1] < '0' + TEXT_ARGS && from[2] == '}') {
            const char *arg = args[from[1] - '0'];
            size_t take = fitting(arg, size - at);
            memcpy(ret_line + at, arg, take);
            at += take;
            from += 3;
        } else {
            ret_line[at++] = *from++;
        }
    }
    while (*from && at > 0 && ((unsigned char)*from & 0xC0) == 0x80) {
        at--; /* the last character was cut: take back what was written of it */
        if (((unsigned char)ret_line[at] & 0xC0) == 0xC0)
            break;
    }
    ret_line[at] = '\0';
    return ret_line;
}

/* The size of the well-formed character at `at`, or 0 (RFC 3629, section 4). */
static size_t character(const uint8_t *at, size_t left)
{
    static const struct {
        uint8_t lead_from, lead_to, second_from, second_to, size;
    } forms[] = {
        {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4},
    };
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        if (at[0] < forms[i].lead_from || at[0] > forms[i].lead_to)
            continue;
        if (left < forms[i].size)
            return 0;
        if (forms[i].size > 1 && (at[1] < forms[i].second_from || at[1] > forms[i].second_to))
            return 0;
        for (size_t k = 2; k < forms[i].size; k++)
            if ((at[k] & 0xC0) != 0x80)
                return 0;
        return forms[i].size;
    }
    return 0;
}

_Bool text_is_utf8(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    while (size > 0) {
        size_t step = character(at, size);
        if (step == 0)
            return 0;
        at += step;
        size -= step;
    }
    return 1;
}

void text_clean(const char *from, size_t size, size_t room, char *ret_clean)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    const uint8_t *at = (const uint8_t *)from;
    size_t out = 0;
    while (size > 0) {
        size_t step = character(at, size), take = step ? step : 1;
        const char *put = (const char *)at;
        size_t put_size = step;
        if (step == 0) {
            put = replacement;
            put_size = sizeof(replacement) - 1;
        } else if (at[0] < 0x20 || at[0] == 0x7F) {
            put = "?";
            put_size = 1;
        }
        if (out + put_size + 1 > room)
            break;
        memcpy(ret_clean + out, put, put_size);
        out += put_size;
        at += take;
        size -= take;
    }
    if (room > 0)
        ret_clean[out] = '\0';
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, substitutions, neighbours swapped. */
static size_t distance(const char *a, const char *b)
{
    size_t rows = strlen(a), columns = strlen(b);
    if (rows >= NEAREST_MAX || columns >= NEAREST_MAX)
        return SIZE_MAX;
    size_t table[NEAREST_MAX][NEAREST_MAX];
    for (size_t i = 0; i <= rows; i++)
        for (size_t k = 0; k <= columns; k++) {
            if (i == 0 || k == 0) {
                table[i][k] = i + k;
                continue;
            }
            size_t best = least(table[i - 1][k], table[i][k - 1]) + 1;
            best = least(best, table[i - 1][k - 1] + (a[i - 1] != b[k - 1]));
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                best = least(best, table[i - 2][k - 2] + 1);
            table[i][k] = best;
        }
    return table[rows][columns];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t best = least(NEAREST_DISTANCE, strlen(word) / 2) + 1;
    for (size_t i = 0; i < count; i++) {
        size_t d = distance(word, candidates[i]);
        if (d < best) {
            best = d;
            nearest = candidates[i];
        }
    }
    return nearest;
}
