#include "signer/pdf_form.h"

#include <stdio.h>

#include "base/base_text.h"
#include "signer/pdf_text.h"

struct walk {
    struct pdf_document *document;
    size_t as_of;
    struct pdf_set met;
    size_t fields;
    pdf_field_visit *visit;
    void *context;
};

static bool broken(struct error *err, uint32_t object)
{
    return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_FIELDS_BROKEN, object);
}

/* "parent.child" (12.7.3.2); a part that is not text counts as empty. */
static void name_field(const struct pdf_field *parent, const struct pdf_value *part,
                       char ret_name[static PDF_FIELD_NAME])
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    char clean[PDF_FIELD_NAME] = "";
    if (pdf_string_text(part, &text))
        text_clean((const char *)text.data, text.size, sizeof(clean), clean);
    const char *before = parent ? parent->name : "";
    char name[2 * PDF_FIELD_NAME];
    int size = snprintf(name, sizeof(name), "%s%s%s", before, *before && *clean ? "." : "", clean);
    text_clean(name, (size_t)size, PDF_FIELD_NAME, ret_name);
}

static bool walk_field(struct walk *walk, const struct pdf_value *node, const struct pdf_field *parent,
                       unsigned depth, struct error *err);

/* Kids with a name of their own are fields, kids without are widgets of this one (12.7.3.1). */
static bool has_child_fields(struct walk *walk, const struct pdf_value *kids, bool *ret_has,
                             struct error *err)
{
    struct pdf_value kid;
    *ret_has = false;
    for (struct pdf_cursor inside = pdf_inside(kids); pdf_next_item(&inside, &kid) && !*ret_has;) {
        if (!pdf_resolve(walk->document, walk->as_of, &kid, err))
            return false;
        *ret_has = pdf_get(&kid, "T").kind != PDF_NULL;
    }
    return true;
}

static bool walk_children(struct walk *walk, const struct pdf_field *field, const struct pdf_value *kids,
                          unsigned depth, struct error *err)
{
    struct pdf_value kid;
    for (struct pdf_cursor inside = pdf_inside(kids); pdf_next_item(&inside, &kid);)
        if (!walk_field(walk, &kid, field, depth + 1, err))
            return false;
    return true;
}

static bool read_field(struct walk *walk, const struct pdf_value *node, const struct pdf_field *parent,
                       struct pdf_field *field, struct error *err)
{
    if (!pdf_object_find(walk->document, node->object, walk->as_of, &field->object, err))
        return false;
    const struct pdf_object *object = &field->object;
    if (object->value.kind == PDF_NULL)
        return true;
    if (object->value.kind != PDF_DICTIONARY || object->is_stream || object->generation != node->generation)
        return broken(err, node->object);
    struct pdf_value part = pdf_get(&object->value, "T");
    name_field(parent, &part, field->name);
    field->type = pdf_get(&object->value, "FT");
    field->value = pdf_get(&object->value, "V");
    if (field->type.kind == PDF_NULL && parent)
        field->type = parent->type;
    if (field->value.kind == PDF_NULL && parent)
        field->value = parent->value;
    return true;
}

static bool walk_field(struct walk *walk, const struct pdf_value *node, const struct pdf_field *parent,
                       unsigned depth, struct error *err)
{
    struct pdf_field field = {0};
    struct pdf_value kids;
    bool children;
    if (node->kind == PDF_NULL)
        return true;
    if (node->kind != PDF_REFERENCE || depth > PDF_FIELD_DEPTH || pdf_set_has(&walk->met, node->object))
        return broken(err, node->object);
    if (walk->fields++ == PDF_FIELDS_MAX)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_TOO_MANY_FIELDS, PDF_FIELDS_MAX);
    pdf_set_add(&walk->met, node->object);
    if (!read_field(walk, node, parent, &field, err))
        return false;
    if (field.object.value.kind == PDF_NULL)
        return true; /* 7.3.10: a reference to nothing is null */
    if (!pdf_follow(walk->document, walk->as_of, &field.object.value, "Kids", &kids, err)
        || !has_child_fields(walk, &kids, &children, err))
        return false;
    if (children)
        return walk_children(walk, &field, &kids, depth, err);
    return walk->visit(walk->context, &field, err);
}

bool pdf_form_walk(struct pdf_document *document, size_t as_of, pdf_field_visit *visit, void *context,
                   struct error *err)
{
    struct walk walk = {.document = document, .as_of = as_of, .visit = visit, .context = context};
    struct pdf_object catalog;
    struct pdf_value form, fields, field;
    if (!pdf_catalog(document, as_of, &catalog, err)
        || !pdf_follow(document, as_of, &catalog.value, "AcroForm", &form, err)
        || !pdf_follow(document, as_of, &form, "Fields", &fields, err))
        return false;
    if ((form.kind != PDF_NULL && form.kind != PDF_DICTIONARY)
        || (fields.kind != PDF_NULL && fields.kind != PDF_ARRAY))
        return broken(err, catalog.number);
    bool walked = true;
    for (struct pdf_cursor inside = pdf_inside(&fields); walked && pdf_next_item(&inside, &field);)
        walked = walk_field(&walk, &field, NULL, 0, err);
    pdf_set_clear(&walk.met);
    return walked;
}

static void limits_of_lock(const struct pdf_value *lock, struct pdf_limits *limits)
{
    struct pdf_value action = pdf_get(lock, "Action"), permitted = pdf_get(lock, "P");
    if (pdf_is_name(&action, "All") || pdf_is_name(&action, "Exclude"))
        limits->locks_all = true;
    if (permitted.kind == PDF_INTEGER && (limits->permitted == 0 || permitted.integer < limits->permitted))
        limits->permitted = permitted.integer;
}

static bool limits_of_reference(struct pdf_document *document, size_t as_of, struct pdf_value reference,
                                struct pdf_limits *limits, struct error *err)
{
    enum { PERMITTED_BY_DEFAULT = 2 }; /* table 254 */
    struct pdf_value parameters;
    if (!pdf_resolve(document, as_of, &reference, err)
        || !pdf_follow(document, as_of, &reference, "TransformParams", &parameters, err))
        return false;
    struct pdf_value method = pdf_get(&reference, "TransformMethod");
    if (pdf_is_name(&method, "FieldMDP")) {
        limits_of_lock(&parameters, limits);
    } else if (pdf_is_name(&method, "DocMDP")) {
        struct pdf_value permitted = pdf_get(&parameters, "P");
        limits->certifies = true;
        limits->permitted = permitted.kind == PDF_INTEGER ? permitted.integer : PERMITTED_BY_DEFAULT;
    }
    return true;
}

bool pdf_limits_read(struct pdf_document *document, size_t as_of, const struct pdf_field *field,
                     const struct pdf_value *signature, struct pdf_limits *ret_limits, struct error *err)
{
    struct pdf_limits limits = {0};
    struct pdf_value references, reference, lock;
    if (!pdf_follow(document, as_of, signature, "Reference", &references, err)
        || !pdf_follow(document, as_of, &field->object.value, "Lock", &lock, err))
        return false;
    for (struct pdf_cursor inside = pdf_inside(&references); pdf_next_item(&inside, &reference);)
        if (!limits_of_reference(document, as_of, reference, &limits, err))
            return false;
    limits_of_lock(&lock, &limits);
    *ret_limits = limits;
    return true;
}
