/* The name of what a signature is: its format and level (EN 319 132-1, 6; TS 101 903). */
#pragma once

#include "signer/verdict.h"
#include "signer/xades_signer.h"

/* `found`: bits of enum xades_property. */
void xades_level(const struct xml_signature *signature, const struct xades_properties *properties,
                 unsigned found, const struct xml_signer *signer, struct finding *finding);
