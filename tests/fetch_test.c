/* Outgoing requests against a real server on loopback: answers, limits, deadlines, and addresses that are refused. */
#include "tests/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "base/fetch.h"

static int listening = -1;
static char base_url[64];

/* Answers by path: /hello, /large (1 MB), /silent (nothing, until the client goes). */
static void answer(int peer)
{
    char request[4096];
    ssize_t got = read(peer, request, sizeof(request) - 1);
    request[got > 0 ? got : 0] = '\0';
    if (strstr(request, "/silent")) {
        while (read(peer, request, sizeof(request)) > 0)
            continue;
    } else if (strstr(request, "/large")) {
        static char large[1 << 20];
        dprintf(peer, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", sizeof(large));
        for (size_t at = 0; at < sizeof(large);) {
            ssize_t sent = send(peer, large + at, sizeof(large) - at, MSG_NOSIGNAL);
            if (sent <= 0)
                break;
            at += (size_t)sent;
        }
    } else {
        dprintf(peer, "HTTP/1.1 404 Gone\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nhello");
    }
    close(peer);
}

static void *serve(void *unused)
{
    for (int peer; (peer = accept(listening, NULL, NULL)) >= 0;)
        answer(peer);
    return unused;
}

static bool ask(const char *path, bool allow_private, size_t limit, struct fetch_answer *ret_answer,
                struct error *err)
{
    char url[128];
    snprintf(url, sizeof(url), "%s%s", base_url, path);
    const struct fetch_request request = {
        .method = "GET", .url = url, .deadline_ms = 700, .limit = limit, .allow_private = allow_private};
    return fetch(&request, ret_answer, err);
}

static void any_status_is_an_answer(void **state)
{
    (void)state;
    struct fetch_answer got CLEANUP(fetch_answer_clear) = {0};
    struct error err = {0};
    assert_true(ask("/hello", true, 0, &got, &err));
    assert_int_equal(got.status, 404);
    assert_string_equal(got.content_type, "text/plain");
    assert_true(span_is(buffer_span(&got.body), "hello"));
}

static void loopback_is_refused_unless_allowed(void **state)
{
    (void)state;
    struct fetch_answer got CLEANUP(fetch_answer_clear) = {0};
    struct error err = {0};
    assert_false(ask("/hello", false, 0, &got, &err));
    assert_int_equal(err.code, ERR_FORBIDDEN);
}

static void too_much_is_refused(void **state)
{
    (void)state;
    struct fetch_answer got CLEANUP(fetch_answer_clear) = {0};
    struct error err = {0};
    assert_false(ask("/large", true, 1000, &got, &err));
    assert_int_equal(err.code, ERR_TOO_LARGE);
}

static void the_deadline_holds(void **state)
{
    (void)state;
    struct fetch_answer got CLEANUP(fetch_answer_clear) = {0};
    struct error err = {0};
    int64_t before = clock_monotonic_ms();
    assert_false(ask("/silent", true, 0, &got, &err));
    assert_int_equal(err.code, ERR_TIMEOUT);
    assert_in_range(clock_monotonic_ms() - before, 600, 3000);
}

static void other_schemes_are_refused(void **state)
{
    (void)state;
    struct fetch_answer got CLEANUP(fetch_answer_clear) = {0};
    struct error err = {0};
    const struct fetch_request request = {
        .method = "GET", .url = "file:///etc/hostname", .allow_private = true};
    assert_false(fetch(&request, &got, &err));
    assert_ptr_equal(err.text, &TEXT_FETCH_URL);
}

static int start(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    listening = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listening, (struct sockaddr *)&address, size) != 0 || listen(listening, 8) != 0
        || getsockname(listening, (struct sockaddr *)&address, &size) != 0)
        return -1;
    snprintf(base_url, sizeof(base_url), "http://127.0.0.1:%d", ntohs(address.sin_port));
    pthread_t thread;
    return pthread_create(&thread, NULL, serve, NULL) != 0 || pthread_detach(thread) != 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_status_is_an_answer),   cmocka_unit_test(loopback_is_refused_unless_allowed),
        cmocka_unit_test(too_much_is_refused),       cmocka_unit_test(the_deadline_holds),
        cmocka_unit_test(other_schemes_are_refused),
    };
    return cmocka_run_group_tests_name("fetch", tests, start, NULL);
}
