#include "hsm/key_uri.h"

#include <limits.h>
#include <p11-kit/uri.h>
#include <stdio.h>

#include "hsm/hsm_text.h"

static bool unreadable(const char *text, const char *why, struct error *err)
{
    fail(err, ERR_USAGE, &TEXT_KEY_URI_UNREADABLE, text);
    return error_cause(err, "key name: %s", why);
}

/* file:NAME, file:/PATH and RFC 8089's file:///PATH */
static bool file_uri_read(struct key_uri *uri, struct error *err)
{
    const char *path = uri->text + strlen("file:");
    if (strncmp(path, "//", 2) == 0)
        path += 2;
    if (*path == '\0')
        return unreadable(uri->text, "the path is missing", err);
    snprintf(uri->path, sizeof(uri->path), "%s", path);
    return true;
}

/* p11-kit pads with blanks what was named and leaves the rest zero */
static bool names_token(P11KitUri *parsed)
{
    const CK_TOKEN_INFO *token = p11_kit_uri_get_token_info(parsed);
    return token->label[0] || token->serialNumber[0] || token->manufacturerID[0] || token->model[0];
}

static bool pkcs11_uri_read(struct key_uri *uri, struct error *err)
{
    P11KitUri *parsed = p11_kit_uri_new();
    if (!parsed)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    uri->parsed = parsed;

    int code = p11_kit_uri_parse(uri->text, P11_KIT_URI_FOR_ANY, parsed);
    if (code != P11_KIT_URI_OK)
        return unreadable(uri->text, p11_kit_uri_message(code), err);
    if (p11_kit_uri_any_unrecognized(parsed))
        return unreadable(uri->text, "it has an attribute that RFC 7512 does not know", err);
    if (p11_kit_uri_get_pin_value(parsed) || p11_kit_uri_get_pin_source(parsed))
        return fail(err, ERR_USAGE, &TEXT_KEY_URI_HAS_PIN);

    const char *module = p11_kit_uri_get_module_path(parsed);
    if (module && strlen(module) >= sizeof(uri->path))
        return unreadable(uri->text, "the module-path is too long", err);
    snprintf(uri->path, sizeof(uri->path), "%s", module ? module : "");
    uri->names_token = names_token(parsed);
    return true;
}

bool key_uri_read(struct span text, struct key_uri *ret_uri, struct error *err)
{
    struct key_uri uri CLEANUP(key_uri_clear) = {0};
    if (text.size == 0 || text.size >= sizeof(uri.text) || memchr(text.data, '\0', text.size))
        return unreadable("", "it is empty or too long", err);
    memcpy(uri.text, text.data, text.size);

    bool is_file = strncmp(uri.text, "file:", 5) == 0;
    if (!is_file && strncmp(uri.text, "pkcs11:", 7) != 0)
        return unreadable(uri.text, "neither pkcs11: nor file:", err);
    uri.kind = is_file ? KEY_URI_FILE : KEY_URI_PKCS11;
    if (!(is_file ? file_uri_read(&uri, err) : pkcs11_uri_read(&uri, err)))
        return false;
    *ret_uri = uri;
    uri.parsed = NULL;
    return true;
}

void key_uri_clear(struct key_uri *uri)
{
    p11_kit_uri_free(uri->parsed);
    *uri = (struct key_uri){0};
}

static bool too_many(struct error *err)
{
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", HSM_URIS_MAX);
    return fail(err, ERR_USAGE, &TEXT_KEY_URI_TOO_MANY, limit);
}

bool key_uris_read(const char *text, struct key_uris *ret_uris, struct error *err)
{
    ret_uris->count = 0;
    for (const char *at = text + strspn(text, " "); *at; at += strspn(at, " ")) {
        size_t size = strcspn(at, " ");
        if (ret_uris->count == HSM_URIS_MAX)
            return too_many(err);
        if (size >= HSM_URI_MAX)
            return unreadable(at, "it is too long", err);
        char *one = ret_uris->text[ret_uris->count++];
        memcpy(one, at, size);
        one[size] = '\0';
        at += size;
    }
    return ret_uris->count > 0 || unreadable(text, "it is empty", err);
}

bool key_uri_same_file(const char *a, const char *b)
{
    char real_a[PATH_MAX], real_b[PATH_MAX];
    if (!realpath(a, real_a) || !realpath(b, real_b))
        return strcmp(a, b) == 0;
    return strcmp(real_a, real_b) == 0;
}
