/* A key in a PKCS #12 file, for development: nothing here protects it. */
#include "hsm/key_kind.h"

#include <fcntl.h>
#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <stdio.h>

#include "base/sink.h"
#include "hsm/hsm_text.h"
#include "hsm/pin.h"

enum { PKCS12_MAX = 1 << 20 }; /* bytes */

struct file_source {
    struct key_source base; /* first member */
    /* set at opening, never changed */
    char *path;
    EVP_PKEY *private_key;
    struct kept_key kept;
};

DEFINE_CLEANUP(PKCS12 *, pkcs12_clear, PKCS12_free)
DEFINE_CLEANUP(EVP_PKEY_CTX *, evp_pkey_ctx_clear, EVP_PKEY_CTX_free)

static void file_close(struct key_source **source)
{
    struct file_source *own = (struct file_source *)*source;
    if (!own)
        return;
    key_description_clear(&own->kept.description);
    EVP_PKEY_free(own->private_key);
    free(own->path);
    free(own);
    *source = NULL;
}

static bool pkcs12_open(const char *path, const char *pin_file, EVP_PKEY **ret_key, X509 **ret_certificate,
                        struct error *err)
{
    struct buffer der CLEANUP(buffer_wipe) = {0};
    if (!file_read(path, PKCS12_MAX, &der, err))
        return false;
    const uint8_t *at = der.data;
    PKCS12 *box CLEANUP(pkcs12_clear) = d2i_PKCS12(NULL, &at, (long)der.size);
    if (!box) {
        fail(err, ERR_KEY_UNUSABLE, &TEXT_FILE_KEY_UNREADABLE, path);
        return error_openssl(err, "d2i_PKCS12");
    }
    struct pin pin CLEANUP(pin_wipe) = {0};
    if (!pin_read(pin_file, &pin, err))
        return false;
    pin.text[pin.size] = '\0'; /* the page has room */
    if (PKCS12_parse(box, (const char *)pin.text, ret_key, ret_certificate, NULL) != 1) {
        fail(err, ERR_KEY_UNUSABLE, &TEXT_FILE_KEY_PASSWORD, path, pin_file);
        return error_openssl(err, "PKCS12_parse");
    }
    return true;
}

static bool describe(struct file_source *source, const char *path, X509 *certificate, struct error *err)
{
    if (!kept_key_of(source->private_key, path, &source->kept, err))
        return false;
    struct key_description *shown = &source->kept.description;
    if (snprintf(shown->uri, sizeof(shown->uri), "file:%s", path) >= (int)sizeof(shown->uri))
        return fail(err, ERR_USAGE, &TEXT_KEY_URI_UNREADABLE, path);
    const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    text_clean(name, strlen(name), sizeof(shown->label), shown->label);
    snprintf(shown->token, sizeof(shown->token), "file");
    source->kept.source = &source->base;
    if (!certificate)
        return true;
    uint8_t *der = NULL;
    int size = i2d_X509(certificate, &der);
    if (size > 0)
        buffer_append(&shown->certificate, span_of(der, (size_t)size));
    OPENSSL_free(der);
    return true;
}

static bool file_open(const struct keeper_settings *settings, const char *what,
                      struct key_source **ret_source, struct error *err)
{
    struct file_source *source = calloc(1, sizeof(*source));
    X509 *certificate CLEANUP(x509_clear) = NULL;
    if (!source)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    source->base.kind = &key_kind_file;
    source->path = strdup(what);
    if (!pkcs12_open(what, settings->pin_file, &source->private_key, &certificate, err)
        || !describe(source, what, certificate, err)) {
        struct key_source *base = &source->base;
        file_close(&base);
        return false;
    }
    *ret_source = &source->base;
    return true;
}

static size_t file_list(struct key_source *source, const struct kept_key **ret_keys)
{
    ret_keys[0] = &((struct file_source *)source)->kept;
    return 1;
}

static bool file_find(struct key_source *source, const struct key_uri *uri, int64_t until_ms,
                      const struct kept_key **ret_key, struct error *err)
{
    (void)until_ms;
    struct file_source *own = (struct file_source *)source;
    if (!own->path || !key_uri_same_file(own->path, uri->path))
        return fail(err, ERR_NOT_FOUND, &TEXT_KEY_NOT_FOUND, uri->text, own->kept.description.uri);
    *ret_key = &own->kept;
    return true;
}

static bool file_sign(const struct kept_key *key, enum digest_algorithm algorithm, struct span digest,
                      int64_t until_ms, struct buffer *ret_signature, struct error *err)
{
    (void)until_ms;
    struct file_source *own = (struct file_source *)key->source;
    EVP_PKEY_CTX *context CLEANUP(evp_pkey_ctx_clear) = EVP_PKEY_CTX_new(own->private_key, NULL);
    bool rsa = key->description.algorithm == KEY_RSA;
    size_t size = HSM_SIGNATURE_MAX;
    uint8_t *room = buffer_reserve(ret_signature, size);
    if (!context || !room || EVP_PKEY_sign_init(context) != 1
        || (rsa && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1)
        || EVP_PKEY_CTX_set_signature_md(context, digest_evp(algorithm)) != 1
        || EVP_PKEY_sign(context, room, &size, digest.data, digest.size) != 1) {
        fail(err, ERR_KEY_UNUSABLE, &TEXT_KEY_REFUSED, key->description.label);
        return error_openssl(err, "EVP_PKEY_sign");
    }
    ret_signature->size += size;
    return true;
}

static bool file_lost(const struct key_source *source)
{
    (void)source;
    return false;
}

const struct key_kind key_kind_file = {
    .name = "file",
    .uri = KEY_URI_FILE,
    .open = file_open,
    .list = file_list,
    .find = file_find,
    .sign = file_sign,
    .lost = file_lost,
    .close = file_close,
};
