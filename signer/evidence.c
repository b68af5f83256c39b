#include "signer/evidence.h"

#include <openssl/err.h>

#include "base/base_text.h"
#include "base/digest.h"
#include "signer/signer_text.h"

enum { FIRST_ROOM = 64 };

/* One thing and the earliest time at which it is known to have existed. */
struct proof {
    uint8_t digest[SHA256_SIZE];
    int64_t time_ms;
};

struct evidence {
    struct evidence_item *items;
    struct buffer *bytes; /* of each item */
    uint8_t (*digests)[SHA256_SIZE];
    size_t count, room, size;
    struct proof *proofs;
    size_t proof_count, proof_room;
};

struct evidence *evidence_new(void)
{
    return calloc(1, sizeof(struct evidence));
}

static void item_clear(struct evidence_item *item)
{
    X509_free(item->certificate);
    X509_CRL_free(item->crl);
    OCSP_BASICRESP_free(item->ocsp);
}

void evidence_free(struct evidence **evidence)
{
    if (!*evidence)
        return;
    for (size_t i = 0; i < (*evidence)->count; i++) {
        item_clear(&(*evidence)->items[i]);
        buffer_clear(&(*evidence)->bytes[i]);
    }
    free((*evidence)->items);
    free((*evidence)->bytes);
    free((*evidence)->digests);
    free((*evidence)->proofs);
    free(*evidence);
    *evidence = NULL;
}

size_t evidence_count(const struct evidence *evidence)
{
    return evidence->count;
}

const struct evidence_item *evidence_at(const struct evidence *evidence, size_t index)
{
    return &evidence->items[index];
}

static bool is_known(struct evidence *evidence, const uint8_t digest[static SHA256_SIZE], bool embedded)
{
    for (size_t i = 0; i < evidence->count; i++)
        if (memcmp(evidence->digests[i], digest, SHA256_SIZE) == 0) {
            evidence->items[i].embedded |= embedded;
            return true;
        }
    return false;
}

static bool make_room(struct evidence *evidence)
{
    if (evidence->count < evidence->room)
        return true;
    size_t room = evidence->room ? 2 * evidence->room : FIRST_ROOM;
    void *items = realloc(evidence->items, room * sizeof(*evidence->items));
    if (items)
        evidence->items = items;
    void *bytes = realloc(evidence->bytes, room * sizeof(*evidence->bytes));
    if (bytes)
        evidence->bytes = bytes;
    void *digests = realloc(evidence->digests, room * sizeof(*evidence->digests));
    if (digests)
        evidence->digests = digests;
    if (!items || !bytes || !digests)
        return false;
    evidence->room = room;
    return true;
}

/* RFC 6960, 4.2.1: the answer around, when there is one, says only that it was successful. */
static OCSP_BASICRESP *parse_ocsp(struct span der)
{
    const unsigned char *at = der.data;
    OCSP_BASICRESP *basic = d2i_OCSP_BASICRESP(NULL, &at, (long)der.size);
    if (basic && at == der.data + der.size)
        return basic;
    OCSP_BASICRESP_free(basic);
    at = der.data;
    OCSP_RESPONSE *around = d2i_OCSP_RESPONSE(NULL, &at, (long)der.size);
    bool good = around && OCSP_response_status(around) == OCSP_RESPONSE_STATUS_SUCCESSFUL;
    basic = good ? OCSP_response_get1_basic(around) : NULL;
    OCSP_RESPONSE_free(around);
    return basic;
}

static bool parse(struct evidence_item *item)
{
    const unsigned char *at = item->der.data;
    struct error unreadable = {0};
    bool good = false;
    switch (item->kind) {
    case EVIDENCE_CERTIFICATE:
        good = certificate_read(item->der, &item->certificate, &unreadable);
        break;
    case EVIDENCE_CRL:
        item->crl = d2i_X509_CRL(NULL, &at, (long)item->der.size);
        good = item->crl && at == item->der.data + item->der.size;
        break;
    case EVIDENCE_OCSP:
        item->ocsp = parse_ocsp(item->der);
        good = item->ocsp != NULL;
        break;
    }
    ERR_clear_error();
    return good;
}

bool evidence_add(struct evidence *evidence, enum evidence_kind kind, struct span der, bool embedded,
                  struct error *err)
{
    struct digest_value digest = digest_of(DIGEST_SHA256, der);
    if (is_known(evidence, digest.bytes, embedded))
        return true;
    if (evidence->count >= EVIDENCE_MAX_ITEMS || der.size > EVIDENCE_MAX_BYTES - evidence->size)
        return fail(err, ERR_TOO_LARGE, &TEXT_EVIDENCE_TOO_MUCH);
    if (!make_room(evidence))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    buffer_append(&bytes, der);
    if (bytes.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    struct evidence_item item = {.kind = kind, .der = buffer_span(&bytes), .embedded = embedded};
    if (!parse(&item)) {
        item_clear(&item);
        return true;
    }
    evidence->items[evidence->count] = item;
    memcpy(evidence->digests[evidence->count], digest.bytes, SHA256_SIZE);
    evidence->bytes[evidence->count++] = bytes;
    evidence->size += der.size;
    bytes = (struct buffer){0};
    return true;
}

static struct proof *find_proof(const struct evidence *evidence, struct span object)
{
    struct digest_value digest = digest_of(DIGEST_SHA256, object);
    for (size_t i = 0; i < evidence->proof_count; i++)
        if (memcmp(evidence->proofs[i].digest, digest.bytes, SHA256_SIZE) == 0)
            return &evidence->proofs[i];
    return NULL;
}

bool evidence_prove(struct evidence *evidence, struct span object, int64_t time_ms, struct error *err)
{
    struct proof *proof = find_proof(evidence, object);
    if (proof) {
        if (time_ms < proof->time_ms)
            proof->time_ms = time_ms;
        return true;
    }
    if (evidence->proof_count == evidence->proof_room) {
        size_t room = evidence->proof_room ? 2 * evidence->proof_room : FIRST_ROOM;
        struct proof *grown = realloc(evidence->proofs, room * sizeof(*grown));
        if (!grown)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        evidence->proofs = grown;
        evidence->proof_room = room;
    }
    proof = &evidence->proofs[evidence->proof_count++];
    struct digest_value digest = digest_of(DIGEST_SHA256, object);
    memcpy(proof->digest, digest.bytes, SHA256_SIZE);
    proof->time_ms = time_ms;
    return true;
}

int64_t evidence_proved(const struct evidence *evidence, struct span object, int64_t now_ms)
{
    const struct proof *proof = find_proof(evidence, object);
    return proof && proof->time_ms < now_ms ? proof->time_ms : now_ms;
}
