#include "signer/cms_verify.h"

#include <openssl/err.h>
#include <openssl/rsa.h>

#include "signer/cades_text.h"
#include "signer/der.h"
#include "signer/signer_text.h"

DEFINE_CLEANUP(EVP_PKEY_CTX *, key_context_clear, EVP_PKEY_CTX_free)
DEFINE_CLEANUP(EVP_MD_CTX *, digest_context_clear, EVP_MD_CTX_free)

enum {
    RSA_MIN_BITS = 1024, /* below, a signature can be forged by anybody: it is not even verified */
    PSS_SALT = 20,       /* RFC 4055, 3.1: unless said otherwise */
    PSS_MAX_SALT = 2048  /* bytes: a modulus of 16384 bits */
};

static const char *const key_kinds[] = {[SCHEME_RSA] = "RSA",
                                        [SCHEME_RSA_PSS] = "RSA",
                                        [SCHEME_ECDSA] = "EC",
                                        [SCHEME_DSA] = "DSA",
                                        [SCHEME_ED25519] = "ED25519"};

static bool failed(struct finding *finding, const struct text *text)
{
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, text, NULL);
    return false;
}

static bool unsupported(struct finding *finding, struct span oid)
{
    char name[OID_TEXT_SIZE];
    oid_text(oid, name);
    finding_worsen(finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_ALGORITHM_UNKNOWN, name,
                   NULL);
    return false;
}

static bool is_listed(struct span algorithms, struct span oid)
{
    for (struct reader r = reader_of(algorithms); r.left.size > 0 && !r.failed;) {
        struct reader algorithm = der_enter(&r, DER_SEQUENCE);
        if (span_equal(der_read(&algorithm, DER_OID), oid))
            return true;
    }
    return false;
}

/* RFC 5754, 2 and 3: absent, or NULL. */
static bool no_parameters(struct span parameters)
{
    return parameters.size == 0 || span_equal(parameters, SPAN_LITERAL("\x05\x00"));
}

static bool read_pss_digest(struct reader *r, enum digest_algorithm *ret_digest)
{
    struct reader algorithm = der_enter(r, DER_SEQUENCE);
    return digest_of_oid(der_read(&algorithm, DER_OID), ret_digest) && no_parameters(algorithm.left);
}

/* RSASSA-PSS-params (RFC 4055, 3.1): each may be left out and is SHA-1, MGF1 over SHA-1, 20, 1 then. */
static bool read_pss(struct span parameters, struct cms_algorithms *algorithms)
{
    struct reader r = reader_of(parameters), params = der_enter(&r, DER_SEQUENCE);
    uint32_t trailer = 1;
    bool good = true;
    algorithms->value_digest = DIGEST_SHA1;
    algorithms->mask = DIGEST_SHA1;
    algorithms->salt = PSS_SALT;
    if (der_at(&params, DER_CONTEXT_MADE)) {
        struct reader at = der_enter(&params, DER_CONTEXT_MADE);
        good = read_pss_digest(&at, &algorithms->value_digest);
    }
    if (der_at(&params, DER_CONTEXT_MADE + 1)) {
        struct reader at = der_enter(&params, DER_CONTEXT_MADE + 1), mask = der_enter(&at, DER_SEQUENCE);
        good = good && span_equal(der_read(&mask, DER_OID), OID_MGF1)
               && read_pss_digest(&mask, &algorithms->mask);
    }
    if (der_at(&params, DER_CONTEXT_MADE + 2)) {
        struct reader at = der_enter(&params, DER_CONTEXT_MADE + 2);
        uint32_t salt = der_small(&at);
        good = good && !at.failed && salt <= PSS_MAX_SALT;
        algorithms->salt = (int)salt;
    }
    if (der_at(&params, DER_CONTEXT_MADE + 3)) {
        struct reader at = der_enter(&params, DER_CONTEXT_MADE + 3);
        trailer = der_small(&at);
    }
    return good && !params.failed && params.left.size == 0 && trailer == 1;
}

/* CMSAlgorithmProtection (RFC 6211, 2): what is signed must be what is named. */
static bool protection_fits(struct span protection, const struct cms_signer *signer)
{
    struct reader r = reader_of(protection), digest = der_enter(&r, DER_SEQUENCE);
    if (!span_equal(der_read(&digest, DER_OID), signer->digest_oid))
        return false;
    if (!der_at(&r, DER_CONTEXT_MADE + 1))
        return true;
    struct reader signature = der_enter(&r, DER_CONTEXT_MADE + 1);
    return span_equal(der_read(&signature, DER_OID), signer->signature_oid);
}

/* RFC 8933, 3: one digest for the content and for the attributes. Signers are met that use two, and each binds what it
 * is of: that is remarked on. Without attributes there is but one. */
static bool digests_agree(const struct cms_signer *signer, const struct cms_algorithms *algorithms,
                          struct finding *finding)
{
    if (algorithms->value_digest == algorithms->digest)
        return true;
    if (!signer->signed_attributes.size)
        return failed(finding, &TEXT_CMS_DIGEST_DISAGREES);
    finding_check(finding, 1, CHECK_WARNING, &TEXT_CADES_TWO_DIGESTS, NULL);
    return true;
}

/* RFC 5652, 5.3 */
bool cms_algorithms_read(const struct cms_signer *signer, const struct cms_signed_attributes *attributes,
                         const struct span *listed, struct cms_algorithms *ret_algorithms,
                         struct finding *finding)
{
    struct cms_algorithms found = {0};
    bool names_digest;
    if (!digest_of_oid(signer->digest_oid, &found.digest))
        return unsupported(finding, signer->digest_oid);
    if (!signature_of_oid(signer->signature_oid, &found.scheme, &names_digest, &found.value_digest))
        return unsupported(finding, signer->signature_oid);
    bool pss = found.scheme == SCHEME_RSA_PSS;
    if (!names_digest)
        found.value_digest = found.digest;
    if (!no_parameters(signer->digest_parameters)
        || (pss ? !read_pss(signer->signature_parameters, &found)
                : !no_parameters(signer->signature_parameters)))
        return failed(finding, &TEXT_CMS_ALGORITHM);
    if ((listed && !is_listed(*listed, signer->digest_oid))
        || (attributes->protection.data && !protection_fits(attributes->protection, signer)))
        return failed(finding, &TEXT_CMS_DIGEST_DISAGREES);
    *ret_algorithms = found;
    return digests_agree(signer, &found, finding);
}

static bool set_scheme(EVP_PKEY_CTX *context, const struct cms_algorithms *algorithms)
{
    switch (algorithms->scheme) {
    case SCHEME_RSA:
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
    case SCHEME_RSA_PSS:
        return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
               && EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest_evp(algorithms->mask)) == 1
               && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, algorithms->salt) == 1;
    case SCHEME_ECDSA:
    case SCHEME_DSA:
    case SCHEME_ED25519:
        break;
    }
    return true;
}

static bool verify_digest(const struct cms_algorithms *algorithms, struct span signature, EVP_PKEY *key,
                          const struct digest_value *digest)
{
    EVP_PKEY_CTX *context CLEANUP(key_context_clear) = EVP_PKEY_CTX_new(key, NULL);
    return context && EVP_PKEY_verify_init(context) == 1 && set_scheme(context, algorithms)
           && EVP_PKEY_CTX_set_signature_md(context, digest_evp(algorithms->value_digest)) == 1
           && EVP_PKEY_verify(context, signature.data, signature.size, digest->bytes, digest->size) == 1;
}

/* A DigestInfo whose algorithm goes without the NULL: RFC 4055, 2.1, has both accepted, OpenSSL knows one. The
 * padding is checked by OpenSSL, the rest is compared to the byte. */
static bool verify_without_null(const struct cms_algorithms *algorithms, struct span signature, EVP_PKEY *key,
                                const struct digest_value *digest)
{
    EVP_PKEY_CTX *context CLEANUP(key_context_clear) = EVP_PKEY_CTX_new(key, NULL);
    struct buffer expected CLEANUP(buffer_clear) = {0}, recovered CLEANUP(buffer_clear) = {0};
    size_t info = der_open(&expected, DER_SEQUENCE), algorithm = der_open(&expected, DER_SEQUENCE);
    der_write(&expected, DER_OID, digest_oid(algorithms->value_digest));
    der_close(&expected, algorithm);
    der_write(&expected, DER_OCTETS, digest_span(digest));
    der_close(&expected, info);
    size_t size = (size_t)EVP_PKEY_get_size(key);
    uint8_t *room = buffer_reserve(&recovered, size);
    return context && room && !expected.failed && EVP_PKEY_verify_recover_init(context) == 1
           && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
           && EVP_PKEY_verify_recover(context, room, &size, signature.data, signature.size) == 1
           && span_equal(span_of(room, size), buffer_span(&expected));
}

/* RFC 8419, 3.1: the octets themselves, not a digest of them. */
static bool verify_octets(struct span signature, EVP_PKEY *key, struct span octets)
{
    EVP_MD_CTX *context CLEANUP(digest_context_clear) = EVP_MD_CTX_new();
    return context && EVP_DigestVerifyInit(context, NULL, NULL, NULL, key) == 1
           && EVP_DigestVerify(context, signature.data, signature.size, octets.data, octets.size) == 1;
}

enum cms_answer cms_signature_verify(const struct cms_algorithms *algorithms, struct span signature,
                                     EVP_PKEY *key, const struct cms_message *message)
{
    bool rsa = algorithms->scheme == SCHEME_RSA || algorithms->scheme == SCHEME_RSA_PSS;
    if (!key
        || !(EVP_PKEY_is_a(key, key_kinds[algorithms->scheme]) || (rsa && EVP_PKEY_is_a(key, "RSA-PSS"))))
        return CMS_DIFFERS;
    if (rsa && EVP_PKEY_get_bits(key) < RSA_MIN_BITS)
        return CMS_KEY_TOO_SHORT;
    bool over_octets = algorithms->scheme == SCHEME_ED25519;
    if (over_octets && !message->octets.data)
        return CMS_CANNOT;
    bool good = over_octets ? verify_octets(signature, key, message->octets)
                            : verify_digest(algorithms, signature, key, &message->digest);
    if (!good && algorithms->scheme == SCHEME_RSA)
        good = verify_without_null(algorithms, signature, key, &message->digest);
    ERR_clear_error();
    return good ? CMS_VERIFIES : CMS_DIFFERS;
}
