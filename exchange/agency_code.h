/* An agency's identifier (mã định danh): opaque text. Both schemes are in use at once (000.00.13.H53 and H53.13) and codes of neither
 * travel too (28.22.H17, H37.DN.001, vxp.saas.03), so nothing is ever read out of a code and no pattern is required on receipt.
 * Only agency_code_read makes one; an empty text means "none". */
#pragma once

#include "base/bytes.h"

enum {
    AGENCY_CODE_SIZE = 51,   /* 50 bytes: the widest column seen in peers, and NUL */
    AGENCY_CODE_LAWFUL = 35, /* characters: QCVN 102:2016/BTTTT as amended by Sửa đổi 1:2022 */
};

struct agency_code {
    char text[AGENCY_CODE_SIZE]; /* as it was written, trimmed */
};

/* Trims XML white space; false when empty, over 50 bytes, or with anything but visible ASCII inside. */
bool agency_code_read(struct span text, struct agency_code *ret_code) MUST_USE;
/* Whether it has one of the two lawful forms: QCVN 102:2016 (13 characters) or Quyết định 20/2020/QĐ-TTg (at most 35). */
bool agency_code_conforms(const struct agency_code *code);
static inline bool agency_code_empty(const struct agency_code *code)
{
    return code->text[0] == '\0';
}
/* Equal exactly, after both were put in upper case. */
bool agency_code_equal(const struct agency_code *a, const struct agency_code *b);
/* The code in upper case: what a database or a digest compares. */
void agency_code_key(const struct agency_code *code, char ret_key[static AGENCY_CODE_SIZE]);
