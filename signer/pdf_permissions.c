#include "signer/pdf_permissions.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_change_text.h"
#include "signer/pdf_text.h"

enum {
    STRICTEST = 1,
    BY_DEFAULT = 2, /* ISO 32000-2, table 257: P when it is missing */
    LOOSEST = 3,
    NAME_CUT = PDF_FIELD_NAME - 8 /* bytes: a name as long as this may have been cut */
};

struct reading {
    struct pdf_permissions *permissions;
    struct pdf_document *document;
    const struct pdf_signature *signature;
    size_t as_of;
    bool certifies;
};

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static bool has_name(const struct pdf_names *names, const char *name)
{
    return names->count && bsearch(name, names->all, names->count, sizeof(*names->all), by_name);
}

static void sort_names(struct pdf_names *names)
{
    size_t kept = 0;
    if (names->count)
        qsort(names->all, names->count, sizeof(*names->all), by_name);
    for (size_t i = 0; i < names->count; i++)
        if (kept == 0 || strcmp(names->all[i], names->all[kept - 1]) != 0)
            memmove(names->all[kept++], names->all[i], PDF_FIELD_NAME);
    names->count = kept;
}

/* Text strings, each the full name of a field; what is none locks nothing. */
static bool read_names(const struct pdf_value *list, struct pdf_names *names, struct error *err)
{
    struct pdf_value item;
    size_t count = pdf_count(list);
    if (names->count + count > PDF_LOCK_NAMES_MAX)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_TOO_MANY_LOCKED, PDF_LOCK_NAMES_MAX);
    void *grown = realloc(names->all, (names->count + count + 1) * sizeof(*names->all));
    if (!grown)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    names->all = grown;
    for (struct pdf_cursor inside = pdf_inside(list); pdf_next_item(&inside, &item);) {
        struct buffer text CLEANUP(buffer_clear) = {0};
        if (pdf_string_text(&item, &text))
            text_clean((const char *)text.data, text.size, PDF_FIELD_NAME, names->all[names->count++]);
    }
    sort_names(names);
    return true;
}

/* Two locks that spare some fields spare what both do. */
static bool spare(struct pdf_permissions *permissions, const struct pdf_value *list, struct error *err)
{
    struct pdf_names names = {0};
    size_t kept = 0;
    if (!permissions->spares_some) {
        permissions->spares_some = true;
        return read_names(list, &permissions->spared, err);
    }
    bool read = read_names(list, &names, err);
    for (size_t i = 0; read && i < permissions->spared.count; i++)
        if (has_name(&names, permissions->spared.all[i]))
            memmove(permissions->spared.all[kept++], permissions->spared.all[i], PDF_FIELD_NAME);
    permissions->spared.count = kept;
    free_clear(&names.all);
    return read;
}

static void permit(struct reading *reading, const struct pdf_value *value, int64_t by_default)
{
    struct pdf_permissions *permissions = reading->permissions;
    int64_t permitted = value->kind == PDF_NULL ? by_default : value->integer;
    if (value->kind != PDF_NULL && value->kind != PDF_INTEGER)
        permitted = STRICTEST;
    if (permitted == 0 && value->kind == PDF_NULL)
        return;
    if (permitted < STRICTEST || permitted > LOOSEST)
        permitted = STRICTEST; /* no such permission is known: nothing is permitted */
    if (permissions->permitted != 0 && permissions->permitted <= permitted)
        return;
    permissions->permitted = permitted;
    memcpy(permissions->certifier, reading->signature->name, PDF_FIELD_NAME);
}

/* Action and Fields: of FieldMDP (table 258), of a Lock (table 236). An Action that is none locks all, and so
 * do names that are encrypted. */
static bool lock(struct reading *reading, const struct pdf_value *lock, struct error *err)
{
    struct pdf_permissions *permissions = reading->permissions;
    struct pdf_value action, fields;
    if (!pdf_follow(reading->document, reading->as_of, lock, "Action", &action, err)
        || !pdf_follow(reading->document, reading->as_of, lock, "Fields", &fields, err))
        return false;
    memcpy(permissions->locker, reading->signature->name, PDF_FIELD_NAME);
    permissions->locks_some = true;
    bool legible = !pdf_crypt_why(&reading->document->crypt);
    if (legible && pdf_is_name(&action, "Include"))
        return read_names(&fields, &permissions->locked, err);
    if (legible && pdf_is_name(&action, "Exclude"))
        return spare(permissions, &fields, err);
    permissions->locks_all = true;
    return true;
}

static bool read_reference(struct reading *reading, struct pdf_value reference, struct error *err)
{
    struct pdf_value parameters, method, permitted;
    if (!pdf_resolve(reading->document, reading->as_of, &reference, err)
        || !pdf_follow(reading->document, reading->as_of, &reference, "TransformParams", &parameters, err)
        || !pdf_follow(reading->document, reading->as_of, &reference, "TransformMethod", &method, err))
        return false;
    if (pdf_is_name(&method, "FieldMDP"))
        return lock(reading, &parameters, err);
    if (!pdf_is_name(&method, "DocMDP"))
        return true;
    if (!pdf_follow(reading->document, reading->as_of, &parameters, "P", &permitted, err))
        return false;
    permit(reading, &permitted, BY_DEFAULT);
    reading->certifies = true;
    return true;
}

static bool read_references(struct reading *reading, struct error *err)
{
    struct pdf_value references, reference;
    if (!pdf_follow(reading->document, reading->as_of, &reading->signature->dictionary, "Reference",
                    &references, err))
        return false;
    for (struct pdf_cursor inside = pdf_inside(&references); pdf_next_item(&inside, &reference);)
        if (!read_reference(reading, reference, err))
            return false;
    return true;
}

/* The catalog names the certification (12.8.6, table 263): it certifies, whatever else it says. */
static bool read_catalog(struct reading *reading, struct error *err)
{
    struct pdf_object catalog;
    struct pdf_value permissions, nothing = {0};
    if (!pdf_catalog(reading->document, reading->as_of, &catalog, err)
        || !pdf_follow(reading->document, reading->as_of, &catalog.value, "Perms", &permissions, err))
        return false;
    struct pdf_value certification = pdf_get(&permissions, "DocMDP");
    if (!reading->certifies && certification.kind == PDF_REFERENCE
        && certification.object == reading->signature->object)
        permit(reading, &nothing, BY_DEFAULT);
    return true;
}

/* The Lock of the signed field holds from its signature on. Its P comes from ISO 32000-2. */
static bool read_field(struct reading *reading, struct error *err)
{
    struct pdf_object field;
    struct pdf_value locking, permitted;
    if (!pdf_object_find(reading->document, reading->signature->field, reading->as_of, &field, err)
        || !pdf_follow(reading->document, reading->as_of, &field.value, "Lock", &locking, err)
        || !pdf_follow(reading->document, reading->as_of, &locking, "P", &permitted, err))
        return false;
    if (locking.kind == PDF_NULL)
        return true;
    permit(reading, &permitted, 0);
    return lock(reading, &locking, err);
}

/* Whoever forbids something we cannot read forbids everything. */
bool pdf_permissions_add(struct pdf_permissions *permissions, struct pdf_document *document,
                         const struct pdf_signature *signature, struct error *err)
{
    struct reading reading = {.permissions = permissions,
                              .document = document,
                              .signature = signature,
                              .as_of = document->xref.revisions[signature->revision].last};
    struct pdf_value unreadable = {.kind = PDF_AMBIGUOUS};
    struct error why = {0};
    if (read_references(&reading, &why) && read_catalog(&reading, &why) && read_field(&reading, &why))
        return true;
    if (why.code != ERR_MALFORMED) {
        *err = why;
        return false;
    }
    permit(&reading, &unreadable, 0);
    permissions->locks_some = permissions->locks_all = true;
    return true;
}

bool pdf_permissions_lock_any(const struct pdf_permissions *permissions)
{
    return permissions->locks_some;
}

/* "a.b.c" is named by a list that holds it, "a.b" or "a". */
static bool is_named(const struct pdf_names *names, const char *name)
{
    char part[PDF_FIELD_NAME];
    if (has_name(names, name))
        return true;
    for (const char *dot = strchr(name, '.'); dot; dot = strchr(dot + 1, '.')) {
        snprintf(part, sizeof(part), "%.*s", (int)(dot - name), name);
        if (has_name(names, part))
            return true;
    }
    return false;
}

bool pdf_permissions_lock(const struct pdf_permissions *permissions, const char *name)
{
    if (!permissions->locks_some)
        return false;
    return permissions->locks_all || strlen(name) >= NAME_CUT || is_named(&permissions->locked, name)
           || (permissions->spares_some && !is_named(&permissions->spared, name));
}

void pdf_permissions_clear(struct pdf_permissions *permissions)
{
    free_clear(&permissions->locked.all);
    free_clear(&permissions->spared.all);
    *permissions = (struct pdf_permissions){0};
}
