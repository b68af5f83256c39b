/* The keeper as a process - how it is started, watched and ended - and those who do not keep to its frames. */
#include "tests/check.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/clock.h"
#include "hsm/hsm_text.h"
#include "hsm/keeper_frame.h"
#include "hsm/keeper_process.h"
#include "tests/crowd.h"
#include "tests/token_world.h"

enum { DEADLINE_MS = 4000 };

/* ---- the keeper as a process */

static struct keeper_post post_open(const char *socket)
{
    const struct keeper_settings settings = {.program = KEEPER_PROGRAM,
                                             .pkcs11 = true,
                                             .module = PKCS11_SHIM,
                                             .pin_file = token.pin_file,
                                             .notes = token.notes,
                                             .socket = socket};
    return keeper_post_open(&settings);
}

static bool tend_until(struct keeper_post *post, bool (*there)(const struct keeper_post *, const void *),
                       const void *what)
{
    for (int64_t until = clock_monotonic_ms() + 10000; clock_monotonic_ms() < until; pause_ms(10)) {
        struct error err = {0};
        if (keeper_post_tend(post, NULL, &err) && there(post, what))
            return true;
    }
    return false;
}

static bool listens(const struct keeper_post *post, const void *path)
{
    (void)post;
    struct stat is;
    return stat(path, &is) == 0 && S_ISSOCK(is.st_mode);
}

static bool started_again(const struct keeper_post *post, const void *starts)
{
    return post->starts > *(const unsigned *)starts && post->met;
}

static bool has_answered(const struct keeper_post *post, const void *unused)
{
    (void)unused;
    return post->met;
}

static void a_keeper_on_a_socket_serves_and_is_started_again(void **state)
{
    (void)state;
    char path[160];
    snprintf(path, sizeof(path), "%s/keeper-1.sock", token.dir);
    struct keeper_post post = post_open(path);
    assert_true(tend_until(&post, listens, path));
    struct stat is;
    assert_int_equal(stat(path, &is), 0);
    assert_int_equal(is.st_mode & 0777, 0600);

    const char *sockets[] = {path, NULL};
    const struct hsm_settings settings = {.sockets = sockets, .deadline_ms = DEADLINE_MS};
    struct crowd crowd = {.uri = token.ec};
    struct error err = {0};
    assert_true(hsm_open(&settings, &crowd.hsm, &err));
    crowd_start(&crowd);
    bool served = signs_on(&crowd, 5000);
    for (unsigned i = 0; i < 3 && served; i++) {
        unsigned starts = post.starts;
        kill(post.pid, SIGKILL);
        served = tend_until(&post, started_again, &starts) && post.last_exit == 128 + SIGKILL
                 && signs_on(&crowd, 5000);
    }
    crowd_stop(&crowd);
    assert_true(served);
    assert_int_equal(atomic_load(&crowd.failures), 0);
    keeper_post_close(&post);
    assert_int_equal(post.last_exit, KEEPER_ENDED);
    assert_int_equal(stat(path, &is), -1);
}

static void a_frozen_keeper_is_killed_by_its_heartbeat(void **state)
{
    (void)state;
    struct keeper_post post = post_open(NULL);
    assert_true(tend_until(&post, has_answered, NULL));
    unsigned starts = post.starts;
    kill(post.pid, SIGSTOP);
    assert_true(tend_until(&post, started_again, &starts));
    assert_int_equal(post.last_exit, 128 + SIGKILL);
    keeper_post_close(&post);
}

static void a_keeper_that_keeps_dying_is_started_less_and_less_often(void **state)
{
    (void)state;
    struct keeper_post post = post_open("/no/such/directory/socket");
    int64_t until = clock_monotonic_ms() + 2500;
    while (clock_monotonic_ms() < until) {
        struct error err = {0};
        if (!keeper_post_tend(&post, NULL, &err))
            assert_int_equal(err.code, ERR_TOKEN_AWAY);
        pause_ms(5);
    }
    assert_int_equal(post.last_exit, KEEPER_NO_SOCKET);
    assert_in_range(post.starts, 2, 7); /* 50 + 100 + 200 + 400 + 800 ms, and the starts themselves */
    keeper_post_close(&post);
}

static bool file_has(const char *path, const char *text)
{
    char whole[8192];
    FILE *file = fopen(path, "r");
    size_t size = file ? fread(whole, 1, sizeof(whole) - 1, file) : 0;
    whole[size] = '\0';
    if (file)
        fclose(file);
    return strstr(whole, text) != NULL;
}

static void a_keeper_leaves_no_core_and_gains_no_rights(void **state)
{
    (void)state;
    struct keeper_post post = post_open(NULL);
    assert_true(tend_until(&post, has_answered, NULL));
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/status", post.pid);
    assert_true(file_has(path, "NoNewPrivs:\t1"));
    snprintf(path, sizeof(path), "/proc/%d/limits", post.pid);
    assert_true(file_has(path, "Max core file size        0                    0"));
    keeper_post_close(&post);
}

static bool is_alive(pid_t pid)
{
    char path[64];
    snprintf(path, sizeof(path), "/proc/%d/status", pid);
    return access(path, F_OK) == 0 && !file_has(path, "State:\tZ");
}

static void a_keeper_ends_with_whoever_started_it(void **state)
{
    (void)state;
    int pids[2];
    assert_int_equal(pipe(pids), 0);
    pid_t parent = fork();
    if (parent == 0) {
        struct keeper_post post = post_open(NULL);
        bool up = tend_until(&post, has_answered, NULL);
        if (write(pids[1], &post.pid, sizeof(post.pid)) != sizeof(post.pid) || !up)
            _exit(1);
        pause();
    }
    pid_t keeper = 0;
    assert_int_equal(read(pids[0], &keeper, sizeof(keeper)), sizeof(keeper));
    assert_true(is_alive(keeper));
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    for (int64_t until = clock_monotonic_ms() + 3000; is_alive(keeper) && clock_monotonic_ms() < until;)
        pause_ms(5);
    assert_false(is_alive(keeper));
    close(pids[0]);
    close(pids[1]);
}

/* ---- callers and keepers that do not keep to the frames */

static const struct {
    const char *sentence;
    struct span bytes;
} nonsense[] = {
    {"no frame at all", SPAN_LITERAL("GET / HTTP/1.1\r\n\r\n")},
    {"a size over the limit", SPAN_LITERAL("\xff\xff\xff\xff\x01\x01")},
    {"another version", SPAN_LITERAL("\0\0\0\x0a\x02\x01\0\0\0\0\0\0\0\0")},
    {"an unknown verb", SPAN_LITERAL("\0\0\0\x0a\x01\x09\0\0\0\0\0\0\0\0")},
    {"something after the frame", SPAN_LITERAL("\0\0\0\x0a\x01\x01\0\0\0\0\0\0\0\0more")},
};

static void a_caller_who_talks_nonsense_is_dropped_alone(void **state)
{
    (void)state;
    struct keeper_post post = post_open(NULL);
    assert_true(tend_until(&post, has_answered, NULL));
    for (size_t i = 0; i < COUNT_OF(nonsense); i++) {
        struct error err = {0};
        char byte;
        int fd CLEANUP(fd_close) = -1;
        assert_true(keeper_post_connect(&post, &fd, &err));
        assert_int_equal(write(fd, nonsense[i].bytes.data, nonsense[i].bytes.size), nonsense[i].bytes.size);
        check_row(recv(fd, &byte, 1, 0) == 0 || errno == ECONNRESET, nonsense[i].sentence);
        check_row(keeper_post_tend(&post, NULL, &err) && post.starts == 1, nonsense[i].sentence);
    }
    keeper_post_close(&post);
}

static void a_caller_too_many_is_told_so(void **state)
{
    (void)state;
    char path[160];
    snprintf(path, sizeof(path), "%s/full.sock", token.dir);
    struct keeper_post post = post_open(path);
    assert_true(tend_until(&post, listens, path));
    int fds[KEEPER_CALLERS_MAX];
    struct error err = {0};
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        assert_true(keeper_post_connect(&post, &fds[i], &err));
    struct buffer hello CLEANUP(buffer_clear) = {0};
    char byte;
    assert_true(keeper_request_write(&(struct keeper_request){.verb = KEEPER_HELLO}, &hello));
    assert_int_equal(send(fds[COUNT_OF(fds) - 1], hello.data, hello.size, 0), hello.size);
    assert_int_equal(recv(fds[COUNT_OF(fds) - 1], &byte, 1, 0),
                     1); /* the last one is served: all have a seat */

    const char *sockets[] = {path, NULL};
    const struct hsm_settings settings = {.sockets = sockets, .deadline_ms = 2000};
    struct hsm *hsm CLEANUP(hsm_close) = NULL;
    assert_true(hsm_open(&settings, &hsm, &err));
    assert_false(sign_with(hsm, token.leader, &err));
    assert_int_equal(err.code, ERR_BUSY);
    for (size_t i = 0; i < COUNT_OF(fds); i++)
        close(fds[i]);
    bool served = false;
    for (int i = 0; i < 50 && !(served = sign_with(hsm, token.leader, &err)); i++)
        pause_ms(20);
    assert_true(served);
    keeper_post_close(&post);
}

/* A keeper that is none: says one thing to whoever comes, then waits or leaves. */
struct impostor {
    int listener;
    struct span says;
    bool stays;
};

static void *impostor_serve(void *argument)
{
    struct impostor *impostor = argument;
    int fd;
    while ((fd = accept(impostor->listener, NULL, NULL)) >= 0) {
        char heard[256];
        if (recv(fd, heard, sizeof(heard), 0) > 0 && impostor->says.size > 0)
            (void)!send(fd, impostor->says.data, impostor->says.size, MSG_NOSIGNAL);
        while (impostor->stays && recv(fd, heard, sizeof(heard), 0) > 0)
            ;
        close(fd);
    }
    return NULL;
}

static const struct {
    const char *sentence;
    struct span says;
    bool stays;
    enum error_code expected;
} impostors[] = {
    {"one that says nothing is away", {0}, true, ERR_TOKEN_AWAY},
    {"so is one that stops in the middle", SPAN_LITERAL("\0\0\0\x0f\x01\x01\0\0"), true, ERR_TOKEN_AWAY},
    {"one that leaves is away", {0}, false, ERR_TOKEN_AWAY},
    {"one that says something else makes no sense", SPAN_LITERAL("HTTP/1.1 400 Bad\r\n"), true,
     ERR_TOKEN_AWAY},
    {"so does one that answers another question",
     SPAN_LITERAL("\0\0\0\x0f\x01\x01\0\0\0\x63\0\0\0\0\0\0\0\0\1"), true, ERR_TOKEN_AWAY},
    {"and one that says more than asked", SPAN_LITERAL("\0\0\0\x10\x01\x01\0\0\0\0\0\0\0\0\0\0\0\0\1x"), true,
     ERR_TOKEN_AWAY},
};

static void an_impostor_gets_nothing_but_the_deadline(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(impostors); i++) {
        struct impostor impostor = {socket(AF_UNIX, SOCK_STREAM, 0), impostors[i].says, impostors[i].stays};
        struct sockaddr_un address = {.sun_family = AF_UNIX};
        snprintf(address.sun_path, sizeof(address.sun_path), "%.80s/impostor-%zu", token.dir, i);
        assert_int_equal(bind(impostor.listener, (struct sockaddr *)&address, sizeof(address)), 0);
        assert_int_equal(listen(impostor.listener, 8), 0);
        pthread_t thread;
        assert_int_equal(pthread_create(&thread, NULL, impostor_serve, &impostor), 0);

        const char *sockets[] = {address.sun_path, NULL};
        const struct hsm_settings settings = {.sockets = sockets, .deadline_ms = 600};
        struct hsm *hsm CLEANUP(hsm_close) = NULL;
        struct error err = {0};
        assert_true(hsm_open(&settings, &hsm, &err));
        int64_t from = clock_monotonic_ms();
        check_row(!sign_with(hsm, token.leader, &err), impostors[i].sentence);
        check_row(err.code == impostors[i].expected, impostors[i].sentence);
        check_row(clock_monotonic_ms() - from < 1200, impostors[i].sentence);
        shutdown(impostor.listener, SHUT_RDWR);
        pthread_join(thread, NULL);
        close(impostor.listener);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_keeper_on_a_socket_serves_and_is_started_again, token_heal),
        cmocka_unit_test_setup(a_frozen_keeper_is_killed_by_its_heartbeat, token_heal),
        cmocka_unit_test_setup(a_keeper_that_keeps_dying_is_started_less_and_less_often, token_heal),
        cmocka_unit_test_setup(a_keeper_leaves_no_core_and_gains_no_rights, token_heal),
        cmocka_unit_test_setup(a_keeper_ends_with_whoever_started_it, token_heal),
        cmocka_unit_test_setup(a_caller_who_talks_nonsense_is_dropped_alone, token_heal),
        cmocka_unit_test_setup(a_caller_too_many_is_told_so, token_heal),
        cmocka_unit_test_setup(an_impostor_gets_nothing_but_the_deadline, token_heal),
    };
    return cmocka_run_group_tests(tests, token_make, token_drop);
}
