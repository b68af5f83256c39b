/* XML opened one safe way: bytes are scanned before libxml2 sees them, no DTD, no entities beyond the five and character
 * references, no network, no HUGE; depth, tag size and attribute counts are limited; element and attribute names are matched by
 * local name and namespace through the helpers below. Every document of ours is read through here (EN: "one door").
 *
 * xml_init once in main before threads. A document belongs to one thread at a time. */
#pragma once

#include <libxml/tree.h>

#include "base/bytes.h"
#include "base/error.h"

enum {
    XML_MAX_TAG =
        64
        << 10, /* bytes of one tag, comment or processing instruction: libxml2 is quadratic in attributes */
    XML_MAX_ATTRIBUTES = 256,    /* '=' in one tag */
    XML_MAX_DEPTH = 64,          /* elements inside each other, unless limits say otherwise */
    XML_MAX_DOCUMENT = 32 << 20, /* bytes of a document that is built as a tree */
    XML_MAX_RECODED = 8 << 20    /* of one that is made UTF-8 first */
};

DEFINE_CLEANUP(xmlDoc *, xml_doc_clear, xmlFreeDoc)
DEFINE_CLEANUP(xmlChar *, xml_char_clear, xmlFree)

void xml_init(void);

/* The scanner alone, for streams: give it the bytes in any pieces, in order, before the parser gets them. Refuses (MALFORMED
 * or TOO_LARGE, naming the rule and the byte offset): a DOCTYPE, a tag over XML_MAX_TAG, too many attributes, too deep, NUL and other
 * forbidden control characters, malformed UTF-8. Start with xml_guard_of. */
struct xml_guard {
    unsigned max_depth;
    /* ours */
    uint64_t offset;
    uint32_t state, tag_size, tag_equals, depth;
    uint8_t utf8[4], utf8_size, quote, match, previous;
    bool closing, started;
};
struct xml_guard xml_guard_of(unsigned max_depth);
bool xml_guard_scan(struct xml_guard *guard, struct span piece, struct error *err) MUST_USE;

/* The whole document as a tree. `keep_blanks` is always on: signatures need every byte. */
bool xml_read(struct span bytes, xmlDoc **ret_doc, struct error *err) MUST_USE;

/* The same for documents that others made: in other encodings too (base/xml_encoding.h), of at most XML_MAX_RECODED bytes.
 * What stands at which byte means nothing then. */
bool xml_read_any(struct span bytes, xmlDoc **ret_doc, struct error *err) MUST_USE;

/* Whether the node is an element of that local name (and namespace, when `ns` is not NULL). */
bool xml_is(const xmlNode *node, const char *ns, const char *name);
/* First child element / next sibling element of that name; name NULL: any. */
xmlNode *xml_first(const xmlNode *parent, const char *ns, const char *name);
xmlNode *xml_next(const xmlNode *node, const char *ns, const char *name);
/* The only child of that name: NULL with *ret_many set when there are several. */
xmlNode *xml_only(const xmlNode *parent, const char *ns, const char *name, bool *ret_many);
/* The text of an element that holds nothing but text, trimmed of XML white space; comments, elements or several nodes inside: false.
 * The caller frees. */
bool xml_text(const xmlNode *element, char **ret_text) MUST_USE;
/* Appends text escaped for element content or attribute values (& < > " and CR). */
void xml_escape(struct buffer *buffer, struct span text);
