#include "signer/xades_read.h"

#include <libxml/xmlmemory.h>
#include <stdio.h>

#include "base/xml.h"
#include "signer/signer_text.h"

static bool malformed(struct finding *finding, const char *place)
{
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XML_SIGNATURE_MALFORMED, place, NULL);
    return false;
}

const char *xml_attribute(const xmlNode *element, const char *name)
{
    const xmlAttr *found = NULL;
    for (const xmlAttr *at = element->properties; at; at = at->next) {
        if (strcmp((const char *)at->name, name) != 0)
            continue;
        if (found)
            return NULL;
        found = at;
    }
    if (!found)
        return NULL;
    if (!found->children)
        return "";
    return found->children->next || found->children->type != XML_TEXT_NODE
               ? NULL
               : (const char *)found->children->content;
}

/* The next element in document order, not leaving `top`. */
static xmlNode *next_element(xmlNode *top, xmlNode *at)
{
    xmlNode *down = xml_first(at, NULL, NULL);
    if (down)
        return down;
    for (; at && at != top; at = at->parent) {
        xmlNode *beside = xml_next(at, NULL, NULL);
        if (beside)
            return beside;
    }
    return NULL;
}

static bool is_id(const xmlAttr *attribute)
{
    return strcasecmp((const char *)attribute->name, "id") == 0 && attribute->children
           && !attribute->children->next && attribute->children->type == XML_TEXT_NODE;
}

static bool ids_add(struct xml_ids *ids, xmlAttr *attribute)
{
    if (ids->count == ids->room) {
        size_t room = ids->room ? 2 * ids->room : 64;
        xmlAttr **grown = realloc(ids->attributes, room * sizeof(xmlAttr *));
        if (!grown)
            return false;
        ids->attributes = grown;
        ids->room = room;
    }
    ids->attributes[ids->count++] = attribute;
    return true;
}

bool xml_ids_collect(xmlDoc *doc, struct xml_ids *ret_ids)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    for (xmlNode *at = root; at; at = next_element(root, at))
        for (xmlAttr *attribute = at->properties; attribute; attribute = attribute->next)
            if (is_id(attribute) && !ids_add(ret_ids, attribute))
                return false;
    return true;
}

void xml_ids_clear(struct xml_ids *ids)
{
    free(ids->attributes);
    *ids = (struct xml_ids){0};
}

/* The element with that identifier: only when exactly one attribute in the whole document carries it. It is
 * made known to libxml2, so that xmlsec finds the same. */
static xmlNode *resolve(const struct xml_ids *ids, const char *id, bool *ret_ambiguous)
{
    xmlAttr *found = NULL;
    for (size_t i = 0; i < ids->count; i++) {
        if (strcmp((const char *)ids->attributes[i]->children->content, id) != 0)
            continue;
        *ret_ambiguous = found != NULL;
        if (found)
            return NULL;
        found = ids->attributes[i];
    }
    if (!found)
        return NULL;
    if (xmlGetID(found->doc, (const xmlChar *)id) != found)
        xmlAddID(NULL, found->doc, (const xmlChar *)id, found);
    return found->parent;
}

/* An NCName, loosely: no function calls, no escapes, nothing that a second reader could read otherwise. */
static bool is_plain_id(const char *id)
{
    for (const char *at = id; *at; at++)
        if (!((*at >= '0' && *at <= '9') || ((*at | 0x20) >= 'a' && (*at | 0x20) <= 'z')
              || strchr("-_.:", *at) || (*at & 0x80)))
            return false;
    return id[0] != '\0';
}

/* xmldsig-core1, 4.4.3.3: two pointers mean what plainer forms mean; any other could point anywhere. Writes
 * the identifier, empty for the whole document. */
static bool read_pointer(const char *uri, char ret_id[static XML_ID_SIZE])
{
    int end = 0;
    ret_id[0] = '\0';
    if (uri[0] == '\0' || strcmp(uri, "#xpointer(/)") == 0)
        return true;
    if (sscanf(uri, "#xpointer(id('%255[^']'))%n", ret_id, &end) != 1 || uri[end] != '\0' || end == 0)
        snprintf(ret_id, XML_ID_SIZE, "%s", uri[0] == '#' ? uri + 1 : "");
    return is_plain_id(ret_id);
}

static bool find_target(const xmlNode *node, const struct xml_ids *ids, struct xml_reference *reference,
                        struct finding *finding)
{
    const char *uri = xml_attribute(node, "URI");
    char id[XML_ID_SIZE] = "";
    bool ambiguous = false;
    if (uri && read_pointer(uri, id))
        reference->target = id[0] ? resolve(ids, id, &ambiguous) : xmlDocGetRootElement(node->doc);
    reference->document = reference->target && !id[0];
    if (reference->target)
        return true;
    if (ambiguous)
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XML_ID_TWICE, uri, NULL);
    else
        finding_worsen(finding, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, &TEXT_XML_REFERENCE_ELSEWHERE,
                       uri ? uri : "?", NULL);
    return false;
}

/* The expressions that are allowed: they can only leave out signatures. {} stands for a prefix of the
 * signature's namespace. */
static const struct {
    const char *ns, *filter, *before, *after;
} safe_expressions[] = {
    {NS_DSIG, NULL, "not(ancestor-or-self::", ":Signature)"},
    {NS_XPATH_FILTER, "subtract", "/descendant::", ":Signature"},
    {NS_XPATH_FILTER, "subtract", "/*/", ":Signature"},
};

static bool is_dsig_prefix(xmlNode *element, struct span prefix)
{
    char name[32];
    if (prefix.size == 0 || prefix.size >= sizeof(name))
        return false;
    text_clean((const char *)prefix.data, prefix.size, sizeof(name), name);
    const xmlNs *ns = xmlSearchNs(element->doc, element, (const xmlChar *)name);
    return ns && ns->href && strcmp((const char *)ns->href, NS_DSIG) == 0;
}

static bool is_safe_xpath(const xmlNode *transform)
{
    xmlNode *xpath = xml_first(transform, NULL, NULL);
    char *text CLEANUP(free_clear) = NULL;
    if (!xpath || xml_next(xpath, NULL, NULL) || !xml_text(xpath, &text))
        return false;
    const char *filter = xml_attribute(xpath, "Filter");
    for (size_t i = 0; i < COUNT_OF(safe_expressions); i++) {
        size_t before = strlen(safe_expressions[i].before), after = strlen(safe_expressions[i].after),
               size = strlen(text);
        const char *wanted = safe_expressions[i].filter;
        if (xml_is(xpath, safe_expressions[i].ns, "XPath")
            && (wanted ? filter && strcmp(filter, wanted) == 0 : !filter) && size > before + after
            && strncmp(text, safe_expressions[i].before, before) == 0
            && strcmp(text + size - after, safe_expressions[i].after) == 0
            && is_dsig_prefix(xpath, span_of(text + before, size - before - after)))
            return true;
    }
    return false;
}

static bool is_within(const xmlNode *node, const xmlNode *element)
{
    for (; node; node = node->parent)
        if (node == element)
            return true;
    return false;
}

static bool read_transform(const xmlNode *transform, const xmlNode *signature,
                           struct xml_reference *reference)
{
    const char *algorithm = xml_attribute(transform, "Algorithm");
    if (!algorithm || !xml_is(transform, NS_DSIG, "Transform"))
        return false;
    if (is_c14n_uri(algorithm))
        return true;
    if (strcmp(algorithm, URI_ENVELOPED) == 0)
        return reference->enveloped = true;
    if (strcmp(algorithm, URI_XPATH) == 0 || strcmp(algorithm, NS_XPATH_FILTER) == 0)
        return reference->not_signatures = is_safe_xpath(transform);
    return strcmp(algorithm, URI_BASE64) == 0 && is_within(reference->target, signature);
}

static bool read_reference(const xmlNode *node, const struct xml_ids *ids, struct xml_signature *signature,
                           struct finding *finding)
{
    struct xml_reference *reference = &signature->references[signature->reference_count];
    enum digest_algorithm digest;
    bool many, twice;
    const xmlNode *method = xml_only(node, NS_DSIG, "DigestMethod", &many),
                  *transforms = xml_only(node, NS_DSIG, "Transforms", &twice);
    const char *uri = method ? xml_attribute(method, "Algorithm") : NULL, *type = xml_attribute(node, "Type");
    if (!uri || twice)
        return malformed(finding, "Reference");
    if (!digest_of_uri(uri, &digest)) {
        finding_worsen(finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_ALGORITHM_UNKNOWN, uri,
                       NULL);
        return false;
    }
    signature->sha1 |= digest == DIGEST_SHA1;
    *reference = (struct xml_reference){.properties = type && strcmp(type, TYPE_SIGNED_PROPERTIES) == 0};
    if (!find_target(node, ids, reference, finding))
        return false;
    size_t count = 0;
    for (xmlNode *at = xml_first(transforms, NULL, NULL); at; at = xml_next(at, NULL, NULL))
        if (++count > XADES_MAX_TRANSFORMS || !read_transform(at, signature->element, reference)) {
            const char *algorithm = xml_attribute(at, "Algorithm");
            finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_TRANSFORM,
                           algorithm ? algorithm : "?", NULL);
            return false;
        }
    signature->reference_count++;
    return true;
}

static bool read_references(const xmlNode *info, const struct xml_ids *ids, struct xml_signature *signature,
                            struct finding *finding)
{
    for (xmlNode *at = xml_first(info, NS_DSIG, "Reference"); at; at = xml_next(at, NS_DSIG, "Reference")) {
        if (signature->reference_count >= XADES_MAX_REFERENCES)
            return malformed(finding, "Reference > 32");
        if (!read_reference(at, ids, signature, finding))
            return false;
    }
    return signature->reference_count > 0 || malformed(finding, "SignedInfo");
}

static bool read_methods(const xmlNode *info, struct xml_signature *signature, struct finding *finding)
{
    bool many;
    const xmlNode *c14n = xml_only(info, NS_DSIG, "CanonicalizationMethod", &many);
    const xmlNode *method = xml_only(info, NS_DSIG, "SignatureMethod", &many);
    const char *c14n_uri = c14n ? xml_attribute(c14n, "Algorithm") : NULL;
    const char *uri = method ? xml_attribute(method, "Algorithm") : NULL;
    enum digest_algorithm digest;
    if (!c14n_uri || !uri)
        return malformed(finding, "SignedInfo");
    if (!is_c14n_uri(c14n_uri) || !signature_of_uri(uri, &signature->scheme, &digest)) {
        finding_worsen(finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_ALGORITHM_UNKNOWN,
                       is_c14n_uri(c14n_uri) ? uri : c14n_uri, NULL);
        return false;
    }
    signature->sha1 |= digest == DIGEST_SHA1;
    return true;
}

bool xml_signature_read(xmlNode *element, const struct xml_ids *ids, struct xml_signature *ret_signature,
                        struct finding *finding)
{
    bool many;
    const xmlNode *info = xml_only(element, NS_DSIG, "SignedInfo", &many);
    const char *id = xml_attribute(element, "Id");
    *ret_signature = (struct xml_signature){.element = element};
    if (!info)
        return malformed(finding, "SignedInfo");
    if (id)
        snprintf(ret_signature->id, sizeof(ret_signature->id), "%s", id);
    return read_methods(info, ret_signature, finding) && read_references(info, ids, ret_signature, finding);
}

bool xml_reference_is_whole(const struct xml_reference *reference)
{
    return reference->target == xmlDocGetRootElement(reference->target->doc) && reference->enveloped
           && !reference->not_signatures;
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
