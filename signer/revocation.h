/* Whether one certificate was revoked, from the lists and answers at hand: RFC 5280, 6.3 (CRLs, indirect,
 * partitioned and delta ones too) and RFC 6960 (OCSP). Picks the answer that says most and says who signed it;
 * whether that signer may be believed at that time is the caller's question (EN 319 102-1, 5.2.6), who knows
 * paths and anchors. Fetches nothing. Whatever is handed out is borrowed from the evidence, the trust or the
 * caller. One thread per memo; else any. */
#pragma once

#include "signer/process.h"

/* Zero is the doubtful one: "unknown" is never "good". */
enum revocation_status { REVOCATION_UNKNOWN, REVOCATION_GOOD, REVOCATION_REVOKED };

enum revocation_by {
    REVOCATION_BY_ISSUER,   /* the certificate's own issuer: its path is the certificate's path */
    REVOCATION_BY_DELEGATE, /* a certificate signed by that issuer: validity, and revocation unless no_check,
                               are left to the caller */
    REVOCATION_BY_OTHER /* another key of the issuer or the issuer of an indirect list: the caller must find a
                               path to the same anchor (RFC 5280, 6.3.3 (f)) */
};

enum {
    REVOCATION_MAX_USES = 3,            /* the answer's signature, a delta's, a delegate's certificate's */
    REVOCATION_SKEW_MS = 5 * 60 * 1000, /* how far ahead of ours an issuer's clock may be */
    REVOCATION_NO_REASON = -1
};

struct revocation {
    enum revocation_status status;
    int64_t at_ms;            /* REVOKED: since when */
    int64_t invalid_since_ms; /* RFC 5280, 5.3.2; 0: not said */
    int reason;               /* RFC 5280, 5.3.1 (6: on hold); REVOCATION_NO_REASON: not said */
    int64_t this_update_ms, next_update_ms, produced_ms; /* next: 0 when not said; produced: OCSP */
    bool
        fresh; /* EN 319 102-1, 5.2.5 at the time asked about: not older than max_age_ms, else not past nextUpdate */
    bool embedded;
    const struct evidence_item *source; /* NULL: nothing usable was at hand */
    enum revocation_by by;
    X509 *signer;  /* of the answer */
    bool no_check; /* RFC 6960, 4.2.2.2.1: its issuer wants nobody to ask about the delegate */
    struct algorithm_use uses[REVOCATION_MAX_USES];
    size_t use_count;
    const struct text *why; /* UNKNOWN: what stood in the way, for people */
    char why_arg[TEXT_ARG_SIZE];
};

struct revocation_memo; /* signatures of lists and answers that were verified before */
struct revocation_memo *revocation_memo_new(void) MUST_USE;
void revocation_memo_free(struct revocation_memo **memo);

/* What is asked and from what it may be answered. */
struct revocation_search {
    const struct trust *trust;       /* its CRLs; may be NULL */
    const struct evidence *evidence; /* may be NULL */
    int64_t at_ms;                   /* answers issued (thisUpdate) after this are not looked at */
    int64_t max_age_ms;              /* freshness the policy asks for; 0: nextUpdate decides */
    bool proved; /* EN 319 102-1, 5.6.2.2.4 (1) a): only answers proved to have existed at at_ms */
    /* May say no to a signer, so that the next best answer is taken; NULL: everyone whose signature fits. Not
     * asked about BY_ISSUER. False with *err only for faults of ours. */
    bool (*accept)(void *context, const struct revocation *answer, bool *ret_accepted, struct error *err);
    void *context;
    struct revocation_memo *memo; /* may be NULL */
};

/* The best answer: a final revocation before anything else, then the newest. An answer that was issued after the
 * certificate's end counts as good only where it says that it remembers expired certificates (expiredCertsOnCRL,
 * archiveCutoff). `certificate` must have been issued by `issuer` (its signature is the caller's business). False
 * only for faults of ours: nothing at hand is REVOCATION_UNKNOWN. */
bool revocation_find(const struct revocation_search *search, X509 *certificate, X509 *issuer,
                     struct revocation *ret_revocation, struct error *err) MUST_USE;
