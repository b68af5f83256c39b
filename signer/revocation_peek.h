/* What whoever fetches and keeps revocation data needs to know of them, read from their bytes with nothing but spans:
 * they come from strangers, and are parsed and believed by the checker alone. Threads may call everything. */
#pragma once

#include "base/bytes.h"

struct revocation_dates {
    int64_t this_update_ms, next_update_ms; /* next: 0 when not said */
};

/* A CertificateList (RFC 5280, 5.1). */
bool revocation_peek_crl(struct span der, struct revocation_dates *ret_dates) MUST_USE;
/* An OCSPResponse that says "successful" (RFC 6960, 4.2.1): the dates of its first status, and its nonce (empty when
 * there is none). */
bool revocation_peek_ocsp(struct span der, struct revocation_dates *ret_dates, struct span *ret_nonce)
    MUST_USE;
/* An OCSPRequest for that CertID with that nonce (RFC 6960, 4.1.1; RFC 9654). */
void revocation_ask(struct span cert_id, struct span nonce, struct buffer *ret_request);
/* Calls `take` for each certificate of what an authority serves as its issuer's (RFC 5280, 4.2.2.1): one certificate or
 * a certs-only CMS. How many there were; at most PEEK_MAX_CERTIFICATES. */
enum { PEEK_MAX_CERTIFICATES = 16 };
size_t revocation_peek_certificates(struct span der, void (*take)(void *context, struct span certificate),
                                    void *context);
