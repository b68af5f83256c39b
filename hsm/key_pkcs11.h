/* What the files of the kind "pkcs11" share: a source is one module with its tokens and the keys found on them. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "hsm/key_kind.h"
#include "hsm/module.h"

enum {
    TOKENS_MAX = 16,
    TOKEN_KEY_ID_MAX = 64,     /* bytes of CKA_ID */
    TOKEN_KEY_LABEL_MAX = 128, /* bytes of CKA_LABEL */
    TOKEN_KEY_LABELS = 3,      /* of certificate, public and private key: people use any of them */
    TOKEN_UNCLEAR_MAX = 3      /* unclear failures in a row, then the device counts as gone */
};

struct pkcs11_source;

struct token {
    /* set at opening */
    struct pkcs11_source *source;
    CK_FUNCTION_LIST *call;
    PKCS11_SLOT *slot;
    CK_SLOT_ID id;
    CK_TOKEN_INFO info; /* as at opening; PIN flags are asked for anew */
    char label[64], serial[33];
    /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t returned;
    CK_SESSION_HANDLE idle[KEEPER_CALLERS_MAX];
    size_t idle_count, open_count;
    /* under login_lock */
    pthread_mutex_t login_lock;
    CK_SESSION_HANDLE anchor; /* open for ever: a login dies with the last session */
    bool scanned_private;
    /* any thread */
    atomic_bool logged_in;
    atomic_int unclear;
};

struct token_key {
    struct kept_key kept; /* first member */
    struct token *token;
    struct error unusable; /* why it cannot sign, if so */
    /* under the source's lock */
    uint8_t id[TOKEN_KEY_ID_MAX];
    size_t id_size;
    char label[TOKEN_KEY_LABELS][TOKEN_KEY_LABEL_MAX + 1];
    size_t labels;
    int64_t certificate_until; /* notAfter, the newest wins */
    /* any thread, once not zero */
    atomic_ulong handle; /* CK_OBJECT_HANDLE of the private key */
    atomic_bool always_authenticate;
};

struct pkcs11_source {
    struct key_source base; /* first member */
    /* set at opening */
    const struct keeper_settings *settings;
    char notes[256];
    struct module module;
    struct token tokens[TOKENS_MAX];
    size_t token_count;
    /* under lock */
    pthread_mutex_t lock;
    struct token_key *keys[HSM_KEYS_MAX];
    size_t key_count;
    /* any thread */
    atomic_bool lost;
};

/* ---- token.c: sessions and the login */

void token_open(struct token *token, struct pkcs11_source *source, PKCS11_SLOT *slot);
void token_close(struct token *token);
/* A session of one's own: an idle one, or a new one; BUSY when the token has no more until then. */
bool token_session_take(struct token *token, int64_t until_ms, CK_SESSION_HANDLE *ret_session,
                        struct error *err) MUST_USE;
void token_session_give(struct token *token, CK_SESSION_HANDLE session);
/* After an error inside an operation: the session would stay inside it. */
void token_session_drop(struct token *token, CK_SESSION_HANDLE session);
/* Once for the process, when the token wants it at all. PIN_BLOCKED, TOKEN_AWAY. */
bool token_login(struct token *token, int64_t until_ms, struct error *err) MUST_USE;
/* For one signature with a key that wants the PIN each time (CKA_ALWAYS_AUTHENTICATE), between C_SignInit and C_Sign. */
bool token_login_once_more(struct token *token, CK_SESSION_HANDLE session, int64_t until_ms,
                           struct error *err) MUST_USE;
/* Judges a failed call: marks the source lost when the device is gone. Returns false. */
bool token_failed(struct token *token, const char *call, CK_RV rv, struct error *err);

/* ---- token_keys.c: what keys there are */

/* With token->login_lock held, or before there are threads. */
void token_scan_public(struct token *token);
void token_scan_private(struct token *token);
/* Without any lock: the private key's handle, looked for once. KEY_UNUSABLE when the token has none. */
bool token_key_handle(struct token_key *key, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *ret_handle,
                      struct error *err) MUST_USE;

/* ---- token_sign.c */

bool token_key_sign(struct token_key *key, enum digest_algorithm algorithm, struct span digest,
                    int64_t until_ms, struct buffer *ret_signature, struct error *err) MUST_USE;
