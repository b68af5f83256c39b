/* CMS documents (RFC 5652) and CAdES signatures (EN 319 122-1) judged: every signer, and those who countersigned. */
#pragma once

#include "signer/process.h"

/* Timestamps that stand outside the CMS and cover all of it, oldest first: those of a container. */
struct cades_outside {
    const struct stamp *stamps;
    size_t count;
};

/* Adds a finding for every signer of a SignedData (DER or BER), each followed by its counter-signatures. `content` is the
 * file that a detached signature is about; NULL when it was not handed in: then everything else is verified, and nobody
 * passes. Where content is encapsulated, that is judged, and `content` must be NULL or the same. `outside` may be NULL. `where` goes into
 * finding.field (a file of a container; "" for none). What cannot be read is a finding: TOTAL_FAILED / FORMAT_FAILURE.
 * False: TOO_LARGE, MALFORMED where `content` is damaged, faults of ours. */
bool cades_judge(struct process *process, struct span cms, const struct detached *content,
                 const struct cades_outside *outside, const char *where, struct verdict *verdict,
                 struct error *err) MUST_USE;

/* A file: DER, BER, PEM or base64 alone. Of several files handed in, the content is the one whose digest fits. */
bool cades_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                 struct error *err) MUST_USE;
