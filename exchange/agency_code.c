#include "exchange/agency_code.h"

#include <ctype.h>

bool agency_code_read(struct span text, struct agency_code *ret_code)
{
    text = span_trimmed(text);
    if (text.size == 0 || text.size >= AGENCY_CODE_SIZE)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] <= ' ' || text.data[i] > '~')
            return false;
    struct agency_code code = {0};
    memcpy(code.text, text.data, text.size);
    *ret_code = code;
    return true;
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* `9` stands for a digit, `A` for a capital, anything else for itself. */
static bool fits(const char *text, const char *pattern)
{
    for (; *pattern; text++, pattern++) {
        bool fit = *pattern == '9' ? is_digit(*text) : *pattern == 'A' ? is_upper(*text) : *text == *pattern;
        if (!fit)
            return false;
    }
    return *text == '\0';
}

/* Quyết định 20/2020/QĐ-TTg: a letter and two digits, then groups of two to thirteen capitals or digits. */
static bool fits_2020(const char *text)
{
    if (!is_upper(text[0]) || !is_digit(text[1]) || !is_digit(text[2]) || strlen(text) > AGENCY_CODE_LAWFUL)
        return false;
    for (text += 3; *text == '.';) {
        size_t group = 0;
        for (text++; is_upper(*text) || is_digit(*text); text++)
            group++;
        if (group < 2 || group > 13)
            return false;
    }
    return *text == '\0';
}

bool agency_code_conforms(const struct agency_code *code)
{
    return fits(code->text, "999.99.99.A99") || fits_2020(code->text);
}

void agency_code_key(const struct agency_code *code, char ret_key[static AGENCY_CODE_SIZE])
{
    for (size_t i = 0; i < AGENCY_CODE_SIZE; i++)
        ret_key[i] = (char)toupper((unsigned char)code->text[i]);
}

bool agency_code_equal(const struct agency_code *a, const struct agency_code *b)
{
    char left[AGENCY_CODE_SIZE], right[AGENCY_CODE_SIZE];
    agency_code_key(a, left);
    agency_code_key(b, right);
    return strcmp(left, right) == 0;
}
