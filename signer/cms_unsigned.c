#include "signer/cms_unsigned.h"

#define SMIME "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02" /* 1.2.840.113549.1.9.16.2 */
#define CADES "\x04\x00\x8D\x45\x02"                     /* 0.4.0.1733.2 */
#define AES_119122 "\x04\x00\x81\x95\x32\x01"            /* 0.4.0.19122.1 */

static const struct {
    const char *oid;
    size_t size;
    enum cms_unsigned_kind kind;
    bool is_stamp;
} kinds[] = {
#define ROW(oid, ...)                                                                                        \
    {                                                                                                        \
        oid, sizeof(oid) - 1, __VA_ARGS__                                                                    \
    }
    ROW("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x06", UNSIGNED_COUNTER_SIGNATURE, false),
    ROW(SMIME "\x0E", UNSIGNED_SIGNATURE_STAMP, true),
    ROW(SMIME "\x15", UNSIGNED_CERTIFICATE_REFS, false),
    ROW(SMIME "\x16", UNSIGNED_REVOCATION_REFS, false),
    ROW(SMIME "\x17", UNSIGNED_CERTIFICATE_VALUES, false),
    ROW(SMIME "\x18", UNSIGNED_REVOCATION_VALUES, false),
    ROW(SMIME "\x19", UNSIGNED_ESC_STAMP, true),
    ROW(SMIME "\x1A", UNSIGNED_REFS_STAMP, true),
    ROW(SMIME "\x1B", UNSIGNED_ARCHIVE_V1, true),
    ROW(SMIME "\x30", UNSIGNED_ARCHIVE_V2, true),
    ROW(SMIME "\x31", UNSIGNED_EVIDENCE_RECORD, false), /* RFC 4998, annex A: within the SignedData */
    ROW(SMIME "\x32", UNSIGNED_EVIDENCE_RECORD, false), /* and over content outside it */
    ROW(CADES "\x02", UNSIGNED_LONG_TERM, false),
    ROW(CADES "\x04", UNSIGNED_ARCHIVE_V3, true),
    ROW(CADES "\x05", UNSIGNED_HASH_INDEX_V1, false),
    ROW(AES_119122 "\x05", UNSIGNED_HASH_INDEX_V3, false),
#undef ROW
};

enum cms_unsigned_kind cms_unsigned_kind_of(struct span type)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (span_equal(type, span_of(kinds[i].oid, kinds[i].size)))
            return kinds[i].kind;
    return UNSIGNED_OTHER;
}

bool cms_unsigned_is_stamp(enum cms_unsigned_kind kind)
{
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (kinds[i].kind == kind)
            return kinds[i].is_stamp;
    return false;
}
