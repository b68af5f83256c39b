#include "service/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/base_text.h"
#include "base/child.h"
#include "base/clock.h"
#include "base/log.h"
#include "hsm/keeper_process.h"
#include "service/service_settings.h"

enum {
    TURN_MS = 500, /* how often the keeper is asked whether it still answers */
    BACKOFF_FIRST_MS = 50,
    BACKOFF_MOST_MS = 2000,
    LIVED_LONG_MS = 10000, /* after that the next death is a first one again */
    END_GRACE_MS = 15000   /* between TERM and KILL */
};

struct supervisor {
    const char *config_path;
    struct service_settings settings;
    char *keeper_socket, *keeper_notes;
    struct keeper_post keeper;
    unsigned keeper_starts; /* those that were logged */
    pid_t service;          /* 0: not running */
    int64_t started_ms, start_at_ms, backoff_ms;
    bool ending;
};

static void supervisor_clear(struct supervisor *supervisor)
{
    free_clear(&supervisor->keeper_socket);
    free_clear(&supervisor->keeper_notes);
    service_settings_clear(&supervisor->settings);
}

/* Of the environment only these go on to the others (design, configuration). */
static void keep_environment(void)
{
    static const char *const kept[] = {"SOFTHSM2_CONF", "CREDENTIALS_DIRECTORY", "TZ",
                                       "ASAN_OPTIONS",  "UBSAN_OPTIONS",         "TSAN_OPTIONS",
                                       "LSAN_OPTIONS"};
    char *values[COUNT_OF(kept)];
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        const char *value = getenv(kept[i]);
        values[i] = value ? strdup(value) : NULL;
    }
    clearenv();
    for (size_t i = 0; i < COUNT_OF(kept); i++) {
        if (values[i])
            setenv(kept[i], values[i], 1);
        free(values[i]);
    }
}

static bool open_keeper(struct supervisor *supervisor, struct error *err)
{
    const struct keys_section *keys = supervisor->settings.keys;
    const char *data = supervisor->settings.data->directory;
    free_clear(&supervisor->keeper_socket);
    free_clear(&supervisor->keeper_notes);
    if (asprintf(&supervisor->keeper_socket, "%s/keeper-0.sock", data) < 0
        || asprintf(&supervisor->keeper_notes, "%s/pin-notes", data) < 0)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    struct keeper_settings settings = {.pkcs11 = true,
                                       .module = keys->module,
                                       .pin_file = keys->pin_file,
                                       .notes = supervisor->keeper_notes,
                                       .socket = supervisor->keeper_socket,
                                       .inherit = true};
    for (size_t i = 0; keys->files && keys->files[i] && i < KEEPER_FILES_MAX; i++)
        settings.files[i] = keys->files[i];
    supervisor->keeper = keeper_post_open(&settings);
    supervisor->keeper_starts = 0;
    return true;
}

static void tend_keeper(struct supervisor *supervisor)
{
    struct error err = {0};
    bool died = false, good = keeper_post_tend(&supervisor->keeper, &died, &err);
    if (died)
        log_warning("keeper.died", FI("exit", supervisor->keeper.last_exit));
    if (!good && err.code != ERR_TOKEN_AWAY)
        log_error("keeper.not-started", FE(&err));
    if (supervisor->keeper.starts != supervisor->keeper_starts) {
        supervisor->keeper_starts = supervisor->keeper.starts;
        log_info("keeper.started", FI("pid", supervisor->keeper.pid));
    }
}

static void start_service(struct supervisor *supervisor)
{
    const char *const arguments[] = {"vanthu", "service", supervisor->config_path, NULL};
    struct error err = {0};
    supervisor->started_ms = clock_monotonic_ms();
    if (!child_start(NULL, arguments, -1, &supervisor->service, &err)) {
        supervisor->service = 0;
        supervisor->start_at_ms = supervisor->started_ms + BACKOFF_MOST_MS;
        log_error("service.not-started", FE(&err));
        return;
    }
    log_info("service.process", FI("pid", supervisor->service));
}

static void bury_service(struct supervisor *supervisor)
{
    int status;
    if (supervisor->service == 0 || waitpid(supervisor->service, &status, WNOHANG) != supervisor->service)
        return;
    int64_t now = clock_monotonic_ms(), doubled = supervisor->backoff_ms * 2;
    bool first = now - supervisor->started_ms >= LIVED_LONG_MS || supervisor->backoff_ms == 0;
    supervisor->service = 0;
    supervisor->backoff_ms = first ? BACKOFF_FIRST_MS : doubled > BACKOFF_MOST_MS ? BACKOFF_MOST_MS : doubled;
    supervisor->start_at_ms = now + supervisor->backoff_ms;
    if (!supervisor->ending)
        log_warning("service.died", FI("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
                    FI("exit", WIFEXITED(status) ? WEXITSTATUS(status) : -1),
                    FI("again_in_ms", supervisor->backoff_ms));
}

static void end_service(struct supervisor *supervisor)
{
    int64_t deadline = clock_monotonic_ms() + END_GRACE_MS;
    bool killed = false;
    if (supervisor->service)
        kill(supervisor->service, SIGTERM);
    while (supervisor->service) {
        bury_service(supervisor);
        if (supervisor->service && !killed && clock_monotonic_ms() >= deadline) {
            log_warning("service.killed", FI("pid", supervisor->service));
            kill(supervisor->service, SIGKILL);
            killed = true;
        }
        usleep(5000);
    }
}

/* The new file counts only when all of it is good; then everything is ended in order and started with it. */
static void read_again(struct supervisor *supervisor)
{
    struct service_settings fresh CLEANUP(service_settings_clear) = {0};
    struct error err = {0};
    if (!service_settings_read(supervisor->config_path, &fresh, &err)) {
        log_error("settings.refused", FE(&err));
        return;
    }
    log_info("settings.read", F("file", supervisor->config_path));
    end_service(supervisor);
    keeper_post_close(&supervisor->keeper);
    struct service_settings old = supervisor->settings;
    supervisor->settings = fresh;
    fresh = old;
    supervisor->start_at_ms = 0;
    if (!open_keeper(supervisor, &err)) {
        log_error("supervisor.failed", FE(&err));
        supervisor->ending = true;
    }
}

static void watch(struct supervisor *supervisor)
{
    sigset_t awaited;
    sigemptyset(&awaited);
    sigaddset(&awaited, SIGCHLD);
    sigaddset(&awaited, SIGTERM);
    sigaddset(&awaited, SIGINT);
    sigaddset(&awaited, SIGHUP);
    sigprocmask(SIG_BLOCK, &awaited, NULL);
    while (!supervisor->ending) {
        tend_keeper(supervisor);
        bury_service(supervisor);
        int64_t now = clock_monotonic_ms(), wait_ms = TURN_MS;
        if (supervisor->service == 0 && supervisor->start_at_ms <= now)
            start_service(supervisor);
        else if (supervisor->service == 0 && supervisor->start_at_ms - now < wait_ms)
            wait_ms = supervisor->start_at_ms - now;
        if (supervisor->keeper.pid == 0)
            wait_ms = wait_ms < BACKOFF_FIRST_MS ? wait_ms : BACKOFF_FIRST_MS;
        const struct timespec wait = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000};
        int got = sigtimedwait(&awaited, NULL, &wait);
        if (got == SIGHUP)
            read_again(supervisor);
        supervisor->ending = supervisor->ending || got == SIGTERM || got == SIGINT;
    }
    end_service(supervisor);
    keeper_post_close(&supervisor->keeper);
}

bool supervisor_run(const char *config_path, struct error *err)
{
    struct supervisor supervisor CLEANUP(supervisor_clear) = {.config_path = config_path};
    if (!service_settings_read(config_path, &supervisor.settings, err))
        return false;
    const char *directory = supervisor.settings.data->directory;
    umask(
        077); /* documents stand in the database and its log: nobody else reads them, whoever made the directory */
    if (mkdir(directory, 0700) != 0 && errno != EEXIST) {
        fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, directory);
        return error_errno(err, "mkdir");
    }
    keep_environment();
    log_open(STDERR_FILENO, strcmp(supervisor.settings.log->format, "text") == 0 ? LOG_TEXT : LOG_JSON,
             LOG_INFO_EVENT, "supervisor");
    if (!open_keeper(&supervisor, err))
        return false;
    watch(&supervisor);
    log_info("supervisor.ended", F("config", config_path));
    return true;
}
