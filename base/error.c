#include "base/error.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/base_text.h"

#define MEANING(code, http, exit, retry, vi, en) [ERR_##code] = {#code, http, exit, retry, {#code, vi, en}},
static const struct error_meaning meanings[ERROR_CODES] = {
    [ERR_NONE] = {"NONE", 200, 0, false, {"NONE", "Xong", "Done"}}, ERROR_TABLE(MEANING)};

const struct error_meaning *error_meaning(enum error_code code)
{
    return &meanings[code < ERROR_CODES ? code : ERR_INTERNAL];
}

enum error_code error_code_of(const char *name)
{
    for (int code = ERR_NONE; code < ERROR_CODES; code++)
        if (strcmp(meanings[code].name, name) == 0)
            return (enum error_code)code;
    return ERR_INTERNAL;
}

void error_set(struct error *err, enum error_code code, const struct text *text, ...)
{
    err->code = code;
    err->text = text;
    err->cause[0] = '\0';
    memset(err->arg, 0, sizeof(err->arg));

    va_list args;
    va_start(args, text);
    for (size_t i = 0; i < TEXT_ARGS; i++) {
        const char *arg = va_arg(args, const char *);
        if (!arg)
            break;
        text_clean(arg, strlen(arg), TEXT_ARG_SIZE, err->arg[i]);
    }
    va_end(args);
}

void error_set_cause(struct error *err, const char *format, ...)
{
    char said[sizeof(err->cause)];
    va_list args;
    va_start(args, format);
    vsnprintf(said, sizeof(said), format, args);
    va_end(args);
    text_clean(said, strlen(said), sizeof(err->cause), err->cause);
}

void error_set_errno(struct error *err, const char *call)
{
    error_set_cause(err, "%s: %s", call, strerror(errno));
}

void error_set_openssl(struct error *err, const char *call)
{
    char said[160] = "no reason given";
    unsigned long first = ERR_get_error();
    if (first != 0)
        ERR_error_string_n(first, said, sizeof(said));
    ERR_clear_error();
    error_set_cause(err, "%s: %s", call, said);
}

const char *error_sentence(const struct error *err, enum language language, size_t size, char *ret_line)
{
    const struct text *text = err->text ? err->text : &error_meaning(err->code)->title;
    return text_render(text, language, err->arg, size, ret_line);
}

void error_clear(struct error *err)
{
    memset(err, 0, sizeof(*err));
}
