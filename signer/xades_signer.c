#include "signer/xades_signer.h"

#include <openssl/x509v3.h>

#include "base/xml.h"
#include "signer/signer_text.h"
#include "signer/xades_text.h"

enum { CANDIDATES_MAX = 512 };

/* Certificates that may be the signer's, the likely ones first. Borrowed, or counted up. */
struct candidates {
    X509 *all[CANDIDATES_MAX];
    size_t count, own; /* the first `own` came in KeyInfo */
};

static void candidates_clear(struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++)
        X509_free(candidates->all[i]);
}

void xml_signer_clear(struct xml_signer *signer)
{
    X509_free(signer->certificate);
    EVP_PKEY_free(signer->key);
    xml_key_info_clear(&signer->info);
    *signer = (struct xml_signer){0};
}

static void collect(const struct xml_signer *signer, const struct evidence *evidence,
                    struct candidates *ret_candidates)
{
    struct candidates *to = ret_candidates;
    for (size_t i = 0; i < signer->info.certificates.count && to->count < CANDIDATES_MAX; i++) {
        struct error unreadable = {0};
        if (certificate_read(buffer_span(&signer->info.certificates.der[i]), &to->all[to->count],
                             &unreadable))
            to->count++;
    }
    to->own = to->count;
    for (size_t i = 0; i < evidence_count(evidence) && to->count < CANDIDATES_MAX; i++) {
        const struct evidence_item *item = evidence_at(evidence, i);
        if (item->kind == EVIDENCE_CERTIFICATE && item->certificate && X509_up_ref(item->certificate) == 1)
            to->all[to->count++] = item->certificate;
    }
}

static bool is_certificate(const xmlNode *reference, X509 *certificate)
{
    bool many;
    const xmlNode *digest = xml_only(reference, NULL, "CertDigest", &many);
    const char *uri = xml_attribute(xml_only(digest, NS_DSIG, "DigestMethod", &many), "Algorithm");
    enum digest_algorithm algorithm;
    struct buffer wanted CLEANUP(buffer_clear) = {0};
    uint8_t ours[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    return uri && digest_of_uri(uri, &algorithm)
           && xml_base64(xml_only(digest, NS_DSIG, "DigestValue", &many), &wanted)
           && X509_digest(certificate, digest_evp(algorithm), ours, &size) == 1
           && span_equal(buffer_span(&wanted), span_of(ours, size));
}

/* Which of the certificates that the property names it is, from 1; 0: none. */
static unsigned place_in(const struct xades_properties *properties, X509 *certificate)
{
    unsigned place = 0;
    for (size_t i = 0; i < COUNT_OF(properties->certificates); i++)
        for (const xmlNode *at = xml_first(properties->certificates[i], properties->ns, "Cert");
             at && place < KEY_INFO_MAX_PARTS; at = xml_next(at, properties->ns, "Cert")) {
            place++;
            if (is_certificate(at, certificate))
                return place;
        }
    return 0;
}

static bool issued_another(X509 *certificate, const struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->own; i++) {
        X509 *other = candidates->all[i];
        if (X509_cmp(other, certificate) != 0 && X509_check_issued(certificate, other) == X509_V_OK)
            return true;
    }
    return false;
}

/* EN 319 132-1, 5.2.2: the property may name the whole path; the signer is the one that issued none of the
 * others, and stands first as a rule. */
static X509 *find_bound(const struct xades_properties *properties, const struct candidates *candidates)
{
    X509 *best = NULL;
    unsigned best_place = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        unsigned place = place_in(properties, candidates->all[i]);
        if (place == 0)
            continue;
        if (issued_another(candidates->all[i], candidates))
            place += KEY_INFO_MAX_PARTS;
        if (!best || place < best_place) {
            best = candidates->all[i];
            best_place = place;
        }
    }
    return best;
}

/* Without XAdES nothing says which certificate is meant: the one that KeyInfo names without carrying it, else the
 * first in it that did not issue another one there. */
static X509 *find_unbound(const struct xml_signer *signer, const struct candidates *candidates)
{
    for (size_t i = 0; i < candidates->count; i++)
        if (xml_key_info_means(&signer->info, candidates->all[i]))
            return candidates->all[i];
    for (size_t i = 0; i < candidates->own; i++)
        if (!issued_another(candidates->all[i], candidates))
            return candidates->all[i];
    return NULL;
}

/* EN 319 132-1, 4.4.2 and XAdES before it: a KeyInfo that is signed binds what it carries. */
static bool signs_key_info(const struct xml_signature *signature)
{
    for (size_t i = 0; i < signature->reference_count; i++) {
        const struct xml_reference *reference = &signature->references[i];
        if (signature->key_info && reference->target == signature->key_info
            && xml_nodes_hold_whole_subtrees(&reference->nodes) && !reference->text_only)
            return true;
    }
    return false;
}

static void say_nobody(const struct xml_signer *signer, bool names_some, struct finding *finding)
{
    const char *elsewhere = signer->info.elsewhere;
    const struct text *why = signer->info.certificates.count && names_some ? &TEXT_SIGNER_BOUND_TO_OTHER
                             : elsewhere                                   ? &TEXT_XML_KEY_ELSEWHERE
                                                                           : &TEXT_SIGNER_NOT_FOUND;
    finding_worsen(finding, INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND, why, elsewhere, NULL);
}

static EVP_PKEY *keep_key(EVP_PKEY *key)
{
    return key && EVP_PKEY_up_ref(key) == 1 ? key : NULL;
}

static void choose(const struct xml_signature *signature, const struct xades_properties *properties,
                   const struct candidates *candidates, struct xml_signer *signer, struct finding *finding)
{
    bool names_some = properties->certificates[0] || properties->certificates[1];
    signer->key_info_signed = signs_key_info(signature);
    X509 *chosen = names_some ? find_bound(properties, candidates) : find_unbound(signer, candidates);
    if (chosen && X509_up_ref(chosen) == 1) {
        signer->certificate = chosen;
        signer->bound = names_some || signer->key_info_signed;
        for (size_t i = 0; i < candidates->own; i++)
            signer->carried |= candidates->all[i] == chosen;
        signer->key = keep_key(X509_get0_pubkey(chosen));
        if (!signer->bound)
            finding_reason(finding, &TEXT_SIGNER_NOT_BOUND, NULL);
        return;
    }
    /* the value can still be verified, with a key that is in nobody's name */
    X509 *carried = names_some ? find_unbound(signer, candidates) : NULL;
    signer->key = keep_key(carried ? X509_get0_pubkey(carried) : signer->info.key);
    say_nobody(signer, names_some, finding);
}

bool xades_signer_find(const struct xml_signature *signature, const struct xades_properties *properties,
                       struct process *process, struct xml_signer *ret_signer, struct finding *finding,
                       struct error *err)
{
    struct evidence *evidence = process_evidence(process);
    if (!xml_key_info_read(signature->key_info, signature->place.ids, evidence, &ret_signer->info, err))
        return false;
    struct candidates candidates CLEANUP(candidates_clear) = {.count = 0};
    collect(ret_signer, evidence, &candidates);
    choose(signature, properties, &candidates, ret_signer, finding);
    for (size_t i = 0; i < ret_signer->info.certificates.count; i++)
        if (!evidence_add(evidence, EVIDENCE_CERTIFICATE, buffer_span(&ret_signer->info.certificates.der[i]),
                          true, err))
            return false;
    return true;
}
