/* What the fields of a form are drawn with: its default text and its default resources (ISO 32000-2, 12.7.3).
 * They may grow, and may not change what a reader draws with them. */
#include "base/base_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_form.h"
#include "signer/pdf_text.h"

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
bool pdf_explain_drawing(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
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
