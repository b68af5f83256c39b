#include "signer/cms_read.h"

#include <stdio.h>

#include "signer/der.h"
#include "signer/signer_text.h"

static bool malformed(struct finding *finding, const char *place)
{
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_CMS_MALFORMED, place, NULL);
    return false;
}

static bool refuse(struct finding *finding, const struct text *text)
{
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, text, NULL);
    return false;
}

/* EncapsulatedContentInfo (RFC 5652, 5.2); BER may cut the octets into pieces. */
static void read_content(struct reader *data, struct cms_signed_data *signed_data)
{
    struct reader info = der_enter(data, DER_SEQUENCE);
    signed_data->content_type = der_read(&info, DER_OID);
    signed_data->has_content = der_at(&info, DER_CONTEXT_MADE);
    if (signed_data->has_content) {
        struct reader around = der_enter(&info, DER_CONTEXT_MADE);
        struct reader pieces = around;
        if (der_at(&around, DER_OCTETS_PIECES))
            pieces = der_enter(&around, DER_OCTETS_PIECES);
        while (pieces.left.size > 0 && !pieces.failed)
            buffer_append(&signed_data->content, der_read(&pieces, DER_OCTETS));
        data->failed |= pieces.failed || signed_data->content.failed;
    }
    data->failed |= info.failed || info.left.size != 0;
}

/* CertificateSet (RFC 5652, 10.2.3): X.509 certificates are taken, attribute certificates passed over. */
static void read_certificates(struct reader *data, struct cms_signed_data *signed_data)
{
    if (!der_at(data, DER_CONTEXT_MADE))
        return;
    struct reader set = der_enter(data, DER_CONTEXT_MADE);
    while (set.left.size > 0 && !set.failed) {
        struct der_value choice = der_any(&set);
        if (choice.tag != DER_SEQUENCE)
            continue;
        if (signed_data->certificate_count >= CMS_MAX_CERTIFICATES)
            set.failed = true;
        else
            signed_data->certificates[signed_data->certificate_count++] = choice.whole;
    }
    data->failed |= set.failed;
}

/* SignerInfo (RFC 5652, 5.3) */
static bool read_signer(struct span info, struct cms_signed_data *data)
{
    struct reader r = reader_of(info);
    data->signer_version = der_small(&r);
    if (der_at(&r, DER_SEQUENCE)) {
        struct reader id = der_enter(&r, DER_SEQUENCE);
        data->issuer = der_any(&id).whole;
        data->serial = der_read(&id, DER_INTEGER);
        r.failed |= id.failed || id.left.size != 0;
    } else {
        data->key_id = der_read(&r, DER_CONTEXT);
    }
    struct reader digest = der_enter(&r, DER_SEQUENCE);
    data->digest_oid = der_read(&digest, DER_OID);
    data->digest_parameters = digest.left;
    if (der_at(&r, DER_CONTEXT_MADE))
        data->attributes = der_any(&r).whole;
    struct reader algorithm = der_enter(&r, DER_SEQUENCE);
    data->signature_oid = der_read(&algorithm, DER_OID);
    data->signature_parameters = algorithm.left;
    data->signature = der_read(&r, DER_OCTETS);
    if (der_at(&r, DER_CONTEXT_MADE + 1))
        der_any(&r); /* unsigned attributes: nothing of them is believed */
    return !r.failed && r.left.size == 0 && !digest.failed && !algorithm.failed;
}

static bool read_one_signer(struct reader *data, struct cms_signed_data *signed_data, struct finding *finding)
{
    struct reader set = der_enter(data, DER_SET);
    struct span info = {0};
    unsigned count = 0;
    for (; set.left.size > 0 && !set.failed; count++)
        info = der_read(&set, DER_SEQUENCE);
    if (set.failed || data->failed || data->left.size != 0)
        return malformed(finding, "SignedData");
    if (count != 1) {
        char text[16];
        snprintf(text, sizeof(text), "%u", count);
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_CMS_ONE_SIGNER, text, NULL);
        return false;
    }
    return read_signer(info, signed_data) || malformed(finding, "SignerInfo");
}

static bool only_zeros(struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.data[i] != 0)
            return false;
    return true;
}

/* RFC 5652, 5.1 and 5.3. The SignedData's own number is only kept within what the standard knows: signers in
 * use disagree about it and nothing hangs on it. */
static bool versions_fit(const struct cms_signed_data *data)
{
    return data->version >= 1 && data->version <= 5 && data->signer_version == (data->issuer.size ? 1 : 3);
}

bool cms_read(struct span cms, struct cms_signed_data *ret_data, struct finding *finding)
{
    if (cms.size > CMS_MAX_SIZE)
        return malformed(finding, "4 MB");
    struct reader r = reader_of(cms), info = der_enter(&r, DER_SEQUENCE);
    struct span type = der_read(&info, DER_OID);
    if (info.failed)
        return malformed(finding, "ContentInfo");
    if (!only_zeros(r.left))
        return refuse(finding, &TEXT_CMS_TRAILING);
    if (!span_equal(type, OID_SIGNED_DATA))
        return refuse(finding, &TEXT_CMS_NOT_SIGNED_DATA);

    struct reader around = der_enter(&info, DER_CONTEXT_MADE), data = der_enter(&around, DER_SEQUENCE);
    ret_data->version = der_small(&data);
    ret_data->digest_algorithms = der_read(&data, DER_SET);
    read_content(&data, ret_data);
    read_certificates(&data, ret_data);
    if (der_at(&data, DER_CONTEXT_MADE + 1))
        der_any(&data); /* revocation lists: not evidence until they are looked at as such */
    if (!read_one_signer(&data, ret_data, finding))
        return false;
    if (around.left.size != 0 || info.left.size != 0)
        return malformed(finding, "ContentInfo");
    return versions_fit(ret_data) || refuse(finding, &TEXT_CMS_VERSION);
}

void cms_clear(struct cms_signed_data *data)
{
    buffer_clear(&data->content);
}

/* The one value of an attribute; *slot must still be empty: each attribute appears at most once. */
static bool take_value(struct reader *values, uint8_t tag, struct span *slot)
{
    bool first = slot->data == NULL;
    *slot = der_read(values, tag);
    return first && !values->failed && values->left.size == 0;
}

static bool take_attribute(struct span type, struct reader *values, struct cms_signed_attributes *found,
                           struct finding *finding)
{
    if (span_equal(type, OID_CONTENT_TYPE))
        return take_value(values, DER_OID, &found->content_type) || refuse(finding, &TEXT_CMS_CONTENT_TYPE);
    if (span_equal(type, OID_MESSAGE_DIGEST))
        return take_value(values, DER_OCTETS, &found->message_digest)
               || refuse(finding, &TEXT_CMS_ONE_DIGEST);
    if (span_equal(type, OID_CERTIFICATE_V1))
        return take_value(values, DER_SEQUENCE, &found->certificate_v1)
               || refuse(finding, &TEXT_CMS_ATTRIBUTES);
    if (span_equal(type, OID_CERTIFICATE_V2))
        return take_value(values, DER_SEQUENCE, &found->certificate_v2)
               || refuse(finding, &TEXT_CMS_ATTRIBUTES);
    if (span_equal(type, OID_SIGNING_TIME)) {
        bool first = !found->has_signing_time;
        found->has_signing_time = true;
        found->signing_time = der_any(values).whole;
        return (first && !values->failed && values->left.size == 0) || refuse(finding, &TEXT_CMS_ATTRIBUTES);
    }
    return true;
}

bool cms_attributes_read(struct span attributes, struct cms_signed_attributes *ret_attributes,
                         struct finding *finding)
{
    if (!der_is_strict(attributes))
        return refuse(finding, &TEXT_CMS_ATTRIBUTES);
    struct reader whole = reader_of(attributes), r = der_enter(&whole, DER_CONTEXT_MADE);
    size_t count = 0;
    while (r.left.size > 0 && !r.failed) {
        if (++count > DER_MAX_SET)
            return refuse(finding, &TEXT_CMS_ATTRIBUTES);
        struct reader attribute = der_enter(&r, DER_SEQUENCE);
        struct span type = der_read(&attribute, DER_OID);
        struct reader values = der_enter(&attribute, DER_SET);
        if (values.failed || attribute.left.size != 0)
            return malformed(finding, "SignedAttributes");
        if (!take_attribute(type, &values, ret_attributes, finding))
            return false;
    }
    ret_attributes->has_certificate =
        ret_attributes->certificate_v1.data || ret_attributes->certificate_v2.data;
    /* RFC 5652, 5.3: when there are signed attributes, these two are among them */
    if (!ret_attributes->content_type.data)
        return refuse(finding, &TEXT_CMS_CONTENT_TYPE);
    return ret_attributes->message_digest.data || refuse(finding, &TEXT_CMS_ONE_DIGEST);
}
