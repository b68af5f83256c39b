/* A set of nodes as XML signatures mean it (xmldsig-core1, 4.4.3.2): a subtree or a whole document, less what
 * transforms take out of it. What is digested and what is reported as signed are asked of the same set. */
#pragma once

#include <libxml/tree.h>

#include "base/digest.h"
#include "signer/xml_algorithms.h"
#include "signer/xml_filter.h"

enum { XML_MAX_FILTERS = 8 };

struct xml_nodes {
    xmlDoc *doc;
    xmlNode *apex; /* the subtree; NULL: the document with what stands before and behind its root */
    bool comments;
    const xmlNode *without;                      /* the signature that leaves itself out; NULL: none */
    bool without_signatures;                     /* leaves out every signature */
    struct xml_filter *filters[XML_MAX_FILTERS]; /* owned */
    size_t filter_count;
    bool failed; /* a filter could not be evaluated */
};
void xml_nodes_clear(struct xml_nodes *nodes);

/* Whether the set holds a node; for an attribute or namespace `parent` is its element, else the node's parent. */
bool xml_nodes_hold(struct xml_nodes *nodes, xmlNode *node, xmlNode *parent);
/* Whether it holds all of an element that it holds, but for comments and signatures that leave themselves out. */
bool xml_nodes_hold_whole_subtrees(const struct xml_nodes *nodes);

/* Where octets go. */
struct octets_out {
    struct digest *digest; /* into a digest … */
    struct buffer *buffer; /* … or a buffer */
};
void octets_write(const struct octets_out *out, struct span bytes);
/* False when there is no canonical form (relative namespace URI), a filter fails, or memory is short. */
bool xml_canonicalize(struct xml_nodes *nodes, const struct xml_c14n *how, const struct octets_out *out)
    MUST_USE;
/* An element with all that is in it. */
bool xml_canonicalize_element(xmlNode *element, const struct xml_c14n *how, const struct octets_out *out)
    MUST_USE;
/* The text of the set, for the base64 transform (xmldsig-core1, 6.6.2). */
bool xml_nodes_text(struct xml_nodes *nodes, struct buffer *ret_text) MUST_USE;
bool xml_is_within(const xmlNode *node, const xmlNode *element);
