/* Between the process_*.c files alone. */
#pragma once

#include "signer/path.h"
#include "signer/policy.h"
#include "signer/process.h"
#include "signer/revocation.h"

enum { PROCESS_MAX_JUDGED = 128 /* different tokens of one document */ };

/* A token that was judged before and is about what it says: signatures of one document share timestamps. It helps
 * only another signature whose content is the same: a token can be copied anywhere. */
struct judged_token {
    uint8_t digest[SHA256_SIZE];
    enum digest_algorithm algorithm; /* of its imprint */
    struct digest_value imprint;
    struct stamp_finding finding;
};

struct process {
    const struct verification *how;
    const struct policy *policy;
    int64_t now_ms;
    struct evidence *evidence;
    struct revocation_memo *memo;
    struct judged_token judged[PROCESS_MAX_JUDGED];
    size_t judged_count;
};

/* A signature value, a person's or a timestamp authority's, and since when it is proved to exist. */
struct bearer {
    X509 *signer;
    enum path_purpose purpose;
    bool bound; /* what it signed names the signer's certificate */
    const struct algorithm_use *uses;
    size_t use_count;
    int64_t proved_ms;  /* now, when nothing proves that it is older */
    int64_t stamped_ms; /* a token: what it says itself; else 0 */
};

/* EN 319 102-1, 5.2.6 and 5.6.2: the path as it was at the time the value is proved to have existed, with validity,
 * revocation and algorithms. Only worsens the finding; writes its tree of checks from `depth` on. */
bool process_judge_path(struct process *process, const struct bearer *bearer, uint8_t depth,
                        struct finding *finding, struct error *err) MUST_USE;

/* 5.4: judges every timestamp, the newest first, and notes what the good ones prove. */
bool process_judge_stamps(struct process *process, const struct signed_facts *facts, struct finding *finding,
                          struct error *err) MUST_USE;
