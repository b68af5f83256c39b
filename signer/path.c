#include "signer/path.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "base/base_text.h"
#include "signer/path_text.h"
#include "signer/path_validate.h"
#include "signer/signer_text.h"

TEXTS_DEFINE(PATH_TEXTS, path_texts)

enum {
    MAX_ISSUERS = 32,        /* of one name, tried */
    MAX_VERIFICATIONS = 128, /* signatures on certificates, for one path */
    MAX_COMPLETE = 16        /* paths to an anchor, looked at */
};

struct issuer {
    X509 *certificate;                 /* borrowed */
    const struct trust_anchor *anchor; /* when it is one */
    unsigned rank;
};

struct search {
    const struct path_inputs *inputs;
    const struct trust *trust;
    const struct evidence *evidence;
    enum path_purpose purpose;
    int64_t at_ms;
    X509 *certificates[PATH_MAX_LENGTH]; /* so far, borrowed */
    size_t count;
    size_t verifications, complete;
    struct path *best;
    struct path_failure *failure;
    bool failed;  /* a path led to an anchor, but not validly */
    bool settled; /* nothing better can come, or a limit is reached */
};

static bool read_time(const ASN1_TIME *time, int64_t *ret_ms)
{
    struct tm utc;
    if (!time || ASN1_TIME_to_tm(time, &utc) != 1)
        return false;
    *ret_ms = (int64_t)timegm(&utc) * 1000;
    return true;
}

static bool validity(X509 *certificate, int64_t *ret_not_before_ms, int64_t *ret_not_after_ms)
{
    return read_time(X509_get0_notBefore(certificate), ret_not_before_ms)
           && read_time(X509_get0_notAfter(certificate), ret_not_after_ms);
}

bool path_validity(const struct path *path, size_t index, int64_t *ret_not_before_ms,
                   int64_t *ret_not_after_ms)
{
    return validity(path->certificates[index], ret_not_before_ms, ret_not_after_ms);
}

static bool is_current(X509 *certificate, int64_t at_ms)
{
    int64_t from_ms, until_ms;
    return validity(certificate, &from_ms, &until_ms) && from_ms <= at_ms && at_ms <= until_ms;
}

unsigned path_uses(enum path_purpose purpose)
{
    switch (purpose) {
    case PATH_SIGN:
        return TRUST_MAY_SIGN | TRUST_MAY_SEAL;
    case PATH_STAMP:
        return TRUST_MAY_STAMP;
    default: /* whoever issues certificates says what became of them */
        return ~0u;
    }
}

/* The anchor that this certificate is, one that is trusted for the purpose before others. */
static const struct trust_anchor *anchor_of(const struct search *s, X509 *certificate)
{
    const struct trust_anchor *found = NULL;
    int best = -1;
    for (size_t i = 0; i < trust_anchor_count(s->trust); i++) {
        const struct trust_anchor *anchor = trust_anchor_at(s->trust, i);
        if (anchor->certificate != certificate && X509_cmp(anchor->certificate, certificate) != 0)
            continue;
        int rank = trust_anchor_for(anchor, path_uses(s->purpose))
                   + trust_anchor_in_force(anchor, path_uses(s->purpose), s->at_ms);
        if (rank > best) {
            best = rank;
            found = anchor;
        }
    }
    return found;
}

/* The first thing that is wrong with a path that led somewhere is what people are told. */
static void note(struct search *s, const struct path_failure *failure)
{
    if (!s->failed)
        *s->failure = *failure;
    s->failed = true;
}

static void keep(struct search *s, const struct trust_anchor *anchor)
{
    path_clear(s->best);
    for (size_t i = 0; i < s->count; i++) {
        X509_up_ref(s->certificates[i]);
        s->best->certificates[i] = s->certificates[i];
    }
    s->best->count = s->count;
    s->best->anchor = anchor;
}

/* What has been put together ends at an anchor. */
static void judge(struct search *s, const struct trust_anchor *anchor)
{
    struct path_failure failure;
    bool good = trust_anchor_for(anchor, path_uses(s->purpose));
    if (!good)
        path_fail(&failure, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_PATH_ANCHOR_USE, anchor->certificate, NULL);
    good = good && path_valid(s->inputs, s->certificates, s->count, &failure)
           && path_purpose_fits(s->certificates[0], s->purpose, &failure);
    s->settled = ++s->complete == MAX_COMPLETE;
    if (!good) {
        note(s, &failure);
        return;
    }
    bool current = trust_anchor_in_force(anchor, path_uses(s->purpose), s->at_ms);
    for (size_t i = 0; i < s->count; i++)
        current = current && is_current(s->certificates[i], s->at_ms);
    if (current || s->best->count == 0)
        keep(s, anchor);
    s->settled |= current;
}

/* RFC 5280, 4.2.1.1: the key identifier helps to choose, and decides nothing. */
static bool identifiers_fit(X509 *certificate, X509 *issuer)
{
    const ASN1_OCTET_STRING *wanted = X509_get0_authority_key_id(certificate);
    const ASN1_OCTET_STRING *has = X509_get0_subject_key_id(issuer);
    return !wanted || !has || ASN1_OCTET_STRING_cmp(wanted, has) == 0;
}

static bool is_used(const struct search *s, X509 *certificate)
{
    for (size_t i = 0; i < s->count; i++)
        if (s->certificates[i] == certificate || X509_cmp(s->certificates[i], certificate) == 0)
            return true;
    return false;
}

/* Best first; of too many the worst are left out. */
static void offer(const struct search *s, X509 *certificate, struct issuer *list, size_t *count)
{
    X509 *below = s->certificates[s->count - 1];
    if (X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(below)) != 0
        || is_used(s, certificate))
        return;
    for (size_t i = 0; i < *count; i++)
        if (list[i].certificate == certificate || X509_cmp(list[i].certificate, certificate) == 0)
            return;
    struct issuer issuer = {.certificate = certificate, .anchor = anchor_of(s, certificate)};
    issuer.rank = 4 * identifiers_fit(below, certificate) + 2 * (issuer.anchor != NULL)
                  + is_current(certificate, s->at_ms);
    size_t at = *count;
    while (at > 0 && list[at - 1].rank < issuer.rank)
        at--;
    if (at == MAX_ISSUERS)
        return;
    size_t kept = *count < MAX_ISSUERS ? *count : MAX_ISSUERS - 1;
    memmove(&list[at + 1], &list[at], (kept - at) * sizeof(*list));
    list[at] = issuer;
    *count = kept + 1;
}

static size_t issuers_of(const struct search *s, struct issuer *list)
{
    size_t count = 0;
    for (size_t i = 0; i < trust_anchor_count(s->trust); i++)
        offer(s, trust_anchor_at(s->trust, i)->certificate, list, &count);
    for (int i = 0; i < sk_X509_num(trust_intermediates(s->trust)); i++)
        offer(s, sk_X509_value(trust_intermediates(s->trust), i), list, &count);
    for (size_t i = 0; s->evidence && i < evidence_count(s->evidence); i++)
        if (evidence_at(s->evidence, i)->kind == EVIDENCE_CERTIFICATE)
            offer(s, evidence_at(s->evidence, i)->certificate, list, &count);
    return count;
}

/* A key whose parameters come from further up is tried when the path is complete. */
static bool issued(struct search *s, X509 *certificate, X509 *issuer)
{
    s->verifications++;
    if (path_key_inherits(issuer))
        return true;
    return path_signed_by(certificate, X509_get0_pubkey(issuer));
}

/* Depth first; as deep as PATH_MAX_LENGTH and as long as the limits allow. */
static void climb(struct search *s, X509 *certificate, const struct trust_anchor *anchor)
{
    struct issuer list[MAX_ISSUERS];
    s->certificates[s->count++] = certificate;
    if (anchor)
        judge(s, anchor);
    size_t count = s->settled || s->count == PATH_MAX_LENGTH ? 0 : issuers_of(s, list);
    for (size_t i = 0; i < count && !s->settled; i++) {
        if (s->verifications == MAX_VERIFICATIONS)
            s->settled = true;
        else if (issued(s, certificate, list[i].certificate))
            climb(s, list[i].certificate, list[i].anchor);
    }
    s->count--;
}

bool path_find_by(const struct path_inputs *inputs, const struct trust *trust,
                  const struct evidence *evidence, X509 *signer, enum path_purpose purpose, int64_t at_ms,
                  struct path *ret_path, struct path_failure *ret_failure, struct error *err)
{
    (void)err;
    *ret_path = (struct path){0};
    bool nobody = !trust || trust_anchor_count(trust) == 0;
    *ret_failure = (struct path_failure){.indication = INDETERMINATE,
                                         .sub = SUB_NO_CERTIFICATE_CHAIN_FOUND,
                                         .reason.text = nobody ? &TEXT_NO_ANCHORS : &TEXT_CHAIN_NOT_FOUND};
    struct search search = {.inputs = inputs,
                            .trust = trust,
                            .evidence = evidence,
                            .purpose = purpose,
                            .at_ms = at_ms,
                            .best = ret_path,
                            .failure = ret_failure};
    if (!nobody)
        climb(&search, signer, anchor_of(&search, signer));
    ERR_clear_error();
    return true;
}

bool path_find(const struct trust *trust, const struct evidence *evidence, X509 *signer,
               enum path_purpose purpose, int64_t at_ms, struct path *ret_path,
               struct path_failure *ret_failure, struct error *err)
{
    static const struct path_inputs any = {0};
    return path_find_by(&any, trust, evidence, signer, purpose, at_ms, ret_path, ret_failure, err);
}

void path_clear(struct path *path)
{
    for (size_t i = 0; i < path->count; i++)
        X509_free(path->certificates[i]);
    *path = (struct path){0};
}

static int key_bits_above(const struct path *path, size_t index)
{
    X509 *issuer = path->certificates[index + 1 < path->count ? index + 1 : index];
    EVP_PKEY *key = X509_get0_pubkey(issuer);
    return key ? EVP_PKEY_get_bits(key) : 0;
}

bool path_algorithm(const struct path *path, size_t index, struct algorithm_use *ret_use,
                    char ret_name[static PATH_ALGORITHM_SIZE])
{
    X509 *certificate = path->certificates[index];
    int digest_nid = NID_undef;
    X509_get_signature_info(certificate, &digest_nid, NULL, NULL, NULL);
    const X509_ALGOR *algorithm = X509_get0_tbs_sigalg(certificate);
    OBJ_obj2txt(ret_name, PATH_ALGORITHM_SIZE, algorithm->algorithm, 0);
    struct span oid = span_of(OBJ_get0_data(algorithm->algorithm), OBJ_length(algorithm->algorithm));
    bool names_digest;
    *ret_use = (struct algorithm_use){.key_bits = key_bits_above(path, index)};
    if (!signature_of_oid(oid, &ret_use->scheme, &names_digest, &ret_use->digest))
        return false;
    for (int i = 0; i < DIGEST_ALGORITHMS; i++)
        if (EVP_MD_get_type(digest_evp((enum digest_algorithm)i)) == digest_nid) {
            ret_use->digest = (enum digest_algorithm)i;
            return true;
        }
    return false;
}
