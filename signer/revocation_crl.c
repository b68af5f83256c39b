/* Revocation lists: RFC 5280, 5 (what they are) and 6.3.3 (how one certificate is looked up, distribution point by
 * distribution point, until every reason is accounted for). */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/base_text.h"
#include "signer/revocation_scope.h"
#include "signer/revocation_text.h"

enum { REMOVED = 2 /* what X509_CRL_get0_by_cert says of removeFromCRL */ };

/* Those that may be about the certificate: their issuer is its own or one that a distribution point names. */
struct lists {
    struct revocation_list *items;
    size_t count;
};

static void lists_clear(struct lists *lists)
{
    for (size_t i = 0; i < lists->count; i++)
        revocation_list_clear(&lists->items[i]);
    free(lists->items);
    *lists = (struct lists){0};
}

struct walk {
    struct revocation_look *look;
    struct lists lists; /* newest first */
    struct revocation_points points;
    unsigned covered; /* reasons that have been answered for */
    bool revoked;
    struct revocation good;
};

/* ---- which lists may be about the certificate */

static int by_age(const void *a, const void *b)
{
    const struct revocation_list *left = a, *right = b;
    return (right->this_ms > left->this_ms) - (right->this_ms < left->this_ms);
}

static void add_list(struct walk *walk, const struct evidence_item *item)
{
    if (item->kind != EVIDENCE_CRL
        || !revocation_points_concern(&walk->points, walk->look->certificate, X509_CRL_get_issuer(item->crl)))
        return;
    struct revocation_list *list = &walk->lists.items[walk->lists.count];
    revocation_list_read(item, list);
    const struct revocation answer = {.source = item, .this_update_ms = list->this_ms};
    if (!list->unusable && revocation_in_time(walk->look, &answer))
        walk->lists.count++;
    else
        revocation_list_clear(list);
}

static bool collect(struct walk *walk, struct error *err)
{
    const struct evidence *evidence = walk->look->search->evidence;
    const struct trust *trust = walk->look->search->trust;
    size_t of_evidence = evidence ? evidence_count(evidence) : 0,
           of_trust = trust ? trust_crl_count(trust) : 0;
    if (of_evidence + of_trust == 0)
        return true;
    walk->lists.items = calloc(of_evidence + of_trust, sizeof(*walk->lists.items));
    if (!walk->lists.items)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t i = 0; i < of_evidence; i++)
        add_list(walk, evidence_at(evidence, i));
    for (size_t i = 0; i < of_trust; i++)
        add_list(walk, trust_crl_at(trust, i));
    if (walk->lists.count)
        qsort(walk->lists.items, walk->lists.count, sizeof(*walk->lists.items), by_age);
    return true;
}

/* ---- (f), (g): who signed it */

struct trying {
    struct walk *walk;
    struct revocation_list *list;
    struct revocation *answer;
    X509 *only; /* a delta: whoever signed the base */
    bool accepted;
};

/* RFC 5280, 4.2.1.1 and 5.2.1: when several keys of one name are about, the identifier chooses. */
static bool key_fits(X509_CRL *crl, X509 *signer)
{
    AUTHORITY_KEYID *id CLEANUP(key_id_clear) =
        X509_CRL_get_ext_d2i(crl, NID_authority_key_identifier, NULL, NULL);
    const ASN1_OCTET_STRING *key = X509_get0_subject_key_id(signer);
    return !id || !id->keyid || !key || ASN1_OCTET_STRING_cmp(id->keyid, key) == 0;
}

static bool try_signer(void *context, X509 *signer, bool *ret_done, struct error *err)
{
    struct trying *trying = context;
    struct revocation_look *look = trying->walk->look;
    X509_CRL *crl = trying->list->item->crl;
    if (X509_NAME_cmp(X509_get_subject_name(signer), X509_CRL_get_issuer(crl)) != 0 || !key_fits(crl, signer))
        return true;
    /* (f): keyUsage, when there is one, allows it */
    if (!(X509_get_key_usage(signer) & KU_CRL_SIGN)) {
        char name[TEXT_ARG_SIZE] = "";
        certificate_name(X509_get_subject_name(signer), sizeof(name), name);
        revocation_doubt(look, &TEXT_REVOCATION_SIGNER, name);
        return true;
    }
    if (!revocation_signed_by(look, trying->list->item, signer)) {
        revocation_doubt(look, &TEXT_REVOCATION_SIGNATURE, NULL);
        return true;
    }
    const X509_ALGOR *algorithm;
    X509_CRL_get0_signature(crl, NULL, &algorithm);
    if (!revocation_use(trying->answer, algorithm, signer)) {
        revocation_doubt(look, &TEXT_REVOCATION_ALGORITHM, NULL);
        return true;
    }
    if (!revocation_accept(look, signer, trying->answer, &trying->accepted, err))
        return false;
    *ret_done = trying->accepted;
    return true;
}

/* Checks a list's signature and extensions, once it turns out to matter. */
static bool believe(struct walk *walk, struct revocation_list *list, struct revocation *answer,
                    bool *ret_believed, struct error *err)
{
    struct trying trying = {.walk = walk, .list = list, .answer = answer};
    *ret_believed = false;
    if (!revocation_memo_sound(walk->look->search->memo, list->item, revocation_list_understood)) {
        list->unusable = true;
        revocation_doubt(walk->look, &TEXT_REVOCATION_CRITICAL, NULL);
        return true;
    }
    if (!revocation_signers(walk->look, NULL, try_signer, &trying, err))
        return false;
    *ret_believed = trying.accepted;
    list->unusable = !trying.accepted;
    return true;
}

/* ---- (c): deltas */

/* The newest delta of the base by the same hand; NULL when there is none. */
static struct revocation_list *find_delta(struct walk *walk, const struct revocation_list *base, X509 *signer)
{
    for (size_t i = 0; i < walk->lists.count; i++) {
        struct revocation_list *delta = &walk->lists.items[i];
        if (revocation_list_complements(delta, base)
            && revocation_memo_sound(walk->look->search->memo, delta->item, revocation_list_understood)
            && revocation_signed_by(walk->look, delta->item, signer))
            return delta;
    }
    return NULL;
}

/* ---- (i), (j): the entry */

static bool find_entry(const struct walk *walk, const struct revocation_list *list, X509_REVOKED **ret_entry)
{
    return X509_CRL_get0_by_cert(list->item->crl, ret_entry, walk->look->certificate) > 0;
}

static int reason_of(const X509_REVOKED *entry)
{
    int found;
    ASN1_ENUMERATED *value = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &found, NULL);
    long reason = value ? ASN1_ENUMERATED_get(value) : REVOCATION_NO_REASON;
    ASN1_ENUMERATED_free(value);
    return (int)reason;
}

static void read_entry(const X509_REVOKED *entry, struct revocation *answer)
{
    answer->status = REVOCATION_REVOKED;
    answer->reason = reason_of(entry);
    if (!revocation_time(X509_REVOKED_get0_revocationDate(entry), &answer->at_ms))
        answer->at_ms = answer->this_update_ms; /* revoked since it says so, at the latest */
    ASN1_GENERALIZEDTIME *invalid = X509_REVOKED_get_ext_d2i(entry, NID_invalidity_date, NULL, NULL);
    if (!revocation_time(invalid, &answer->invalid_since_ms))
        answer->invalid_since_ms = 0;
    ASN1_GENERALIZEDTIME_free(invalid);
}

/* What base and delta together say. */
static bool judge_pair(struct walk *walk, const struct revocation_list *base, struct revocation *answer)
{
    X509_REVOKED *entry = NULL;
    const struct revocation_list *delta = find_delta(walk, base, answer->signer);
    bool in_delta = delta && find_entry(walk, delta, &entry);
    answer->fresh = revocation_is_fresh(walk->look, answer);
    if (delta) {
        const X509_ALGOR *algorithm;
        X509_CRL_get0_signature(delta->item->crl, NULL, &algorithm);
        if (!revocation_use(answer, algorithm, answer->signer))
            return false;
        answer->this_update_ms = delta->this_ms;
        answer->next_update_ms = delta->next_ms;
    }
    answer->status = REVOCATION_GOOD;
    answer->reason = REVOCATION_NO_REASON;
    answer->fresh = answer->fresh || revocation_is_fresh(walk->look, answer);
    if (in_delta && X509_CRL_get0_by_cert(delta->item->crl, &entry, walk->look->certificate) == REMOVED)
        return true; /* taken off hold */
    if (in_delta || find_entry(walk, base, &entry))
        read_entry(entry, answer);
    return true;
}

/* ---- the walk */

static void start_answer(const struct revocation_list *list, struct revocation *ret_answer)
{
    *ret_answer = (struct revocation){.source = list->item,
                                      .embedded = list->item->embedded,
                                      .this_update_ms = list->this_ms,
                                      .next_update_ms = list->next_ms,
                                      .reason = REVOCATION_NO_REASON};
}

/* Lists that together account for all reasons are as old as the oldest of them. */
static void add_good(struct walk *walk, const struct revocation *answer)
{
    if (walk->good.status == REVOCATION_UNKNOWN || answer->this_update_ms < walk->good.this_update_ms) {
        bool fresh = walk->good.status == REVOCATION_UNKNOWN || walk->good.fresh;
        walk->good = *answer;
        walk->good.fresh = fresh && answer->fresh;
    } else {
        walk->good.fresh = walk->good.fresh && answer->fresh;
    }
}

/* (d), (e), (l) */
static bool look_at(struct walk *walk, struct revocation_list *list, const struct revocation_point *point,
                    bool listed_only, struct error *err)
{
    X509_REVOKED *entry = NULL;
    struct revocation answer;
    bool believed = false;
    unsigned reasons = revocation_reasons(list->point ? list->point->onlysomereasons : NULL) & point->reasons;
    if (list->base || list->unusable || !revocation_in_scope(walk->look->certificate, list, point))
        return true;
    if (listed_only ? !find_entry(walk, list, &entry) || reason_of(entry) == CRL_REASON_CERTIFICATE_HOLD
                    : !(reasons & ~walk->covered))
        return true;
    start_answer(list, &answer);
    if (!believe(walk, list, &answer, &believed, err))
        return false;
    if (!believed || !judge_pair(walk, list, &answer))
        return true;
    if (answer.status == REVOCATION_REVOKED) {
        revocation_offer(walk->look, &answer);
        walk->covered |= reasons;
        walk->revoked = true;
    } else if (list->this_ms > walk->look->expiry_ms && list->remembers_ms > walk->look->expiry_ms) {
        revocation_doubt(walk->look, &TEXT_REVOCATION_AFTER_END, NULL);
    } else if (!listed_only) {
        walk->covered |= reasons;
        add_good(walk, &answer);
    }
    return true;
}

static bool walk_lists(struct walk *walk, bool listed_only, struct error *err)
{
    for (size_t p = 0; p < walk->points.count; p++)
        for (size_t i = 0; i < walk->lists.count; i++)
            if (!look_at(walk, &walk->lists.items[i], &walk->points.items[p], listed_only, err))
                return false;
    return true;
}

static void conclude(struct walk *walk)
{
    if (walk->revoked)
        return;
    if (walk->covered == REVOCATION_ALL_REASONS && walk->good.status == REVOCATION_GOOD)
        revocation_offer(walk->look, &walk->good);
    else if (walk->lists.count)
        revocation_doubt(walk->look, &TEXT_REVOCATION_PARTLY, NULL);
}

/* First whether any list, however old, has the certificate for good: what is revoked stays so, even when a newer list
 * has forgotten it. Then the newest lists for what is left. */
bool revocation_from_lists(struct revocation_look *look, struct error *err)
{
    struct walk walk = {.look = look};
    revocation_points_read(look->certificate, &walk.points);
    bool good = collect(&walk, err) && walk_lists(&walk, true, err) && walk_lists(&walk, false, err);
    if (good)
        conclude(&walk);
    lists_clear(&walk.lists);
    revocation_points_clear(&walk.points);
    return good;
}
