#include "signer/xades_read.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/signer_text.h"
#include "signer/xades_text.h"

static bool malformed(struct finding *finding, const char *place)
{
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XML_SIGNATURE_MALFORMED, place, NULL);
    return false;
}

static bool unknown(struct finding *finding, const char *algorithm)
{
    finding_worsen(finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_ALGORITHM_UNKNOWN, algorithm,
                   NULL);
    return false;
}

/* What stands in an element, in which order: the schema of xmldsig-core1. A second of its kind, or a stranger,
 * is how a signature is made to mean one thing to one reader and another to the next. */
struct place {
    const char *name;
    bool needed, repeats;
};

static bool stands_in_order(const xmlNode *parent, const struct place *places, size_t count,
                            struct finding *finding)
{
    size_t at = 0;
    bool seen = false;
    for (xmlNode *child = xml_first(parent, NULL, NULL); child; child = xml_next(child, NULL, NULL)) {
        while (at < count && !(xml_is(child, NS_DSIG, places[at].name) && (!seen || places[at].repeats))) {
            if (places[at].needed && !seen)
                return malformed(finding, places[at].name);
            at++;
            seen = false;
        }
        if (at == count) {
            finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XML_UNEXPECTED,
                           (const char *)child->name, NULL);
            return false;
        }
        seen = true;
    }
    for (at += seen; at < count; at++)
        if (places[at].needed)
            return malformed(finding, places[at].name);
    return true;
}

static bool check_structure(const xmlNode *element, struct finding *finding)
{
    static const struct place signature[] = {{"SignedInfo", true, false},
                                             {"SignatureValue", true, false},
                                             {"KeyInfo", false, false},
                                             {"Object", false, true}};
    static const struct place info[] = {
        {"CanonicalizationMethod", true, false}, {"SignatureMethod", true, false}, {"Reference", true, true}};
    return stands_in_order(element, signature, COUNT_OF(signature), finding)
           && stands_in_order(xml_first(element, NS_DSIG, "SignedInfo"), info, COUNT_OF(info), finding);
}

static bool read_methods(struct xml_signature *signature, struct finding *finding)
{
    const xmlNode *c14n = xml_first(signature->info, NS_DSIG, "CanonicalizationMethod");
    const xmlNode *method = xml_first(signature->info, NS_DSIG, "SignatureMethod");
    const char *c14n_uri = xml_attribute(c14n, "Algorithm"), *uri = xml_attribute(method, "Algorithm");
    if (!c14n_uri || !uri)
        return malformed(finding, "SignedInfo");
    if (is_hmac_uri(uri)) {
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XML_HMAC, uri, NULL);
        return false;
    }
    if (xml_first(method, NS_DSIG, "HMACOutputLength")) {
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XML_TRUNCATED, NULL);
        return false;
    }
    if (!xml_c14n_read(c14n, &signature->c14n))
        return unknown(finding, c14n_uri);
    return signature_method_read(method, &signature->method) || unknown(finding, uri);
}

bool xml_references_read(const xmlNode *parent, const struct xml_place *place,
                         struct xml_reference **ret_references, size_t *ret_count, struct error *err)
{
    size_t count = 0, at = 0;
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", XADES_MAX_REFERENCES);
    for (xmlNode *node = xml_first(parent, NS_DSIG, "Reference"); node;
         node = xml_next(node, NS_DSIG, "Reference"))
        count++;
    if (count > XADES_MAX_REFERENCES)
        return fail(err, ERR_TOO_LARGE, &TEXT_XML_TOO_MANY_REFERENCES, limit);
    *ret_references = calloc(count ? count : 1, sizeof(struct xml_reference));
    if (!*ret_references)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *ret_count = count;
    for (xmlNode *node = xml_first(parent, NS_DSIG, "Reference"); node;
         node = xml_next(node, NS_DSIG, "Reference"))
        if (!xml_reference_read(node, place, &(*ret_references)[at++], err))
            return false;
    return true;
}

bool xml_signature_read(xmlNode *element, const struct xml_place *around, struct xml_signature *ret_signature,
                        bool *ret_understood, struct finding *finding, struct error *err)
{
    struct xml_signature *signature = ret_signature;
    const char *id = xml_attribute(element, "Id");
    *ret_understood = false;
    if (!check_structure(element, finding))
        return true;
    signature->element = element;
    signature->info = xml_first(element, NS_DSIG, "SignedInfo");
    signature->value_element = xml_first(element, NS_DSIG, "SignatureValue");
    signature->key_info = xml_first(element, NS_DSIG, "KeyInfo");
    signature->place = *around;
    signature->place.signature = element;
    snprintf(signature->id, sizeof(signature->id), "%s", id ? id : "");
    if (!read_methods(signature, finding))
        return true;
    if (!xml_base64(signature->value_element, &signature->value)) {
        malformed(finding, "SignatureValue");
        return true;
    }
    *ret_understood = true;
    return xml_references_read(signature->info, &signature->place, &signature->references,
                               &signature->reference_count, err);
}

static void references_clear(struct xml_reference **references, size_t count)
{
    for (size_t i = 0; i < count; i++)
        xml_reference_clear(&(*references)[i]);
    free(*references);
    *references = NULL;
}

void xml_signature_clear(struct xml_signature *signature)
{
    references_clear(&signature->references, signature->reference_count);
    references_clear(&signature->listed, signature->listed_count);
    buffer_clear(&signature->value);
    *signature = (struct xml_signature){0};
}

/* RFC 3986, 3: "scheme:", or a network path. */
static bool is_far(const char *uri)
{
    size_t scheme = strcspn(uri, ":/?#");
    return (uri[scheme] == ':' && scheme > 1) || strncmp(uri, "//", 2) == 0;
}

static void say_missing(const struct xml_reference *reference, struct finding *finding)
{
    const char *uri = reference->uri;
    const struct text *why = uri && uri[0] == '#' ? &TEXT_XML_TARGET_MISSING
                             : uri && is_far(uri) ? &TEXT_XML_NOTHING_FETCHED
                                                  : &TEXT_XML_FILE_MISSING;
    finding_worsen(finding, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, why, reference->cause, NULL);
}

static void judge_reference(const struct xml_reference *reference, struct finding *finding)
{
    switch (reference->state) {
    case REFERENCE_GOOD:
    case REFERENCE_UNREAD:
        break;
    case REFERENCE_DIFFERS:
        finding_worsen(finding, TOTAL_FAILED, SUB_HASH_FAILURE, &TEXT_XML_REFERENCE_DIFFERS, reference->cause,
                       NULL);
        break;
    case REFERENCE_ELSEWHERE:
        say_missing(reference, finding);
        break;
    case REFERENCE_AMBIGUOUS:
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XML_ID_TWICE, reference->cause, NULL);
        break;
    case REFERENCE_TRANSFORM:
        finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_TRANSFORM,
                       reference->cause, NULL);
        break;
    case REFERENCE_ALGORITHM:
        unknown(finding, reference->cause);
        break;
    case REFERENCE_MALFORMED:
        malformed(finding, reference->cause);
        break;
    }
}

bool xml_references_check(struct xml_signature *signature, struct finding *finding, bool *ret_good,
                          struct error *err)
{
    *ret_good = true;
    for (size_t i = 0; i < signature->reference_count; i++) {
        struct xml_reference *reference = &signature->references[i];
        if (!xml_reference_check(reference, err))
            return false;
        judge_reference(reference, finding);
        *ret_good &= reference->state == REFERENCE_GOOD;
    }
    return true;
}

bool xml_reference_to_properties(const struct xml_reference *reference)
{
    static const char *const types[] = {TYPE_SIGNED_PROPERTIES, NS_XADES "SignedProperties",
                                        NS_XADES_122 "SignedProperties", NS_XADES_111 "SignedProperties"};
    for (size_t i = 0; reference->type && i < COUNT_OF(types); i++)
        if (strcmp(reference->type, types[i]) == 0)
            return true;
    return false;
}

static unsigned place_among_twins(const xmlNode *element, bool *ret_has_twins)
{
    unsigned place = 1;
    for (const xmlNode *at = element->prev; at; at = at->prev)
        place += at->type == XML_ELEMENT_NODE && xmlStrEqual(at->name, element->name);
    *ret_has_twins = place > 1 || xml_next(element, NULL, (const char *)element->name);
    return place;
}

void xml_path(const xmlNode *element, size_t size, char *ret_path)
{
    const xmlNode *steps[XML_MAX_DEPTH + 1];
    size_t depth = 0, at = 0;
    ret_path[0] = '\0';
    for (; element && element->type == XML_ELEMENT_NODE && depth <= XML_MAX_DEPTH; element = element->parent)
        steps[depth++] = element;
    while (depth > 0 && at + 1 < size) {
        bool twins;
        const xmlNode *step = steps[--depth];
        char text[160], number[16] = "";
        unsigned place = place_among_twins(step, &twins);
        if (twins)
            snprintf(number, sizeof(number), "[%u]", place);
        snprintf(text, sizeof(text), "/%.128s%s", (const char *)step->name, number);
        text_clean(text, strlen(text), size - at, ret_path + at);
        at += strlen(ret_path + at);
    }
}
