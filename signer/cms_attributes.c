#include "signer/cms_attributes.h"

#include <openssl/asn1.h>
#include <openssl/err.h>
#include <time.h>

#include "signer/cades_text.h"
#include "signer/der.h"
#include "signer/signer_text.h"

#define SMIME "\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02" /* 1.2.840.113549.1.9.16.2 */

static bool refuse(struct finding *finding, const struct text *text)
{
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, text, NULL);
    return false;
}

/* What an attribute's value must look like. */
enum shape { SHAPE_ANY, SHAPE_CONTENT, SHAPE_WHOLE };

/* One kind of attribute that must not stand twice. */
struct single {
    const char *name;
    struct span oid;
    uint8_t tag;
    enum shape shape;       /* what of it is kept */
    size_t slot;            /* offset in struct cms_signed_attributes */
    const struct text *why; /* refusal when repeated or of another shape; NULL: a warning */
};

#define SLOT(field) offsetof(struct cms_signed_attributes, field)
#define OID(literal)                                                                                         \
    {                                                                                                        \
        (const uint8_t *)(literal), sizeof(literal) - 1                                                      \
    }

/* clang-format off */
static const struct single singles[] = {
    {"content-type", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x03"), DER_OID, SHAPE_CONTENT, SLOT(content_type), &TEXT_CMS_CONTENT_TYPE}, /* RFC 5652, 11.1 */
    {"message-digest", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04"), DER_OCTETS, SHAPE_CONTENT, SLOT(message_digest), &TEXT_CMS_ONE_DIGEST}, /* 11.2 */
    {"signing-time", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x05"), 0, SHAPE_WHOLE, SLOT(signing_time), NULL}, /* 11.3 */
    {"signing-certificate", OID(SMIME "\x0C"), DER_SEQUENCE, SHAPE_CONTENT, SLOT(certificate_v1), NULL}, /* RFC 5035, 3 and 4 */
    {"signing-certificate-v2", OID(SMIME "\x2F"), DER_SEQUENCE, SHAPE_CONTENT, SLOT(certificate_v2), NULL},
    {"signature-policy-identifier", OID(SMIME "\x0F"), 0, SHAPE_WHOLE, SLOT(policy), NULL}, /* EN 319 122-1, 5.2.9.1 */
    {"cms-algorithm-protection", OID("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x34"), DER_SEQUENCE, SHAPE_CONTENT, SLOT(protection), NULL}, /* RFC 6211, 2 */
    {"revocationInfoArchival", OID("\x2A\x86\x48\x86\xF7\x2F\x01\x01\x08"), DER_SEQUENCE, SHAPE_CONTENT, SLOT(revocation), NULL}, /* ISO 32000-1, 12.8.3.3.2 */
};

/* Those of which only shape and number are looked at: EN 319 122-1, 5.2, and table 1 in 6.3. */
static const struct {
    const char *name;
    struct span oid;
    uint8_t tag; /* of its values */
    bool several;
} known[] = {
    {"content-hints", OID(SMIME "\x04"), DER_SEQUENCE, false},           /* 5.2.4.1 */
    {"content-reference", OID(SMIME "\x0A"), DER_SEQUENCE, false},       /* 5.2.11 */
    {"content-identifier", OID(SMIME "\x07"), DER_OCTETS, false},        /* 5.2.12 */
    {"commitment-type-indication", OID(SMIME "\x10"), DER_SEQUENCE, true}, /* 5.2.3 */
    {"signer-location", OID(SMIME "\x11"), DER_SEQUENCE, false},         /* 5.2.5 */
    {"signer-attributes", OID(SMIME "\x12"), DER_SEQUENCE, false},       /* 5.2.6.2 */
    {"signer-attributes-v2", OID("\x04\x00\x81\x95\x32\x01\x01"), DER_SEQUENCE, false}, /* 5.2.6.1 */
    {"mime-type", OID("\x04\x00\x8D\x45\x02\x01"), 0x0C, false},         /* 5.2.4.2 */
};
/* clang-format on */

static const struct span content_stamp = OID(SMIME "\x14"); /* EN 319 122-1, 5.2.8 */

static void deviates(struct finding *finding, struct cms_signed_attributes *found, const char *name)
{
    found->forbidden_in_baseline = true;
    finding_check(finding, 1, CHECK_WARNING, &TEXT_CADES_ATTRIBUTE_DEVIATES, name);
}

/* The one value of an attribute; the slot must still be empty. */
static bool take_single(const struct single *single, struct span values, struct cms_signed_attributes *found)
{
    struct span *slot = (struct span *)((char *)found + single->slot);
    struct reader r = reader_of(values);
    struct der_value value = der_any(&r);
    bool first = slot->data == NULL;
    if (!first || r.failed || r.left.size != 0 || (single->tag && value.tag != single->tag))
        return false;
    *slot = single->shape == SHAPE_WHOLE ? value.whole : value.content;
    return true;
}

static bool take_known(struct span type, struct span values, unsigned seen[static COUNT_OF(known)],
                       const char **ret_name)
{
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (!span_equal(type, known[i].oid))
            continue;
        struct reader r = reader_of(values);
        struct der_value value = der_any(&r);
        *ret_name = known[i].name;
        bool one = known[i].several || r.left.size == 0;
        return ++seen[i] == 1 && !r.failed && one && value.tag == known[i].tag;
    }
    return true;
}

static bool take_stamps(struct span values, struct cms_signed_attributes *found)
{
    struct reader r = reader_of(values);
    while (r.left.size > 0 && !r.failed && found->content_stamp_count < CMS_MAX_CONTENT_STAMPS)
        found->content_stamps[found->content_stamp_count++] = der_any(&r).whole;
    return !r.failed && r.left.size == 0;
}

static bool take(const struct cms_attribute *attribute, struct cms_signed_attributes *found,
                 unsigned seen[static COUNT_OF(known)], struct finding *finding)
{
    const char *name = "";
    for (size_t i = 0; i < COUNT_OF(singles); i++) {
        if (!span_equal(attribute->type, singles[i].oid))
            continue;
        if (take_single(&singles[i], attribute->values, found))
            return true;
        if (singles[i].why)
            return refuse(finding, singles[i].why);
        deviates(finding, found, singles[i].name);
        return true;
    }
    if (span_equal(attribute->type, content_stamp)) {
        if (!take_stamps(attribute->values, found))
            deviates(finding, found, "content-time-stamp");
    } else if (!take_known(attribute->type, attribute->values, seen, &name))
        deviates(finding, found, name);
    return true;
}

/* RFC 5652, 5.3: signed attributes are DER. Where lengths are not the shortest, nobody can say which bytes
 * were signed. */
bool cms_signed_attributes_read(struct span attributes, bool counter,
                                struct cms_signed_attributes *ret_attributes, struct finding *finding)
{
    struct cms_attributes list;
    unsigned seen[COUNT_OF(known)] = {0};
    if (!der_is_strict(attributes) || !cms_attributes_list(attributes, &list))
        return refuse(finding, &TEXT_CMS_ATTRIBUTES);
    for (size_t i = 0; i < list.count; i++)
        if (!take(&list.all[i], ret_attributes, seen, finding))
            return false;
    ret_attributes->has_certificate =
        ret_attributes->certificate_v1.data || ret_attributes->certificate_v2.data;
    ret_attributes->has_signing_time = ret_attributes->signing_time.data != NULL;
    /* RFC 5652, 5.3 and 11.4: when there are signed attributes, these two are among them, but a
     * counter-signature has no content type */
    if (!counter && !ret_attributes->content_type.data)
        return refuse(finding, &TEXT_CMS_CONTENT_TYPE);
    if (counter && ret_attributes->content_type.data)
        deviates(finding, ret_attributes, "content-type");
    return ret_attributes->message_digest.data || refuse(finding, &TEXT_CMS_ONE_DIGEST);
}

int64_t cms_time_read(struct span time)
{
    const unsigned char *at = time.data;
    struct tm utc;
    int64_t ms = 0;
    ASN1_TIME *read = time.size ? d2i_ASN1_TIME(NULL, &at, (long)time.size) : NULL;
    if (read && ASN1_TIME_to_tm(read, &utc) == 1)
        ms = (int64_t)timegm(&utc) * 1000;
    ASN1_TIME_free(read);
    ERR_clear_error();
    return ms;
}

/* ESSCertID and ESSCertIDv2 (RFC 5035, 3 and 4): the first is the signer's. */
static bool names(struct span signing_certificate, bool v2, struct span certificate)
{
    struct reader r = reader_of(signing_certificate), list = der_enter(&r, DER_SEQUENCE),
                  id = der_enter(&list, DER_SEQUENCE);
    enum digest_algorithm algorithm = v2 ? DIGEST_SHA256 : DIGEST_SHA1;
    if (v2 && der_at(&id, DER_SEQUENCE)) {
        struct reader named = der_enter(&id, DER_SEQUENCE);
        if (!digest_of_oid(der_read(&named, DER_OID), &algorithm))
            return false;
    }
    struct span hash = der_read(&id, DER_OCTETS);
    if (id.failed)
        return false;
    struct digest_value ours = digest_of(algorithm, certificate);
    struct der_certificate own;
    if (!span_equal(hash, digest_span(&ours)) || !der_certificate_read(certificate, &own))
        return false;
    if (!der_at(&id, DER_SEQUENCE))
        return true;
    struct reader serial = der_enter(&id, DER_SEQUENCE);
    der_any(&serial); /* the issuer's name is spelled in many ways: the hash has said it already */
    return span_equal(der_read(&serial, DER_INTEGER), own.serial);
}

enum cms_binding cms_binding_of(const struct cms_signed_attributes *attributes, struct span certificate)
{
    if (!attributes->has_certificate)
        return CMS_NOT_BOUND;
    bool named =
        (!attributes->certificate_v1.data || names(attributes->certificate_v1, false, certificate))
        && (!attributes->certificate_v2.data || names(attributes->certificate_v2, true, certificate));
    return named ? CMS_BOUND : CMS_BOUND_TO_OTHER;
}
