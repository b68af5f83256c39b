#include "tests/stamp_make.h"

#include "tests/check.h"

#include <openssl/ts.h>

static ASN1_INTEGER *serial_one(TS_RESP_CTX *context, void *unused)
{
    (void)context, (void)unused;
    ASN1_INTEGER *serial = ASN1_INTEGER_new();
    ASN1_INTEGER_set(serial, 1);
    return serial;
}

static int time_of(TS_RESP_CTX *context, void *time_ms, long *ret_seconds, long *ret_microseconds)
{
    (void)context;
    *ret_seconds = (long)(*(const int64_t *)time_ms / 1000);
    *ret_microseconds = (long)(*(const int64_t *)time_ms % 1000 * 1000);
    return 1;
}

static BIO *query(enum digest_algorithm algorithm, struct span imprint)
{
    TS_REQ *request = TS_REQ_new();
    TS_MSG_IMPRINT *asked = TS_MSG_IMPRINT_new();
    X509_ALGOR *named = X509_ALGOR_new();
    unsigned char *der = NULL;
    X509_ALGOR_set_md(named, digest_evp(algorithm));
    TS_MSG_IMPRINT_set_algo(asked, named);
    TS_MSG_IMPRINT_set_msg(asked, (unsigned char *)(uintptr_t)imprint.data, (int)imprint.size);
    TS_REQ_set_version(request, 1);
    TS_REQ_set_msg_imprint(request, asked);
    TS_REQ_set_cert_req(request, 1);
    int size = i2d_TS_REQ(request, &der);
    assert_true(size > 0);
    BIO *bio = BIO_new(BIO_s_mem());
    BIO_write(bio, der, size);
    OPENSSL_free(der);
    X509_ALGOR_free(named);
    TS_MSG_IMPRINT_free(asked);
    TS_REQ_free(request);
    return bio;
}

void stamp_make(const struct pki_person *authority, enum digest_algorithm algorithm, struct span imprint,
                int64_t time_ms, struct buffer *ret_token)
{
    TS_RESP_CTX *context = TS_RESP_CTX_new();
    ASN1_OBJECT *policy = OBJ_txt2obj("1.2.3.4", 1);
    BIO *asked = query(algorithm, imprint);
    assert_true(TS_RESP_CTX_set_signer_cert(context, authority->certificate) == 1
                && TS_RESP_CTX_set_signer_key(context, authority->key) == 1
                && TS_RESP_CTX_set_signer_digest(context, EVP_sha256()) == 1
                && TS_RESP_CTX_set_ess_cert_id_digest(context, EVP_sha256()) == 1
                && TS_RESP_CTX_set_def_policy(context, policy) == 1
                && TS_RESP_CTX_add_md(context, digest_evp(algorithm)) == 1);
    TS_RESP_CTX_set_serial_cb(context, serial_one, NULL);
    TS_RESP_CTX_set_time_cb(context, time_of, &time_ms);
    TS_RESP *answer = TS_RESP_create_response(context, asked);
    assert_non_null(answer);
    assert_non_null(TS_RESP_get_token(answer));
    unsigned char *der = NULL;
    int size = i2d_PKCS7(TS_RESP_get_token(answer), &der);
    assert_true(size > 0);
    buffer_append(ret_token, span_of(der, (size_t)size));
    OPENSSL_free(der);
    TS_RESP_free(answer);
    BIO_free(asked);
    ASN1_OBJECT_free(policy);
    TS_RESP_CTX_free(context);
}
