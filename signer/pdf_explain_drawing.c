/* What the fields of a form are drawn with: its default text and its default resources (ISO 32000-2, 12.7.3).
 * They may grow, and may not change what a reader draws with them. */
#include "base/base_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_form.h"
#include "signer/pdf_text.h"

struct resources {
    bool same, kept; /* as they were; at least all that was there */
};

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

/* One kind of default resources: a name that draws text keeps its font. What else stands there (pieces of the
 * faces of signatures) draws nothing by itself: a face names its own resources. */
static bool compare_kind(struct pdf_step *step, const struct pdf_value *kind, struct pdf_value before,
                         struct pdf_value after, struct resources *resources, struct error *err)
{
    struct pdf_value old_entry = before, entry = after;
    if (!pdf_resolve(step->document, step->old, &before, err)
        || !pdf_resolve(step->document, step->now, &after, err))
        return false;
    resources->same &= pdf_same(&before, &after);
    resources->kept &= pdf_is_name(kind, "XObject") || kept_all(&before, &after);
    pdf_explain_holder(step, &old_entry, &entry);
    return true;
}

/* Default resources may grow: each kind keeps what it had. */
static bool compare_resources(struct pdf_step *step, const struct pdf_value *old_form,
                              const struct pdf_value *form, struct resources *ret_resources,
                              struct error *err)
{
    struct pdf_value old_entry = pdf_get(old_form, "DR"), entry = pdf_get(form, "DR"), old = old_entry,
                     now = entry, kind, before;
    if (!pdf_resolve(step->document, step->old, &old, err)
        || !pdf_resolve(step->document, step->now, &now, err))
        return false;
    ret_resources->same = pdf_same(&old, &now);
    ret_resources->kept = old.kind == PDF_NULL || old.kind == PDF_DICTIONARY;
    for (struct pdf_cursor inside = pdf_inside(&old); pdf_next_entry(&inside, &kind, &before);)
        if (!compare_kind(step, &kind, before, pdf_get_like(&now, &kind), ret_resources, err))
            return false;
    pdf_explain_holder(step, &old_entry, &entry);
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
bool pdf_explain_drawing(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
                         uint32_t owner, struct error *err)
{
    struct pdf_value texts = pdf_get(old, "DA"), new_texts = pdf_get(now, "DA");
    struct resources resources;
    bool draws, same_texts = pdf_same(&texts, &new_texts);
    if (!compare_resources(step, old, now, &resources, err))
        return false;
    if (!resources.kept)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, "/DR");
    if (texts.kind != PDF_NULL && !same_texts)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, "/DA");
    if (same_texts && resources.same)
        return true;
    if (!draws_fields(step, old, &draws, err))
        return false;
    return !draws || pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, same_texts ? "/DR" : "/DA");
}
