/* Keys that never leave. This room finds a key by its URI, gives its certificate, and signs a digest with it; it knows
 * nothing of documents. Every key lives in a keeper: a process of its own that alone loads the vendor's module and knows the
 * PIN (hsm/keeper.h). Callers hold a struct hsm; any thread may call it, several at once: each request travels by its own
 * connection and has a deadline.
 *
 * URIs: pkcs11:token=…;object=…[;id=…][;serial=…][?module-path=…] (RFC 7512), file:dev.p12 (development only). A key may list
 * several URIs of one public key, separated by spaces: the next is used when one is away.
 *
 * A request waits out what passes by itself: a keeper that died is started again, a token that was seen before is waited for,
 * until the deadline. Errors: NOT_FOUND (no such key; says which keys there are), KEY_UNUSABLE, PIN_BLOCKED, TOKEN_AWAY (retry
 * helps; also when the URI names a token that is not plugged in), TIMEOUT, BUSY, FORBIDDEN, USAGE (not a key's name). */
#pragma once

#include "base/certificate.h"
#include "base/digest.h"

enum key_algorithm { KEY_RSA, KEY_EC_P256 };

enum {
    HSM_DEADLINE_MS = 10000,     /* for one request, unless the caller says otherwise */
    HSM_DEADLINE_MAX_MS = 60000, /* the longest that can be asked for */
    HSM_SIGNATURE_MAX = 512,     /* bytes: RSA-4096 */
    HSM_KEYS_MAX = 64,           /* keys one keeper shows */
    HSM_URI_MAX = 512,           /* bytes of one URI, the end's NUL included */
    HSM_URIS_MAX = 4,            /* URIs of one key */
    HSM_CALLERS_MAX = 32         /* connections of one process to one keeper; more callers wait their turn */
};

struct key_description {
    char uri[HSM_URI_MAX];
    char token[64], label[64], serial[33];
    enum key_algorithm algorithm;
    unsigned bits;
    struct buffer certificate; /* DER; empty when the token holds none */
    struct buffer public_key;  /* DER SubjectPublicKeyInfo */
};
void key_description_clear(struct key_description *key);

struct hsm;

/* How to reach the keys: either the sockets of running keepers (a server), or keepers started for this process alone, one for
 * each module or file that a URI names, and ended with hsm_close (a command). The strings are copied. */
struct hsm_settings {
    const char *const *sockets; /* DATA/keeper-N.sock …, ends with NULL; or NULL: start keepers */
    const char *program;        /* this program, to run as `PROGRAM keeper`; NULL: /proc/self/exe */
    const char *
        module; /* PKCS#11 module for URIs without module-path; NULL: p11-kit's proxy of all that are installed */
    const char *pin_file; /* NULL: keys that need a PIN are PIN_BLOCKED with the advice to give one */
    const char *notes;    /* directory of the durable PIN notes; NULL: /var/lib/vanthu/pin-notes for root,
                                   ~/.local/state/vanthu/pin-notes for everybody else (home as in the password file) */
    int64_t deadline_ms;  /* 0: HSM_DEADLINE_MS */
};
bool hsm_open(const struct hsm_settings *settings, struct hsm **ret_hsm, struct error *err) MUST_USE;
/* Nobody may be inside a call any more. */
void hsm_close(struct hsm **hsm);

/* Every key that can be seen without a PIN: a list never spends a try. The caller clears each and frees the array. */
bool hsm_list(struct hsm *hsm, struct key_description **ret_keys, size_t *ret_count, struct error *err)
    MUST_USE;
/* The key's description with its certificate. Cached per URI until the keeper changes. */
bool hsm_describe(struct hsm *hsm, const char *uri, struct key_description *ret_key, struct error *err)
    MUST_USE;
/* Signs a digest: RSA: PKCS #1 v1.5 with DigestInfo (RFC 8017 §9.2); EC: the DER Ecdsa-Sig-Value (RFC 3279 §2.2.3). The
 * signature has been checked against the key's public key, which is the certificate's when there is one. ret_signature is
 * cleared by the caller. KEY_UNUSABLE also when the URI has come to name another key than was described. */
bool hsm_sign(struct hsm *hsm, const char *uri, enum digest_algorithm algorithm, struct span digest,
              struct buffer *ret_signature, struct error *err) MUST_USE;
