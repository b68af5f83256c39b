/* RFC 5280, 6.1, over a path that has been put together: everything but times and revocation. For path.c; threads
 * may call everything. */
#pragma once

#include "signer/path.h"

/* What stands against the path, or NULL; then ret_failure is filled, a sub-indication and a sentence. */
bool path_valid(const struct path_inputs *inputs, X509 *const *certificates, size_t count,
                struct path_failure *ret_failure) MUST_USE;
/* RFC 5280, 4.2.1.3 and 4.2.1.12: whether the near end was issued for that purpose. */
bool path_purpose_fits(X509 *certificate, enum path_purpose purpose, struct path_failure *ret_failure)
    MUST_USE;
/* Whether the key made the certificate's signature; it may be NULL. */
bool path_signed_by(X509 *certificate, EVP_PKEY *key);
/* Whether the certificate's key takes its parameters from the keys above it. */
bool path_key_inherits(X509 *certificate);
/* Says what is wrong with which certificate. Always false. */
bool path_fail(struct path_failure *failure, enum sub_indication sub, const struct text *text,
               X509 *certificate, const char *more);

/* The policies of a path, one certificate after the other from the anchor down (RFC 9618, 5). */
struct path_policies;
struct path_policies *path_policies_new(const struct path_inputs *inputs, size_t path_length) MUST_USE;
void path_policies_free(struct path_policies **policies);
/* 6.1.3 (d) to (f) */
bool path_policies_take(struct path_policies *policies, X509 *certificate, bool last,
                        struct path_failure *ret_failure) MUST_USE;
/* 6.1.4 (a), (b), (h) to (j): before the next certificate */
bool path_policies_prepare(struct path_policies *policies, X509 *certificate,
                           struct path_failure *ret_failure) MUST_USE;
/* 6.1.5 (a), (b), (g) */
bool path_policies_end(struct path_policies *policies, X509 *certificate, struct path_failure *ret_failure)
    MUST_USE;
