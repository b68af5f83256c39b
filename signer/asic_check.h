/* Judges every signature and timestamp of a container: the `check` of format_asic. */
#pragma once

#include "base/source.h"
#include "signer/verifier.h"

bool asic_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                struct error *err) MUST_USE;
