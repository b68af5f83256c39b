/* One signature dictionary, read and measured: what it says of itself, and whether what it covers is exact.
 * For pdf_signature.c and pdf_signature_scan.c alone. */
#pragma once

#include "signer/pdf_signature.h"

enum pdf_sub_filter pdf_sub_filter_of(const struct pdf_value *filter);
/* Room that was made for a signature and never filled: all zeros. */
bool pdf_measure_prepared(const struct pdf_value *dictionary);
void pdf_measure_date(const struct pdf_value *dictionary, struct pdf_signature *signature);
/* Notes what is wrong, with a number; is false. */
bool pdf_measure_defect(struct pdf_signature *signature, const struct text *text, uint64_t number);
/* ByteRange and /Contents as a reader of the sections up to `as_of` finds them: exact, or with its defect. */
bool pdf_measure(struct pdf_document *document, size_t as_of, struct pdf_signature *signature);
/* The same where no section can be read: the defect is taken away when all of the file is covered. */
void pdf_measure_alone(struct pdf_document *document, struct pdf_signature *signature);
