#include "hsm/key_kind.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>

#include "hsm/hsm_text.h"

enum { RSA_BITS_MIN = 2048, RSA_BITS_MAX = 4096 };

struct keyring {
    /* set at opening, never changed */
    struct key_source *source[1 + KEEPER_FILES_MAX];
    size_t count;
    /* under lock: names that have led to a key; they go on doing so */
    pthread_mutex_t lock;
    struct {
        char uri[HSM_URI_MAX];
        const struct kept_key *key;
    } found[HSM_KEYS_MAX];
    size_t found_count;
};

void key_description_clear(struct key_description *key)
{
    buffer_clear(&key->certificate);
    buffer_clear(&key->public_key);
    *key = (struct key_description){0};
}

static bool is_p256(const EVP_PKEY *key)
{
    char curve[32] = "";
    return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC
           && EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, curve, sizeof(curve), NULL) == 1
           && strcmp(curve, "prime256v1") == 0;
}

bool kept_key_of(EVP_PKEY *public_key, const char *name, struct kept_key *ret_key, struct error *err)
{
    uint8_t *der = NULL;
    int size = i2d_PUBKEY(public_key, &der);
    struct buffer spki CLEANUP(buffer_clear) = {0};
    if (size > 0)
        buffer_append(&spki, span_of(der, (size_t)size));
    OPENSSL_free(der);
    const uint8_t *at = spki.data;
    /* libp11 makes keys of OpenSSL's old kind: read back, it is like any other */
    EVP_PKEY *key CLEANUP(evp_pkey_clear) = size > 0 ? d2i_PUBKEY(NULL, &at, size) : NULL;
    if (!key || spki.failed)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);

    struct key_description *shown = &ret_key->description;
    struct digest_value fingerprint = digest_of(DIGEST_SHA256, buffer_span(&spki));
    memcpy(ret_key->fingerprint, fingerprint.bytes, SHA256_SIZE);
    shown->bits = (unsigned)EVP_PKEY_get_bits(key);
    shown->algorithm = EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA ? KEY_RSA : KEY_EC_P256;
    shown->public_key = spki;
    spki = (struct buffer){0};

    bool rsa = shown->algorithm == KEY_RSA && shown->bits >= RSA_BITS_MIN && shown->bits <= RSA_BITS_MAX;
    if (rsa || is_p256(key))
        return true;
    char kind[48];
    snprintf(kind, sizeof(kind), "%s %u", EVP_PKEY_get0_type_name(key), shown->bits);
    return fail(err, ERR_KEY_UNUSABLE, &TEXT_KEY_KIND, name, kind);
}

bool digest_is_signable(enum digest_algorithm algorithm, struct span digest)
{
    return algorithm <= DIGEST_SHA512 && digest.size == digest_size(algorithm);
}

/* ---- the ring */

static bool source_open(struct keyring *ring, const struct key_kind *kind,
                        const struct keeper_settings *settings, const char *what, struct error *err)
{
    if (!kind->open(settings, what, &ring->source[ring->count], err))
        return false;
    ring->count++;
    return true;
}

bool keyring_open(const struct keeper_settings *settings, struct keyring **ret_ring, struct error *err)
{
    struct keyring *ring CLEANUP(keyring_close) = calloc(1, sizeof(*ring));
    if (!ring)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    pthread_mutex_init(&ring->lock, NULL);
    if (settings->pkcs11 && !source_open(ring, &key_kind_pkcs11, settings, settings->module, err))
        return false;
    for (size_t i = 0; settings->files[i]; i++)
        if (!source_open(ring, &key_kind_file, settings, settings->files[i], err))
            return false;
    *ret_ring = TAKE(ring);
    return true;
}

size_t keyring_list(struct keyring *ring, const struct kept_key *ret_keys[static HSM_KEYS_MAX])
{
    const struct kept_key *keys[HSM_KEYS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < ring->count; i++) {
        size_t more = ring->source[i]->kind->list(ring->source[i], keys);
        for (size_t k = 0; k < more && count < HSM_KEYS_MAX; k++)
            ret_keys[count++] = keys[k];
    }
    return count;
}

static const struct kept_key *found_before(struct keyring *ring, const char *uri)
{
    const struct kept_key *key = NULL;
    pthread_mutex_lock(&ring->lock);
    for (size_t i = 0; i < ring->found_count && !key; i++)
        if (strcmp(ring->found[i].uri, uri) == 0)
            key = ring->found[i].key;
    pthread_mutex_unlock(&ring->lock);
    return key;
}

static void found_now(struct keyring *ring, const struct key_uri *name, const struct kept_key *key)
{
    pthread_mutex_lock(&ring->lock);
    if (ring->found_count < HSM_KEYS_MAX) {
        memcpy(ring->found[ring->found_count].uri, name->text, HSM_URI_MAX);
        ring->found[ring->found_count++].key = key;
    }
    pthread_mutex_unlock(&ring->lock);
}

/* The first source that has it; else what the last one of its kind said. */
static bool find(struct keyring *ring, const struct key_uri *name, int64_t until_ms,
                 const struct kept_key **ret_key, struct error *err)
{
    struct error said = {0};
    fail(&said, ERR_NOT_FOUND, &TEXT_KEY_NOT_FOUND, name->text, "-");
    for (size_t i = 0; i < ring->count && said.code == ERR_NOT_FOUND; i++) {
        struct key_source *source = ring->source[i];
        if (source->kind->uri == name->kind && source->kind->find(source, name, until_ms, ret_key, &said))
            return true;
    }
    *err = said;
    return false;
}

bool keyring_find(struct keyring *ring, const char *uri, int64_t until_ms, const struct kept_key **ret_key,
                  struct error *err)
{
    struct key_uri name CLEANUP(key_uri_clear) = {0};
    const struct kept_key *key = found_before(ring, uri);
    if (!key && (!key_uri_read(span_text(uri), &name, err) || !find(ring, &name, until_ms, &key, err)))
        return false;
    if (name.text[0])
        found_now(ring, &name, key);
    *ret_key = key;
    return true;
}

bool keyring_sign(const struct kept_key *key, enum digest_algorithm algorithm, struct span digest,
                  int64_t until_ms, struct buffer *ret_signature, struct error *err)
{
    if (!digest_is_signable(algorithm, digest))
        return fail(err, ERR_USAGE, &TEXT_DIGEST_UNFIT);
    return key->source->kind->sign(key, algorithm, digest, until_ms, ret_signature, err);
}

bool keyring_lost(const struct keyring *ring)
{
    for (size_t i = 0; i < ring->count; i++)
        if (ring->source[i]->kind->lost(ring->source[i]))
            return true;
    return false;
}

void keyring_close(struct keyring **ring)
{
    if (!*ring)
        return;
    for (size_t i = 0; i < (*ring)->count; i++)
        (*ring)->source[i]->kind->close(&(*ring)->source[i]);
    pthread_mutex_destroy(&(*ring)->lock);
    free(*ring);
    *ring = NULL;
}
