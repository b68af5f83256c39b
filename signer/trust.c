#include "signer/trust.h"

#include <openssl/err.h>
#include <stdio.h>

#include "base/base_text.h"
#include "signer/signer_text.h"
#include "signer/trust_build.h"
#include "signer/trust_text.h"

TEXTS_DEFINE(TRUST_TEXTS, trust_texts)

enum { SNAPSHOT_VERSION = 2 };

struct trust {
    struct trust_anchor *anchors;
    size_t anchor_count, anchor_room;
    STACK_OF(X509) * between;
    struct buffer crls[TRUST_MAX_CRLS];
    struct evidence_item crl_items[TRUST_MAX_CRLS]; /* the same, parsed */
    size_t crl_count;
    struct trust_list lists[TRUST_MAX_LISTS];
    size_t list_count;
};

static bool no_memory(struct error *err)
{
    return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

const char *trust_use_name(enum trust_use use)
{
#define USE_NAME(name, word) word,
    static const char *const names[] = {TRUST_USES(USE_NAME)};
#undef USE_NAME
    return names[use];
}

const struct text *trust_tree_text(const char *tree)
{
    if (strcmp(tree, "cong-vu") == 0)
        return &TEXT_TREE_CONG_VU;
    return strcmp(tree, "cong-cong") == 0 ? &TEXT_TREE_CONG_CONG : NULL;
}

struct trust *trust_new(void)
{
    struct trust *trust = calloc(1, sizeof(*trust));
    if (!trust)
        return NULL;
    trust->between = sk_X509_new_null();
    if (!trust->between)
        trust_free(&trust);
    return trust;
}

void trust_free(struct trust **trust)
{
    if (!*trust)
        return;
    for (size_t i = 0; i < (*trust)->anchor_count; i++) {
        X509_free((*trust)->anchors[i].certificate);
        free((*trust)->anchors[i].periods);
    }
    free((*trust)->anchors);
    for (size_t i = 0; i < (*trust)->crl_count; i++) {
        X509_CRL_free((*trust)->crl_items[i].crl);
        buffer_clear(&(*trust)->crls[i]);
    }
    sk_X509_pop_free((*trust)->between, X509_free);
    free(*trust);
    *trust = NULL;
}

/* ---- putting it together */

static bool make_room(struct trust *trust)
{
    if (trust->anchor_count < trust->anchor_room)
        return true;
    size_t room = trust->anchor_room ? 2 * trust->anchor_room : 8;
    struct trust_anchor *grown = realloc(trust->anchors, room * sizeof(*grown));
    if (!grown)
        return false;
    trust->anchors = grown;
    trust->anchor_room = room;
    return true;
}

bool trust_add_anchor(struct trust *trust, const struct trust_anchor *anchor, struct error *err)
{
    if (trust->anchor_count == TRUST_MAX_ANCHORS)
        return fail(err, ERR_TOO_LARGE, &TEXT_TRUST_TOO_MANY, "8192");
    struct trust_period *periods = calloc(anchor->period_count, sizeof(*periods));
    if (!periods || !make_room(trust)) {
        free(periods);
        return no_memory(err);
    }
    memcpy(periods, anchor->periods, anchor->period_count * sizeof(*periods));
    struct trust_anchor *added = &trust->anchors[trust->anchor_count++];
    *added = *anchor;
    added->periods = periods;
    X509_up_ref(added->certificate);
    return true;
}

bool trust_add_intermediate(struct trust *trust, X509 *certificate, struct error *err)
{
    if (sk_X509_num(trust->between) >= CERTIFICATES_MAX)
        return fail(err, ERR_TOO_LARGE, &TEXT_TOO_MANY_CERTIFICATES);
    return X509_add_cert(trust->between, certificate, X509_ADD_FLAG_UP_REF | X509_ADD_FLAG_NO_DUP) == 1
           || no_memory(err);
}

bool trust_add_crl(struct trust *trust, struct span der, struct error *err)
{
    const unsigned char *at = der.data;
    X509_CRL *crl = d2i_X509_CRL(NULL, &at, (long)der.size);
    if (!crl || at != der.data + der.size) {
        X509_CRL_free(crl);
        fail(err, ERR_MALFORMED, &TEXT_TRUST_NOTHING, "CRL");
        return error_openssl(err, "d2i_X509_CRL");
    }
    struct buffer bytes = {0};
    buffer_append(&bytes, der);
    if (bytes.failed || trust->crl_count >= TRUST_MAX_CRLS) {
        X509_CRL_free(crl);
        buffer_clear(&bytes);
        return fail(err, ERR_TOO_LARGE, &TEXT_TOO_MANY_CERTIFICATES);
    }
    trust->crls[trust->crl_count] = bytes;
    trust->crl_items[trust->crl_count++] =
        (struct evidence_item){.kind = EVIDENCE_CRL, .der = buffer_span(&bytes), .crl = crl};
    return true;
}

bool trust_add_list(struct trust *trust, const struct trust_list *list, struct error *err)
{
    if (trust->list_count == TRUST_MAX_LISTS)
        return fail(err, ERR_TOO_LARGE, &TEXT_TRUST_TOO_MANY, "64");
    trust->lists[trust->list_count++] = *list;
    return true;
}

bool trust_of_certificates(const struct certificates *certificates, struct trust **ret_trust,
                           struct error *err)
{
    struct trust *trust CLEANUP(trust_free) = trust_new();
    struct trust_period always = {.uses = TRUST_MAY_ALL};
    if (!trust)
        return no_memory(err);
    for (size_t i = 0; i < certificates->count; i++) {
        X509 *certificate CLEANUP(x509_clear) = NULL;
        struct trust_anchor anchor = {.periods = &always, .period_count = 1};
        if (!certificate_read(buffer_span(&certificates->der[i]), &certificate, err))
            return false;
        anchor.certificate = certificate;
        if (!trust_add_anchor(trust, &anchor, err))
            return false;
    }
    *ret_trust = TAKE(trust);
    return true;
}

/* ---- asking it */

size_t trust_anchor_count(const struct trust *trust)
{
    return trust->anchor_count;
}

const struct trust_anchor *trust_anchor_at(const struct trust *trust, size_t index)
{
    return &trust->anchors[index];
}

bool trust_anchor_for(const struct trust_anchor *anchor, unsigned uses)
{
    for (size_t i = 0; i < anchor->period_count; i++)
        if (anchor->periods[i].uses & uses)
            return true;
    return false;
}

bool trust_anchor_in_force(const struct trust_anchor *anchor, unsigned uses, int64_t at_ms)
{
    for (size_t i = 0; i < anchor->period_count; i++) {
        const struct trust_period *period = &anchor->periods[i];
        if (period->uses & uses && period->from_ms <= at_ms
            && (period->until_ms == 0 || at_ms < period->until_ms))
            return true;
    }
    return false;
}

const STACK_OF(X509) * trust_intermediates(const struct trust *trust)
{
    return trust->between;
}

size_t trust_crl_count(const struct trust *trust)
{
    return trust->crl_count;
}

const struct evidence_item *trust_crl_at(const struct trust *trust, size_t index)
{
    return &trust->crl_items[index];
}

size_t trust_list_count(const struct trust *trust)
{
    return trust->list_count;
}

const struct trust_list *trust_list_at(const struct trust *trust, size_t index)
{
    return &trust->lists[index];
}

/* ---- the snapshot */

static void write_certificate(X509 *certificate, struct buffer *buffer)
{
    unsigned char *der = NULL;
    int size = i2d_X509(certificate, &der);
    buffer_sized(buffer, span_of(der, size > 0 ? (size_t)size : 0));
    OPENSSL_free(der);
}

static void write_anchor(const struct trust_anchor *anchor, struct buffer *buffer)
{
    write_certificate(anchor->certificate, buffer);
    buffer_sized(buffer, span_text(anchor->tree));
    buffer_sized(buffer, span_text(anchor->source));
    buffer_sized(buffer, span_text(anchor->note));
    buffer_u8(buffer, anchor->listed);
    buffer_u64(buffer, (uint64_t)anchor->next_update_ms);
    buffer_u8(buffer, (uint8_t)anchor->period_count);
    for (size_t i = 0; i < anchor->period_count; i++) {
        buffer_u64(buffer, (uint64_t)anchor->periods[i].from_ms);
        buffer_u64(buffer, (uint64_t)anchor->periods[i].until_ms);
        buffer_u32(buffer, anchor->periods[i].uses);
        buffer_sized(buffer, span_text(anchor->periods[i].status));
    }
}

static void write_list(const struct trust_list *list, struct buffer *buffer)
{
    buffer_sized(buffer, span_text(list->name));
    buffer_u64(buffer, (uint64_t)list->issued_ms);
    buffer_u64(buffer, (uint64_t)list->next_update_ms);
    buffer_u32(buffer, (uint32_t)list->anchors);
}

void trust_write(const struct trust *trust, struct buffer *buffer)
{
    buffer_u8(buffer, SNAPSHOT_VERSION);
    buffer_u16(buffer, (uint16_t)trust->anchor_count);
    for (size_t i = 0; i < trust->anchor_count; i++)
        write_anchor(&trust->anchors[i], buffer);
    buffer_u16(buffer, (uint16_t)sk_X509_num(trust->between));
    for (int i = 0; i < sk_X509_num(trust->between); i++)
        write_certificate(sk_X509_value(trust->between, i), buffer);
    buffer_u16(buffer, (uint16_t)trust->crl_count);
    for (size_t i = 0; i < trust->crl_count; i++)
        buffer_sized(buffer, buffer_span(&trust->crls[i]));
    buffer_u16(buffer, (uint16_t)trust->list_count);
    for (size_t i = 0; i < trust->list_count; i++)
        write_list(&trust->lists[i], buffer);
}

static void read_text(struct reader *r, size_t room, char *ret_text)
{
    struct span text = read_sized(r, room - 1);
    if (!r->failed)
        text_clean((const char *)text.data, text.size, room, ret_text);
}

static bool read_certificate(struct reader *r, X509 **ret_certificate, struct error *err)
{
    struct span der = read_sized(r, CERTIFICATE_MAX);
    return !r->failed && certificate_read(der, ret_certificate, err);
}

static bool read_anchor(struct reader *r, struct trust *trust, struct error *err)
{
    X509 *certificate CLEANUP(x509_clear) = NULL;
    struct trust_period periods[TRUST_MAX_PERIODS] = {0};
    struct trust_anchor anchor = {.periods = periods};
    if (!read_certificate(r, &certificate, err))
        return false;
    anchor.certificate = certificate;
    read_text(r, sizeof(anchor.tree), anchor.tree);
    read_text(r, sizeof(anchor.source), anchor.source);
    read_text(r, sizeof(anchor.note), anchor.note);
    anchor.listed = read_u8(r) == 1;
    anchor.next_update_ms = (int64_t)read_u64(r);
    anchor.period_count = read_u8(r);
    if (r->failed || anchor.period_count == 0 || anchor.period_count > TRUST_MAX_PERIODS)
        return false;
    for (size_t i = 0; i < anchor.period_count; i++) {
        periods[i].from_ms = (int64_t)read_u64(r);
        periods[i].until_ms = (int64_t)read_u64(r);
        periods[i].uses = read_u32(r);
        read_text(r, sizeof(periods[i].status), periods[i].status);
    }
    return !r->failed && trust_add_anchor(trust, &anchor, err);
}

static bool read_intermediate(struct reader *r, struct trust *trust, struct error *err)
{
    X509 *certificate CLEANUP(x509_clear) = NULL;
    return read_certificate(r, &certificate, err) && trust_add_intermediate(trust, certificate, err);
}

static bool read_crl(struct reader *r, struct trust *trust, struct error *err)
{
    struct span der = read_sized(r, TRUST_MAX_FILE);
    return !r->failed && trust_add_crl(trust, der, err);
}

static bool read_one_list(struct reader *r, struct trust *trust, struct error *err)
{
    struct trust_list list = {0};
    read_text(r, sizeof(list.name), list.name);
    list.issued_ms = (int64_t)read_u64(r);
    list.next_update_ms = (int64_t)read_u64(r);
    list.anchors = read_u32(r);
    return !r->failed && trust_add_list(trust, &list, err);
}

static bool read_all(struct reader *r, struct trust *trust, struct error *err)
{
    static bool (*const parts[])(struct reader * r, struct trust * trust, struct error * err) = {
        read_anchor, read_intermediate, read_crl, read_one_list};
    if (read_u8(r) != SNAPSHOT_VERSION)
        return false;
    for (size_t i = 0; i < COUNT_OF(parts); i++)
        for (size_t left = read_u16(r); left > 0; left--)
            if (!parts[i](r, trust, err))
                return false;
    return !r->failed && r->left.size == 0;
}

bool trust_read(struct span snapshot, struct trust **ret_trust, struct error *err)
{
    struct trust *trust CLEANUP(trust_free) = trust_new();
    if (!trust)
        return no_memory(err);
    struct reader r = reader_of(snapshot);
    if (!read_all(&r, trust, err))
        return fail(err, ERR_INTERNAL, &TEXT_TRUST_SNAPSHOT);
    *ret_trust = TAKE(trust);
    return true;
}
