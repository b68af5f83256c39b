/* The name of a key: an RFC 7512 URI (read by p11-kit), or file:NAME.p12. Read once, then the type is trusted. A PIN in a
 * URI is refused: it would end in logs, histories and process lists. */
#pragma once

#include "hsm/key.h"

struct p11_kit_uri;

enum key_uri_kind { KEY_URI_PKCS11, KEY_URI_FILE };

struct key_uri {
    enum key_uri_kind kind;
    char text[HSM_URI_MAX];
    char path[HSM_URI_MAX];     /* FILE: the file; PKCS11: the module-path, or "" */
    struct p11_kit_uri *parsed; /* PKCS11 only */
    bool names_token;           /* says which token by label, serial, manufacturer or model */
};

bool key_uri_read(struct span text, struct key_uri *ret_uri, struct error *err) MUST_USE;
void key_uri_clear(struct key_uri *uri);

/* The URIs of one key, separated by spaces: at least one, at most HSM_URIS_MAX. Split only; key_uri_read judges each. */
struct key_uris {
    char text[HSM_URIS_MAX][HSM_URI_MAX];
    size_t count;
};
bool key_uris_read(const char *text, struct key_uris *ret_uris, struct error *err) MUST_USE;

/* Whether two paths lead to one file; paths that do not exist are compared as text. */
bool key_uri_same_file(const char *a, const char *b);
