/* The text of a XAdES B-B or B-T signature (EN 319 132-1, 6.3): one line, nothing but what the level asks for. The
 * two parts that are digested are written as exclusive canonicalisation would render them (xml-exc-c14n, 3):
 * a namespace is declared on every element that is the first to use it, no element is written empty,
 * attributes stand in order. Our own check of every product would notice the smallest slip. */
#include "signer/xades_write.h"

#define XMLNS_DS " xmlns:ds=\"" NS_DSIG "\""
#define XMLNS_XADES " xmlns:xades=\"" NS_XADES "\""
#define EMPTY(name, attributes) "<" name attributes "></" name ">"

enum { PLACE_SIZE = 256 };

static void write_digest(struct buffer *out, enum digest_algorithm algorithm,
                         const struct digest_value *value, const char *xmlns)
{
    buffer_format(out, EMPTY("ds:DigestMethod", "%s Algorithm=\"%s\"") "<ds:DigestValue%s>", xmlns,
                  digest_uri(algorithm), xmlns);
    base64_append(out, digest_span(value));
    buffer_text(out, "</ds:DigestValue>");
}

void xades_write_signed_info(const struct xades_words *words, struct buffer *out)
{
    static const char exclusive[] =
        EMPTY("ds:Transform", " Algorithm=\"" URI_EXC_C14N "\"") "</ds:Transforms>";
    enum digest_algorithm digest = words->how->digest;
    buffer_text(out, "<ds:SignedInfo" XMLNS_DS
                     ">" EMPTY("ds:CanonicalizationMethod", " Algorithm=\"" URI_EXC_C14N "\""));
    buffer_format(out, EMPTY("ds:SignatureMethod", " Algorithm=\"%s\""),
                  signature_uri(words->scheme, digest));
    buffer_format(out,
                  "<ds:Reference Id=\"%s-R\" URI=\"\"><ds:Transforms>" EMPTY(
                      "ds:Transform", " Algorithm=\"" URI_ENVELOPED "\""),
                  words->id);
    buffer_text(out, exclusive);
    write_digest(out, digest, &words->document, "");
    buffer_format(out,
                  "</ds:Reference><ds:Reference Type=\"" TYPE_SIGNED_PROPERTIES
                  "\" URI=\"#%s-SP\"><ds:Transforms>",
                  words->id);
    buffer_text(out, exclusive);
    write_digest(out, digest, &words->properties, "");
    buffer_text(out, "</ds:Reference></ds:SignedInfo>");
}

/* Text as canonical XML writes it: quotation marks stay. */
static void write_text(struct buffer *out, const char *text)
{
    char clean[PLACE_SIZE];
    text_clean(text, strlen(text), sizeof(clean), clean);
    for (const char *at = clean; *at; at++) {
        const char *escaped = *at == '&' ? "&amp;" : *at == '<' ? "&lt;" : *at == '>' ? "&gt;" : NULL;
        if (escaped)
            buffer_text(out, escaped);
        else
            buffer_u8(out, (uint8_t)*at);
    }
}

void xades_write_properties(const struct xades_words *words, struct buffer *out)
{
    struct digest_value certificate = digest_of(DIGEST_SHA256, words->how->certificate);
    buffer_format(out,
                  "<xades:SignedProperties" XMLNS_XADES " Id=\"%s-SP\"><xades:SignedSignatureProperties>",
                  words->id);
    buffer_format(
        out,
        "<xades:SigningTime>%s</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>",
        words->now);
    write_digest(out, DIGEST_SHA256, &certificate, XMLNS_DS);
    buffer_text(out, "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>");
    if (words->how->place) {
        buffer_text(out, "<xades:SignatureProductionPlaceV2><xades:City>");
        write_text(out, words->how->place);
        buffer_text(out, "</xades:City></xades:SignatureProductionPlaceV2>");
    }
    buffer_format(
        out,
        "</xades:SignedSignatureProperties><xades:SignedDataObjectProperties>"
        "<xades:DataObjectFormat ObjectReference=\"#%s-R\"><xades:MimeType>text/xml</xades:MimeType>",
        words->id);
    buffer_text(out, "</xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties>");
}

static void write_certificate(struct buffer *out, struct span der)
{
    buffer_text(out, "<ds:X509Certificate>");
    base64_append(out, der);
    buffer_text(out, "</ds:X509Certificate>");
}

static void write_key_info(const struct signing *how, struct buffer *out)
{
    buffer_text(out, "<ds:KeyInfo><ds:X509Data>");
    write_certificate(out, how->certificate);
    for (size_t i = 0; how->chain && i < how->chain->count; i++)
        if (!span_equal(buffer_span(&how->chain->der[i]), how->certificate))
            write_certificate(out, buffer_span(&how->chain->der[i]));
    buffer_text(out, "</ds:X509Data></ds:KeyInfo>");
}

void xades_write(const struct xades_words *words, struct span signed_info, struct span properties,
                 struct buffer *out, uint64_t *ret_hole, uint64_t *ret_unsigned)
{
    if (words->nested)
        buffer_text(out, "<ds:Object" XMLNS_DS ">");
    buffer_format(out, "<ds:Signature" XMLNS_DS " Id=\"%s\">", words->id);
    buffer_append(out, signed_info);
    buffer_text(out, "<ds:SignatureValue>");
    *ret_hole = out->size;
    buffer_text(out, "</ds:SignatureValue>");
    write_key_info(words->how, out);
    buffer_format(out, "<ds:Object><xades:QualifyingProperties" XMLNS_XADES " Target=\"#%s\">", words->id);
    buffer_append(out, properties);
    *ret_unsigned = out->size;
    buffer_text(out, "</xades:QualifyingProperties></ds:Object></ds:Signature>");
    if (words->nested)
        buffer_text(out, "</ds:Object>");
}

/* 5.3: the canonicalisation is named, because another one is meant without. */
void xades_write_stamp(struct span token, struct buffer *out)
{
    buffer_text(out, "<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp>"
                     "<ds:CanonicalizationMethod Algorithm=\"" URI_EXC_C14N
                     "\"></ds:CanonicalizationMethod><xades:EncapsulatedTimeStamp>");
    base64_append(out, token);
    buffer_text(out, "</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>"
                     "</xades:UnsignedSignatureProperties></xades:UnsignedProperties>");
}
