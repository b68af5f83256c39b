/* A running server for tests: the real routes over a store of its own, asked with curl as a caller would.
 * No keys and no checkers: what needs them waits, or stays unknown. Include after tests/check.h. */
#pragma once

#include "tests/store_fixture.h"

#include "exchange/passage.h"
#include "service/axis_server.h"
#include "service/problem.h"

enum { SERVER_ANSWER = 1 << 20, SERVER_COMMAND = 8 << 10 };

struct server {
    struct fixture *fixture;
    struct service_settings settings;
    struct service service;
    struct http *http;
    char spool[96], blobs[96];
};

static UNUSED void server_file(const struct server *server, const char *name, struct span bytes)
{
    char path[256];
    struct error err = {0};
    struct out_file file CLEANUP(out_file_close) = {.fd = -1};
    snprintf(path, sizeof(path), "%s/%s", server->fixture->directory, name);
    assert_true(out_file_open(path, true, &file, &err) && fd_write_all(file.fd, bytes, &err)
                && out_file_commit(&file, &err));
}

/* Asks with curl: BASE in the arguments is the server's address, DIR the directory of its files. The
 * answer, then | and the status. */
static UNUSED const char *server_ask(const struct server *server, const char *arguments)
{
    static char answer[SERVER_ANSWER];
    struct buffer command CLEANUP(buffer_clear) = {0};
    buffer_text(&command, "curl -sS -o - -w '|%{http_code}' ");
    for (const char *at = arguments; *at;) {
        bool base = strncmp(at, "BASE", 4) == 0, dir = strncmp(at, "DIR", 3) == 0;
        if (base)
            buffer_format(&command, "http://127.0.0.1:%u", http_port(server->http));
        else if (dir)
            buffer_text(&command, server->fixture->directory);
        else
            buffer_u8(&command, (uint8_t)*at);
        at += base ? 4 : dir ? 3 : 1;
    }
    buffer_text(&command, " 2>&1");
    FILE *pipe = popen(buffer_string(&command), "r");
    assert_non_null(pipe);
    size_t size = fread(answer, 1, sizeof(answer) - 1, pipe);
    answer[size] = '\0';
    pclose(pipe);
    return answer;
}

/* The member of a JSON answer, or "". Valid until the next call. */
static UNUSED const char *server_word(const char *answer, const char *member)
{
    static char word[128];
    const char *bar = strrchr(answer, '|');
    json_t *value CLEANUP(json_clear) =
        json_loadb(answer, bar ? (size_t)(bar - answer) : strlen(answer), 0, NULL);
    const char *text = json_string_value(json_object_get(value, member));
    snprintf(word, sizeof(word), "%s", text ? text : "");
    return word;
}

static int counted_blobs;

static int server_count_file(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)path, (void)about, (void)walk;
    counted_blobs += kind == FTW_F;
    return 0;
}

/* How many files the store keeps. */
static UNUSED int server_blobs(const struct server *server)
{
    counted_blobs = 0;
    nftw(server->blobs, server_count_file, 8, FTW_PHYS);
    return counted_blobs;
}

/* Everything goes as far as it can. */
static UNUSED void server_pass(const struct server *server)
{
    size_t steps;
    struct error err = {0};
    do
        assert_true(passage_turn(server->service.passage, &steps, &err));
    while (steps > 0);
}

/* `settings` has tokens and systems whose files stand already. */
static UNUSED void server_start(struct server *server)
{
    static const struct limits_section limits = {.document = 64 << 20,
                                                 .package = 4 << 20,
                                                 .public_upload = 50 << 20,
                                                 .public_at_once = 4,
                                                 .public_per_minute = 1000};
    struct service *service = &server->service;
    struct error err = {0};
    snprintf(server->spool, sizeof(server->spool), "%s/spool", server->fixture->directory);
    snprintf(server->blobs, sizeof(server->blobs), "%s/blobs", server->fixture->directory);
    assert_int_equal(mkdir(server->spool, 0700), 0);
    server->settings.limits = &limits;
    service->settings = &server->settings;
    service->clock = &server->fixture->clock;
    service->metrics = metrics_new();
    service->axis_lists = axis_lists_new();
    service->spool = server->spool;
    service->public_url = "https://kiemtra.mau.example";
    service->store = server->fixture->store;
    service->blobs = store_blobs(service->store);
    const struct passage_settings passage = {.store = service->store, .spool = service->spool};
    const struct http_settings http = {.listen = "127.0.0.1:0",
                                       .spool = server->spool,
                                       .routes = public_routes,
                                       .route_count = public_route_count,
                                       .io_threads = 1,
                                       .workers = 4,
                                       .queue = 16,
                                       .service = service,
                                       .fallback = problem_reply};
    assert_true(access_open(&server->settings, &service->access, &err));
    assert_true(passage_open(&passage, &service->passage, &err));
    assert_true(http_start(&http, &server->http, &err));
}

static UNUSED void server_stop(struct server *server)
{
    http_stop(&server->http);
    passage_close(&server->service.passage);
    access_close(&server->service.access);
    axis_lists_free(&server->service.axis_lists);
    metrics_free(&server->service.metrics);
}
