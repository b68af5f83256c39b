/* The signature value (EN 319 102-1, 5.2.7; xmldsig-core1, 3.2.2): over the canonical SignedInfo, with a key that is
 * given. */
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "signer/cms_verify.h"
#include "signer/signer_text.h"
#include "signer/xades_read.h"

DEFINE_CLEANUP(ECDSA_SIG *, pair_clear, ECDSA_SIG_free)

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

static enum cms_answer verify(const struct xml_signature *signature, EVP_PKEY *key, struct span info)
{
    const struct xml_signature_method *method = &signature->method;
    const struct cms_algorithms algorithms = {.value_digest = method->digest,
                                              .scheme = method->scheme,
                                              .mask = method->mask,
                                              .salt = method->salt_size};
    const struct cms_message message = {digest_of(method->digest, info), info};
    struct buffer der CLEANUP(buffer_clear) = {0};
    struct span value = buffer_span(&signature->value);
    bool pair = method->scheme == SCHEME_ECDSA || method->scheme == SCHEME_DSA;
    if (!key || (pair && !pair_to_der(value, size_of_number(key), &der)))
        return CMS_DIFFERS;
    return cms_signature_verify(&algorithms, pair ? buffer_span(&der) : value, key, &message);
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
    enum cms_answer answer = verify(signature, key, buffer_span(&info));
    if (answer == CMS_KEY_TOO_SHORT) {
        char bits[16];
        snprintf(bits, sizeof(bits), "%d", EVP_PKEY_get_bits(key));
        finding_worsen(finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_KEY_WEAK, bits, NULL);
    } else if (answer != CMS_VERIFIES) {
        finding_worsen(finding, TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE, &TEXT_SIGNATURE_DIFFERS, NULL);
    }
    return answer == CMS_VERIFIES;
}
