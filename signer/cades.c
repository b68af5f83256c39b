/* CAdES B-B and B-T (EN 319 122-1): a CMS signature over any file, beside it or around it; judged by cades_check.c. */
#include <stdio.h>

#include "base/base_text.h"
#include "signer/cades_check.h"
#include "signer/cms.h"
#include "signer/cms_read.h"
#include "signer/format.h"
#include "signer/signing_text.h"

enum { FRAME_MAX = 128 << 10 /* bytes of a signature beside its certificates and content */ };

/* What would be too large for the verifier is not made. */
static bool fits_inside(const struct pending *pending, struct span document, struct error *err)
{
    uint64_t size = FRAME_MAX + document.size + pending->certificate.size;
    for (size_t i = 0; i < pending->chain.count; i++)
        size += pending->chain.der[i].size;
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", CMS_MAX_SIZE >> 20);
    return size <= CMS_MAX_SIZE || fail(err, ERR_TOO_LARGE, &TEXT_SIGNING_ATTACHED_LARGE, limit);
}

/* EN 319 122-1, 6.3: signing-time belongs to the baseline. */
static bool cades_prepare(const struct signing *how, const struct source *document, struct pending *pending,
                          struct error *err)
{
    if (pending->packaging == PACKAGING_ENVELOPING && !fits_inside(pending, document->bytes, err))
        return false;
    struct digest_value content = format_digest(pending, document->bytes, NULL);
    if (!cms_attributes(digest_span(&content), how->certificate, clock_now_ms(how->clock),
                        &pending->signed_attributes, err))
        return false;
    pending->to_sign = digest_of(pending->digest_algorithm, buffer_span(&pending->signed_attributes));
    return true;
}

static bool cades_complete(const struct pending *pending, const struct source *document,
                           struct span signature, struct sink *out, struct error *err)
{
    struct buffer cms CLEANUP(buffer_clear) = {0};
    if (!cms_assemble(pending->digest_algorithm, buffer_span(&pending->signed_attributes), signature,
                      buffer_span(&pending->certificate), &pending->chain, buffer_span(&pending->token), &cms,
                      err))
        return false;
    if (pending->packaging == PACKAGING_ENVELOPING)
        return cms_enclose(buffer_span(&cms), document->bytes, out, err);
    sink_write(out, buffer_span(&cms));
    return sink_finish(out, err);
}

/* RFC 8551, 3.2.1: endings and media types */
const struct format_ops format_cades = {
    .name = "cades",
    .format = FORMAT_CADES,
    .kind = DOCUMENT_CMS,
    .any = true,
    .products = {[PACKAGING_DETACHED] = {".p7s", "application/pkcs7-signature"},
                 [PACKAGING_ENVELOPING] = {".p7m", "application/pkcs7-mime"}},
    .prepare = cades_prepare,
    .complete = cades_complete,
    .check = cades_check,
};
