#include "service/service.h"

#include <errno.h>
#include <openssl/x509v3.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "service/axis_server.h"
#include "service/problem.h"
#include "service/service_text.h"

enum {
    IO_THREADS = 2,
    WORK_QUEUE = 512,
    PASSAGE_THREADS = 8, /* they wait for the disk and the token, and share commits */
    PASSAGE_CHECKERS = 1,
    ADMIN_WORKERS = 2,
    LOOK_AROUND_S = 1 /* how often the main thread looks whether the disk still takes our writes */
};

/* Everything that is opened, in order; given back in the reverse order. */
struct running {
    struct service_settings settings;
    struct service service;
    struct certificates chain;
    struct trust *stamp_trust;
    struct checker_pool
        *passage_checkers; /* its own: whoever floods the public page must not stop the exchange */
    struct http *public_http, *admin_http;
    struct policy policy;
    struct buffer policy_frame; /* the same as the checkers read it */
    char *spool, *public_url;
};

static void running_clear(struct running *running)
{
    struct service *service = &running->service;
    http_stop(&running->public_http);
    http_stop(&running->admin_http);
    if (service->passage)
        passage_stop(service->passage);
    passage_close(&service->passage);
    store_close(&service->store);
    lookup_close(&service->lookup);
    checker_pool_close(&running->passage_checkers);
    checker_pool_close(&service->checkers);
    hsm_close(&service->hsm);
    trust_free(&service->trust);
    certificates_clear(&running->chain);
    trust_free(&running->stamp_trust);
    buffer_clear(&running->policy_frame);
    axis_lists_free(&service->axis_lists);
    metrics_free(&service->metrics);
    access_close(&service->access);
    free_clear(&running->spool);
    free_clear(&running->public_url);
    service_settings_clear(&running->settings);
}

static void log_settings(const struct service_settings *settings)
{
    static const char *const levels[] = {"debug", "info", "warning", "error"};
    enum log_level least = LOG_INFO_EVENT;
    for (int i = 0; i < (int)COUNT_OF(levels); i++)
        if (strcmp(settings->log->level, levels[i]) == 0)
            least = (enum log_level)i;
    log_open(STDERR_FILENO, strcmp(settings->log->format, "text") == 0 ? LOG_TEXT : LOG_JSON, least,
             "service");
}

static bool make_directory(const char *under, const char *name, char **ret_path, struct error *err)
{
    char *path CLEANUP(free_clear) = NULL;
    if (asprintf(&path, "%s/%s", under, name) < 0) {
        path = NULL;
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    }
    if (mkdir(path, 0700) != 0 && errno != EEXIST) {
        fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, path);
        return error_errno(err, "mkdir");
    }
    *ret_path = TAKE(path);
    return true;
}

/* Signatures embed the intermediates that lie beside the anchors: whoever checks has the root alone. */
static bool load_chain(const struct service_settings *settings, struct certificates *chain, struct error *err)
{
    struct certificates all CLEANUP(certificates_clear) = {0};
    for (const char *const *path = settings->trust->anchors; path && *path; path++)
        if (!certificates_load(*path, &all, err))
            return false;
    for (size_t i = 0; i < all.count; i++) {
        X509 *certificate CLEANUP(x509_clear) = NULL;
        if (!certificate_read(buffer_span(&all.der[i]), &certificate, err))
            return false;
        bool root = X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
        if (!root && X509_check_ca(certificate) && !certificates_add(chain, buffer_span(&all.der[i]), err))
            return false;
    }
    return true;
}

static size_t count_list(const char *const *list)
{
    size_t count = 0;
    while (list && list[count])
        count++;
    return count;
}

static bool open_lookup(struct running *running, struct error *err)
{
    const struct service_settings *settings = &running->settings;
    char *cache CLEANUP(free_clear) = NULL;
    if (asprintf(&cache, "%s/revocation", settings->data->directory) < 0) {
        cache = NULL;
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    }
    const struct lookup_settings lookup = {.cache = cache,
                                           .cache_limit = (uint64_t)settings->revocation->cache,
                                           .offline = !settings->revocation->online,
                                           .allow_private = settings->revocation->allow_private,
                                           .fetch_ms = settings->revocation->answer,
                                           .document_ms = settings->revocation->document,
                                           .clock = running->service.clock};
    return lookup_open(&lookup, &running->service.lookup, err);
}

static bool open_signing(struct running *running, struct error *err)
{
    const struct service_settings *settings = &running->settings;
    struct service *service = &running->service;
    char *keeper CLEANUP(free_clear) = NULL;
    if (asprintf(&keeper, "%s/keeper-0.sock", settings->data->directory) < 0) {
        keeper = NULL;
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    }
    const char *sockets[] = {keeper, NULL};
    const struct hsm_settings hsm = {.sockets = sockets};
    if (!hsm_open(&hsm, &service->hsm, err) || !load_chain(settings, &running->chain, err)
        || !trust_load(settings->trust->anchors, count_list(settings->trust->anchors), &service->trust, err))
        return false;
    const struct checker_settings checkers = {.count = (unsigned)settings->checker->processes,
                                              .deadline_ms = settings->checker->deadline,
                                              .trust = service->trust};
    struct checker_settings for_passage = checkers;
    for_passage.count = PASSAGE_CHECKERS;
    service->chain = &running->chain;
    service->policy = &running->policy;
    if (!policy_load(settings->trust->policy, &running->policy, err))
        return false;
    policy_write(&running->policy, &running->policy_frame);
    return open_lookup(running, err) && checker_pool_open(&checkers, &service->checkers, err)
           && checker_pool_open(&for_passage, &running->passage_checkers, err);
}

static bool open_timestamps(struct running *running, struct error *err)
{
    const struct timestamp_section *settings = running->settings.timestamp;
    if (settings->trust
        && !trust_load(settings->trust, count_list(settings->trust), &running->stamp_trust, err))
        return false;
    running->service.authorities = (struct timestamp_authorities){.urls = settings->urls,
                                                                  .url_count = count_list(settings->urls),
                                                                  .deadline_ms = settings->deadline,
                                                                  .policy = settings->policy,
                                                                  .trust = running->stamp_trust};
    return true;
}

static void tell_step(void *context, const struct passage_event *event)
{
    static const char *const outcomes[] = {
        [OUTCOME_DONE] = "done", [OUTCOME_WAIT] = "wait", [OUTCOME_REFUSED] = "refused"};
    (void)context;
    const char *delivery = event->delivery ? event->delivery : "";
    if (event->outcome == OUTCOME_DONE)
        log_info("passage.step", F("document", event->document), F("delivery", delivery),
                 F("step", event->step), F("outcome", "done"));
    else
        log_warning("passage.step", F("document", event->document), F("delivery", delivery),
                    F("step", event->step), F("outcome", outcomes[event->outcome]),
                    FI("attempt", event->attempt), FE(event->reason));
}

static void tell_trouble(void *context, const struct error *err)
{
    (void)context;
    log_error("passage.trouble", FE(err));
}

static bool open_exchange(struct running *running, struct error *err)
{
    struct service *service = &running->service;
    const struct store_settings store = {.directory = running->settings.data->directory,
                                         .clock = service->clock};
    if (!store_open(&store, &service->store, err))
        return false;
    service->blobs = store_blobs(service->store);
    const struct passage_settings passage = {.store = service->store,
                                             .hsm = service->hsm,
                                             .checkers = running->passage_checkers,
                                             .lookup = service->lookup,
                                             .policy = buffer_span(&running->policy_frame),
                                             .chain = service->chain,
                                             .spool = service->spool,
                                             .event = tell_step,
                                             .trouble = tell_trouble};
    return passage_open(&passage, &service->passage, err)
           && passage_start(service->passage, PASSAGE_THREADS, err);
}

static void request_finished(struct service *service, const struct http_request *request, int status,
                             int64_t ms)
{
    metrics_add(service->metrics, METRIC_REQUESTS, 1);
    metrics_add(service->metrics, METRIC_REQUEST_MS, (uint64_t)ms);
    if (status >= 500)
        metrics_add(service->metrics, METRIC_REQUESTS_FAILED, 1);
    else if (status >= 400)
        metrics_add(service->metrics, METRIC_REQUESTS_REFUSED, 1);
    /* the route's pattern, not the path: a check code is never logged */
    log_debug("http.request", F("method", request->method),
              F("route", request->route ? request->route->path : ""), FI("status", status), FI("ms", ms));
}

static bool open_http(struct running *running, struct error *err)
{
    const struct server_section *server = running->settings.server;
    struct http_settings http = {.listen = server->listen,
                                 .tls_certificate = server->tls_certificate,
                                 .tls_key = server->tls_key,
                                 .spool = running->spool,
                                 .routes = public_routes,
                                 .route_count = public_route_count,
                                 .io_threads = IO_THREADS,
                                 .workers = (unsigned)server->workers,
                                 .queue = WORK_QUEUE,
                                 .per_address = (unsigned)running->settings.limits->connections_per_address,
                                 .service = &running->service,
                                 .fallback = problem_reply,
                                 .finished = request_finished};
    struct http_settings admin = http;
    admin.listen = server->admin_listen;
    admin.tls_certificate = admin.tls_key = NULL;
    admin.routes = admin_routes;
    admin.route_count = admin_route_count;
    admin.io_threads = 1;
    admin.workers = ADMIN_WORKERS;
    return http_start(&http, &running->public_http, err) && http_start(&admin, &running->admin_http, err);
}

static bool find_public_url(struct running *running, struct error *err)
{
    const struct server_section *server = running->settings.server;
    size_t size = server->public_url ? strlen(server->public_url) : 0;
    while (size > 0 && server->public_url[size - 1] == '/')
        size--;
    int made = size ? asprintf(&running->public_url, "%.*s", (int)size, server->public_url)
                    : asprintf(&running->public_url, "%s://%s", server->tls_certificate ? "https" : "http",
                               server->listen);
    if (made < 0) {
        running->public_url = NULL;
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    }
    running->service.public_url = running->public_url;
    return true;
}

static bool open_all(struct running *running, const char *config_path, struct error *err)
{
    struct service *service = &running->service;
    if (!service_settings_read(config_path, &running->settings, err))
        return false;
    log_settings(&running->settings);
    service->settings = &running->settings;
    service->clock = &clock_system;
    service->metrics = metrics_new();
    service->axis_lists = axis_lists_new();
    if (!service->metrics || !service->axis_lists)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!make_directory(running->settings.data->directory, "spool", &running->spool, err))
        return false;
    service->spool = running->spool;
    return find_public_url(running, err) && access_open(&running->settings, &service->access, err)
           && open_signing(running, err) && open_timestamps(running, err) && open_exchange(running, err)
           && open_http(running, err);
}

/* Until TERM; or until the disk no longer takes our writes, which only a new process can mend. */
static int wait_for_end(const struct running *running)
{
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGINT);
    const struct timespec look_around = {.tv_sec = LOOK_AROUND_S};
    for (;;) {
        int got = sigtimedwait(&awaited, NULL, &look_around);
        if (got == SIGTERM || got == SIGINT)
            return 0;
        if (store_broken(running->service.store)) {
            log_error("store.broken", F("advice", "check the disk; the service starts anew"));
            return error_meaning(ERR_DISK)->exit_code;
        }
    }
}

static void hold_signals(void)
{
    sigset_t held;
    sigemptyset(&held);
    sigaddset(&held, SIGTERM);
    sigaddset(&held, SIGINT);
    pthread_sigmask(SIG_BLOCK, &held, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

int service_run(const char *config_path)
{
    struct running running CLEANUP(running_clear) = {0};
    struct error err = {0};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    hold_signals();
    if (!open_all(&running, config_path, &err)) {
        log_error("service.not-started", FE(&err));
        return error_meaning(err.code)->exit_code;
    }
    log_info("service.started", F("listen", running.settings.server->listen),
             FI("port", http_port(running.public_http)), FI("admin_port", http_port(running.admin_http)));
    int exit_code = wait_for_end(&running);
    log_info("service.stopping", FI("exit", exit_code));
    return exit_code;
}
