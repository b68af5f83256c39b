/* Validation data under DSS (EN 319 142-1, 5.4.2; ISO 32000-2, 12.8.4.3): certificates, revocation lists
 * and OCSP answers, each a stream that nothing else uses. May be added by any later revision. */
#include "base/base_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_text.h"

struct store {
    struct pdf_step *step;
    size_t as_of;
    struct pdf_set structure; /* dictionaries and lists that are objects of their own */
};

static bool malformed(struct store *store, const char *what)
{
    return pdf_step_changed(store->step, &TEXT_PDF_CHANGED_KEY, 0, what);
}

static bool enter(struct store *store, struct pdf_value *value, struct error *err)
{
    if (value->kind == PDF_REFERENCE)
        pdf_set_add(&store->structure, value->object);
    return pdf_resolve(store->step->document, store->as_of, value, err);
}

static bool read_stream_reference(struct store *store, const struct pdf_value *item, const char *what,
                                  struct error *err)
{
    struct pdf_object object;
    if (item->kind != PDF_REFERENCE)
        return malformed(store, what);
    if (!pdf_object_find(store->step->document, item->object, store->as_of, &object, err))
        return false;
    return object.is_stream ? true : malformed(store, what);
}

static bool read_list(struct store *store, struct pdf_value list, const char *what, struct error *err)
{
    struct pdf_value item;
    if (!enter(store, &list, err))
        return false;
    if (list.kind == PDF_NULL)
        return true;
    if (list.kind != PDF_ARRAY)
        return malformed(store, what);
    for (struct pdf_cursor inside = pdf_inside(&list); pdf_next_item(&inside, &item);)
        if (!read_stream_reference(store, &item, what, err))
            return false;
    return true;
}

/* Only what is known, and nothing that is said to be null. */
static bool is_plain(struct store *store, const struct pdf_value *dictionary, const char *const *known)
{
    struct pdf_value key, value;
    for (struct pdf_cursor inside = pdf_inside(dictionary); pdf_next_entry(&inside, &key, &value);)
        if (value.kind == PDF_NULL)
            return false;
    return pdf_step_only(store->step, dictionary, known);
}

/* One signature's part of it: Cert, CRL, OCSP, a time or a timestamp. */
static bool read_entry(struct store *store, struct pdf_value entry, struct error *err)
{
    static const char *const known[] = {"Type", "Cert", "CRL", "OCSP", "TU", "TS", NULL};
    static const char *const lists[] = {"Cert", "CRL", "OCSP"};
    if (!enter(store, &entry, err))
        return false;
    if (!is_plain(store, &entry, known))
        return malformed(store, "/VRI");
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (!read_list(store, pdf_get(&entry, lists[i]), lists[i], err))
            return false;
    struct pdf_value stamp = pdf_get(&entry, "TS");
    return stamp.kind != PDF_REFERENCE || read_stream_reference(store, &stamp, "/TS", err);
}

/* A key of VRI is the SHA-1 of a signature, in hexadecimal. */
static bool is_digest(const struct pdf_value *key)
{
    bool digits = key->raw.size == 1 + 2 * 20;
    for (size_t i = 1; digits && i < key->raw.size; i++) {
        uint8_t c = key->raw.data[i];
        digits = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f');
    }
    return digits;
}

static bool read_entries(struct store *store, struct pdf_value entries, struct error *err)
{
    struct pdf_value key, entry;
    if (!enter(store, &entries, err))
        return false;
    if (entries.kind == PDF_NULL)
        return true;
    if (entries.kind != PDF_DICTIONARY)
        return malformed(store, "/VRI");
    for (struct pdf_cursor inside = pdf_inside(&entries); pdf_next_entry(&inside, &key, &entry);) {
        if (pdf_is_name(&key, "Type"))
            continue;
        if (!is_digest(&key))
            return malformed(store, "/VRI");
        if (!read_entry(store, entry, err))
            return false;
    }
    return true;
}

static bool read_store(struct store *store, const struct pdf_value *catalog, struct error *err)
{
    static const char *const known[] = {"Type", "Certs", "CRLs", "OCSPs", "VRI", NULL};
    static const char *const lists[] = {"Certs", "CRLs", "OCSPs"};
    struct pdf_value all = pdf_get(catalog, "DSS");
    if (!enter(store, &all, err))
        return false;
    if (all.kind == PDF_NULL)
        return true;
    if (!is_plain(store, &all, known))
        return malformed(store, "/DSS");
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (!read_list(store, pdf_get(&all, lists[i]), lists[i], err))
            return false;
    return read_entries(store, pdf_get(&all, "VRI"), err);
}

/* Dictionaries and lists of the store before may be written again; streams may only be added. */
static void explain_store(const struct store *old, const struct store *now)
{
    for (size_t i = 0; i < now->step->count; i++) {
        struct pdf_redefined *object = &now->step->objects[i];
        if (pdf_set_has(&now->structure, object->number) && pdf_set_has(&old->structure, object->number)
            && !pdf_step_is_shared(now->step, object->number)) {
            pdf_step_kind(now->step, REVISION_VALIDATION_DATA);
            object->explained = true;
        }
    }
}

bool pdf_explain_security_store(struct pdf_step *step, const struct pdf_value *old_catalog,
                                const struct pdf_value *catalog, struct error *err)
{
    struct store old = {.step = step, .as_of = step->old}, now = {.step = step, .as_of = step->now};
    struct error ignored = {0};
    struct pdf_value old_entry = pdf_get(old_catalog, "DSS"), entry = pdf_get(catalog, "DSS");
    struct pdf_change happened = step->happened;
    bool before = read_store(&old, old_catalog, &ignored);
    step->happened = happened; /* what was wrong with the old one was signed */
    if (!pdf_same(&old_entry, &entry))
        pdf_step_kind(step, REVISION_VALIDATION_DATA);
    bool read = read_store(&now, catalog, err);
    if (read) {
        if (!before)
            pdf_set_clear(&old.structure);
        explain_store(&old, &now);
    }
    pdf_set_clear(&old.structure);
    pdf_set_clear(&now.structure);
    return read;
}
