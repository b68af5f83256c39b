#include "signer/cms_read.h"

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

/* An OCTET STRING, which BER may cut into pieces: one piece is borrowed, several are put together. */
static void read_octets(struct reader *around, struct cms_signed_data *data)
{
    if (!der_at(around, DER_OCTETS_PIECES)) {
        data->content = der_read(around, DER_OCTETS);
        return;
    }
    struct reader pieces = der_enter(around, DER_OCTETS_PIECES), sizes = pieces;
    size_t size = 0, count = 0;
    for (; sizes.left.size > 0 && !sizes.failed; count++) {
        data->content = der_read(&sizes, DER_OCTETS);
        size += data->content.size;
    }
    around->failed |= sizes.failed;
    if (sizes.failed || count <= 1)
        return;
    if (!buffer_reserve(&data->pieces, size)) /* once, to the byte: a document's content may be large */
        return;
    while (pieces.left.size > 0)
        buffer_append(&data->pieces, der_read(&pieces, DER_OCTETS));
    data->content = buffer_span(&data->pieces);
}

/* EncapsulatedContentInfo (RFC 5652, 5.2) */
static void read_content(struct reader *r, struct cms_signed_data *data)
{
    struct reader at = *r;
    data->content_info = der_any(&at).whole;
    struct reader info = der_enter(r, DER_SEQUENCE);
    data->content_type = der_read(&info, DER_OID);
    data->has_content = der_at(&info, DER_CONTEXT_MADE);
    if (data->has_content) {
        struct reader around = der_enter(&info, DER_CONTEXT_MADE);
        read_octets(&around, data);
        r->failed |= around.failed || around.left.size != 0;
    }
    r->failed |= info.failed || info.left.size != 0;
}

/* CertificateSet, RevocationInfoChoices (RFC 5652, 10.2.3 and 10.2.1), which may be absent. */
static struct span read_choices(struct reader *r, unsigned number, struct cms_choice *choices,
                                size_t *ret_count)
{
    uint8_t tag = (uint8_t)(DER_CONTEXT_MADE + number);
    if (!der_at(r, tag))
        return (struct span){0};
    struct der_value set = der_any(r);
    struct reader each = reader_of(set.content);
    while (each.left.size > 0 && !each.failed && *ret_count < CMS_MAX_CHOICES) {
        struct der_value choice = der_any(&each);
        choices[(*ret_count)++] = (struct cms_choice){choice.tag, choice.whole};
    }
    r->failed |= each.failed || each.left.size > 0;
    return set.whole;
}

static void read_signers(struct reader *r, struct cms_signed_data *data)
{
    struct reader set = der_enter(r, DER_SET);
    while (set.left.size > 0 && !set.failed && data->signer_count < CMS_MAX_SIGNERS)
        data->signers[data->signer_count++] = der_read(&set, DER_SEQUENCE);
    r->failed |= set.failed || set.left.size > 0;
}

static bool only_zeros(struct span bytes)
{
    for (size_t i = 0; i < bytes.size; i++)
        if (bytes.data[i] != 0)
            return false;
    return true;
}

/* The version is only kept within what the standard knows (RFC 5652, 5.1): signers in use disagree about it
 * and nothing hangs on it. */
static bool read_signed_data(struct reader *r, struct cms_signed_data *data, struct finding *finding)
{
    uint32_t version = der_small(r);
    data->digest_algorithms = der_read(r, DER_SET);
    read_content(r, data);
    data->certificate_set = read_choices(r, 0, data->certificates, &data->certificate_count);
    data->crl_set = read_choices(r, 1, data->crls, &data->crl_count);
    read_signers(r, data);
    if (r->failed || r->left.size != 0)
        return malformed(finding, "SignedData");
    return (version >= 1 && version <= 5) || refuse(finding, &TEXT_CMS_VERSION);
}

bool cms_read(struct span cms, struct cms_signed_data *ret_data, struct finding *finding)
{
    if (cms.size > CMS_MAX_SIZE)
        return malformed(finding, "32 MB");
    struct reader r = reader_of(cms), info = der_enter(&r, DER_SEQUENCE);
    struct span type = der_read(&info, DER_OID);
    if (info.failed)
        return malformed(finding, "ContentInfo");
    if (!only_zeros(r.left))
        return refuse(finding, &TEXT_CMS_TRAILING);
    if (!span_equal(type, OID_SIGNED_DATA))
        return refuse(finding, &TEXT_CMS_NOT_SIGNED_DATA);

    struct reader around = der_enter(&info, DER_CONTEXT_MADE), data = der_enter(&around, DER_SEQUENCE);
    if (!read_signed_data(&data, ret_data, finding) || ret_data->pieces.failed)
        return false;
    return (around.left.size == 0 && info.left.size == 0) || malformed(finding, "ContentInfo");
}

void cms_clear(struct cms_signed_data *data)
{
    buffer_clear(&data->pieces);
}

static void read_signer_identifier(struct reader *r, struct cms_signer *signer)
{
    if (!der_at(r, DER_SEQUENCE)) {
        signer->key_id = der_read(r, DER_CONTEXT);
        return;
    }
    struct reader id = der_enter(r, DER_SEQUENCE);
    signer->issuer = der_any(&id).whole;
    signer->serial = der_read(&id, DER_INTEGER);
    r->failed |= id.failed || id.left.size != 0;
}

static void read_algorithm(struct reader *r, struct span *ret_oid, struct span *ret_parameters)
{
    struct reader algorithm = der_enter(r, DER_SEQUENCE);
    *ret_oid = der_read(&algorithm, DER_OID);
    *ret_parameters = algorithm.left;
    r->failed |= algorithm.failed;
}

bool cms_signer_read(struct span info, struct cms_signer *ret_signer, struct finding *finding)
{
    struct cms_signer signer = {0};
    struct reader r = reader_of(info);
    uint32_t version = der_small(&r);
    read_signer_identifier(&r, &signer);
    read_algorithm(&r, &signer.digest_oid, &signer.digest_parameters);
    if (der_at(&r, DER_CONTEXT_MADE))
        signer.signed_attributes = der_any(&r).whole;
    read_algorithm(&r, &signer.signature_oid, &signer.signature_parameters);
    signer.signature = der_read(&r, DER_OCTETS);
    signer.fields = span_slice(info, 0, info.size - r.left.size);
    if (der_at(&r, DER_CONTEXT_MADE + 1))
        signer.unsigned_attributes = der_any(&r).whole;
    *ret_signer = signer;
    if (r.failed || r.left.size != 0)
        return malformed(finding, "SignerInfo");
    /* RFC 5652, 5.3 */
    return version == (signer.issuer.size ? 1 : 3) || refuse(finding, &TEXT_CMS_VERSION);
}

bool cms_attributes_list(struct span attributes, struct cms_attributes *ret_attributes)
{
    struct reader whole = reader_of(attributes);
    struct reader r = reader_of(attributes.size ? der_any(&whole).content : attributes);
    ret_attributes->count = 0;
    while (r.left.size > 0 && !r.failed && ret_attributes->count < CMS_MAX_ATTRIBUTES) {
        struct cms_attribute *found = &ret_attributes->all[ret_attributes->count++];
        struct reader at = r;
        found->whole = der_any(&at).whole;
        struct reader attribute = der_enter(&r, DER_SEQUENCE);
        found->type = der_read(&attribute, DER_OID);
        found->values = der_read(&attribute, DER_SET);
        r.failed |= attribute.failed || attribute.left.size != 0;
    }
    return !r.failed && r.left.size == 0 && !whole.failed;
}
