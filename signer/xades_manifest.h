/* Manifests (xmldsig-core1, 5.1): a signed list of further references, each judged. */
#pragma once

#include "signer/xades_read.h"

/* Reads and digests what the manifests list that the signature's good references sign. What differs fails, what is
 * not here leaves a doubt. False only for faults of ours. */
bool xades_manifest_check(struct xml_signature *signature, struct finding *finding, struct error *err)
    MUST_USE;
