/* Policies: read from files, what each algorithm is worth until when, and who must have signed what. */
#include "tests/check.h"

#include "tests/verdict_says.h"

#include <stdio.h>
#include <unistd.h>

#include "signer/policy.h"
#include "signer/policy_text.h"
#include "signer/process_text.h"
#include "signer/signer_text.h"

static void algorithms_end_when_the_policy_says(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        struct algorithm_use use;
        const char *day;   /* still good then; NULL: never */
        const char *later; /* no longer good then; NULL: no end is known */
        const char *name;
    } rows[] = {
        {"SHA-256 with RSA-2048", {.digest = DIGEST_SHA256, .key_bits = 2048}, "2049-12-31", NULL, "sha256"},
        {"SHA-1 with RSA-2048",
         {.digest = DIGEST_SHA1, .key_bits = 2048},
         "2013-12-31",
         "2014-01-02",
         "sha1"},
        {"SHA-256 with RSA-1024",
         {.digest = DIGEST_SHA256, .key_bits = 1024},
         "2013-12-31",
         "2014-01-02",
         "rsa 1024"},
        {"RSA below 1024 bits", {.digest = DIGEST_SHA256, .key_bits = 768}, NULL, "1999-01-01", "rsa 768"},
        {"P-256",
         {.digest = DIGEST_SHA256, .scheme = SCHEME_ECDSA, .key_bits = 256},
         "2049-12-31",
         NULL,
         "sha256"},
        {"a reference's digest alone",
         {.digest = DIGEST_SHA512, .of_digest_alone = true},
         "2049-12-31",
         NULL,
         "sha512"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char name[POLICY_WORD];
        int64_t until = policy_until(policy_default(), &rows[i].use, name), day_ms;
        check_row(!rows[i].day || (clock_read(rows[i].day, &day_ms) && day_ms < until), rows[i].sentence);
        check_row(!rows[i].later || (clock_read(rows[i].later, &day_ms) && day_ms >= until),
                  rows[i].sentence);
        check_row(strcmp(name, rows[i].name) == 0, rows[i].sentence);
    }
}

static void files_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *text;
        enum error_code code;
    } rows[] = {
        {"a name alone", "[policy]\nname = thử\n", ERR_NONE},
        {"everything",
         "[policy]\nname = thử\nrevocation = required\nfreshness = 2h\nlevel = LT\nunbound = refuse\n"
         "signers = person, agency\ntrees = cong-vu\n[algorithm \"sha1\"]\nuntil = 2010-01-01\n"
         "[algorithm \"rsa 3072\"]\n",
         ERR_NONE},
        {"no name", "[policy]\nlevel = B\n", ERR_MALFORMED},
        {"an unknown level", "[policy]\nname = x\nlevel = C\n", ERR_MALFORMED},
        {"an unknown signer", "[policy]\nname = x\nsigners = king\n", ERR_MALFORMED},
        {"too many signers", "[policy]\nname = x\nsigners = person, person, person, person, person\n",
         ERR_MALFORMED},
        {"a day that is none", "[policy]\nname = x\n[algorithm \"sha1\"]\nuntil = yesterday\n",
         ERR_MALFORMED},
        {"a size that is none", "[policy]\nname = x\n[algorithm \"rsa many\"]\n", ERR_MALFORMED},
        {"an unknown key", "[policy]\nname = x\nlevl = B\n", ERR_MALFORMED},
    };
    char path[] = "/tmp/policy_test.XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct policy policy, again;
        struct error err = {0};
        FILE *file = fopen(path, "w");
        fputs(rows[i].text, file);
        fclose(file);
        bool read = policy_load(path, &policy, &err);
        check_row(read == (rows[i].code == ERR_NONE), rows[i].sentence);
        if (!read)
            continue;
        struct buffer frame CLEANUP(buffer_clear) = {0};
        policy_write(&policy, &frame);
        check_row(policy_read(buffer_span(&frame), &again, &err), rows[i].sentence);
        check_row(strcmp(again.name, "thử") == 0 && again.algorithm_count == policy.algorithm_count,
                  rows[i].sentence);
        check_row(!policy_read(span_slice(buffer_span(&frame), 0, frame.size - 1), &again, &err),
                  rows[i].sentence);
    }
    unlink(path);
}

/* The example in the documents is the default. */
static void the_example_says_what_the_default_is(void **state)
{
    (void)state;
    struct policy policy;
    struct error err = {0};
    assert_true(policy_load(SOURCE_DIR "/docs/policy.example.conf", &policy, &err));
    memcpy(policy.name, policy_default()->name, sizeof(policy.name));
    struct buffer example CLEANUP(buffer_clear) = {0}, by_default CLEANUP(buffer_clear) = {0};
    policy_write(&policy, &example);
    policy_write(policy_default(), &by_default);
    assert_true(span_equal(buffer_span(&example), buffer_span(&by_default)));
}

static void names_are_known(void **state)
{
    (void)state;
    struct policy policy;
    struct error err = {0};
    for (const char *const *name = policy_names(); *name; name++)
        assert_true(policy_load(*name, &policy, &err));
    assert_true(policy_load("văn bản", &policy, &err));
    assert_int_equal(policy.signer_count, 2);
    assert_false(policy_load("vanban", &policy, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
}

/* ---- profiles */

struct signed_by {
    enum signer_role role;
    const char *tree;
    bool bad;
};

static const struct {
    const char *sentence, *policy;
    struct signed_by signers[3];
    enum check_result result;
    const struct text *says;
} profiles[] = {
    {"leader, then agency",
     "van-ban",
     {{ROLE_PERSON, "cong-vu", false}, {ROLE_AGENCY, "cong-vu", false}},
     CHECK_GOOD,
     &TEXT_PROFILE_MET},
    {"agency, then leader",
     "van-ban",
     {{ROLE_AGENCY, "cong-vu", false}, {ROLE_PERSON, "cong-vu", false}},
     CHECK_BAD,
     &TEXT_PROFILE_ORDER},
    {"the leader alone",
     "van-ban",
     {{ROLE_PERSON, "cong-vu", false}},
     CHECK_BAD,
     &TEXT_PROFILE_SIGNER_MISSING},
    {"the agency alone",
     "van-ban",
     {{ROLE_AGENCY, "cong-vu", false}},
     CHECK_BAD,
     &TEXT_PROFILE_SIGNER_MISSING},
    {"a seal that is not valid",
     "van-ban",
     {{ROLE_PERSON, "", false}, {ROLE_AGENCY, "", true}},
     CHECK_BAD,
     &TEXT_PROFILE_SIGNER_MISSING},
    {"under a company's tree",
     "van-ban",
     {{ROLE_PERSON, "cong-cong", false}, {ROLE_AGENCY, "cong-vu", false}},
     CHECK_BAD,
     &TEXT_PROFILE_TREE},
    {"under an anchor that the caller vouches for",
     "van-ban",
     {{ROLE_PERSON, "", false}, {ROLE_AGENCY, "", false}},
     CHECK_GOOD,
     NULL},
    {"a copy by its agency", "ban-sao", {{ROLE_AGENCY, "cong-vu", false}}, CHECK_GOOD, NULL},
    {"a copy by a person",
     "ban-sao",
     {{ROLE_PERSON, "cong-vu", false}},
     CHECK_BAD,
     &TEXT_PROFILE_SIGNER_MISSING},
    {"an annex by its agency, after a person",
     "phu-luc",
     {{ROLE_PERSON, "", false}, {ROLE_AGENCY, "", false}},
     CHECK_GOOD,
     NULL},
    {"digitised: person, then agency",
     "so-hoa",
     {{ROLE_PERSON, "", false}, {ROLE_AGENCY, "", false}},
     CHECK_GOOD,
     NULL},
};

/* Whether all of them are good. */
static bool add_signers(const struct signed_by *signers, size_t count, struct verdict *verdict)
{
    bool all_good = true;
    for (size_t k = 0; k < count && signers[k].role; k++) {
        struct finding *finding = verdict_add(verdict);
        finding->role = signers[k].role;
        snprintf(finding->tree, sizeof(finding->tree), "%s", signers[k].tree);
        if (signers[k].bad)
            finding_worsen(finding, INDETERMINATE, SUB_TRY_LATER, &TEXT_REVOCATION_UNKNOWN, "x", NULL);
        else
            finding_pass(finding);
        all_good = all_good && !signers[k].bad;
    }
    return all_good;
}

static void every_kind_of_document_asks_for_its_signers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(profiles); i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct policy policy;
        struct error err = {0};
        assert_true(policy_load(profiles[i].policy, &policy, &err));
        bool all_good = add_signers(profiles[i].signers, COUNT_OF(profiles[i].signers), &verdict);
        policy_judge(&policy, &verdict);
        check_row(verdict.profile == profiles[i].result
                      && (!profiles[i].says || verdict_says(&verdict, profiles[i].says)),
                  profiles[i].sentence);
        check_row((verdict_overall(&verdict) == TOTAL_PASSED)
                      == (all_good && profiles[i].result == CHECK_GOOD),
                  profiles[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(algorithms_end_when_the_policy_says),         cmocka_unit_test(files_are_read),
        cmocka_unit_test(the_example_says_what_the_default_is),        cmocka_unit_test(names_are_known),
        cmocka_unit_test(every_kind_of_document_asks_for_its_signers),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
