#include "signer/asic_write.h"

#include "base/xml.h"
#include "signer/xml_algorithms.h"

/* RFC 3986, 2.3: what is not unreserved is encoded, so that nothing in it means anything to XML either. */
static void write_uri(struct buffer *out, const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    for (; *name; name++)
        if (strchr(plain, *name))
            buffer_u8(out, (uint8_t)*name);
        else
            buffer_format(out, "%%%02X", (uint8_t)*name);
}

void asic_manifest_write(const struct asic_wish *wish, struct buffer *ret_xml)
{
    buffer_text(ret_xml, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                         "<asic:ASiCManifest xmlns:asic=\"http://uri.etsi.org/02918/v1.2.1#\" "
                         "xmlns:ds=\"" NS_DSIG "\">"
                         "<asic:SigReference MimeType=\"application/pkcs7-signature\" URI=\"");
    write_uri(ret_xml, wish->signature);
    buffer_text(ret_xml, "\"/><asic:DataObjectReference URI=\"");
    write_uri(ret_xml, wish->document);
    buffer_format(ret_xml, "\"><ds:DigestMethod Algorithm=\"%s\"/><ds:DigestValue>",
                  digest_uri(wish->algorithm));
    base64_append(ret_xml, digest_span(wish->digest));
    buffer_text(ret_xml, "</ds:DigestValue></asic:DataObjectReference></asic:ASiCManifest>\n");
}
