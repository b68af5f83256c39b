#include "signer/xml_ids.h"

#include <stdlib.h>
#include <string.h>

#include "base/xml.h"

const char *xml_attribute(const xmlNode *element, const char *name)
{
    const xmlAttr *found = NULL;
    for (const xmlAttr *at = element ? element->properties : NULL; at; at = at->next) {
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

xmlNode *xml_next_element(xmlNode *top, xmlNode *at)
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

static const char *value_of(const xmlAttr *attribute)
{
    return (const char *)attribute->children->content;
}

static int by_value(const void *a, const void *b)
{
    return strcmp(value_of(*(xmlAttr *const *)a), value_of(*(xmlAttr *const *)b));
}

bool xml_ids_collect(xmlDoc *doc, struct xml_ids *ret_ids)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    for (xmlNode *at = root; at; at = xml_next_element(root, at))
        for (xmlAttr *attribute = at->properties; attribute; attribute = attribute->next)
            if (is_id(attribute) && !ids_add(ret_ids, attribute))
                return false;
    if (ret_ids->count > 1)
        qsort(ret_ids->attributes, ret_ids->count, sizeof(xmlAttr *), by_value);
    return true;
}

void xml_ids_clear(struct xml_ids *ids)
{
    free(ids->attributes);
    *ids = (struct xml_ids){0};
}

static size_t first_not_below(const struct xml_ids *ids, const char *id)
{
    size_t low = 0, high = ids->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(value_of(ids->attributes[middle]), id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

xmlNode *xml_ids_find(const struct xml_ids *ids, const char *id, bool *ret_ambiguous)
{
    size_t at = first_not_below(ids, id);
    *ret_ambiguous = false;
    if (at >= ids->count || strcmp(value_of(ids->attributes[at]), id) != 0)
        return NULL;
    *ret_ambiguous = at + 1 < ids->count && strcmp(value_of(ids->attributes[at + 1]), id) == 0;
    return *ret_ambiguous ? NULL : ids->attributes[at]->parent;
}
