#include "signer/revocation_scope.h"

#include <openssl/x509v3.h>

enum { LAST_REASON = 8 };

/* ---- the certificate's distribution points */

static bool names_issuer(const GENERAL_NAMES *names, const X509_NAME *issuer)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, i);
        if (name->type == GEN_DIRNAME && X509_NAME_cmp(name->d.directoryName, issuer) == 0)
            return true;
    }
    return false;
}

unsigned revocation_reasons(const ASN1_BIT_STRING *flags)
{
    unsigned reasons = 0;
    if (!flags)
        return REVOCATION_ALL_REASONS;
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

void revocation_points_read(X509 *certificate, struct revocation_points *ret_points)
{
    *ret_points = (struct revocation_points){0};
    ret_points->owned = X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    for (int i = 0; i < sk_DIST_POINT_num(ret_points->owned) && i < REVOCATION_POINTS_MAX; i++) {
        DIST_POINT *named = sk_DIST_POINT_value(ret_points->owned, i);
        if (resolve(named, X509_get_issuer_name(certificate)))
            ret_points->items[ret_points->count++] =
                (struct revocation_point){named, revocation_reasons(named->reasons)};
    }
    ret_points->items[ret_points->count++] = (struct revocation_point){NULL, REVOCATION_ALL_REASONS};
}

void revocation_points_clear(struct revocation_points *points)
{
    CRL_DIST_POINTS_free(points->owned);
    *points = (struct revocation_points){0};
}

bool revocation_points_concern(const struct revocation_points *points, X509 *certificate,
                               const X509_NAME *issuer)
{
    if (X509_NAME_cmp(issuer, X509_get_issuer_name(certificate)) == 0)
        return true;
    for (size_t i = 0; i < points->count; i++)
        if (points->items[i].named && names_issuer(points->items[i].named->CRLissuer, issuer))
            return true;
    return false;
}

/* ---- scope */

static bool names_meet(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
    for (int i = 0; i < sk_GENERAL_NAME_num(a); i++)
        for (int k = 0; k < sk_GENERAL_NAME_num(b); k++)
            if (GENERAL_NAME_cmp(sk_GENERAL_NAME_value(a, i), sk_GENERAL_NAME_value(b, k)) == 0)
                return true;
    return false;
}

/* (b)(2)(i): one name of the list's distribution point is one of the certificate's. */
static bool place_fits(const DIST_POINT_NAME *place, const struct revocation_point *point,
                       const X509_NAME *cert_issuer)
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
static bool issuer_fits(X509 *certificate, const struct revocation_list *list,
                        const struct revocation_point *point)
{
    const X509_NAME *issuer = X509_CRL_get_issuer(list->item->crl);
    bool indirect = list->point && list->point->indirectCRL > 0;
    if (point->named && point->named->CRLissuer)
        return names_issuer(point->named->CRLissuer, issuer)
               && (indirect || X509_NAME_cmp(issuer, X509_get_issuer_name(certificate)) == 0);
    return X509_NAME_cmp(issuer, X509_get_issuer_name(certificate)) == 0;
}

bool revocation_in_scope(X509 *certificate, const struct revocation_list *list,
                         const struct revocation_point *point)
{
    const ISSUING_DIST_POINT *of_list = list->point;
    bool is_ca = X509_check_ca(certificate) == 1;
    if (!issuer_fits(certificate, list, point))
        return false;
    if (!of_list)
        return true;
    /* (b)(2)(ii) to (iv) */
    if ((of_list->onlyuser > 0 && is_ca) || (of_list->onlyCA > 0 && !is_ca) || of_list->onlyattr > 0)
        return false;
    return !of_list->distpoint || place_fits(of_list->distpoint, point, X509_get_issuer_name(certificate));
}
