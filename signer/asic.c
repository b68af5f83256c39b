/* ASiC-S and ASiC-E with CAdES B-B or B-T (EN 319 162-1): a container with one document and its signature; judged by
 * asic_check.c. */
#include <stdio.h>
#include <strings.h>

#include "base/base_text.h"
#include "signer/asic_check.h"
#include "signer/asic_write.h"
#include "signer/cms.h"
#include "signer/format.h"
#include "signer/signer_text.h"
#include "signer/signing_text.h"
#include "signer/zip.h"
#include "signer/zip_write.h"

/* 4.3.3.2, 4.4.4.2, A.1: names and contents that are the container's own */
#define TYPE_SIMPLE "application/vnd.etsi.asic-s+zip"
#define TYPE_EXTENDED "application/vnd.etsi.asic-e+zip"
#define MANIFEST "META-INF/ASiCManifest.xml"
#define SIGNATURE_SIMPLE "META-INF/signature.p7s"
#define SIGNATURE_EXTENDED "META-INF/signature001.p7s"
/* of the document: what is beside it in the container stays within the rest of what the verifier takes */
#define DOCUMENT_MAX (ZIP_MAX_TOTAL - ((uint64_t)64 << 20))

/* When nobody says what the document is called. */
static const char *const plain_names[] = {[DOCUMENT_UNKNOWN] = "document.bin",
                                          [DOCUMENT_PDF] = "document.pdf",
                                          [DOCUMENT_XML] = "document.xml",
                                          [DOCUMENT_ZIP] = "document.zip"};

/* 4.3.3.2: the document lies in the root. A reader without upper and lower case must not take it for the container's own. */
static bool name_fits(const char *name)
{
    return strlen(name) <= ZIP_MAX_NAME && !zip_name_defect(name) && !strchr(name, '/')
           && strcasecmp(name, "mimetype") != 0 && strcasecmp(name, "META-INF") != 0;
}

static bool take_name(const char *name, struct pending *pending, struct error *err)
{
    if (!name_fits(name))
        return fail(err, ERR_REFUSED, &TEXT_SIGNING_NAME, name);
    buffer_text(&pending->document_name, name);
    return !pending->document_name.failed || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

/* What the signature is about: the document (4.3.3.2), or the manifest that holds its digest (4.4.4.2). */
static bool digest_signed(struct pending *pending, struct span document, struct digest_value *ret_content,
                          struct error *err)
{
    struct digest_value digest = format_digest(pending, document, &pending->checksum);
    if (pending->format == FORMAT_ASIC_S) {
        *ret_content = digest;
        return true;
    }
    const struct asic_wish wish = {SIGNATURE_EXTENDED, buffer_string(&pending->document_name),
                                   pending->digest_algorithm, &digest};
    asic_manifest_write(&wish, &pending->addition);
    if (pending->addition.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *ret_content = digest_of(pending->digest_algorithm, buffer_span(&pending->addition));
    return true;
}

static bool asic_prepare(const struct signing *how, const struct source *document, struct pending *pending,
                         struct error *err)
{
    const char *name = how->document_name;
    struct digest_value content;
    char limit[16];
    snprintf(limit, sizeof(limit), "%u", (unsigned)(DOCUMENT_MAX >> 20));
    if (document->bytes.size > DOCUMENT_MAX)
        return fail(err, ERR_TOO_LARGE, &TEXT_SIGNING_CONTAINER_LARGE, limit);
    if (!take_name(name ? name : plain_names[document_kind_of(document->bytes)], pending, err)
        || !digest_signed(pending, document->bytes, &content, err)
        || !cms_attributes(digest_span(&content), how->certificate, clock_now_ms(how->clock),
                           &pending->signed_attributes, err))
        return false;
    pending->to_sign = digest_of(pending->digest_algorithm, buffer_span(&pending->signed_attributes));
    return true;
}

static void write_container(const struct pending *pending, const char *name, struct span document,
                            struct span cms, struct sink *out)
{
    struct zip_writer zip CLEANUP(zip_writer_clear) = zip_writer_of(out);
    bool simple = pending->format == FORMAT_ASIC_S;
    zip_write_small(&zip, "mimetype", simple ? SPAN_LITERAL(TYPE_SIMPLE) : SPAN_LITERAL(TYPE_EXTENDED));
    zip_write(&zip, name, document, pending->checksum);
    if (!simple)
        zip_write_small(&zip, MANIFEST, buffer_span(&pending->addition));
    zip_write_small(&zip, simple ? SIGNATURE_SIMPLE : SIGNATURE_EXTENDED, cms);
    zip_write_end(&zip);
}

static bool asic_complete(const struct pending *pending, const struct source *document, struct span signature,
                          struct sink *out, struct error *err)
{
    struct buffer cms CLEANUP(buffer_clear) = {0};
    char *name CLEANUP(free_clear) = span_string(buffer_span(&pending->document_name));
    if (!name)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!name_fits(name))
        return fail(err, ERR_MALFORMED, &TEXT_PENDING_DAMAGED);
    if (!cms_assemble(pending->digest_algorithm, buffer_span(&pending->signed_attributes), signature,
                      buffer_span(&pending->certificate), &pending->chain, buffer_span(&pending->token), &cms,
                      err))
        return false;
    write_container(pending, name, document->bytes, buffer_span(&cms), out);
    return sink_finish(out, err);
}

const struct format_ops format_asic_s = {
    .name = "asic-s",
    .format = FORMAT_ASIC_S,
    .kind = DOCUMENT_ZIP,
    .any = true,
    .products = {[PACKAGING_DETACHED] = {".asics", TYPE_SIMPLE}},
    .prepare = asic_prepare,
    .complete = asic_complete,
    .check = asic_check,
};

const struct format_ops format_asic_e = {
    .name = "asic-e",
    .format = FORMAT_ASIC_E,
    .kind = DOCUMENT_ZIP,
    .any = true,
    .products = {[PACKAGING_DETACHED] = {".asice", TYPE_EXTENDED}},
    .prepare = asic_prepare,
    .complete = asic_complete,
    .check = asic_check,
};
