#pragma once

#include "signer/signer.h"
#include "signer/xml_algorithms.h"

/* What a signature element says, for writing. */
struct xades_words {
    const struct signing *how;
    enum signature_scheme scheme;
    char id[40];
    struct digest_value document, properties; /* of the two references; empty while they are not known */
    bool nested;
};
/* The ds:Signature element, in an Object of its own when nested. Where SignatureValue's text goes stands in *ret_hole. */
void xades_write(const struct xades_words *words, struct buffer *out, uint64_t *ret_hole);
