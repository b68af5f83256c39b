/* What a signature may touch of the form: its own field, its own widgets, the list of fields; and fields
 * that are made for signatures to come. */
#include "base/base_text.h"
#include "signer/pdf_change_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_text.h"

/* A field that was waiting for its signature: V was nothing, now it is; its widget may get a face. */
static bool explain_filled_field(struct pdf_step *step, struct pdf_redefined *field, struct error *err)
{
    static const char *const allowed[] = {"V", "AP", "MK", "M", "Lock", "SV", "F", "Ff", "DA", "Type", NULL};
    struct pdf_object old, now;
    if (!pdf_object_read(step->document, field->number, field->before, step->old, &old, err)
        || !pdf_object_read(step->document, field->number, field->after, step->now, &now, err))
        return false;
    struct pdf_value type = pdf_get(&now.value, "Type");
    if (pdf_get(&old.value, "V").kind != PDF_NULL)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, field->number, "/V");
    if (type.kind != PDF_NULL && !pdf_is_name(&type, "Annot"))
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, field->number, "/Type");
    return pdf_explain_same(step, field, allowed, err);
}

/* Nothing happens when somebody points at a field or its widget. */
static bool check_acts(struct pdf_step *step, const struct pdf_object *object)
{
    static const char *const acts[] = {"A", "AA"};
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (pdf_get(&object->value, acts[i]).kind != PDF_NULL)
            return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, object->number, acts[i]);
    return true;
}

/* A widget that came with the revision: it shows the signature. */
static bool explain_new_widget(struct pdf_step *step, uint32_t number, struct error *err)
{
    struct pdf_object widget;
    if (!pdf_object_find(step->document, number, step->now, &widget, err))
        return false;
    struct pdf_value subtype = pdf_get(&widget.value, "Subtype");
    if (!pdf_is_name(&subtype, "Widget") || widget.is_stream)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, "/Subtype");
    if (!check_acts(step, &widget))
        return false;
    pdf_set_add(&step->widgets, number);
    return true;
}

/* A widget that was there before gets its face. */
static bool explain_old_widget(struct pdf_step *step, uint32_t number, struct error *err)
{
    struct pdf_object old, now;
    pdf_set_add(&step->widgets, number);
    if (!pdf_object_find(step->document, number, step->old, &old, err)
        || !pdf_object_find(step->document, number, step->now, &now, err))
        return false;
    struct pdf_value before = pdf_get(&old.value, "AP"), after = pdf_get(&now.value, "AP");
    return pdf_same(&before, &after) || pdf_explain_face(step, &now, 0, err);
}

static bool is_fresh(const struct pdf_step *step, uint32_t number)
{
    return pdf_step_is_fresh_number(step, number);
}

/* The widgets of a field that waited may get a face. A new field has new widgets: what was there before
 * shows something else. */
static bool explain_widget(struct pdf_step *step, const struct pdf_value *reference, bool new_field,
                           struct error *err)
{
    static const char *const allowed[] = {"AP", "MK", "M", "F", "DA", NULL};
    if (reference->kind != PDF_REFERENCE)
        return true;
    if (is_fresh(step, reference->object))
        return explain_new_widget(step, reference->object, err);
    if (new_field)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, reference->object, "/Kids");
    struct pdf_redefined *widget = pdf_step_find(step, reference->object);
    if (widget && !widget->explained && !pdf_explain_same(step, widget, allowed, err))
        return false;
    return explain_old_widget(step, reference->object, err);
}

/* A field that is its own widget. */
static bool explain_merged(struct pdf_step *step, const struct pdf_object *field, bool new_field,
                           struct error *err)
{
    if (pdf_get(&field->value, "Subtype").kind == PDF_NULL)
        return true;
    return new_field ? explain_new_widget(step, field->number, err)
                     : explain_old_widget(step, field->number, err);
}

static bool explain_signature(struct pdf_step *step, const struct pdf_signature *signature, struct error *err)
{
    struct pdf_object field;
    struct pdf_value kids, kid;
    struct pdf_redefined *redefined = pdf_step_find(step, signature->field);
    bool new_field = is_fresh(step, signature->field);
    if (redefined && !new_field && !redefined->explained && !explain_filled_field(step, redefined, err))
        return false;
    if (!new_field && signature->filter != PDF_FILTER_TIMESTAMP
        && pdf_permissions_lock(&step->context->permissions, signature->name))
        return pdf_step_refused(step, &TEXT_PDF_FIELD_LOCKED, signature->name,
                                step->context->permissions.locker);
    if (!pdf_object_find(step->document, signature->field, step->now, &field, err)
        || !pdf_follow(step->document, step->now, &field.value, "Kids", &kids, err)
        || (new_field && !check_acts(step, &field)) || !explain_merged(step, &field, new_field, err))
        return false;
    for (struct pdf_cursor inside = pdf_inside(&kids); pdf_next_item(&inside, &kid);)
        if (!explain_widget(step, &kid, new_field, err))
            return false;
    return true;
}

bool pdf_explain_signatures(struct pdf_step *step, struct error *err)
{
    for (size_t i = 0; i < step->signatures->count; i++) {
        const struct pdf_signature *signature = &step->signatures->all[i];
        if (!signature->defect.text && signature->revision == step->revision
            && !explain_signature(step, signature, err))
            return false;
    }
    return true;
}

/* A field that waits for a signature: it says nothing and shows nothing yet. In a certified document a new
 * one may not even have a place on a page (docs/decisions/pdf-changes.md). */
static bool explain_waiting(struct pdf_step *step, uint32_t number, struct error *err)
{
    static const char *const says[] = {"V", "AP", "Kids", "DV"};
    struct pdf_object field;
    struct pdf_rectangle place = {0};
    if (!pdf_object_find(step->document, number, step->now, &field, err))
        return false;
    struct pdf_value type = pdf_get(&field.value, "FT"), rectangle = pdf_get(&field.value, "Rect");
    if (!pdf_is_name(&type, "Sig") || field.is_stream)
        return true; /* stays in the list as one that nobody expected */
    for (size_t i = 0; i < COUNT_OF(says); i++)
        if (pdf_get(&field.value, says[i]).kind != PDF_NULL)
            return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, says[i]);
    if (rectangle.kind != PDF_NULL && step->context->permissions.permitted != 0
        && (!pdf_rectangle_read(step->document, step->now, &rectangle, &place)
            || pdf_rectangle_area(&place) > 0))
        return pdf_step_changed(step, &TEXT_PDF_FACE_CERTIFIED, number, "Rect");
    pdf_set_add(&step->waiting, number);
    pdf_step_kind(step, REVISION_SIGNATURE);
    return check_acts(step, &field)
           && (pdf_get(&field.value, "Subtype").kind == PDF_NULL || explain_new_widget(step, number, err));
}

/* New fields may stand below others (12.7.4.2): what is new above them holds names and nothing else. Adds the
 * field and those new ones to the set; the first old one above them is *ret_parent, or 0. */
static bool add_family(struct pdf_step *step, uint32_t number, struct pdf_set *fields, uint32_t *ret_parent,
                       struct error *err)
{
    static const char *const known[] = {"T", "TU", "TM", "FT", "Ff", "Kids", "Parent", NULL};
    struct pdf_object field;
    *ret_parent = 0;
    for (unsigned depth = 0; depth < PDF_FIELD_DEPTH && is_fresh(step, number); depth++) {
        if (!pdf_object_find(step->document, number, step->now, &field, err))
            return false;
        if (depth > 0 && (field.is_stream || !pdf_step_only(step, &field.value, known)))
            return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, "/Parent");
        struct pdf_value parent = pdf_get(&field.value, "Parent");
        pdf_set_add(fields, number);
        if (parent.kind != PDF_REFERENCE)
            return true;
        number = parent.object;
    }
    *ret_parent = number;
    return true;
}

/* Above a signed field, what is new has no other children than those. */
static bool check_family(struct pdf_step *step, uint32_t number, const struct pdf_set *fields,
                         struct error *err)
{
    struct pdf_object field;
    struct pdf_value kids, kid, parent;
    for (unsigned depth = 0; depth < PDF_FIELD_DEPTH && is_fresh(step, number); depth++) {
        if (!pdf_object_find(step->document, number, step->now, &field, err)
            || !pdf_follow(step->document, step->now, &field.value, "Kids", &kids, err))
            return false;
        for (struct pdf_cursor inside = pdf_inside(&kids); depth > 0 && pdf_next_item(&inside, &kid);)
            if (kid.kind != PDF_REFERENCE || !pdf_set_has(fields, kid.object))
                return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, "/Kids");
        parent = pdf_get(&field.value, "Parent");
        if (parent.kind != PDF_REFERENCE)
            return true;
        number = parent.object;
    }
    return true;
}

/* A field that was there before and got new children. */
static bool explain_parent(struct pdf_step *step, uint32_t number, const struct pdf_set *fields,
                           struct error *err)
{
    static const char *const allowed[] = {"Kids", NULL};
    struct pdf_redefined *parent = pdf_step_find(step, number);
    struct pdf_object old, now;
    if (number == 0)
        return true;
    if (!pdf_object_find(step->document, number, step->old, &old, err)
        || !pdf_object_find(step->document, number, step->now, &now, err))
        return false;
    struct pdf_value type = pdf_get(&old.value, "FT");
    if (pdf_get(&old.value, "Subtype").kind != PDF_NULL || pdf_get(&old.value, "V").kind != PDF_NULL
        || (type.kind != PDF_NULL && !pdf_is_name(&type, "Sig")))
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, "/Kids");
    return (!parent || parent->explained || pdf_explain_same(step, parent, allowed, err))
           && pdf_explain_list(step, &old.value, &now.value, "Kids", fields, number, err);
}

static bool is_new_here(const struct pdf_step *step, const struct pdf_signature *signature)
{
    return !signature->defect.text && signature->revision == step->revision
           && is_fresh(step, signature->field);
}

/* Fields that no list of an earlier revision knew: of this revision's signatures … */
static bool signed_fields(struct pdf_step *step, struct pdf_set *ret_fields, struct error *err)
{
    uint32_t parent;
    for (size_t i = 0; i < step->signatures->count; i++)
        if (is_new_here(step, &step->signatures->all[i])
            && !add_family(step, step->signatures->all[i].field, ret_fields, &parent, err))
            return false;
    for (size_t i = 0; i < step->signatures->count; i++) {
        const struct pdf_signature *signature = &step->signatures->all[i];
        if (is_new_here(step, signature)
            && (!check_family(step, signature->field, ret_fields, err)
                || !add_family(step, signature->field, ret_fields, &parent, err)
                || !explain_parent(step, parent, ret_fields, err)))
            return false;
    }
    return true;
}

/* … and those made for later ones. */
static bool new_fields(struct pdf_step *step, const struct pdf_value *form, struct pdf_set *ret_fields,
                       struct error *err)
{
    struct pdf_value fields, field;
    if (!signed_fields(step, ret_fields, err)
        || !pdf_follow(step->document, step->now, form, "Fields", &fields, err))
        return false;
    for (struct pdf_cursor inside = pdf_inside(&fields); pdf_next_item(&inside, &field);) {
        if (field.kind != PDF_REFERENCE || pdf_set_has(ret_fields, field.object)
            || !is_fresh(step, field.object))
            continue;
        if (!explain_waiting(step, field.object, err))
            return false;
        if (pdf_set_has(&step->waiting, field.object))
            pdf_set_add(ret_fields, field.object);
    }
    return true;
}

/* NeedAppearances: a reader draws all fields anew from their values. */
static bool note_redrawing(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
                           struct error *err)
{
    struct pdf_value before, after;
    if (!pdf_follow(step->document, step->old, old, "NeedAppearances", &before, err)
        || !pdf_follow(step->document, step->now, now, "NeedAppearances", &after, err))
        return false;
    bool was = before.kind == PDF_BOOLEAN && before.integer, is = after.kind == PDF_BOOLEAN && after.integer;
    step->redraws = was != is;
    return true;
}

/* The form without its fields. */
static bool compare_form(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
                         uint32_t owner, struct error *err)
{
    static const char *const allowed[] = {"Fields", "SigFlags", "DA", "DR", "NeedAppearances", NULL};
    if (old->kind != PDF_NULL && old->kind != PDF_DICTIONARY)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, "/AcroForm");
    struct pdf_value key = pdf_step_difference(step, old, now, allowed);
    if (key.kind != PDF_NULL)
        return pdf_step_changed_key(step, owner, &key);
    return note_redrawing(step, old, now, err) && pdf_explain_drawing(step, old, now, owner, err);
}

bool pdf_explain_form(struct pdf_step *step, const struct pdf_value *old_catalog,
                      const struct pdf_value *catalog, uint32_t owner, struct error *err)
{
    struct pdf_set fields CLEANUP(pdf_set_clear) = {0};
    struct pdf_value old_entry = pdf_get(old_catalog, "AcroForm"), entry = pdf_get(catalog, "AcroForm"), old,
                     now;
    if (!pdf_follow(step->document, step->old, old_catalog, "AcroForm", &old, err)
        || !pdf_follow(step->document, step->now, catalog, "AcroForm", &now, err))
        return false;
    if (entry.kind == PDF_REFERENCE)
        owner = entry.object;
    if (!compare_form(step, &old, &now, owner, err) || !new_fields(step, &now, &fields, err)
        || !pdf_explain_list(step, &old, &now, "Fields", &fields, owner, err))
        return false;
    pdf_explain_holder(step, &old_entry, &entry);
    return true;
}
