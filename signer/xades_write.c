/* The text of a XAdES B-B signature (EN 319 132-1, 6.3): one line, nothing but what the level asks for. */
#include "signer/xades_write.h"

#include "base/xml.h"

static void write_digest(struct buffer *out, enum digest_algorithm algorithm,
                         const struct digest_value *value)
{
    buffer_format(out, "<ds:DigestMethod Algorithm=\"%s\"/><ds:DigestValue>", digest_uri(algorithm));
    base64_append(out, digest_span(value));
    buffer_text(out, "</ds:DigestValue>");
}

static void write_signed_info(const struct xades_words *words, struct buffer *out)
{
    enum digest_algorithm digest = words->how->digest;
    buffer_text(out, "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"" URI_EXC_C14N "\"/>");
    buffer_format(out, "<ds:SignatureMethod Algorithm=\"%s\"/>", signature_uri(words->scheme, digest));
    buffer_format(out,
                  "<ds:Reference Id=\"%s-R\" URI=\"\"><ds:Transforms><ds:Transform Algorithm=\"" URI_ENVELOPED
                  "\"/>",
                  words->id);
    buffer_text(out, "<ds:Transform Algorithm=\"" URI_EXC_C14N "\"/></ds:Transforms>");
    write_digest(out, digest, &words->document);
    buffer_format(out,
                  "</ds:Reference><ds:Reference Type=\"" TYPE_SIGNED_PROPERTIES
                  "\" URI=\"#%s-SP\"><ds:Transforms>",
                  words->id);
    buffer_text(out, "<ds:Transform Algorithm=\"" URI_EXC_C14N "\"/></ds:Transforms>");
    write_digest(out, digest, &words->properties);
    buffer_text(out, "</ds:Reference></ds:SignedInfo>");
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

static void write_properties(const struct xades_words *words, struct buffer *out)
{
    const struct signing *how = words->how;
    struct digest_value certificate = digest_of(DIGEST_SHA256, how->certificate);
    char now[CLOCK_TEXT_SIZE];
    clock_iso_utc(clock_now_ms(how->clock), now);
    buffer_format(out, "<ds:Object><xades:QualifyingProperties xmlns:xades=\"" NS_XADES "\" Target=\"#%s\">",
                  words->id);
    buffer_format(out, "<xades:SignedProperties Id=\"%s-SP\"><xades:SignedSignatureProperties>", words->id);
    buffer_format(
        out,
        "<xades:SigningTime>%s</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>",
        now);
    write_digest(out, DIGEST_SHA256, &certificate);
    buffer_text(out, "</xades:CertDigest></xades:Cert></xades:SigningCertificateV2>");
    if (how->place) {
        buffer_text(out, "<xades:SignatureProductionPlaceV2><xades:City>");
        xml_escape(out, span_text(how->place));
        buffer_text(out, "</xades:City></xades:SignatureProductionPlaceV2>");
    }
    buffer_format(
        out,
        "</xades:SignedSignatureProperties><xades:SignedDataObjectProperties>"
        "<xades:DataObjectFormat ObjectReference=\"#%s-R\"><xades:MimeType>text/xml</xades:MimeType>",
        words->id);
    buffer_text(out, "</xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties>"
                     "</xades:QualifyingProperties></ds:Object>");
}

void xades_write(const struct xades_words *words, struct buffer *out, uint64_t *ret_hole)
{
    if (words->nested)
        buffer_text(out, "<ds:Object xmlns:ds=\"" NS_DSIG "\">");
    buffer_format(out, "<ds:Signature xmlns:ds=\"" NS_DSIG "\" Id=\"%s\">", words->id);
    write_signed_info(words, out);
    buffer_text(out, "<ds:SignatureValue>");
    *ret_hole = out->size;
    buffer_text(out, "</ds:SignatureValue>");
    write_key_info(words->how, out);
    write_properties(words, out);
    buffer_text(out, words->nested ? "</ds:Signature></ds:Object>" : "</ds:Signature>");
}
