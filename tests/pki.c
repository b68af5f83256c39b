#include "tests/check.h"

#include "tests/pki.h"

#include <openssl/dsa.h>
#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

/* 1024 bits: it is not for safety. */
static EVP_PKEY *make_dsa_key(void)
{
    EVP_PKEY *parameters = NULL, *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "DSA", NULL);
    assert_int_equal(EVP_PKEY_paramgen_init(context), 1);
    assert_int_equal(EVP_PKEY_CTX_set_dsa_paramgen_bits(context, 1024), 1);
    assert_int_equal(EVP_PKEY_paramgen(context, &parameters), 1);
    EVP_PKEY_CTX_free(context);
    context = EVP_PKEY_CTX_new(parameters, NULL);
    assert_int_equal(EVP_PKEY_keygen_init(context), 1);
    assert_int_equal(EVP_PKEY_keygen(context, &key), 1);
    EVP_PKEY_CTX_free(context);
    EVP_PKEY_free(parameters);
    return key;
}

static EVP_PKEY *make_key(const char *kind)
{
    if (!kind || strncmp(kind, "rsa", 3) == 0)
        return EVP_RSA_gen(kind ? (unsigned)atoi(kind + 3) : 2048U);
    if (strcmp(kind, "ed25519") == 0)
        return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    if (strcmp(kind, "dsa1024") == 0)
        return make_dsa_key();
    return EVP_EC_gen(strcmp(kind, "p256") == 0 ? "P-256" : kind);
}

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static void extend_freely(X509 *certificate, X509 *issuer, const char *line)
{
    char name[64];
    X509V3_CTX context;
    size_t size = strcspn(line, "=");
    assert_true(line[size] == '=' && size < sizeof(name));
    memcpy(name, line, size);
    name[size] = '\0';
    CONF *empty = NCONF_new(NULL); /* policies want one */
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509V3_set_nconf(&context, empty);
    X509_EXTENSION *extension = X509V3_EXT_nconf(empty, &context, name, line + size + 1);
    assert_non_null(extension);
    NCONF_free(empty);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

static void set_name(X509 *certificate, const char *name)
{
    X509_NAME *subject = X509_get_subject_name(certificate);
    X509_NAME_add_entry_by_txt(subject, "C", MBSTRING_UTF8, (const unsigned char *)"VN", -1, -1, 0);
    X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const unsigned char *)"Sở Nội vụ tỉnh Mẫu", -1,
                               -1, 0);
    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1, -1, 0);
}

static void set_validity(X509 *certificate, const struct pki_wish *wish)
{
    bool usual = wish->from_days == 0 && wish->to_days == 0;
    X509_time_adj_ex(X509_getm_notBefore(certificate), usual ? -1 : wish->from_days, 0, NULL);
    X509_time_adj_ex(X509_getm_notAfter(certificate), usual ? 365 : wish->to_days, 0, NULL);
}

void pki_make(const struct pki_wish *wish, struct pki_person *ret_person)
{
    static long serial = 0x1000;
    X509 *certificate = X509_new();
    EVP_PKEY *key = wish->same_key ? wish->same_key->key : make_key(wish->key);
    assert_non_null(key);
    if (wish->same_key)
        EVP_PKEY_up_ref(key);
    X509_set_version(certificate, X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
    set_name(certificate, wish->name);
    set_validity(certificate, wish);
    X509_set_pubkey(certificate, key);
    X509 *issuer = wish->issuer ? wish->issuer->certificate : certificate;
    X509_set_issuer_name(certificate, X509_get_subject_name(issuer));
    extend(certificate, issuer, NID_subject_key_identifier, "hash");
    if (wish->ca)
        extend(certificate, issuer, NID_basic_constraints, "critical,CA:TRUE");
    if (wish->key_usage)
        extend(certificate, issuer, NID_key_usage, wish->key_usage);
    if (wish->purpose)
        extend(certificate, issuer, NID_ext_key_usage, wish->purpose);
    for (size_t i = 0; i < COUNT_OF(wish->extensions) && wish->extensions[i]; i++)
        extend_freely(certificate, issuer, wish->extensions[i]);
    EVP_MD *digest = EVP_MD_fetch(NULL, wish->digest ? wish->digest : "SHA256", NULL);
    assert_true(X509_sign(certificate, wish->issuer ? wish->issuer->key : key, digest) > 0);
    EVP_MD_free(digest);

    unsigned char *der = NULL;
    int size = i2d_X509(certificate, &der);
    *ret_person = (struct pki_person){.key = key, .certificate = certificate};
    buffer_append(&ret_person->der, span_of(der, (size_t)size));
    OPENSSL_free(der);
}

void pki_clear(struct pki_person *person)
{
    EVP_PKEY_free(person->key);
    X509_free(person->certificate);
    buffer_clear(&person->der);
    *person = (struct pki_person){0};
}

void pki_sign(const struct pki_person *person, enum digest_algorithm algorithm, struct span digest,
              struct buffer *ret_signature)
{
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new(person->key, NULL);
    uint8_t signature[512];
    size_t size = sizeof(signature);
    assert_int_equal(EVP_PKEY_sign_init(context), 1);
    if (EVP_PKEY_is_a(person->key, "RSA"))
        EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING);
    EVP_PKEY_CTX_set_signature_md(context, digest_evp(algorithm));
    assert_int_equal(EVP_PKEY_sign(context, signature, &size, digest.data, digest.size), 1);
    EVP_PKEY_CTX_free(context);
    buffer_append(ret_signature, span_of(signature, size));
}

static void set_day(X509_CRL *crl, int (*set)(X509_CRL *crl, const ASN1_TIME *time), int days)
{
    ASN1_TIME *time = X509_time_adj_ex(NULL, days, 0, NULL);
    set(crl, time);
    ASN1_TIME_free(time);
}

void pki_crl(const struct pki_person *issuer, const struct pki_person *revoked, int from_days, int to_days,
             struct buffer *ret_der)
{
    X509_CRL *crl = X509_CRL_new();
    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(issuer->certificate));
    set_day(crl, X509_CRL_set1_lastUpdate, from_days);
    set_day(crl, X509_CRL_set1_nextUpdate, to_days);
    if (revoked) {
        X509_REVOKED *entry = X509_REVOKED_new();
        ASN1_TIME *day = X509_time_adj_ex(NULL, from_days, 0, NULL);
        X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(revoked->certificate));
        X509_REVOKED_set_revocationDate(entry, day);
        ASN1_TIME_free(day);
        X509_CRL_add0_revoked(crl, entry);
    }
    assert_true(X509_CRL_sign(crl, issuer->key, digest_evp(DIGEST_SHA256)) > 0);
    unsigned char *der = NULL;
    int size = i2d_X509_CRL(crl, &der);
    buffer_append(ret_der, span_of(der, (size_t)size));
    OPENSSL_free(der);
    X509_CRL_free(crl);
}

void pki_save(const char *path, const struct pki_person *const *people, size_t count, struct span crl)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (size_t i = 0; i < count; i++)
        PEM_write_X509(file, people[i]->certificate);
    if (crl.size)
        PEM_write(file, PEM_STRING_X509_CRL, "", crl.data, (long)crl.size);
    fclose(file);
}

void pki_save_key(const char *path, const struct pki_person *person)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    PEM_write_PrivateKey(file, person->key, NULL, NULL, 0, NULL, NULL);
    fclose(file);
}
