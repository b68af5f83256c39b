/* The algorithms XML signatures name (RFC 9231, W3C xmldsig-core1, xmlenc-core1), as URIs: one table for
 * writing and reading. What is not in it is not supported. */
#pragma once

#include <libxml/tree.h>

#include "signer/algorithms.h"

#define NS_DSIG "http://www.w3.org/2000/09/xmldsig#"
#define NS_DSIG11 "http://www.w3.org/2009/xmldsig11#"
#define NS_XADES "http://uri.etsi.org/01903/v1.3.2#"
#define NS_XADES_122 "http://uri.etsi.org/01903/v1.2.2#"
#define NS_XADES_111 "http://uri.etsi.org/01903/v1.1.1#"
#define NS_XADES_141 "http://uri.etsi.org/01903/v1.4.1#"
#define TYPE_SIGNED_PROPERTIES "http://uri.etsi.org/01903#SignedProperties"
#define TYPE_COUNTERSIGNED "http://uri.etsi.org/01903#CountersignedSignature"
#define TYPE_MANIFEST "http://www.w3.org/2000/09/xmldsig#Manifest"
#define TYPE_OBJECT "http://www.w3.org/2000/09/xmldsig#Object"
#define URI_ENVELOPED "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
#define URI_C14N "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
#define URI_EXC_C14N "http://www.w3.org/2001/10/xml-exc-c14n#"
#define URI_BASE64 "http://www.w3.org/2000/09/xmldsig#base64"
#define URI_XPATH "http://www.w3.org/TR/1999/REC-xpath-19991116"
#define NS_XPATH_FILTER "http://www.w3.org/2002/06/xmldsig-filter2"

const char *digest_uri(enum digest_algorithm algorithm);
bool digest_of_uri(const char *uri, enum digest_algorithm *ret_algorithm) MUST_USE;
const char *signature_uri(enum signature_scheme scheme, enum digest_algorithm digest);

/* What a SignatureMethod asks for. */
struct xml_signature_method {
    enum signature_scheme scheme;
    enum digest_algorithm digest;
    enum digest_algorithm mask; /* RSA-PSS: of the mask generation function */
    int salt_size;              /* RSA-PSS */
};
/* Reads the element, parameters of RSA-PSS included; false when it is not supported. */
bool signature_method_read(const xmlNode *method, struct xml_signature_method *ret_method) MUST_USE;
/* Whether it names a message authentication code: whoever can check one could have made it. */
bool is_hmac_uri(const char *uri);

enum { XML_PREFIXES_SIZE = 1024, XML_MAX_PREFIXES = 32 };
/* How to make octets of nodes: Canonical XML 1.0, 1.1 or exclusive, with or without comments. */
struct xml_c14n {
    int mode; /* libxml2's */
    bool comments;
    char prefixes[XML_PREFIXES_SIZE]; /* InclusiveNamespaces: names that end in NUL … */
    size_t prefix_count;              /* … and how many */
};
/* The one that stands where none is named (xmldsig-core1, 4.4.3.2). */
extern const struct xml_c14n xml_c14n_plain;
extern const struct xml_c14n xml_c14n_exclusive; /* what we write */
bool is_c14n_uri(const char *uri);
/* Reads what a CanonicalizationMethod or Transform element asks for. False when it is none of the above, or its
 * PrefixList is over a limit. */
bool xml_c14n_read(const xmlNode *method, struct xml_c14n *ret_c14n) MUST_USE;
