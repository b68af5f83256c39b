/* Parsed certificates, shared. d2i_X509 costs more than ten signature verifications, so a certificate is parsed once per
 * process and kept by the SHA-256 of its DER bytes (a bounded cache; the least used give way). The X509 handed out is counted up: the caller X509_frees it
 * (x509_clear). Any thread may call; an X509 handed out must not be changed. */
#pragma once

#include <openssl/x509.h>

#include "base/bytes.h"
#include "base/error.h"

DEFINE_CLEANUP(X509 *, x509_clear, X509_free)
DEFINE_CLEANUP(EVP_PKEY *, evp_pkey_clear, EVP_PKEY_free)

enum { CERTIFICATE_MAX = 64 << 10, CERTIFICATE_CACHE = 1024, CERTIFICATES_MAX = 512 };

/* MALFORMED when the bytes are not exactly one DER certificate. */
bool certificate_read(struct span der, X509 **ret_certificate, struct error *err) MUST_USE;

/* A name as people read it: RFC 4514, letters beyond ASCII as they are, cut at a character's edge. */
void certificate_name(const X509_NAME *name, size_t room, char *ret_text);

/* What people call it: the common name, else all of the name. */
void certificate_short_name(const X509_NAME *name, size_t room, char *ret_text);

/* Certificates as DER, in order: what crosses processes and goes into signatures. */
struct certificates {
    struct buffer *der;
    size_t count;
};
bool certificates_add(struct certificates *list, struct span der, struct error *err) MUST_USE;
/* All certificates of a PEM or DER file, or of every *.crt, *.pem, *.cer, *.der file of a directory. NOT_FOUND, MALFORMED. */
bool certificates_load(const char *path, struct certificates *list, struct error *err) MUST_USE;
void certificates_clear(struct certificates *list);
