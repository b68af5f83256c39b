/* The signature value of a signer: which algorithms it names, whether they agree, and whether the key made it.
 * For the rooms of CMS; the value alone for those of XML too. */
#pragma once

#include "base/certificate.h"
#include "signer/cms_attributes.h"

struct cms_algorithms {
    enum digest_algorithm digest;       /* of the content */
    enum digest_algorithm value_digest; /* of the attributes: what the signature value is about */
    enum signature_scheme scheme;
    enum digest_algorithm mask; /* PSS */
    int salt;                   /* PSS, bytes */
};

/* False when the finding says why not: unknown (INDETERMINATE), or contradicting each other (FORMAT_FAILURE).
 * `listed` is what the SignedData announces; NULL for a counter-signature. */
bool cms_algorithms_read(const struct cms_signer *signer, const struct cms_signed_attributes *attributes,
                         const struct span *listed, struct cms_algorithms *ret_algorithms,
                         struct finding *finding) MUST_USE;

/* What was signed: always its digest; the octets too where they are at hand. */
struct cms_message {
    struct digest_value digest;
    struct span octets;
};

enum cms_answer { CMS_DIFFERS, CMS_VERIFIES, CMS_KEY_TOO_SHORT, CMS_CANNOT };
enum cms_answer cms_signature_verify(const struct cms_algorithms *algorithms, struct span signature,
                                     EVP_PKEY *key, const struct cms_message *message);
