/* CMS documents as they come, made by tests/cms_make.h from the people of tests/trust_world.h, and asked about. */
#pragma once

#include "signer/verifier.h"
#include "tests/cms_make.h"
#include "tests/trust_world.h"

#define CADES_CONTENT "Quyết định số 127/QĐ-UBND"

/* Signed by the leader, with the time. */
struct cms_wish plain_wish(void);
void sign_plainly(bool inside, struct buffer *ret_cms);
/* Around the signers, everybody's certificates and the content. */
void wrap(struct span signers, bool inside, struct span crls, struct buffer *ret_cms);
/* An attribute of that type with one value of that tag. */
void attribute(struct span type, uint8_t tag, const char *value, struct buffer *out);

void check(struct span cms, struct verdict *ret_verdict);
void check_with(struct span cms, const struct detached *files, size_t count, struct verdict *ret_verdict);
/* Whatever came of it. */
bool has_check(const struct finding *finding, const struct text *what);
