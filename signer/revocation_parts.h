/* What the two kinds of revocation data, lists and OCSP answers, are judged with. */
#pragma once

#include "signer/revocation.h"

/* One certificate being looked up. */
struct revocation_look {
    const struct revocation_search *search;
    X509 *certificate, *issuer;
    int64_t expiry_ms; /* of the certificate */
    struct revocation best;
};

/* An answer that stands: the better one stays. */
void revocation_offer(struct revocation_look *look, const struct revocation *answer);
/* What stood in the way; the first thing said stays. */
void revocation_doubt(struct revocation_look *look, const struct text *why, const char *arg);
/* Whether the answer was issued by the time asked about, and proved by then where that is asked for. */
bool revocation_in_time(const struct revocation_look *look, const struct revocation *answer);
/* EN 319 102-1, 5.2.5 */
bool revocation_is_fresh(const struct revocation_look *look, const struct revocation *answer);

/* Milliseconds; false for a time that cannot be read. */
bool revocation_time(const ASN1_TIME *time, int64_t *ret_ms) MUST_USE;
/* Adds what the signature algorithm rests on; false when it is none of ours. */
bool revocation_use(struct revocation *answer, const X509_ALGOR *algorithm, X509 *signer) MUST_USE;

/* Calls `try` for the issuer, then for every certificate at hand, until it says that it is done. `extra` comes right
 * after the issuer and may be NULL. False only for faults of ours. */
typedef bool revocation_try(void *context, X509 *signer, bool *ret_done, struct error *err);
bool revocation_signers(const struct revocation_look *look, const STACK_OF(X509) * extra, revocation_try *try,
                        void *context, struct error *err) MUST_USE;
/* Whether the signer, whose signature is good, may speak here: fills `by`. */
bool revocation_accept(struct revocation_look *look, X509 *signer, struct revocation *answer,
                       bool *ret_accepted, struct error *err) MUST_USE;

/* Whether `signer` made the signature of that list or answer; remembered in the memo. */
bool revocation_signed_by(const struct revocation_look *look, const struct evidence_item *item, X509 *signer);
/* Remembers for a list that nothing in it is critical and unknown. */
bool revocation_memo_sound(struct revocation_memo *memo, const struct evidence_item *item,
                           bool (*is_sound)(X509_CRL *crl));

bool revocation_from_lists(struct revocation_look *look, struct error *err) MUST_USE;
bool revocation_from_answers(struct revocation_look *look, struct error *err) MUST_USE;
