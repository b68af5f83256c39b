/* A signature field put into a document: a signature dictionary with room for /Contents, an invisible
 * field of its own on the first page, as one incremental update (EN 319 142-1; ISO 32000-1, 12.8). Knows
 * nothing of keys and CMS. */
#pragma once

#include "base/clock.h"
#include "signer/pdf_document.h"

struct pdf_signing {
    const char *reason, *place, *name; /* UTF-8; may be NULL */
    int64_t at_ms;                     /* claimed time */
    size_t contents_size;              /* bytes of the signature the hole must hold */
};

struct pdf_addition {
    struct buffer bytes;         /* what follows the document */
    uint64_t hole_at, hole_size; /* in `bytes`: the hexadecimal digits between < and > */
};

/* REFUSED: encrypted, hybrid, XFA, certified against changes, locked. MALFORMED: anything in the document
 * is not sound. */
bool pdf_sign_addition(struct span document, const struct pdf_signing *how, struct pdf_addition *ret_addition,
                       struct error *err) MUST_USE;
