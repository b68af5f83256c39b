#include "signer/algorithms.h"

#include <stdio.h>

#define NIST_HASH "\x60\x86\x48\x01\x65\x03\x04\x02" /* 2.16.840.1.101.3.4.2 */
#define PKCS1 "\x2A\x86\x48\x86\xF7\x0D\x01\x01"     /* 1.2.840.113549.1.1 */
#define ANSI_EC "\x2A\x86\x48\xCE\x3D\x04"           /* 1.2.840.10045.4 */
#define NIST_SIGN "\x60\x86\x48\x01\x65\x03\x04\x03" /* 2.16.840.1.101.3.4.3 */
#define X957 "\x2A\x86\x48\xCE\x38\x04"              /* 1.2.840.10040.4 */
#define TELETRUST "\x2B\x24\x03"                     /* 1.3.36.3 */
#define OID(literal)                                                                                         \
    {                                                                                                        \
        (const uint8_t *)(literal), sizeof(literal) - 1                                                      \
    }

static const struct span digests[DIGEST_ALGORITHMS] = {
    [DIGEST_SHA256] = OID(NIST_HASH "\x01"),        [DIGEST_SHA384] = OID(NIST_HASH "\x02"),
    [DIGEST_SHA512] = OID(NIST_HASH "\x03"),        [DIGEST_SHA1] = OID("\x2B\x0E\x03\x02\x1A"),
    [DIGEST_SHA224] = OID(NIST_HASH "\x04"),        [DIGEST_SHA3_224] = OID(NIST_HASH "\x07"),
    [DIGEST_SHA3_256] = OID(NIST_HASH "\x08"),      [DIGEST_SHA3_384] = OID(NIST_HASH "\x09"),
    [DIGEST_SHA3_512] = OID(NIST_HASH "\x0A"),      [DIGEST_MD5] = OID("\x2A\x86\x48\x86\xF7\x0D\x02\x05"),
    [DIGEST_RIPEMD160] = OID(TELETRUST "\x02\x01"),
};

static const struct {
    struct span oid;
    enum signature_scheme scheme;
    bool names_digest;
    enum digest_algorithm digest;
} signatures[] = {
    {OID(PKCS1 "\x0B"), SCHEME_RSA, true, DIGEST_SHA256},
    {OID(PKCS1 "\x0C"), SCHEME_RSA, true, DIGEST_SHA384},
    {OID(PKCS1 "\x0D"), SCHEME_RSA, true, DIGEST_SHA512},
    {OID(PKCS1 "\x05"), SCHEME_RSA, true, DIGEST_SHA1},
    {OID(PKCS1 "\x01"), SCHEME_RSA, false, 0},
    {OID(PKCS1 "\x0A"), SCHEME_RSA_PSS, false, 0},
    {OID(ANSI_EC "\x03\x02"), SCHEME_ECDSA, true, DIGEST_SHA256},
    {OID(ANSI_EC "\x03\x03"), SCHEME_ECDSA, true, DIGEST_SHA384},
    {OID(ANSI_EC "\x03\x04"), SCHEME_ECDSA, true, DIGEST_SHA512},
    {OID(ANSI_EC "\x01"), SCHEME_ECDSA, true, DIGEST_SHA1},
    {OID("\x2A\x86\x48\xCE\x3D\x02\x01"), SCHEME_ECDSA, false,
     0}, /* the key's own identifier, as some signers write it */
    {OID(PKCS1 "\x0E"), SCHEME_RSA, true, DIGEST_SHA224},
    {OID(PKCS1 "\x04"), SCHEME_RSA, true, DIGEST_MD5},
    {OID("\x2B\x0E\x03\x02\x1D"), SCHEME_RSA, true, DIGEST_SHA1}, /* 1.3.14.3.2.29, before PKCS #1 had one */
    {OID(TELETRUST "\x03\x01\x02"), SCHEME_RSA, true, DIGEST_RIPEMD160},
    {OID(NIST_SIGN "\x0D"), SCHEME_RSA, true, DIGEST_SHA3_224},
    {OID(NIST_SIGN "\x0E"), SCHEME_RSA, true, DIGEST_SHA3_256},
    {OID(NIST_SIGN "\x0F"), SCHEME_RSA, true, DIGEST_SHA3_384},
    {OID(NIST_SIGN "\x10"), SCHEME_RSA, true, DIGEST_SHA3_512},
    {OID(ANSI_EC "\x03\x01"), SCHEME_ECDSA, true, DIGEST_SHA224},
    {OID(NIST_SIGN "\x09"), SCHEME_ECDSA, true, DIGEST_SHA3_224},
    {OID(NIST_SIGN "\x0A"), SCHEME_ECDSA, true, DIGEST_SHA3_256},
    {OID(NIST_SIGN "\x0B"), SCHEME_ECDSA, true, DIGEST_SHA3_384},
    {OID(NIST_SIGN "\x0C"), SCHEME_ECDSA, true, DIGEST_SHA3_512},
    {OID(X957 "\x01"), SCHEME_DSA, false, 0}, /* the key's own identifier */
    {OID(X957 "\x03"), SCHEME_DSA, true, DIGEST_SHA1},
    {OID(NIST_SIGN "\x01"), SCHEME_DSA, true, DIGEST_SHA224},
    {OID(NIST_SIGN "\x02"), SCHEME_DSA, true, DIGEST_SHA256},
    {OID(NIST_SIGN "\x03"), SCHEME_DSA, true, DIGEST_SHA384},
    {OID(NIST_SIGN "\x04"), SCHEME_DSA, true, DIGEST_SHA512},
    {OID("\x2B\x65\x70"), SCHEME_ED25519, false, 0}, /* RFC 8419: over the octets themselves */
};

struct span digest_oid(enum digest_algorithm algorithm)
{
    return digests[algorithm];
}

bool digest_of_oid(struct span oid, enum digest_algorithm *ret_algorithm)
{
    for (int i = 0; i < DIGEST_ALGORITHMS; i++)
        if (span_equal(oid, digests[i]) && digest_is_known((enum digest_algorithm)i)) {
            *ret_algorithm = (enum digest_algorithm)i;
            return true;
        }
    return false;
}

struct span signature_oid(enum signature_scheme scheme, enum digest_algorithm digest)
{
    for (size_t i = 0; i < COUNT_OF(signatures); i++)
        if (signatures[i].scheme == scheme && signatures[i].names_digest && signatures[i].digest == digest)
            return signatures[i].oid;
    return (struct span){0};
}

bool signature_of_oid(struct span oid, enum signature_scheme *ret_scheme, bool *ret_names_digest,
                      enum digest_algorithm *ret_digest)
{
    for (size_t i = 0; i < COUNT_OF(signatures); i++)
        if (span_equal(oid, signatures[i].oid)) {
            *ret_scheme = signatures[i].scheme;
            *ret_names_digest = signatures[i].names_digest;
            *ret_digest = signatures[i].digest;
            return true;
        }
    return false;
}

void oid_text(struct span oid, char ret_text[static OID_TEXT_SIZE])
{
    size_t at = 0;
    unsigned arc = 0;
    ret_text[0] = '\0';
    for (size_t i = 0; i < oid.size && at + 12 < OID_TEXT_SIZE; i++) {
        arc = arc << 7 | (oid.data[i] & 0x7F);
        if (oid.data[i] & 0x80)
            continue;
        unsigned first = arc < 80 ? arc / 40 : 2;
        const char *form = at == 0 ? "%u.%u" : ".%u";
        at += (size_t)snprintf(ret_text + at, OID_TEXT_SIZE - at, form, at == 0 ? first : arc,
                               arc - 40 * first);
        arc = 0;
    }
}
