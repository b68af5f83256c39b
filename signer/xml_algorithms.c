#include "signer/xml_algorithms.h"

#include <libxml/c14n.h>
#include <stdlib.h>

#include "base/xml.h"

#define XMLDSIG_MORE "http://www.w3.org/2001/04/xmldsig-more#"
#define XMLDSIG_2007 "http://www.w3.org/2007/05/xmldsig-more#"
#define XMLDSIG_2021 "http://www.w3.org/2021/04/xmldsig-more#"
#define XMLENC "http://www.w3.org/2001/04/xmlenc#"

static const char *const digests[DIGEST_ALGORITHMS] = {
    [DIGEST_SHA256] = XMLENC "sha256",           [DIGEST_SHA384] = XMLDSIG_MORE "sha384",
    [DIGEST_SHA512] = XMLENC "sha512",           [DIGEST_SHA1] = NS_DSIG "sha1",
    [DIGEST_SHA224] = XMLDSIG_MORE "sha224",     [DIGEST_SHA3_224] = XMLDSIG_2007 "sha3-224",
    [DIGEST_SHA3_256] = XMLDSIG_2007 "sha3-256", [DIGEST_SHA3_384] = XMLDSIG_2007 "sha3-384",
    [DIGEST_SHA3_512] = XMLDSIG_2007 "sha3-512", [DIGEST_MD5] = XMLDSIG_MORE "md5",
    [DIGEST_RIPEMD160] = XMLENC "ripemd160",
};

/* The first of a pair is what we write. */
static const struct {
    const char *uri;
    enum signature_scheme scheme;
    enum digest_algorithm digest;
} signatures[] = {
    {XMLDSIG_MORE "rsa-sha256", SCHEME_RSA, DIGEST_SHA256},
    {XMLDSIG_MORE "rsa-sha384", SCHEME_RSA, DIGEST_SHA384},
    {XMLDSIG_MORE "rsa-sha512", SCHEME_RSA, DIGEST_SHA512},
    {NS_DSIG "rsa-sha1", SCHEME_RSA, DIGEST_SHA1},
    {XMLDSIG_MORE "rsa-sha224", SCHEME_RSA, DIGEST_SHA224},
    {XMLDSIG_MORE "rsa-md5", SCHEME_RSA, DIGEST_MD5},
    {XMLDSIG_MORE "rsa-ripemd160", SCHEME_RSA, DIGEST_RIPEMD160},
    {XMLDSIG_MORE "ecdsa-sha256", SCHEME_ECDSA, DIGEST_SHA256},
    {XMLDSIG_MORE "ecdsa-sha384", SCHEME_ECDSA, DIGEST_SHA384},
    {XMLDSIG_MORE "ecdsa-sha512", SCHEME_ECDSA, DIGEST_SHA512},
    {XMLDSIG_MORE "ecdsa-sha1", SCHEME_ECDSA, DIGEST_SHA1},
    {XMLDSIG_MORE "ecdsa-sha224", SCHEME_ECDSA, DIGEST_SHA224},
    {XMLDSIG_2007 "ecdsa-ripemd160", SCHEME_ECDSA, DIGEST_RIPEMD160},
    {XMLDSIG_2021 "ecdsa-sha3-224", SCHEME_ECDSA, DIGEST_SHA3_224},
    {XMLDSIG_2021 "ecdsa-sha3-256", SCHEME_ECDSA, DIGEST_SHA3_256},
    {XMLDSIG_2021 "ecdsa-sha3-384", SCHEME_ECDSA, DIGEST_SHA3_384},
    {XMLDSIG_2021 "ecdsa-sha3-512", SCHEME_ECDSA, DIGEST_SHA3_512},
    {XMLDSIG_2007 "sha1-rsa-MGF1", SCHEME_RSA_PSS, DIGEST_SHA1},
    {XMLDSIG_2007 "sha224-rsa-MGF1", SCHEME_RSA_PSS, DIGEST_SHA224},
    {XMLDSIG_2007 "sha256-rsa-MGF1", SCHEME_RSA_PSS, DIGEST_SHA256},
    {XMLDSIG_2007 "sha384-rsa-MGF1", SCHEME_RSA_PSS, DIGEST_SHA384},
    {XMLDSIG_2007 "sha512-rsa-MGF1", SCHEME_RSA_PSS, DIGEST_SHA512},
    {XMLDSIG_2007 "sha3-224-rsa-MGF1", SCHEME_RSA_PSS, DIGEST_SHA3_224},
    {XMLDSIG_2007 "sha3-256-rsa-MGF1", SCHEME_RSA_PSS, DIGEST_SHA3_256},
    {XMLDSIG_2007 "sha3-384-rsa-MGF1", SCHEME_RSA_PSS, DIGEST_SHA3_384},
    {XMLDSIG_2007 "sha3-512-rsa-MGF1", SCHEME_RSA_PSS, DIGEST_SHA3_512},
    {NS_DSIG "dsa-sha1", SCHEME_DSA, DIGEST_SHA1},
    {NS_DSIG11 "dsa-sha256", SCHEME_DSA, DIGEST_SHA256},
    {XMLDSIG_2021 "eddsa-ed25519", SCHEME_ED25519, DIGEST_SHA512},
};
#define URI_RSA_PSS XMLDSIG_2007 "rsa-pss"
#define URI_MGF1 XMLDSIG_2007 "MGF1"

static const struct {
    const char *uri;
    int mode;
    bool comments;
} c14n[] = {
    {URI_EXC_C14N, XML_C14N_EXCLUSIVE_1_0, false},
    {URI_EXC_C14N "WithComments", XML_C14N_EXCLUSIVE_1_0, true},
    {URI_C14N, XML_C14N_1_0, false},
    {URI_C14N "#WithComments", XML_C14N_1_0, true},
    {"http://www.w3.org/2006/12/xml-c14n11", XML_C14N_1_1, false},
    {"http://www.w3.org/2006/12/xml-c14n11#WithComments", XML_C14N_1_1, true},
};

const struct xml_c14n xml_c14n_plain = {.mode = XML_C14N_1_0};
const struct xml_c14n xml_c14n_exclusive = {.mode = XML_C14N_EXCLUSIVE_1_0};

const char *digest_uri(enum digest_algorithm algorithm)
{
    return digests[algorithm];
}

bool digest_of_uri(const char *uri, enum digest_algorithm *ret_algorithm)
{
    for (int i = 0; i < DIGEST_ALGORITHMS; i++)
        if (strcmp(uri, digests[i]) == 0 && digest_is_known((enum digest_algorithm)i)) {
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

static const char *attribute(const xmlNode *element, const char *name)
{
    const xmlAttr *found = element ? xmlHasProp(element, (const xmlChar *)name) : NULL;
    const xmlNode *text = found ? found->children : NULL;
    return text && !text->next && text->type == XML_TEXT_NODE ? (const char *)text->content : NULL;
}

static bool read_digest(const xmlNode *parent, enum digest_algorithm *ret_digest)
{
    bool many;
    const xmlNode *method = xml_only(parent, NS_DSIG, "DigestMethod", &many);
    const char *uri = attribute(method, "Algorithm");
    return !many && (!method || (uri && digest_of_uri(uri, ret_digest)));
}

/* RFC 9231, 2.3.9: every part may be missing; SHA-256 and a salt as long as the digest then. */
static bool read_pss(const xmlNode *method, struct xml_signature_method *ret_method)
{
    bool many;
    const xmlNode *parameters = xml_only(method, XMLDSIG_2007, "RSAPSSParams", &many);
    const xmlNode *mask = xml_only(parameters, XMLDSIG_2007, "MaskGenerationFunction", &many);
    const xmlNode *salt = xml_only(parameters, XMLDSIG_2007, "SaltLength", &many);
    const xmlNode *trailer = xml_only(parameters, XMLDSIG_2007, "TrailerField", &many);
    const char *function = attribute(mask, "Algorithm");
    char *size CLEANUP(free_clear) = NULL, *field CLEANUP(free_clear) = NULL;
    ret_method->scheme = SCHEME_RSA_PSS;
    if (!read_digest(parameters, &ret_method->digest)
        || (mask && (!function || strcmp(function, URI_MGF1) != 0)))
        return false;
    ret_method->mask = ret_method->digest;
    if (mask && !read_digest(mask, &ret_method->mask))
        return false;
    ret_method->salt_size = (int)digest_size(ret_method->digest);
    if (salt && (!xml_text(salt, &size) || strlen(size) > 4 || strspn(size, "0123456789") != strlen(size)))
        return false;
    if (size)
        ret_method->salt_size = (int)strtol(size, NULL, 10);
    return !trailer || (xml_text(trailer, &field) && strcmp(field, "1") == 0);
}

bool signature_method_read(const xmlNode *method, struct xml_signature_method *ret_method)
{
    const char *uri = attribute(method, "Algorithm");
    *ret_method = (struct xml_signature_method){0};
    if (uri && strcmp(uri, URI_RSA_PSS) == 0)
        return read_pss(method, ret_method);
    for (size_t i = 0; uri && i < COUNT_OF(signatures); i++)
        if (strcmp(uri, signatures[i].uri) == 0) {
            *ret_method = (struct xml_signature_method){.scheme = signatures[i].scheme,
                                                        .digest = signatures[i].digest,
                                                        .mask = signatures[i].digest,
                                                        .salt_size = (int)digest_size(signatures[i].digest)};
            return digest_is_known(signatures[i].digest);
        }
    return false;
}

bool is_hmac_uri(const char *uri)
{
    return strstr(uri, "hmac") || strstr(uri, "HMAC");
}

bool is_c14n_uri(const char *uri)
{
    for (size_t i = 0; i < COUNT_OF(c14n); i++)
        if (strcmp(uri, c14n[i].uri) == 0)
            return true;
    return false;
}

/* xml-exc-c14n, 3: names separated by white space. */
static bool read_prefixes(const xmlNode *method, struct xml_c14n *how)
{
    bool many;
    const xmlNode *inclusive = xml_only(method, URI_EXC_C14N, "InclusiveNamespaces", &many);
    const char *list = attribute(inclusive, "PrefixList");
    size_t at = 0;
    while (list && *(list += strspn(list, " \t\r\n"))) {
        size_t size = strcspn(list, " \t\r\n");
        if (how->prefix_count >= XML_MAX_PREFIXES || at + size + 1 > XML_PREFIXES_SIZE)
            return false;
        memcpy(how->prefixes + at, list, size);
        how->prefixes[at + size] = '\0';
        how->prefix_count++;
        at += size + 1;
        list += size;
    }
    return !many;
}

bool xml_c14n_read(const xmlNode *method, struct xml_c14n *ret_c14n)
{
    const char *uri = attribute(method, "Algorithm");
    for (size_t i = 0; uri && i < COUNT_OF(c14n); i++)
        if (strcmp(uri, c14n[i].uri) == 0) {
            *ret_c14n = (struct xml_c14n){.mode = c14n[i].mode, .comments = c14n[i].comments};
            return c14n[i].mode != XML_C14N_EXCLUSIVE_1_0 || read_prefixes(method, ret_c14n);
        }
    return false;
}
