#include "signer/asic_stamps.h"

#include "base/base_text.h"
#include "signer/asic_text.h"
#include "signer/cms_evidence.h"
#include "signer/timestamp.h"

enum {
    MAX_TOKEN = 1 << 20, /* bytes of one timestamp */
    MAX_PROOFS = 1024    /* of one timestamp */
};

/* ---- what a timestamp proves */

static bool take_proof(void *context, enum cms_object object, struct span der, struct error *err)
{
    struct asic_proofs *proofs = context;
    (void)object;
    if (proofs->count >= MAX_PROOFS)
        return true;
    if (proofs->count == proofs->room) {
        size_t room = proofs->room ? 2 * proofs->room : 16;
        void *grown = realloc(proofs->all, room * sizeof(*proofs->all));
        if (!grown)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        proofs->all = grown;
        proofs->room = room;
    }
    proofs->all[proofs->count++] = der;
    return true;
}

static bool visit_signer(const struct cms_visitor *visitor, struct span info, struct error *err)
{
    struct cms_signer signer;
    struct cms_attributes attributes;
    struct finding unread = {0};
    if (!cms_signer_read(info, &signer, &unread)
        || !cms_attributes_list(signer.unsigned_attributes, &attributes))
        return true;
    for (size_t i = 0; i < attributes.count; i++)
        if (!cms_visit_attribute(visitor, &attributes.all[i], err))
            return false;
    return true;
}

/* Everything that stands in a signature; what cannot be read proves nothing. Pieces that had to be put together are
 * content, which carries no evidence. */
static bool visit_cms(const struct cms_visitor *visitor, struct span cms, struct error *err)
{
    struct cms_signed_data data = {0};
    struct finding unread = {0};
    bool good = true;
    if (cms_read(cms, &data, &unread)) {
        good = cms_visit_sets(visitor, &data, err);
        for (size_t i = 0; good && i < data.signer_count; i++)
            good = visit_signer(visitor, data.signers[i], err);
    }
    cms_clear(&data);
    return good;
}

/* ---- which timestamps */

/* 4.4.4.2 (d): every digest fits. */
static bool is_whole(struct asic_manifest *manifest, bool *ret_whole, struct error *err)
{
    for (size_t i = 0; manifest->state == ASIC_MANIFEST_UNCHECKED && i < manifest->count; i++) {
        const struct asic_reference *reference = &manifest->references[i];
        struct digest_value digest = {0};
        if (reference->file && reference->known
            && !detached_digest(reference->file, reference->algorithm, &digest, err))
            return false;
        if (!digest.size || !span_equal(digest_span(&digest), digest_span(&reference->value)))
            manifest->state = ASIC_MANIFEST_DIFFERS;
    }
    if (manifest->state == ASIC_MANIFEST_UNCHECKED)
        manifest->state = ASIC_MANIFEST_WHOLE;
    *ret_whole = manifest->state == ASIC_MANIFEST_WHOLE;
    return true;
}

static bool refers_to(const struct asic_manifest *manifest, const struct detached *file)
{
    for (size_t i = 0; i < manifest->count; i++)
        if (manifest->references[i].file == file)
            return true;
    return false;
}

static bool digest_file(void *context, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                        struct error *err)
{
    return detached_digest(context, algorithm, ret_digest, err);
}

/* A stamp that is being gathered. */
struct found {
    const struct asic_manifest *manifest;
    int64_t time_ms;
    size_t at; /* of its token and proofs */
};

/* 0: unread. */
static int64_t time_of(struct span token)
{
    struct cms_signed_data data = {0};
    struct finding unread = {0};
    struct timestamp says;
    bool read = cms_read(token, &data, &unread) && timestamp_read(data.content, &says);
    int64_t time_ms = read ? says.time_ms : 0;
    cms_clear(&data);
    return time_ms;
}

/* Copied, so that all of them are owned alike. */
static bool read_token(const struct detached *file, struct buffer *token, struct error *err)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span bytes;
    if (detached_size(file) > MAX_TOKEN)
        return true;
    if (!detached_bytes(file, MAX_TOKEN, &hold, &bytes, err))
        return false;
    buffer_append(token, bytes);
    return !token->failed || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

static bool find(struct asic_judging *judging, const struct detached *file, struct asic_stamps *stamps,
                 struct found *found, size_t *ret_count, struct error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < judging->manifests.count && count < ASIC_MAX_STAMPS; i++) {
        struct asic_manifest *manifest = &judging->manifests.all[i];
        bool whole;
        if (!manifest->signature || manifest->signature == file
            || asic_role_of(manifest->signature->name) != ASIC_TIMESTAMP || !refers_to(manifest, file))
            continue;
        if (!is_whole(manifest, &whole, err) || !read_token(manifest->signature, &stamps->tokens[count], err))
            return false;
        found[count] = (struct found){manifest, time_of(buffer_span(&stamps->tokens[count])), count};
        if (whole && found[count].time_ms)
            count++;
        else
            buffer_clear(&stamps->tokens[count]);
    }
    *ret_count = count;
    return true;
}

static int by_time(const void *a, const void *b)
{
    const struct found *x = a, *y = b;
    return (x->time_ms > y->time_ms) - (x->time_ms < y->time_ms);
}

bool asic_stamps_collect(struct asic_judging *judging, const struct detached *file, struct span cms,
                         struct asic_stamps *ret_stamps, struct error *err)
{
    struct found found[ASIC_MAX_STAMPS];
    if (!find(judging, file, ret_stamps, found, &ret_stamps->count, err))
        return false;
    qsort(found, ret_stamps->count, sizeof(found[0]), by_time);
    for (size_t i = 0; i < ret_stamps->count; i++) {
        struct asic_proofs *proofs = &ret_stamps->proofs[i];
        struct cms_visitor visitor = {take_proof, proofs};
        if (!visit_cms(&visitor, cms, err))
            return false;
        for (size_t k = 0; k < i; k++) /* earlier ones that this one covers */
            if (refers_to(found[i].manifest, found[k].manifest->signature)
                && !cms_visit_token(&visitor, buffer_span(&ret_stamps->tokens[found[k].at]), err))
                return false;
        ret_stamps->stamps[i] = (struct stamp){.kind = STAMP_DOCUMENT,
                                               .token = buffer_span(&ret_stamps->tokens[found[i].at]),
                                               .content = {digest_file, (void *)found[i].manifest->file},
                                               .proves = proofs->all,
                                               .prove_count = proofs->count};
    }
    return true;
}

void asic_stamps_clear(struct asic_stamps *stamps)
{
    for (size_t i = 0; i < ASIC_MAX_STAMPS; i++) {
        buffer_clear(&stamps->tokens[i]);
        free(stamps->proofs[i].all);
    }
    *stamps = (struct asic_stamps){0};
}
