/* The signature value (EN 319 102-1, 5.2.7; xmldsig-core1, 3.2.2): over the canonical SignedInfo, with a key that is
 * given. */
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "signer/signer_text.h"
#include "signer/xades_read.h"

DEFINE_CLEANUP(EVP_PKEY_CTX *, key_context_clear, EVP_PKEY_CTX_free)
DEFINE_CLEANUP(ECDSA_SIG *, pair_clear, ECDSA_SIG_free)

static bool fits(enum signature_scheme scheme, EVP_PKEY *key)
{
    static const char *const kinds[] = {[SCHEME_RSA] = "RSA",
                                        [SCHEME_RSA_PSS] = "RSA",
                                        [SCHEME_ECDSA] = "EC",
                                        [SCHEME_DSA] = "DSA",
                                        [SCHEME_ED25519] = "ED25519"};
    return EVP_PKEY_is_a(key, kinds[scheme]) || (scheme == SCHEME_RSA_PSS && EVP_PKEY_is_a(key, "RSA-PSS"));
}

/* How long each of the two numbers is: as the order of the curve or group (RFC 9231, 2.3.6; xmldsig-core1,
 * 6.4.1). */
static size_t size_of_number(EVP_PKEY *key)
{
    BIGNUM *order = NULL;
    if (EVP_PKEY_is_a(key, "EC"))
        return ((size_t)EVP_PKEY_get_bits(key) + 7) / 8;
    if (EVP_PKEY_get_bn_param(key, "q", &order) != 1)
        return 0;
    size_t size = (size_t)BN_num_bytes(order);
    BN_free(order);
    return size;
}

/* OpenSSL wants the two numbers as a SEQUENCE. */
static bool pair_to_der(struct span value, size_t size, struct buffer *ret_der)
{
    ECDSA_SIG *pair CLEANUP(pair_clear) = ECDSA_SIG_new();
    if (!pair || size == 0 || value.size != 2 * size)
        return false;
    BIGNUM *r = BN_bin2bn(value.data, (int)size, NULL), *s = BN_bin2bn(value.data + size, (int)size, NULL);
    if (!r || !s || ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return false;
    }
    int length = i2d_ECDSA_SIG(pair, NULL);
    uint8_t *room = length > 0 ? buffer_reserve(ret_der, (size_t)length) : NULL;
    if (!room)
        return false;
    ret_der->size += (size_t)i2d_ECDSA_SIG(pair, &room);
    return true;
}

static bool set_padding(EVP_PKEY_CTX *context, const struct xml_signature_method *method)
{
    if (method->scheme == SCHEME_RSA)
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    return method->scheme != SCHEME_RSA_PSS
           || (EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
               && EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest_evp(method->mask)) == 1
               && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, method->salt_size) == 1);
}

static bool verify_digest(const struct xml_signature *signature, EVP_PKEY *key, struct span value,
                          struct span info)
{
    const struct xml_signature_method *method = &signature->method;
    struct digest_value digest = digest_of(method->digest, info);
    EVP_PKEY_CTX *context CLEANUP(key_context_clear) = EVP_PKEY_CTX_new(key, NULL);
    return context && EVP_PKEY_verify_init(context) == 1 && set_padding(context, method)
           && EVP_PKEY_CTX_set_signature_md(context, digest_evp(method->digest)) == 1
           && EVP_PKEY_verify(context, value.data, value.size, digest.bytes, digest.size) == 1;
}

static bool verify_whole(EVP_PKEY *key, struct span value, struct span info)
{
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool good = context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1
                && EVP_DigestVerify(context, value.data, value.size, info.data, info.size) == 1;
    EVP_MD_CTX_free(context);
    return good;
}

static bool is_made_by(const struct xml_signature *signature, EVP_PKEY *key, struct span info)
{
    struct buffer der CLEANUP(buffer_clear) = {0};
    struct span value = buffer_span(&signature->value);
    enum signature_scheme scheme = signature->method.scheme;
    if (!key || !fits(scheme, key))
        return false;
    if (scheme == SCHEME_ED25519)
        return verify_whole(key, value, info);
    if (scheme != SCHEME_ECDSA && scheme != SCHEME_DSA)
        return verify_digest(signature, key, value, info);
    return pair_to_der(value, size_of_number(key), &der)
           && verify_digest(signature, key, buffer_span(&der), info);
}

bool xml_value_check(const struct xml_signature *signature, EVP_PKEY *key, struct finding *finding)
{
    struct buffer info CLEANUP(buffer_clear) = {0};
    const struct octets_out out = {.buffer = &info};
    if (!xml_canonicalize_element(signature->info, &signature->c14n, &out)) {
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XML_SIGNATURE_MALFORMED, "SignedInfo",
                       NULL);
        return false;
    }
    bool good = is_made_by(signature, key, buffer_span(&info));
    ERR_clear_error();
    if (!good)
        finding_worsen(finding, TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE, &TEXT_SIGNATURE_DIFFERS, NULL);
    return good;
}
