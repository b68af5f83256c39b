#include "signer/cms_stamps.h"

#include <stdlib.h>

#include "base/base_text.h"
#include "signer/der.h"

enum { MAX_PROOFS = 1024 /* of one timestamp */ };

/* The content of an Attribute: type and values without what is around them. EN 319 122-1, A.1.5.1 and A.1.5.2. */
static void add_attributes(const struct cms_stamps *stamps, enum cms_unsigned_kind kind,
                           struct digest *digest)
{
    for (size_t i = 0; i < stamps->attributes.count; i++) {
        const struct cms_attribute *attribute = &stamps->attributes.all[i];
        struct reader r = reader_of(attribute->whole);
        if (cms_unsigned_kind_of(attribute->type) == kind)
            digest_add(digest, der_read(&r, DER_SEQUENCE));
    }
}

static struct digest_value digest_references(const struct cms_imprint *imprint,
                                             enum digest_algorithm algorithm)
{
    struct digest *digest CLEANUP(digest_free) = digest_new(algorithm);
    if (imprint->kind == UNSIGNED_ESC_STAMP) {
        digest_add(digest, imprint->all->look->signer.signature);
        add_attributes(imprint->all, UNSIGNED_SIGNATURE_STAMP, digest);
    }
    add_attributes(imprint->all, UNSIGNED_CERTIFICATE_REFS, digest);
    add_attributes(imprint->all, UNSIGNED_REVOCATION_REFS, digest);
    return digest_finish(digest);
}

static bool digest_imprint(void *context, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                           struct error *err)
{
    const struct cms_imprint *imprint = context;
    const struct cms_look *look = imprint->all->look;
    switch (imprint->kind) {
    case SIGNED_CONTENT_STAMP: /* 5.2.8 */
        return look->content->digest(look->content->context, algorithm, ret_digest, err);
    case UNSIGNED_SIGNATURE_STAMP: /* 5.3 */
        *ret_digest = digest_of(algorithm, look->signer.signature);
        return true;
    case UNSIGNED_ESC_STAMP:
    case UNSIGNED_REFS_STAMP:
        *ret_digest = digest_references(imprint, algorithm);
        return true;
    default:
        return cms_archive_digest(imprint, algorithm, ret_digest, err);
    }
}

static enum stamp_kind stamp_kind_of(enum cms_unsigned_kind kind)
{
    switch (kind) {
    case SIGNED_CONTENT_STAMP:
        return STAMP_CONTENT;
    case UNSIGNED_SIGNATURE_STAMP:
        return STAMP_SIGNATURE;
    case UNSIGNED_ESC_STAMP:
    case UNSIGNED_REFS_STAMP:
        return STAMP_REFERENCES;
    default:
        return STAMP_ARCHIVE;
    }
}

static void read_token(struct cms_imprint *imprint)
{
    struct cms_signed_data data = {0};
    struct finding unread = {0};
    struct timestamp says;
    if (cms_read(imprint->token, &data, &unread) && timestamp_read(data.content, &says)
        && says.imprint.size <= DIGEST_MAX) {
        imprint->time_ms = says.time_ms;
        imprint->said.size = says.imprint.size;
        memcpy(imprint->said.bytes, says.imprint.data, says.imprint.size);
    }
    cms_clear(&data);
}

static void add(struct cms_stamps *stamps, enum cms_unsigned_kind kind, struct span token)
{
    if (stamps->imprint_count >= COUNT_OF(stamps->imprints)) {
        stamps->too_many = true;
        return;
    }
    struct cms_imprint *imprint = &stamps->imprints[stamps->imprint_count++];
    *imprint = (struct cms_imprint){.all = stamps, .kind = kind, .token = token};
    read_token(imprint);
}

/* EN 319 102-1, 5.6.3: oldest first. */
static int compare_imprints(const void *left, const void *right)
{
    const struct cms_imprint *a = left, *b = right;
    enum stamp_kind one = stamp_kind_of(a->kind), other = stamp_kind_of(b->kind);
    if (one != other)
        return one < other ? -1 : 1;
    return (a->time_ms > b->time_ms) - (a->time_ms < b->time_ms);
}

static bool take_proof(void *context, enum cms_object object, struct span der, struct error *err)
{
    struct cms_imprint *imprint = context;
    (void)object;
    if (imprint->prove_count >= MAX_PROOFS)
        return true;
    if (imprint->prove_count == imprint->prove_room) {
        size_t room = imprint->prove_room ? 2 * imprint->prove_room : 16;
        void *grown = realloc(imprint->proves, room * sizeof(*imprint->proves));
        if (!grown)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        imprint->proves = grown;
        imprint->prove_room = room;
    }
    imprint->proves[imprint->prove_count++] = der;
    return true;
}

/* What existed when the timestamp was made, because it covers it. */
static bool list_proofs(struct cms_imprint *imprint, struct error *err)
{
    struct cms_visitor visitor = {take_proof, imprint};
    if (stamp_kind_of(imprint->kind) == STAMP_ARCHIVE)
        return cms_archive_visit(imprint, &visitor, err);
    const struct cms_attributes *attributes = &imprint->all->attributes;
    for (size_t i = 0; i < attributes->count && imprint->kind == UNSIGNED_ESC_STAMP; i++)
        if (cms_unsigned_kind_of(attributes->all[i].type) == UNSIGNED_SIGNATURE_STAMP
            && !cms_visit_attribute(&visitor, &attributes->all[i], err))
            return false;
    return true;
}

/* Content that was not handed in leaves open whatever covers it. */
static bool is_at_hand(const struct cms_look *look, enum cms_unsigned_kind kind)
{
    switch (stamp_kind_of(kind)) {
    case STAMP_CONTENT:
        return look->content != NULL;
    case STAMP_ARCHIVE:
        if (kind == UNSIGNED_ARCHIVE_V3)
            return look->content != NULL;
        return kind == UNSIGNED_ARCHIVE_V2 && (look->data->has_content || look->file);
    default:
        return true;
    }
}

static void list_values(struct cms_stamps *stamps, const struct cms_attribute *attribute)
{
    enum cms_unsigned_kind kind = cms_unsigned_kind_of(attribute->type);
    stamps->has[kind] = true;
    for (struct reader r = reader_of(attribute->values);
         cms_unsigned_is_stamp(kind) && r.left.size > 0 && !r.failed;) {
        struct span token = der_any(&r).whole;
        if (!r.failed)
            add(stamps, kind, token);
    }
}

bool cms_stamps_collect(const struct cms_look *look, struct cms_stamps *ret_stamps, struct error *err)
{
    struct cms_stamps *stamps = ret_stamps;
    stamps->look = look;
    for (size_t i = 0; i < look->attributes.content_stamp_count; i++)
        add(stamps, SIGNED_CONTENT_STAMP, look->attributes.content_stamps[i]);
    if (!cms_attributes_list(look->signer.unsigned_attributes, &stamps->attributes))
        stamps->attributes.count = 0;
    for (size_t i = 0; i < stamps->attributes.count; i++)
        list_values(stamps, &stamps->attributes.all[i]);
    qsort(stamps->imprints, stamps->imprint_count, sizeof(stamps->imprints[0]), compare_imprints);

    for (size_t i = 0; i < stamps->imprint_count; i++) {
        struct cms_imprint *imprint = &stamps->imprints[i];
        imprint->not_at_hand = !is_at_hand(look, imprint->kind);
        if (imprint->not_at_hand)
            continue;
        if (!list_proofs(imprint, err))
            return false;
        stamps->stamps[stamps->count++] =
            (struct stamp){.kind = stamp_kind_of(imprint->kind),
                           .token = imprint->token,
                           .content = {digest_imprint, imprint},
                           .without_value = imprint->kind == UNSIGNED_REFS_STAMP,
                           .proves = imprint->proves,
                           .prove_count = imprint->prove_count};
    }
    return true;
}

void cms_stamps_clear(struct cms_stamps *stamps)
{
    for (size_t i = 0; i < stamps->imprint_count; i++)
        free(stamps->imprints[i].proves);
}
