/* prepare → sign → stamp → complete in one go, for a key that is at hand. */
#include "signer/signer.h"
#include "signer/signer_text.h"
#include "signer/timestamp_text.h"

static bool stamp(const struct signing *how, struct pending *pending, struct span signature,
                  struct reached *reached, struct error *err)
{
    if (how->level == LEVEL_B_B)
        return true;
    if (signer_stamp(pending, how->authorities, signature, &reached->why))
        return true;
    if (how->fall_back && reached->why.code == ERR_PEER_AWAY)
        return true;
    *err = reached->why;
    return false;
}

bool signer_sign(struct hsm *hsm, const char *key_uri, const struct signing *how,
                 const struct source *document, struct sink *signed_document, struct reached *ret_reached,
                 struct error *err)
{
    struct key_description key CLEANUP(key_description_clear) = {0};
    struct signing with_certificate = *how;
    if (how->level > LEVEL_B_B && (!how->authorities || how->authorities->url_count == 0))
        return fail(err, ERR_USAGE, &TEXT_TSA_NONE, signature_level_name(how->level));
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
    struct reached reached = {0};
    if (!hsm_sign(hsm, key_uri, algorithm, digest, &signature, err)
        || !stamp(how, pending, buffer_span(&signature), &reached, err)
        || !signer_complete(pending, document, buffer_span(&signature), signed_document, err))
        return false;
    reached.level = pending_level(pending);
    if (ret_reached)
        *ret_reached = reached;
    return true;
}
