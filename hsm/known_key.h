/* Keys that callers have met, by URI: what they look like, which keeper has them, and the public key every signature is
 * checked with. Any thread. */
#pragma once

#include <stdatomic.h>

#include "hsm/station.h"

/* Never changed once it is known; counted, so that it outlives its being replaced. */
struct known_key {
    struct key_description description;
    EVP_PKEY *public_key;
    uint8_t fingerprint[SHA256_SIZE]; /* of description.public_key */
    struct station *station;
    uint64_t generation; /* of the keeper that described it */
    atomic_int holders;
};
/* For CLEANUP: lets go of it. */
void known_key_release(struct known_key **key);

struct known_keys;
struct known_keys *known_keys_new(void) MUST_USE;
void known_keys_free(struct known_keys **keys);

/* The key, to be released; NULL when the URI was never met. */
struct known_key *known_keys_get(struct known_keys *keys, const char *uri) MUST_USE;
/* Keeps what a keeper described, in place of what was known. ret_key is to be released. KEY_UNUSABLE when it makes no sense. */
bool known_keys_put(struct known_keys *keys, const char *uri, const struct key_description *description,
                    struct station *station, uint64_t generation, struct known_key **ret_key,
                    struct error *err) MUST_USE;
void known_keys_forget(struct known_keys *keys, const char *uri);

/* Whether the key made this signature over the digest. */
bool known_key_verify(const struct known_key *key, enum digest_algorithm algorithm, struct span digest,
                      struct span signature);

bool key_description_copy(const struct key_description *from, struct key_description *ret_to) MUST_USE;
