/* The unsigned attributes of a signer: RFC 5652, 11.4; EN 319 122-1, 5.3 to 5.5 and annex A. For the CMS rooms
 * alone. */
#pragma once

#include "signer/cms_read.h"

enum cms_unsigned_kind {
    UNSIGNED_OTHER,
    SIGNED_CONTENT_STAMP, /* the timestamp that stands among the signed ones */
    UNSIGNED_COUNTER_SIGNATURE,
    UNSIGNED_SIGNATURE_STAMP,
    UNSIGNED_CERTIFICATE_REFS,
    UNSIGNED_REVOCATION_REFS,
    UNSIGNED_ESC_STAMP,  /* CAdES-C-timestamp: the signature and the references */
    UNSIGNED_REFS_STAMP, /* time-stamped-certs-crls-references */
    UNSIGNED_CERTIFICATE_VALUES,
    UNSIGNED_REVOCATION_VALUES,
    UNSIGNED_ARCHIVE_V1,
    UNSIGNED_ARCHIVE_V2,
    UNSIGNED_ARCHIVE_V3,
    UNSIGNED_LONG_TERM, /* long-term-validation */
    UNSIGNED_EVIDENCE_RECORD,
    UNSIGNED_HASH_INDEX_V1, /* of an archive timestamp's token */
    UNSIGNED_HASH_INDEX_V3,
    UNSIGNED_KINDS
};
enum cms_unsigned_kind cms_unsigned_kind_of(struct span type);
/* Whether the values are timestamp tokens. */
bool cms_unsigned_is_stamp(enum cms_unsigned_kind kind);
