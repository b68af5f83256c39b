/* Judges every XML signature of a document (EN 319 102-1, 5.2). A process belongs to what is being looked at: a
 * container hands the same one in for each of its signature files. */
#pragma once

#include "signer/format.h"
#include "signer/process.h"
#include "signer/xades_read.h"

bool xades_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                 struct error *err) MUST_USE;
/* A finding for each signature of a document that xml_read has made. `where` (may be NULL) names the file in a
 * container: a signature without an Id is called so. References to other files mean the process's `detached`. False
 * when we could not look: TOO_LARGE, INTERNAL. */
bool xades_judge(struct process *process, xmlDoc *doc, const char *where, struct verdict *verdict,
                 struct error *err) MUST_USE;
/* The signatures of a document, in document order, counter-signatures left out: `next` after `at` (NULL: the
 * first). */
xmlNode *xades_next_signature(xmlDoc *doc, xmlNode *at);
