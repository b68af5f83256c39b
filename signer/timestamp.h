/* Timestamps (RFC 3161, RFC 5816): these bytes existed at that time. A TSTInfo is read strictly; a token is
 * opened, which finds out whether it is whole, about the content it is asked about, and who made it. Whether
 * its authority is believed is for the process to say. Threads may call timestamp_read. */
#pragma once

#include "signer/process.h"

/* A TSTInfo (RFC 3161, 2.4.2). Borrowed from the bytes. */
struct timestamp {
    struct span policy;    /* OID */
    struct span algorithm; /* OID of the imprint's digest */
    struct span imprint;
    struct span serial; /* content of the INTEGER */
    int64_t time_ms;
    int64_t accuracy_us;   /* 0: not said */
    bool ordering;         /* tokens of this authority with other times are in order, whatever the accuracy */
    struct span nonce;     /* content of the INTEGER; empty: none */
    struct span authority; /* GeneralName, DER; empty: none */
};
bool timestamp_read(struct span info, struct timestamp *ret_timestamp) MUST_USE;

/* An opened token: what it says, and the facts of its own signature for process_judge. */
struct timestamp_facts {
    struct timestamp says;
    enum digest_algorithm imprint; /* when the finding has not failed */
    /* .signer is NULL when nobody could be found who made it. Its certificate is among the evidence. */
    struct signed_facts facts;
    /* what the above is borrowed from */
    X509 *signer;
    struct buffer info;
};

/* Opens a token (ContentInfo, DER): its structure, its own signature, and that its imprint is the digest of
 * the content. `finding` is a fresh one of kind FINDING_TIMESTAMP, for the token alone: TOTAL_FAILED when it
 * is malformed (FORMAT_FAILURE), about something else (HASH_FAILURE) or not made by its signer
 * (SIG_CRYPTO_FAILURE); INDETERMINATE with a sub-indication when its signer is not found or an algorithm is
 * unknown; INDETERMINATE / SUB_NONE when nothing speaks against it: then the facts go to X.509 validation of
 * the authority. The signer's names and claimed_time_ms (the token's time, also where it then fails, 0 when it
 * could not be read) are filled in. What the token carries (certificates, lists, OCSP answers) is added to the
 * evidence of the process. `ret_facts` starts as {0} and is cleared by the caller in any case; it borrows from
 * `token` too. False only for faults of ours. */
bool timestamp_open(struct span token, const struct signed_content *content, struct process *process,
                    struct timestamp_facts *ret_facts, struct finding *finding, struct error *err) MUST_USE;
void timestamp_facts_clear(struct timestamp_facts *facts);
