#include "signer/revocation.h"

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "signer/revocation_parts.h"
#include "signer/revocation_text.h"

enum {
    MEMO_MAX = 512,
    REASON_HOLD = 6,       /* RFC 5280, 5.3.1: the one that may be taken back */
    REASON_TAKEN_BACK = 8, /* removeFromCRL */
};

/* ---- what was verified before */

struct remembered {
    const uint8_t *item; /* the bytes of the list or answer */
    X509 *signer;        /* counted up; NULL: about its extensions */
    bool good;
};

struct revocation_memo {
    struct remembered entries[MEMO_MAX]; /* a ring */
    size_t count, next;
};

struct revocation_memo *revocation_memo_new(void)
{
    return calloc(1, sizeof(struct revocation_memo));
}

void revocation_memo_free(struct revocation_memo **memo)
{
    for (size_t i = 0; *memo && i < (*memo)->count; i++)
        X509_free((*memo)->entries[i].signer);
    free(*memo);
    *memo = NULL;
}

static const struct remembered *find(const struct revocation_memo *memo, const uint8_t *item, X509 *signer)
{
    for (size_t i = 0; memo && i < memo->count; i++)
        if (memo->entries[i].item == item && memo->entries[i].signer == signer)
            return &memo->entries[i];
    return NULL;
}

static bool remember(struct revocation_memo *memo, const uint8_t *item, X509 *signer, bool good)
{
    if (!memo)
        return good;
    struct remembered *entry = &memo->entries[memo->next];
    X509_free(entry->signer);
    *entry = (struct remembered){item, signer, good};
    if (signer)
        X509_up_ref(signer);
    memo->next = (memo->next + 1) % MEMO_MAX;
    if (memo->count < MEMO_MAX)
        memo->count++;
    return good;
}

static bool verify(const struct evidence_item *item, X509 *signer)
{
    if (item->kind == EVIDENCE_CRL)
        return X509_CRL_verify(item->crl, X509_get0_pubkey(signer)) == 1;
    STACK_OF(X509) *one = sk_X509_new_null();
    bool good =
        one && sk_X509_push(one, signer) > 0
        && OCSP_basic_verify(item->ocsp, one, NULL, OCSP_TRUSTOTHER | OCSP_NOVERIFY | OCSP_NOINTERN) == 1;
    sk_X509_free(one);
    return good;
}

bool revocation_signed_by(const struct revocation_look *look, const struct evidence_item *item, X509 *signer)
{
    const struct remembered *known = find(look->search->memo, item->der.data, signer);
    if (known)
        return known->good;
    bool good = verify(item, signer);
    ERR_clear_error();
    return remember(look->search->memo, item->der.data, signer, good);
}

bool revocation_memo_sound(struct revocation_memo *memo, const struct evidence_item *item,
                           bool (*is_sound)(X509_CRL *crl))
{
    const struct remembered *known = find(memo, item->der.data, NULL);
    return known ? known->good : remember(memo, item->der.data, NULL, is_sound(item->crl));
}

/* ---- times and algorithms */

bool revocation_time(const ASN1_TIME *time, int64_t *ret_ms)
{
    struct tm utc;
    if (!time || ASN1_TIME_to_tm(time, &utc) != 1)
        return false;
    *ret_ms = (int64_t)timegm(&utc) * 1000;
    return true;
}

bool revocation_in_time(const struct revocation_look *look, const struct revocation *answer)
{
    const struct revocation_search *search = look->search;
    if (answer->this_update_ms > search->at_ms + REVOCATION_SKEW_MS)
        return false;
    /* EN 319 102-1, 5.6.2.2.4 (1) a) iii */
    return !search->proved || !search->evidence
           || evidence_proved(search->evidence, answer->source->der, INT64_MAX) <= search->at_ms;
}

/* Without a policy's word the interval that the issuer itself names: until nextUpdate. */
bool revocation_is_fresh(const struct revocation_look *look, const struct revocation *answer)
{
    if (look->search->max_age_ms)
        return answer->this_update_ms >= look->search->at_ms - look->search->max_age_ms;
    return answer->next_update_ms && look->search->at_ms <= answer->next_update_ms;
}

/* RFC 4055, 3.1: the digest of RSASSA-PSS stands in its parameters; without them it is SHA-1. */
static int pss_digest(const X509_ALGOR *algorithm)
{
    RSA_PSS_PARAMS *params =
        algorithm->parameter && algorithm->parameter->type == V_ASN1_SEQUENCE
            ? ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(RSA_PSS_PARAMS), algorithm->parameter)
            : NULL;
    int nid = !params                  ? NID_undef
              : !params->hashAlgorithm ? NID_sha1
                                       : OBJ_obj2nid(params->hashAlgorithm->algorithm);
    RSA_PSS_PARAMS_free(params);
    return nid;
}

static bool digest_of_nid(int nid, enum digest_algorithm *ret_digest)
{
    for (enum digest_algorithm i = 0; i < DIGEST_ALGORITHMS; i++)
        if (EVP_MD_get_type(digest_evp(i)) == nid) {
            *ret_digest = i;
            return true;
        }
    return false;
}

bool revocation_use(struct revocation *answer, const X509_ALGOR *algorithm, X509 *signer)
{
    struct algorithm_use use = {.key_bits = EVP_PKEY_get_bits(X509_get0_pubkey(signer))};
    int nid = OBJ_obj2nid(algorithm->algorithm), digest = NID_undef, key = NID_undef;
    if (nid == NID_rsassaPss) {
        use.scheme = SCHEME_RSA_PSS;
        digest = pss_digest(algorithm);
    } else {
        OBJ_find_sigid_algs(nid, &digest, &key);
        if (key != NID_rsaEncryption && key != NID_X9_62_id_ecPublicKey)
            return false;
        use.scheme = key == NID_rsaEncryption ? SCHEME_RSA : SCHEME_ECDSA;
    }
    if (!digest_of_nid(digest, &use.digest))
        return false;
    if (answer->use_count < REVOCATION_MAX_USES)
        answer->uses[answer->use_count++] = use;
    return true;
}

/* ---- signers */

typedef STACK_OF(X509) certificate_stack;
DEFINE_CLEANUP(certificate_stack *, stack_clear, sk_X509_free)

static bool try_stack(const STACK_OF(X509) * stack, revocation_try *try, void *context, bool *ret_done,
                      struct error *err)
{
    for (int i = 0; i < sk_X509_num(stack) && !*ret_done; i++)
        if (!try(context, sk_X509_value(stack, i), ret_done, err))
            return false;
    return true;
}

static bool try_anchors(const struct trust *trust, revocation_try *try, void *context, bool *ret_done,
                        struct error *err)
{
    for (size_t i = 0; i < trust_anchor_count(trust) && !*ret_done; i++)
        if (!try(context, trust_anchor_at(trust, i)->certificate, ret_done, err))
            return false;
    return true;
}

bool revocation_signers(const struct revocation_look *look, const STACK_OF(X509) * extra, revocation_try *try,
                        void *context, struct error *err)
{
    const struct evidence *evidence = look->search->evidence;
    const struct trust *trust = look->search->trust;
    bool done = false;
    if (!try(context, look->issuer, &done, err) || !try_stack(extra, try, context, &done, err))
        return false;
    for (size_t i = 0; evidence && i < evidence_count(evidence) && !done; i++) {
        const struct evidence_item *item = evidence_at(evidence, i);
        if (item->kind == EVIDENCE_CERTIFICATE && !try(context, item->certificate, &done, err))
            return false;
    }
    return done || !trust
           || (try_stack(trust_intermediates(trust), try, context, &done, err)
               && try_anchors(trust, try, context, &done, err));
}

static bool issued_by(X509 *certificate, X509 *issuer)
{
    bool good = X509_NAME_cmp(X509_get_issuer_name(certificate), X509_get_subject_name(issuer)) == 0
                && X509_verify(certificate, X509_get0_pubkey(issuer)) == 1;
    ERR_clear_error();
    return good;
}

static bool same_entity(X509 *a, X509 *b)
{
    return X509_NAME_cmp(X509_get_subject_name(a), X509_get_subject_name(b)) == 0
           && EVP_PKEY_eq(X509_get0_pubkey(a), X509_get0_pubkey(b)) == 1;
}

bool revocation_accept(struct revocation_look *look, X509 *signer, struct revocation *answer,
                       bool *ret_accepted, struct error *err)
{
    answer->signer = signer;
    answer->no_check = X509_get_ext_by_NID(signer, NID_id_pkix_OCSP_noCheck, -1) >= 0;
    *ret_accepted = true;
    if (signer == look->issuer || same_entity(signer, look->issuer)) {
        answer->by = REVOCATION_BY_ISSUER;
        return true;
    }
    answer->by = issued_by(signer, look->issuer) ? REVOCATION_BY_DELEGATE : REVOCATION_BY_OTHER;
    if (look->search->accept) {
        if (!look->search->accept(look->search->context, answer, ret_accepted, err))
            return false;
    } else {
        *ret_accepted = answer->by == REVOCATION_BY_DELEGATE;
    }
    if (!*ret_accepted) {
        char name[TEXT_ARG_SIZE] = "";
        certificate_name(X509_get_subject_name(signer), sizeof(name), name);
        revocation_doubt(look, &TEXT_REVOCATION_SIGNER, name);
    }
    return true;
}

/* ---- the best answer */

/* X.509, 8.5.3.1: only a certificate on hold comes back. */
static bool is_final(const struct revocation *answer)
{
    return answer->status == REVOCATION_REVOKED && answer->reason != REASON_HOLD
           && answer->reason != REASON_TAKEN_BACK;
}

void revocation_offer(struct revocation_look *look, const struct revocation *answer)
{
    const struct revocation *best = &look->best;
    bool better = best->status == REVOCATION_UNKNOWN   ? true
                  : is_final(answer) != is_final(best) ? is_final(answer)
                                                       : answer->this_update_ms > best->this_update_ms;
    if (better)
        look->best = *answer;
}

void revocation_doubt(struct revocation_look *look, const struct text *why, const char *arg)
{
    struct revocation *best = &look->best;
    if (best->status != REVOCATION_UNKNOWN || best->why)
        return;
    best->why = why;
    snprintf(best->why_arg, sizeof(best->why_arg), "%s", arg ? arg : "");
}

bool revocation_find(const struct revocation_search *search, X509 *certificate, X509 *issuer,
                     struct revocation *ret_revocation, struct error *err)
{
    struct revocation_look look = {.search = search, .certificate = certificate, .issuer = issuer};
    look.best.reason = REVOCATION_NO_REASON;
    if (!revocation_time(X509_get0_notAfter(certificate), &look.expiry_ms))
        look.expiry_ms = INT64_MAX;
    bool good = revocation_from_answers(&look, err) && revocation_from_lists(&look, err);
    ERR_clear_error();
    if (!good)
        return false;
    revocation_doubt(&look, &TEXT_REVOCATION_NOTHING, NULL);
    *ret_revocation = look.best;
    return true;
}
