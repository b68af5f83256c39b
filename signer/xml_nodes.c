#include "signer/xml_nodes.h"

#include <libxml/c14n.h>

#include "base/xml.h"

void xml_nodes_clear(struct xml_nodes *nodes)
{
    for (size_t i = 0; i < nodes->filter_count; i++)
        xml_filter_free(&nodes->filters[i]);
    *nodes = (struct xml_nodes){0};
}

bool xml_is_within(const xmlNode *node, const xmlNode *element)
{
    for (; node; node = node->parent)
        if (node == element)
            return true;
    return false;
}

static bool is_within_signature(const xmlNode *node)
{
    for (; node && node->type == XML_ELEMENT_NODE; node = node->parent)
        if (xml_is(node, NS_DSIG, "Signature"))
            return true;
    return false;
}

static bool is_beside_elements(const xmlNode *node)
{
    return node->type == XML_ATTRIBUTE_NODE || node->type == XML_NAMESPACE_DECL;
}

bool xml_nodes_hold(struct xml_nodes *nodes, xmlNode *node, xmlNode *parent)
{
    const xmlNode *place = is_beside_elements(node) ? parent : node;
    if (nodes->apex && !xml_is_within(place, nodes->apex))
        return false;
    if (nodes->without && xml_is_within(place, nodes->without))
        return false;
    if (nodes->without_signatures
        && is_within_signature(place->type == XML_ELEMENT_NODE ? place : place->parent))
        return false;
    for (size_t i = 0; i < nodes->filter_count; i++)
        if (!xml_filter_holds(nodes->filters[i], node, parent, &nodes->failed))
            return false;
    return true;
}

bool xml_nodes_hold_whole_subtrees(const struct xml_nodes *nodes)
{
    return nodes->filter_count == 0;
}

static int visible(void *user, xmlNode *node, xmlNode *parent)
{
    struct xml_nodes *nodes = user;
    return !nodes->failed && xml_nodes_hold(nodes, node, parent);
}

/* Nothing but the apex is walked, so all that can be asked about outside of it is its parent. */
static int visible_in_subtree(void *user, xmlNode *node, xmlNode *parent)
{
    (void)parent;
    const struct xml_nodes *nodes = user;
    return node != nodes->apex->parent;
}

void octets_write(const struct octets_out *out, struct span bytes)
{
    if (out->digest)
        digest_add(out->digest, bytes);
    if (out->buffer)
        buffer_append(out->buffer, bytes);
}

static int write_octets(void *context, const char *bytes, int size)
{
    octets_write(context, span_of(bytes, (size_t)size));
    return size;
}

static bool has_filters(const struct xml_nodes *nodes)
{
    return nodes->without || nodes->without_signatures || nodes->filter_count > 0;
}

/* libxml2 walks a document from its first child on, siblings too. It is shown one that begins at the apex, for
 * as long as that takes: a signature over a small part of a large document costs what the part costs. */
static int walk(struct xml_nodes *nodes, const struct xml_c14n *how, xmlChar **prefixes,
                xmlOutputBuffer *into)
{
    bool comments = how->comments && nodes->comments;
    xmlC14NIsVisibleCallback see = has_filters(nodes) ? visible : nodes->apex ? visible_in_subtree : NULL;
    if (!nodes->apex)
        return xmlC14NExecute(nodes->doc, see, nodes, how->mode, prefixes, comments, into);
    xmlDoc view = *nodes->doc;
    xmlNode *next = nodes->apex->next;
    view.children = nodes->apex;
    nodes->apex->next = NULL;
    int result = xmlC14NExecute(&view, see, nodes, how->mode, prefixes, comments, into);
    nodes->apex->next = next;
    return result;
}

bool xml_canonicalize(struct xml_nodes *nodes, const struct xml_c14n *how, const struct octets_out *out)
{
    xmlChar *prefixes[XML_MAX_PREFIXES + 1] = {NULL};
    const char *at = how->prefixes;
    for (size_t i = 0; i < how->prefix_count; at += strlen(at) + 1, i++)
        prefixes[i] = (xmlChar *)at;
    struct octets_out to = *out;
    xmlOutputBuffer *into = xmlOutputBufferCreateIO(write_octets, NULL, &to, NULL);
    bool good = into && walk(nodes, how, how->prefix_count ? prefixes : NULL, into) >= 0;
    good = into && xmlOutputBufferClose(into) >= 0 && good;
    return good && !nodes->failed && !(out->buffer && out->buffer->failed);
}

bool xml_canonicalize_element(xmlNode *element, const struct xml_c14n *how, const struct octets_out *out)
{
    struct xml_nodes nodes = {.doc = element->doc, .apex = element, .comments = true};
    return xml_canonicalize(&nodes, how, out);
}

/* The next node of any kind in document order, not leaving `top`. */
static xmlNode *next_node(xmlNode *top, xmlNode *at)
{
    if (at->type == XML_ELEMENT_NODE && at->children)
        return at->children;
    for (; at && at != top; at = at->parent)
        if (at->next)
            return at->next;
    return NULL;
}

bool xml_nodes_text(struct xml_nodes *nodes, struct buffer *ret_text)
{
    xmlNode *top = nodes->apex ? nodes->apex : xmlDocGetRootElement(nodes->doc);
    for (xmlNode *at = top; at; at = next_node(top, at))
        if ((at->type == XML_TEXT_NODE || at->type == XML_CDATA_SECTION_NODE)
            && xml_nodes_hold(nodes, at, at->parent))
            buffer_text(ret_text, (const char *)at->content);
    return !ret_text->failed && !nodes->failed;
}
