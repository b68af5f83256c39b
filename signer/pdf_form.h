/* The form of a PDF (ISO 32000-1, 12.7): its terminal fields with what they inherit, and what its
 * signature fields say. */
#pragma once

#include "signer/pdf_document.h"

enum {
    PDF_FIELD_NAME = 128, /* bytes of a full field name that are kept */
    PDF_FIELD_DEPTH = 32,
    PDF_FIELDS_MAX = 1 << 16
};

struct pdf_field {
    char name[PDF_FIELD_NAME]; /* full, UTF-8, cleaned */
    struct pdf_object object;
    struct pdf_value type, value; /* FT and V, own or inherited; V is not followed */
};

typedef bool pdf_field_visit(void *context, const struct pdf_field *field, struct error *err);

/* Calls `visit` for every terminal field, in order; none without an AcroForm. MALFORMED: circular, fields
 * that are none. */
bool pdf_form_walk(struct pdf_document *document, size_t as_of, pdf_field_visit *visit, void *context,
                   struct error *err) MUST_USE;

/* Permissions a signature takes away (12.8.2): read from its dictionary and its field's Lock. */
struct pdf_limits {
    int64_t
        permitted;  /* DocMDP P: 1 no change, 2 forms and signatures, 3 annotations too; 0: nothing is said */
    bool certifies; /* it is a certification signature */
    bool locks_all; /* FieldMDP or Lock with All or Exclude: new fields too */
};
bool pdf_limits_read(struct pdf_document *document, size_t as_of, const struct pdf_field *field,
                     const struct pdf_value *signature, struct pdf_limits *ret_limits, struct error *err)
    MUST_USE;
