/* The name of what a signature is: its format and level (EN 319 132-1, 6; TS 101 903). */
#pragma once

#include "signer/verdict.h"
#include "signer/xades_properties.h"

/* `found`: bits of enum xades_property. `carries_certificate`: KeyInfo holds the signer's. */
void xades_level(const struct xml_signature *signature, const struct xades_properties *properties,
                 unsigned found, bool carries_certificate, struct finding *finding);
