/* What the PDF tests share: words for signing and asking, in the world of tests/trust_world.h. */
#pragma once

#include "signer/verifier.h"
#include "tests/pdf_make.h"
#include "tests/trust_world.h"

/* Signs in place; false with the error when it is refused. */
bool sign(const struct pki_person *person, const char *reason, struct buffer *pdf, struct error *err);
void must_sign(const struct pki_person *person, struct buffer *pdf, const char *sentence);
void check(struct span pdf, struct verdict *ret_verdict);
/* Every signature is TOTAL-PASSED, and the document as changed as wanted. */
bool passes(struct span pdf, enum changed wanted);
/* Runs a program on the document; its exit code. */
int ask(struct span pdf, const char *command);
/* We, qpdf and poppler find that many good signatures, the last over the whole file. */
void accepted_by_everybody(struct span pdf, size_t signatures, const char *sentence);
