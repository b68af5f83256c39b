#pragma once

#include <libxml/tree.h>

#include "base/bytes.h"
#include "base/error.h"

/* Where a further enveloped signature goes so that none of those already there breaks: before the end tag of
 * the root, or, when a signature covers the root as a whole, inside that signature, which leaves itself out
 * (docs/decisions/xml-signatures.md). */
struct xades_place {
    uint64_t at; /* byte offset of an end tag */
    bool nested; /* inside an earlier signature, so an Object must be put around */
};
bool xades_place_find(xmlDoc *doc, struct span bytes, struct xades_place *ret_place, struct error *err)
    MUST_USE;
