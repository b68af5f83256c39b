#include "signer/policy.h"

#include <stdio.h>

#include "base/base_text.h"
#include "signer/policy_text.h"
#include "signer/process_text.h"

enum { FRAME_VERSION = 1, FRAME_ALGORITHM_MAX = POLICY_WORD };

#define SINCE(seconds) ((int64_t)(seconds)*1000)

/* ETSI TS 119 312 and NIST SP 800-131A: collisions in MD5 were shown in August 2004; SHA-1 was withdrawn for
 * signatures at the end of 2013; keys of 1024 bits likewise, of 1536 later. What has no end yet is believed until a
 * policy says otherwise. */
enum { KNOWN_ALGORITHMS = 20 };
static const struct policy by_default = {
    .name = "mặc định",
    .algorithm_count = KNOWN_ALGORITHMS,
    .algorithms =
        {
            {"md5", 0, SINCE(1091293200)},       /* 01/08/2004 */
            {"ripemd160", 0, SINCE(1388509200)}, /* 01/01/2014 */
            {"sha1", 0, SINCE(1388509200)},
            {"sha224", 0, SINCE(1704042000)}, /* 01/01/2024 */
            {"sha256", 0, INT64_MAX},
            {"sha384", 0, INT64_MAX},
            {"sha512", 0, INT64_MAX},
            {"sha3-224", 0, SINCE(1704042000)},
            {"sha3-256", 0, INT64_MAX},
            {"sha3-384", 0, INT64_MAX},
            {"sha3-512", 0, INT64_MAX},
            {"rsa", 1024, SINCE(1388509200)},
            {"rsa", 1536, SINCE(1483203600)}, /* 01/01/2017 */
            {"rsa", 1900, INT64_MAX},
            {"dsa", 1024, SINCE(1388509200)},
            {"dsa", 2048, SINCE(1704042000)},
            {"ecdsa", 192, SINCE(1388509200)},
            {"ecdsa", 224, SINCE(1483203600)},
            {"ecdsa", 256, INT64_MAX},
            {"ed25519", 0, INT64_MAX},
        },
};

const struct policy *policy_default(void)
{
    return &by_default;
}

/* ---- algorithms */

static const char *scheme_word(enum signature_scheme scheme)
{
    switch (scheme) {
    case SCHEME_RSA:
    case SCHEME_RSA_PSS:
        return "rsa";
    case SCHEME_ECDSA:
        return "ecdsa";
    case SCHEME_DSA:
        return "dsa";
    case SCHEME_ED25519:
        return "ed25519";
    }
    return "?";
}

/* The entry of that name with the most bits that are not more than the key has. */
static int64_t until(const struct policy *policy, const char *name, int64_t bits)
{
    const struct policy_algorithm *found = NULL;
    for (size_t i = 0; i < policy->algorithm_count; i++) {
        const struct policy_algorithm *at = &policy->algorithms[i];
        if (strcmp(at->name, name) == 0 && at->bits <= bits && (!found || at->bits > found->bits))
            found = at;
    }
    return found ? found->until_ms : INT64_MIN;
}

int64_t policy_until(const struct policy *policy, const struct algorithm_use *use,
                     char ret_name[static POLICY_WORD])
{
    int64_t digest = until(policy, digest_name(use->digest), 0), key = INT64_MAX;
    if (!use->of_digest_alone)
        key = until(policy, scheme_word(use->scheme), use->key_bits);
    if (digest <= key)
        snprintf(ret_name, POLICY_WORD, "%s", digest_name(use->digest));
    else
        snprintf(ret_name, POLICY_WORD, "%s %d", scheme_word(use->scheme), use->key_bits);
    return digest < key ? digest : key;
}

/* ---- the level */

static const char *const levels[] = {
    [POLICY_LEVEL_B] = "B", [POLICY_LEVEL_T] = "T", [POLICY_LEVEL_LT] = "LT", [POLICY_LEVEL_LTA] = "LTA"};

static enum policy_level level_of(const struct finding *finding)
{
    const char *last = strrchr(finding->format, '-');
    for (size_t i = COUNT_OF(levels); last && i-- > 0;)
        if (strcmp(last + 1, levels[i]) == 0)
            return (enum policy_level)i;
    return POLICY_LEVEL_B;
}

static bool has_good_stamp(const struct finding *finding, enum stamp_kind kind)
{
    for (size_t i = 0; i < finding->stamp_count; i++)
        if (finding->stamps[i].kind == kind && finding->stamps[i].indication == TOTAL_PASSED)
            return true;
    return false;
}

/* The name of the level says which timestamps stand there; anybody can put some there. Only good ones count here. */
static enum policy_level level_reached(const struct finding *finding)
{
    enum policy_level level = level_of(finding);
    if (level >= POLICY_LEVEL_T && !finding->best_signature_time_ms)
        return POLICY_LEVEL_B;
    bool archived = has_good_stamp(finding, STAMP_ARCHIVE) || has_good_stamp(finding, STAMP_DOCUMENT);
    return level == POLICY_LEVEL_LTA && !archived ? POLICY_LEVEL_LT : level;
}

/* The tree ends with the conclusion: it is this one now. */
static void conclude_again(struct finding *finding)
{
    struct check *last = finding->check_count ? &finding->checks[finding->check_count - 1] : NULL;
    if (!last || last->what != &TEXT_STEP_CONCLUSION)
        return;
    last->result = CHECK_UNKNOWN;
    snprintf(last->arg, sizeof(last->arg), "%s / %s", indication_name(finding->indication),
             sub_indication_name(finding->sub));
}

void policy_judge_level(const struct policy *policy, struct finding *finding)
{
    enum policy_level level = level_reached(finding);
    if (finding->kind != FINDING_SIGNATURE || finding->indication == TOTAL_FAILED || level >= policy->level)
        return;
    finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_POLICY_LEVEL, levels[level],
                   levels[policy->level], NULL);
    conclude_again(finding);
}

/* ---- the profile */

static bool is_good(const struct finding *finding, enum signer_role role)
{
    return finding->kind == FINDING_SIGNATURE && finding->indication == TOTAL_PASSED && finding->role == role;
}

static const char *role_word(enum signer_role role)
{
    return role == ROLE_PERSON ? "người có thẩm quyền (competent person)" : "cơ quan (agency)";
}

/* An anchor whose tree nobody has named is vouched for by whoever gave it. */
static bool tree_counts(const struct policy *policy, const struct finding *finding)
{
    bool counts = policy->tree_count == 0 || !finding->tree[0];
    for (size_t i = 0; i < policy->tree_count; i++)
        counts |= strcmp(policy->trees[i], finding->tree) == 0;
    return counts;
}

static bool profile_fails(const struct policy *policy, struct verdict *verdict, const struct text *text,
                          enum signer_role role, const char *more)
{
    verdict_reason(verdict, text, policy->name, role_word(role), more, NULL);
    verdict->profile = CHECK_BAD;
    return false;
}

/* The next good signature of that role behind `*at`, which is moved there. */
static bool take_signer(const struct policy *policy, struct verdict *verdict, enum signer_role role,
                        size_t *at)
{
    for (size_t i = *at; i < verdict->count; i++)
        if (is_good(&verdict->findings[i], role)) {
            if (!tree_counts(policy, &verdict->findings[i]))
                return profile_fails(policy, verdict, &TEXT_PROFILE_TREE, role, policy->trees[0]);
            *at = i + 1;
            return true;
        }
    bool before = false;
    for (size_t i = 0; i < *at && i < verdict->count; i++)
        before |= is_good(&verdict->findings[i], role);
    return profile_fails(policy, verdict, before ? &TEXT_PROFILE_ORDER : &TEXT_PROFILE_SIGNER_MISSING, role,
                         "");
}

void policy_judge(const struct policy *policy, struct verdict *verdict)
{
    size_t at = 0;
    for (size_t i = 0; i < verdict->count; i++)
        policy_judge_level(policy, &verdict->findings[i]);
    if (policy->signer_count == 0)
        return;
    snprintf(verdict->profile_name, sizeof(verdict->profile_name), "%s", policy->name);
    for (size_t i = 0; i < policy->signer_count; i++)
        if (!take_signer(policy, verdict, policy->signers[i], &at))
            return;
    verdict->profile = CHECK_GOOD;
    verdict_reason(verdict, &TEXT_PROFILE_MET, policy->name, NULL);
}

/* ---- between processes */

void policy_write(const struct policy *policy, struct buffer *buffer)
{
    buffer_u8(buffer, FRAME_VERSION);
    buffer_sized(buffer, span_text(policy->name));
    buffer_u8(buffer, (uint8_t)policy->revocation);
    buffer_u64(buffer, (uint64_t)policy->freshness_ms);
    buffer_u8(buffer, (uint8_t)policy->level);
    buffer_u8(buffer, policy->refuse_unbound);
    buffer_u8(buffer, (uint8_t)policy->algorithm_count);
    for (size_t i = 0; i < policy->algorithm_count; i++) {
        buffer_sized(buffer, span_text(policy->algorithms[i].name));
        buffer_u64(buffer, (uint64_t)policy->algorithms[i].bits);
        buffer_u64(buffer, (uint64_t)policy->algorithms[i].until_ms);
    }
    buffer_u8(buffer, (uint8_t)policy->signer_count);
    for (size_t i = 0; i < policy->signer_count; i++)
        buffer_u8(buffer, (uint8_t)policy->signers[i]);
    buffer_u8(buffer, (uint8_t)policy->tree_count);
    for (size_t i = 0; i < policy->tree_count; i++)
        buffer_sized(buffer, span_text(policy->trees[i]));
}

static void read_word(struct reader *r, size_t room, char *ret_word)
{
    struct span word = read_sized(r, room - 1);
    text_clean((const char *)word.data, word.size, room, ret_word);
}

static unsigned read_below(struct reader *r, unsigned limit)
{
    unsigned value = read_u8(r);
    r->failed |= value >= limit;
    return r->failed ? 0 : value;
}

bool policy_read(struct span bytes, struct policy *ret_policy, struct error *err)
{
    struct policy policy = {0};
    struct reader r = reader_of(bytes);
    r.failed |= read_u8(&r) != FRAME_VERSION;
    read_word(&r, sizeof(policy.name), policy.name);
    policy.revocation = read_below(&r, POLICY_REVOCATION_REQUIRED + 1);
    policy.freshness_ms = (int64_t)read_u64(&r);
    policy.level = read_below(&r, POLICY_LEVEL_LTA + 1);
    policy.refuse_unbound = read_below(&r, 2);
    policy.algorithm_count = read_below(&r, POLICY_MAX_ALGORITHMS + 1);
    for (size_t i = 0; i < policy.algorithm_count; i++) {
        read_word(&r, FRAME_ALGORITHM_MAX, policy.algorithms[i].name);
        policy.algorithms[i].bits = (int64_t)read_u64(&r);
        policy.algorithms[i].until_ms = (int64_t)read_u64(&r);
    }
    policy.signer_count = read_below(&r, POLICY_MAX_SIGNERS + 1);
    for (size_t i = 0; i < policy.signer_count; i++)
        policy.signers[i] = read_below(&r, ROLE_AGENCY + 1);
    policy.tree_count = read_below(&r, POLICY_MAX_TREES + 1);
    for (size_t i = 0; i < policy.tree_count; i++)
        read_word(&r, POLICY_WORD, policy.trees[i]);
    if (r.failed || r.left.size != 0)
        return fail(err, ERR_INTERNAL, &TEXT_POLICY_DAMAGED);
    *ret_policy = policy;
    return true;
}
