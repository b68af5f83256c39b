#include "hsm/key_pkcs11.h"

#include <openssl/ecdsa.h>

#include "hsm/hsm_text.h"

enum { P256_SIZE = 32, DIGEST_INFO_MAX = 19 + DIGEST_MAX };

/* RFC 8017, 9.2 note 1: the DER in front of the digest */
static const struct span digest_info[] = {
    [DIGEST_SHA256] =
        {(const uint8_t *)"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20", 19},
    [DIGEST_SHA384] =
        {(const uint8_t *)"\x30\x41\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x02\x05\x00\x04\x30", 19},
    [DIGEST_SHA512] =
        {(const uint8_t *)"\x30\x51\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x03\x05\x00\x04\x40", 19},
};

/* What the token gets: DigestInfo for PKCS #1 v1.5; for ECDSA the digest's leftmost bits, as many as the order has (FIPS 186-5,
 * 6.4.1), since not every token cuts them itself. */
static size_t to_sign(enum key_algorithm key, enum digest_algorithm algorithm, struct span digest,
                      uint8_t *ret_octets)
{
    if (key == KEY_EC_P256) {
        memcpy(ret_octets, digest.data, P256_SIZE);
        return P256_SIZE;
    }
    struct span front = digest_info[algorithm];
    memcpy(ret_octets, front.data, front.size);
    memcpy(ret_octets + front.size, digest.data, digest.size);
    return front.size + digest.size;
}

/* r and s side by side (PKCS #11) become an Ecdsa-Sig-Value (RFC 3279, 2.2.3) */
static bool ecdsa_to_der(struct span raw, struct buffer *ret_signature)
{
    if (raw.size != (size_t)2 * P256_SIZE)
        return false;
    ECDSA_SIG *pair = ECDSA_SIG_new();
    BIGNUM *r = BN_bin2bn(raw.data, P256_SIZE, NULL), *s = BN_bin2bn(raw.data + P256_SIZE, P256_SIZE, NULL);
    if (!pair || ECDSA_SIG_set0(pair, r, s) != 1) {
        BN_free(r);
        BN_free(s);
        ECDSA_SIG_free(pair);
        return false;
    }
    uint8_t *der = NULL;
    int size = i2d_ECDSA_SIG(pair, &der);
    if (size > 0)
        buffer_append(ret_signature, span_of(der, (size_t)size));
    OPENSSL_free(der);
    ECDSA_SIG_free(pair);
    return size > 0 && !ret_signature->failed;
}

static bool signature_take(const struct token_key *key, struct span raw, struct buffer *ret_signature,
                           struct error *err)
{
    bool good;
    if (key->kept.description.algorithm == KEY_EC_P256) {
        good = ecdsa_to_der(raw, ret_signature);
    } else {
        buffer_append(ret_signature, raw);
        good = raw.size == (key->kept.description.bits + 7) / 8 && !ret_signature->failed;
    }
    return good || fail(err, ERR_KEY_UNUSABLE, &TEXT_SIGNATURE_WRONG, key->kept.description.label);
}

/* With a session of its own. False leaves the session inside an operation. */
static bool sign_in_session(struct token_key *key, CK_SESSION_HANDLE session, struct span octets,
                            int64_t until_ms, uint8_t ret_raw[static HSM_SIGNATURE_MAX], CK_ULONG *size,
                            struct error *err)
{
    struct token *token = key->token;
    CK_OBJECT_HANDLE handle = 0;
    if (!token_key_handle(key, session, &handle, err))
        return false;
    CK_MECHANISM mechanism = {key->kept.description.algorithm == KEY_RSA ? CKM_RSA_PKCS : CKM_ECDSA, NULL, 0};
    CK_RV rv = token->call->C_SignInit(session, &mechanism, handle);
    if (rv != CKR_OK)
        return token_failed(token, "C_SignInit", rv, err);
    if (atomic_load(&key->always_authenticate) && !token_login_once_more(token, session, until_ms, err))
        return false;
    *size = HSM_SIGNATURE_MAX;
    rv = token->call->C_Sign(session, (CK_BYTE *)octets.data, octets.size, ret_raw, size);
    if (rv != CKR_OK)
        return token_failed(token, "C_Sign", rv, err);
    atomic_store(&token->unclear, 0);
    return true;
}

bool token_key_sign(struct token_key *key, enum digest_algorithm algorithm, struct span digest,
                    int64_t until_ms, struct buffer *ret_signature, struct error *err)
{
    uint8_t octets[DIGEST_INFO_MAX], raw[HSM_SIGNATURE_MAX];
    CK_ULONG size = 0;
    struct span asked = span_of(octets, to_sign(key->kept.description.algorithm, algorithm, digest, octets));
    CK_SESSION_HANDLE session;
    if (!token_login(key->token, until_ms, err) || !token_session_take(key->token, until_ms, &session, err))
        return false;

    if (!sign_in_session(key, session, asked, until_ms, raw, &size, err)) {
        token_session_drop(key->token, session);
        return false;
    }
    token_session_give(key->token, session);
    return signature_take(key, span_of(raw, size), ret_signature, err);
}
