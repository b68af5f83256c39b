#include "signer/cms_look.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "base/base_text.h"
#include "signer/cades_text.h"
#include "signer/cms.h"
#include "signer/der.h"
#include "signer/path.h"
#include "signer/process_text.h"
#include "signer/signer_text.h"

enum { ATTRIBUTES_MAX = 1 << 20 /* bytes of all signed attributes of one signer: more are not looked for */ };

static bool failed(struct cms_look *look, enum sub_indication sub, const struct text *text)
{
    finding_worsen(look->finding, TOTAL_FAILED, sub, text, NULL);
    return false;
}

/* RFC 3161, 2.4.2 and 2.4.1: "The signing certificate attribute MUST be included" */
static bool token_fits(struct cms_look *look)
{
    if (!timestamp_read(look->data->content, &look->stamp))
        return failed(look, SUB_FORMAT_FAILURE, &TEXT_CMS_ENCAPSULATED);
    look->finding->claimed_time_ms = look->stamp.time_ms;
    if (!digest_of_oid(look->stamp.algorithm, &look->outer)) {
        char name[OID_TEXT_SIZE];
        oid_text(look->stamp.algorithm, name);
        finding_worsen(look->finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_ALGORITHM_UNKNOWN,
                       name, NULL);
        return false;
    }
    if (look->stamp.imprint.size != digest_size(look->outer))
        return failed(look, SUB_FORMAT_FAILURE, &TEXT_CMS_ENCAPSULATED);
    return look->attributes.has_certificate || failed(look, SUB_FORMAT_FAILURE, &TEXT_STAMP_NOT_BOUND);
}

/* RFC 5652, 5.2 and 11.1: attribute and content name one type, and only id-data may do without attributes. ISO
 * 32000-1, 12.8.3.3.1: what stands in a PDF is detached, but adbe.pkcs7.sha1 carries a digest; a timestamp
 * carries what it says. */
static bool content_fits(struct cms_look *look)
{
    const struct cms_signed_data *data = look->data;
    bool attributes = look->signer.signed_attributes.size > 0;
    look->outer = look->kind == CMS_PDF_SHA1 ? DIGEST_SHA1 : look->algorithms.digest;
    if (look->kind == CMS_COUNTER)
        return true;
    bool plain = span_equal(data->content_type, OID_DATA);
    bool type_fits = look->kind == CMS_TOKEN      ? span_equal(data->content_type, OID_TIMESTAMP)
                     : look->kind == CMS_DOCUMENT ? attributes || plain
                                                  : plain;
    if (!type_fits || (attributes && !span_equal(look->attributes.content_type, data->content_type)))
        return failed(look, SUB_FORMAT_FAILURE, &TEXT_CMS_CONTENT_TYPE);
    if (look->kind == CMS_DOCUMENT)
        return true;
    bool wanted = look->kind == CMS_PDF_SHA1 || look->kind == CMS_TOKEN;
    if (data->has_content != wanted
        || (look->kind == CMS_PDF_SHA1 && data->content.size != digest_size(DIGEST_SHA1)))
        return failed(look, SUB_FORMAT_FAILURE, &TEXT_CMS_ENCAPSULATED);
    return look->kind != CMS_TOKEN || token_fits(look);
}

/* Names as RFC 5280, 7.1, compares them, where they are spelled differently. */
static bool same_name(struct span left, struct span right)
{
    const unsigned char *a = left.data, *b = right.data;
    if (span_equal(left, right))
        return true;
    X509_NAME *one = d2i_X509_NAME(NULL, &a, (long)left.size);
    X509_NAME *other = d2i_X509_NAME(NULL, &b, (long)right.size);
    bool same = one && other && X509_NAME_cmp(one, other) == 0;
    X509_NAME_free(one);
    X509_NAME_free(other);
    ERR_clear_error();
    return same;
}

static bool is_signer(const struct cms_signer *signer, const struct evidence_item *item)
{
    struct der_certificate names;
    if (item->kind != EVIDENCE_CERTIFICATE)
        return false;
    if (signer->issuer.size)
        return der_certificate_read(item->der, &names) && span_equal(names.serial, signer->serial)
               && same_name(names.issuer, signer->issuer);
    const ASN1_OCTET_STRING *key_id = X509_get0_subject_key_id(item->certificate);
    return key_id
           && span_equal(span_of(ASN1_STRING_get0_data(key_id), (size_t)ASN1_STRING_length(key_id)),
                         signer->key_id);
}

/* EN 319 102-1, 5.2.3: of several certificates that the signer is named by, the one that the signed attributes
 * are bound to. */
static bool find_signer(struct cms_look *look)
{
    const struct evidence *evidence = process_evidence(look->process);
    const struct evidence_item *found = NULL;
    enum cms_binding binding = CMS_BOUND_TO_OTHER;
    for (size_t i = 0; i < evidence_count(evidence) && (!found || binding == CMS_BOUND_TO_OTHER); i++) {
        const struct evidence_item *item = evidence_at(evidence, i);
        if (!is_signer(&look->signer, item))
            continue;
        enum cms_binding bound = cms_binding_of(&look->attributes, item->der);
        if (!found || bound != CMS_BOUND_TO_OTHER) {
            found = item;
            binding = bound;
        }
    }
    if (!found) {
        finding_worsen(look->finding, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND, &TEXT_SIGNER_NOT_FOUND,
                       NULL);
        return false;
    }
    look->certificate = found->certificate;
    X509_up_ref(look->certificate);
    look->certificate_der = found->der;
    if (binding == CMS_NOT_BOUND)
        finding_reason(look->finding, &TEXT_SIGNER_NOT_BOUND, NULL);
    else if (binding == CMS_BOUND_TO_OTHER)
        finding_worsen(look->finding, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND,
                       &TEXT_SIGNER_BOUND_TO_OTHER, NULL);
    finding_check(look->finding, 0, binding == CMS_BOUND ? CHECK_GOOD : CHECK_WARNING, &TEXT_STEP_SIGNER,
                  NULL);
    return true;
}

static bool is_attributes(struct span content)
{
    struct reader r = reader_of(content);
    struct cms_attributes list;
    bool type = false, digest = false;
    if (!der_at(&r, DER_SET) || !cms_attributes_list(content, &list))
        return false;
    for (size_t i = 0; i < list.count; i++) {
        type |= span_equal(list.all[i].type, OID_CONTENT_TYPE);
        digest |= span_equal(list.all[i].type, OID_MESSAGE_DIGEST);
    }
    return type && digest;
}

/* RFC 5652, 5.4: with attributes a SET of them is signed, without them the content, and nothing in the signature says
 * which. The attributes of somebody's signature, laid down as content, would verify over what nobody meant to sign. */
static bool check_stripped(struct cms_look *look, struct error *err)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span content = look->data->content;
    if (look->signer.signed_attributes.size || look->kind != CMS_DOCUMENT)
        return true;
    if (look->file && detached_size(look->file) <= ATTRIBUTES_MAX
        && !detached_bytes(look->file, ATTRIBUTES_MAX, &hold, &content, err))
        return false;
    if (is_attributes(content))
        failed(look, SUB_FORMAT_FAILURE, &TEXT_CADES_ATTRIBUTES_AS_CONTENT);
    return true;
}

enum same { SAME_UNKNOWN, SAME_YES, SAME_NO };

/* Whether the content is what was signed, and its digest as the signature is about it. */
static bool check_content(struct cms_look *look, enum same *ret_same, struct digest_value *ret_digest,
                          struct error *err)
{
    *ret_same = SAME_UNKNOWN;
    bool inside = look->kind == CMS_PDF_SHA1 || look->kind == CMS_TOKEN;
    if (inside)
        *ret_digest = digest_of(look->algorithms.digest, look->data->content);
    if (!look->content)
        return true;
    struct digest_value content;
    if (!look->content->digest(look->content->context, look->outer, &content, err))
        return false;
    if (!inside)
        *ret_digest = content;
    struct span said = look->kind == CMS_TOKEN ? look->stamp.imprint : look->data->content;
    bool same = !inside || span_equal(digest_span(&content), said);
    if (look->signer.signed_attributes.size)
        same = same && span_equal(digest_span(ret_digest), look->attributes.message_digest);
    *ret_same = same ? SAME_YES : SAME_NO;
    return true;
}

static enum cms_answer verify(struct cms_look *look, struct span octets)
{
    struct cms_message message = {digest_of(look->algorithms.value_digest, octets), octets};
    return cms_signature_verify(&look->algorithms, look->signer.signature,
                                X509_get0_pubkey(look->certificate), &message);
}

/* RFC 5652, 5.4: what is signed is the attributes in DER, a SET OF in its order, in whatever order they came. Where
 * another encoding was signed the value does not verify. */
static bool verify_attributes(struct cms_look *look, enum cms_answer *ret_answer, struct error *err)
{
    struct buffer set CLEANUP(buffer_clear) = {0};
    struct reader whole = reader_of(look->signer.signed_attributes);
    struct span values = der_read(&whole, DER_CONTEXT_MADE);
    der_write_set(&set, DER_SET, values);
    if (set.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    struct reader sorted = reader_of(buffer_span(&set));
    *ret_answer = verify(look, buffer_span(&set));
    if (*ret_answer == CMS_VERIFIES && !span_equal(der_read(&sorted, DER_SET), values))
        finding_check(look->finding, 1, CHECK_WARNING, &TEXT_CADES_ATTRIBUTES_UNORDERED, NULL);
    return true;
}

static bool is_good(struct cms_look *look, enum cms_answer answer)
{
    char bits[16];
    switch (answer) {
    case CMS_VERIFIES:
        finding_check(look->finding, 1, CHECK_GOOD, &TEXT_STEP_VALUE, NULL);
        return true;
    case CMS_DIFFERS:
        finding_check(look->finding, 1, CHECK_BAD, &TEXT_STEP_VALUE, NULL);
        return failed(look, SUB_SIG_CRYPTO_FAILURE, &TEXT_SIGNATURE_DIFFERS);
    case CMS_KEY_TOO_SHORT:
        snprintf(bits, sizeof(bits), "%d", EVP_PKEY_get_bits(X509_get0_pubkey(look->certificate)));
        finding_worsen(look->finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_KEY_WEAK, bits,
                       NULL);
        return false;
    case CMS_CANNOT:
        break;
    }
    finding_worsen(look->finding, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, &TEXT_CADES_CONTENT_ABSENT, NULL);
    return false;
}

/* EN 319 102-1, 5.2.7 */
static bool check_crypto(struct cms_look *look, bool *ret_good, struct error *err)
{
    static const enum check_result results[] = {
        [SAME_UNKNOWN] = CHECK_UNKNOWN, [SAME_YES] = CHECK_GOOD, [SAME_NO] = CHECK_BAD};
    struct cms_message message = {0};
    enum cms_answer answer = CMS_CANNOT;
    enum same same;
    if (!check_content(look, &same, &message.digest, err))
        return false;
    finding_check(look->finding, 0, results[same], &TEXT_STEP_CONTENT, NULL);
    if (same == SAME_NO)
        failed(look, SUB_HASH_FAILURE, look->kind == CMS_TOKEN ? &TEXT_STAMP_OF_OTHER : &TEXT_HASH_DIFFERS);
    if (look->signer.signed_attributes.size) {
        if (!verify_attributes(look, &answer, err))
            return false;
    } else if (same != SAME_UNKNOWN) {
        message.octets = look->data->content;
        answer = cms_signature_verify(&look->algorithms, look->signer.signature,
                                      X509_get0_pubkey(look->certificate), &message);
    }
    bool good = is_good(look, answer);
    if (good && same == SAME_UNKNOWN)
        finding_worsen(look->finding, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, &TEXT_CADES_CONTENT_ABSENT,
                       NULL);
    *ret_good = good && same != SAME_NO;
    return true;
}

/* RFC 3161, 2.3: issued for timestamps and nothing else, and saying so critically. */
static void check_purpose(struct cms_look *look)
{
    int critical = -1;
    EXTENDED_KEY_USAGE *purposes = X509_get_ext_d2i(look->certificate, NID_ext_key_usage, &critical, NULL);
    bool fits = critical == 1 && sk_ASN1_OBJECT_num(purposes) == 1
                && OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes, 0)) == NID_time_stamp;
    EXTENDED_KEY_USAGE_free(purposes);
    if (!fits)
        finding_worsen(look->finding, INDETERMINATE, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_STAMP_PURPOSE,
                       NULL);
}

/* EN 319 102-1, 5.2.2 */
static bool read_signer(struct cms_look *look, struct span info)
{
    const struct span *listed = look->kind == CMS_COUNTER ? NULL : &look->data->digest_algorithms;
    bool good =
        cms_signer_read(info, &look->signer, look->finding)
        && (!look->signer.signed_attributes.size
            || cms_signed_attributes_read(look->signer.signed_attributes, look->kind == CMS_COUNTER,
                                          &look->attributes, look->finding))
        && cms_algorithms_read(&look->signer, &look->attributes, listed, &look->algorithms, look->finding)
        && content_fits(look);
    finding_check(look->finding, 0, good ? CHECK_GOOD : CHECK_BAD, &TEXT_STEP_FORMAT, NULL);
    return good;
}

bool cms_look(struct cms_look *look, struct span info, bool *ret_good, struct error *err)
{
    *ret_good = false;
    if (!read_signer(look, info) || !find_signer(look))
        return true;
    finding_name_signer(look->finding, look->certificate);
    if (!check_stripped(look, err))
        return false;
    if (!look->finding->claimed_time_ms)
        look->finding->claimed_time_ms = cms_time_read(look->attributes.signing_time);
    if (!check_crypto(look, ret_good, err))
        return false;
    if (*ret_good && look->kind == CMS_TOKEN)
        check_purpose(look);
    return true;
}

void cms_look_clear(struct cms_look *look)
{
    X509_free(look->certificate);
    look->certificate = NULL;
}

struct signed_facts cms_facts(const struct cms_look *look)
{
    const EVP_PKEY *key = X509_get0_pubkey(look->certificate);
    struct signed_facts facts = {.signer = look->certificate,
                                 .value = look->signer.signature,
                                 .bound = look->attributes.has_certificate,
                                 .uses = {{.digest = look->algorithms.value_digest,
                                           .scheme = look->algorithms.scheme,
                                           .key_bits = EVP_PKEY_get_bits(key)}},
                                 .use_count = 1};
    const enum digest_algorithm alone[] = {look->outer, look->algorithms.digest, look->algorithms.mask};
    for (size_t i = 0; i < COUNT_OF(alone); i++) {
        bool used = i < 2 || look->algorithms.scheme == SCHEME_RSA_PSS;
        if (used && alone[i] != look->algorithms.value_digest)
            facts.uses[facts.use_count++] =
                (struct algorithm_use){.digest = alone[i], .of_digest_alone = true};
    }
    return facts;
}
