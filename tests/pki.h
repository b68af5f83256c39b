/* A public key infrastructure for one test: keys and certificates made when the test runs, thrown away with
 * it. */
#pragma once

#include "base/certificate.h"
#include "base/digest.h"

struct pki_person {
    EVP_PKEY *key;
    X509 *certificate;
    struct buffer der;
};

struct pki_wish {
    const char *name;                /* common name */
    const struct pki_person *issuer; /* NULL: self-signed */
    const char *key; /* "rsa2048" (NULL), "rsa1024", "p256", "ed25519", "dsa1024", a curve's name … */
    bool ca;
    const char *key_usage;             /* as openssl.cnf writes it; NULL: no extension */
    const char *purpose;               /* extendedKeyUsage; NULL: none */
    int from_days, to_days;            /* from now; both 0: yesterday to in a year */
    const char *digest;                /* NULL: "SHA256" */
    const struct pki_person *same_key; /* whose key it is; NULL: a new one */
    const char *extensions[6]; /* more, as openssl.cnf writes them: "nameConstraints=permitted;DNS:a.vn" */
};

/* Ends the test when OpenSSL refuses. */
void pki_make(const struct pki_wish *wish, struct pki_person *ret_person);
void pki_clear(struct pki_person *person);
/* As hsm_sign gives it: RSA PKCS #1 v1.5, or the DER of an Ecdsa-Sig-Value. */
void pki_sign(const struct pki_person *person, enum digest_algorithm algorithm, struct span digest,
              struct buffer *ret_signature);
/* A revocation list in DER; `revoked` may be NULL. */
void pki_crl(const struct pki_person *issuer, const struct pki_person *revoked, int from_days, int to_days,
             struct buffer *ret_der);
/* Certificates one after the other, and lists, into a PEM file. */
void pki_save(const char *path, const struct pki_person *const *people, size_t count, struct span crl);
/* The private key in PEM. */
void pki_save_key(const char *path, const struct pki_person *person);
