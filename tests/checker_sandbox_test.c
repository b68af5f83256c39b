/* What a checker may do, real processes: this very program, started again as `checker_sandbox_test checker`. They are
 * starved, crashed and asked to do what they may not. */
#include "tests/check.h"

#include "tests/checker_world.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/child.h"
#include "signer/checker_sandbox.h"
#include "signer/signer_text.h"

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
        const char *args[] = {"checker_sandbox_test", "jail", attempts[i].name, NULL};
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_checker_that_was_taken_over_can_do_nothing),
        cmocka_unit_test(a_copy_has_its_socket_and_nothing_else),
        cmocka_unit_test(a_copy_has_limits_that_nothing_lifts),
        cmocka_unit_test(a_copy_that_crashes_takes_nothing_with_it),
        cmocka_unit_test(a_document_that_takes_too_much_memory_is_named),
    };
    return cmocka_run_group_tests_name("checker_sandbox", tests, checker_world_make, checker_world_end);
}
