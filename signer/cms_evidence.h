/* Certificates, revocation lists, OCSP answers and tokens that a SignedData carries: in its sets (RFC 5652, 10.2;
 * RFC 5940), in attributes of its signers (EN 319 122-1, annex A.1), and within the tokens in those attributes. For the
 * CMS rooms alone. */
#pragma once

#include "signer/cms_read.h"
#include "signer/process.h"

enum cms_object { CMS_OBJECT_CERTIFICATE, CMS_OBJECT_CRL, CMS_OBJECT_OCSP, CMS_OBJECT_TOKEN };

/* Called for each, in the order they stand in; false ends the visit, which is then false too. */
struct cms_visitor {
    bool (*take)(void *context, enum cms_object object, struct span der, struct error *err);
    void *context;
};

bool cms_visit_choice(const struct cms_visitor *visitor, const struct cms_choice *choice, bool certificate,
                      struct error *err) MUST_USE;
bool cms_visit_sets(const struct cms_visitor *visitor, const struct cms_signed_data *data, struct error *err)
    MUST_USE;
/* What an unsigned attribute carries. */
bool cms_visit_attribute(const struct cms_visitor *visitor, const struct cms_attribute *attribute,
                         struct error *err) MUST_USE;
/* CRLs and OCSP answers of a RevocationValues, or of Adobe's RevocationInfoArchival: content of the SEQUENCE. */
bool cms_visit_revocation(const struct cms_visitor *visitor, struct span values, struct error *err) MUST_USE;
/* A token and all that it carries itself. */
bool cms_visit_token(const struct cms_visitor *visitor, struct span token, struct error *err) MUST_USE;

/* Adds what is visited to the evidence of a process (the context). */
bool cms_add_evidence(void *process, enum cms_object object, struct span der, struct error *err) MUST_USE;
