/* What the signatures of one PDF cover, and which document timestamps cover whom. Signatures cover the file
 * from its start, each a little more: what is digested for one goes on for the next, so that a hundred
 * signatures cost one reading of the file, whatever order they are asked for in. One look, one thread. */
#pragma once

#include "signer/pdf_evidence.h"
#include "signer/pdf_signature.h"
#include "signer/process.h"

struct pades_cover;

/* Borrows the document's bytes, the signatures, the proofs and the evidence they stand in. NULL without
 * memory. */
struct pades_cover *pades_cover_new(struct span bytes, const struct pdf_signatures *signatures,
                                    const struct pdf_proofs *proofs, const struct evidence *evidence)
    MUST_USE;
void pades_cover_free(struct pades_cover **cover);

/* What signature `index` covers. */
struct signed_content pades_cover_content(struct pades_cover *cover, size_t index);
/* The document timestamps that cover all of signature `index`, oldest first, no more than a finding can
 * hold. */
const struct stamp *pades_cover_stamps(const struct pades_cover *cover, size_t index, size_t *ret_count);
/* Does a document timestamp behind signature `index` cover the file's first `end` bytes? */
bool pades_cover_stamped(const struct pades_cover *cover, size_t index, uint64_t end);
