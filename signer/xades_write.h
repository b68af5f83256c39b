#pragma once

#include "signer/signer.h"
#include "signer/xml_algorithms.h"

enum { XADES_ID_SIZE = 40 };

/* What a signature element says, for writing. */
struct xades_words {
    const struct signing *how;
    enum signature_scheme scheme;
    char id[XADES_ID_SIZE];
    char now[CLOCK_TEXT_SIZE];
    struct digest_value document, properties; /* of the two references */
    bool nested;                              /* in an Object of its own */
};

/* Both are written in exclusive canonical form, so that what is digested is what is written. */
void xades_write_properties(const struct xades_words *words, struct buffer *out);
void xades_write_signed_info(const struct xades_words *words, struct buffer *out);
/* The ds:Signature element around them. Where SignatureValue's text goes stands in *ret_hole, where
 * UnsignedProperties go in *ret_unsigned. */
void xades_write(const struct xades_words *words, struct span signed_info, struct span properties,
                 struct buffer *out, uint64_t *ret_hole, uint64_t *ret_unsigned);
/* The UnsignedProperties with the timestamp of the signature value. */
void xades_write_stamp(struct span token, struct buffer *out);
