/* What helps to judge signatures: certificates, revocation lists and OCSP answers, found in the document or
 * handed in from the cache, and since when each of them, or anything else, is proved to exist (proof of
 * existence: EN 319 102-1, 5.6.2.3). One for a document that is being looked at; one thread. */
#pragma once

#include <openssl/ocsp.h>

#include "base/certificate.h"

enum evidence_kind { EVIDENCE_CERTIFICATE, EVIDENCE_CRL, EVIDENCE_OCSP };

enum {
    EVIDENCE_MAX_ITEMS = 2048,
    EVIDENCE_MAX_BYTES = 48 << 20 /* of all lists and answers together: the checker has 64 MiB */
};

struct evidence_item {
    enum evidence_kind kind;
    struct span der; /* borrowed from the evidence */
    bool embedded;   /* came with the document */
    X509 *certificate;
    X509_CRL *crl;
    OCSP_BASICRESP *ocsp;
};

struct evidence;
struct evidence *evidence_new(void) MUST_USE;
void evidence_free(struct evidence **evidence);

/* Adds it once, however often it comes. What cannot be read is passed over: it stands in nobody's way. An OCSP
 * answer may be an OCSPResponse or a BasicOCSPResponse. False: TOO_LARGE, no memory. */
bool evidence_add(struct evidence *evidence, enum evidence_kind kind, struct span der, bool embedded,
                  struct error *err) MUST_USE;
size_t evidence_count(const struct evidence *evidence);
const struct evidence_item *evidence_at(const struct evidence *evidence, size_t index);

/* These bytes existed at that time; the earliest proof stands. */
bool evidence_prove(struct evidence *evidence, struct span object, int64_t time_ms, struct error *err)
    MUST_USE;
/* The earliest proof for these bytes; `now_ms` when there is none before: what we hold exists now. */
int64_t evidence_proved(const struct evidence *evidence, struct span object, int64_t now_ms);
