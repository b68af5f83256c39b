#include "hsm/key_pkcs11.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <p11-kit/uri.h>
#include <stdio.h>
#include <time.h>

#include "hsm/hsm_text.h"

/* What libp11 showed of one object; borrowed. */
struct seen {
    const char *label;
    const uint8_t *id;
    size_t id_size;
    EVP_PKEY *public_key;
    X509 *certificate; /* or NULL */
};

static struct token_key *key_of(struct pkcs11_source *source, const struct token *token,
                                const uint8_t *fingerprint)
{
    for (size_t i = 0; i < source->key_count; i++) {
        struct token_key *key = source->keys[i];
        if (key->token == token && memcmp(key->kept.fingerprint, fingerprint, SHA256_SIZE) == 0)
            return key;
    }
    return NULL;
}

static void label_add(struct token_key *key, const char *label)
{
    if (!label || !*label || strlen(label) > TOKEN_KEY_LABEL_MAX || key->labels == TOKEN_KEY_LABELS)
        return;
    for (size_t i = 0; i < key->labels; i++)
        if (strcmp(key->label[i], label) == 0)
            return;
    snprintf(key->label[key->labels++], sizeof(key->label[0]), "%s", label);
}

/* A renewed certificate stands beside the old one under the same key: the one that lasts longest counts. */
static void certificate_add(struct token_key *key, X509 *certificate)
{
    struct tm until = {0};
    if (!certificate || ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &until) != 1)
        return;
    int64_t seconds = timegm(&until);
    uint8_t *der = NULL;
    int size = i2d_X509(certificate, &der);
    if (size > 0 && (key->kept.description.certificate.size == 0 || seconds > key->certificate_until)) {
        buffer_clear(&key->kept.description.certificate);
        buffer_append(&key->kept.description.certificate, span_of(der, (size_t)size));
        key->certificate_until = seconds;
    }
    OPENSSL_free(der);
}

/* Adds what the object says to the key it belongs to. Certificates come first, private keys last: the id of what is nearest to
 * the private key is the one it is looked up by. */
static void object_add(struct token *token, const struct seen *seen)
{
    struct pkcs11_source *source = token->source;
    struct token_key *key = calloc(1, sizeof(*key));
    if (!key || !seen->public_key) {
        free(key);
        return;
    }
    const char *name = seen->label && *seen->label ? seen->label : token->label;
    if (!kept_key_of(seen->public_key, name, &key->kept, &key->unusable)
        && key->unusable.code != ERR_KEY_UNUSABLE) {
        free(key);
        return;
    }
    key->token = token;
    key->kept.source = &source->base;

    pthread_mutex_lock(&source->lock);
    struct token_key *known = key_of(source, token, key->kept.fingerprint);
    if (known || source->key_count == HSM_KEYS_MAX) {
        key_description_clear(&key->kept.description);
        free(key);
    } else {
        source->keys[source->key_count++] = key;
        known = key;
    }
    if (known) {
        label_add(known, seen->label);
        certificate_add(known, seen->certificate);
        if (seen->id_size > 0 && seen->id_size <= TOKEN_KEY_ID_MAX) {
            memcpy(known->id, seen->id, seen->id_size);
            known->id_size = seen->id_size;
        }
    }
    pthread_mutex_unlock(&source->lock);
}

/* ---- how a key is called in lists: the shortest URI that names it alone */

static bool label_is_shared(const struct pkcs11_source *source, const struct token_key *key)
{
    for (size_t i = 0; i < source->key_count; i++) {
        const struct token_key *other = source->keys[i];
        if (other == key || other->token != key->token)
            continue;
        for (size_t k = 0; k < other->labels; k++)
            if (strcmp(other->label[k], key->label[0]) == 0)
                return true;
    }
    return false;
}

static bool token_label_is_shared(const struct token *token)
{
    const struct pkcs11_source *source = token->source;
    for (size_t i = 0; i < source->token_count; i++)
        if (&source->tokens[i] != token && strcmp(source->tokens[i].label, token->label) == 0)
            return true;
    return token->label[0] == '\0';
}

static bool uri_format(const struct token_key *key, bool by_label, bool by_id,
                       char ret_uri[static HSM_URI_MAX])
{
    P11KitUri *uri = p11_kit_uri_new();
    if (!uri)
        return false;
    const CK_TOKEN_INFO *info = &key->token->info;
    CK_TOKEN_INFO *named = p11_kit_uri_get_token_info(uri);
    memcpy(named->label, info->label, sizeof(info->label));
    if (token_label_is_shared(key->token))
        memcpy(named->serialNumber, info->serialNumber, sizeof(info->serialNumber));

    CK_ATTRIBUTE label = {CKA_LABEL, (void *)key->label[0], strlen(key->label[0])};
    CK_ATTRIBUTE id = {CKA_ID, (void *)key->id, key->id_size};
    if (by_label)
        p11_kit_uri_set_attribute(uri, &label);
    if (by_id)
        p11_kit_uri_set_attribute(uri, &id);

    char *text = NULL;
    bool fits = p11_kit_uri_format(uri, P11_KIT_URI_FOR_OBJECT_ON_TOKEN, &text) == P11_KIT_URI_OK
                && snprintf(ret_uri, HSM_URI_MAX, "%s", text) < HSM_URI_MAX;
    free(text);
    p11_kit_uri_free(uri);
    return fits;
}

/* Published descriptions do not change: only keys that have no URI yet get one. */
static void keys_name(struct token *token)
{
    struct pkcs11_source *source = token->source;
    pthread_mutex_lock(&source->lock);
    for (size_t i = 0; i < source->key_count; i++) {
        struct token_key *key = source->keys[i];
        struct key_description *shown = &key->kept.description;
        if (key->token != token || shown->uri[0])
            continue;
        bool labelled = key->labels > 0;
        bool by_id = key->id_size > 0 && (!labelled || label_is_shared(source, key));
        if (!uri_format(key, labelled, by_id, shown->uri) && !uri_format(key, false, true, shown->uri))
            shown->uri[0] = '\0';
        text_clean(key->label[0], strlen(key->label[0]), sizeof(shown->label), shown->label);
        memcpy(shown->token, token->label, sizeof(shown->token));
        memcpy(shown->serial, token->serial, sizeof(shown->serial));
    }
    pthread_mutex_unlock(&source->lock);
}

/* ---- looking, through libp11 */

/* A certificate of an authority lies beside the holder's own on many tokens: no key of ours. */
static void certificates_scan(struct token *token)
{
    PKCS11_CERT *certificates = NULL;
    unsigned count = 0;
    if (PKCS11_enumerate_certs(token->slot->token, &certificates, &count) != 0)
        count = 0;
    for (unsigned i = 0; i < count; i++) {
        const PKCS11_CERT *found = &certificates[i];
        if (found->x509 && X509_check_ca(found->x509) == 0)
            object_add(token, &(struct seen){found->label, found->id, found->id_len,
                                             X509_get0_pubkey(found->x509), found->x509});
    }
}

static void keys_scan(struct token *token, int (*enumerate)(PKCS11_TOKEN *, PKCS11_KEY **, unsigned *))
{
    PKCS11_KEY *keys = NULL;
    unsigned count = 0;
    if (enumerate(token->slot->token, &keys, &count) != 0)
        count = 0;
    for (unsigned i = 0; i < count; i++) {
        EVP_PKEY *public_key CLEANUP(evp_pkey_clear) = PKCS11_get_public_key(&keys[i]);
        object_add(token, &(struct seen){keys[i].label, keys[i].id, keys[i].id_len, public_key, NULL});
    }
    ERR_clear_error();
}

void token_scan_public(struct token *token)
{
    certificates_scan(token);
    keys_scan(token, PKCS11_enumerate_public_keys);
    keys_name(token);
}

void token_scan_private(struct token *token)
{
    keys_scan(token, PKCS11_enumerate_keys);
    keys_name(token);
    token->scanned_private = true;
}

/* ---- the private key */

static bool handle_find(struct token_key *key, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *ret_handle,
                        struct error *err)
{
    struct token *token = key->token;
    uint8_t own_id[TOKEN_KEY_ID_MAX];
    pthread_mutex_lock(&token->source->lock);
    size_t id_size = key->id_size;
    memcpy(own_id, key->id, sizeof(own_id));
    pthread_mutex_unlock(&token->source->lock);

    CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
    CK_KEY_TYPE type = key->kept.description.algorithm == KEY_RSA ? CKK_RSA : CKK_EC;
    CK_ATTRIBUTE wanted[] = {{CKA_CLASS, &private_key, sizeof(private_key)},
                             {CKA_KEY_TYPE, &type, sizeof(type)},
                             {CKA_ID, own_id, id_size}};
    CK_ULONG count = 0;
    CK_RV rv = token->call->C_FindObjectsInit(session, wanted, id_size ? 3 : 2);
    if (rv != CKR_OK)
        return token_failed(token, "C_FindObjectsInit", rv, err);
    rv = token->call->C_FindObjects(session, ret_handle, 1, &count);
    token->call->C_FindObjectsFinal(session);
    if (rv != CKR_OK)
        return token_failed(token, "C_FindObjects", rv, err);
    return count == 1
           || fail(err, ERR_KEY_UNUSABLE, &TEXT_KEY_NO_PRIVATE, token->label, key->kept.description.label);
}

/* Not every tool gives certificate and private key one id: the private keys themselves say which is which. */
static bool handle_find_by_key(struct token_key *key, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *ret_handle,
                               struct error *err)
{
    struct token *token = key->token;
    pthread_mutex_lock(&token->login_lock);
    if (!token->scanned_private)
        token_scan_private(token);
    pthread_mutex_unlock(&token->login_lock);
    return handle_find(key, session, ret_handle, err);
}

bool token_key_handle(struct token_key *key, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *ret_handle,
                      struct error *err)
{
    CK_OBJECT_HANDLE handle = atomic_load(&key->handle);
    if (handle == 0) {
        if (!handle_find(key, session, &handle, err)
            && (err->code != ERR_KEY_UNUSABLE || !handle_find_by_key(key, session, &handle, err)))
            return false;
        CK_BBOOL always = CK_FALSE;
        CK_ATTRIBUTE attribute = {CKA_ALWAYS_AUTHENTICATE, &always, sizeof(always)};
        CK_RV rv = key->token->call->C_GetAttributeValue(session, handle, &attribute, 1);
        atomic_store(&key->always_authenticate, rv == CKR_OK && always == CK_TRUE);
        atomic_store(&key->handle, handle);
    }
    *ret_handle = handle;
    return true;
}
