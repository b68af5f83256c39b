#include "exchange/secret.h"

#include <stdio.h>

#include "exchange/package_text.h"

/* --- folding: one spelling for composed and decomposed letters, capitals, dashes and blanks --- */

enum { CIRCUMFLEX = 1, DOT_BELOW = 2, ACUTE = 3, STROKE = 4, OTHER_LETTER = '#' };

struct fold {
    uint32_t from;
    const char *to;
};
/* What the words of the markings are made of, and their neighbours bí, bảo, độ; other letters only have to be letters. */
static const struct fold folds[] = {
    {0x00C2, "a\1"},   {0x00E2, "a\1"},   {0x1EA0, "a\2"},   {0x1EA1, "a\2"}, {0x1EAC, "a\1\2"},
    {0x1EAD, "a\1\2"}, {0x00CA, "e\1"},   {0x00EA, "e\1"},   {0x1EB8, "e\2"}, {0x1EB9, "e\2"},
    {0x1EC6, "e\1\2"}, {0x1EC7, "e\1\2"}, {0x00D4, "o\1"},   {0x00F4, "o\1"}, {0x1ECC, "o\2"},
    {0x1ECD, "o\2"},   {0x1ED8, "o\1\2"}, {0x1ED9, "o\1\2"}, {0x00D3, "o\3"}, {0x00F3, "o\3"},
    {0x1ED0, "o\1\3"}, {0x1ED1, "o\1\3"}, {0x00CD, "i\3"},   {0x00ED, "i\3"}, {0x0110, "d\4"},
    {0x0111, "d\4"},   {0x0302, "\1"},    {0x0323, "\2"},    {0x0301, "\3"},  {0x00A0, " "},
    {0x2010, "-"},     {0x2011, "-"},     {0x2012, "-"},     {0x2013, "-"},   {0x2014, "-"},
    {0x200B, ""},      {0x200C, ""},      {0x200D, ""},      {0xFEFF, ""},    {0x00AD, ""},
    {0x3000, " "},     {0x2028, " "},
};

static uint32_t next_character(const char **at)
{
    const uint8_t *from = (const uint8_t *)*at;
    size_t size = from[0] < 0x80 ? 1 : from[0] < 0xE0 ? 2 : from[0] < 0xF0 ? 3 : 4;
    uint32_t value = size == 1 ? from[0] : from[0] & (0x7Fu >> size);
    for (size_t i = 1; i < size; i++) {
        if ((from[i] & 0xC0) != 0x80) {
            size = i;
            break;
        }
        value = value << 6 | (from[i] & 0x3F);
    }
    *at += size;
    return value;
}

static bool is_mark(char c)
{
    return c >= CIRCUMFLEX && c <= STROKE;
}

/* Marks in rising order: dot and circumflex may come in either. */
static void add_mark(struct buffer *folded, char mark)
{
    size_t at = folded->size;
    buffer_u8(folded, (uint8_t)mark);
    for (; !folded->failed && at > 0 && is_mark((char)folded->data[at - 1])
           && folded->data[at - 1] > (uint8_t)mark;
         at--) {
        folded->data[at] = folded->data[at - 1];
        folded->data[at - 1] = (uint8_t)mark;
    }
}

static void add_plain(struct buffer *folded, char c, enum secret_field field)
{
    bool blank =
        c == ' ' || c == '\t' || c == '\r' || c == '\n' || (field == SECRET_FILE && strchr("-_.", c));
    if (blank && (folded->size == 0 || folded->data[folded->size - 1] == ' '))
        return;
    buffer_u8(folded, (uint8_t)(blank ? ' ' : c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c));
}

static void add_character(struct buffer *folded, uint32_t character, enum secret_field field)
{
    for (size_t i = 0; i < COUNT_OF(folds); i++) {
        if (folds[i].from != character)
            continue;
        for (const char *to = folds[i].to; *to; to++) {
            if (is_mark(*to))
                add_mark(folded, *to);
            else
                add_plain(folded, *to, field);
        }
        return;
    }
    if (character >= 0x80)
        buffer_u8(folded, OTHER_LETTER);
    else if (character >= ' ' || character == '\n' || character == '\t' || character == '\r')
        add_plain(folded, (char)character, field);
}

static const char *fold(const char *text, enum secret_field field, struct buffer *folded)
{
    while (*text)
        add_character(folded, next_character(&text), field);
    while (folded->size > 0 && folded->data[folded->size - 1] == ' ')
        folded->size--;
    return buffer_string(folded);
}

/* --- where a marking stands --- */

struct marking {
    const char *folded, *shown;
    bool sure; /* two words that mean nothing else, spelt right */
};
static const struct marking markings[] = {
    {"tuye\1\2t ma\1\2t", "TUYỆT MẬT", true},
    {"to\1\3i ma\1\2t", "TỐI MẬT", true},
    {"tuyet mat", "TUYỆT MẬT", false},
    {"toi mat", "TỐI MẬT", false},
    {"ma\1\2t", "MẬT", false},
};

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == OTHER_LETTER || is_mark(c);
}

/* What stands left and right of the words text[from, to), blanks aside. */
struct around {
    const char *text;
    size_t from, to;
    char left, right; /* NUL at an end */
};

static struct around around_of(const char *text, size_t from, size_t size)
{
    struct around around = {.text = text, .from = from, .to = from + size};
    size_t left = from, right = from + size;
    while (left > 0 && text[left - 1] == ' ')
        left--;
    while (text[right] == ' ')
        right++;
    around.left = left > 0 ? text[left - 1] : '\0';
    around.right = text[right];
    return around;
}

static bool ends_with(const struct around *around, const char *words)
{
    size_t size = strlen(words);
    return around->from >= size && memcmp(around->text + around->from - size, words, size) == 0;
}

static bool one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c);
}

/* "[MẬT] V/v", "(Tối mật)" */
static bool in_brackets(const struct around *around)
{
    return one_of(around->left, "([{<") && one_of(around->right, ")]}>");
}

/* "Độ mật: Tối mật" */
static bool after_degree(const struct around *around)
{
    return ends_with(around, "d\4o\1\2 ma\1\2t: ") || ends_with(around, "d\4o\1\2 ma\1\2t:")
           || ends_with(around, "d\4o\1\2 ma\1\2t - ");
}

/* "MẬT: V/v", "MẬT - V/v", "MẬT V/v", "Tuyệt mật kế hoạch", "Báo cáo - MẬT" */
static bool apart_at_an_end(const struct around *around, bool sure)
{
    if (around->left == '\0')
        return sure || one_of(around->right, ":-/.;|") || strncmp(around->text + around->to, " v/v", 4) == 0;
    return around->right == '\0' && one_of(around->left, "-:/.;|");
}

/* "Công văn mật", "UBND-MẬT"; not "bảo mật", "bí mật", "mật mã" */
static bool a_word_of_its_own(const struct around *around)
{
    return !is_word(around->right) && !ends_with(around, "bi\3 ") && !ends_with(around, "b#o ")
           && !ends_with(around, "ba#o ") && !ends_with(around, "d\4o\1\2 ");
}

static bool marks(const struct marking *marking, const char *text, size_t from, enum secret_field field)
{
    struct around around = around_of(text, from, strlen(marking->folded));
    if ((around.left == '\0' && around.right == '\0') || in_brackets(&around))
        return true;
    switch (field) {
    case SECRET_SENTENCE:
        return after_degree(&around) || apart_at_an_end(&around, marking->sure);
    case SECRET_FILE:
        return marking->sure && (around.left == '\0' || around.right == '\0');
    default:
        return a_word_of_its_own(&around);
    }
}

static bool bears(const struct marking *marking, const char *text, enum secret_field field)
{
    size_t size = strlen(marking->folded);
    for (const char *at = text; (at = strstr(at, marking->folded)) != NULL; at++) {
        bool whole = (at == text || !is_word(at[-1])) && !is_word(at[size]);
        if (whole && marks(marking, text, (size_t)(at - text), field))
            return true;
    }
    return false;
}

/* A file's last extension says nothing about its degree. */
static size_t name_size(const char *text)
{
    const char *dot = strrchr(text, '.');
    return dot && dot != text ? (size_t)(dot - text) : strlen(text);
}

const char *secret_marking(const char *text, enum secret_field field)
{
    if (!text)
        return NULL;
    char *stem CLEANUP(free_clear) = strndup(text, field == SECRET_FILE ? name_size(text) : strlen(text));
    struct buffer buffer CLEANUP(buffer_clear) = {0};
    const char *folded = stem ? fold(stem, field, &buffer) : NULL;
    if (!folded) /* without memory nobody can say that it bears none */
        return markings[COUNT_OF(markings) - 1].shown;
    for (size_t i = 0; i < COUNT_OF(markings); i++)
        if (bears(&markings[i], folded, field))
            return markings[i].shown;
    bool degree = field == SECRET_DEGREE && folded[0] >= '1' && folded[0] <= '9';
    return degree ? markings[COUNT_OF(markings) - 1].shown : NULL;
}

/* --- where it is looked for --- */

bool secret_check(const char *text, enum secret_field field, const char *place, struct error *err)
{
    const char *marking = secret_marking(text, field);
    return marking ? fail(err, ERR_REFUSED, &TEXT_PACKAGE_SECRET, place, marking) : true;
}

bool secret_check_header(const struct header *header, struct error *err)
{
    if (!secret_check(header->type.name, SECRET_WORDS, "TypeName", err)
        || !secret_check(header->notation, SECRET_WORDS, "CodeNotation", err)
        || !secret_check(header->sphere, SECRET_WORDS, "SphereOfPromulgation", err)
        || !secret_check(header->subject, SECRET_SENTENCE, "Subject", err)
        || !secret_check(header->summary, SECRET_SENTENCE, "Content", err)
        || !secret_check(header->description, SECRET_SENTENCE, "Description", err))
        return false;
    for (size_t i = 0; i < header->appendixes.count; i++) {
        char place[32];
        snprintf(place, sizeof(place), "Appendix[%zu]", i + 1);
        if (!secret_check(header->appendixes.items[i], SECRET_SENTENCE, place, err))
            return false;
    }
    return true;
}
