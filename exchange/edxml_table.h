/* The elements of edXML (QCVN 102:2016/BTTTT), once, as a table: what each is called on the wire and in JSON, what it holds, how long it
 * may be, and where in our structs it goes. The reader, the writer, the JSON of a header and its clearing all walk this table.
 * Not for other rooms. */
#pragma once

#include "exchange/package.h"

#define EDXML_NAMESPACE "http://www.mic.gov.vn/TBT/QCVN_102_2016"

enum element_kind {
    ELEMENT_GROUP,    /* children, in the same struct or one inside it */
    ELEMENT_LIST,     /* repeated group: struct { T *items; size_t count; } */
    ELEMENT_TEXT,     /* wire_text */
    ELEMENT_TEXTS,    /* repeated text: struct texts */
    ELEMENT_CODE,     /* struct agency_code */
    ELEMENT_CODES,    /* repeated code: struct agency_codes */
    ELEMENT_DATE,     /* struct date */
    ELEMENT_TIME,     /* int64_t, milliseconds */
    ELEMENT_NUMBER,   /* struct number */
    ELEMENT_FLAG,     /* struct number, as true or false */
    ELEMENT_BUSINESS, /* struct number: 0 … 3, anything else is refused */
    ELEMENT_STATUS,   /* struct number: two digits */
    ELEMENT_SECRET,   /* the older generation's degree of secrecy: refused when it says one */
    ELEMENT_SKIP,     /* known, but of no use to us: whatever is inside is passed over */
};

enum {
    ELEMENT_REQUIRED = 1,  /* a deviation when missing on receipt, and its group is not */
    ELEMENT_OF_EDOC = 2,   /* a deviation when missing in an edoc */
    ELEMENT_OF_STATUS = 4, /* stands in a status only; with ELEMENT_REQUIRED a deviation when missing there */
    ELEMENT_ALIAS = 8,     /* another place or name for a field: read, never written */
};

struct element_group;
struct element {
    const char *name; /* local name on the wire; the misspellings are the standard's */
    const char *json; /* NULL: a group's members stand in the object around it, a leaf is not shown */
    enum element_kind kind;
    unsigned flags;
    unsigned length; /* characters; 0: no limit of its own */
    unsigned most;   /* repetitions, or the greatest number; 0: no limit of its own */
    unsigned also;   /* its place in the other documented order, from 1; 0: as here */
    size_t offset;
    const struct element_group *group;
};
struct element_group {
    const struct element *elements;
    size_t count;
    size_t size; /* of one struct, for lists */
};

/* What stands in the package besides the header. */
struct wire_reference {
    wire_text content_id, content_type, description, name;
};
struct wire_attachment {
    wire_text content_id, name, description, field_name, mime_type, content_type, format;
    wire_text content; /* the number of the content that was led past the parser */
};
struct wire {
    struct header header;
    struct {
        struct wire_reference *items;
        size_t count;
    } references;
    struct {
        struct wire_attachment *items;
        size_t count;
    } attachments;
};

extern const struct element_group edxml_root;   /* the children of edXML, into a struct wire */
extern const struct element_group edxml_header; /* the children of edXMLHeader, into a struct header */

/* Every list of ours looks like this to the walkers. */
struct element_list {
    char *items;
    size_t count;
};
struct element_list element_list_at(const void *field);
/* Appends one zeroed item of `size` bytes; NULL without memory. */
void *element_list_grow(void *field, size_t size) MUST_USE;
/* The size of one item of a repeated element. */
size_t element_item_size(const struct element *element);

static inline void *element_field(void *base, const struct element *element)
{
    return (char *)base + element->offset;
}
static inline const void *element_field_const(const void *base, const struct element *element)
{
    return (const char *)base + element->offset;
}
static inline bool element_repeats(const struct element *element)
{
    return element->kind == ELEMENT_LIST || element->kind == ELEMENT_TEXTS || element->kind == ELEMENT_CODES;
}
/* Whether there is nothing to write. */
bool element_empty(const struct element *element, const void *base);
bool element_group_empty(const struct element_group *group, const void *base);
/* Gives back everything and leaves zeros. */
void element_group_clear(const struct element_group *group, void *base);
