/* Which format a document is signed in, and what every format does with the whole of it. */
#include "signer/format.h"

#include <zlib.h>

#include "signer/asic_container.h"
#include "signer/signer_text.h"
#include "signer/signing_text.h"

enum { PIECE = 1 << 20 /* bytes digested, or handed to a sink, at once */ };

bool signature_format_read(const char *name, enum signature_format *ret_format)
{
    for (int i = FORMAT_AUTO + 1; i < SIGNATURE_FORMATS; i++)
        if (strcmp(name, signature_format_name((enum signature_format)i)) == 0) {
            *ret_format = (enum signature_format)i;
            return true;
        }
    return false;
}

bool signature_packaging_read(const char *name, enum signature_packaging *ret_packaging)
{
    static const struct {
        const char *name;
        enum signature_packaging packaging;
    } known[] = {{"enveloped", PACKAGING_ENVELOPED},
                 {"enveloping", PACKAGING_ENVELOPING},
                 {"attached", PACKAGING_ENVELOPING}, /* what RFC 5652's readers call it */
                 {"detached", PACKAGING_DETACHED}};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(name, known[i].name) == 0) {
            *ret_packaging = known[i].packaging;
            return true;
        }
    return false;
}

/* A signature around a signature would hide the first from whoever verifies. */
static bool is_unsigned(enum document_kind kind, struct span bytes, struct error *err)
{
    if (kind == DOCUMENT_CMS)
        return fail(err, ERR_REFUSED, &TEXT_SIGNING_CMS_ALREADY);
    if (kind == DOCUMENT_ZIP && asic_is_signed(bytes))
        return fail(err, ERR_REFUSED, &TEXT_SIGNING_CONTAINER_ALREADY);
    return true;
}

static bool choose_packaging(const struct format_ops *format, enum signature_packaging asked,
                             enum signature_packaging *ret_packaging, struct error *err)
{
    int packaging = asked;
    while (asked == PACKAGING_AUTO && !format->products[packaging].ending)
        packaging++;
    if (!format->products[packaging].ending)
        return fail(err, ERR_USAGE, &TEXT_SIGNING_PACKAGING, format->name);
    *ret_packaging = (enum signature_packaging)packaging;
    return true;
}

bool format_choose(const struct signing *how, const struct source *document,
                   const struct format_ops **ret_format, enum signature_packaging *ret_packaging,
                   struct error *err)
{
    enum document_kind kind = document_kind_of(document->bytes);
    const struct format_ops *format =
        how->format == FORMAT_AUTO ? format_of_kind(kind) : format_of(how->format);
    if (document->bytes.size == 0)
        return fail(err, ERR_REFUSED, &TEXT_SIGNING_EMPTY);
    if ((!format || format->any) && !is_unsigned(kind, document->bytes, err))
        return false;
    if (!format || (how->format == FORMAT_AUTO && format->any))
        return fail(err, ERR_UNSUPPORTED, &TEXT_CANNOT_SIGN_KIND);
    if (!format->any && format->kind != kind)
        return fail(err, ERR_UNSUPPORTED, &TEXT_FORMAT_DOES_NOT_FIT, format->name);
    *ret_format = format;
    return choose_packaging(format, how->packaging, ret_packaging, err);
}

bool signer_product(const struct signing *how, const struct source *document,
                    struct signature_product *ret_product, struct error *err)
{
    const struct format_ops *format;
    enum signature_packaging packaging;
    if (!format_choose(how, document, &format, &packaging, err))
        return false;
    *ret_product = format->products[packaging];
    return true;
}

struct digest_value format_digest(struct pending *pending, struct span document, uint32_t *ret_checksum)
{
    struct digest *digest CLEANUP(digest_free) = digest_new(pending->digest_algorithm);
    struct digest *plain CLEANUP(digest_free) = digest_new(DIGEST_SHA256);
    uLong checksum = crc32_z(0, NULL, 0);
    for (size_t at = 0; at < document.size; at += PIECE) {
        struct span piece = span_slice(document, at, PIECE);
        digest_add(digest, piece);
        if (pending->digest_algorithm != DIGEST_SHA256)
            digest_add(plain, piece);
        if (ret_checksum)
            checksum = crc32_z(checksum, piece.data, piece.size);
    }
    struct digest_value value = digest_finish(digest);
    pending->document_digest = pending->digest_algorithm == DIGEST_SHA256 ? value : digest_finish(plain);
    if (ret_checksum)
        *ret_checksum = (uint32_t)checksum;
    return value;
}

void format_copy(struct span document, struct sink *out)
{
    for (size_t at = 0; at < document.size; at += PIECE)
        sink_write(out, span_slice(document, at, PIECE));
}
