/* XAdES B-B and B-T, enveloped: signed by canonicalisation alone (the key meets no XML), judged by
 * xades_check.c. */
#include <openssl/ecdsa.h>
#include <stdio.h>

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/format.h"
#include "signer/signer_text.h"
#include "signer/xades_check.h"
#include "signer/xades_place.h"
#include "signer/xades_write.h"
#include "signer/xml_nodes.h"

enum { ID_RANDOM = 12 /* bytes: no identifier of the document can be met by chance */ };

static bool not_canonical(struct error *err)
{
    return fail(err, ERR_UNSUPPORTED, &TEXT_XML_NOT_CANONICAL);
}

/* In exclusive canonical form, without comments. */
static bool digest_whole(xmlDoc *doc, struct xades_words *words, struct error *err)
{
    struct digest *digest CLEANUP(digest_free) = digest_new(words->how->digest);
    struct xml_nodes nodes = {.doc = doc};
    const struct octets_out out = {.digest = digest};
    if (!xml_canonicalize(&nodes, &xml_c14n_exclusive, &out))
        return not_canonical(err);
    words->document = digest_finish(digest);
    return true;
}

/* What the enveloped-signature transform will leave: the document as it is, and around a nested signature
 * the empty Object. */
static bool digest_document(xmlDoc *doc, struct span bytes, const struct xades_place *place,
                            struct xades_words *words, struct error *err)
{
    if (!place->nested)
        return digest_whole(doc, words, err);
    struct buffer text CLEANUP(buffer_clear) = {0};
    xmlDoc *with_object CLEANUP(xml_doc_clear) = NULL;
    buffer_append(&text, span_slice(bytes, 0, place->at));
    buffer_text(&text, "<ds:Object xmlns:ds=\"" NS_DSIG "\"></ds:Object>");
    buffer_append(&text, span_slice(bytes, place->at, SIZE_MAX));
    if (text.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    return xml_read(buffer_span(&text), &with_object, err) && digest_whole(with_object, words, err);
}

static bool read_scheme(struct span certificate, enum signature_scheme *ret_scheme, struct error *err)
{
    X509 *parsed CLEANUP(x509_clear) = NULL;
    if (!certificate_read(certificate, &parsed, err))
        return false;
    *ret_scheme = EVP_PKEY_is_a(X509_get0_pubkey(parsed), "RSA") ? SCHEME_RSA : SCHEME_ECDSA;
    return true;
}

static void make_id(char ret_id[static XADES_ID_SIZE])
{
    uint8_t chance[ID_RANDOM];
    char hex[2 * ID_RANDOM + 1];
    random_bytes(chance, sizeof(chance));
    hex_text(span_of(chance, sizeof(chance)), hex);
    snprintf(ret_id, XADES_ID_SIZE, "S-%s", hex);
}

static bool write_signature(struct xades_words *words, struct pending *pending, struct error *err)
{
    struct buffer properties CLEANUP(buffer_clear) = {0};
    clock_iso_utc(clock_now_ms(words->how->clock), words->now);
    xades_write_properties(words, &properties);
    words->properties = digest_of(words->how->digest, buffer_span(&properties));
    xades_write_signed_info(words, &pending->signed_attributes);
    xades_write(words, buffer_span(&pending->signed_attributes), buffer_span(&properties), &pending->addition,
                &pending->hole_at, &pending->unsigned_at);
    bool whole = !properties.failed && !pending->signed_attributes.failed && !pending->addition.failed;
    return whole || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

static bool xades_prepare(const struct signing *how, const struct source *document, struct pending *pending,
                          struct error *err)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct xades_words words = {.how = how};
    struct xades_place place;
    if (!xml_read(document->bytes, &doc, err) || !xades_place_find(doc, document->bytes, &place, err)
        || !read_scheme(how->certificate, &words.scheme, err))
        return false;
    words.nested = place.nested;
    pending->insert_at = place.at;
    make_id(words.id);
    if (!digest_document(doc, document->bytes, &place, &words, err) || !write_signature(&words, pending, err))
        return false;
    pending->to_sign = digest_of(how->digest, buffer_span(&pending->signed_attributes));
    return true;
}

/* RFC 9231, 2.3.6: an ECDSA signature is r and s, each as long as the curve's order. */
static bool plain_ecdsa(EVP_PKEY *key, struct span der, struct buffer *out)
{
    const unsigned char *at = der.data;
    int size = (EVP_PKEY_get_bits(key) + 7) / 8;
    ECDSA_SIG *pair = d2i_ECDSA_SIG(NULL, &at, (long)der.size);
    uint8_t *room = buffer_reserve(out, 2 * (size_t)size);
    bool good = pair && room && BN_bn2binpad(ECDSA_SIG_get0_r(pair), room, size) == size
                && BN_bn2binpad(ECDSA_SIG_get0_s(pair), room + size, size) == size;
    if (good)
        out->size += 2 * (size_t)size;
    ECDSA_SIG_free(pair);
    return good;
}

static bool signature_text(const struct pending *pending, struct span signature, struct buffer *ret_text,
                           struct error *err)
{
    X509 *certificate CLEANUP(x509_clear) = NULL;
    struct buffer plain CLEANUP(buffer_clear) = {0};
    if (!certificate_read(buffer_span(&pending->certificate), &certificate, err))
        return false;
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    if (EVP_PKEY_is_a(key, "EC") && !plain_ecdsa(key, signature, &plain))
        return fail(err, ERR_MALFORMED, &TEXT_SIGNATURE_DIFFERS);
    base64_append(ret_text, plain.size ? buffer_span(&plain) : signature);
    return !ret_text->failed || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

/* EN 319 132-1, 5.3: the element SignatureValue in canonical form, which is how it is written but for its
 * namespace. */
static bool xades_imprint(const struct pending *pending, struct span signature,
                          struct digest_value *ret_imprint, struct error *err)
{
    struct buffer element CLEANUP(buffer_clear) = {0};
    buffer_text(&element, "<ds:SignatureValue xmlns:ds=\"" NS_DSIG "\">");
    if (!signature_text(pending, signature, &element, err))
        return false;
    buffer_text(&element, "</ds:SignatureValue>");
    if (element.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *ret_imprint = digest_of(DIGEST_SHA256, buffer_span(&element));
    return true;
}

static bool xades_complete(const struct pending *pending, const struct source *document,
                           struct span signature, struct sink *out, struct error *err)
{
    struct buffer text CLEANUP(buffer_clear) = {0}, stamp CLEANUP(buffer_clear) = {0};
    struct span addition = buffer_span(&pending->addition);
    if (!signature_text(pending, signature, &text, err))
        return false;
    if (pending->token.size)
        xades_write_stamp(buffer_span(&pending->token), &stamp);
    if (stamp.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    sink_write(out, span_slice(document->bytes, 0, pending->insert_at));
    sink_write(out, span_slice(addition, 0, pending->hole_at));
    sink_write(out, buffer_span(&text));
    sink_write(out, span_slice(addition, pending->hole_at, pending->unsigned_at - pending->hole_at));
    sink_write(out, buffer_span(&stamp));
    sink_write(out, span_slice(addition, pending->unsigned_at, SIZE_MAX));
    sink_write(out, span_slice(document->bytes, pending->insert_at, SIZE_MAX));
    return sink_finish(out, err);
}

const struct format_ops format_xades = {
    .name = "xades",
    .format = FORMAT_XADES,
    .kind = DOCUMENT_XML,
    .products = {[PACKAGING_ENVELOPED] = {"", "application/xml"}},
    .prepare = xades_prepare,
    .complete = xades_complete,
    .imprint = xades_imprint,
    .check = xades_check,
};
