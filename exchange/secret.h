/* Markings of state secrets: MẬT, TỐI MẬT, TUYỆT MẬT (Luật Bảo vệ bí mật nhà nước 29/2018/QH14, điều 8). A marking is a stamp, not a word
 * of a sentence: "bí mật đời tư" and "mật ong" are none. docs/decisions/secret-markings.md says where one is looked for, and why. */
#pragma once

#include "exchange/header.h"

enum secret_field {
    SECRET_SENTENCE, /* subject, summary, description: a marking stands apart, at an end or in brackets */
    SECRET_WORDS,    /* name of a type, notation: a marking is a word of its own */
    SECRET_FILE,     /* a file name, where - _ . are spaces */
    SECRET_DEGREE    /* a field that says nothing but the degree; numbers above 0 are degrees too */
};
/* The marking the text bears ("MẬT" …), or NULL. `text` may be NULL. */
const char *secret_marking(const char *text, enum secret_field field);
/* REFUSED with place and marking when the text bears one. */
bool secret_check(const char *text, enum secret_field field, const char *place, struct error *err) MUST_USE;
/* Every field of the header where a marking can stand. */
bool secret_check_header(const struct header *header, struct error *err) MUST_USE;
