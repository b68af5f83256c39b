/* What a kind of key must be able to do inside a keeper, and the ring of all keys that one keeper holds. Keys are found once
 * and stay until the process ends; any thread may use the ring at any time. */
#pragma once

#include "hsm/keeper.h"
#include "hsm/key_uri.h"

struct key_source;

/* Set when the key is found, never changed; lives as long as the process. */
struct kept_key {
    struct key_source *source;
    struct key_description description;
    uint8_t fingerprint[SHA256_SIZE]; /* of description.public_key */
};

struct key_kind {
    const char *name;
    enum key_uri_kind uri;
    /* `what`: the module (NULL: p11-kit's) or the file. */
    bool (*open)(const struct keeper_settings *settings, const char *what, struct key_source **ret_source,
                 struct error *err);
    /* Up to HSM_KEYS_MAX keys that can be seen without a PIN. */
    size_t (*list)(struct key_source *source, const struct kept_key **ret_keys);
    /* NOT_FOUND, TOKEN_AWAY, USAGE when the URI fits several, KEY_UNUSABLE; may log in when the URI names a token. */
    bool (*find)(struct key_source *source, const struct key_uri *uri, int64_t until_ms,
                 const struct kept_key **ret_key, struct error *err);
    bool (*sign)(const struct kept_key *key, enum digest_algorithm algorithm, struct span digest,
                 int64_t until_ms, struct buffer *ret_signature, struct error *err);
    /* The device is gone for this process: it must end, and a fresh one look again. */
    bool (*lost)(const struct key_source *source);
    /* Nobody is inside any more. */
    void (*close)(struct key_source **source);
};

/* The first member of each kind's own struct. */
struct key_source {
    const struct key_kind *kind;
};

extern const struct key_kind key_kind_pkcs11, key_kind_file;

/* Fills algorithm, bits, public_key and fingerprint. KEY_UNUSABLE when the key is neither RSA 2048-4096 nor P-256; `name` is for
 * the sentence. */
bool kept_key_of(EVP_PKEY *public_key, const char *name, struct kept_key *ret_key, struct error *err)
    MUST_USE;

/* Only the digests that signatures are made of: SHA-256, 384, 512, in their full size. */
bool digest_is_signable(enum digest_algorithm algorithm, struct span digest);

struct keyring;

bool keyring_open(const struct keeper_settings *settings, struct keyring **ret_ring, struct error *err)
    MUST_USE;
size_t keyring_list(struct keyring *ring, const struct kept_key *ret_keys[static HSM_KEYS_MAX]);
bool keyring_find(struct keyring *ring, const char *uri, int64_t until_ms, const struct kept_key **ret_key,
                  struct error *err) MUST_USE;
bool keyring_sign(const struct kept_key *key, enum digest_algorithm algorithm, struct span digest,
                  int64_t until_ms, struct buffer *ret_signature, struct error *err) MUST_USE;
bool keyring_lost(const struct keyring *ring);
void keyring_close(struct keyring **ring);
