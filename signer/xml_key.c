#include "signer/xml_key.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/x509v3.h>

#include "base/xml.h"
#include "signer/xml_algorithms.h"
#include "signer/xml_reference.h"

enum { NUMBER_MAX = 2048 /* bytes: RSA keys of 16384 bits */, INDIRECTIONS_MAX = 2 };

DEFINE_CLEANUP(OSSL_PARAM_BLD *, builder_clear, OSSL_PARAM_BLD_free)
DEFINE_CLEANUP(OSSL_PARAM *, parameters_clear, OSSL_PARAM_free)
DEFINE_CLEANUP(EVP_PKEY_CTX *, context_clear, EVP_PKEY_CTX_free)

/* One look at a KeyInfo. */
struct look {
    const struct xml_ids *ids;
    struct evidence *evidence;
    struct xml_key_info *info;
    unsigned parts, depth;
};

static EVP_PKEY *make_key(const char *kind, OSSL_PARAM_BLD *builder)
{
    EVP_PKEY *key = NULL;
    OSSL_PARAM *parameters CLEANUP(parameters_clear) = OSSL_PARAM_BLD_to_param(builder);
    EVP_PKEY_CTX *context CLEANUP(context_clear) = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
    if (!parameters || !context || EVP_PKEY_fromdata_init(context) != 1
        || EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
        return NULL;
    return key;
}

/* The numbers of a key (ds:CryptoBinary) by the names of their elements and of OpenSSL. */
struct number {
    const char *element, *parameter;
};

static EVP_PKEY *read_numbers(const xmlNode *value, const char *kind, const struct number *numbers,
                              size_t count)
{
    OSSL_PARAM_BLD *builder CLEANUP(builder_clear) = OSSL_PARAM_BLD_new();
    BIGNUM *read[4] = {NULL};
    bool good = builder != NULL;
    for (size_t i = 0; good && i < count; i++) {
        struct buffer bytes CLEANUP(buffer_clear) = {0};
        bool many;
        good = xml_base64(xml_only(value, NS_DSIG, numbers[i].element, &many), &bytes) && bytes.size > 0
               && bytes.size <= NUMBER_MAX;
        read[i] = good ? BN_bin2bn(bytes.data, (int)bytes.size, NULL) : NULL;
        good = read[i] && OSSL_PARAM_BLD_push_BN(builder, numbers[i].parameter, read[i]) == 1;
    }
    EVP_PKEY *key = good ? make_key(kind, builder) : NULL;
    for (size_t i = 0; i < count; i++)
        BN_free(read[i]);
    return key;
}

static EVP_PKEY *read_rsa(const xmlNode *value)
{
    static const struct number numbers[] = {{"Modulus", OSSL_PKEY_PARAM_RSA_N},
                                            {"Exponent", OSSL_PKEY_PARAM_RSA_E}};
    return read_numbers(value, "RSA", numbers, COUNT_OF(numbers));
}

static EVP_PKEY *read_dsa(const xmlNode *value)
{
    static const struct number numbers[] = {{"P", OSSL_PKEY_PARAM_FFC_P},
                                            {"Q", OSSL_PKEY_PARAM_FFC_Q},
                                            {"G", OSSL_PKEY_PARAM_FFC_G},
                                            {"Y", OSSL_PKEY_PARAM_PUB_KEY}};
    return read_numbers(value, "DSA", numbers, COUNT_OF(numbers));
}

static EVP_PKEY *read_ec(const xmlNode *value)
{
    bool many;
    const char *curve = xml_attribute(xml_only(value, NS_DSIG11, "NamedCurve", &many), "URI");
    struct buffer point CLEANUP(buffer_clear) = {0};
    OSSL_PARAM_BLD *builder CLEANUP(builder_clear) = OSSL_PARAM_BLD_new();
    if (!curve || strncmp(curve, "urn:oid:", 8) != 0 || !builder
        || !xml_base64(xml_only(value, NS_DSIG11, "PublicKey", &many), &point) || point.size == 0
        || point.size > NUMBER_MAX)
        return NULL;
    ASN1_OBJECT *oid = OBJ_txt2obj(curve + 8, 1);
    int nid = oid ? OBJ_obj2nid(oid) : NID_undef;
    ASN1_OBJECT_free(oid);
    bool good =
        nid != NID_undef
        && OSSL_PARAM_BLD_push_utf8_string(builder, OSSL_PKEY_PARAM_GROUP_NAME, OBJ_nid2sn(nid), 0) == 1
        && OSSL_PARAM_BLD_push_octet_string(builder, OSSL_PKEY_PARAM_PUB_KEY, point.data, point.size) == 1;
    return good ? make_key("EC", builder) : NULL;
}

static EVP_PKEY *read_der(const xmlNode *value)
{
    struct buffer der CLEANUP(buffer_clear) = {0};
    if (!xml_base64(value, &der) || der.size > CERTIFICATE_MAX)
        return NULL;
    const unsigned char *at = der.data;
    return d2i_PUBKEY(NULL, &at, (long)der.size);
}

static void take_key(struct look *look, EVP_PKEY *key)
{
    if (!look->info->key)
        look->info->key = key;
    else
        EVP_PKEY_free(key);
    ERR_clear_error();
}

static void read_key_value(struct look *look, const xmlNode *value)
{
    bool many;
    const xmlNode *rsa = xml_only(value, NS_DSIG, "RSAKeyValue", &many),
                  *dsa = xml_only(value, NS_DSIG, "DSAKeyValue", &many),
                  *ec = xml_only(value, NS_DSIG11, "ECKeyValue", &many);
    take_key(look, rsa ? read_rsa(rsa) : dsa ? read_dsa(dsa) : ec ? read_ec(ec) : NULL);
}

static bool add_certificate(struct look *look, const xmlNode *element, struct error *err)
{
    struct buffer der CLEANUP(buffer_clear) = {0};
    return !xml_base64(element, &der) || certificates_add(&look->info->certificates, buffer_span(&der), err);
}

static bool read_x509(struct look *look, const xmlNode *data, struct error *err)
{
    bool carried = false;
    for (const xmlNode *at = xml_first(data, NULL, NULL); at; at = xml_next(at, NULL, NULL)) {
        struct buffer der CLEANUP(buffer_clear) = {0};
        if (++look->parts > KEY_INFO_MAX_PARTS)
            return true;
        carried |= xml_is(at, NS_DSIG, "X509Certificate");
        if (xml_is(at, NS_DSIG, "X509Certificate") && !add_certificate(look, at, err))
            return false;
        if (xml_is(at, NS_DSIG, "X509CRL") && xml_base64(at, &der)
            && !evidence_add(look->evidence, EVIDENCE_CRL, buffer_span(&der), true, err))
            return false;
    }
    if (!carried && look->info->hint_count < KEY_INFO_MAX_HINTS)
        look->info->hints[look->info->hint_count++] = data;
    return true;
}

static bool read_part(struct look *look, const xmlNode *part, struct error *err);

static bool read_parts(struct look *look, const xmlNode *parent, struct error *err)
{
    for (const xmlNode *at = xml_first(parent, NULL, NULL); at; at = xml_next(at, NULL, NULL))
        if (++look->parts <= KEY_INFO_MAX_PARTS && !read_part(look, at, err))
            return false;
    return true;
}

/* xmldsig-core1, 4.5.3 and 4.5.10: what stands elsewhere in this document; transforms are not followed. */
static bool follow(struct look *look, const xmlNode *pointer, struct error *err)
{
    const char *uri = xml_attribute(pointer, "URI");
    bool ambiguous;
    if (!uri || uri[0] != '#') {
        look->info->elsewhere = uri ? uri : "?";
        return true;
    }
    const xmlNode *target = xml_ids_find(look->ids, uri + 1, &ambiguous);
    if (!target || xml_first(pointer, NULL, NULL) || look->depth >= INDIRECTIONS_MAX)
        return true;
    look->depth++;
    bool good =
        xml_is(target, NS_DSIG, "KeyInfo") ? read_parts(look, target, err) : read_part(look, target, err);
    look->depth--;
    return good;
}

static bool read_part(struct look *look, const xmlNode *part, struct error *err)
{
    if (xml_is(part, NS_DSIG, "X509Data"))
        return read_x509(look, part, err);
    if (xml_is(part, NS_DSIG, "RetrievalMethod") || xml_is(part, NS_DSIG11, "KeyInfoReference"))
        return follow(look, part, err);
    if (xml_is(part, NS_DSIG, "KeyValue"))
        read_key_value(look, part);
    else if (xml_is(part, NS_DSIG11, "DEREncodedKeyValue"))
        take_key(look, read_der(part));
    return true;
}

bool xml_key_info_read(const xmlNode *key_info, const struct xml_ids *ids, struct evidence *evidence,
                       struct xml_key_info *ret_info, struct error *err)
{
    struct look look = {.ids = ids, .evidence = evidence, .info = ret_info};
    return read_parts(&look, key_info, err);
}

void xml_key_info_clear(struct xml_key_info *info)
{
    certificates_clear(&info->certificates);
    EVP_PKEY_free(info->key);
    *info = (struct xml_key_info){0};
}

static bool is_same_key(const xmlNode *hint, X509 *certificate)
{
    struct buffer wanted CLEANUP(buffer_clear) = {0};
    const ASN1_OCTET_STRING *ours = X509_get0_subject_key_id(certificate);
    return ours && xml_base64(hint, &wanted)
           && span_equal(buffer_span(&wanted),
                         span_of(ASN1_STRING_get0_data(ours), (size_t)ASN1_STRING_length(ours)));
}

static bool is_same_serial(const xmlNode *hint, X509 *certificate)
{
    bool many;
    const xmlNode *serial = xml_only(hint, NS_DSIG, "X509SerialNumber", &many);
    char *wanted CLEANUP(free_clear) = NULL;
    BIGNUM *number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), NULL);
    char *ours = number ? BN_bn2dec(number) : NULL;
    bool same = serial && ours && xml_text(serial, &wanted) && strcmp(wanted, ours) == 0;
    OPENSSL_free(ours);
    BN_free(number);
    return same;
}

static bool is_same_digest(const xmlNode *hint, X509 *certificate)
{
    const char *uri = xml_attribute(hint, "Algorithm");
    struct buffer wanted CLEANUP(buffer_clear) = {0};
    enum digest_algorithm algorithm;
    unsigned size = 0;
    uint8_t ours[EVP_MAX_MD_SIZE];
    return uri && digest_of_uri(uri, &algorithm) && xml_base64(hint, &wanted)
           && X509_digest(certificate, digest_evp(algorithm), ours, &size) == 1
           && span_equal(buffer_span(&wanted), span_of(ours, size));
}

bool xml_key_info_means(const struct xml_key_info *info, X509 *certificate)
{
    bool meant = false;
    for (size_t i = 0; i < info->hint_count && !meant; i++)
        for (const xmlNode *at = xml_first(info->hints[i], NULL, NULL); at && !meant;
             at = xml_next(at, NULL, NULL))
            meant = (xml_is(at, NS_DSIG, "X509SKI") && is_same_key(at, certificate))
                    || (xml_is(at, NS_DSIG, "X509IssuerSerial") && is_same_serial(at, certificate))
                    || (xml_is(at, NS_DSIG11, "X509Digest") && is_same_digest(at, certificate));
    return meant;
}
