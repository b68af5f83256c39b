/* The HTTP room against a real client (libcurl's command): bodies, parts, limits, refusals, a full queue, a clean stop. */
#include "tests/check.h"

#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <sys/wait.h>

#include "service/http.h"
#include "service/http_workers.h"
#include "service/service_text.h"

enum { PER_ADDRESS = 20 };

static void echo(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service;
    struct source body = {.fd = -1};
    struct error err = {0};
    if (!http_body_source(&request->body, &body, &err)) {
        http_reply_text(reply, 500, "text/plain", SPAN_LITERAL("no body"));
        return;
    }
    struct digest_value digest = digest_of(DIGEST_SHA256, body.bytes);
    char hex[SHA256_HEX_SIZE];
    hex_text(digest_span(&digest), hex);
    reply->status = 200;
    reply->content_type = "text/plain";
    buffer_format(&reply->body, "%s %zu %s", request->argument, body.bytes.size, hex);
    source_close(&body);
}

static void parts(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service;
    reply->status = 200;
    reply->content_type = "text/plain";
    for (size_t i = 0; i < request->part_count; i++)
        buffer_format(&reply->body, "%s=%s:%llu;", request->parts[i].name,
                      request->parts[i].file_name ? request->parts[i].file_name : "-",
                      (unsigned long long)request->parts[i].body.size);
}

static void slow(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service, (void)request;
    usleep(400000);
    http_reply_text(reply, 200, "text/plain", SPAN_LITERAL("slept"));
}

static bool deny(struct service *service, struct http_request *request, struct error *err)
{
    (void)service;
    return http_header(request, "X-Let-Me") ? true : fail(err, ERR_FORBIDDEN, &TEXT_TOKEN_MISSING);
}

static void say(struct http_request *request, const struct error *err, struct http_reply *reply)
{
    (void)request;
    char line[200];
    error_sentence(err, LANGUAGE_EN, sizeof(line), line);
    http_reply_text(reply, error_meaning(err->code)->http_status, "text/plain", span_text(line));
}

static const struct route routes[] = {
    {"POST", "/echo/{name}", 8 << 20, NULL, echo, NULL, false},
    {"POST", "/parts", 8 << 20, NULL, parts, NULL, false},
    {"GET", "/slow", 0, NULL, slow, NULL, false},
    {"GET", "/token", 0, NULL, slow, NULL, true},
    {"GET", "/denied", 0, deny, slow, NULL, false},
    {"*", "/any/{rest*}", 100, NULL, echo, NULL, false},
};

static struct http *http;

static const char *curl(const char *arguments)
{
    static char out[4096];
    char command[1024];
    snprintf(command, sizeof(command), "curl -sS -o - -w '|%%{http_code}' %s 2>&1", arguments);
    for (char *at; (at = strstr(command, "BASE")) != NULL;) {
        char rest[1024];
        snprintf(rest, sizeof(rest), "%s", at + 4);
        snprintf(at, sizeof(command) - (size_t)(at - command), "http://127.0.0.1:%u%s", http_port(http),
                 rest);
    }
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    size_t size = fread(out, 1, sizeof(out) - 1, pipe);
    out[size] = '\0';
    pclose(pipe);
    return out;
}

static const struct {
    const char *sentence, *arguments, *answer;
} rows[] = {
    {"a small body is read", "-d abc BASE/echo/x",
     "x 3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad|200"},
    {"a body of 3 MB goes through the spool", "--data-binary @/tmp/http_test.bin BASE/echo/y",
     "y 3000000 6ca41633343f162f0f0604879eeac607e5e5087adeee2e4247199301968790d0|200"},
    {"a chunked body is read", "-H 'Transfer-Encoding: chunked' -d abc BASE/echo/z",
     "z 3 ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad|200"},
    {"a body whose length is told twice is refused",
     "-H 'Transfer-Encoding: chunked' -H 'Content-Length: 3' -d abc BASE/echo/z",
     "The request tells the length of its body twice. Send one Content-Length or one Transfer-Encoding.|400"},
    {"a form's fields and files are told apart",
     "-F a=1 -F 'f=@/tmp/http_test.bin;filename=tep.pdf' BASE/parts", "a=-:1;f=tep.pdf:3000000;|200"},
    {"an unknown path is named", "BASE/nothing",
     "There is nothing at /nothing. See /api/v1/openapi.yaml.|404"},
    {"a wrong method is named", "BASE/parts", "/parts does not take the method GET.|400"},
    {"a body over its limit is refused, and the client sees it", "-d @/tmp/http_test.bin BASE/any/a",
     "The body is over the limit of 100 bytes.|413"},
    {"a chunked body over its limit too", "-H 'Transfer-Encoding: chunked' -d @/tmp/http_test.bin BASE/any/a",
     "The body is over the limit of 100 bytes.|413"},
    {"what follows is taken whole", "-X PATCH BASE/any/a/b/c",
     "a/b/c 0 e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855|200"},
    {"who is not admitted is refused", "BASE/denied", "A token is needed: Authorization: Bearer …|403"},
    {"who is admitted goes in", "-H 'X-Let-Me: in' BASE/denied", "slept|200"},
};

static void requests_are_answered(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const char *answer = curl(rows[i].arguments);
        if (strcmp(answer, rows[i].answer) != 0)
            print_error("answered: %s\n", answer);
        check_row(strcmp(answer, rows[i].answer) == 0, rows[i].sentence);
    }
}

enum { CROWD = 12 };

static void send_crowd(const char *path, pid_t children[static CROWD])
{
    char url[64];
    snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", http_port(http), path);
    for (size_t i = 0; i < CROWD; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            execlp("curl", "curl", "-sf", "-o", "/dev/null", url, (char *)NULL);
            _exit(1);
        }
    }
}

static void those_who_wait_stand_in_nobodys_way(void **state)
{
    (void)state;
    pid_t children[CROWD];
    send_crowd("/token", children);
    usleep(100000); /* both of its workers sleep, its queue is full */
    assert_string_equal(curl("-m 0.2 -d abc BASE/echo/x"), rows[0].answer);
    for (size_t i = 0; i < CROWD; i++)
        waitpid(children[i], NULL, 0);
}

static void a_full_queue_is_said_at_once(void **state)
{
    (void)state;
    pid_t children[CROWD];
    int busy = 0, served = 0;
    send_crowd("/slow", children);
    for (size_t i = 0; i < CROWD; i++) {
        int status;
        waitpid(children[i], &status, 0);
        served += WIFEXITED(status) && WEXITSTATUS(status) == 0;
        busy += WIFEXITED(status) && WEXITSTATUS(status) == 22;
    }
    assert_int_equal(served + busy, CROWD);
    assert_in_range(served, 2, 8);
}

static int connect_once(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)http_port(http)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0);
    return fd;
}

/* Requests that never end, all from one address, leave room for others. */
static void one_address_does_not_take_every_connection(void **state)
{
    (void)state;
    struct pollfd held[PER_ADDRESS + 4];
    size_t closed = 0;
    for (size_t i = 0; i < COUNT_OF(held); i++) {
        held[i] = (struct pollfd){.fd = connect_once(), .events = POLLIN | POLLRDHUP};
        (void)!send(held[i].fd, "GET /slow HTTP/1.1\r\n", 20, MSG_NOSIGNAL);
    }
    usleep(300000);
    assert_true(poll(held, COUNT_OF(held), 0) >= 0);
    for (size_t i = 0; i < COUNT_OF(held); i++) {
        closed += held[i].revents != 0;
        close(held[i].fd);
    }
    assert_int_equal(closed, 4);
    for (int patience = 50; patience > 0 && !strstr(curl("BASE/nothing"), "404"); patience--)
        usleep(20000);
    assert_non_null(strstr(curl("BASE/nothing"), "404"));
}

static int start(void **state)
{
    (void)state;
    FILE *file = fopen("/tmp/http_test.bin", "wb");
    for (int i = 0; file && i < 3000000; i++)
        fputc("0123456789"[i % 10], file);
    if (!file || fclose(file) != 0)
        return -1;
    const struct http_settings settings = {.listen = "127.0.0.1:0",
                                           .routes = routes,
                                           .route_count = COUNT_OF(routes),
                                           .io_threads = 1,
                                           .workers = 2,
                                           .queue = 2,
                                           .per_address = PER_ADDRESS,
                                           .fallback = say};
    struct error err = {0};
    return http_start(&settings, &http, &err) ? 0 : -1;
}

static void count_job(void *context, void *job)
{
    (void)job;
    ++*(_Atomic int *)context;
}

/* A request may come in while the server ends: it is told so, and nothing of the workers is gone yet. */
static void workers_that_ended_take_nothing(void **state)
{
    (void)state;
    _Atomic int done = 0;
    struct workers *workers CLEANUP(workers_free) = NULL;
    struct error err = {0};
    int job;
    assert_true(workers_start(1, 2, count_job, &done, &workers, &err));
    assert_true(workers_add(workers, &job));
    workers_stop(workers);
    assert_int_equal(done, 1);
    assert_false(workers_add(workers, &job));
}

static int stop(void **state)
{
    (void)state;
    unlink("/tmp/http_test.bin");
    http_stop(&http);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(requests_are_answered),
        cmocka_unit_test(those_who_wait_stand_in_nobodys_way),
        cmocka_unit_test(a_full_queue_is_said_at_once),
        cmocka_unit_test(one_address_does_not_take_every_connection),
        cmocka_unit_test(workers_that_ended_take_nothing),
    };
    return cmocka_run_group_tests_name("http", tests, start, stop);
}
