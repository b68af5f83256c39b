/* Which lists are about a certificate: its distribution points, and the scope that a list gives itself (RFC 5280, 4.2.1.13,
 * 5.2.5 and 6.3.3 (b)). */
#pragma once

#include "signer/revocation_list.h"

enum {
    REVOCATION_ALL_REASONS = 0x1FE, /* RFC 5280, 4.2.1.13: bits 1 to 8 of ReasonFlags */
    REVOCATION_POINTS_MAX = 32      /* distribution points of a certificate that are looked at */
};

/* One way to lists: a distribution point of the certificate, or the one it need not name (RFC 5280, 6.3.3, last
 * paragraph). */
struct revocation_point {
    DIST_POINT *named; /* NULL: the unnamed one */
    unsigned reasons;
};

struct revocation_points {
    CRL_DIST_POINTS *owned;
    struct revocation_point items[REVOCATION_POINTS_MAX + 1];
    size_t count;
};

void revocation_points_read(X509 *certificate, struct revocation_points *ret_points);
void revocation_points_clear(struct revocation_points *points);
/* Whether lists of that issuer may be about the certificate: it is the certificate's, or a distribution point names it. */
bool revocation_points_concern(const struct revocation_points *points, X509 *certificate,
                               const X509_NAME *issuer);
/* Bits of ReasonFlags; all of them for NULL. */
unsigned revocation_reasons(const ASN1_BIT_STRING *flags);
/* RFC 5280, 6.3.3 (b) */
bool revocation_in_scope(X509 *certificate, const struct revocation_list *list,
                         const struct revocation_point *point);
