/* Which level a signature has reached by what stands with it (EN 319 142-1, 6.1): B, T with a timestamp, LT
 * with revocation data for its certificate too, LTA with a document timestamp over those. Says what is
 * there; whether it is believed stands in the verdict. */
#pragma once

#include "signer/pades_cover.h"

/* Writes the level into finding->format behind what is known of it so far. */
void pades_level_name(const struct pdf_signatures *signatures, size_t index, const struct pades_cover *cover,
                      const struct pdf_proofs *proofs, const struct evidence *evidence,
                      struct finding *finding);
