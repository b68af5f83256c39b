#include "signer/pdf_explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_pages.h"
#include "signer/pdf_text.h"

static bool is_named(const struct pdf_value *key, const char *const *names)
{
    for (; *names; names++)
        if (pdf_is_name(key, *names))
            return true;
    return false;
}

struct pdf_value pdf_step_difference(const struct pdf_value *old, const struct pdf_value *now,
                                     const char *const *allowed)
{
    struct pdf_value key, value;
    for (int turn = 0; turn < 2; turn++) {
        const struct pdf_value *from = turn ? now : old, *to = turn ? old : now;
        for (struct pdf_cursor inside = pdf_inside(from); pdf_next_entry(&inside, &key, &value);) {
            if (is_named(&key, allowed) || value.kind == PDF_NULL)
                continue;
            struct pdf_value other = pdf_get_like(to, &key);
            if (turn ? other.kind == PDF_NULL : !pdf_same(&value, &other))
                return key;
        }
    }
    return (struct pdf_value){0};
}

static bool changed_key(struct pdf_step *step, uint32_t number, const struct pdf_value *key)
{
    char what[TEXT_ARG_SIZE];
    snprintf(what, sizeof(what), "%.*s", (int)key->raw.size, (const char *)key->raw.data);
    return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, what);
}

/* What is the same but for the allowed keys. */
static bool explain_same(struct pdf_step *step, struct pdf_redefined *object, const char *const *allowed,
                         struct error *err)
{
    struct pdf_object old, now;
    if (!pdf_object_read(step->document, object->number, object->before, step->old, &old, err)
        || !pdf_object_read(step->document, object->number, object->after, step->now, &now, err))
        return false;
    if (old.value.kind != PDF_DICTIONARY || now.value.kind != PDF_DICTIONARY || old.is_stream || now.is_stream
        || old.generation != now.generation)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED, object->number, "object");
    struct pdf_value key = pdf_step_difference(&old.value, &now.value, allowed);
    if (key.kind != PDF_NULL)
        return changed_key(step, object->number, &key);
    object->explained = true;
    return true;
}

/* A field that was waiting for its signature: V was nothing, now it is; its widget may get a face. */
static bool explain_filled_field(struct pdf_step *step, struct pdf_redefined *field, struct error *err)
{
    static const char *const allowed[] = {"V", "AP", "MK", "M", "Lock", "SV", NULL};
    struct pdf_object old;
    if (!pdf_object_read(step->document, field->number, field->before, step->old, &old, err))
        return false;
    if (pdf_get(&old.value, "V").kind != PDF_NULL)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, field->number, "/V");
    return explain_same(step, field, allowed, err);
}

static bool explain_widget(struct pdf_step *step, const struct pdf_value *reference, struct error *err)
{
    static const char *const allowed[] = {"AP", "MK", "M", NULL};
    if (reference->kind != PDF_REFERENCE)
        return true;
    pdf_set_add(&step->widgets, reference->object);
    struct pdf_redefined *widget = pdf_step_find(step, reference->object);
    if (!widget || widget->explained || pdf_step_is_fresh(step, widget))
        return true;
    return explain_same(step, widget, allowed, err);
}

static bool explain_signature(struct pdf_step *step, const struct pdf_signature *signature, struct error *err)
{
    struct pdf_object field;
    struct pdf_value kids, kid;
    struct pdf_redefined *redefined = pdf_step_find(step, signature->field);
    if (redefined && !pdf_step_is_fresh(step, redefined) && !redefined->explained
        && !explain_filled_field(step, redefined, err))
        return false;
    if (!pdf_object_find(step->document, signature->field, step->now, &field, err)
        || !pdf_follow(step->document, step->now, &field.value, "Kids", &kids, err))
        return false;
    struct pdf_value subtype = pdf_get(&field.value, "Subtype");
    if (pdf_is_name(&subtype, "Widget") && !field.is_stream)
        pdf_set_add(&step->widgets, signature->field);
    for (struct pdf_cursor inside = pdf_inside(&kids); pdf_next_item(&inside, &kid);)
        if (!explain_widget(step, &kid, err))
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

/* Everything that stood in the old list stands in the new one, in the same order; what was added are references into `added`. */
static bool grown_by(const struct pdf_value *old, const struct pdf_value *now, const struct pdf_set *added)
{
    struct pdf_cursor in_old = pdf_inside(old), in_now = pdf_inside(now);
    struct pdf_value item, expected;
    bool more = pdf_next_item(&in_old, &expected);
    while (pdf_next_item(&in_now, &item)) {
        if (more && pdf_same(&item, &expected))
            more = pdf_next_item(&in_old, &expected);
        else if (item.kind != PDF_REFERENCE || !pdf_set_has(added, item.object))
            return false;
    }
    return !more && now->kind == PDF_ARRAY;
}

/* An object of its own under a key: it is explained when it was the one under that key before, and nothing else shows it. */
static void explain_holder(struct pdf_step *step, const struct pdf_value *old_entry,
                           const struct pdf_value *entry)
{
    struct pdf_redefined *holder = entry->kind == PDF_REFERENCE ? pdf_step_find(step, entry->object) : NULL;
    if (holder && pdf_same(old_entry, entry) && !pdf_step_is_shared(step, holder->number))
        holder->explained = true;
}

/* A list under `key`, in its dictionary or as an object of its own. */
static bool explain_list(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
                         const char *key, const struct pdf_set *added, uint32_t owner, struct error *err)
{
    struct pdf_value old_entry = pdf_get(old, key), entry = pdf_get(now, key), before, after;
    char what[TEXT_ARG_SIZE];
    snprintf(what, sizeof(what), "/%s", key);
    if (!pdf_follow(step->document, step->old, old, key, &before, err)
        || !pdf_follow(step->document, step->now, now, key, &after, err))
        return false;
    if (before.kind == PDF_NULL && after.kind == PDF_NULL)
        return true;
    if (!grown_by(&before, &after, added))
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, what);
    explain_holder(step, &old_entry, &entry);
    return true;
}

/* The fields of this revision's signatures that no list of an earlier revision knew. */
static void new_fields(const struct pdf_step *step, struct pdf_set *ret_fields)
{
    for (size_t i = 0; i < step->signatures->count; i++) {
        const struct pdf_signature *signature = &step->signatures->all[i];
        const struct pdf_redefined *field = pdf_step_find(step, signature->field);
        if (!signature->defect.text && signature->revision == step->revision && field
            && pdf_step_is_fresh(step, field))
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
    *ret_grew = true;
    if (!pdf_follow(step->document, step->old, old_form, "DR", &old, err)
        || !pdf_follow(step->document, step->now, form, "DR", &now, err))
        return false;
    for (struct pdf_cursor inside = pdf_inside(&old); pdf_next_entry(&inside, &kind, &before) && *ret_grew;) {
        after = pdf_get_like(&now, &kind);
        if (!pdf_resolve(step->document, step->old, &before, err)
            || !pdf_resolve(step->document, step->now, &after, err))
            return false;
        *ret_grew = kept_all(&before, &after);
    }
    return true;
}

/* The form without its fields: it may get what texts are drawn with, where it had nothing. */
static bool compare_form(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
                         uint32_t owner, struct error *err)
{
    static const char *const allowed[] = {"Fields", "SigFlags", "DA", "DR", NULL};
    bool grew;
    struct pdf_value key = pdf_step_difference(old, now, allowed), before = pdf_get(old, "DA"),
                     after = pdf_get(now, "DA");
    if (key.kind != PDF_NULL)
        return changed_key(step, owner, &key);
    if (before.kind != PDF_NULL && !pdf_same(&before, &after))
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, "/DA");
    if (!resources_grew(step, old, now, &grew, err))
        return false;
    return grew || pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, "/DR");
}

static bool explain_form(struct pdf_step *step, const struct pdf_value *old_catalog,
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
        || !explain_list(step, &old, &now, "Fields", &fields, owner, err))
        return false;
    explain_holder(step, &old_entry, &entry);
    return true;
}

/* The document information dictionary: whoever signs may say when and with what; the title and the author stay. */
static bool explain_about(struct pdf_step *step, struct error *err)
{
    static const char *const allowed[] = {"ModDate", "Producer", "CreationDate", NULL};
    struct pdf_value old_entry = pdf_get(&step->document->xref.sections[step->old].trailer, "Info");
    struct pdf_value entry = pdf_get(&step->document->xref.sections[step->now].trailer, "Info"),
                     old = old_entry, now = entry;
    if (!pdf_resolve(step->document, step->old, &old, err)
        || !pdf_resolve(step->document, step->now, &now, err))
        return false;
    struct pdf_value key = pdf_step_difference(&old, &now, allowed);
    if (key.kind != PDF_NULL)
        return changed_key(step, entry.object, &key);
    explain_holder(step, &old_entry, &entry);
    return true;
}

bool pdf_explain_catalog(struct pdf_step *step, struct error *err)
{
    static const char *const allowed[] = {"AcroForm", "DSS", "Extensions", "Version", NULL};
    struct pdf_object old, now;
    if (!pdf_catalog(step->document, step->old, &old, err)
        || !pdf_catalog(step->document, step->now, &now, err))
        return false;
    struct pdf_redefined *catalog = pdf_step_find(step, now.number);
    struct pdf_value key = pdf_step_difference(&old.value, &now.value, allowed);
    if (key.kind != PDF_NULL)
        return changed_key(step, now.number, &key);
    if (catalog)
        catalog->explained = true;
    return explain_form(step, &old.value, &now.value, now.number, err)
           && pdf_explain_security_store(step, &old.value, &now.value, err) && explain_about(step, err);
}

static bool is_page(const struct pdf_object *object)
{
    struct pdf_value type = pdf_get(&object->value, "Type");
    return !object->is_stream && pdf_is_name(&type, "Page");
}

/* A page whose annotations grew by the new widgets; nothing else about it may differ. */
static bool explain_page(struct pdf_step *step, uint32_t number, struct error *err)
{
    static const char *const allowed[] = {"Annots", NULL};
    struct pdf_object old, now;
    struct pdf_redefined *page = pdf_step_find(step, number);
    if (!pdf_object_find(step->document, number, step->old, &old, err)
        || !pdf_object_find(step->document, number, step->now, &now, err))
        return false;
    if (!is_page(&old) || !is_page(&now))
        return true; /* no page before: stays unexplained if it is there now */
    struct pdf_value key = pdf_step_difference(&old.value, &now.value, allowed);
    if (key.kind != PDF_NULL)
        return changed_key(step, number, &key);
    if (page)
        page->explained = true;
    return explain_list(step, &old.value, &now.value, "Annots", &step->widgets, number, err);
}

/* The pages that show the new widgets, for annotation lists that are objects of their own. */
static bool explain_widget_page(struct pdf_step *step, uint32_t widget, struct error *err)
{
    struct pdf_object object;
    if (!pdf_object_find(step->document, widget, step->now, &object, err))
        return false;
    struct pdf_value page = pdf_get(&object.value, "P");
    return page.kind == PDF_REFERENCE ? explain_page(step, page.object, err) : true;
}

/* Widgets need not say which page they are on: then every page is asked. */
static bool explain_any_page(void *context, const struct pdf_object *page, struct error *err)
{
    struct pdf_step *step = context;
    struct pdf_value annotations = pdf_get(&page->value, "Annots");
    if (annotations.kind == PDF_REFERENCE && pdf_step_find(step, annotations.object))
        return explain_page(step, page->number, err);
    return true;
}

static bool is_list_left(const struct pdf_step *step, struct error *err, bool *ret_left)
{
    *ret_left = false;
    for (size_t i = 0; i < step->count && !*ret_left; i++) {
        struct pdf_object object;
        if (step->objects[i].explained)
            continue;
        if (!pdf_object_find(step->document, step->objects[i].number, step->now, &object, err))
            return false;
        *ret_left = object.value.kind == PDF_ARRAY;
    }
    return true;
}

bool pdf_explain_pages(struct pdf_step *step, struct error *err)
{
    bool left;
    for (size_t i = 0; i < step->count; i++)
        if (!step->objects[i].explained && !explain_page(step, step->objects[i].number, err))
            return false;
    for (uint32_t number = 0; number < step->widgets.room; number++)
        if (pdf_set_has(&step->widgets, number) && !explain_widget_page(step, number, err))
            return false;
    if (!is_list_left(step, err, &left))
        return false;
    return !left || pdf_pages_walk(step->document, step->now, explain_any_page, step, err);
}
