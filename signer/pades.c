/* PAdES baseline B-B and B-T (EN 319 142-1): an incremental update with a detached CMS signature over everything
 * but its own digits; the timestamp of its value stands inside the CMS. */
#include <inttypes.h>
#include <stdio.h>

#include "base/base_text.h"
#include "signer/cms.h"
#include "signer/format.h"
#include "signer/pades_check.h"
#include "signer/pdf_sign.h"
#include "signer/pdf_text.h"

enum {
    CMS_FRAME_MAX = 2048, /* bytes of a CMS signature beside its certificates and the signature itself */
    CONTENTS_MIN = 8192,  /* bytes: 16 kB of digits */
    CONTENTS_STEP = 1024  /* need is rounded up to this */
};

/* Room for what cms_assemble will make: nothing is moved once it is signed. */
static size_t contents_size(const struct pending *pending)
{
    size_t need = CMS_FRAME_MAX + HSM_SIGNATURE_MAX + pending->certificate.size;
    if (pending->level >= LEVEL_B_T)
        need += TIMESTAMP_MAX_TOKEN;
    for (size_t i = 0; i < pending->chain.count; i++)
        need += pending->chain.der[i].size;
    if (need < CONTENTS_MIN)
        return CONTENTS_MIN;
    return (need + CONTENTS_STEP - 1) / CONTENTS_STEP * CONTENTS_STEP;
}

/* ISO 32000-1, 12.8.1: everything but the string /Contents with its brackets is signed. The document
 * stands in front of it all, so that its own digest comes with the same reading when the algorithms agree. */
static struct digest_value digest_signed_bytes(struct pending *pending, struct span document)
{
    struct digest *digest CLEANUP(digest_free) = digest_new(pending->digest_algorithm);
    struct span addition = buffer_span(&pending->addition);
    digest_add(digest, document);
    if (pending->digest_algorithm == DIGEST_SHA256) {
        struct digest *so_far CLEANUP(digest_free) = digest_copy(digest);
        pending->document_digest = digest_finish(so_far);
    }
    digest_add(digest, span_slice(addition, 0, pending->hole_at - 1));
    digest_add(digest, span_slice(addition, pending->hole_at + pending->hole_size + 1, SIZE_MAX));
    return digest_finish(digest);
}

static bool pades_prepare(const struct signing *how, const struct source *document, struct pending *pending,
                          struct error *err)
{
    struct pdf_addition addition = {0};
    struct pdf_signing wish = {.reason = how->reason,
                               .place = how->place,
                               .name = how->name,
                               .at_ms = clock_now_ms(how->clock),
                               .contents_size = contents_size(pending)};
    if (!pdf_sign_addition(document->bytes, &wish, &addition, err))
        return false;
    pending->addition = addition.bytes;
    pending->hole_at = addition.hole_at;
    pending->hole_size = addition.hole_size;
    pending->insert_at = document->bytes.size;

    struct digest_value content = digest_signed_bytes(pending, document->bytes);
    if (!cms_attributes(digest_span(&content), how->certificate, 0, &pending->signed_attributes, err))
        return false;
    pending->to_sign = digest_of(pending->digest_algorithm, buffer_span(&pending->signed_attributes));
    return true;
}

/* The digits of the signature and zeros up to the end of the hole. */
static bool fill_hole(const struct pending *pending, const struct buffer *cms, struct buffer *ret_digits,
                      struct error *err)
{
    if (2 * cms->size > pending->hole_size) {
        char size[24], room[24];
        snprintf(size, sizeof(size), "%zu", cms->size);
        snprintf(room, sizeof(room), "%" PRIu64, pending->hole_size / 2);
        return fail(err, ERR_INTERNAL, &TEXT_PDF_HOLE_TOO_SMALL, size, room);
    }
    uint8_t *digits = buffer_reserve(ret_digits, pending->hole_size + 1);
    if (!digits)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    hex_text(buffer_span(cms), (char *)digits);
    memset(digits + 2 * cms->size, '0', pending->hole_size - 2 * cms->size);
    ret_digits->size = pending->hole_size;
    return true;
}

static bool pades_complete(const struct pending *pending, const struct source *document,
                           struct span signature, struct sink *out, struct error *err)
{
    struct buffer cms CLEANUP(buffer_clear) = {0}, digits CLEANUP(buffer_clear) = {0};
    struct span addition = buffer_span(&pending->addition);
    if (pending->insert_at != document->bytes.size || pending->hole_at > addition.size
        || pending->hole_size > addition.size - pending->hole_at)
        return fail(err, ERR_CONFLICT, &TEXT_PDF_NOT_THE_DOCUMENT);
    if (!cms_assemble(pending->digest_algorithm, buffer_span(&pending->signed_attributes), signature,
                      buffer_span(&pending->certificate), &pending->chain, buffer_span(&pending->token), &cms,
                      err)
        || !fill_hole(pending, &cms, &digits, err))
        return false;
    format_copy(document->bytes, out);
    sink_write(out, span_slice(addition, 0, pending->hole_at));
    sink_write(out, buffer_span(&digits));
    sink_write(out, span_slice(addition, pending->hole_at + pending->hole_size, SIZE_MAX));
    return sink_finish(out, err);
}

const struct format_ops format_pades = {
    .name = "pades",
    .format = FORMAT_PADES,
    .kind = DOCUMENT_PDF,
    .products = {[PACKAGING_ENVELOPED] = {"", "application/pdf"}},
    .prepare = pades_prepare,
    .complete = pades_complete,
    .check = pades_check,
};
