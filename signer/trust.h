/* Who is believed: anchors (and, beside them, intermediates and CRLs as they were found) from PEM or DER
 * files or directories. No root is shipped. A trust is built once and then read-only: any thread may use it. */
#pragma once

#include "signer/evidence.h"

struct trust;

/* Self-signed certificates are anchors, others intermediates, CRLs (PEM "X509 CRL" or *.crl) revocation
 * evidence. */
bool trust_load(const char *const *paths, size_t count, struct trust **ret_trust, struct error *err) MUST_USE;
void trust_free(struct trust **trust);
size_t trust_anchor_count(const struct trust *trust);

/* For chain.c: anchors and revocation lists as OpenSSL wants them, and what may stand between. Borrowed. */
X509_STORE *trust_store(const struct trust *trust);
bool trust_has_crls(const struct trust *trust);
const STACK_OF(X509) * trust_intermediates(const struct trust *trust);

/* The revocation lists, parsed. */
size_t trust_crl_count(const struct trust *trust);
const struct evidence_item *trust_crl_at(const struct trust *trust, size_t index);

enum { TRUST_MAX_CRLS = 256, TRUST_MAX_FILE = 64 << 20, TRUST_MAX_SNAPSHOT = 256 << 20 };

/* The snapshot a checker gets. */
void trust_write(const struct trust *trust, struct buffer *buffer);
bool trust_read(struct span snapshot, struct trust **ret_trust, struct error *err) MUST_USE;
