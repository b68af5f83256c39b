/* Who signed (EN 319 102-1, 5.2.3): the certificate that the signature binds itself to, among those of its
 * KeyInfo and all that came with the document. */
#pragma once

#include "signer/process.h"
#include "signer/xades_properties.h"
#include "signer/xml_key.h"

struct xml_signer {
    X509 *certificate;    /* NULL: not found, the finding says so */
    bool bound;           /* the signature names it: in SigningCertificate(V2), or by signing its KeyInfo */
    bool carried;         /* in KeyInfo */
    bool key_info_signed; /* the signature signs what its KeyInfo carries */
    EVP_PKEY *key;        /* what the value is verified with: the certificate's, or one of nobody's */
    struct xml_key_info info;
};
void xml_signer_clear(struct xml_signer *signer);

/* The evidence of the document must have been taken before. False only for faults of ours. */
bool xades_signer_find(const struct xml_signature *signature, const struct xades_properties *properties,
                       struct process *process, struct xml_signer *ret_signer, struct finding *finding,
                       struct error *err) MUST_USE;
