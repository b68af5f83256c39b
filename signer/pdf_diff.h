/* What later revisions did to a signed document. A revision that only adds a signature (its field and
 * widget, the form's list, the page's list of annotations, validation data under DSS) leaves earlier
 * signatures as they are; everything else it says must be the same as before, or it is a change. Judged
 * object by object: each one that a later cross-reference section names needs an explanation, and every
 * byte that a later revision added must belong to something that its section names. One look at each
 * revision, however many signatures there are. */
#pragma once

#include "signer/pdf_signature.h"

struct pdf_history {
    struct reason *changes; /* one a revision; .text is NULL when nothing but signatures was added */
    size_t count;
};

/* Looks at the revisions behind the oldest exact signature. False when the document cannot be read
 * (MALFORMED) or costs too much (TOO_LARGE). */
bool pdf_diff(struct pdf_document *document, const struct pdf_signatures *signatures,
              struct pdf_history *ret_history, struct error *err) MUST_USE;
void pdf_history_clear(struct pdf_history *history);
