#include "signer/revocation_list.h"

#include <openssl/x509v3.h>

/* X.509, 8.6.2.9: 2.5.29.60 */
#define OID_EXPIRED_CERTS SPAN_LITERAL("\x55\x1D\x3C")

void revocation_list_clear(struct revocation_list *list)
{
    ISSUING_DIST_POINT_free(list->point);
    ASN1_INTEGER_free(list->number);
    ASN1_INTEGER_free(list->base);
    *list = (struct revocation_list){0};
}

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

bool revocation_list_understood(X509_CRL *crl)
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
static void *read_extension(struct revocation_list *list, int nid)
{
    int found;
    void *value = X509_CRL_get_ext_d2i(list->item->crl, nid, &found, NULL);
    if (!value && found != -1)
        list->unusable = true;
    return value;
}

void revocation_list_read(const struct evidence_item *item, struct revocation_list *ret_list)
{
    X509_CRL *crl = item->crl;
    *ret_list = (struct revocation_list){.item = item};
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

/* ---- deltas */

static bool same_scope(const struct revocation_list *a, const struct revocation_list *b)
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

bool revocation_list_complements(const struct revocation_list *delta, const struct revocation_list *base)
{
    return delta->base && !delta->unusable && base->number && delta->number
           && X509_NAME_cmp(X509_CRL_get_issuer(delta->item->crl), X509_CRL_get_issuer(base->item->crl)) == 0
           && same_scope(delta, base) && same_key(delta->item->crl, base->item->crl)
           && ASN1_INTEGER_cmp(base->number, delta->base) >= 0
           && ASN1_INTEGER_cmp(base->number, delta->number) < 0;
}
