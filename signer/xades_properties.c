#include "signer/xades_properties.h"

#include "base/base_text.h"
#include "base/clock.h"
#include "base/xml.h"
#include "signer/signer_text.h"
#include "signer/xades_text.h"

static bool malformed(struct finding *finding, const struct text *text)
{
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, text, NULL);
    return false;
}

static const char *version_of(const xmlNode *qualifying)
{
    static const char *const versions[] = {NS_XADES, NS_XADES_122, NS_XADES_111};
    for (size_t i = 0; i < COUNT_OF(versions); i++)
        if (xml_is(qualifying, versions[i], "QualifyingProperties"))
            return versions[i];
    return NULL;
}

static bool find_qualifying(const struct xml_signature *signature, struct xades_properties *properties,
                            struct finding *finding)
{
    for (const xmlNode *object = xml_first(signature->element, NS_DSIG, "Object"); object;
         object = xml_next(object, NS_DSIG, "Object"))
        for (const xmlNode *at = xml_first(object, NULL, "QualifyingProperties"); at;
             at = xml_next(at, NULL, "QualifyingProperties")) {
            const char *version = version_of(at);
            if (properties->qualifying)
                return malformed(finding, &TEXT_XADES_PROPERTIES_TWICE);
            properties->qualifying = version ? at : NULL;
            properties->ns = version;
        }
    return true;
}

static const xmlNode *only(const struct xades_properties *properties, const xmlNode *parent, const char *name)
{
    bool many;
    return xml_only(parent, properties->ns, name, &many);
}

static bool find_parts(struct xades_properties *properties, struct finding *finding)
{
    const xmlNode *unsigned_properties = only(properties, properties->qualifying, "UnsignedProperties");
    properties->signed_properties = only(properties, properties->qualifying, "SignedProperties");
    properties->of_signature = only(properties, properties->signed_properties, "SignedSignatureProperties");
    properties->of_data = only(properties, properties->signed_properties, "SignedDataObjectProperties");
    properties->unsigned_of_signature = only(properties, unsigned_properties, "UnsignedSignatureProperties");
    properties->certificates[0] = only(properties, properties->of_signature, "SigningCertificateV2");
    properties->certificates[1] = only(properties, properties->of_signature, "SigningCertificate");
    return xml_next(properties->signed_properties, properties->ns, "SignedProperties")
               ? malformed(finding, &TEXT_XADES_PROPERTIES_TWICE)
               : true;
}

bool xades_is_properties(const struct xades_properties *properties, const struct xml_reference *reference)
{
    return xml_reference_to_properties(reference)
           || (properties->signed_properties && reference->target == properties->signed_properties);
}

/* EN 319 132-1, 4.3.1: Target names this signature. It is not signed itself: one that names nothing changes nothing
 * about whose properties these are, which is for the reference to say. */
static bool check_target(const struct xml_signature *signature, const struct xades_properties *properties,
                         struct finding *finding)
{
    const char *target = xml_attribute(properties->qualifying, "Target");
    bool ambiguous = false;
    if (target && target[0] == '#')
        target++;
    const xmlNode *named = target ? xml_ids_find(signature->place.ids, target, &ambiguous) : NULL;
    if (ambiguous || (named && named != signature->element))
        return malformed(finding, &TEXT_XADES_TARGET);
    if (!named)
        finding_reason(finding, &TEXT_XADES_TARGET_NOBODY, NULL);
    return true;
}

/* EN 319 132-1, 4.4.2: exactly one reference signs them, all of them. */
static bool are_signed(const struct xml_signature *signature, const struct xades_properties *properties,
                       struct finding *finding)
{
    unsigned references = 0;
    for (size_t i = 0; i < signature->reference_count; i++) {
        const struct xml_reference *reference = &signature->references[i];
        if (!xades_is_properties(properties, reference))
            continue;
        references++;
        if (!reference->target || reference->target != properties->signed_properties)
            return malformed(finding, &TEXT_XADES_PROPERTIES_ELSEWHERE);
        if (reference->nodes.without || reference->nodes.without_signatures || reference->nodes.filter_count
            || reference->text_only)
            return malformed(finding, &TEXT_XADES_PROPERTIES_UNSIGNED);
    }
    return references == (properties->signed_properties ? 1 : 0)
           || malformed(finding, &TEXT_XADES_PROPERTIES_UNSIGNED);
}

static void take_claimed_time(const struct xades_properties *properties, struct finding *finding)
{
    const xmlNode *node = only(properties, properties->of_signature, "SigningTime");
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

/* EN 319 102-1, 5.2.4: the rules are ours; that the signer had others is said. */
static void name_policy(const struct xades_properties *properties, struct finding *finding)
{
    const xmlNode *policy = only(properties, properties->of_signature, "SignaturePolicyIdentifier");
    const xmlNode *id = only(properties, only(properties, policy, "SignaturePolicyId"), "SigPolicyId");
    const xmlNode *identifier = only(properties, id, "Identifier");
    char *text CLEANUP(free_clear) = NULL;
    if (identifier && xml_text(identifier, &text))
        finding_reason(finding, &TEXT_XADES_POLICY_NOT_READ, text, NULL);
}

bool xades_properties_read(const struct xml_signature *signature, struct xades_properties *ret_properties,
                           struct finding *finding)
{
    struct xades_properties *properties = ret_properties;
    if (!find_qualifying(signature, properties, finding))
        return false;
    if (properties->qualifying && !find_parts(properties, finding))
        return false;
    if ((properties->qualifying && !check_target(signature, properties, finding))
        || !are_signed(signature, properties, finding))
        return false;
    if (properties->qualifying) {
        take_claimed_time(properties, finding);
        name_policy(properties, finding);
    }
    return true;
}
