/* The signed attributes of a signer: RFC 5652, 11; RFC 5035; EN 319 122-1, 5.2. For the CMS rooms alone. */
#pragma once

#include "signer/cms_read.h"

enum { CMS_MAX_CONTENT_STAMPS = 4 };

/* Each borrowed; empty when absent. */
struct cms_signed_attributes {
    struct span content_type;                           /* OID */
    struct span message_digest;                         /* octets */
    struct span certificate_v1, certificate_v2;         /* content of the SigningCertificate SEQUENCE */
    struct span signing_time;                           /* the whole Time */
    struct span policy;                                 /* SignaturePolicy, whole */
    struct span protection;                             /* content of CMSAlgorithmProtection (RFC 6211) */
    struct span revocation;                             /* content of Adobe's RevocationInfoArchival */
    struct span content_stamps[CMS_MAX_CONTENT_STAMPS]; /* tokens */
    size_t content_stamp_count;
    bool has_certificate, has_signing_time;
    bool forbidden_in_baseline; /* one that EN 319 122-1, 6.3, does not let stand there, or not so often */
};

/* False when they cannot be what was signed: malformed, or one of those that must stand once is missing or
 * repeated; the finding says so (TOTAL_FAILED / FORMAT_FAILURE). `counter` for a counter-signature, which has
 * no content type. The deviations that harm nothing become checks of the finding. */
bool cms_signed_attributes_read(struct span attributes, bool counter,
                                struct cms_signed_attributes *ret_attributes, struct finding *finding)
    MUST_USE;

/* 0 when it is no time. */
int64_t cms_time_read(struct span time);

enum cms_binding { CMS_NOT_BOUND, CMS_BOUND, CMS_BOUND_TO_OTHER };
/* Whether signing-certificate attributes name this certificate, by hash and by issuer and serial. */
enum cms_binding cms_binding_of(const struct cms_signed_attributes *attributes, struct span certificate);
