/* What a signature protects, and what it does not. A signature that verifies says nothing about content it
 * does not refer to: wrapping attacks move the signed element aside and put another in its place (domain:
 * XSW). So every element that carries content must be inside a referenced one; what is left may hold
 * signatures only. */
#include "signer/xades_cover.h"

#include <stdio.h>

#include "base/xml.h"
#include "signer/signer_text.h"

static bool is_target(const struct xml_signature *signature, const xmlNode *element)
{
    for (size_t i = 0; i < signature->reference_count; i++)
        if (signature->references[i].target == element && !signature->references[i].properties)
            return true;
    return false;
}

static bool is_blank(const xmlNode *text)
{
    return strspn((const char *)text->content, " \t\r\n") == strlen((const char *)text->content);
}

/* Text of its own, or an attribute that says something: identifiers and xsi: say nothing to a person. An instruction may change how
 * all of it is shown; an element with nothing inside can only be there for its name. */
static bool says_something(const xmlNode *element)
{
    for (const xmlNode *at = element->children; at; at = at->next)
        if (at->type == XML_PI_NODE
            || ((at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE) && !is_blank(at)))
            return true;
    if (!xml_first(element, NULL, NULL))
        return true;
    for (const xmlAttr *at = element->properties; at; at = at->next)
        if (strcasecmp((const char *)at->name, "id") != 0
            && !(at->ns
                 && strcmp((const char *)at->ns->href, "http://www.w3.org/2001/XMLSchema-instance") == 0))
            return true;
    return false;
}

/* The first element that says something and is not protected. */
static const xmlNode *find_unprotected(const struct xml_signature *signature, const xmlNode *element)
{
    if (is_target(signature, element) || xml_is(element, NS_DSIG, "Signature"))
        return NULL;
    if (says_something(element))
        return element;
    const xmlNode *found = NULL;
    for (const xmlNode *at = xml_first(element, NULL, NULL); at && !found; at = xml_next(at, NULL, NULL))
        found = find_unprotected(signature, at);
    return found;
}

/* What is unsigned in a signature is evidence: certificates, revocation lists, times, evidence records (RFC 6283), counter-signatures. Anything else there is
 * content that nobody signed, where a reader that searches by name may find it first. */
static const xmlNode *find_foreign(const xmlNode *element)
{
    static const char *const own[] = {NS_DSIG, "http://uri.etsi.org/", "urn:ietf:params:xml:ns:ers"};
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(own); i++)
        known |= element->ns && strncmp((const char *)element->ns->href, own[i], strlen(own[i])) == 0;
    const xmlNode *found = known ? NULL : element;
    for (const xmlNode *at = xml_first(element, NULL, NULL); at && !found; at = xml_next(at, NULL, NULL))
        if (!xml_is(at, NS_XADES, "SignedProperties"))
            found = find_foreign(at);
    return found;
}

/* Objects carried inside the signature are not covered by an enveloped reference: each must be referenced
 * itself, or hold nothing but the signature's own properties or further signatures. */
static const xmlNode *find_unprotected_object(const struct xml_signature *signature)
{
    const xmlNode *found = NULL;
    for (const xmlNode *object = xml_first(signature->element, NS_DSIG, "Object"); object && !found;
         object = xml_next(object, NS_DSIG, "Object")) {
        if (is_target(signature, object))
            continue;
        for (const xmlNode *text = object->children; text && !found; text = text->next)
            if ((text->type == XML_TEXT_NODE || text->type == XML_CDATA_SECTION_NODE) && !is_blank(text))
                found = object;
        for (const xmlNode *at = xml_first(object, NULL, NULL); at && !found; at = xml_next(at, NULL, NULL))
            found = xml_is(at, NS_XADES, "QualifyingProperties") ? find_foreign(at)
                                                                 : find_unprotected(signature, at);
    }
    return found;
}

static void list_covered(const struct xml_signature *signature, struct finding *finding)
{
    const xmlNode *root = xmlDocGetRootElement(signature->element->doc);
    for (size_t i = 0; i < signature->reference_count; i++) {
        const struct xml_reference *reference = &signature->references[i];
        if (reference->properties)
            continue;
        if (reference->target == root)
            finding->covers_whole_file = true;
        if (finding->covered_count < VERDICT_MAX_COVERED)
            xml_path(reference->target, sizeof(finding->covered[0]),
                     finding->covered[finding->covered_count++]);
    }
}

/* Instructions before and behind the root, xml-stylesheet among them. */
static const xmlNode *find_instruction(const struct xml_signature *signature)
{
    for (size_t i = 0; i < signature->reference_count; i++)
        if (signature->references[i].document)
            return NULL;
    for (const xmlNode *at = signature->element->doc->children; at; at = at->next)
        if (at->type == XML_PI_NODE)
            return at;
    return NULL;
}

void xades_cover(const struct xml_signature *signature, struct finding *finding)
{
    list_covered(signature, finding);
    const xmlNode *found = find_unprotected(signature, xmlDocGetRootElement(signature->element->doc));
    if (!found)
        found = find_unprotected_object(signature);
    const xmlNode *instruction = find_instruction(signature);
    if (!found && !instruction)
        return;
    char path[TEXT_ARG_SIZE];
    if (found)
        xml_path(found, sizeof(path), path);
    else
        snprintf(path, sizeof(path), "<?%.64s?>", (const char *)instruction->name);
    finding->covers_whole_file = false;
    finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_PARTLY_COVERED, path, NULL);
}
