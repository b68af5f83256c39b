/* The XAdES properties of a signature (EN 319 132-1; older versions of the schema too), all taken from this very
 * signature: properties found elsewhere are somebody's trick. */
#pragma once

#include "signer/xades_read.h"

struct xades_properties {
    const xmlNode *qualifying;                                 /* NULL: no XAdES */
    const char *ns;                                            /* the version of XAdES they are in */
    const xmlNode *signed_properties, *of_signature, *of_data; /* may be NULL */
    const xmlNode *unsigned_of_signature;                      /* may be NULL */
    const xmlNode *certificates[2]; /* SigningCertificateV2, SigningCertificate; NULL where there is none */
};

/* Finds them, and checks that they belong to this signature and that it signs them. *ret_good is false when they
 * do not: the finding says why. Takes the claimed time. */
bool xades_properties_read(const struct xml_signature *signature, struct xades_properties *ret_properties,
                           struct finding *finding);
/* Whether the reference is to these signed properties. */
bool xades_is_properties(const struct xades_properties *properties, const struct xml_reference *reference);
