#include "signer/pdf_explain.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_text.h"

enum { KEYS_MAX = 512 }; /* of a page, a form, a catalog: more are not compared, and count as a change */

static bool is_named(const struct pdf_value *key, const char *const *names)
{
    for (; *names; names++)
        if (pdf_is_name(key, *names))
            return true;
    return false;
}

/* What a value stands for, and whether that is a stream. */
static bool look_up(struct pdf_step *step, size_t as_of, const struct pdf_value *value,
                    struct pdf_value *ret_value, struct span *ret_stream)
{
    struct pdf_object object;
    struct error ignored = {0};
    *ret_stream = (struct span){0};
    *ret_value = *value;
    if (value->kind != PDF_REFERENCE)
        return true;
    if (!pdf_object_find(step->document, value->object, as_of, &object, &ignored)
        || object.generation != value->generation)
        return false;
    *ret_value = object.value;
    *ret_stream = object.stream;
    return object.value.kind != PDF_REFERENCE;
}

bool pdf_step_same(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now)
{
    struct pdf_value before, after;
    struct span stream, new_stream;
    if (pdf_same(old, now))
        return true;
    if (old->kind != PDF_REFERENCE && now->kind != PDF_REFERENCE)
        return false;
    if (old->kind == PDF_REFERENCE && now->kind == PDF_REFERENCE && old->object == now->object)
        return false; /* another generation */
    return look_up(step, step->old, old, &before, &stream)
           && look_up(step, step->now, now, &after, &new_stream) && before.kind != PDF_NULL
           && span_equal(stream, new_stream) && pdf_same(&before, &after);
}

struct pdf_value pdf_step_difference(struct pdf_step *step, const struct pdf_value *old,
                                     const struct pdf_value *now, const char *const *allowed)
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
            if (entries++ == KEYS_MAX
                || (turn ? other.kind == PDF_NULL : !pdf_step_same(step, &value, &other)))
                return key;
        }
    }
    return (struct pdf_value){0};
}

bool pdf_step_only(struct pdf_step *step, const struct pdf_value *dictionary, const char *const *known)
{
    struct pdf_value nothing = {.kind = PDF_DICTIONARY, .raw = SPAN_LITERAL("<<>>")};
    return dictionary->kind == PDF_DICTIONARY
           && pdf_step_difference(step, &nothing, dictionary, known).kind == PDF_NULL;
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
    struct pdf_value key = pdf_step_difference(step, &old.value, &now.value, allowed);
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

/* 7.12: one dictionary for each developer, or a list of them. A catalog may be something else as well, and
 * what it names shown: so these are looked into. */
static bool is_extension(struct pdf_step *step, const struct pdf_value *value)
{
    static const char *const known[] = {"Type", "BaseVersion", "ExtensionLevel", "ExtensionRevision",
                                        "URL",  NULL};
    struct pdf_value item;
    if (value->kind == PDF_DICTIONARY)
        return pdf_step_only(step, value, known);
    bool all = value->kind == PDF_ARRAY;
    for (struct pdf_cursor inside = pdf_inside(value); all && pdf_next_item(&inside, &item);)
        all = item.kind == PDF_DICTIONARY && is_extension(step, &item);
    return all;
}

static bool check_extensions(struct pdf_step *step, const struct pdf_object *old_catalog,
                             const struct pdf_object *catalog, struct error *err)
{
    struct pdf_value old_entry = pdf_get(&old_catalog->value, "Extensions"),
                     entry = pdf_get(&catalog->value, "Extensions"), old = old_entry, extensions = entry, key,
                     value, version = pdf_get(&catalog->value, "Version");
    if (version.kind != PDF_NULL && version.kind != PDF_NAME)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, catalog->number, "/Version");
    if (!pdf_resolve(step->document, step->old, &old, err)
        || !pdf_resolve(step->document, step->now, &extensions, err))
        return false;
    bool fit = extensions.kind == PDF_NULL || extensions.kind == PDF_DICTIONARY;
    for (struct pdf_cursor inside = pdf_inside(&extensions); fit && pdf_next_entry(&inside, &key, &value);) {
        struct pdf_value old_value = pdf_get_like(&old, &key), written = value;
        if (pdf_is_name(&key, "Type"))
            continue;
        if (!pdf_resolve(step->document, step->now, &value, err))
            return false;
        fit = is_extension(step, &value);
        pdf_explain_holder(step, &old_value, &written);
    }
    pdf_explain_holder(step, &old_entry, &entry);
    return fit || pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, catalog->number, "/Extensions");
}

static bool signs_now(const struct pdf_step *step, const struct pdf_value *dictionary)
{
    for (size_t i = 0; i < step->signatures->count; i++) {
        const struct pdf_signature *signature = &step->signatures->all[i];
        if (!signature->defect.text && signature->revision == step->revision && signature->object
            && dictionary->kind == PDF_REFERENCE && dictionary->object == signature->object)
            return true;
    }
    return false;
}

/* 12.8.6: a certification may be named with its signature, and stays; usage rights may come and go. */
static bool check_perms(struct pdf_step *step, const struct pdf_object *old_catalog,
                        const struct pdf_object *catalog, struct error *err)
{
    static const char *const allowed[] = {"DocMDP", "UR3", "UR", NULL};
    struct pdf_value old_entry = pdf_get(&old_catalog->value, "Perms"),
                     entry = pdf_get(&catalog->value, "Perms"), old = old_entry, now = entry;
    if (!pdf_resolve(step->document, step->old, &old, err)
        || !pdf_resolve(step->document, step->now, &now, err))
        return false;
    struct pdf_value certification = pdf_get(&old, "DocMDP"), certifies = pdf_get(&now, "DocMDP");
    bool same = pdf_same(&certification, &certifies);
    if ((now.kind != PDF_NULL && now.kind != PDF_DICTIONARY)
        || pdf_step_difference(step, &old, &now, allowed).kind != PDF_NULL
        || (!same && (certification.kind != PDF_NULL || !signs_now(step, &certifies))))
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, catalog->number, "/Perms");
    pdf_explain_holder(step, &old_entry, &entry);
    return true;
}

bool pdf_explain_catalog(struct pdf_step *step, struct error *err)
{
    static const char *const allowed[] = {"AcroForm", "DSS",      "Extensions", "Version",
                                          "Perms",    "Metadata", NULL};
    struct pdf_object old, now;
    if (!pdf_catalog(step->document, step->old, &old, err)
        || !pdf_catalog(step->document, step->now, &now, err))
        return false;
    struct pdf_redefined *catalog = pdf_step_find(step, now.number);
    struct pdf_value key = pdf_step_difference(step, &old.value, &now.value, allowed);
    if (key.kind != PDF_NULL)
        return pdf_step_changed_key(step, now.number, &key);
    if (!check_extensions(step, &old, &now, err) || !check_perms(step, &old, &now, err))
        return false;
    if (catalog)
        catalog->explained = true;
    return pdf_explain_form(step, &old.value, &now.value, now.number, err)
           && pdf_explain_security_store(step, &old.value, &now.value, err)
           && pdf_explain_metadata(step, &old.value, &now.value, err);
}
