/* Filling in a form: a field that stood in the signed revision gets another value, and its widgets the look
 * that goes with it. The tree of fields, their names, kinds, places, actions and defaults stay. A look that
 * changes while the value stays is none of it: that is how a prepared document shows another text after
 * signing (docs/decisions/pdf-changes.md). */
#include "base/base_text.h"
#include "signer/pdf_change_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_text.h"

/* An object that a field showed before and nothing else did, written again in place: explained with the
 * field. */
static bool explain_in_place(struct pdf_step *step, const struct pdf_value *old_reference)
{
    struct pdf_redefined *object =
        old_reference->kind == PDF_REFERENCE ? pdf_step_find(step, old_reference->object) : NULL;
    if (!object || object->explained)
        return false;
    if (!pdf_step_is_shared(step, object->number))
        object->explained = true;
    return true;
}

/* Another value? V itself, or the object it names. */
static bool has_other_value(struct pdf_step *step, const struct pdf_object *old, const struct pdf_object *now)
{
    struct pdf_value before = pdf_get(&old->value, "V"), after = pdf_get(&now->value, "V");
    return explain_in_place(step, &before) || !pdf_step_same(step, &before, &after);
}

/* The looks a widget had: N, R and D, each a stream or a dictionary of streams by state (12.5.5). */
static bool look_at_states(struct pdf_step *step, struct pdf_value look, bool *changed, struct error *err)
{
    struct pdf_object object;
    struct pdf_value key, state;
    *changed |= explain_in_place(step, &look);
    if (look.kind == PDF_REFERENCE) {
        if (!pdf_object_find(step->document, look.object, step->old, &object, err))
            return false;
        if (object.is_stream)
            return true;
        look = object.value;
    }
    for (struct pdf_cursor inside = pdf_inside(&look); pdf_next_entry(&inside, &key, &state);)
        *changed |= explain_in_place(step, &state);
    return true;
}

static bool looks_otherwise(struct pdf_step *step, const struct pdf_object *old, const struct pdf_object *now,
                            bool *ret_otherwise, struct error *err)
{
    static const char *const looks[] = {"N", "R", "D"};
    struct pdf_value before = pdf_get(&old->value, "AP"), after = pdf_get(&now->value, "AP"),
                     state = pdf_get(&old->value, "AS"), new_state = pdf_get(&now->value, "AS");
    bool changed = !pdf_step_same(step, &before, &after) || !pdf_same(&state, &new_state);
    changed |= explain_in_place(step, &before);
    if (!pdf_resolve(step->document, step->old, &before, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(looks); i++)
        if (!look_at_states(step, pdf_get(&before, looks[i]), &changed, err))
            return false;
    *ret_otherwise = changed;
    return true;
}

/* What may differ in a field, in a widget, and in both when they are one object. */
static bool check_keys(struct pdf_step *step, uint32_t number, bool is_field, bool is_widget,
                       struct error *err)
{
    static const char *const field[] = {"V", "I", "TI", "RV", "M", "Type", NULL},
                             *const widget[] = {"AP", "AS", "M", "Type", NULL}, *const both[] = {"V",  "I",
                                                                                                 "TI", "RV",
                                                                                                 "M",  "Type",
                                                                                                 "AP", "AS",
                                                                                                 NULL};
    struct pdf_redefined *object = pdf_step_find(step, number);
    if (!object || object->explained)
        return true;
    return pdf_explain_same(step, object, is_field && is_widget ? both : is_field ? field : widget, err);
}

static bool explain_widget(struct pdf_step *step, const struct pdf_fillable *field, uint32_t number,
                           struct error *err)
{
    struct pdf_object old, now;
    bool otherwise;
    if (!pdf_object_find(step->document, number, step->old, &old, err)
        || !pdf_object_find(step->document, number, step->now, &now, err))
        return false;
    struct pdf_value type = pdf_get(&now.value, "Type");
    if (type.kind != PDF_NULL && !pdf_is_name(&type, "Annot"))
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, "/Type");
    if (!check_keys(step, number, number == field->number, true, err)
        || !looks_otherwise(step, &old, &now, &otherwise, err))
        return false;
    if (!otherwise)
        return true;
    return field->changed_then ? pdf_explain_filled_look(step, &now)
                               : pdf_step_changed(step, &TEXT_PDF_FACE_CHANGED, number, field->name);
}

/* 12.8.2.4: a locked field keeps everything. */
static bool check_lock(struct pdf_step *step, const struct pdf_fillable *field)
{
    return !pdf_permissions_lock(&step->context->permissions, field->name)
           || pdf_step_refused(step, &TEXT_PDF_FIELD_LOCKED, field->name, step->context->permissions.locker);
}

static void note_filled(struct pdf_step *step, const struct pdf_fillable *field)
{
    pdf_step_kind(step, REVISION_FORM);
    if (!step->happened.filled[0])
        text_clean(field->name, strlen(field->name), PDF_SAID_MAX, step->happened.filled);
}

/* A field of which something was written again: looked at whole, once. */
static bool explain_field(struct pdf_step *step, struct pdf_fillable *field, struct error *err)
{
    struct pdf_object old, now;
    struct pdf_value kids, kid;
    if (field->looked_at == step->revision + 1)
        return true;
    field->looked_at = step->revision + 1;
    if (!check_lock(step, field) || !pdf_object_find(step->document, field->number, step->old, &old, err)
        || !pdf_object_find(step->document, field->number, step->now, &now, err))
        return false;
    field->changed_then = has_other_value(step, &old, &now);
    bool is_widget = pdf_get(&now.value, "Subtype").kind != PDF_NULL;
    if (!check_keys(step, field->number, true, is_widget, err)
        || (is_widget && !explain_widget(step, field, field->number, err))
        || !pdf_follow(step->document, step->old, &old.value, "Kids", &kids, err))
        return false;
    note_filled(step, field);
    for (struct pdf_cursor inside = pdf_inside(&kids); pdf_next_item(&inside, &kid);)
        if (kid.kind == PDF_REFERENCE && !explain_widget(step, field, kid.object, err))
            return false;
    return true;
}

static bool make_fields(struct pdf_step *step, struct error *err)
{
    struct pdf_fields *fields = &step->context->fields;
    return fields->made || pdf_fields_make(step->document, step->old, fields, err);
}

/* Drawn anew from its value, a field may look otherwise than it was signed: so it must have been filled in
 * just now, and none may be locked. */
static bool check_redrawing(struct pdf_step *step, struct error *err)
{
    if (!make_fields(step, err))
        return false;
    for (size_t i = 0; i < step->context->fields.count; i++) {
        struct pdf_fillable *field = &step->context->fields.all[i];
        if (!check_lock(step, field))
            return false;
        if (field->looked_at != step->revision + 1 || !field->changed_then)
            return pdf_step_changed(step, &TEXT_PDF_FACE_CHANGED, field->number, field->name);
    }
    return true;
}

bool pdf_explain_fields(struct pdf_step *step, struct error *err)
{
    for (size_t i = 0; i < step->count; i++) {
        if (step->objects[i].explained)
            continue;
        if (!make_fields(step, err))
            return false;
        struct pdf_fillable *field = pdf_fields_find(&step->context->fields, step->objects[i].number);
        if (field && !explain_field(step, field, err))
            return false;
    }
    return !step->redraws || check_redrawing(step, err);
}
