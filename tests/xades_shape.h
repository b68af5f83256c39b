/* The pieces of XML signatures, as templates for tests/xml_make.h, and what is said of a document made from them. */
#pragma once

#include "signer/verifier.h"
#include "tests/trust_world.h"
#include "tests/xml_make.h"

#define NS_DS "xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\""
#define NS_X "xmlns:x=\"http://uri.etsi.org/01903/v1.3.2#\""
#define EXCLUSIVE "http://www.w3.org/2001/10/xml-exc-c14n#"
#define TRANSFORM(algorithm, inside) "<ds:Transform Algorithm=\"" algorithm "\">" inside "</ds:Transform>"
#define ENVELOPED TRANSFORM("http://www.w3.org/2000/09/xmldsig#enveloped-signature", "")
#define REFERENCE(uri, attributes, transforms)                                                               \
    "<ds:Reference URI=\"" uri "\"" attributes "><ds:Transforms>" transforms TRANSFORM(                      \
        EXCLUSIVE,                                                                                           \
        "") "</ds:Transforms><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"       \
            "<ds:DigestValue/></ds:Reference>"
#define OCTETS(uri)                                                                                          \
    "<ds:Reference URI=\"" uri "\"><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>" \
    "<ds:DigestValue/></ds:Reference>"
#define INFO(method, references)                                                                             \
    "<ds:SignedInfo><ds:CanonicalizationMethod Algorithm=\"" EXCLUSIVE                                       \
    "\"/><ds:SignatureMethod Algorithm=\""                                                                   \
    "http://www.w3.org/2001/04/xmldsig-more#" method references "</ds:SignedInfo>"
#define RSA "rsa-sha256\"/>"
#define KEY_INFO                                                                                             \
    "<ds:KeyInfo><ds:X509Data><ds:X509Certificate>@CERTIFICATE@</ds:X509Certificate></ds:X509Data></"        \
    "ds:KeyInfo>"
#define SIGNATURE(id, info, objects)                                                                         \
    "<ds:Signature " NS_DS " Id=\"" id "\">" info "<ds:SignatureValue Id=\"" id "-V\"/>" KEY_INFO objects    \
    "</ds:Signature>"
#define OBJECT(inside) "<ds:Object>" inside "</ds:Object>"
/* XAdES */
#define PROPERTIES_OF(target, id, unsigned_properties)                                                       \
    "<x:QualifyingProperties " NS_X " Target=\"#" target "\"><x:SignedProperties Id=\"" id                   \
    "\"><x:SignedSignatureProperties><x:SigningTime>2025-01-01T00:00:00Z</"                                  \
    "x:SigningTime><x:SigningCertificateV2>"                                                                 \
    "<x:Cert><x:CertDigest><ds:DigestMethod Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"/>"         \
    "<ds:DigestValue>@CERTIFICATE-DIGEST@</ds:DigestValue></x:CertDigest></x:Cert></x:SigningCertificateV2>" \
    "</x:SignedSignatureProperties></x:SignedProperties>" unsigned_properties "</x:QualifyingProperties>"
#define TO_PROPERTIES(id) REFERENCE("#" id, " Type=\"http://uri.etsi.org/01903#SignedProperties\"", "")
#define XADES(id, references, unsigned_properties)                                                           \
    SIGNATURE(id, INFO(RSA, references TO_PROPERTIES(id "-P")),                                              \
              OBJECT(PROPERTIES_OF(id, id "-P", unsigned_properties)))
#define UNSIGNED(inside)                                                                                     \
    "<x:UnsignedProperties><x:UnsignedSignatureProperties>" inside                                           \
    "</x:UnsignedSignatureProperties></x:UnsignedProperties>"

/* What is signed. */
#define RESULT "<KetQua Id=\"kq\"><So>127</So></KetQua>"

/* At least one signature is found. */
void look(struct span text, const struct detached *files, size_t count, struct verdict *ret_verdict);
/* The worst of what is found. */
struct finding worst(struct span text, const struct detached *files, size_t count);
void check_found(const char *sentence, const struct finding *found, enum indication indication,
                 enum sub_indication sub);
