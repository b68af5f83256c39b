/* The XAdES properties of a signature (EN 319 132-1) and the certificates of its KeyInfo, all taken from
 * this very signature: properties found elsewhere are somebody's trick. */
#include "signer/xades_properties.h"

#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "base/xml.h"
#include "signer/signer_text.h"

struct properties {
    const xmlNode *qualifying, *signed_properties, *signature_properties;
    const xmlNode *certificate; /* the first Cert: the signer's */
    bool baseline;
};

static bool malformed(struct finding *finding, const struct text *text)
{
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, text, NULL);
    return false;
}

static bool find_qualifying(const struct xml_signature *signature, struct properties *properties,
                            struct finding *finding)
{
    for (const xmlNode *object = xml_first(signature->element, NS_DSIG, "Object"); object;
         object = xml_next(object, NS_DSIG, "Object"))
        for (const xmlNode *at = xml_first(object, NS_XADES, "QualifyingProperties"); at;
             at = xml_next(at, NS_XADES, "QualifyingProperties")) {
            if (properties->qualifying)
                return malformed(finding, &TEXT_XADES_PROPERTIES_TWICE);
            properties->qualifying = at;
        }
    return true;
}

/* EN 319 132-1, 4.3.1 and 4.4.2: they name this signature, and exactly one reference signs them. */
static bool are_signed(const struct xml_signature *signature, struct properties *properties,
                       struct finding *finding)
{
    const char *target = properties->qualifying ? xml_attribute(properties->qualifying, "Target") : NULL;
    bool many;
    if (properties->qualifying) {
        properties->signed_properties = xml_only(properties->qualifying, NS_XADES, "SignedProperties", &many);
        if (!target || target[0] != '#' || !signature->id[0] || strcmp(target + 1, signature->id) != 0)
            return malformed(finding, &TEXT_XADES_TARGET);
    }
    unsigned references = 0;
    for (size_t i = 0; i < signature->reference_count; i++) {
        if (!signature->references[i].properties)
            continue;
        references++;
        if (signature->references[i].target != properties->signed_properties)
            return malformed(finding, &TEXT_XADES_PROPERTIES_ELSEWHERE);
    }
    if (references != (properties->qualifying ? 1 : 0))
        return malformed(finding, &TEXT_XADES_PROPERTIES_UNSIGNED);
    return true;
}

/* EN 319 132-1, 6.3: what a baseline B-B signature carries. */
static void read_properties(struct properties *properties)
{
    bool many;
    const xmlNode *of_signature =
        xml_only(properties->signed_properties, NS_XADES, "SignedSignatureProperties", &many);
    const xmlNode *of_data =
        xml_only(properties->signed_properties, NS_XADES, "SignedDataObjectProperties", &many);
    const xmlNode *v2 = xml_only(of_signature, NS_XADES, "SigningCertificateV2", &many);
    const xmlNode *v1 = xml_only(of_signature, NS_XADES, "SigningCertificate", &many);
    properties->signature_properties = of_signature;
    properties->certificate = xml_first(v2 ? v2 : v1, NS_XADES, "Cert");
    properties->baseline = v2 && xml_only(of_signature, NS_XADES, "SigningTime", &many)
                           && xml_first(of_data, NS_XADES, "DataObjectFormat");
}

static void take_claimed_time(const struct properties *properties, struct finding *finding)
{
    bool many;
    const xmlNode *node = xml_only(properties->signature_properties, NS_XADES, "SigningTime", &many);
    char *text CLEANUP(free_clear) = NULL;
    if (!node || !xml_text(node, &text))
        return;
    char *fraction = strchr(text, '.'); /* xsd:dateTime may have one; we keep seconds */
    if (fraction) {
        size_t digits = strspn(fraction + 1, "0123456789");
        memmove(fraction, fraction + 1 + digits, strlen(fraction + 1 + digits) + 1);
    }
    int64_t ms;
    if (clock_read(text, &ms))
        finding->claimed_time_ms = ms;
}

static bool read_base64(const xmlNode *node, struct buffer *ret_bytes)
{
    char *text CLEANUP(free_clear) = NULL;
    return node && xml_text(node, &text) && base64_read(span_text(text), ret_bytes);
}

static bool binds(const xmlNode *cert, struct span der)
{
    bool many;
    const xmlNode *digest = xml_only(cert, NS_XADES, "CertDigest", &many);
    const xmlNode *method = xml_only(digest, NS_DSIG, "DigestMethod", &many);
    const char *uri = method ? xml_attribute(method, "Algorithm") : NULL;
    enum digest_algorithm algorithm;
    struct buffer value CLEANUP(buffer_clear) = {0};
    if (!uri || !digest_of_uri(uri, &algorithm)
        || !read_base64(xml_only(digest, NS_DSIG, "DigestValue", &many), &value))
        return false;
    struct digest_value ours = digest_of(algorithm, der);
    return span_equal(digest_span(&ours), buffer_span(&value));
}

/* KeyInfo is only where certificates are carried; nothing else in it is believed. */
static bool read_certificates(const struct xml_signature *signature, struct certificates *ret_certificates,
                              struct error *err)
{
    bool many;
    const xmlNode *info = xml_only(signature->element, NS_DSIG, "KeyInfo", &many);
    for (const xmlNode *data = xml_first(info, NS_DSIG, "X509Data"); data;
         data = xml_next(data, NS_DSIG, "X509Data"))
        for (const xmlNode *at = xml_first(data, NS_DSIG, "X509Certificate"); at;
             at = xml_next(at, NS_DSIG, "X509Certificate")) {
            struct buffer der CLEANUP(buffer_clear) = {0};
            if (ret_certificates->count >= XADES_MAX_CERTIFICATES || !read_base64(at, &der))
                continue;
            if (!certificates_add(ret_certificates, buffer_span(&der), err))
                return false;
        }
    return true;
}

/* Without XAdES nothing says which certificate is meant: the first that did not issue another one here. */
static bool issued_another(X509 *certificate, const struct certificates *all)
{
    for (size_t i = 0; i < all->count; i++) {
        X509 *other CLEANUP(x509_clear) = NULL;
        struct error unreadable = {0};
        if (certificate_read(buffer_span(&all->der[i]), &other, &unreadable) && other != certificate
            && X509_check_issued(certificate, other) == X509_V_OK)
            return true;
    }
    return false;
}

static void choose_signer(const struct properties *properties, struct xml_signer *signer)
{
    for (size_t i = 0; i < signer->others.count; i++) {
        struct span der = buffer_span(&signer->others.der[i]);
        struct error unreadable = {0};
        X509 *certificate CLEANUP(x509_clear) = NULL;
        if (properties->certificate && !binds(properties->certificate, der))
            continue;
        if (!certificate_read(der, &certificate, &unreadable))
            continue;
        if (!properties->certificate && issued_another(certificate, &signer->others))
            continue;
        signer->certificate = TAKE(certificate);
        return;
    }
}

void xml_signer_clear(struct xml_signer *signer)
{
    X509_free(signer->certificate);
    certificates_clear(&signer->others);
    *signer = (struct xml_signer){0};
}

bool xades_signer(const struct xml_signature *signature, struct xml_signer *ret_signer,
                  struct finding *finding, struct error *err)
{
    struct properties properties = {0};
    if (!find_qualifying(signature, &properties, finding) || !are_signed(signature, &properties, finding))
        return true;
    read_properties(&properties);
    take_claimed_time(&properties, finding);
    if (properties.qualifying)
        snprintf(finding->format, sizeof(finding->format),
                 properties.baseline ? "XAdES-BASELINE-B" : "XAdES-BES");
    if (!read_certificates(signature, &ret_signer->others, err))
        return false;
    choose_signer(&properties, ret_signer);
    if (!ret_signer->certificate)
        finding_worsen(finding, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
                       ret_signer->others.count && properties.certificate ? &TEXT_SIGNER_BOUND_TO_OTHER
                                                                          : &TEXT_SIGNER_NOT_FOUND,
                       NULL);
    else if (!properties.certificate)
        finding_reason(finding, &TEXT_SIGNER_NOT_BOUND, NULL);
    return true;
}
