#include "signer/pdf_explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_pages.h"
#include "signer/pdf_text.h"

enum { KEYS_MAX = 512 }; /* of a page, a form, a catalog: more are not compared, and count as a change */

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
    if (pdf_same(old, now))
        return (struct pdf_value){0};
    for (int turn = 0; turn < 2; turn++) {
        const struct pdf_value *from = turn ? now : old, *to = turn ? old : now;
        size_t entries = 0;
        for (struct pdf_cursor inside = pdf_inside(from); pdf_next_entry(&inside, &key, &value);) {
            if (is_named(&key, allowed) || value.kind == PDF_NULL)
                continue;
            struct pdf_value other = pdf_get_like(to, &key);
            if (entries++ == KEYS_MAX || (turn ? other.kind == PDF_NULL : !pdf_same(&value, &other)))
                return key;
        }
    }
    return (struct pdf_value){0};
}

bool pdf_step_changed_key(struct pdf_step *step, uint32_t number, const struct pdf_value *key)
{
    char what[TEXT_ARG_SIZE];
    snprintf(what, sizeof(what), "%.*s", (int)key->raw.size, (const char *)key->raw.data);
    return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, number, what);
}

/* What is the same but for the allowed keys. */
bool pdf_explain_same(struct pdf_step *step, struct pdf_redefined *object, const char *const *allowed,
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
        return pdf_step_changed_key(step, object->number, &key);
    object->explained = true;
    return true;
}

/* Everything that stood in the old list stands in the new one, in the same order; what was added are
 * references into `added`. */
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

/* An object of its own under a key: it is explained when it was the one under that key before, and nothing
 * else shows it. */
void pdf_explain_holder(struct pdf_step *step, const struct pdf_value *old_entry,
                        const struct pdf_value *entry)
{
    struct pdf_redefined *holder = entry->kind == PDF_REFERENCE ? pdf_step_find(step, entry->object) : NULL;
    if (holder && pdf_same(old_entry, entry) && !pdf_step_is_shared(step, holder->number))
        holder->explained = true;
}

/* A list under `key`, in its dictionary or as an object of its own. */
bool pdf_explain_list(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
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
    if ((before.kind != PDF_NULL && before.kind != PDF_ARRAY) || !grown_by(&before, &after, added))
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, owner, what);
    pdf_explain_holder(step, &old_entry, &entry);
    return true;
}

/* The document information dictionary: whoever signs may say when and with what; the title and the author
 * stay. */
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
        return pdf_step_changed_key(step, entry.object, &key);
    pdf_explain_holder(step, &old_entry, &entry);
    return true;
}

/* 7.12: one dictionary for each developer, or a list of them. A catalog may be something else as well, and
 * what it names shown: so these are looked into. */
static bool is_extension(const struct pdf_value *value)
{
    static const char *const known[] = {"Type", "BaseVersion", "ExtensionLevel", "ExtensionRevision",
                                        "URL",  NULL};
    struct pdf_value nothing = {.kind = PDF_DICTIONARY, .raw = SPAN_LITERAL("<<>>")}, item;
    if (value->kind == PDF_DICTIONARY)
        return pdf_step_difference(&nothing, value, known).kind == PDF_NULL;
    bool all = value->kind == PDF_ARRAY;
    for (struct pdf_cursor inside = pdf_inside(value); all && pdf_next_item(&inside, &item);)
        all = item.kind == PDF_DICTIONARY && is_extension(&item);
    return all;
}

static bool check_extensions(struct pdf_step *step, const struct pdf_object *catalog, struct error *err)
{
    struct pdf_value extensions, key, value, version = pdf_get(&catalog->value, "Version");
    if (version.kind != PDF_NULL && version.kind != PDF_NAME)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, catalog->number, "/Version");
    if (!pdf_follow(step->document, step->now, &catalog->value, "Extensions", &extensions, err))
        return false;
    bool fit = extensions.kind == PDF_NULL || extensions.kind == PDF_DICTIONARY;
    for (struct pdf_cursor inside = pdf_inside(&extensions); fit && pdf_next_entry(&inside, &key, &value);) {
        if (pdf_is_name(&key, "Type"))
            continue;
        if (!pdf_resolve(step->document, step->now, &value, err))
            return false;
        fit = is_extension(&value);
    }
    return fit || pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, catalog->number, "/Extensions");
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
        return pdf_step_changed_key(step, now.number, &key);
    if (!check_extensions(step, &now, err))
        return false;
    if (catalog)
        catalog->explained = true;
    return pdf_explain_form(step, &old.value, &now.value, now.number, err)
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
        return pdf_step_changed_key(step, number, &key);
    if (page)
        page->explained = true;
    return pdf_explain_list(step, &old.value, &now.value, "Annots", &step->widgets, number, err);
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
