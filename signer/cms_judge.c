/* A CMS signature judged: the building blocks of EN 319 102-1, 5.2, in their order. */
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "base/base_text.h"
#include "signer/cms.h"
#include "signer/cms_read.h"
#include "signer/der.h"
#include "signer/path.h"
#include "signer/signer_text.h"
#include "signer/timestamp.h"

DEFINE_CLEANUP(EVP_PKEY_CTX *, key_context_clear, EVP_PKEY_CTX_free)

enum {
    RSA_MIN_BITS = 1024, /* below, a signature can be forged by anybody: it is not even verified */
    PSS_MAX_SALT = 2048  /* bytes: a modulus of 16384 bits */
};

struct judging {
    const struct cms_judging *how;
    const struct signed_content *content;
    struct cms_signed_data data;
    struct cms_signed_attributes attributes;
    struct timestamp stamp;
    enum digest_algorithm outer; /* of the content, where the signature is about a digest of it */
    enum digest_algorithm digest;
    enum signature_scheme scheme;
    X509 *signer;
    struct span signer_der;
    struct finding *finding;
};

static bool failed(struct judging *j, enum sub_indication sub, const struct text *text)
{
    finding_worsen(j->finding, TOTAL_FAILED, sub, text, NULL);
    return false;
}

static bool unsupported(struct judging *j, struct span oid)
{
    char name[OID_TEXT_SIZE];
    oid_text(oid, name);
    finding_worsen(j->finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_ALGORITHM_UNKNOWN, name,
                   NULL);
    return false;
}

static bool is_listed(struct span algorithms, struct span oid)
{
    for (struct reader r = reader_of(algorithms); r.left.size > 0 && !r.failed;) {
        struct reader algorithm = der_enter(&r, DER_SEQUENCE);
        if (span_equal(der_read(&algorithm, DER_OID), oid))
            return true;
    }
    return false;
}

/* RFC 5754, 2 and 3: absent, or NULL. */
static bool no_parameters(struct span parameters)
{
    return parameters.size == 0 || span_equal(parameters, SPAN_LITERAL("\x05\x00"));
}

/* RFC 5652, 5.3: one digest for the content and the attributes, named wherever a digest is named. */
static bool algorithms_agree(struct judging *j)
{
    bool names_digest;
    enum digest_algorithm named;
    if (!digest_of_oid(j->data.digest_oid, &j->digest))
        return unsupported(j, j->data.digest_oid);
    if (!signature_of_oid(j->data.signature_oid, &j->scheme, &names_digest, &named))
        return unsupported(j, j->data.signature_oid);
    if (!no_parameters(j->data.digest_parameters)
        || (j->scheme != SCHEME_RSA_PSS && !no_parameters(j->data.signature_parameters)))
        return failed(j, SUB_FORMAT_FAILURE, &TEXT_CMS_ALGORITHM);
    if ((names_digest && named != j->digest) || !is_listed(j->data.digest_algorithms, j->data.digest_oid))
        return failed(j, SUB_FORMAT_FAILURE, &TEXT_CMS_DIGEST_DISAGREES);
    return true;
}

/* RFC 3161, 2.4.2 */
static bool read_stamp(struct judging *j)
{
    if (!timestamp_read(buffer_span(&j->data.content), &j->stamp))
        return failed(j, SUB_FORMAT_FAILURE, &TEXT_CMS_ENCAPSULATED);
    if (!digest_of_oid(j->stamp.algorithm, &j->outer))
        return unsupported(j, j->stamp.algorithm);
    j->finding->claimed_time_ms = j->stamp.time_ms;
    return true;
}

/* RFC 5652, 11.1 and 5.2; ISO 32000-1, 12.8.3.3.1: adbe.pkcs7.sha1 carries a digest, a timestamp what it
 * says, every detached kind carries nothing. */
static bool content_fits(struct judging *j)
{
    struct span type = j->how->timestamp ? OID_TIMESTAMP : OID_DATA;
    if (!span_equal(j->data.content_type, type)
        || (j->data.attributes.size && !span_equal(j->attributes.content_type, j->data.content_type)))
        return failed(j, SUB_FORMAT_FAILURE, &TEXT_CMS_CONTENT_TYPE);
    bool wanted = j->how->sha1_content || j->how->timestamp;
    if (j->data.has_content != wanted
        || (j->how->sha1_content && j->data.content.size != digest_size(DIGEST_SHA1)))
        return failed(j, SUB_FORMAT_FAILURE, &TEXT_CMS_ENCAPSULATED);
    j->outer = j->how->sha1_content ? DIGEST_SHA1 : j->digest;
    return !j->how->timestamp || read_stamp(j);
}

static bool is_signer(const struct judging *j, struct span der)
{
    struct der_certificate certificate;
    if (j->data.issuer.size)
        return der_certificate_read(der, &certificate) && span_equal(certificate.serial, j->data.serial)
               && span_equal(certificate.issuer, j->data.issuer);
    X509 *parsed CLEANUP(x509_clear) = NULL;
    struct error unreadable = {0};
    if (!certificate_read(der, &parsed, &unreadable))
        return false;
    const ASN1_OCTET_STRING *key_id = X509_get0_subject_key_id(parsed);
    return key_id
           && span_equal(span_of(ASN1_STRING_get0_data(key_id), (size_t)ASN1_STRING_length(key_id)),
                         j->data.key_id);
}

/* EN 319 102-1, 5.2.3 */
static bool find_signer(struct judging *j)
{
    struct error unreadable = {0};
    for (size_t i = 0; i < j->data.certificate_count && !j->signer_der.data; i++)
        if (is_signer(j, j->data.certificates[i]))
            j->signer_der = j->data.certificates[i];
    if (j->signer_der.data && certificate_read(j->signer_der, &j->signer, &unreadable))
        return true;
    finding_worsen(j->finding, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
                   j->signer_der.data ? &TEXT_SIGNER_UNREADABLE : &TEXT_SIGNER_NOT_FOUND, NULL);
    return false;
}

/* ESSCertID and ESSCertIDv2 (RFC 5035, 3 and 4): the first is the signer's. */
static bool binds(struct span signing_certificate, bool v2, struct span certificate)
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
    struct der_certificate names;
    if (!span_equal(hash, digest_span(&ours)) || !der_certificate_read(certificate, &names))
        return false;
    if (!der_at(&id, DER_SEQUENCE))
        return true;
    struct reader serial = der_enter(&id, DER_SEQUENCE);
    der_any(&serial); /* the issuer's name is spelled in many ways: the hash has said it already */
    return span_equal(der_read(&serial, DER_INTEGER), names.serial);
}

static void check_binding(struct judging *j)
{
    const struct cms_signed_attributes *a = &j->attributes;
    if (!a->has_certificate)
        finding_reason(j->finding, &TEXT_SIGNER_NOT_BOUND, NULL);
    else if ((a->certificate_v1.data && !binds(a->certificate_v1, false, j->signer_der))
             || (a->certificate_v2.data && !binds(a->certificate_v2, true, j->signer_der)))
        finding_worsen(j->finding, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
                       &TEXT_SIGNER_BOUND_TO_OTHER, NULL);
}

/* RFC 5652, 5.4: what is digested is the attributes in DER, a SET OF in its order, however they travelled. */
static bool digest_attributes(const struct judging *j, struct digest_value *ret_digest, struct error *err)
{
    struct buffer set CLEANUP(buffer_clear) = {0};
    struct reader whole = reader_of(j->data.attributes);
    der_write_set(&set, DER_SET, der_read(&whole, DER_CONTEXT_MADE));
    if (set.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *ret_digest = digest_of(j->digest, buffer_span(&set));
    return true;
}

/* The digest that the signature speaks about, and whether the content is what was signed. False only for
 * faults of ours. */
static bool check_digest(struct judging *j, struct digest_value *ret_signed, bool *ret_good,
                         struct error *err)
{
    struct digest_value content;
    struct span encapsulated = j->how->timestamp ? j->stamp.imprint : buffer_span(&j->data.content);
    if (!j->content->digest(j->content->context, j->outer, &content, err))
        return false;
    *ret_good = true;
    if (j->data.has_content) {
        *ret_good = span_equal(digest_span(&content), encapsulated);
        content = digest_of(j->digest, buffer_span(&j->data.content));
    }
    if (!j->data.attributes.size) {
        *ret_signed = content;
        return true;
    }
    *ret_good = *ret_good && span_equal(digest_span(&content), j->attributes.message_digest);
    return digest_attributes(j, ret_signed, err);
}

/* RSASSA-PSS-params (RFC 4055, 3.1): everything defaults to SHA-1, so everything must be said. */
static bool set_pss(EVP_PKEY_CTX *context, const struct judging *j)
{
    struct reader r = reader_of(j->data.signature_parameters), params = der_enter(&r, DER_SEQUENCE);
    struct reader hash_at = der_enter(&params, DER_CONTEXT_MADE), hash = der_enter(&hash_at, DER_SEQUENCE);
    struct reader mask_at = der_enter(&params, DER_CONTEXT_MADE + 1),
                  mask = der_enter(&mask_at, DER_SEQUENCE);
    struct reader salt_at = der_enter(&params, DER_CONTEXT_MADE + 2);
    enum digest_algorithm digest, mask_digest;
    bool good = digest_of_oid(der_read(&hash, DER_OID), &digest) && digest == j->digest
                && span_equal(der_read(&mask, DER_OID), OID_MGF1);
    struct reader mask_hash = der_enter(&mask, DER_SEQUENCE);
    good = good && digest_of_oid(der_read(&mask_hash, DER_OID), &mask_digest);
    uint32_t salt = der_small(&salt_at);
    return good && !salt_at.failed && salt <= PSS_MAX_SALT
           && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
           && EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest_evp(mask_digest)) == 1
           && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, (int)salt) == 1;
}

static bool key_verifies(const struct judging *j, EVP_PKEY *key, const struct digest_value *digest)
{
    bool rsa = j->scheme != SCHEME_ECDSA;
    if (!key
        || (rsa ? !EVP_PKEY_is_a(key, "RSA") && !EVP_PKEY_is_a(key, "RSA-PSS") : !EVP_PKEY_is_a(key, "EC")))
        return false;
    EVP_PKEY_CTX *context CLEANUP(key_context_clear) = EVP_PKEY_CTX_new(key, NULL);
    if (!context || EVP_PKEY_verify_init(context) != 1
        || (j->scheme == SCHEME_RSA && EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1)
        || EVP_PKEY_CTX_set_signature_md(context, digest_evp(j->digest)) != 1
        || (j->scheme == SCHEME_RSA_PSS && !set_pss(context, j)))
        return false;
    return EVP_PKEY_verify(context, j->data.signature.data, j->data.signature.size, digest->bytes,
                           digest->size)
           == 1;
}

static bool check_signature(struct judging *j, const struct digest_value *digest)
{
    EVP_PKEY *key = X509_get0_pubkey(j->signer);
    int bits = key ? EVP_PKEY_get_bits(key) : 0;
    if (key && j->scheme != SCHEME_ECDSA && bits < RSA_MIN_BITS) {
        char text[16];
        snprintf(text, sizeof(text), "%d", bits);
        finding_worsen(j->finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_KEY_WEAK, text, NULL);
        return false;
    }
    bool good = key_verifies(j, key, digest);
    ERR_clear_error();
    return good || failed(j, SUB_SIG_CRYPTO_FAILURE, &TEXT_SIGNATURE_DIFFERS);
}

/* EN 319 142-1, 6.3: baseline means a bound certificate and no signing-time attribute (the time stands in
 * /M). */
static void name_format(struct judging *j)
{
    bool baseline = j->attributes.has_certificate && !j->attributes.has_signing_time;
    if (j->how->pades)
        snprintf(j->finding->format, sizeof(j->finding->format),
                 baseline ? "PAdES-BASELINE-B" : "PDF-NOT-ETSI");
    else if (!j->finding->format[0])
        snprintf(j->finding->format, sizeof(j->finding->format), "CMS-NOT-ETSI");
}

static void take_claimed_time(struct judging *j)
{
    const unsigned char *at = j->attributes.signing_time.data;
    struct tm utc;
    if (!j->attributes.has_signing_time || j->finding->claimed_time_ms)
        return;
    ASN1_TIME *time = d2i_ASN1_TIME(NULL, &at, (long)j->attributes.signing_time.size);
    if (time && ASN1_TIME_to_tm(time, &utc) == 1)
        j->finding->claimed_time_ms = (int64_t)timegm(&utc) * 1000;
    ASN1_TIME_free(time);
    ERR_clear_error();
}

static bool add_certificates(struct judging *j, struct error *err)
{
    for (size_t i = 0; i < j->data.certificate_count; i++)
        if (!evidence_add(process_evidence(j->how->process), EVIDENCE_CERTIFICATE, j->data.certificates[i],
                          true, err))
            return false;
    return true;
}

static struct signed_facts facts_of(const struct judging *j)
{
    const EVP_PKEY *key = X509_get0_pubkey(j->signer);
    return (struct signed_facts){
        .signer = j->signer,
        .value = j->data.signature,
        .bound = j->attributes.has_certificate,
        .uses = {{.digest = j->digest, .scheme = j->scheme, .key_bits = EVP_PKEY_get_bits(key)},
                 {.digest = j->outer, .of_digest_alone = true}},
        .use_count = 2,
        .stamps = j->how->stamps,
        .stamp_count = j->how->stamp_count};
}

/* Takes it apart and verifies it; *ret_good says whether anything is left to judge. */
static bool look(struct judging *j, struct span cms, bool *ret_good, struct error *err)
{
    *ret_good = false;
    bool readable =
        cms_read(cms, &j->data, j->finding)
        && (!j->data.attributes.size || cms_attributes_read(j->data.attributes, &j->attributes, j->finding));
    name_format(j);
    if (!readable || !algorithms_agree(j) || !content_fits(j) || !find_signer(j))
        return true;
    finding_name_signer(j->finding, j->signer);
    take_claimed_time(j);

    struct digest_value digest;
    bool same;
    if (!check_digest(j, &digest, &same, err))
        return false;
    if (!same)
        failed(j, SUB_HASH_FAILURE, &TEXT_HASH_DIFFERS);
    if (!check_signature(j, &digest) || !same)
        return true;
    check_binding(j);
    *ret_good = true;
    return add_certificates(j, err);
}

bool cms_judge(const struct cms_judging *how, struct span cms, const struct signed_content *content,
               struct finding *finding, struct error *err)
{
    struct judging j = {.how = how, .content = content, .finding = finding};
    bool good, looked = look(&j, cms, &good, err);
    if (looked && good) {
        struct signed_facts facts = facts_of(&j);
        looked = process_judge(how->process, &facts, finding, err);
    }
    X509_free(j.signer);
    cms_clear(&j.data);
    return looked;
}

bool timestamp_open(struct span token, const struct signed_content *content, struct process *process,
                    struct timestamp_facts *ret_facts, struct finding *finding, struct error *err)
{
    struct cms_judging how = {.process = process, .timestamp = true};
    struct judging j = {.how = &how, .content = content, .finding = finding};
    bool good, looked = look(&j, token, &good, err);
    ret_facts->says = j.stamp;
    ret_facts->imprint = j.outer;
    ret_facts->info = j.data.content;
    if (looked && good) {
        ret_facts->facts = facts_of(&j);
        ret_facts->signer = TAKE(j.signer);
    }
    X509_free(j.signer);
    return looked;
}
