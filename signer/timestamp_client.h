/* Timestamps asked for (RFC 3161, 3.4: over HTTP and HTTPS). Authorities are asked in order, each with a deadline; whatever an
 * answer has wrong with it, it is refused by name and the next authority is asked. Knows nothing of documents: a digest goes in,
 * a token comes out. The addresses come from whoever configures us, so that those of one's own network are allowed.
 * Threads may call everything. */
#pragma once

#include "base/digest.h"
#include "signer/trust.h"

enum {
    TIMESTAMP_DEADLINE_MS = 10000,
    TIMESTAMP_MAX_TOKEN = 12 << 10,  /* bytes: with a path of four certificates of RSA-4096 */
    TIMESTAMP_MAX_ANSWER = 64 << 10, /* bytes of an answer that are read at all */
    TIMESTAMP_NONCE_SIZE = 8 /* bytes: RFC 3161, 2.4.1, "e.g. 64 bits"; some authorities take no more */
};

struct timestamp_authorities {
    const char *const *urls; /* in the order in which they are asked */
    size_t url_count;
    int64_t deadline_ms; /* for each; 0: TIMESTAMP_DEADLINE_MS */
    const char *policy;  /* a dotted OID under which they must stamp; NULL: theirs */
    const struct trust
        *trust; /* their own anchors, to which tokens must lead; NULL: that is for readers to judge */
};

/* A token (ContentInfo) over this SHA-256 digest. PEER_AWAY when none of them gave one that is good: the sentence is
 * about the one asked last, the cause names what was wrong with each. USAGE: an address or the policy is none. */
bool timestamp_ask(const struct timestamp_authorities *authorities, const struct digest_value *imprint,
                   struct buffer *ret_token, struct error *err) MUST_USE;

/* A TimeStampResp taken apart (RFC 3161, 2.4.2). Borrowed. */
struct timestamp_answer {
    uint32_t status;   /* PKIStatus: 0 granted, 1 granted with modifications, else refused */
    struct span token; /* the whole ContentInfo; empty: none */
};
bool timestamp_answer_read(struct span answer, struct timestamp_answer *ret_answer) MUST_USE;
