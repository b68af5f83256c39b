/* A document checked, and asked about again with what its check found missing: revocation lists, OCSP answers and
 * issuers' certificates, from the cache or from the network, at most LOOKUP_ROUNDS times. Every address comes
 * out of the document, by way of a checker that it may have taken over: HTTP and HTTPS alone, no redirects,
 * no private addresses unless allowed, few, small, within one budget of time for a document. What comes back is
 * handed to the checker as bytes; here nothing but its dates is read. Any thread may call; the caller waits. */
#pragma once

#include "signer/checker.h"

struct lookup;

struct lookup_settings {
    const char *cache;         /* directory; NULL: nothing is kept */
    uint64_t cache_limit;      /* bytes; 0: REVOCATION_CACHE_LIMIT */
    bool offline;              /* nothing is fetched; what is kept is used, however old */
    bool allow_private;        /* addresses that are not of the public Internet too */
    int64_t fetch_ms;          /* for one answer; 0: LOOKUP_FETCH_MS */
    int64_t document_ms;       /* for all answers of one document; 0: LOOKUP_DOCUMENT_MS */
    const struct clock *clock; /* NULL: the system's */
};

enum {
    LOOKUP_ROUNDS = 3, /* issuer, its revocation, the revocation of whoever signed that */
    LOOKUP_FETCH_MS = 5000,
    LOOKUP_DOCUMENT_MS = 15000,
    LOOKUP_MAX_TRIED = 64,        /* addresses of one document */
    LOOKUP_MAX_LIST = 16 << 20,   /* bytes of a revocation list */
    LOOKUP_MAX_SMALL = 256 << 10, /* of an OCSP answer, of certificates */
    LOOKUP_MAX_EVIDENCE = 32 << 20
};

bool lookup_open(const struct lookup_settings *settings, struct lookup **ret_lookup, struct error *err)
    MUST_USE;
void lookup_close(struct lookup **lookup);

/* checker_check, with whatever helps. `lookup` may be NULL: the document speaks for itself. What could not be had, and
 * of when what was used is, stands among the verdict's reasons when it matters. */
bool lookup_check(struct lookup *lookup, struct checker_pool *pool, const struct checker_job *job,
                  struct verdict *ret_verdict, struct error *err) MUST_USE;
