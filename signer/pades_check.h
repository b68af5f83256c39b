/* Judges every signature of a PDF: the `check` of format_pades. */
#pragma once

#include "base/source.h"
#include "signer/verifier.h"

bool pades_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                 struct error *err) MUST_USE;
