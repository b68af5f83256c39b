#include "hsm/key_pkcs11.h"

#include <p11-kit/uri.h>
#include <stdio.h>

#include "hsm/hsm_text.h"
#include "hsm/pin_note.h"

static struct pkcs11_source *source_of(const struct key_source *source)
{
    return (struct pkcs11_source *)source;
}

/* ---- opening */

static bool tokens_open(struct pkcs11_source *source)
{
    for (unsigned i = 0; i < source->module.slot_count && source->token_count < TOKENS_MAX; i++) {
        PKCS11_SLOT *slot = &source->module.slots[i];
        if (!slot->token || !slot->token->initialized)
            continue;
        struct token *token = &source->tokens[source->token_count];
        token_open(token, source, slot);
        if (source->settings->token && strcmp(source->settings->token, token->label) != 0)
            token_close(token);
        else
            source->token_count++;
    }
    for (size_t i = 0; i < source->token_count; i++)
        token_scan_public(&source->tokens[i]);
    return true;
}

static void pkcs11_close(struct key_source **source)
{
    struct pkcs11_source *own = source_of(*source);
    if (own->module.call)
        own->module.call->C_Finalize(NULL); /* logs out and closes every session */
    for (size_t i = 0; i < own->token_count; i++)
        token_close(&own->tokens[i]);
    for (size_t i = 0; i < own->key_count; i++) {
        key_description_clear(&own->keys[i]->kept.description);
        free(own->keys[i]);
    }
    pthread_mutex_destroy(&own->lock);
    free(own);
    *source = NULL;
}

static bool pkcs11_open(const struct keeper_settings *settings, const char *what,
                        struct key_source **ret_source, struct error *err)
{
    struct pkcs11_source *source = calloc(1, sizeof(*source));
    if (!source)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    source->base.kind = &key_kind_pkcs11;
    source->settings = settings;
    pthread_mutex_init(&source->lock, NULL);
    if (settings->notes)
        snprintf(source->notes, sizeof(source->notes), "%s", settings->notes);
    else if (!pin_notes_default(sizeof(source->notes), source->notes))
        source->notes[0] = '\0'; /* logging in will say that notes cannot be kept */
    if (!module_open(what, &source->module, err) || !tokens_open(source)) {
        free(source);
        return false;
    }
    *ret_source = &source->base;
    return true;
}

/* ---- finding */

static bool key_matches(const struct token_key *key, const struct key_uri *uri)
{
    CK_ATTRIBUTE id = {CKA_ID, (void *)key->id, key->id_size};
    if (p11_kit_uri_match_token_info(uri->parsed, (CK_TOKEN_INFO *)&key->token->info) != 1
        || p11_kit_uri_match_attributes(uri->parsed, &id, 1) != 1)
        return false;
    for (size_t i = 0; i < key->labels; i++) {
        CK_ATTRIBUTE label = {CKA_LABEL, (void *)key->label[i], strlen(key->label[i])};
        if (p11_kit_uri_match_attributes(uri->parsed, &label, 1) == 1)
            return true;
    }
    return key->labels == 0 && !p11_kit_uri_get_attribute(uri->parsed, CKA_LABEL);
}

/* The keys' URIs for a sentence, as many as fit. */
static void names_add(char *names, size_t room, const char *name)
{
    size_t size = strlen(names);
    if (size + 2 + strlen(name) < room)
        snprintf(names + size, room - size, "%s%s", size ? ", " : "", name);
}

enum match { MATCH_NONE, MATCH_ONE, MATCH_SEVERAL };

/* A key that two tokens hold is one key: the first will do. */
static enum match keys_match(struct pkcs11_source *source, const struct key_uri *uri,
                             struct token_key **ret_key, char *ret_names, size_t room)
{
    enum match match = MATCH_NONE;
    pthread_mutex_lock(&source->lock);
    for (size_t i = 0; i < source->key_count; i++) {
        struct token_key *key = source->keys[i];
        if (!key_matches(key, uri))
            continue;
        names_add(ret_names, room, key->kept.description.uri);
        if (match == MATCH_NONE)
            *ret_key = key;
        else if (memcmp((*ret_key)->kept.fingerprint, key->kept.fingerprint, SHA256_SIZE) == 0)
            continue;
        match = match == MATCH_NONE ? MATCH_ONE : MATCH_SEVERAL;
    }
    pthread_mutex_unlock(&source->lock);
    return match;
}

static size_t tokens_match(struct pkcs11_source *source, const struct key_uri *uri,
                           struct token *ret_tokens[TOKENS_MAX])
{
    size_t count = 0;
    for (size_t i = 0; i < source->token_count; i++)
        if (p11_kit_uri_match_token_info(uri->parsed, &source->tokens[i].info) == 1)
            ret_tokens[count++] = &source->tokens[i];
    return count;
}

/* Whether another token was plugged in since: then this keeper ends, and its successor will find it. */
static bool look_again(struct pkcs11_source *source)
{
    if (!module_changed(&source->module))
        return false;
    atomic_store(&source->lost, true);
    return true;
}

static bool token_absent(struct pkcs11_source *source, const struct key_uri *uri, struct error *err)
{
    if (look_again(source))
        return fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_AWAY);
    char names[TEXT_ARG_SIZE] = "";
    for (size_t i = 0; i < source->token_count; i++)
        names_add(names, sizeof(names), source->tokens[i].label);
    return fail(err, ERR_TOKEN_AWAY, &TEXT_TOKEN_ABSENT, uri->text, names[0] ? names : "-");
}

static bool key_absent(struct pkcs11_source *source, const struct key_uri *uri, struct error *err)
{
    char names[TEXT_ARG_SIZE] = "";
    pthread_mutex_lock(&source->lock);
    for (size_t i = 0; i < source->key_count; i++)
        if (source->keys[i]->unusable.code == ERR_NONE)
            names_add(names, sizeof(names), source->keys[i]->kept.description.uri);
    pthread_mutex_unlock(&source->lock);
    return fail(err, ERR_NOT_FOUND, &TEXT_KEY_NOT_FOUND, uri->text, names[0] ? names : "-");
}

/* Some tokens show nothing before the PIN. Only a token that the URI names, or the only one there is, gets it. */
static bool look_behind_pin(struct token *tokens[TOKENS_MAX], size_t count, int64_t until_ms,
                            bool *ret_looked, struct error *err)
{
    *ret_looked = false;
    if (count != 1)
        return true;
    struct token *token = tokens[0];
    if (!token->source->settings->pin_file && (token->info.flags & CKF_LOGIN_REQUIRED))
        return true; /* "there is no such key" says more than "give a PIN" */
    if (!token_login(token, until_ms, err))
        return false;
    pthread_mutex_lock(&token->login_lock);
    *ret_looked = !token->scanned_private;
    if (*ret_looked)
        token_scan_private(token);
    pthread_mutex_unlock(&token->login_lock);
    return true;
}

static bool is_this_module(const struct pkcs11_source *source, const struct key_uri *uri)
{
    return uri->path[0] == '\0' || key_uri_same_file(uri->path, source->module.path);
}

static bool pkcs11_find(struct key_source *base, const struct key_uri *uri, int64_t until_ms,
                        const struct kept_key **ret_key, struct error *err)
{
    struct pkcs11_source *source = source_of(base);
    struct token_key *key = NULL;
    char names[TEXT_ARG_SIZE] = "";
    if (!is_this_module(source, uri))
        return key_absent(source, uri, err);

    enum match match = keys_match(source, uri, &key, names, sizeof(names));
    if (match == MATCH_NONE) {
        struct token *tokens[TOKENS_MAX];
        size_t count = tokens_match(source, uri, tokens);
        if (count == 0)
            return token_absent(source, uri, err);
        bool looked = false;
        if (!look_behind_pin(tokens, count, until_ms, &looked, err))
            return false;
        if (looked)
            match = keys_match(source, uri, &key, names, sizeof(names));
    }
    if (match == MATCH_NONE)
        return key_absent(source, uri, err);
    if (match == MATCH_SEVERAL)
        return fail(err, ERR_USAGE, &TEXT_KEY_AMBIGUOUS, uri->text, names);
    if (key->unusable.code != ERR_NONE) {
        *err = key->unusable;
        return false;
    }
    *ret_key = &key->kept;
    return true;
}

static size_t pkcs11_list(struct key_source *base, const struct kept_key **ret_keys)
{
    struct pkcs11_source *source = source_of(base);
    size_t count = 0;
    pthread_mutex_lock(&source->lock);
    for (size_t i = 0; i < source->key_count; i++)
        if (source->keys[i]->unusable.code == ERR_NONE)
            ret_keys[count++] = &source->keys[i]->kept;
    pthread_mutex_unlock(&source->lock);
    look_again(source);
    return count;
}

/* ---- the rest */

static bool pkcs11_sign(const struct kept_key *key, enum digest_algorithm algorithm, struct span digest,
                        int64_t until_ms, struct buffer *ret_signature, struct error *err)
{
    return token_key_sign((struct token_key *)key, algorithm, digest, until_ms, ret_signature, err);
}

static bool pkcs11_lost(const struct key_source *base)
{
    return atomic_load(&source_of(base)->lost);
}

const struct key_kind key_kind_pkcs11 = {
    .name = "pkcs11",
    .uri = KEY_URI_PKCS11,
    .open = pkcs11_open,
    .list = pkcs11_list,
    .find = pkcs11_find,
    .sign = pkcs11_sign,
    .lost = pkcs11_lost,
    .close = pkcs11_close,
};
