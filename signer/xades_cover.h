#pragma once

#include "signer/xades_properties.h"

/* The first comment that stands inside a value, text on both sides: one reader takes the whole text, the next only what
 * is before the comment. NULL when there is none. */
const xmlNode *xades_splitting_comment(xmlDoc *doc);
/* Lists what the signature covers into the finding, and worsens it when content is left unprotected. */
void xades_cover(struct xml_signature *signature, const struct xades_properties *properties,
                 const xmlNode *splitting, struct finding *finding);
