/* Revocation lists: RFC 5280, 5 (what they are) and 6.3.3 (how one certificate is looked up, distribution point by
 * distribution point, until every reason is accounted for). */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "base/base_text.h"
#include "signer/revocation_parts.h"
#include "signer/revocation_text.h"

enum {
    ALL_REASONS = 0x1FE, /* RFC 5280, 4.2.1.13: bits 1 to 8 of ReasonFlags */
    LAST_REASON = 8,
    POINTS_MAX = 32, /* distribution points of a certificate that are looked at */
    REMOVED = 2      /* what X509_CRL_get0_by_cert says of removeFromCRL */
};

/* X.509, 8.6.2.9: 2.5.29.60 */
#define OID_EXPIRED_CERTS SPAN_LITERAL("\x55\x1D\x3C")

DEFINE_CLEANUP(AUTHORITY_KEYID *, key_id_clear, AUTHORITY_KEYID_free)

/* A list that may be about the certificate: its issuer is the certificate's or one that a distribution point
 * names. */
struct list {
    const struct evidence_item *item;
    int64_t this_ms, next_ms;
    ISSUING_DIST_POINT *point;   /* NULL: about everything its issuer issued */
    ASN1_INTEGER *number, *base; /* base: this is a delta */
    int64_t remembers_ms; /* certificates that expired since then are still listed; INT64_MAX: not said */
    bool unusable;
};

struct lists {
    struct list *items;
    size_t count;
};

static void list_clear(struct list *list)
{
    ISSUING_DIST_POINT_free(list->point);
    ASN1_INTEGER_free(list->number);
    ASN1_INTEGER_free(list->base);
    *list = (struct list){0};
}

static void lists_clear(struct lists *lists)
{
    for (size_t i = 0; i < lists->count; i++)
        list_clear(&lists->items[i]);
    free(lists->items);
    *lists = (struct lists){0};
}

/* One way through: a distribution point of the certificate, or the one it need not name (RFC 5280, 6.3.3, last
 * paragraph). */
struct point {
    DIST_POINT *named; /* NULL: the unnamed one */
    unsigned reasons;
};

struct walk {
    struct revocation_look *look;
    struct lists lists; /* newest first */
    CRL_DIST_POINTS *owned;
    struct point points[POINTS_MAX + 1];
    size_t point_count;
    unsigned covered; /* reasons that have been answered for */
    bool revoked;
    struct revocation good;
};

/* ---- what a list says of itself */

static bool is_known(int nid)
{
    return nid == NID_issuing_distribution_point || nid == NID_delta_crl
           || nid == NID_authority_key_identifier || nid == NID_crl_number || nid == NID_issuer_alt_name
           || nid == NID_freshest_crl || nid == NID_info_access;
}

static bool entry_is_known(int nid)
{
    return nid == NID_crl_reason || nid == NID_invalidity_date || nid == NID_certificate_issuer
           || nid == NID_hold_instruction_code;
}

/* RFC 5280, 5.2 and 5.3: a list with a critical part that is not understood says nothing about anybody. */
static bool is_understood(X509_CRL *crl)
{
    STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(crl);
    for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
        X509_EXTENSION *extension = X509_CRL_get_ext(crl, i);
        if (X509_EXTENSION_get_critical(extension)
            && !is_known(OBJ_obj2nid(X509_EXTENSION_get_object(extension))))
            return false;
    }
    for (int i = 0; i < sk_X509_REVOKED_num(entries); i++) {
        const X509_REVOKED *entry = sk_X509_REVOKED_value(entries, i);
        for (int k = 0; k < X509_REVOKED_get_ext_count(entry); k++) {
            X509_EXTENSION *extension = X509_REVOKED_get_ext(entry, k);
            if (X509_EXTENSION_get_critical(extension)
                && !entry_is_known(OBJ_obj2nid(X509_EXTENSION_get_object(extension))))
                return false;
        }
    }
    return true;
}

static int64_t read_remembers(X509_CRL *crl)
{
    int64_t since_ms = INT64_MAX;
    for (int i = 0; i < X509_CRL_get_ext_count(crl); i++) {
        X509_EXTENSION *extension = X509_CRL_get_ext(crl, i);
        const ASN1_OBJECT *object = X509_EXTENSION_get_object(extension);
        if (!span_equal(span_of(OBJ_get0_data(object), OBJ_length(object)), OID_EXPIRED_CERTS))
            continue;
        const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(extension);
        const unsigned char *at = ASN1_STRING_get0_data(value);
        ASN1_GENERALIZEDTIME *time = d2i_ASN1_GENERALIZEDTIME(NULL, &at, ASN1_STRING_length(value));
        if (!revocation_time(time, &since_ms))
            since_ms = INT64_MAX;
        ASN1_GENERALIZEDTIME_free(time);
    }
    return since_ms;
}

/* An extension that is there (critical or not) but cannot be read makes the list unusable: `found` is -1 when it
 * is absent. */
static void *read_extension(struct list *list, int nid)
{
    int found;
    void *value = X509_CRL_get_ext_d2i(list->item->crl, nid, &found, NULL);
    if (!value && found != -1)
        list->unusable = true;
    return value;
}

static void read_list(const struct evidence_item *item, struct list *ret_list)
{
    X509_CRL *crl = item->crl;
    *ret_list = (struct list){.item = item};
    const ASN1_TIME *next = X509_CRL_get0_nextUpdate(crl);
    if (!revocation_time(X509_CRL_get0_lastUpdate(crl), &ret_list->this_ms)
        || (next && !revocation_time(next, &ret_list->next_ms)))
        ret_list->unusable = true;
    ret_list->point = read_extension(ret_list, NID_issuing_distribution_point);
    ret_list->number = read_extension(ret_list, NID_crl_number);
    ret_list->base = read_extension(ret_list, NID_delta_crl);
    ret_list->remembers_ms = read_remembers(crl);
    /* relative to the list's issuer */
    if (ret_list->point && ret_list->point->distpoint
        && DIST_POINT_set_dpname(ret_list->point->distpoint, X509_CRL_get_issuer(crl)) != 1)
        ret_list->unusable = true;
}

/* ---- which lists may be about the certificate */

static bool names_issuer(const GENERAL_NAMES *names, const X509_NAME *issuer)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DIRNAME && X509_NAME_cmp(name->d.directoryName, issuer) == 0)
            return true;
    }
    return false;
}

static bool may_concern(const struct walk *walk, X509_CRL *crl)
{
    const X509_NAME *issuer = X509_CRL_get_issuer(crl);
    if (X509_NAME_cmp(issuer, X509_get_issuer_name(walk->look->certificate)) == 0)
        return true;
    for (size_t i = 0; i < walk->point_count; i++)
        if (walk->points[i].named && names_issuer(walk->points[i].named->CRLissuer, issuer))
            return true;
    return false;
}

static int by_age(const void *a, const void *b)
{
    const struct list *left = a, *right = b;
    return (right->this_ms > left->this_ms) - (right->this_ms < left->this_ms);
}

static void add_list(struct walk *walk, const struct evidence_item *item)
{
    if (item->kind != EVIDENCE_CRL || !may_concern(walk, item->crl))
        return;
    struct list *list = &walk->lists.items[walk->lists.count];
    read_list(item, list);
    const struct revocation answer = {.source = item, .this_update_ms = list->this_ms};
    if (!list->unusable && revocation_in_time(walk->look, &answer))
        walk->lists.count++;
    else
        list_clear(list);
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

/* ---- the certificate's distribution points */

static unsigned reasons_of(const ASN1_BIT_STRING *flags)
{
    unsigned reasons = 0;
    if (!flags)
        return ALL_REASONS;
    for (int bit = 1; bit <= LAST_REASON; bit++)
        if (ASN1_BIT_STRING_get_bit(flags, bit))
            reasons |= 1u << bit;
    return reasons;
}

/* Names that are relative, are so to the CRL's issuer (RFC 5280, 4.2.1.13). */
static bool resolve(DIST_POINT *point, const X509_NAME *issuer)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(point->CRLissuer); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(point->CRLissuer, i);
        if (name->type == GEN_DIRNAME)
            issuer = name->d.directoryName;
    }
    return !point->distpoint || DIST_POINT_set_dpname(point->distpoint, issuer) == 1;
}

static void read_points(struct walk *walk)
{
    X509 *certificate = walk->look->certificate;
    walk->owned = X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    for (int i = 0; i < sk_DIST_POINT_num(walk->owned) && i < POINTS_MAX; i++) {
        DIST_POINT *named = sk_DIST_POINT_value(walk->owned, i);
        if (resolve(named, X509_get_issuer_name(certificate)))
            walk->points[walk->point_count++] = (struct point){named, reasons_of(named->reasons)};
    }
    walk->points[walk->point_count++] = (struct point){NULL, ALL_REASONS};
}

/* ---- RFC 5280, 6.3.3 (b): scope */

static bool names_meet(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(a); i++)
        for (int k = 0; k < sk_GENERAL_NAME_num(b); k++)
            if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a, i), sk_GENERAL_NAME_value(b, k)) == 0)
                return true;
    return false;
}

/* (b)(2)(i): one name of the list's distribution point is one of the certificate's. */
static bool place_fits(const DIST_POINT_NAME *place, const struct point *point, const X509_NAME *cert_issuer)
{
    const DIST_POINT_NAME *named = point->named ? point->named->distpoint : NULL;
    const GENERAL_NAMES *instead = point->named ? point->named->CRLissuer : NULL;
    if (named && place->type == 1 && named->type == 1)
        return place->dpname && named->dpname && X509_NAME_cmp(place->dpname, named->dpname) == 0;
    if (named && named->type == 1)
        return named->dpname && names_issuer(place->name.fullname, named->dpname);
    const GENERAL_NAMES *names = named ? named->name.fullname : instead;
    if (place->type == 1)
        return place->dpname
               && (names ? names_issuer(names, place->dpname)
                         : X509_NAME_cmp(place->dpname, cert_issuer) == 0);
    return names ? names_meet(place->name.fullname, names) : names_issuer(place->name.fullname, cert_issuer);
}

/* (b)(1): the list's issuer is whom the point names, who then says that it lists others' certificates; else the
 * certificate's issuer. */
static bool issuer_fits(const struct walk *walk, const struct list *list, const struct point *point)
{
    const X509_NAME *issuer = X509_CRL_get_issuer(list->item->crl);
    bool indirect = list->point && list->point->indirectCRL > 0;
    if (point->named && point->named->CRLissuer)
        return names_issuer(point->named->CRLissuer, issuer)
               && (indirect || X509_NAME_cmp(issuer, X509_get_issuer_name(walk->look->certificate)) == 0);
    return X509_NAME_cmp(issuer, X509_get_issuer_name(walk->look->certificate)) == 0;
}

static bool is_in_scope(const struct walk *walk, const struct list *list, const struct point *point)
{
    const ISSUING_DIST_POINT *of_list = list->point;
    X509 *certificate = walk->look->certificate;
    bool is_ca = X509_check_ca(certificate) == 1;
    if (!issuer_fits(walk, list, point))
        return false;
    if (!of_list)
        return true;
    /* (b)(2)(ii) to (iv) */
    if ((of_list->onlyuser > 0 && is_ca) || (of_list->onlyCA > 0 && !is_ca) || of_list->onlyattr > 0)
        return false;
    return !of_list->distpoint || place_fits(of_list->distpoint, point, X509_get_issuer_name(certificate));
}

/* ---- (f), (g): who signed it */

struct trying {
    struct walk *walk;
    struct list *list;
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
static bool believe(struct walk *walk, struct list *list, struct revocation *answer, bool *ret_believed,
                    struct error *err)
{
    struct trying trying = {.walk = walk, .list = list, .answer = answer};
    *ret_believed = false;
    if (!revocation_memo_sound(walk->look->search->memo, list->item, is_understood)) {
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

static bool same_scope(const struct list *a, const struct list *b)
{
    unsigned char *left = NULL, *right = NULL;
    int left_size = a->point ? i2d_ISSUING_DIST_POINT(a->point, &left) : 0;
    int right_size = b->point ? i2d_ISSUING_DIST_POINT(b->point, &right) : 0;
    bool same = left_size >= 0 && right_size >= 0
                && span_equal(span_of(left, (size_t)left_size), span_of(right, (size_t)right_size));
    OPENSSL_free(left);
    OPENSSL_free(right);
    return same;
}

static bool same_key(X509_CRL *a, X509_CRL *b)
{
    AUTHORITY_KEYID *left CLEANUP(key_id_clear) =
        X509_CRL_get_ext_d2i(a, NID_authority_key_identifier, NULL, NULL),
                          *right CLEANUP(key_id_clear) =
                              X509_CRL_get_ext_d2i(b, NID_authority_key_identifier, NULL, NULL);
    if (!left || !right || !left->keyid || !right->keyid)
        return left == right || (left && right && left->keyid == right->keyid);
    return ASN1_OCTET_STRING_cmp(left->keyid, right->keyid) == 0;
}

/* RFC 5280, 5.2.4: same issuer, scope and key; the base is at least the one the delta was made from, and older. */
static bool complements(const struct list *delta, const struct list *base)
{
    return delta->base && !delta->unusable && base->number && delta->number
           && X509_NAME_cmp(X509_CRL_get_issuer(delta->item->crl), X509_CRL_get_issuer(base->item->crl)) == 0
           && same_scope(delta, base) && same_key(delta->item->crl, base->item->crl)
           && ASN1_INTEGER_cmp(base->number, delta->base) >= 0
           && ASN1_INTEGER_cmp(base->number, delta->number) < 0;
}

/* The newest delta of the base by the same hand; NULL when there is none. */
static struct list *find_delta(struct walk *walk, const struct list *base, X509 *signer)
{
    for (size_t i = 0; i < walk->lists.count; i++) {
        struct list *delta = &walk->lists.items[i];
        if (complements(delta, base)
            && revocation_memo_sound(walk->look->search->memo, delta->item, is_understood)
            && revocation_signed_by(walk->look, delta->item, signer))
            return delta;
    }
    return NULL;
}

/* ---- (i), (j): the entry */

static bool find_entry(const struct walk *walk, const struct list *list, X509_REVOKED **ret_entry)
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
static bool judge_pair(struct walk *walk, const struct list *base, struct revocation *answer)
{
    X509_REVOKED *entry = NULL;
    const struct list *delta = find_delta(walk, base, answer->signer);
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

static void start_answer(const struct list *list, struct revocation *ret_answer)
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
static bool look_at(struct walk *walk, struct list *list, const struct point *point, bool listed_only,
                    struct error *err)
{
    X509_REVOKED *entry = NULL;
    struct revocation answer;
    bool believed = false;
    unsigned reasons = reasons_of(list->point ? list->point->onlysomereasons : NULL) & point->reasons;
    if (list->base || list->unusable || !is_in_scope(walk, list, point))
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
    for (size_t p = 0; p < walk->point_count; p++)
        for (size_t i = 0; i < walk->lists.count; i++)
            if (!look_at(walk, &walk->lists.items[i], &walk->points[p], listed_only, err))
                return false;
    return true;
}

static void conclude(struct walk *walk)
{
    if (walk->revoked)
        return;
    if (walk->covered == ALL_REASONS && walk->good.status == REVOCATION_GOOD)
        revocation_offer(walk->look, &walk->good);
    else if (walk->lists.count)
        revocation_doubt(walk->look, &TEXT_REVOCATION_PARTLY, NULL);
}

/* First whether any list, however old, has the certificate for good: what is revoked stays so, even when a newer list
 * has forgotten it. Then the newest lists for what is left. */
bool revocation_from_lists(struct revocation_look *look, struct error *err)
{
    struct walk walk = {.look = look};
    read_points(&walk);
    bool good = collect(&walk, err) && walk_lists(&walk, true, err) && walk_lists(&walk, false, err);
    if (good)
        conclude(&walk);
    lists_clear(&walk.lists);
    CRL_DIST_POINTS_free(walk.owned);
    return good;
}
