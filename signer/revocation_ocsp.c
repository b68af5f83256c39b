/* OCSP answers: RFC 6960, 3.2 and 4.2.2. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <time.h>

#include "base/digest.h"
#include "signer/der.h"
#include "signer/revocation_parts.h"
#include "signer/revocation_text.h"

enum { SINGLES_MAX = 4096 /* statuses in one answer that are looked at */ };

/* CertHash of Common PKI, part 4, 3.1.2: 1.3.36.8.3.13 */
#define OID_CERT_HASH SPAN_LITERAL("\x2B\x24\x08\x03\x0D")

DEFINE_CLEANUP(OCSP_CERTID *, cert_id_clear, OCSP_CERTID_free)

static struct span object_span(const ASN1_OBJECT *object)
{
    return span_of(OBJ_get0_data(object), OBJ_length(object));
}

static struct span octets_span(const ASN1_STRING *octets)
{
    return span_of(ASN1_STRING_get0_data(octets), (size_t)ASN1_STRING_length(octets));
}

/* RFC 6960, 4.1.1: whether the status is about this certificate, by whichever digest the responder uses. */
static bool is_about(const struct revocation_look *look, OCSP_SINGLERESP *single)
{
    const OCSP_CERTID *id = OCSP_SINGLERESP_get0_id(single);
    ASN1_OBJECT *algorithm = NULL;
    ASN1_INTEGER *serial = NULL;
    enum digest_algorithm digest;
    OCSP_id_get0_info(NULL, &algorithm, NULL, &serial, (OCSP_CERTID *)id);
    if (ASN1_INTEGER_cmp(serial, X509_get0_serialNumber(look->certificate)) != 0
        || !digest_of_oid(object_span(algorithm), &digest))
        return false;
    OCSP_CERTID *ours CLEANUP(cert_id_clear) =
        OCSP_cert_to_id(digest_evp(digest), look->certificate, look->issuer);
    return ours && OCSP_id_cmp(ours, id) == 0;
}

/* CertHash ::= SEQUENCE { hashAlgorithm AlgorithmIdentifier, certificateHash OCTET STRING } */
static bool cert_hash_fits(X509 *certificate, const X509_EXTENSION *extension)
{
    struct reader whole = reader_of(octets_span(X509_EXTENSION_get_data((X509_EXTENSION *)extension)));
    struct reader hash = der_enter(&whole, DER_SEQUENCE), algorithm = der_enter(&hash, DER_SEQUENCE);
    struct span oid = der_read(&algorithm, DER_OID), value = der_read(&hash, DER_OCTETS);
    enum digest_algorithm digest;
    unsigned char ours[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    return !hash.failed && !algorithm.failed && digest_of_oid(oid, &digest)
           && X509_digest(certificate, digest_evp(digest), ours, &size) == 1
           && span_equal(value, span_of(ours, size));
}

/* RFC 6960, 4.4: what is critical must be understood; a hash of another certificate says that this one was never
 * issued. */
static bool extensions_fit(const struct revocation_look *look, OCSP_SINGLERESP *single)
{
    for (int i = 0; i < OCSP_SINGLERESP_get_ext_count(single); i++) {
        X509_EXTENSION *extension = OCSP_SINGLERESP_get_ext(single, i);
        const ASN1_OBJECT *object = X509_EXTENSION_get_object(extension);
        int nid = OBJ_obj2nid(object);
        if (span_equal(object_span(object), OID_CERT_HASH)) {
            if (!cert_hash_fits(look->certificate, extension))
                return false;
        } else if (X509_EXTENSION_get_critical(extension) && nid != NID_id_pkix_OCSP_archiveCutoff
                   && nid != NID_id_pkix_OCSP_CrlID) {
            return false;
        }
    }
    return true;
}

static bool answer_is_understood(OCSP_BASICRESP *ocsp)
{
    for (int i = 0; i < OCSP_BASICRESP_get_ext_count(ocsp); i++) {
        X509_EXTENSION *extension = OCSP_BASICRESP_get_ext(ocsp, i);
        if (X509_EXTENSION_get_critical(extension)
            && OBJ_obj2nid(X509_EXTENSION_get_object(extension)) != NID_id_pkix_OCSP_Nonce)
            return false;
    }
    return true;
}

/* RFC 6960, 4.4.4: how far back the responder remembers; INT64_MAX when it does not say. */
static int64_t archive_cutoff(OCSP_SINGLERESP *single)
{
    ASN1_GENERALIZEDTIME *time =
        OCSP_SINGLERESP_get1_ext_d2i(single, NID_id_pkix_OCSP_archiveCutoff, NULL, NULL);
    int64_t cutoff_ms;
    if (!revocation_time(time, &cutoff_ms))
        cutoff_ms = INT64_MAX;
    ASN1_GENERALIZEDTIME_free(time);
    return cutoff_ms;
}

/* ---- the responder */

/* RFC 6960, 4.2.2.3: the ResponderID names it, or the SHA-1 of its key. */
static bool is_responder(OCSP_BASICRESP *ocsp, X509 *signer)
{
    const ASN1_OCTET_STRING *key = NULL;
    const X509_NAME *name = NULL;
    unsigned char ours[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (OCSP_resp_get0_id(ocsp, &key, &name) != 1)
        return false;
    if (name)
        return X509_NAME_cmp(name, X509_get_subject_name(signer)) == 0;
    return X509_pubkey_digest(signer, digest_evp(DIGEST_SHA1), ours, &size) == 1
           && span_equal(octets_span(key), span_of(ours, size));
}

/* RFC 6960, 4.2.2.2: id-kp-OCSPSigning by name, no other purpose stands for it. */
static bool may_answer(const struct revocation_look *look, X509 *signer)
{
    if (signer == look->issuer)
        return true;
    return (X509_get_extension_flags(signer) & EXFLAG_XKUSAGE)
           && (X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN)
           && (X509_get_key_usage(signer) & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION));
}

struct trying {
    struct revocation_look *look;
    struct revocation *answer;
    bool accepted;
};

static bool try_responder(void *context, X509 *signer, bool *ret_done, struct error *err)
{
    struct trying *trying = context;
    struct revocation_look *look = trying->look;
    struct revocation *answer = trying->answer;
    if (!is_responder(answer->source->ocsp, signer))
        return true;
    if (!revocation_signed_by(look, answer->source, signer)) {
        revocation_doubt(look, &TEXT_REVOCATION_SIGNATURE, NULL);
        return true;
    }
    if (!may_answer(look, signer)) {
        char name[TEXT_ARG_SIZE] = "";
        certificate_name(X509_get_subject_name(signer), sizeof(name), name);
        revocation_doubt(look, &TEXT_REVOCATION_SIGNER, name);
        return true;
    }
    answer->use_count = 0;
    if (!revocation_use(answer, OCSP_resp_get0_tbs_sigalg(answer->source->ocsp), signer)) {
        revocation_doubt(look, &TEXT_REVOCATION_ALGORITHM, NULL);
        return true;
    }
    if (!revocation_accept(look, signer, answer, &trying->accepted, err))
        return false;
    *ret_done = trying->accepted;
    return true;
}

/* ---- one answer */

/* RFC 6960, 4.2.2.1 and 2.4; false when the times make no sense. */
static bool read_status(OCSP_SINGLERESP *single, struct revocation *answer)
{
    ASN1_GENERALIZEDTIME *since = NULL, *this_update = NULL, *next_update = NULL;
    int reason = REVOCATION_NO_REASON;
    int status = OCSP_single_get0_status(single, &reason, &since, &this_update, &next_update);
    answer->reason = status == V_OCSP_CERTSTATUS_REVOKED ? reason : REVOCATION_NO_REASON;
    answer->status = status == V_OCSP_CERTSTATUS_GOOD      ? REVOCATION_GOOD
                     : status == V_OCSP_CERTSTATUS_REVOKED ? REVOCATION_REVOKED
                                                           : REVOCATION_UNKNOWN;
    if (!revocation_time(this_update, &answer->this_update_ms)
        || (next_update && !revocation_time(next_update, &answer->next_update_ms))
        || (answer->status == REVOCATION_REVOKED && !revocation_time(since, &answer->at_ms)))
        return false;
    return !next_update || answer->next_update_ms >= answer->this_update_ms;
}

static bool look_at_single(struct revocation_look *look, const struct evidence_item *item,
                           OCSP_SINGLERESP *single, struct error *err)
{
    struct revocation answer = {.source = item, .embedded = item->embedded};
    if (!read_status(single, &answer)
        || !revocation_time(OCSP_resp_get0_produced_at(item->ocsp), &answer.produced_ms)
        || !revocation_in_time(look, &answer))
        return true;
    if (!answer_is_understood(item->ocsp) || !extensions_fit(look, single)) {
        revocation_doubt(look, &TEXT_REVOCATION_CRITICAL, NULL);
        return true;
    }
    if (answer.status == REVOCATION_UNKNOWN) {
        revocation_doubt(look, &TEXT_REVOCATION_NOT_ISSUED, NULL);
        return true;
    }
    if (answer.status == REVOCATION_GOOD && answer.this_update_ms > look->expiry_ms
        && archive_cutoff(single) > look->expiry_ms) {
        revocation_doubt(look, &TEXT_REVOCATION_AFTER_END, NULL);
        return true;
    }
    struct trying trying = {.look = look, .answer = &answer};
    if (!revocation_signers(look, OCSP_resp_get0_certs(item->ocsp), try_responder, &trying, err))
        return false;
    answer.fresh = revocation_is_fresh(look, &answer);
    if (trying.accepted)
        revocation_offer(look, &answer);
    else
        revocation_doubt(look, &TEXT_REVOCATION_SIGNER, "OCSP");
    return true;
}

bool revocation_from_answers(struct revocation_look *look, struct error *err)
{
    const struct evidence *evidence = look->search->evidence;
    for (size_t i = 0; evidence && i < evidence_count(evidence); i++) {
        const struct evidence_item *item = evidence_at(evidence, i);
        int count = item->kind == EVIDENCE_OCSP ? OCSP_resp_count(item->ocsp) : 0;
        for (int k = 0; k < count && k < SINGLES_MAX; k++) {
            OCSP_SINGLERESP *single = OCSP_resp_get0(item->ocsp, k);
            if (is_about(look, single) && !look_at_single(look, item, single, err))
                return false;
        }
    }
    return true;
}
