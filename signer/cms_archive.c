/* What archive timestamps cover: archive-time-stamp-v3 over an index of hashes (EN 319 122-1, 5.5), archive-time-stamp
 * v2 over all of it in order (TS 101 733 V1.8.3, 6.4.1). */
#include "base/base_text.h"
#include "signer/cms_stamps.h"
#include "signer/der.h"

enum {
    COVERED_MAX = 32 << 20, /* bytes of content that is inflated for an archive-time-stamp v2 */
    HASHES_MAX = 1024,      /* of one kind of thing in an index */
    VALUES_MAX = 256        /* of one unsigned attribute */
};

/* ---- version 3 */

/* ATSHashIndex, ATSHashIndexV3 (EN 319 122-1, 5.5.2) */
struct hash_index {
    struct span whole;
    bool of_values; /* version 3: of each value; before: of each attribute */
    enum digest_algorithm algorithm;
    struct span certificates, crls, attributes; /* content of each SEQUENCE OF OCTET STRING */
};

static bool read_index(const struct cms_attribute *attribute, struct hash_index *ret_index)
{
    struct reader values = reader_of(attribute->values), at = values;
    struct reader r = der_enter(&values, DER_SEQUENCE);
    struct hash_index index = {.whole = der_any(&at).whole, .algorithm = DIGEST_SHA256};
    index.of_values = cms_unsigned_kind_of(attribute->type) == UNSIGNED_HASH_INDEX_V3;
    struct reader first = r, algorithm = der_enter(&first, DER_SEQUENCE);
    if (index.of_values || der_at(&algorithm, DER_OID)) { /* version 1: SHA-256 when it is not said */
        if (!digest_of_oid(der_read(&algorithm, DER_OID), &index.algorithm))
            return false;
        r = first;
    }
    index.certificates = der_read(&r, DER_SEQUENCE);
    index.crls = der_read(&r, DER_SEQUENCE);
    index.attributes = der_read(&r, DER_SEQUENCE);
    if (r.failed || r.left.size != 0 || values.left.size != 0)
        return false;
    *ret_index = index;
    return true;
}

/* The index stands among the unsigned attributes of the token's signer. The token is borrowed from, and so is what
 * was found. */
static bool find_index(struct span token, struct hash_index *ret_index)
{
    struct cms_signed_data data = {0};
    struct finding unread = {0};
    struct cms_signer signer;
    struct cms_attributes attributes = {0};
    bool read = cms_read(token, &data, &unread) && data.signer_count == 1
                && cms_signer_read(data.signers[0], &signer, &unread)
                && cms_attributes_list(signer.unsigned_attributes, &attributes);
    cms_clear(&data);
    for (size_t i = 0; read && i < attributes.count; i++) {
        enum cms_unsigned_kind kind = cms_unsigned_kind_of(attributes.all[i].type);
        if (kind == UNSIGNED_HASH_INDEX_V1 || kind == UNSIGNED_HASH_INDEX_V3)
            return read_index(&attributes.all[i], ret_index);
    }
    return false;
}

/* The hashes of one kind of thing; what an indexed thing carries is told to the visitor, when there is one. */
struct indexed {
    const struct cms_visitor *visitor;
    struct span hashes;
    bool matched[HASHES_MAX];
};

static bool is_indexed(struct indexed *indexed, const struct digest_value *digest)
{
    bool found = false;
    struct reader r = reader_of(indexed->hashes);
    for (size_t i = 0; i < HASHES_MAX && r.left.size > 0 && !r.failed; i++)
        if (span_equal(der_read(&r, DER_OCTETS), digest_span(digest)))
            found = indexed->matched[i] = true;
    return found;
}

/* Whether everything that the index names has been met. */
static bool all_met(const struct indexed *indexed)
{
    struct reader r = reader_of(indexed->hashes);
    for (size_t i = 0; r.left.size > 0; i++) {
        der_read(&r, DER_OCTETS);
        if (r.failed || i >= HASHES_MAX || !indexed->matched[i])
            return false;
    }
    return true;
}

static bool take_choices(const struct hash_index *index, const struct cms_choice *choices, size_t count,
                         bool certificates, struct indexed *indexed, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        struct digest_value digest = digest_of(index->algorithm, choices[i].whole);
        if (is_indexed(indexed, &digest) && indexed->visitor
            && !cms_visit_choice(indexed->visitor, &choices[i], certificates, err))
            return false;
    }
    return true;
}

static bool take_values(const struct hash_index *index, const struct cms_attribute *attribute,
                        struct span type, struct indexed *indexed, struct error *err)
{
    struct reader r = reader_of(attribute->values);
    for (size_t i = 0; i < VALUES_MAX && r.left.size > 0 && !r.failed; i++) {
        struct digest *digest CLEANUP(digest_free) = digest_new(index->algorithm);
        struct cms_attribute one = {.type = attribute->type, .values = der_any(&r).whole};
        digest_add(digest, type);
        digest_add(digest, one.values);
        struct digest_value value = digest_finish(digest);
        if (is_indexed(indexed, &value) && indexed->visitor
            && !cms_visit_attribute(indexed->visitor, &one, err))
            return false;
    }
    return true;
}

static bool take_attributes(const struct hash_index *index, const struct cms_attributes *attributes,
                            struct indexed *indexed, struct error *err)
{
    for (size_t i = 0; i < attributes->count; i++) {
        const struct cms_attribute *attribute = &attributes->all[i];
        struct reader whole = reader_of(attribute->whole), r = der_enter(&whole, DER_SEQUENCE);
        if (index->of_values) {
            if (!take_values(index, attribute, der_any(&r).whole, indexed, err))
                return false;
            continue;
        }
        struct digest_value digest = digest_of(index->algorithm, attribute->whole);
        if (is_indexed(indexed, &digest) && indexed->visitor
            && !cms_visit_attribute(indexed->visitor, attribute, err))
            return false;
    }
    return true;
}

/* EN 319 122-1, 5.5.3: whatever the index names must be there; what it does not name came later and is not
 * covered. */
static bool index_fits(const struct cms_imprint *imprint, const struct hash_index *index,
                       const struct cms_visitor *visitor, bool *ret_fits, struct error *err)
{
    const struct cms_signed_data *data = imprint->all->look->data;
    struct indexed certificates = {visitor, index->certificates, {0}}, crls = {visitor, index->crls, {0}},
                   attributes = {visitor, index->attributes, {0}};
    if (!take_choices(index, data->certificates, data->certificate_count, true, &certificates, err)
        || !take_choices(index, data->crls, data->crl_count, false, &crls, err)
        || !take_attributes(index, &imprint->all->attributes, &attributes, err))
        return false;
    *ret_fits = all_met(&certificates) && all_met(&crls) && all_met(&attributes);
    return true;
}

/* EN 319 122-1, 5.5.3, 1) to 4) */
static bool digest_v3(const struct cms_imprint *imprint, enum digest_algorithm algorithm,
                      struct digest_value *ret_digest, struct error *err)
{
    const struct cms_look *look = imprint->all->look;
    struct hash_index index;
    struct digest_value content;
    bool fits;
    *ret_digest = (struct digest_value){0};
    if (!find_index(imprint->token, &index))
        return true;
    if (!index_fits(imprint, &index, NULL, &fits, err)
        || !look->content->digest(look->content->context, algorithm, &content, err))
        return false;
    if (!fits)
        return true;
    struct digest *digest CLEANUP(digest_free) = digest_new(algorithm);
    struct reader whole = reader_of(look->data->content_info), info = der_enter(&whole, DER_SEQUENCE);
    digest_add(digest, der_any(&info).whole); /* eContentType */
    digest_add(digest, digest_span(&content));
    digest_add(digest, look->signer.fields);
    digest_add(digest, index.whole);
    *ret_digest = digest_finish(digest);
    return true;
}

/* ---- version 2 */

/* Archive timestamps made before this one are covered by it, itself and later ones are not. */
static bool is_before(const struct cms_imprint *imprint, const struct cms_attribute *attribute)
{
    enum cms_unsigned_kind kind = cms_unsigned_kind_of(attribute->type);
    if (kind != UNSIGNED_ARCHIVE_V1 && kind != UNSIGNED_ARCHIVE_V2 && kind != UNSIGNED_ARCHIVE_V3)
        return true;
    struct reader r = reader_of(attribute->values);
    struct span first = der_any(&r).whole;
    for (size_t i = 0; i < imprint->all->imprint_count; i++) {
        const struct cms_imprint *other = &imprint->all->imprints[i];
        if (other->token.data == first.data)
            return other < imprint;
    }
    return false;
}

static bool add_content(const struct cms_look *look, struct digest *digest, struct error *err)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span bytes;
    digest_add(digest, look->data->content_info);
    if (look->data->has_content)
        return true;
    if (!detached_bytes(look->file, COVERED_MAX, &hold, &bytes, err))
        return false;
    digest_add(digest, bytes);
    return true;
}

/* TS 101 733 V1.8.3, 6.4.1: EncapsulatedContentInfo, content that stands outside it, certificates and crls, and all
 * elements of the SignerInfo. Makers disagree whether the tag and length around the unsigned attributes belong to them:
 * both are accepted, since the attributes themselves are the same bytes. */
static bool digest_v2(const struct cms_imprint *imprint, enum digest_algorithm algorithm,
                      struct digest_value *ret_digest, struct error *err)
{
    const struct cms_look *look = imprint->all->look;
    const struct cms_attributes *attributes = &imprint->all->attributes;
    struct digest *digest CLEANUP(digest_free) = digest_new(algorithm);
    struct buffer covered CLEANUP(buffer_clear) = {0}, set CLEANUP(buffer_clear) = {0};
    if (!add_content(look, digest, err))
        return false;
    digest_add(digest, look->data->certificate_set);
    digest_add(digest, look->data->crl_set);
    digest_add(digest, look->signer.fields);
    for (size_t i = 0; i < attributes->count; i++)
        if (is_before(imprint, &attributes->all[i]))
            buffer_append(&covered, attributes->all[i].whole);
    der_write(&set, DER_CONTEXT_MADE + 1, buffer_span(&covered));
    if (covered.failed || set.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    struct digest *with CLEANUP(digest_free) = digest_copy(digest);
    digest_add(with, covered.size > 0 ? buffer_span(&set) : (struct span){0});
    *ret_digest = digest_finish(with);
    if (!span_equal(digest_span(ret_digest), digest_span(&imprint->said))) {
        digest_add(digest, buffer_span(&covered));
        *ret_digest = digest_finish(digest);
    }
    return true;
}

bool cms_archive_digest(const struct cms_imprint *imprint, enum digest_algorithm algorithm,
                        struct digest_value *ret_digest, struct error *err)
{
    return imprint->kind == UNSIGNED_ARCHIVE_V3 ? digest_v3(imprint, algorithm, ret_digest, err)
                                                : digest_v2(imprint, algorithm, ret_digest, err);
}

bool cms_archive_visit(const struct cms_imprint *imprint, const struct cms_visitor *visitor,
                       struct error *err)
{
    const struct cms_attributes *attributes = &imprint->all->attributes;
    struct hash_index index;
    bool fits;
    if (imprint->kind == UNSIGNED_ARCHIVE_V3)
        return !find_index(imprint->token, &index) || index_fits(imprint, &index, visitor, &fits, err);
    if (!cms_visit_sets(visitor, imprint->all->look->data, err))
        return false;
    for (size_t i = 0; i < attributes->count; i++)
        if (is_before(imprint, &attributes->all[i])
            && !cms_visit_attribute(visitor, &attributes->all[i], err))
            return false;
    return true;
}
