/* What a verdict is judged by (EN 319 102-1, 5.1.4: validation constraints): which algorithms are believed and
 * until when, how fresh revocation data must be, which level is wanted, who must have signed. A policy is plain
 * data: read once from a file or taken by its name, then const; any thread may use it.
 *
 *     [policy]
 *     name = văn bản                 # shown in reports
 *     revocation = when-offered      # required: unknown is INDETERMINATE/TRY_LATER, always;
 *                                    # when-offered: unless the certificate names no place to ask
 *     freshness = 0                  # oldest revocation data, in seconds; 0: until their own next update
 *     level = B                      # lowest level that passes: B, T, LT, LTA
 *     unbound = warn                 # a signature that does not bind its certificate: warn, refuse
 *     signers = person, agency       # who signed, in this order, nobody missing; absent: anybody
 *     trees = cong-vu                # trees of trust that count; absent: any
 *
 *     [algorithm "rsa 1024"]         # sha1 sha256 … rsa ecdsa dsa ed25519; keys from so many bits on
 *     until = 2014-01-01             # a signature proved older is good; absent: no end is known
 *
 * An algorithm named in the file replaces the default's entry of that name and bits; all others stay. */
#pragma once

#include "signer/process.h"

enum { POLICY_MAX_ALGORITHMS = 48, POLICY_MAX_SIGNERS = 4, POLICY_MAX_TREES = 4, POLICY_WORD = 32 };

enum policy_revocation { POLICY_REVOCATION_WHEN_OFFERED, POLICY_REVOCATION_REQUIRED };
enum policy_level { POLICY_LEVEL_B, POLICY_LEVEL_T, POLICY_LEVEL_LT, POLICY_LEVEL_LTA };

struct policy_algorithm {
    char name[POLICY_WORD];
    int64_t bits;     /* of the key, at least; 0: a digest, or no matter */
    int64_t until_ms; /* INT64_MAX: no end is known */
};

struct policy {
    char name[64];
    enum policy_revocation revocation;
    int64_t freshness_ms;
    enum policy_level level;
    bool refuse_unbound;
    struct policy_algorithm algorithms[POLICY_MAX_ALGORITHMS];
    size_t algorithm_count;
    enum signer_role signers[POLICY_MAX_SIGNERS];
    size_t signer_count;
    char trees[POLICY_MAX_TREES][POLICY_WORD];
    size_t tree_count;
};

/* The default: strict, for signatures of any kind. */
const struct policy *policy_default(void);
/* A built-in profile by its name, with or without diacritics ("văn bản", "van-ban"), else a file. NOT_FOUND,
 * MALFORMED. */
bool policy_load(const char *name_or_path, struct policy *ret_policy, struct error *err) MUST_USE;
/* The names of the built-in profiles, ends with NULL. */
const char *const *policy_names(void);

/* Until when that use of an algorithm proves something; INT64_MIN: never. `*ret_name` names what ends first
 * ("sha1", "rsa 1024"). */
int64_t policy_until(const struct policy *policy, const struct algorithm_use *use,
                     char ret_name[static POLICY_WORD]);

/* EN 319 102-1, 5.2.8: whether the signature reached the level wanted, by timestamps that are good themselves. Asked when
 * the format has named the level, which may be after the process is through (PDF, containers). Only worsens. */
void policy_judge_level(const struct policy *policy, struct finding *finding);
/* The level of each signature, and what the profile asks of all of them together, once each has been judged: who signed, in which order, under
 * which tree. */
void policy_judge(const struct policy *policy, struct verdict *verdict);

/* As bytes, for the process that judges. */
void policy_write(const struct policy *policy, struct buffer *buffer);
bool policy_read(struct span bytes, struct policy *ret_policy, struct error *err) MUST_USE;
