#pragma once

#include "signer/xades_read.h"

/* The signer's certificate, found: as EN 319 132-1 binds it, or, without XAdES, as the one that came along. */
struct xml_signer {
    X509 *certificate; /* NULL: not found, the finding says so */
    struct certificates others;
};
void xml_signer_clear(struct xml_signer *signer);

/* Reads QualifyingProperties and KeyInfo: names the format, takes the claimed time, finds the signer. False
 * only for faults of ours. */
bool xades_signer(const struct xml_signature *signature, struct xml_signer *ret_signer,
                  struct finding *finding, struct error *err) MUST_USE;
