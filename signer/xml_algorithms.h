/* The algorithms XML signatures name (RFC 9231, W3C xmldsig-core1, xmlenc-core1), as URIs: one table for
 * writing and reading. What is not in it is not supported, whatever xmlsec can do. */
#pragma once

#include "signer/algorithms.h"

#define NS_DSIG "http://www.w3.org/2000/09/xmldsig#"
#define NS_XADES "http://uri.etsi.org/01903/v1.3.2#"
#define TYPE_SIGNED_PROPERTIES "http://uri.etsi.org/01903#SignedProperties"
#define URI_ENVELOPED "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
#define URI_EXC_C14N "http://www.w3.org/2001/10/xml-exc-c14n#"
#define URI_BASE64 "http://www.w3.org/2000/09/xmldsig#base64"
#define URI_XPATH "http://www.w3.org/TR/1999/REC-xpath-19991116"
#define NS_XPATH_FILTER "http://www.w3.org/2002/06/xmldsig-filter2"

const char *digest_uri(enum digest_algorithm algorithm);
bool digest_of_uri(const char *uri, enum digest_algorithm *ret_algorithm) MUST_USE;
const char *signature_uri(enum signature_scheme scheme, enum digest_algorithm digest);
bool signature_of_uri(const char *uri, enum signature_scheme *ret_scheme, enum digest_algorithm *ret_digest)
    MUST_USE;
/* Canonical XML 1.0, 1.1 and exclusive, with and without comments. */
bool is_c14n_uri(const char *uri);
