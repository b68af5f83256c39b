#include "signer/pdf_text.h"

#include <inttypes.h>
#include <stdio.h>

TEXTS_DEFINE(PDF_TEXTS, pdf_texts)

bool pdf_defect(struct error *err, enum error_code code, const struct text *text, uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%" PRIu64, number);
    return fail(err, code, text, digits);
}
