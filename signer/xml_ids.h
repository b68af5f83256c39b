/* Every attribute that some reader takes for an identifier (Id, ID, id, xml:id), so that a reference means one
 * element to everybody or nothing to us. */
#pragma once

#include <libxml/tree.h>

#include "base/own.h"

enum { XML_ID_SIZE = 256 };

struct xml_ids {
    xmlAttr **attributes; /* by their value */
    size_t count, room;
};
bool xml_ids_collect(xmlDoc *doc, struct xml_ids *ret_ids) MUST_USE;
void xml_ids_clear(struct xml_ids *ids);
/* The element with that identifier: only when exactly one attribute in the whole document carries it; else NULL,
 * and *ret_ambiguous says whether there were several. */
xmlNode *xml_ids_find(const struct xml_ids *ids, const char *id, bool *ret_ambiguous);

/* The next element in document order, not leaving `top`. */
xmlNode *xml_next_element(xmlNode *top, xmlNode *at);
/* The one attribute of that local name, whatever its namespace: NULL when there is none or there are
 * several. */
const char *xml_attribute(const xmlNode *element, const char *name);
