/* Which object belongs to which field of a form: the fields that can be filled in, found by the number of
 * the field or of one of its widgets. Made once and good as long as later revisions leave the tree of
 * fields as it is. */
#pragma once

#include "signer/pdf_form.h"

struct pdf_fillable {
    char name[PDF_FIELD_NAME];
    uint32_t number;   /* of the field */
    size_t looked_at;  /* the revision that was looked at last, + 1 */
    bool changed_then; /* … gave it another value */
};

struct pdf_part {
    uint32_t number; /* of a field or a widget */
    uint32_t field;  /* index */
};

struct pdf_fields {
    struct pdf_fillable *all;
    size_t count;
    struct pdf_part *parts; /* by number */
    size_t part_count;
    bool made;
};

/* Every terminal field that is no signature, with the widgets that are its Kids. */
bool pdf_fields_make(struct pdf_document *document, size_t as_of, struct pdf_fields *ret_fields,
                     struct error *err) MUST_USE;
/* The field of an object; NULL when it is none, or belongs to two. */
struct pdf_fillable *pdf_fields_find(const struct pdf_fields *fields, uint32_t number);
void pdf_fields_clear(struct pdf_fields *fields);
