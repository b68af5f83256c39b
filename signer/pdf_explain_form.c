/* What a signature may touch of the form: its own field, its own widgets, the list of fields. */
#include "base/base_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_form.h"
#include "signer/pdf_text.h"

/* A field that was waiting for its signature: V was nothing, now it is; its widget may get a face. */
static bool explain_filled_field(struct pdf_step *step, struct pdf_redefined *field, struct error *err)
{
    static const char *const allowed[] = {"V", "AP", "MK", "M", "Lock", "SV", NULL};
    struct pdf_object old;
    if (!pdf_object_read(step->document, field->number, field->before, step->old, &old, err))
        return false;
    if (pdf_get(&old.value, "V").kind != PDF_NULL)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, field->number, "/V");
    return pdf_explain_same(step, field, allowed, err);
}

/* A widget that came with the revision: it shows the signature, and nothing happens when somebody points
 * at it. */
static bool explain_new_widget(struct pdf_step *step, uint32_t number, struct error *err)
{
    static const char *const acts[] = {"A", "AA"};
    struct pdf_object widget;
    if (!pdf_object_find(step->document, number, step->now, &widget, err))
        return false;
    struct pdf_value subtype = pdf_get(&widget.value, "Subtype");
    if (!pdf_is_name(&subtype, "Widget") || widget.is_stream)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, "/Subtype");
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (pdf_get(&widget.value, acts[i]).kind != PDF_NULL)
            return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, acts[i]);
    pdf_set_add(&step->widgets, number);
    return true;
}

static bool is_fresh(const struct pdf_step *step, uint32_t number)
{
    const struct pdf_redefined *object = pdf_step_find(step, number);
    return object && pdf_step_is_fresh(step, object);
}

/* The widgets of a field that waited may get a face. A new field has new widgets: what was there before
 * shows something else. */
static bool explain_widget(struct pdf_step *step, const struct pdf_value *reference, bool new_field,
                           struct error *err)
{
    static const char *const allowed[] = {"AP", "MK", "M", NULL};
    if (reference->kind != PDF_REFERENCE)
        return true;
    if (is_fresh(step, reference->object))
        return explain_new_widget(step, reference->object, err);
    if (new_field)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, reference->object, "/Kids");
    pdf_set_add(&step->widgets, reference->object);
    struct pdf_redefined *widget = pdf_step_find(step, reference->object);
    return !widget || widget->explained || pdf_explain_same(step, widget, allowed, err);
}

/* A field that is its own widget. */
static bool explain_merged(struct pdf_step *step, const struct pdf_object *field, bool new_field,
                           struct error *err)
{
    if (pdf_get(&field->value, "Subtype").kind == PDF_NULL)
        return true;
    if (new_field)
        return explain_new_widget(step, field->number, err);
    pdf_set_add(&step->widgets, field->number);
    return true;
}

static bool explain_signature(struct pdf_step *step, const struct pdf_signature *signature, struct error *err)
{
    struct pdf_object field;
    struct pdf_value kids, kid;
    struct pdf_redefined *redefined = pdf_step_find(step, signature->field);
    bool new_field = is_fresh(step, signature->field);
    if (redefined && !new_field && !redefined->explained && !explain_filled_field(step, redefined, err))
        return false;
    if (!pdf_object_find(step->document, signature->field, step->now, &field, err)
        || !pdf_follow(step->document, step->now, &field.value, "Kids", &kids, err)
        || !explain_merged(step, &field, new_field, err))
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

/* The fields of this revision's signatures that no list of an earlier revision knew. */
static void new_fields(const struct pdf_step *step, struct pdf_set *ret_fields)
{
    for (size_t i = 0; i < step->signatures->count; i++) {
        const struct pdf_signature *signature = &step->signatures->all[i];
        if (!signature->defect.text && signature->revision == step->revision
            && is_fresh(step, signature->field))
            pdf_set_add(ret_fields, signature->field);
    }
}

/* Everything the old dictionary names, the new one names alike; it may name more. */
static bool kept_all(const struct pdf_value *old, const struct pdf_value *now)
{
    struct pdf_value name, value;
    if (old->kind != PDF_DICTIONARY)
        return pdf_same(old, now);
    for (struct pdf_cursor names = pdf_inside(old); pdf_next_entry(&names, &name, &value);) {
        struct pdf_value other = pdf_get_like(now, &name);
        if (!pdf_same(&value, &other))
            return false;
    }
    return true;
}

/* Default resources may grow: each kind keeps what it had (a name that draws text keeps its font). */
static bool resources_grew(struct pdf_step *step, const struct pdf_value *old_form,
                           const struct pdf_value *form, bool *ret_grew, struct error *err)
{
    struct pdf_value old, now, kind, before, after;
    if (!pdf_follow(step->document, step->old, old_form, "DR", &old, err)
        || !pdf_follow(step->document, step->now, form, "DR", &now, err))
        return false;
    *ret_grew = old.kind == PDF_NULL || old.kind == PDF_DICTIONARY;
    for (struct pdf_cursor inside = pdf_inside(&old); pdf_next_entry(&inside, &kind, &before) && *ret_grew;) {
        after = pdf_get_like(&now, &kind);
        if (!pdf_resolve(step->document, step->old, &before, err)
            || !pdf_resolve(step->document, step->now, &after, err))
            return false;
        *ret_grew = kept_all(&before, &after);
    }
    return true;
}

struct faces {
    struct pdf_step *step;
    bool missing; /* a reader draws at least one field itself */
};

static bool has_face(struct faces *faces, struct pdf_value *widget, struct error *err)
{
    if (!pdf_resolve(faces->step->document, faces->step->old, widget, err))
        return false;
    faces->missing |= pdf_get(widget, "AP").kind == PDF_NULL;
    return true;
}

static bool look_for_face(void *context, const struct pdf_field *field, struct error *err)
{
    struct faces *faces = context;
    struct pdf_value kids, widget = field->object.value;
    if (pdf_is_name(&field->type, "Sig"))
        return true;
    if (!pdf_follow(faces->step->document, faces->step->old, &field->object.value, "Kids", &kids, err))
        return false;
    if (kids.kind == PDF_NULL)
        return has_face(faces, &widget, err);
    for (struct pdf_cursor inside = pdf_inside(&kids); pdf_next_item(&inside, &widget);)
        if (!has_face(faces, &widget, err))
            return false;
    return true;
}

/* Fields without a face are drawn by the reader with the form's own fonts and colours: whoever changes
 * those changes what is read. */
static bool draws_fields(struct pdf_step *step, const struct pdf_value *old_form, bool *ret_draws,
                         struct error *err)
{
    struct faces faces = {.step = step};
    struct pdf_value anew;
    if (!pdf_follow(step->document, step->old, old_form, "NeedAppearances", &anew, err)
        || !pdf_form_walk(step->document, step->old, look_for_face, &faces, err))
        return false;
    *ret_draws = faces.missing || (anew.kind == PDF_BOOLEAN && anew.integer);
    return true;
}

/* What texts are drawn with: may come where there was nothing, and may grow, as long as no field is drawn
 * with it. */
static bool compare_drawing(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
                            uint32_t owner, struct error *err)
{
    struct pdf_value texts = pdf_get(old, "DA"), new_texts = pdf_get(now, "DA"), fonts = pdf_get(old, "DR"),
                     new_fonts = pdf_get(now, "DR");
    bool draws, grew, same_texts = pdf_same(&texts, &new_texts);
    if (!resources_grew(step, old, now, &grew, err))
        return false;
    if (!grew)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, "/DR");
    if (texts.kind != PDF_NULL && !same_texts)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, "/DA");
    if (same_texts && pdf_same(&fonts, &new_fonts))
        return true;
    if (!draws_fields(step, old, &draws, err))
        return false;
    return !draws || pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, same_texts ? "/DR" : "/DA");
}

/* The form without its fields. */
static bool compare_form(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
                         uint32_t owner, struct error *err)
{
    static const char *const allowed[] = {"Fields", "SigFlags", "DA", "DR", NULL};
    if (old->kind != PDF_NULL && old->kind != PDF_DICTIONARY)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, "/AcroForm");
    struct pdf_value key = pdf_step_difference(old, now, allowed);
    if (key.kind != PDF_NULL)
        return pdf_step_changed_key(step, owner, &key);
    return compare_drawing(step, old, now, owner, err);
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
    new_fields(step, &fields);
    if (!compare_form(step, &old, &now, owner, err)
        || !pdf_explain_list(step, &old, &now, "Fields", &fields, owner, err))
        return false;
    pdf_explain_holder(step, &old_entry, &entry);
    return true;
}
