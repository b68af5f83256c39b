/* The markup of a package as the axis writes it: two spaces a level, CRLF, empty elements left out. Appends to a buffer. */
#pragma once

#include "exchange/edxml_table.h"

void markup_indent(struct buffer *markup, unsigned depth);
/* A line of its own, written as it is. */
void markup_line(struct buffer *markup, unsigned depth, const char *text);
/* <prefix:name>text</prefix:name>, escaped; nothing when there is no text. `prefix` ends in its colon. */
void markup_leaf(struct buffer *markup, unsigned depth, const char *prefix, const char *name,
                 const char *text);
/* Everything in the struct that is not empty, in the order of the table, with the prefix edXML. */
void markup_group(struct buffer *markup, unsigned depth, const struct element_group *group, const void *base);
