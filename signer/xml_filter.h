/* What the XPath transforms leave of a document (xmldsig-core1, 6.6.3; xmldsig-filter2), evaluated by libxml2 with
 * a limit on steps. An expression may be anything; what it leaves out is for the caller to find out, node by
 * node. */
#pragma once

#include <libxml/tree.h>

#include "base/own.h"

enum {
    XPATH_MAX_EXPRESSION = 4096,
    XPATH_MAX_STEPS = 2000000, /* of libxml2, for all nodes of one filter together */
    XPATH_MAX_SETS = 8         /* in one filter */
};

struct xml_filter;
/* From a Transform element, over the nodes of `doc`. NULL when it is not understood, or a limit is passed. */
struct xml_filter *xml_filter_read(const xmlNode *transform, xmlDoc *doc) MUST_USE;
void xml_filter_free(struct xml_filter **filter);
/* Whether it leaves the node in; for attributes and namespaces `parent` is their element. *ret_failed is set when
 * the limit of steps is reached: the answer means nothing then. */
bool xml_filter_holds(struct xml_filter *filter, xmlNode *node, xmlNode *parent, bool *ret_failed);
/* Whether a Transform only leaves out signatures: not(ancestor-or-self::ds:Signature), or the same said with a
 * filter. */
bool xml_filter_is_without_signatures(const xmlNode *transform);
