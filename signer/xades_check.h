#pragma once

#include "signer/format.h"
#include "signer/xades_read.h"

bool xades_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                 struct error *err) MUST_USE;
/* The signatures of a document, in document order, counter-signatures left out: `next` after `at` (NULL: the
 * first). */
xmlNode *xades_next_signature(xmlDoc *doc, xmlNode *at);
