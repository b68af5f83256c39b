/* The algorithms signatures name, as the object identifiers that stand in CMS: one table for writing and
 * reading. */
#pragma once

#include "base/digest.h"

enum signature_scheme { SCHEME_RSA, SCHEME_RSA_PSS, SCHEME_ECDSA, SCHEME_DSA, SCHEME_ED25519 };

/* Object identifiers as the content of their DER. */
#define OID_DATA SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01")              /* 1.2.840.113549.1.7.1 */
#define OID_SIGNED_DATA SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02")       /* 1.2.840.113549.1.7.2 */
#define OID_TIMESTAMP SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x04") /* …1.9.16.1.4, RFC 3161 */
#define OID_CONTENT_TYPE SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x03")      /* 1.2.840.113549.1.9.3 */
#define OID_MESSAGE_DIGEST SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04")    /* 1.2.840.113549.1.9.4 */
#define OID_SIGNING_TIME SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x05")      /* 1.2.840.113549.1.9.5 */
#define OID_CERTIFICATE_V1                                                                                   \
    SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x0C") /* …1.9.16.2.12, RFC 2634 */
#define OID_CERTIFICATE_V2                                                                                   \
    SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x2F") /* …1.9.16.2.47, RFC 5035 */
#define OID_SIGNATURE_STAMP                                                                                  \
    SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x0E") /* …1.9.16.2.14, RFC 3161, A */
#define OID_COUNTER_SIGNATURE SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x06") /* 1.2.840.113549.1.9.6 */
#define OID_MGF1 SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x08")              /* 1.2.840.113549.1.1.8 */
#define OID_RSA SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x01\x01")               /* 1.2.840.113549.1.1.1 */
#define OID_EC_KEY SPAN_LITERAL("\x2A\x86\x48\xCE\x3D\x02\x01")                    /* 1.2.840.10045.2.1 */

struct span digest_oid(enum digest_algorithm algorithm);
/* Only what can be computed here. */
bool digest_of_oid(struct span oid, enum digest_algorithm *ret_algorithm) MUST_USE;

/* RFC 3370, RFC 5754: the identifier of a signature made over that digest. Not for PSS, which names its
 * digest in parameters. */
struct span signature_oid(enum signature_scheme scheme, enum digest_algorithm digest);
/* *ret_names_digest says whether the identifier itself names the digest. */
bool signature_of_oid(struct span oid, enum signature_scheme *ret_scheme, bool *ret_names_digest,
                      enum digest_algorithm *ret_digest) MUST_USE;

enum { OID_TEXT_SIZE = 64 };
/* "1.2.840.113549.1.1.11", for people. */
void oid_text(struct span oid, char ret_text[static OID_TEXT_SIZE]);
