/* Putting a trust together, for trust_load.c alone. */
#pragma once

#include "signer/trust.h"

struct trust *trust_new(void) MUST_USE;
/* Copies it, counts the certificate up. TOO_LARGE. */
bool trust_add_anchor(struct trust *trust, const struct trust_anchor *anchor, struct error *err) MUST_USE;
bool trust_add_intermediate(struct trust *trust, X509 *certificate, struct error *err) MUST_USE;
/* MALFORMED when it is none. */
bool trust_add_crl(struct trust *trust, struct span der, struct error *err) MUST_USE;
bool trust_add_list(struct trust *trust, const struct trust_list *list, struct error *err) MUST_USE;
