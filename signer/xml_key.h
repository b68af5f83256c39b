/* What a ds:KeyInfo says about the signer's key (xmldsig-core1, 4.5). It is where keys and certificates are
 * carried; nothing in it is believed. Parts in other places are read when they stand in the same document;
 * nothing is fetched. */
#pragma once

#include "base/certificate.h"
#include "signer/evidence.h"
#include "signer/xml_ids.h"

enum { KEY_INFO_MAX_HINTS = 16, KEY_INFO_MAX_PARTS = 64 };

struct xml_key_info {
    struct certificates certificates; /* in their order */
    EVP_PKEY *key;                    /* a bare key; NULL when there is none, or it is not understood */
    const xmlNode
        *hints[KEY_INFO_MAX_HINTS]; /* X509Data elements that name a certificate without carrying it */
    size_t hint_count;
    const char *elsewhere; /* a part that stands outside the document; NULL: none */
};
/* Revocation lists in it go to the evidence. False only for faults of ours. */
bool xml_key_info_read(const xmlNode *key_info, const struct xml_ids *ids, struct evidence *evidence,
                       struct xml_key_info *ret_info, struct error *err) MUST_USE;
void xml_key_info_clear(struct xml_key_info *info);
/* Whether a certificate is one that is named without being carried. */
bool xml_key_info_means(const struct xml_key_info *info, X509 *certificate);
