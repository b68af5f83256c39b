/* An XML document, signed by us and asked about, in the world of tests/trust_world.h. */
#pragma once

#include "signer/signer.h"
#include "signer/verifier.h"
#include "tests/trust_world.h"

extern const char result_text[];

/* By way of a stored pending signature. */
bool try_sign(const struct pki_person *signer, enum digest_algorithm digest, struct span text,
              struct buffer *ret_signed, struct error *err);
/* Ends the test when it is refused. */
void sign(const struct pki_person *signer, struct span text, struct buffer *ret_signed);
bool check(struct span text, struct verdict *ret_verdict, struct error *err);
/* The verdict on a document with one signature. */
struct finding judge(struct span text);
