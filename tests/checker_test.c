/* The checkers, real processes: this very program, started again as `checker_test checker`. They are killed, stopped, lied
 * about and kept busy. */
#include "tests/check.h"

#include "tests/checker_world.h"

#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base_text.h"
#include "base/child.h"
#include "base/clock.h"
#include "signer/checker_frame.h"
#include "signer/evidence.h"
#include "signer/policy.h"
#include "signer/signer_text.h"

static void a_document_is_judged_next_door(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(2, 0);
    for (int i = 0; i < 5; i++)
        assert_passes(pool);
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    assert_true(check(pool, SPAN_LITERAL("<a/>"), &verdict, &err));
    assert_ptr_equal(verdict.reasons[0].text, &TEXT_NO_SIGNATURE);
}

static void what_cannot_be_looked_at_is_an_error_in_words(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 0);
    static const struct {
        const char *sentence, *text;
        enum error_code code;
        const struct text *said;
    } rows[] = {
        {"no document of ours", "hello", ERR_UNSUPPORTED, &TEXT_KIND_UNKNOWN},
        {"nothing at all", "", ERR_UNSUPPORTED, &TEXT_KIND_UNKNOWN},
        {"broken XML", "<a><b></a>", ERR_MALFORMED, &TEXT_XML_MALFORMED},
        {"XML in an encoding that would take a file to read",
         "<?xml version=\"1.0\" encoding=\"windows-1258\"?><a/>", ERR_REFUSED, &TEXT_XML_ENCODING},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct error err = {0};
        bool looked = check(pool, span_text(rows[i].text), &verdict, &err);
        if (looked || err.text != rows[i].said)
            print_error("%s %s %s\n", err.text ? err.text->en : "?", err.cause,
                        verdict.reason_count ? verdict.reasons[0].arg[0] : "");
        check_row(!looked && err.code == rows[i].code && err.text == rows[i].said, rows[i].sentence);
    }
    assert_passes(pool);
}

static void another_trust_counts_from_the_next_document_on(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 0);
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    assert_passes(pool);
    checker_pool_trust(pool, world.other_trust);
    assert_true(check(pool, buffer_span(&world.document), &verdict, &err));
    assert_int_equal(verdict.findings[0].sub, SUB_NO_CERTIFICATE_CHAIN_FOUND);
    checker_pool_trust(pool, world.trust);
    assert_passes(pool);
}

static void a_checker_killed_while_idle_is_not_noticed(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 0);
    pid_t pids[8];
    assert_passes(pool);
    assert_int_equal(find_children(pids), 1);
    kill(pids[0], SIGKILL);
    siginfo_t ended;
    assert_int_equal(waitid(P_PID, (id_t)pids[0], &ended, WEXITED | WNOWAIT), 0);
    assert_passes(pool);
}

/* Stopped while it is idle, a checker takes the document and never answers. */
static void a_checker_that_hangs_is_killed_at_the_deadline_and_replaced(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 700);
    pid_t pids[8];
    assert_passes(pool);
    assert_int_equal(find_children(pids), 1);
    kill(pids[0], SIGSTOP);
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    int64_t began = clock_monotonic_ms();
    assert_true(check(pool, buffer_span(&world.document), &verdict, &err));
    int64_t took = clock_monotonic_ms() - began;
    assert_int_equal(verdict_overall(&verdict), INDETERMINATE);
    assert_ptr_equal(verdict.reasons[0].text, &TEXT_CHECK_DEADLINE);
    assert_true(took >= 700 && took < 3000);
    assert_passes(pool);
}

static void a_checker_that_dies_at_work_leaves_a_verdict_that_says_so(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 0);
    pid_t pids[8];
    assert_passes(pool);
    assert_int_equal(find_children(pids), 1);
    kill(pids[0], SIGSTOP);
    struct asking asking = {.pool = pool, .bytes = buffer_span(&world.document)};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, ask, &asking), 0);
    usleep(200000);
    kill(pids[0], SIGTERM);
    kill(pids[0], SIGCONT);
    pthread_join(thread, NULL);
    assert_true(asking.looked);
    assert_ptr_equal(asking.verdict.reasons[0].text, &TEXT_CHECK_DIED);
    verdict_clear(&asking.verdict);
    assert_passes(pool);
}

static void when_all_are_busy_the_caller_is_told(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 500);
    pid_t pids[8];
    assert_passes(pool);
    assert_int_equal(find_children(pids), 1);
    kill(pids[0], SIGSTOP);
    struct asking one = {.pool = pool, .bytes = buffer_span(&world.document)}, two = one, three = one;
    pthread_t threads[3];
    pthread_create(&threads[0], NULL, ask, &one);
    usleep(50000);
    int64_t began = clock_monotonic_ms();
    pthread_create(&threads[1], NULL, ask, &two);
    usleep(50000);
    kill(pids[0], SIGSTOP);
    pthread_create(&threads[2], NULL, ask, &three);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    assert_true(clock_monotonic_ms() - began < 5000);
    assert_true(one.looked && one.verdict.reasons[0].text == &TEXT_CHECK_DEADLINE);
    bool busy = (!two.looked && two.err.code == ERR_BUSY) || verdict_overall(&two.verdict) == TOTAL_PASSED;
    assert_true(busy); /* the seat is free again just about when its patience ends */
    verdict_clear(&one.verdict);
    verdict_clear(&two.verdict);
    verdict_clear(&three.verdict);
    assert_passes(pool);
}

static void many_callers_share_two_checkers(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(2, 0);
    struct asking asking[12];
    pthread_t threads[12];
    for (size_t i = 0; i < COUNT_OF(asking); i++) {
        asking[i] = (struct asking){.pool = pool, .bytes = buffer_span(&world.document)};
        pthread_create(&threads[i], NULL, ask, &asking[i]);
    }
    for (size_t i = 0; i < COUNT_OF(asking); i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(verdict_overall(&asking[i].verdict), TOTAL_PASSED);
        verdict_clear(&asking[i].verdict);
    }
    pid_t pids[8];
    assert_int_equal(find_children(pids), 2);
}

/* What a program that is no checker makes of it. */
static void a_program_that_is_no_checker_is_an_error(void **state)
{
    (void)state;
    const struct checker_settings settings = {.program = "/bin/true", .trust = world.trust};
    struct checker_pool *pool CLEANUP(checker_pool_close) = NULL;
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    assert_true(checker_pool_open(&settings, &pool, &err));
    assert_false(check(pool, buffer_span(&world.document), &verdict, &err));
    assert_ptr_equal(err.text, &TEXT_CHECK_NOT_STARTED);
    const struct checker_settings missing = {.program = "/no/such/program", .trust = world.trust};
    struct checker_pool *none CLEANUP(checker_pool_close) = NULL;
    assert_false(checker_pool_open(&missing, &none, &err));
}

/* A liar in the checker's place: this program started as `checker_test liar HOW`. */
static int lie(const char *how)
{
    struct checker_request request;
    for (; checker_request_receive(CHILD_SOCKET, &request); checker_request_clear(&request)) {
        if (request.kind == CHECKER_TRUST
            && !checker_answer_send(CHILD_SOCKET, CHECKER_READY, (struct span){0}))
            return 1;
        if (request.kind != CHECKER_DOCUMENT)
            continue;
        if (strcmp(how, "huge") == 0 && write(request.answer, "\2\xFF\xFF\xFF\xFF", 5) != 5)
            return 1;
        if (strcmp(how, "garbage") == 0
            && !checker_answer_send(request.answer, CHECKER_VERDICT, SPAN_LITERAL("\1\1\1\1\1")))
            return 1;
        if (strcmp(how, "kind") == 0
            && !checker_answer_send(request.answer, (enum checker_answer_kind)9, (struct span){0}))
            return 1;
        if (!checker_answer_send(CHILD_SOCKET, CHECKER_ENDED, SPAN_LITERAL("\0\0\0\0\0")))
            return 1;
    }
    return 0;
}

static void nonsense_is_not_believed(void **state)
{
    (void)state;
    static const char *const kinds[] = {"huge", "garbage", "kind"};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        char path[128];
        snprintf(path, sizeof(path), "%s/%s", world.directory, kinds[i]);
        FILE *script = fopen(path, "w");
        fprintf(script, "#!/bin/sh\nexec %s/signer/checker_test liar %s\n", BUILD_DIR, kinds[i]);
        fclose(script);
        chmod(path, 0700);
        const struct checker_settings settings = {.program = path, .trust = world.trust};
        struct checker_pool *pool CLEANUP(checker_pool_close) = NULL;
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct error err = {0};
        assert_true(checker_pool_open(&settings, &pool, &err));
        assert_true(check(pool, buffer_span(&world.document), &verdict, &err));
        check_row(verdict.reasons[0].text == &TEXT_CHECK_NONSENSE, kinds[i]);
    }
}

static void what_comes_with_a_document_is_counted(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 0);
    struct checker_content contents[CHECKER_MAX_CONTENTS + 1];
    struct source document = source_of(buffer_span(&world.document)),
                  one = source_of(SPAN_LITERAL("nội dung"));
    for (size_t i = 0; i < COUNT_OF(contents); i++)
        contents[i] = (struct checker_content){"nội dung.txt", &one};
    static const struct {
        const char *sentence;
        size_t contents;
        enum error_code code;
    } rows[] = {
        {"no content", 0, ERR_NONE},
        {"as many as there may be", CHECKER_MAX_CONTENTS, ERR_NONE},
        {"one more", CHECKER_MAX_CONTENTS + 1, ERR_TOO_LARGE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct error err = {0};
        const struct checker_job job = {
            .document = &document, .contents = contents, .content_count = rows[i].contents};
        bool looked = checker_check(pool, &job, &verdict, &err);
        check_row(err.code == rows[i].code && looked == (rows[i].code == ERR_NONE), rows[i].sentence);
        check_row(!looked || verdict_overall(&verdict) == TOTAL_PASSED, rows[i].sentence);
    }
}

/* The issuer's certificate and its word on revocation, handed in: what the document lacks. */
static void evidence_and_policy_reach_the_judge(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 0);
    struct buffer list CLEANUP(buffer_clear) = {0}, evidence CLEANUP(buffer_clear) = {0},
                       words CLEANUP(buffer_clear) = {0};
    struct source document = source_of(buffer_span(&world.document));
    struct policy strict = *policy_default();
    strict.revocation = POLICY_REVOCATION_REQUIRED;
    policy_write(&strict, &words);
    pki_crl(&world.root, NULL, -1, 7, &list);
    buffer_u8(&evidence, EVIDENCE_CRL);
    buffer_sized(&evidence, buffer_span(&list));
    for (int handed = 0; handed < 2; handed++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct error err = {0};
        const struct checker_job job = {.document = &document,
                                        .policy = buffer_span(&words),
                                        .evidence = handed ? buffer_span(&evidence) : (struct span){0}};
        assert_true(checker_check(pool, &job, &verdict, &err));
        assert_int_equal(verdict_overall(&verdict), handed ? TOTAL_PASSED : INDETERMINATE);
        assert_int_equal(verdict.findings[0].sub, handed ? SUB_NONE : SUB_TRY_LATER);
    }
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "checker") == 0)
        return checker_main();
    if (argc >= 3 && strcmp(argv[1], "liar") == 0)
        return lie(argv[2]);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_judged_next_door),
        cmocka_unit_test(what_cannot_be_looked_at_is_an_error_in_words),
        cmocka_unit_test(another_trust_counts_from_the_next_document_on),
        cmocka_unit_test(a_checker_killed_while_idle_is_not_noticed),
        cmocka_unit_test(a_checker_that_hangs_is_killed_at_the_deadline_and_replaced),
        cmocka_unit_test(a_checker_that_dies_at_work_leaves_a_verdict_that_says_so),
        cmocka_unit_test(when_all_are_busy_the_caller_is_told),
        cmocka_unit_test(many_callers_share_two_checkers),
        cmocka_unit_test(a_program_that_is_no_checker_is_an_error),
        cmocka_unit_test(nonsense_is_not_believed),
        cmocka_unit_test(what_comes_with_a_document_is_counted),
        cmocka_unit_test(evidence_and_policy_reach_the_judge),
    };
    return cmocka_run_group_tests_name("checker", tests, checker_world_make, checker_world_end);
}
