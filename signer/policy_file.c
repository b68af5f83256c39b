/* Policies by name, and from files written as signer/policy.h shows. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/base_text.h"
#include "base/settings.h"
#include "signer/policy.h"
#include "signer/policy_text.h"

/* ---- built in: what Vietnamese law asks of each kind of document */

static const struct {
    const char *name, *shown;
    enum signer_role signers[POLICY_MAX_SIGNERS];
    size_t count;
} profiles[] = {
    /* Nghị định 30/2020/NĐ-CP, annex I: the competent person signs, then the agency seals */
    {"van-ban", "văn bản", {ROLE_PERSON, ROLE_AGENCY}, 2},
    /* Nghị định 30/2020/NĐ-CP, điều 25 to 27: an electronic copy bears the agency's signature */
    {"ban-sao", "bản sao", {ROLE_AGENCY}, 1},
    /* Thông tư 01/2023/TT-VPCP: who digitises signs, then the agency */
    {"so-hoa", "số hóa", {ROLE_PERSON, ROLE_AGENCY}, 2},
    /* Nghị định 30/2020/NĐ-CP, annex I, II.8: an annex in a file of its own bears the agency's signature */
    {"phu-luc", "phụ lục", {ROLE_AGENCY}, 1},
};
#define CIVIL_SERVICE "cong-vu" /* Nghị định 68/2024/NĐ-CP */

const char *const *policy_names(void)
{
    static const char *const names[] = {"mac-dinh", "van-ban", "ban-sao", "so-hoa", "phu-luc", NULL};
    return names;
}

static bool find_profile(const char *name, struct policy *policy)
{
    *policy = *policy_default();
    if (strcmp(name, "mac-dinh") == 0 || strcmp(name, policy->name) == 0)
        return true;
    for (size_t i = 0; i < COUNT_OF(profiles); i++)
        if (strcmp(name, profiles[i].name) == 0 || strcmp(name, profiles[i].shown) == 0) {
            snprintf(policy->name, sizeof(policy->name), "%s", profiles[i].shown);
            memcpy(policy->signers, profiles[i].signers, sizeof(policy->signers));
            policy->signer_count = profiles[i].count;
            snprintf(policy->trees[0], POLICY_WORD, CIVIL_SERVICE);
            policy->tree_count = 1;
            return true;
        }
    return false;
}

/* ---- files */

struct policy_section {
    const char *name, *revocation, *level, *unbound;
    int64_t freshness;
    const char *const *signers, *const *trees;
};
struct algorithm_section {
    const char *label, *until; /* "sha1", "rsa 2048" */
};
static const struct setting policy_settings[] = {
    SETTING(policy_section, name, TEXT, SETTING_REQUIRED, "shown in reports"),
    SETTING(policy_section, revocation, TEXT, "when-offered", "required, or when-offered"),
    SETTING(policy_section, freshness, SECONDS, "0", "oldest revocation data; 0: until their next update"),
    SETTING(policy_section, level, TEXT, "B", "lowest level that passes: B, T, LT, LTA"),
    SETTING(policy_section, unbound, TEXT, "warn",
            "signatures that do not bind their certificate: warn, refuse"),
    SETTING(policy_section, signers, LIST, NULL, "who signed, in this order: person, agency"),
    SETTING(policy_section, trees, LIST, NULL, "trees of trust that count; absent: any"),
};
static const struct setting algorithm_settings[] = {
    SETTING(algorithm_section, until, TEXT, NULL, "a day; a signature proved older is good"),
};
static const struct settings_section sections[] = {
    {"policy", false, sizeof(struct policy_section), policy_settings, COUNT_OF(policy_settings)},
    {"algorithm", true, sizeof(struct algorithm_section), algorithm_settings, COUNT_OF(algorithm_settings)},
};

/* The place of a word in a list that ends with NULL. */
static bool take_word(const char *key, const char *word, const char *const *words, int *ret_place,
                      struct error *err)
{
    char all[TEXT_ARG_SIZE] = "";
    for (int i = 0; words[i]; i++) {
        if (strcmp(word, words[i]) == 0) {
            *ret_place = i;
            return true;
        }
        size_t at = strlen(all);
        snprintf(all + at, sizeof(all) - at, "%s%s", i ? ", " : "", words[i]);
    }
    return fail(err, ERR_MALFORMED, &TEXT_POLICY_VALUE, key, word, all);
}

static bool take_lists(const struct policy_section *read, struct policy *policy, struct error *err)
{
    static const char *const roles[] = {"anybody", "person", "agency", NULL};
    for (size_t i = 0; read->signers && read->signers[i]; i++) {
        int role;
        if (!take_word("signers", read->signers[i], roles + 1, &role, err))
            return false;
        if (i == POLICY_MAX_SIGNERS)
            return fail(err, ERR_MALFORMED, &TEXT_POLICY_VALUE, "signers", "> 4", "person, agency");
        policy->signers[policy->signer_count++] = (enum signer_role)(ROLE_PERSON + role);
    }
    for (size_t i = 0; read->trees && read->trees[i]; i++) {
        if (i == POLICY_MAX_TREES)
            return fail(err, ERR_MALFORMED, &TEXT_POLICY_VALUE, "trees", "> 4", "cong-vu, cong-cong");
        snprintf(policy->trees[policy->tree_count++], POLICY_WORD, "%s", read->trees[i]);
    }
    return true;
}

/* "sha1"; "rsa 2048": for keys from so many bits on. */
static bool read_label(const char *label, struct policy_algorithm *ret_algorithm)
{
    const char *blank = strchr(label, ' ');
    size_t size = blank ? (size_t)(blank - label) : strlen(label);
    char *end = NULL;
    if (size == 0 || size >= POLICY_WORD)
        return false;
    snprintf(ret_algorithm->name, POLICY_WORD, "%.*s", (int)size, label);
    ret_algorithm->bits = blank ? strtol(blank + 1, &end, 10) : 0;
    return !blank || (end != blank + 1 && *end == '\0' && ret_algorithm->bits > 0);
}

static bool take_algorithm(const struct algorithm_section *read, struct policy *policy, struct error *err)
{
    struct policy_algorithm taken = {.until_ms = INT64_MAX}, *at = NULL;
    if (!read_label(read->label, &taken))
        return fail(err, ERR_MALFORMED, &TEXT_POLICY_VALUE, "algorithm", read->label, "sha1, rsa 2048");
    if (read->until && !clock_read(read->until, &taken.until_ms))
        return fail(err, ERR_MALFORMED, &TEXT_POLICY_VALUE, "until", read->until, "2025-03-14");
    for (size_t i = 0; i < policy->algorithm_count; i++)
        if (strcmp(policy->algorithms[i].name, taken.name) == 0 && policy->algorithms[i].bits == taken.bits)
            at = &policy->algorithms[i];
    if (!at && policy->algorithm_count == POLICY_MAX_ALGORITHMS)
        return fail(err, ERR_MALFORMED, &TEXT_POLICY_VALUE, "algorithm", "> 48", "");
    if (!at)
        at = &policy->algorithms[policy->algorithm_count++];
    *at = taken;
    return true;
}

static bool take_file(const struct settings *settings, struct policy *policy, struct error *err)
{
    static const char *const revocations[] = {"when-offered", "required", NULL};
    static const char *const levels[] = {"B", "T", "LT", "LTA", NULL};
    static const char *const actions[] = {"warn", "refuse", NULL};
    const struct policy_section *read = settings_section(settings, "policy");
    const void *const *algorithms;
    size_t count = settings_repeated(settings, "algorithm", &algorithms);
    int revocation, level, unbound;
    if (!take_word("revocation", read->revocation, revocations, &revocation, err)
        || !take_word("level", read->level, levels, &level, err)
        || !take_word("unbound", read->unbound, actions, &unbound, err) || !take_lists(read, policy, err))
        return false;
    snprintf(policy->name, sizeof(policy->name), "%s", read->name);
    policy->revocation = (enum policy_revocation)revocation;
    policy->level = (enum policy_level)level;
    policy->refuse_unbound = unbound;
    policy->freshness_ms = read->freshness;
    for (size_t i = 0; i < count; i++)
        if (!take_algorithm(algorithms[i], policy, err))
            return false;
    return true;
}

static bool say_unknown(const char *name, struct error *err)
{
    char all[TEXT_ARG_SIZE] = "";
    for (const char *const *at = policy_names(); *at; at++) {
        size_t size = strlen(all);
        snprintf(all + size, sizeof(all) - size, "%s%s", size ? ", " : "", *at);
    }
    return fail(err, ERR_NOT_FOUND, &TEXT_POLICY_UNKNOWN, name, all);
}

bool policy_load(const char *name_or_path, struct policy *ret_policy, struct error *err)
{
    struct settings *settings CLEANUP(settings_free) = NULL;
    struct policy policy;
    if (find_profile(name_or_path, &policy)) {
        *ret_policy = policy;
        return true;
    }
    if (access(name_or_path, F_OK) != 0)
        return say_unknown(name_or_path, err);
    if (!settings_read(name_or_path, sections, COUNT_OF(sections), &settings, err)
        || !take_file(settings, &policy, err))
        return false;
    *ret_policy = policy;
    return true;
}
