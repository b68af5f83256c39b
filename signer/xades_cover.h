#pragma once

#include "signer/xades_read.h"

/* Lists what the signature covers into the finding, and worsens it when content is left unprotected. */
void xades_cover(const struct xml_signature *signature, struct finding *finding);
