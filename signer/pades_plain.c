#include "signer/pades_plain.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <stdio.h>

#include "base/base_text.h"
#include "base/digest.h"
#include "signer/der.h"
#include "signer/path.h"
#include "signer/pdf_text.h"
#include "signer/signer_text.h"

DEFINE_CLEANUP(EVP_PKEY_CTX *, key_context_clear, EVP_PKEY_CTX_free)

enum {
    RSA_MIN_BITS = 1024,       /* below, a signature is not even verified */
    CERTIFICATES_IN_CERT = 64, /* of Cert; the rest is passed over */
    RECOVERED_MAX = 2048       /* bytes: a modulus of 16384 bits */
};

/* Looked at, and bad. Always true. */
static bool is_bad(struct finding *finding, enum sub_indication sub, const struct text *text)
{
    finding_worsen(finding, TOTAL_FAILED, sub, text, NULL);
    return true;
}

/* The dictionary with its strings plain. */
static struct pdf_value plain_dictionary(struct pdf_document *document, const struct pdf_signature *signature)
{
    struct error unreadable = {0};
    struct pdf_object object;
    uint32_t number = signature->object ? signature->object : signature->field;
    if (!pdf_object_find(document, number, document->xref.count - 1, &object, &unreadable))
        return signature->dictionary;
    return signature->object ? object.value : pdf_get(&object.value, "V");
}

static bool add_certificate(struct process *process, const struct pdf_value *string, X509 **signer,
                            struct error *err)
{
    struct buffer der CLEANUP(buffer_clear) = {0};
    struct error unreadable = {0};
    if (!pdf_string_bytes(string, &der))
        return true;
    if (!*signer && !certificate_read(buffer_span(&der), signer, &unreadable))
        return true;
    return evidence_add(process_evidence(process), EVIDENCE_CERTIFICATE, buffer_span(&der), true, err);
}

/* Cert: one string, or several, the signer's first. */
static bool take_certificates(struct process *process, struct pdf_document *document,
                              const struct pdf_signature *signature, X509 **ret_signer, struct error *err)
{
    struct error unreadable = {0};
    struct pdf_value dictionary = plain_dictionary(document, signature), all, one;
    if (!pdf_follow(document, document->xref.count - 1, &dictionary, "Cert", &all, &unreadable))
        return true;
    if (all.kind != PDF_ARRAY)
        return add_certificate(process, &all, ret_signer, err);
    struct pdf_cursor inside = pdf_inside(&all);
    for (size_t i = 0; i < CERTIFICATES_IN_CERT && pdf_next_item(&inside, &one); i++)
        if (!add_certificate(process, &one, ret_signer, err) || (i == 0 && !*ret_signer))
            return err->code == ERR_NONE;
    return true;
}

/* The OCTET STRING; only zeros may follow. */
static bool read_value(const struct pdf_value *contents, struct buffer *bytes, struct span *ret_value)
{
    if (!pdf_string_bytes(contents, bytes))
        return false;
    struct reader reader = reader_of(buffer_span(bytes));
    *ret_value = der_read(&reader, DER_OCTETS);
    for (size_t i = 0; i < reader.left.size && !reader.failed; i++)
        reader.failed = reader.left.data[i] != 0;
    return !reader.failed && ret_value->size > 0;
}

/* RFC 8017, 9.2: the signature holds a DigestInfo, which names its algorithm. */
static bool recover(EVP_PKEY *key, struct span value, struct buffer *ret_info)
{
    size_t size = RECOVERED_MAX;
    EVP_PKEY_CTX *context CLEANUP(key_context_clear) = EVP_PKEY_CTX_new(key, NULL);
    uint8_t *room = buffer_reserve(ret_info, size);
    if (!context || !room || EVP_PKEY_verify_recover_init(context) != 1
        || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) != 1
        || EVP_PKEY_verify_recover(context, room, &size, value.data, value.size) != 1)
        return false;
    ret_info->size = size;
    return true;
}

/* Nothing but the digest may stand in it: room for more is room to forge. */
static bool read_info(struct span info, enum digest_algorithm *ret_algorithm, struct span *ret_digest)
{
    struct reader around = reader_of(info), inside = der_enter(&around, DER_SEQUENCE),
                  algorithm = der_enter(&inside, DER_SEQUENCE);
    struct span oid = der_read(&algorithm, DER_OID), parameters = algorithm.left;
    *ret_digest = der_read(&inside, DER_OCTETS);
    return !around.failed && !inside.failed && !algorithm.failed && around.left.size == 0
           && inside.left.size == 0
           && (parameters.size == 0 || span_equal(parameters, SPAN_LITERAL("\x05\x00")))
           && digest_of_oid(oid, ret_algorithm);
}

/* EN 319 102-1, 5.2.7 */
static bool verify(EVP_PKEY *key, struct span value, const struct signed_content *content,
                   enum digest_algorithm *ret_algorithm, struct finding *finding, bool *ret_good,
                   struct error *err)
{
    struct buffer info CLEANUP(buffer_clear) = {0};
    struct digest_value ours;
    struct span digest;
    *ret_good = false;
    bool readable = recover(key, value, &info) && read_info(buffer_span(&info), ret_algorithm, &digest);
    ERR_clear_error();
    if (!readable)
        return is_bad(finding, SUB_SIG_CRYPTO_FAILURE, &TEXT_SIGNATURE_DIFFERS);
    if (!content->digest(content->context, *ret_algorithm, &ours, err))
        return false;
    *ret_good = span_equal(digest, digest_span(&ours));
    return *ret_good || is_bad(finding, SUB_HASH_FAILURE, &TEXT_HASH_DIFFERS);
}

/* A key that is none for this, or that anybody can forge with. */
static bool is_usable(EVP_PKEY *key, struct finding *finding)
{
    char bits[16];
    if (!key || !EVP_PKEY_is_a(key, "RSA"))
        return !is_bad(finding, SUB_SIG_CRYPTO_FAILURE, &TEXT_SIGNATURE_DIFFERS);
    if (EVP_PKEY_get_bits(key) >= RSA_MIN_BITS)
        return true;
    snprintf(bits, sizeof(bits), "%d", EVP_PKEY_get_bits(key));
    finding_worsen(finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_KEY_WEAK, bits, NULL);
    return false;
}

bool pades_plain_judge(struct process *process, struct pdf_document *document,
                       const struct pdf_signature *signature, const struct signed_content *content,
                       const struct stamp *stamps, size_t stamp_count, struct finding *finding,
                       struct error *err)
{
    X509 *signer CLEANUP(x509_clear) = NULL;
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    struct span value;
    enum digest_algorithm algorithm;
    bool good;
    if (!read_value(&signature->contents, &bytes, &value))
        return is_bad(finding, SUB_FORMAT_FAILURE, &TEXT_PDF_CONTENTS_MISSING);
    if (!take_certificates(process, document, signature, &signer, err))
        return false;
    if (!signer) { /* EN 319 102-1, 5.2.3 */
        finding_worsen(finding, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND, &TEXT_SIGNER_NOT_FOUND,
                       NULL);
        return true;
    }
    finding_name_signer(finding, signer);
    EVP_PKEY *key = X509_get0_pubkey(signer);
    if (!is_usable(key, finding))
        return true;
    if (!verify(key, value, content, &algorithm, finding, &good, err))
        return false;
    if (!good)
        return true;
    struct signed_facts facts = {
        .signer = signer,
        .value = value,
        .uses = {{.digest = algorithm, .scheme = SCHEME_RSA, .key_bits = EVP_PKEY_get_bits(key)}},
        .use_count = 1,
        .stamps = stamps,
        .stamp_count = stamp_count};
    finding_reason(finding, &TEXT_SIGNER_NOT_BOUND, NULL);
    return process_judge(process, &facts, finding, err);
}
