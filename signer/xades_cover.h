#pragma once

#include "signer/xades_properties.h"

/* Lists what the signature covers into the finding, and worsens it when content is left unprotected. */
void xades_cover(struct xml_signature *signature, const struct xades_properties *properties,
                 struct finding *finding);
