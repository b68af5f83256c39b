/* prepare → sign → complete in one go, for a key that is at hand. */
#include "signer/signer.h"
#include "signer/signer_text.h"

bool signer_sign(struct hsm *hsm, const char *key_uri, const struct signing *how,
                 const struct source *document, struct sink *signed_document, struct error *err)
{
    struct key_description key CLEANUP(key_description_clear) = {0};
    struct signing with_certificate = *how;
    if (how->certificate.size == 0) {
        if (!hsm_describe(hsm, key_uri, &key, err))
            return false;
        with_certificate.certificate = buffer_span(&key.certificate);
        if (key.certificate.size == 0)
            return fail(err, ERR_KEY_UNUSABLE, &TEXT_SIGNING_NO_CERTIFICATE, key_uri);
    }

    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0};
    enum digest_algorithm algorithm;
    if (!signer_prepare(&with_certificate, document, &pending, err))
        return false;
    struct span digest = pending_digest(pending, &algorithm);
    return hsm_sign(hsm, key_uri, algorithm, digest, &signature, err)
           && signer_complete(pending, document, buffer_span(&signature), signed_document, err);
}
