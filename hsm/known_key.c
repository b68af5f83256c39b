#include "hsm/known_key.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <pthread.h>

#include "hsm/hsm_text.h"

enum { KNOWN_MAX = 256 }; /* URIs; beyond, the oldest is forgotten */

struct entry {
    char *uri;
    struct known_key *key; /* NULL: forgotten; the place stays the URI's */
};

struct known_keys {
    pthread_mutex_t lock;
    struct entry entry[KNOWN_MAX];
    size_t count, next; /* next: the place that is given up when all are taken */
};

DEFINE_CLEANUP(EVP_PKEY_CTX *, evp_pkey_ctx_clear, EVP_PKEY_CTX_free)

static struct known_key *hold(struct known_key *key)
{
    if (key)
        atomic_fetch_add(&key->holders, 1);
    return key;
}

void known_key_release(struct known_key **key)
{
    struct known_key *own = TAKE(*key);
    if (!own || atomic_fetch_sub(&own->holders, 1) > 1)
        return;
    key_description_clear(&own->description);
    EVP_PKEY_free(own->public_key);
    free(own);
}

struct known_keys *known_keys_new(void)
{
    struct known_keys *keys = calloc(1, sizeof(*keys));
    if (keys)
        pthread_mutex_init(&keys->lock, NULL);
    return keys;
}

void known_keys_free(struct known_keys **keys)
{
    if (!*keys)
        return;
    for (size_t i = 0; i < (*keys)->count; i++) {
        free((*keys)->entry[i].uri);
        known_key_release(&(*keys)->entry[i].key);
    }
    pthread_mutex_destroy(&(*keys)->lock);
    free(*keys);
    *keys = NULL;
}

bool key_description_copy(const struct key_description *from, struct key_description *ret_to)
{
    struct key_description to CLEANUP(key_description_clear) = *from;
    to.certificate = to.public_key = (struct buffer){0};
    buffer_append(&to.certificate, buffer_span(&from->certificate));
    buffer_append(&to.public_key, buffer_span(&from->public_key));
    if (to.certificate.failed || to.public_key.failed)
        return false;
    *ret_to = to;
    to = (struct key_description){0};
    return true;
}

/* Under lock. */
static struct entry *entry_of(struct known_keys *keys, const char *uri)
{
    for (size_t i = 0; i < keys->count; i++)
        if (strcmp(keys->entry[i].uri, uri) == 0)
            return &keys->entry[i];
    return NULL;
}

struct known_key *known_keys_get(struct known_keys *keys, const char *uri)
{
    pthread_mutex_lock(&keys->lock);
    const struct entry *entry = entry_of(keys, uri);
    struct known_key *key = hold(entry ? entry->key : NULL);
    pthread_mutex_unlock(&keys->lock);
    return key;
}

void known_keys_forget(struct known_keys *keys, const char *uri)
{
    pthread_mutex_lock(&keys->lock);
    struct entry *entry = entry_of(keys, uri);
    if (entry)
        known_key_release(&entry->key);
    pthread_mutex_unlock(&keys->lock);
}

/* Under lock: the URI's place, a new one, or the oldest one's. */
static struct entry *entry_for(struct known_keys *keys, const char *uri)
{
    struct entry *entry = entry_of(keys, uri);
    if (entry)
        return entry;
    char *own = strdup(uri);
    if (!own)
        return NULL;
    if (keys->count < KNOWN_MAX) {
        entry = &keys->entry[keys->count++];
    } else {
        entry = &keys->entry[keys->next];
        keys->next = (keys->next + 1) % KNOWN_MAX;
        free(entry->uri);
    }
    entry->uri = own;
    return entry;
}

/* A certificate that does not belong to the key would make every signature worthless. */
static bool certificate_fits(const struct known_key *key, struct error *err)
{
    if (key->description.certificate.size == 0)
        return true;
    X509 *certificate CLEANUP(x509_clear) = NULL;
    return certificate_read(buffer_span(&key->description.certificate), &certificate, err)
           && (EVP_PKEY_eq(X509_get0_pubkey(certificate), key->public_key) == 1
               || fail(err, ERR_KEY_UNUSABLE, &TEXT_SIGNATURE_WRONG, key->description.label));
}

static bool known_key_of(const struct key_description *description, struct known_key **ret_key,
                         struct error *err)
{
    struct known_key *key CLEANUP(known_key_release) = calloc(1, sizeof(*key));
    if (!key || !key_description_copy(description, &key->description))
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    atomic_init(&key->holders, 1);
    const uint8_t *at = key->description.public_key.data;
    key->public_key = d2i_PUBKEY(NULL, &at, (long)key->description.public_key.size);
    if (!key->public_key) {
        fail(err, ERR_KEY_UNUSABLE, &TEXT_SIGNATURE_WRONG, key->description.label);
        return error_openssl(err, "d2i_PUBKEY");
    }
    struct digest_value fingerprint = digest_of(DIGEST_SHA256, buffer_span(&key->description.public_key));
    memcpy(key->fingerprint, fingerprint.bytes, SHA256_SIZE);
    if (!certificate_fits(key, err))
        return false;
    *ret_key = TAKE(key);
    return true;
}

bool known_keys_put(struct known_keys *keys, const char *uri, const struct key_description *description,
                    struct station *station, uint64_t generation, struct known_key **ret_key,
                    struct error *err)
{
    struct known_key *key CLEANUP(known_key_release) = NULL;
    if (!known_key_of(description, &key, err))
        return false;
    key->station = station;
    key->generation = generation;

    pthread_mutex_lock(&keys->lock);
    struct entry *entry = entry_for(keys, uri);
    if (entry) {
        known_key_release(&entry->key);
        entry->key = hold(key);
    }
    pthread_mutex_unlock(&keys->lock);
    *ret_key = TAKE(key); /* without memory for its place it is simply not remembered */
    return true;
}

bool known_key_verify(const struct known_key *key, enum digest_algorithm algorithm, struct span digest,
                      struct span signature)
{
    EVP_PKEY_CTX *context CLEANUP(evp_pkey_ctx_clear) = EVP_PKEY_CTX_new(key->public_key, NULL);
    bool rsa = key->description.algorithm == KEY_RSA;
    bool good = context && EVP_PKEY_verify_init(context) == 1
                && (!rsa || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1)
                && EVP_PKEY_CTX_set_signature_md(context, digest_evp(algorithm)) == 1
                && EVP_PKEY_verify(context, signature.data, signature.size, digest.data, digest.size) == 1;
    if (!good)
        ERR_clear_error();
    return good;
}
