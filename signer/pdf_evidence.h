/* The validation data that a PDF carries (DSS: EN 319 142-1, 5.4.2; ISO 32000-2, 12.8.4.3), put among the
 * evidence: certificates, revocation lists and OCSP answers of the newest revision, then those of earlier
 * ones that it no longer names. What cannot be read is passed over: evidence helps, its absence only leaves
 * a question open. */
#pragma once

#include "signer/evidence.h"
#include "signer/pdf_document.h"

enum {
    PDF_PROOF_MAX = 16 << 20, /* bytes of one item, decoded */
    PDF_STORES_MAX = 16       /* different DSS dictionaries of one file that are looked at, newest first */
};

/* Something that stands in the file's first `end` bytes: who covers those proves that it existed. */
struct pdf_proof {
    size_t item; /* of the evidence */
    uint64_t end;
};

struct pdf_proofs {
    struct pdf_proof *all; /* by where they end */
    size_t count;
};

/* TOO_LARGE: more than evidence may be. */
bool pdf_evidence_read(struct pdf_document *document, struct evidence *evidence,
                       struct pdf_proofs *ret_proofs, struct error *err) MUST_USE;
void pdf_proofs_clear(struct pdf_proofs *proofs);
