#include "tests/check.h"

#include "tests/xml_make.h"

#include "base/xml.h"
#include "signer/xml_reference.h"

void xml_replace(struct buffer *text, const char *from, const char *to)
{
    struct buffer changed = {0};
    size_t at = span_find(buffer_span(text), span_text(from), 0);
    if (at == SIZE_MAX)
        print_error("not there: %s\n", from);
    assert_int_not_equal(at, SIZE_MAX);
    buffer_append(&changed, span_slice(buffer_span(text), 0, at));
    buffer_text(&changed, to);
    buffer_append(&changed, span_slice(buffer_span(text), at + strlen(from), SIZE_MAX));
    buffer_clear(text);
    *text = changed;
}

struct span xml_cut(struct span text, const char *from, const char *to)
{
    size_t begin = span_find(text, span_text(from), 0);
    size_t end = span_find(text, span_text(to), begin);
    assert_int_not_equal(begin, SIZE_MAX);
    assert_int_not_equal(end, SIZE_MAX);
    return span_slice(text, begin, end + strlen(to) - begin);
}

static void replace_all(struct buffer *text, const char *from, struct span bytes)
{
    struct buffer base64 CLEANUP(buffer_clear) = {0};
    base64_append(&base64, bytes);
    while (span_find(buffer_span(text), span_text(from), 0) != SIZE_MAX)
        xml_replace(text, from, buffer_string(&base64));
}

static void set_base64(xmlNode *element, struct span bytes)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    base64_append(&text, bytes);
    xmlNodeSetContent(element, (const xmlChar *)(text.size ? buffer_string(&text) : ""));
}

static void fill_reference(const xmlNode *element, const struct xml_place *place)
{
    struct xml_reference reference CLEANUP(xml_reference_clear) = {0};
    struct error err = {0};
    bool many;
    assert_true(xml_reference_read(element, place, &reference, &err));
    struct digest *digest CLEANUP(digest_free) = digest_new(reference.digest);
    const struct octets_out out = {.digest = digest};
    if (reference.state == REFERENCE_UNREAD && !xml_reference_write(&reference, &xml_c14n_plain, &out))
        print_message("cannot be followed: %s\n", reference.cause);
    struct digest_value value = digest_finish(digest);
    set_base64(xml_only(element, NS_DSIG, "DigestValue", &many), digest_span(&value));
}

static void fill_references(xmlNode *parent, const struct xml_place *place)
{
    for (xmlNode *at = xml_first(parent, NS_DSIG, "Reference"); at; at = xml_next(at, NS_DSIG, "Reference"))
        fill_reference(at, place);
}

static void sign_info(const struct pki_person *signer, const xmlNode *info, struct buffer *ret_value)
{
    struct buffer octets CLEANUP(buffer_clear) = {0};
    const struct octets_out out = {.buffer = &octets};
    struct xml_c14n how;
    const char *method = xml_attribute(xml_first(info, NS_DSIG, "SignatureMethod"), "Algorithm");
    assert_true(xml_c14n_read(xml_first(info, NS_DSIG, "CanonicalizationMethod"), &how));
    assert_true(xml_canonicalize_element((xmlNode *)info, &how, &out));
    if (method && is_hmac_uri(method)) {
        unsigned char *key = NULL;
        int size = i2d_PUBKEY(signer->key, &key);
        struct digest_value code = hmac_sha256(span_of(key, (size_t)size), buffer_span(&octets));
        buffer_append(ret_value, digest_span(&code));
        OPENSSL_free(key);
        return;
    }
    struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(&octets));
    pki_sign(signer, DIGEST_SHA256, digest_span(&digest), ret_value);
}

static void fill_signature(const struct pki_person *signer, xmlNode *element, struct xml_place *place)
{
    struct buffer value CLEANUP(buffer_clear) = {0};
    xmlNode *info = xml_first(element, NS_DSIG, "SignedInfo");
    place->signature = element;
    fill_references(info, place);
    sign_info(signer, info, &value);
    set_base64(xml_first(element, NS_DSIG, "SignatureValue"), buffer_span(&value));
}

static void fill_all(const struct pki_person *signer, xmlDoc *doc, struct xml_place *place)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    for (xmlNode *at = root; at; at = xml_next_element(root, at))
        if (xml_is(at, NS_DSIG, "Manifest"))
            fill_references(at, place);
    for (int round = 0; round < 2; round++) /* one may sign the value of another that stands behind it */
        for (xmlNode *at = root; at; at = xml_next_element(root, at))
            if (xml_is(at, NS_DSIG, "Signature"))
                fill_signature(signer, at, place);
}

void xml_make(const struct pki_person *signer, const char *template, const struct detached *files,
              size_t file_count, struct buffer *ret_signed)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct xml_ids ids CLEANUP(xml_ids_clear) = {0};
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(&signer->der));
    struct error err = {0};
    xmlChar *bytes CLEANUP(xml_char_clear) = NULL;
    int size = 0;
    buffer_text(&text, template);
    replace_all(&text, "@CERTIFICATE@", buffer_span(&signer->der));
    replace_all(&text, "@CERTIFICATE-DIGEST@", digest_span(&digest));
    assert_true(xml_read(buffer_span(&text), &doc, &err));
    assert_true(xml_ids_collect(doc, &ids));
    struct xml_place place = {.doc = doc, .ids = &ids, .files = files, .file_count = file_count};
    fill_all(signer, doc, &place);
    xmlDocDumpMemory(doc, &bytes, &size);
    buffer_append(ret_signed, span_of(bytes, (size_t)size));
}
