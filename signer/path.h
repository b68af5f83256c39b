/* Certification paths: from a certificate to an anchor, built and validated by RFC 5280, 6 (policies by RFC 9618,
 * 5), times and revocation left out: the process judges those by what is proved to have existed when
 * (EN 319 102-1, 5.2.6 and 5.6). Weak algorithms are told, not refused. Threads may call everything. */
#pragma once

#include "signer/process.h"

enum {
    PATH_MAX_LENGTH = 12,  /* certificates, signer and anchor included */
    PATH_MAX_POLICIES = 64 /* of one certificate, and of the inputs */
};

struct path {
    X509 *certificates
        [PATH_MAX_LENGTH]; /* signer first, anchor last; counted up. One: the signer is an anchor */
    size_t count;          /* 0: there is no path */
    const struct trust_anchor *anchor; /* borrowed from the trust */
};

/* What the certificate at the near end did. */
enum path_purpose {
    PATH_SIGN,  /* a document */
    PATH_STAMP, /* a timestamp: RFC 3161, 2.3 */
    PATH_OCSP,  /* a delegated responder's answer, or its CA's own: RFC 6960, 4.2.2.2 */
    PATH_CRL,   /* a revocation list: RFC 5280, 4.2.1.3, cRLSign */
    PATH_ANY    /* whatever it is: RFC 5280, 6.1 asks nothing of the near end */
};

/* RFC 5280, 6.1.1 (c), (e), (f), (g). All zero: any policy, none required. */
struct path_inputs {
    const char *const *policies; /* user-initial-policy-set as dotted numbers; none: any-policy */
    size_t policy_count;
    bool require_policy, inhibit_mapping, inhibit_any;
};

/* Why there is none. */
struct path_failure {
    enum indication indication; /* INDETERMINATE */
    enum sub_indication sub;    /* NO_CERTIFICATE_CHAIN_FOUND, CHAIN_CONSTRAINTS_FAILURE,
                                   CERTIFICATE_CHAIN_GENERAL_FAILURE */
    struct reason reason;
};

/* Of several paths one whose certificates, and the trust in whose anchor, are in force at at_ms is preferred.
 * `trust` and `evidence` may be NULL. With ret_path->count 0 the failure says why; when a path leads to an anchor
 * but not validly, it says what is wrong with it. False only for faults of ours. */
bool path_find(const struct trust *trust, const struct evidence *evidence, X509 *signer,
               enum path_purpose purpose, int64_t at_ms, struct path *ret_path,
               struct path_failure *ret_failure, struct error *err) MUST_USE;
bool path_find_by(const struct path_inputs *inputs, const struct trust *trust,
                  const struct evidence *evidence, X509 *signer, enum path_purpose purpose, int64_t at_ms,
                  struct path *ret_path, struct path_failure *ret_failure, struct error *err) MUST_USE;
void path_clear(struct path *path);
/* The uses of an anchor that serve the purpose, any of them: TRUST_MAY_…. path_find has seen to it that the
 * anchor is trusted for one of them at some time; trust_anchor_in_force() says whether at a certain one. */
unsigned path_uses(enum path_purpose purpose);

/* RFC 5280, 4.1.2.5. False: the certificate's dates cannot be read. */
bool path_validity(const struct path *path, size_t index, int64_t *ret_not_before_ms,
                   int64_t *ret_not_after_ms) MUST_USE;
enum { PATH_ALGORITHM_SIZE = 64 };
/* How the certificate at index was signed, for 5.2.8.4.2; the anchor's own signature proves nothing and need not
 * be asked about. False: nothing that a policy knows; ret_name is its name all the same. */
bool path_algorithm(const struct path *path, size_t index, struct algorithm_use *ret_use,
                    char ret_name[static PATH_ALGORITHM_SIZE]);

/* The sentence that says why this certificate may not sign documents at all (key usage, purpose, a CA's);
 * NULL when it may. */
const struct text *certificate_may_not_sign(X509 *signer);
/* Fills subject, issuer, serial and the names people go by. */
void finding_name_signer(struct finding *finding, X509 *signer);
