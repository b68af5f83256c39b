#include "signer/xades_level.h"

#include <stdio.h>

#include "base/xml.h"
#include "signer/xades_stamps.h"

/* EN 319 132-1, 6.3, requirement j: every signed piece of data says what it is. */
static bool has_format(const struct xades_properties *properties, const struct xml_reference *reference)
{
    for (const xmlNode *at = xml_first(properties->of_data, properties->ns, "DataObjectFormat"); at;
         at = xml_next(at, properties->ns, "DataObjectFormat")) {
        const char *of = xml_attribute(at, "ObjectReference");
        if (of && of[0] == '#' && reference->id && strcmp(of + 1, reference->id) == 0)
            return xml_first(at, properties->ns, "MimeType") != NULL;
    }
    return false;
}

/* Parts of the signature itself say what they are. */
static bool is_data(const struct xml_signature *signature, const struct xades_properties *properties,
                    const struct xml_reference *reference)
{
    bool counter = reference->type && strcmp(reference->type, TYPE_COUNTERSIGNED) == 0;
    return !counter && !xades_is_properties(properties, reference)
           && !(signature->key_info && reference->target == signature->key_info);
}

/* EN 319 132-1, 6.3: what a baseline B-B signature carries. */
static bool is_baseline(const struct xml_signature *signature, const struct xades_properties *properties,
                        const struct xml_signer *signer)
{
    bool many;
    if (strcmp(properties->ns, NS_XADES) != 0 || !signer->carried
        || !(properties->certificates[0] || properties->certificates[1])
        || !xml_only(properties->of_signature, properties->ns, "SigningTime", &many))
        return false;
    for (size_t i = 0; i < signature->reference_count; i++) {
        const struct xml_reference *reference = &signature->references[i];
        if (is_data(signature, properties, reference) && !has_format(properties, reference))
            return false;
    }
    return true;
}

static bool has(unsigned found, unsigned wanted)
{
    return (found & wanted) == wanted;
}

static const char *baseline_level(unsigned found)
{
    bool values = has(found, XADES_SIGNATURE_STAMP) && has(found, XADES_REVOCATION_VALUES);
    if (values && has(found, XADES_ARCHIVE_STAMP))
        return "LTA";
    if (values)
        return "LT";
    return has(found, XADES_SIGNATURE_STAMP) ? "T" : "B";
}

static const char *older_level(const struct xades_properties *properties, unsigned found)
{
    bool many;
    bool references = has(found, XADES_CERTIFICATE_REFERENCES | XADES_REVOCATION_REFERENCES);
    bool values = has(found, XADES_CERTIFICATE_VALUES | XADES_REVOCATION_VALUES);
    if (has(found, XADES_ARCHIVE_STAMP))
        return "A";
    if (references && has(found, XADES_REFERENCES_STAMP))
        return values ? "XL" : "X";
    if (references)
        return "C";
    if (has(found, XADES_SIGNATURE_STAMP))
        return has(found, XADES_REVOCATION_VALUES) ? "LT" : "T";
    return xml_only(properties->of_signature, properties->ns, "SignaturePolicyIdentifier", &many) ? "EPES"
                                                                                                  : "BES";
}

void xades_level(const struct xml_signature *signature, const struct xades_properties *properties,
                 unsigned found, const struct xml_signer *signer, struct finding *finding)
{
    unsigned not_baseline =
        XADES_CERTIFICATE_REFERENCES | XADES_REVOCATION_REFERENCES | XADES_REFERENCES_STAMP;
    bool binds = properties->certificates[0] || properties->certificates[1] || signer->key_info_signed;
    if (!properties->signed_properties || !binds) /* EN 319 132-1, 4.4.2 */
        return;
    if (!(found & not_baseline) && is_baseline(signature, properties, signer))
        snprintf(finding->format, sizeof(finding->format), "XAdES-BASELINE-%s", baseline_level(found));
    else
        snprintf(finding->format, sizeof(finding->format), "XAdES-%s", older_level(properties, found));
}
