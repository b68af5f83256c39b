/* One revocation list, and what it says of itself (RFC 5280, 5). Nothing in it is believed yet: its signature is looked at
 * once the list turns out to matter. */
#pragma once

#include "signer/revocation_parts.h"

struct revocation_list {
    const struct evidence_item *item;
    int64_t this_ms, next_ms;
    ISSUING_DIST_POINT *point;   /* NULL: about everything its issuer issued */
    ASN1_INTEGER *number, *base; /* base: this is a delta */
    int64_t remembers_ms; /* certificates that expired since then are still listed; INT64_MAX: not said */
    bool unusable;
};

DEFINE_CLEANUP(AUTHORITY_KEYID *, key_id_clear, AUTHORITY_KEYID_free)

void revocation_list_read(const struct evidence_item *item, struct revocation_list *ret_list);
void revocation_list_clear(struct revocation_list *list);
/* RFC 5280, 5.2 and 5.3: a list with a critical part that is not understood says nothing about anybody. */
bool revocation_list_understood(X509_CRL *crl);
/* RFC 5280, 5.2.4: same issuer, scope and key; the base is at least the one the delta was made from, and older. */
bool revocation_list_complements(const struct revocation_list *delta, const struct revocation_list *base);
