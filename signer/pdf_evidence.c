#include "signer/pdf_evidence.h"

#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_stream.h"

struct collector {
    struct pdf_document *document;
    struct evidence *evidence;
    struct pdf_proofs *proofs;
    size_t as_of;
    size_t newest;
    struct pdf_set met; /* numbers of streams that were taken as the newest revision has them */
};

/* The evidence that these bytes became; false when they could not be read as any. */
static bool find_item(const struct evidence *evidence, enum evidence_kind kind, struct span der,
                      size_t *ret_item)
{
    for (size_t i = evidence_count(evidence); i-- > 0;) { /* mostly the last one */
        const struct evidence_item *item = evidence_at(evidence, i);
        if (item->kind == kind && span_equal(item->der, der)) {
            *ret_item = i;
            return true;
        }
    }
    return false;
}

static bool note_proof(struct collector *collector, enum evidence_kind kind, struct span der, uint64_t end,
                       struct error *err)
{
    struct pdf_proofs *proofs = collector->proofs;
    size_t item;
    if (!find_item(collector->evidence, kind, der, &item))
        return true;
    if ((proofs->count & (proofs->count - 1)) == 0) { /* 0, 1, 2, 4 …: full */
        void *grown = realloc(proofs->all, (proofs->count ? 2 * proofs->count : 1) * sizeof(*proofs->all));
        if (!grown)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        proofs->all = grown;
    }
    proofs->all[proofs->count++] = (struct pdf_proof){item, end};
    return true;
}

/* One stream of the store is one certificate, list or answer. */
static bool take_stream(struct collector *collector, enum evidence_kind kind, uint32_t number,
                        struct error *err)
{
    struct buffer der CLEANUP(buffer_clear) = {0};
    struct error unreadable = {0};
    struct pdf_object object;
    if (!pdf_object_find(collector->document, number, collector->as_of, &object, &unreadable)
        || !object.is_stream
        || !pdf_object_decode(collector->document, &object, PDF_PROOF_MAX, &der, &unreadable))
        return true;
    return evidence_add(collector->evidence, kind, buffer_span(&der), true, err)
           && note_proof(collector, kind, buffer_span(&der), object.end, err);
}

static bool same_place(struct pdf_place a, struct pdf_place b)
{
    return a.kind == b.kind && a.offset == b.offset && a.container == b.container && a.index == b.index;
}

/* Stores grow: an earlier one mostly names what the newest names too. */
static bool is_known(const struct collector *collector, uint32_t number)
{
    const struct pdf_xref *xref = &collector->document->xref;
    return pdf_set_has(&collector->met, number)
           && same_place(pdf_xref_find(xref, number, collector->as_of),
                         pdf_xref_find(xref, number, collector->newest));
}

static bool take_list(struct collector *collector, const struct pdf_value *dictionary, const char *key,
                      enum evidence_kind kind, struct error *err)
{
    struct error unreadable = {0};
    struct pdf_value list, item;
    if (!pdf_follow(collector->document, collector->as_of, dictionary, key, &list, &unreadable))
        return true;
    for (struct pdf_cursor inside = pdf_inside(&list);
         list.kind == PDF_ARRAY && pdf_next_item(&inside, &item);) {
        if (item.kind != PDF_REFERENCE || is_known(collector, item.object))
            continue;
        if (!take_stream(collector, kind, item.object, err))
            return false;
        if (collector->as_of == collector->newest)
            pdf_set_add(&collector->met, item.object);
    }
    return true;
}

/* VRI: what belongs to one signature each; all of it is of use to all. */
static bool take_entries(struct collector *collector, const struct pdf_value *store, struct error *err)
{
    struct error unreadable = {0};
    struct pdf_value entries, key, entry;
    if (!pdf_follow(collector->document, collector->as_of, store, "VRI", &entries, &unreadable))
        return true;
    for (struct pdf_cursor inside = pdf_inside(&entries);
         entries.kind == PDF_DICTIONARY && pdf_next_entry(&inside, &key, &entry);)
        if (pdf_resolve(collector->document, collector->as_of, &entry, &unreadable)
            && (!take_list(collector, &entry, "Cert", EVIDENCE_CERTIFICATE, err)
                || !take_list(collector, &entry, "CRL", EVIDENCE_CRL, err)
                || !take_list(collector, &entry, "OCSP", EVIDENCE_OCSP, err)))
            return false;
    return true;
}

static bool take_store(struct collector *collector, const struct pdf_value *store, struct error *err)
{
    return take_list(collector, store, "Certs", EVIDENCE_CERTIFICATE, err)
           && take_list(collector, store, "CRLs", EVIDENCE_CRL, err)
           && take_list(collector, store, "OCSPs", EVIDENCE_OCSP, err) && take_entries(collector, store, err);
}

/* Where the store of a revision is said, and where it stands: two revisions that agree have the same one. */
struct store_place {
    struct pdf_place catalog, store;
};

static bool find_store(struct collector *collector, struct store_place *place, struct pdf_value *ret_store)
{
    const struct pdf_xref *xref = &collector->document->xref;
    struct error unreadable = {0};
    struct pdf_value root = pdf_get(&xref->sections[collector->as_of].trailer, "Root");
    struct pdf_object catalog;
    struct store_place was = *place;
    *place = (struct store_place){0};
    if (root.kind != PDF_REFERENCE)
        return false;
    place->catalog = pdf_xref_find(xref, root.object, collector->as_of);
    if (!pdf_catalog(collector->document, collector->as_of, &catalog, &unreadable))
        return false;
    struct pdf_value store = pdf_get(&catalog.value, "DSS");
    if (store.kind == PDF_REFERENCE)
        place->store = pdf_xref_find(xref, store.object, collector->as_of);
    if (same_place(was.catalog, place->catalog) && same_place(was.store, place->store))
        return false;
    *ret_store = store;
    return pdf_resolve(collector->document, collector->as_of, ret_store, &unreadable)
           && ret_store->kind == PDF_DICTIONARY;
}

static bool collect(struct collector *collector, struct error *err)
{
    const struct pdf_xref *xref = &collector->document->xref;
    struct store_place place = {0};
    size_t stores = 0;
    for (size_t r = xref->revision_count; r-- > 0 && stores < PDF_STORES_MAX;) {
        struct pdf_value store;
        collector->as_of = xref->revisions[r].last;
        if (!find_store(collector, &place, &store))
            continue;
        stores++;
        if (!take_store(collector, &store, err))
            return false;
    }
    return true;
}

static int by_end(const void *a, const void *b)
{
    const struct pdf_proof *left = a, *right = b;
    return left->end < right->end ? -1 : left->end > right->end;
}

bool pdf_evidence_read(struct pdf_document *document, struct evidence *evidence,
                       struct pdf_proofs *ret_proofs, struct error *err)
{
    struct pdf_proofs proofs CLEANUP(pdf_proofs_clear) = {0};
    struct collector collector = {
        .document = document, .evidence = evidence, .proofs = &proofs, .newest = document->xref.count - 1};
    bool collected = collect(&collector, err);
    pdf_set_clear(&collector.met);
    if (!collected)
        return false;
    if (proofs.count)
        qsort(proofs.all, proofs.count, sizeof(*proofs.all), by_end);
    *ret_proofs = proofs;
    proofs = (struct pdf_proofs){0};
    return true;
}

void pdf_proofs_clear(struct pdf_proofs *proofs)
{
    free_clear(&proofs->all);
    proofs->count = 0;
}
