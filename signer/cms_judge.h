/* A signer's finding from what was looked at: its timestamps gathered, its level named, and the process asked. For the
 * CMS rooms alone. */
#pragma once

#include "signer/cms_look.h"
#include "signer/cms_stamps.h"

/* Adds what the sets of a SignedData carry to the evidence. */
bool cms_take_sets(struct process *process, const struct cms_signed_data *data, struct error *err) MUST_USE;
/* Names the level by what stands in the signature; a good look goes on to the process. `outside` are timestamps that
 * stand outside the CMS, which come last. */
bool cms_finish(const struct cms_look *look, bool good, const struct stamp *outside, size_t outside_count,
                struct error *err) MUST_USE;
