#include "signer/xml_algorithms.h"

#define XMLDSIG_MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define XMLENC "http://www.w3.org/2001/04/xmlenc#"

static const char *const digests[DIGEST_ALGORITHMS] = {
    [DIGEST_SHA256] = XMLENC "sha256",
    [DIGEST_SHA384] = XMLDSIG_MORE "sha384",
    [DIGEST_SHA512] = XMLENC "sha512",
    [DIGEST_SHA1] = NS_DSIG "sha1",
};

static const struct {
    const char *uri;
    enum signature_scheme scheme;
    enum digest_algorithm digest;
} signatures[] = {
    {XMLDSIG_MORE "rsa-sha256", SCHEME_RSA, DIGEST_SHA256},
    {XMLDSIG_MORE "rsa-sha384", SCHEME_RSA, DIGEST_SHA384},
    {XMLDSIG_MORE "rsa-sha512", SCHEME_RSA, DIGEST_SHA512},
    {NS_DSIG "rsa-sha1", SCHEME_RSA, DIGEST_SHA1},
    {XMLDSIG_MORE "ecdsa-sha256", SCHEME_ECDSA, DIGEST_SHA256},
    {XMLDSIG_MORE "ecdsa-sha384", SCHEME_ECDSA, DIGEST_SHA384},
    {XMLDSIG_MORE "ecdsa-sha512", SCHEME_ECDSA, DIGEST_SHA512},
    {XMLDSIG_MORE "ecdsa-sha1", SCHEME_ECDSA, DIGEST_SHA1},
};

static const char *const c14n[] = {
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments",
    "http://www.w3.org/2006/12/xml-c14n11",
    "http://www.w3.org/2006/12/xml-c14n11#WithComments",
    URI_EXC_C14N,
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
};

const char *digest_uri(enum digest_algorithm algorithm)
{
    return digests[algorithm];
}

bool digest_of_uri(const char *uri, enum digest_algorithm *ret_algorithm)
{
    for (int i = 0; i < DIGEST_ALGORITHMS; i++)
        if (digests[i] && strcmp(uri, digests[i]) == 0) {
            *ret_algorithm = (enum digest_algorithm)i;
            return true;
        }
    return false;
}

const char *signature_uri(enum signature_scheme scheme, enum digest_algorithm digest)
{
    for (size_t i = 0; i < COUNT_OF(signatures); i++)
        if (signatures[i].scheme == scheme && signatures[i].digest == digest)
            return signatures[i].uri;
    return NULL;
}

bool signature_of_uri(const char *uri, enum signature_scheme *ret_scheme, enum digest_algorithm *ret_digest)
{
    for (size_t i = 0; i < COUNT_OF(signatures); i++)
        if (strcmp(uri, signatures[i].uri) == 0) {
            *ret_scheme = signatures[i].scheme;
            *ret_digest = signatures[i].digest;
            return true;
        }
    return false;
}

bool is_c14n_uri(const char *uri)
{
    for (size_t i = 0; i < COUNT_OF(c14n); i++)
        if (strcmp(uri, c14n[i]) == 0)
            return true;
    return false;
}
