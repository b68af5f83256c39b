/* Signed documents in, a verdict out (EN 319 102-1 basic validation). Runs inside the checker process for
 * anything from outside (signer/checker.h); called directly only for our own products and by tests. Threads
 * may share a trust. */
#pragma once

#include "base/clock.h"
#include "base/source.h"
#include "signer/detached.h"
#include "signer/trust.h"
#include "signer/verdict.h"

enum document_kind { DOCUMENT_UNKNOWN, DOCUMENT_PDF, DOCUMENT_XML, DOCUMENT_CMS, DOCUMENT_ZIP };
/* By the first bytes alone. */
enum document_kind document_kind_of(struct span bytes);

struct policy;

struct verification {
    const struct trust *trust;       /* NULL: no anchors, every chain is NO_CERTIFICATE_CHAIN_FOUND */
    const struct policy *policy;     /* NULL: policy_default() */
    int64_t at_ms;                   /* validation time; 0: now */
    const struct detached *detached; /* what was given beside the document, sorted (detached_sort) */
    size_t detached_count;
    struct span
        evidence; /* handed in from the cache: a kind (1 byte), a size (4), DER, and again; may be empty */
    struct wanted_list *wanted; /* where to ask for what is missing; verifier_check gives its verdict's */
};

/* False means we could not look (UNSUPPORTED: not a PDF, XML, CMS or ZIP; MALFORMED). A recognisable signature
 * that is malformed is a finding: TOTAL_FAILED / FORMAT_FAILURE. A limit that is reached is a verdict without
 * findings, with that reason: INDETERMINATE. */
bool verifier_check(const struct verification *how, const struct source *document,
                    struct verdict *ret_verdict, struct error *err) MUST_USE;
