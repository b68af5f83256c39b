/* The checkers, real processes: this very program, started again as `checker_test checker`. They are killed,
 * stopped, starved and asked to do what they may not. */
#include "tests/check.h"

#include "tests/scratch.h"

#include <dirent.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/base_text.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/xml.h"
#include "signer/checker.h"
#include "signer/checker_frame.h"
#include "signer/checker_sandbox.h"
#include "signer/evidence.h"
#include "signer/policy.h"
#include "signer/signer.h"
#include "signer/signer_text.h"

static struct {
    struct pki_person root, other_root, person;
    struct trust *trust, *other_trust;
    struct buffer document;
    char directory[SCRATCH_NAME];
} world;

static void sign_document(void)
{
    struct signing how = {.certificate = buffer_span(&world.person.der), .clock = &clock_system};
    struct source document = source_of(SPAN_LITERAL("<KetQua><So>127</So></KetQua>"));
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    enum digest_algorithm algorithm;
    assert_true(signer_prepare(&how, &document, &pending, &err));
    pki_sign(&world.person, DIGEST_SHA256, pending_digest(pending, &algorithm), &signature);
    struct sink sink = sink_buffer(&world.document);
    assert_true(signer_complete(pending, &document, buffer_span(&signature), &sink, &err));
}

static int make_world(void **state)
{
    (void)state;
    xml_init();
    scratch_make("checker", world.directory);
    const struct pki_wish root = {
        .name = "Gốc", .key = "p256", .ca = true, .key_usage = "keyCertSign,cRLSign"};
    pki_make(&root, &world.root);
    pki_make(&root, &world.other_root);
    pki_make(
        &(struct pki_wish){.name = "Nguyễn Văn Mẫu", .issuer = &world.root, .key_usage = "digitalSignature"},
        &world.person);
    world.trust = scratch_trust_one(world.directory, "root.pem", &world.root);
    world.other_trust = scratch_trust_one(world.directory, "other.pem", &world.other_root);
    sign_document();
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    trust_free(&world.trust);
    trust_free(&world.other_trust);
    buffer_clear(&world.document);
    pki_clear(&world.root);
    pki_clear(&world.other_root);
    pki_clear(&world.person);
    return 0;
}

static struct checker_pool *open_pool(unsigned count, int64_t deadline_ms)
{
    struct checker_pool *pool = NULL;
    struct error err = {0};
    const struct checker_settings settings = {
        .count = count, .deadline_ms = deadline_ms, .trust = world.trust};
    assert_true(checker_pool_open(&settings, &pool, &err));
    return pool;
}

static bool check(struct checker_pool *pool, struct span bytes, struct verdict *ret_verdict,
                  struct error *err)
{
    struct source document = source_of(bytes);
    return checker_check(pool, &(struct checker_job){.document = &document}, ret_verdict, err);
}

static void assert_passes(struct checker_pool *pool)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    if (!check(pool, buffer_span(&world.document), &verdict, &err))
        print_error("%s %s\n", err.text ? err.text->en : "?", err.cause);
    assert_int_equal(err.code, ERR_NONE);
    if (verdict.count == 0 && verdict.reason_count)
        print_error("%s %s\n", verdict.reasons[0].text->en, verdict.reasons[0].arg[0]);
    assert_int_equal(verdict_overall(&verdict), TOTAL_PASSED);
    assert_string_equal(verdict.findings[0].common_name, "Nguyễn Văn Mẫu");
}

/* The checkers that are our children now. */
static size_t find_children(pid_t ret_pids[static 8])
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
    FILE *file = fopen(path, "r");
    size_t count = 0;
    assert_non_null(file);
    while (count < 8 && fscanf(file, "%d", &ret_pids[count]) == 1)
        count++;
    fclose(file);
    return count;
}

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

struct asking {
    struct checker_pool *pool;
    struct verdict verdict;
    struct error err;
    bool looked;
    struct span bytes;
};

static void *ask(void *context)
{
    struct asking *asking = context;
    asking->looked = check(asking->pool, asking->bytes, &asking->verdict, &asking->err);
    return NULL;
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

/* What a checker that was taken over may try. `jail` runs one attempt inside the sandbox and says how it
 * went. */
static const struct {
    const char *name;
    bool deadly; /* else it is refused */
} attempts[] = {
    {"open", false},   {"proc", false}, {"socket", true}, {"exec", true},   {"fork", true},
    {"run", true},     {"kill", true},  {"ptrace", true}, {"unlink", true}, {"write-document", false},
    {"signal", false}, {"limit", false}};

static int attempt(const char *name)
{
    int document = open("/proc/self/exe", O_RDONLY);
    struct checker_seal *seal;
    if (!checker_sandbox_enter(&seal) || !checker_sandbox_seal(seal, getppid()))
        return 99;
    if (strcmp(name, "open") == 0)
        return open("/etc/passwd", O_RDONLY) < 0 ? 0 : 1;
    if (strcmp(name, "proc") == 0)
        return open("/proc/self/mem", O_RDWR) < 0 ? 0 : 1;
    if (strcmp(name, "socket") == 0)
        return socket(AF_INET, SOCK_STREAM, 0) < 0 ? 0 : 1;
    if (strcmp(name, "exec") == 0)
        return execl("/bin/true", "true", (char *)NULL) < 0 ? 0 : 1;
    if (strcmp(name, "fork") == 0)
        return fork() < 0 ? 0 : 1;
    if (strcmp(name, "run") == 0)
        return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 0
                                                                                                         : 1;
    if (strcmp(name, "kill") == 0)
        return kill(getppid(), 0) < 0 ? 0 : 1;
    if (strcmp(name, "signal") == 0)
        return tgkill(getpid(), gettid(), SIGABRT) < 0 ? 0 : 1;
    if (strcmp(name, "limit") == 0)
        return setrlimit(RLIMIT_CPU, &(struct rlimit){1, 1}) < 0 ? 0 : 1;
    if (strcmp(name, "ptrace") == 0)
        return (int)syscall(101 /* ptrace */, 16, 1, 0, 0) < 0 ? 0 : 1;
    if (strcmp(name, "unlink") == 0)
        return unlink("/tmp/nothing") < 0 ? 0 : 1;
    return mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, document, 0) == MAP_FAILED ? 0 : 1;
}

static void a_checker_that_was_taken_over_can_do_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        if (strcmp(attempts[i].name, "signal") == 0 && !checker_memory_can_be_limited())
            continue; /* a sanitizer ends itself so */
        const char *args[] = {"checker_test", "jail", attempts[i].name, NULL};
        int pair[2];
        pid_t pid = 0;
        struct error err = {0};
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
        assert_true(child_start(NULL, args, pair[1], &pid, &err));
        int how = child_wait(&pid);
        close(pair[0]);
        close(pair[1]);
        if (how != (attempts[i].deadly ? 128 + SIGSYS : 0))
            print_error("%s: %d\n", attempts[i].name, how);
        check_row(how == (attempts[i].deadly ? 128 + SIGSYS : 0), attempts[i].name);
    }
}

/* Only its socket came along, and it can speak. */
static int speak_and_end(void)
{
    bool alone = fcntl(CHILD_SOCKET, F_GETFD) >= 0 && fcntl(CHILD_SOCKET + 1, F_GETFD) < 0;
    return alone && write(CHILD_SOCKET, "x", 1) == 1 ? 7 : 1;
}

static void a_copy_has_its_socket_and_nothing_else(void **state)
{
    (void)state;
    int pair[2], more CLEANUP(fd_close) = open("/dev/null", O_RDONLY);
    pid_t pid = 0;
    char said = 0;
    struct error err = {0};
    assert_true(more >= 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
    assert_true(child_copy(speak_and_end, pair[1], &pid, &err));
    assert_int_equal(read(pair[0], &said, 1), 1);
    assert_int_equal(child_wait(&pid), 7);
    close(pair[0]);
    close(pair[1]);
}

/* The copy of a checker that looks at a document; waits until there is one. */
static pid_t find_copy(void)
{
    pid_t checkers[8];
    char path[64];
    int copy = 0;
    assert_int_equal(find_children(checkers), 1);
    snprintf(path, sizeof(path), "/proc/%d/task/%d/children", checkers[0], checkers[0]);
    for (int tries = 0; tries < 5000 && copy == 0; tries++) {
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        if (fscanf(file, "%d", &copy) != 1)
            copy = 0;
        fclose(file);
        usleep(200);
    }
    assert_int_not_equal(copy, 0);
    return copy;
}

static bool has_line(pid_t pid, const char *file, const char *line)
{
    char path[64], text[256];
    bool found = false;
    snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
    FILE *status = fopen(path, "r");
    assert_non_null(status);
    while (fgets(text, sizeof(text), status))
        found = found || strncmp(text, line, strlen(line)) == 0;
    fclose(status);
    return found;
}

/* Large enough that there is time to look at whoever looks at it. */
static void make_long_document(struct buffer *ret_text)
{
    buffer_text(ret_text, "<a>");
    while (ret_text->size < (8 << 20))
        buffer_text(ret_text, "<b/>");
    buffer_text(ret_text, "</a>");
}

/* In every build: two seconds of CPU time, and whoever forgets about the softer limit meets a harder one. */
static void a_copy_has_limits_that_nothing_lifts(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 0);
    struct buffer text CLEANUP(buffer_clear) = {0};
    pthread_t thread;
    assert_passes(pool);
    make_long_document(&text);
    struct asking asking = {.pool = pool, .bytes = buffer_span(&text)};
    assert_int_equal(pthread_create(&thread, NULL, ask, &asking), 0);
    pid_t copy = find_copy();
    bool sealed = false;
    for (int tries = 0; tries < 2000 && !sealed; tries++) {
        sealed = has_line(copy, "status", "Seccomp_filters:\t2");
        usleep(sealed ? 0 : 200);
    }
    kill(copy, SIGSTOP);
    bool limited = has_line(copy, "limits", "Max cpu time              2                    3 ");
    bool bounded = !has_line(copy, "limits", "Max data size             unlimited");
    kill(copy, SIGKILL);
    pthread_join(thread, NULL);
    assert_true(sealed);
    assert_true(limited);
    assert_true(bounded || !checker_memory_can_be_limited());
    assert_true(asking.looked);
    assert_ptr_equal(asking.verdict.reasons[0].text, &TEXT_CHECK_DEADLINE);
    verdict_clear(&asking.verdict);
}

/* What one document does to its copy ends with it: the checker is the same process before and after. */
static void a_copy_that_crashes_takes_nothing_with_it(void **state)
{
    (void)state;
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 0);
    struct buffer text CLEANUP(buffer_clear) = {0};
    pid_t before[8], after[8];
    pthread_t thread;
    assert_passes(pool);
    find_children(before);
    make_long_document(&text);
    struct asking asking = {.pool = pool, .bytes = buffer_span(&text)};
    assert_int_equal(pthread_create(&thread, NULL, ask, &asking), 0);
    kill(find_copy(), SIGTERM);
    pthread_join(thread, NULL);
    assert_true(asking.looked);
    assert_ptr_equal(asking.verdict.reasons[0].text, &TEXT_CHECK_DIED);
    verdict_clear(&asking.verdict);
    assert_passes(pool);
    assert_int_equal(find_children(after), 1);
    assert_int_equal(before[0], after[0]);
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

/* A tree that takes far more memory than the text it was made from. */
static void a_document_that_takes_too_much_memory_is_named(void **state)
{
    (void)state;
    if (!checker_memory_can_be_limited())
        skip();
    struct checker_pool *pool CLEANUP(checker_pool_close) = open_pool(1, 0);
    struct buffer text CLEANUP(buffer_clear) = {0};
    buffer_text(&text, "<a>");
    while (text.size < (16 << 20))
        buffer_text(&text, "<b/>");
    buffer_text(&text, "</a>");
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    assert_true(check(pool, buffer_span(&text), &verdict, &err));
    assert_ptr_equal(verdict.reasons[0].text, &TEXT_CHECK_MEMORY);
    assert_passes(pool);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "checker") == 0)
        return checker_main();
    if (argc == 3 && strcmp(argv[1], "jail") == 0)
        _exit(attempt(argv[2]));
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
        cmocka_unit_test(a_checker_that_was_taken_over_can_do_nothing),
        cmocka_unit_test(a_copy_has_its_socket_and_nothing_else),
        cmocka_unit_test(a_copy_has_limits_that_nothing_lifts),
        cmocka_unit_test(a_copy_that_crashes_takes_nothing_with_it),
        cmocka_unit_test(what_comes_with_a_document_is_counted),
        cmocka_unit_test(evidence_and_policy_reach_the_judge),
        cmocka_unit_test(a_document_that_takes_too_much_memory_is_named),
    };
    return cmocka_run_group_tests_name("checker", tests, make_world, end_world);
}
