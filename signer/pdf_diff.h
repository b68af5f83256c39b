/* What later revisions did to a signed document. Each one is compared with the one before, object by
 * object: every object that a later cross-reference section names needs an explanation (signed, stamped,
 * validation data added, a field filled in, an annotation, a description), every byte that was added must
 * belong to something that its section names, and what happened must be permitted by every signature before
 * it. Anything else is a change. One look at each revision, however many signatures there are;
 * docs/decisions/pdf-changes.md says what is allowed and why. */
#pragma once

#include "signer/pdf_signature.h"

enum { PDF_SAID_MAX = 64 }; /* bytes of a name that goes into a sentence */

/* What one revision did to the one before. */
struct pdf_change {
    unsigned kinds;               /* a bit for every revision_change */
    struct reason refused;        /* .text is NULL when all of it is allowed */
    char filled[PDF_SAID_MAX];    /* the first field that was filled in */
    char annotated[PDF_SAID_MAX]; /* the kind of the first annotation that changed */
    char face[PDF_SAID_MAX];      /* "page object 3 [10 20 110 70]": a signature that shows on a page */
};

struct pdf_history {
    struct pdf_change *changes; /* one a revision */
    size_t count;
    size_t first; /* the revision of the oldest exact signature; count: there is none */
};

/* Looks at the revisions behind the oldest exact signature. False when the document cannot be read
 * (MALFORMED) or costs too much (TOO_LARGE). */
bool pdf_diff(struct pdf_document *document, const struct pdf_signatures *signatures,
              struct pdf_history *ret_history, struct error *err) MUST_USE;
void pdf_history_clear(struct pdf_history *history);
