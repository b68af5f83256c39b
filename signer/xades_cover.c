/* What a signature protects, and what it does not. A signature that verifies says nothing about content it
 * does not refer to: wrapping attacks move the signed element aside and put another in its place (domain:
 * XSW). So every element that carries content must be inside a referenced one; what is left may hold
 * signatures only. */
#include "signer/xades_cover.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/signer_text.h"
#include "signer/xades_text.h"

/* The references whose nodes are looked at; those to the properties protect no content. */
struct cover {
    struct xml_reference **references;
    size_t count;
};

static void add_references(struct cover *cover, const struct xades_properties *properties,
                           struct xml_reference *references, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct xml_reference *reference = &references[i];
        if (reference->state == REFERENCE_GOOD && !xades_is_properties(properties, reference))
            cover->references[cover->count++] = reference;
    }
}

static bool holds(const struct cover *cover, xmlNode *node, xmlNode *parent)
{
    for (size_t i = 0; i < cover->count; i++) {
        struct xml_reference *reference = cover->references[i];
        bool text = node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE;
        if (reference->target && (text || !reference->text_only)
            && xml_nodes_hold(&reference->nodes, node, parent))
            return true;
    }
    return false;
}

/* Whether a reference holds an element and all that is inside of it; signatures are looked at by themselves. */
static bool holds_whole(const struct cover *cover, xmlNode *element)
{
    for (size_t i = 0; i < cover->count; i++) {
        struct xml_reference *reference = cover->references[i];
        if (reference->target && !reference->text_only && xml_nodes_hold_whole_subtrees(&reference->nodes)
            && xml_nodes_hold(&reference->nodes, element, element->parent))
            return true;
    }
    return false;
}

static bool is_blank(const xmlNode *text)
{
    return strspn((const char *)text->content, " \t\r\n") == strlen((const char *)text->content);
}

static bool says_nothing(const xmlAttr *attribute)
{
    return strcasecmp((const char *)attribute->name, "id") == 0
           || (attribute->ns
               && strcmp((const char *)attribute->ns->href, "http://www.w3.org/2001/XMLSchema-instance")
                      == 0);
}

/* Something that no reference holds: text of its own, or an attribute that says something (identifiers and xsi:
 * say nothing to a person). An instruction may change how all of it is shown; an element with nothing inside can
 * only be there for its name. */
static bool says_something(const struct cover *cover, xmlNode *element)
{
    for (xmlNode *at = element->children; at; at = at->next) {
        bool text = (at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE) && !is_blank(at);
        if ((text || at->type == XML_PI_NODE) && !holds(cover, at, element))
            return true;
    }
    bool held = holds(cover, element, element->parent);
    if (!held && !xml_first(element, NULL, NULL))
        return true;
    if (held && element->ns && !holds(cover, (xmlNode *)element->ns, element))
        return true; /* the name without its namespace is anybody's */
    for (xmlAttr *at = element->properties; at; at = at->next)
        if (!says_nothing(at) && !holds(cover, (xmlNode *)at, element))
            return true;
    return false;
}

/* The attributes of an Object of the signature say how it is packed. */
static bool is_wrapping(const struct cover *cover, const xmlNode *element)
{
    for (size_t i = 0; i < cover->count; i++)
        if (cover->references[i]->text_only && cover->references[i]->target == element)
            return !xml_first(element, NULL, NULL);
    return false;
}

/* The first element that says something and is not protected. */
static const xmlNode *find_unprotected(const struct cover *cover, xmlNode *element)
{
    if (xml_is(element, NS_DSIG, "Signature") || holds_whole(cover, element) || is_wrapping(cover, element))
        return NULL;
    if (says_something(cover, element))
        return element;
    const xmlNode *found = NULL;
    for (xmlNode *at = xml_first(element, NULL, NULL); at && !found; at = xml_next(at, NULL, NULL))
        found = find_unprotected(cover, at);
    return found;
}

/* What is unsigned in a signature is keys (xmldsig-core1, 4.5; WS-Security names them in words of its own) and evidence:
 * certificates, revocation lists, times, evidence records (RFC 6283), counter-signatures. Anything else there is content that
 * nobody signed, where a reader that searches by name may find it first. */
static const xmlNode *find_foreign(const xmlNode *element)
{
    static const char *const own[] = {NS_DSIG,
                                      "http://uri.etsi.org/",
                                      "urn:ietf:params:xml:ns:ers",
                                      "http://www.w3.org/2009/xmldsig11#",
                                      "http://www.w3.org/2001/04/xmlenc#",
                                      "http://docs.oasis-open.org/wss/"};
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(own); i++)
        known |= element->ns && strncmp((const char *)element->ns->href, own[i], strlen(own[i])) == 0;
    const xmlNode *found = known ? NULL : element;
    for (const xmlNode *at = xml_first(element, NULL, NULL); at && !found; at = xml_next(at, NULL, NULL))
        if (!xml_is(at, NULL, "SignedProperties") || !xml_is(at->parent, NULL, "QualifyingProperties"))
            found = find_foreign(at);
    return found;
}

/* Objects carried inside the signature are not covered by an enveloped reference: each must be referenced
 * itself, or hold nothing but the signature's own properties or further signatures. */
static const xmlNode *find_unprotected_object(const struct cover *cover,
                                              const struct xml_signature *signature)
{
    const xmlNode *found = NULL;
    for (xmlNode *object = xml_first(signature->element, NS_DSIG, "Object"); object && !found;
         object = xml_next(object, NS_DSIG, "Object")) {
        if (holds_whole(cover, object) || is_wrapping(cover, object))
            continue;
        for (xmlNode *text = object->children; text && !found; text = text->next)
            if ((text->type == XML_TEXT_NODE || text->type == XML_CDATA_SECTION_NODE) && !is_blank(text)
                && !holds(cover, text, object))
                found = object;
        for (xmlNode *at = xml_first(object, NULL, NULL); at && !found; at = xml_next(at, NULL, NULL))
            found = xml_is(at, NULL, "QualifyingProperties") ? find_foreign(at) : find_unprotected(cover, at);
    }
    return found;
}

static const xmlNode *find_inside(const struct cover *cover, const struct xml_signature *signature)
{
    const xmlNode *found = NULL;
    if (signature->key_info && !holds_whole(cover, (xmlNode *)signature->key_info))
        found = find_foreign(signature->key_info);
    return found ? found : find_unprotected_object(cover, signature);
}

/* Whether a reference with filters holds an element to the last attribute; blanks, comments and signatures do
 * not count. */
static bool holds_to_the_end(struct xml_reference *reference, xmlNode *element)
{
    struct cover alone = {.references = &reference, .count = 1};
    if (!holds(&alone, element, element->parent) || says_something(&alone, element))
        return false;
    for (xmlNode *at = xml_first(element, NULL, NULL); at; at = xml_next(at, NULL, NULL))
        if (!xml_is(at, NS_DSIG, "Signature") && !holds_to_the_end(reference, at))
            return false;
    return true;
}

static void list_path(const xmlNode *element, struct finding *finding)
{
    if (finding->covered_count < VERDICT_MAX_COVERED)
        xml_path(element, sizeof(finding->covered[0]), finding->covered[finding->covered_count++]);
}

/* The elements that filters leave whole, the outer ones only. */
static void list_whole_parts(struct xml_reference *reference, xmlNode *element, struct finding *finding)
{
    if (finding->covered_count >= VERDICT_MAX_COVERED)
        return;
    if (holds_to_the_end(reference, element)) {
        list_path(element, finding);
        return;
    }
    for (xmlNode *at = xml_first(element, NULL, NULL); at; at = xml_next(at, NULL, NULL))
        list_whole_parts(reference, at, finding);
}

static void list_covered(const struct cover *cover, const struct xml_signature *signature,
                         struct finding *finding)
{
    const xmlNode *root = xmlDocGetRootElement(signature->element->doc);
    for (size_t i = 0; i < cover->count && finding->covered_count < VERDICT_MAX_COVERED; i++) {
        struct xml_reference *reference = cover->references[i];
        if (reference->file) {
            char *covered = finding->covered[finding->covered_count++];
            text_clean(reference->file->name, strlen(reference->file->name), sizeof(finding->covered[0]),
                       covered);
        } else if (!xml_nodes_hold_whole_subtrees(&reference->nodes))
            list_whole_parts(reference, reference->target, finding);
        else {
            list_path(reference->target, finding);
            finding->covers_whole_file |= reference->target == root && !reference->text_only;
        }
    }
}

/* Instructions before and behind the root, xml-stylesheet among them. */
static const xmlNode *find_instruction(const struct cover *cover, const xmlDoc *doc)
{
    for (const xmlNode *at = doc->children; at; at = at->next)
        if (at->type == XML_PI_NODE && !holds(cover, (xmlNode *)at, at->parent))
            return at;
    return NULL;
}

static void judge_cover(const struct cover *cover, const struct xml_signature *signature,
                        struct finding *finding)
{
    xmlDoc *doc = signature->element->doc;
    list_covered(cover, signature, finding);
    const xmlNode *found = find_unprotected(cover, xmlDocGetRootElement(doc));
    if (!found)
        found = find_inside(cover, signature);
    const xmlNode *instruction = find_instruction(cover, doc);
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

/* A confirmation protects another signature and no document; what it carries itself is nobody's all the same. */
static void judge_inside(const struct cover *cover, const struct xml_signature *signature,
                         struct finding *finding)
{
    char path[TEXT_ARG_SIZE];
    const xmlNode *found = find_inside(cover, signature);
    if (!found)
        return;
    xml_path(found, sizeof(path), path);
    finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_PARTLY_COVERED, path, NULL);
}

static bool is_text(const xmlNode *node)
{
    return node && (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && !is_blank(node);
}

const xmlNode *xades_splitting_comment(xmlDoc *doc)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    for (xmlNode *element = root; element; element = xml_next_element(root, element))
        for (const xmlNode *at = element->children; at; at = at->next)
            if (at->type == XML_COMMENT_NODE && is_text(at->prev) && is_text(at->next))
                return at;
    return NULL;
}

/* Canonical XML leaves comments out unless asked otherwise: whoever puts one in breaks nothing. */
static bool holds_comments(const struct cover *cover, const xmlNode *comment)
{
    for (size_t i = 0; i < cover->count; i++) {
        struct xml_reference *reference = cover->references[i];
        struct xml_c14n how = xml_c14n_plain;
        bool known = reference->step_count == 0 || xml_c14n_read(reference->steps[0], &how);
        if (reference->target && known && how.comments && reference->nodes.comments
            && xml_nodes_hold(&reference->nodes, (xmlNode *)comment, comment->parent))
            return true;
    }
    return false;
}

static void judge_comment(const struct cover *cover, const xmlNode *splitting, struct finding *finding)
{
    char path[TEXT_ARG_SIZE];
    if (!splitting || holds_comments(cover, splitting))
        return;
    xml_path(splitting->parent, sizeof(path), path);
    finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_COMMENT_SPLITS, path, NULL);
}

/* A file that was signed as nodes: what filters leave out of it, and comments that its canonical form leaves out, are
 * anybody's. */
static void judge_file(struct xml_reference *reference, struct finding *finding)
{
    struct xml_c14n how = xml_c14n_plain;
    if (!xml_nodes_hold_whole_subtrees(&reference->nodes)) {
        finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_PARTLY_COVERED,
                       reference->file->name, NULL);
        return;
    }
    bool known = reference->step_count == 0 || xml_c14n_read(reference->steps[0], &how);
    const xmlNode *splitting = xades_splitting_comment(reference->parsed);
    if (splitting && !(known && how.comments))
        finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_COMMENT_SPLITS,
                       reference->file->name, NULL);
}

static void judge_files(const struct cover *cover, struct finding *finding)
{
    for (size_t i = 0; i < cover->count; i++)
        if (cover->references[i]->file && cover->references[i]->parsed)
            judge_file(cover->references[i], finding);
}

void xades_cover(struct xml_signature *signature, const struct xades_properties *properties,
                 const xmlNode *splitting, struct finding *finding)
{
    size_t most = signature->reference_count + signature->listed_count;
    struct cover cover = {.references = calloc(most ? most : 1, sizeof(struct xml_reference *))};
    if (!cover.references) { /* without looking nothing is covered */
        finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_NO_MEMORY, NULL);
        return;
    }
    add_references(&cover, properties, signature->references, signature->reference_count);
    add_references(&cover, properties, signature->listed, signature->listed_count);
    if (finding->kind == FINDING_COUNTER_SIGNATURE) {
        judge_inside(&cover, signature, finding);
    } else {
        judge_cover(&cover, signature, finding);
        judge_comment(&cover, splitting, finding);
        judge_files(&cover, finding);
    }
    free(cover.references);
}
