/* Judges every signature and timestamp of a container: the `check` of format_asic_s and format_asic_e. */
#pragma once

#include "base/source.h"
#include "signer/verifier.h"

bool asic_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                struct error *err) MUST_USE;
