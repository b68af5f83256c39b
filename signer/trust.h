/* Who is believed: anchors (and, beside them, intermediates and CRLs as they were found) from PEM or DER files,
 * directories and signed trusted lists (ETSI TS 119 612), each with what it may be believed about and when. No root
 * is shipped. A trust is built once and then read-only: any thread may use it. */
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
const char *trust_use_name(enum trust_use use); /* "signatures" … */

enum {
    TRUST_MAX_ANCHORS = 8192,
    TRUST_MAX_PERIODS = 16, /* of one anchor */
    TRUST_MAX_LISTS = 64,
    TRUST_MAX_CRLS = 256,
    TRUST_MAX_FILE = 64 << 20,
    TRUST_MAX_SNAPSHOT = 256 << 20,
    TRUST_TREE_SIZE = 32,
    TRUST_SOURCE_SIZE = 128
};

/* From when to when it is, or was, trusted, and for what: one line of its history. */
struct trust_period {
    int64_t from_ms, until_ms; /* from up to, not including; 0: open */
    unsigned uses;             /* TRUST_MAY_…; 0: withdrawn */
    char status[32];           /* "granted", "withdrawn" … as its source says; may be empty */
};

struct trust_anchor {
    X509 *certificate;              /* any certificate that is listed as trusted */
    char tree[TRUST_TREE_SIZE];     /* which tree of authorities it belongs to; empty: not said */
    char source[TRUST_SOURCE_SIZE]; /* the file or list it comes from */
    char note[TRUST_SOURCE_SIZE];   /* what whoever trusts it wrote, or the name of the listed service */
    struct trust_period *periods;   /* oldest first, not overlapping */
    size_t period_count;
    bool listed;            /* by a trusted list, which knows its history */
    int64_t next_update_ms; /* of that list; 0: none is expected */
};

/* A signed list that anchors were taken from. */
struct trust_list {
    char name[TRUST_SOURCE_SIZE];
    int64_t issued_ms, next_update_ms; /* next: 0 when it is closed */
    size_t anchors;
};

/* Self-signed certificates are anchors, others intermediates, CRLs (PEM "X509 CRL" or *.crl) revocation evidence,
 * unless the anchors.conf of their directory says more (trust_conf.h). Whatever cannot be read or is not signed as it
 * should be is an error: half a trust is none. */
bool trust_load(const char *const *paths, size_t count, struct trust **ret_trust, struct error *err) MUST_USE;
/* Exactly these certificates, whatever they are, for everything: the pinned signers of something. */
bool trust_of_certificates(const struct certificates *certificates, struct trust **ret_trust,
                           struct error *err) MUST_USE;
void trust_free(struct trust **trust);

size_t trust_anchor_count(const struct trust *trust);
const struct trust_anchor *trust_anchor_at(const struct trust *trust, size_t index);
/* Whether it is trusted for any of these uses, ever; and at that time. */
bool trust_anchor_for(const struct trust_anchor *anchor, unsigned uses);
bool trust_anchor_in_force(const struct trust_anchor *anchor, unsigned uses, int64_t at_ms);

/* What may stand between, parsed. Borrowed. */
const STACK_OF(X509) * trust_intermediates(const struct trust *trust);
/* The revocation lists, parsed. */
size_t trust_crl_count(const struct trust *trust);
const struct evidence_item *trust_crl_at(const struct trust *trust, size_t index);
size_t trust_list_count(const struct trust *trust);
const struct trust_list *trust_list_at(const struct trust *trust, size_t index);

/* The two national trees that are known by name, in words: "cong-vu", "cong-cong". NULL: another. */
const struct text *trust_tree_text(const char *tree);

/* The snapshot a checker gets. */
void trust_write(const struct trust *trust, struct buffer *buffer);
bool trust_read(struct span snapshot, struct trust **ret_trust, struct error *err) MUST_USE;
