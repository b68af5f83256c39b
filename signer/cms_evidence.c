#include "signer/cms_evidence.h"

#include "signer/cms_unsigned.h"
#include "signer/der.h"

enum { TOKEN_MAX_DEPTH = 3 /* tokens within tokens */ };

#define OID_RI_OCSP SPAN_LITERAL("\x2B\x06\x01\x05\x05\x07\x10\x02") /* 1.3.6.1.5.5.7.16.2, RFC 5940 */
#define OID_OCSP_BASIC                                                                                       \
    SPAN_LITERAL("\x2B\x06\x01\x05\x05\x07\x30\x01\x01") /* 1.3.6.1.5.5.7.48.1.1, RFC 6960 */

static bool visit(const struct cms_visitor *visitor, enum cms_object object, struct span der,
                  struct error *err)
{
    return visitor->take(visitor->context, object, der, err);
}

static bool visit_token(const struct cms_visitor *visitor, struct span token, unsigned depth,
                        struct error *err);

/* RFC 5652, 10.2.1: a CertificateList, or [1] something else, which names itself. */
static bool visit_revocation_choice(const struct cms_visitor *visitor, const struct cms_choice *choice,
                                    struct error *err)
{
    if (choice->tag == DER_SEQUENCE)
        return visit(visitor, CMS_OBJECT_CRL, choice->whole, err);
    struct reader r = reader_of(choice->whole), other = der_enter(&r, DER_CONTEXT_MADE + 1);
    struct span format = der_read(&other, DER_OID);
    struct span answer = der_any(&other).whole;
    bool ocsp = span_equal(format, OID_RI_OCSP) || span_equal(format, OID_OCSP_BASIC);
    return other.failed || !ocsp || visit(visitor, CMS_OBJECT_OCSP, answer, err);
}

bool cms_visit_choice(const struct cms_visitor *visitor, const struct cms_choice *choice, bool certificate,
                      struct error *err)
{
    if (!certificate)
        return visit_revocation_choice(visitor, choice, err);
    return choice->tag != DER_SEQUENCE || visit(visitor, CMS_OBJECT_CERTIFICATE, choice->whole, err);
}

bool cms_visit_sets(const struct cms_visitor *visitor, const struct cms_signed_data *data, struct error *err)
{
    for (size_t i = 0; i < data->certificate_count; i++)
        if (!cms_visit_choice(visitor, &data->certificates[i], true, err))
            return false;
    for (size_t i = 0; i < data->crl_count; i++)
        if (!cms_visit_choice(visitor, &data->crls[i], false, err))
            return false;
    return true;
}

/* What cannot be read stands in nobody's way. */
static bool visit_all(const struct cms_visitor *visitor, struct reader list, enum cms_object object,
                      struct error *err)
{
    while (list.left.size > 0 && !list.failed) {
        struct span der = der_any(&list).whole;
        if (!list.failed && !visit(visitor, object, der, err))
            return false;
    }
    return true;
}

/* EN 319 122-1, A.1.1.2: crlVals [0], ocspVals [1], otherRevVals [2], each around a SEQUENCE OF. */
bool cms_visit_revocation(const struct cms_visitor *visitor, struct span values, struct error *err)
{
    struct reader r = reader_of(values);
    static const enum cms_object objects[] = {CMS_OBJECT_CRL, CMS_OBJECT_OCSP};
    for (unsigned i = 0; i < COUNT_OF(objects); i++) {
        if (!der_at(&r, (uint8_t)(DER_CONTEXT_MADE + i)))
            continue;
        struct reader around = der_enter(&r, (uint8_t)(DER_CONTEXT_MADE + i)),
                      list = der_enter(&around, DER_SEQUENCE);
        if (!list.failed && !visit_all(visitor, list, objects[i], err))
            return false;
    }
    return true;
}

/* TS 101 733 V2.1.1, 6.5.1: a time, an optional proof, then [0] certificates and [1] revocation data. */
static bool visit_long_term(const struct cms_visitor *visitor, struct span value, struct error *err)
{
    struct reader r = reader_of(value);
    der_read(&r, DER_GENERALIZED_TIME);
    while (r.left.size > 0 && !r.failed) {
        struct der_value part = der_any(&r);
        struct reader choices = reader_of(part.content);
        while (choices.left.size > 0 && !choices.failed) {
            struct der_value choice = der_any(&choices);
            if (!choices.failed
                && !cms_visit_choice(visitor, &(struct cms_choice){choice.tag, choice.whole},
                                     part.tag == DER_CONTEXT_MADE, err))
                return false;
        }
    }
    return true;
}

static bool visit_attribute(const struct cms_visitor *visitor, const struct cms_attribute *attribute,
                            unsigned depth, struct error *err)
{
    enum cms_unsigned_kind kind = cms_unsigned_kind_of(attribute->type);
    bool good = true;
    for (struct reader r = reader_of(attribute->values); r.left.size > 0 && !r.failed && good;) {
        struct der_value value = der_any(&r);
        if (r.failed)
            break;
        if (cms_unsigned_is_stamp(kind))
            good = visit_token(visitor, value.whole, depth, err);
        else if (kind == UNSIGNED_CERTIFICATE_VALUES)
            good = visit_all(visitor, reader_of(value.content), CMS_OBJECT_CERTIFICATE, err);
        else if (kind == UNSIGNED_REVOCATION_VALUES)
            good = cms_visit_revocation(visitor, value.content, err);
        else if (kind == UNSIGNED_LONG_TERM)
            good = visit_long_term(visitor, value.content, err);
    }
    return good;
}

static bool visit_signer(const struct cms_visitor *visitor, struct span info, unsigned depth,
                         struct error *err)
{
    struct finding unread = {0};
    struct cms_signer signer;
    struct cms_attributes attributes;
    if (!cms_signer_read(info, &signer, &unread)
        || !cms_attributes_list(signer.unsigned_attributes, &attributes))
        return true;
    for (size_t i = 0; i < attributes.count; i++)
        if (!visit_attribute(visitor, &attributes.all[i], depth, err))
            return false;
    return true;
}

static bool visit_token(const struct cms_visitor *visitor, struct span token, unsigned depth,
                        struct error *err)
{
    struct cms_signed_data data = {0};
    struct finding unread = {0};
    if (!visit(visitor, CMS_OBJECT_TOKEN, token, err))
        return false;
    bool good = true;
    if (depth > 0 && cms_read(token, &data, &unread)) {
        good = cms_visit_sets(visitor, &data, err);
        for (size_t i = 0; i < data.signer_count && good; i++)
            good = visit_signer(visitor, data.signers[i], depth - 1, err);
    }
    cms_clear(&data);
    return good;
}

bool cms_visit_token(const struct cms_visitor *visitor, struct span token, struct error *err)
{
    return visit_token(visitor, token, TOKEN_MAX_DEPTH, err);
}

bool cms_visit_attribute(const struct cms_visitor *visitor, const struct cms_attribute *attribute,
                         struct error *err)
{
    return visit_attribute(visitor, attribute, TOKEN_MAX_DEPTH, err);
}

bool cms_add_evidence(void *process, enum cms_object object, struct span der, struct error *err)
{
    static const enum evidence_kind kinds[] = {[CMS_OBJECT_CERTIFICATE] = EVIDENCE_CERTIFICATE,
                                               [CMS_OBJECT_CRL] = EVIDENCE_CRL,
                                               [CMS_OBJECT_OCSP] = EVIDENCE_OCSP};
    return object == CMS_OBJECT_TOKEN
           || evidence_add(process_evidence(process), kinds[object], der, true, err);
}
