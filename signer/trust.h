/* Who is believed: anchors (and, beside them, intermediates and CRLs as they were found) from PEM or DER
 * files or directories. No root is shipped. A trust is built once and then read-only: any thread may use it. */
#pragma once

#include "signer/evidence.h"

struct trust;

/* What an anchor may be believed about: whose certificates it issues, or what it does itself. */
#define TRUST_USES(X)                                                                                        \
    X(SIGN, "signatures") /* of people */                                                                    \
    X(SEAL, "seals")      /* of agencies */                                                                  \
    X(STAMP, "timestamps")                                                                                   \
    X(OCSP, "ocsp")
#define TRUST_USE_ENUM(name, word) TRUST_USE_##name,
enum trust_use { TRUST_USES(TRUST_USE_ENUM) TRUST_USE_COUNT };
#undef TRUST_USE_ENUM
enum {
    TRUST_MAY_SIGN = 1 << TRUST_USE_SIGN,
    TRUST_MAY_SEAL = 1 << TRUST_USE_SEAL,
    TRUST_MAY_STAMP = 1 << TRUST_USE_STAMP,
    TRUST_MAY_OCSP = 1 << TRUST_USE_OCSP,
    TRUST_MAY_ALL = (1 << TRUST_USE_COUNT) - 1
};

/* From when to when it is, or was, trusted, and for what: one line of its history. */
struct trust_period {
    int64_t from_ms, until_ms; /* from up to, not including; 0: open */
    unsigned uses;             /* TRUST_MAY_…; 0: withdrawn */
    char status[48];           /* "granted", "withdrawn" … as its source says; may be empty */
};

enum { TRUST_MAX_PERIODS = 16, TRUST_TREE_SIZE = 32, TRUST_SOURCE_SIZE = 128 };

struct trust_anchor {
    X509 *certificate;              /* any certificate that is listed as trusted */
    char tree[TRUST_TREE_SIZE];     /* which tree of authorities it belongs to; empty: not said */
    char source[TRUST_SOURCE_SIZE]; /* file or list it comes from */
    struct trust_period periods[TRUST_MAX_PERIODS]; /* oldest first, not overlapping */
    size_t period_count;
};

/* Self-signed certificates are anchors, others intermediates, CRLs (PEM "X509 CRL" or *.crl) revocation
 * evidence. */
bool trust_load(const char *const *paths, size_t count, struct trust **ret_trust, struct error *err) MUST_USE;
void trust_free(struct trust **trust);
size_t trust_anchor_count(const struct trust *trust);
const struct trust_anchor *trust_anchor_at(const struct trust *trust, size_t index);
/* Whether it is trusted for any of these uses, ever; and at that time. */
bool trust_anchor_for(const struct trust_anchor *anchor, unsigned uses);
bool trust_anchor_in_force(const struct trust_anchor *anchor, unsigned uses, int64_t at_ms);

/* For paths: anchors and revocation lists as OpenSSL wants them, and what may stand between. Borrowed. */
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
