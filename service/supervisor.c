#include "service/supervisor.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "base/log.h"
#include "service/service_settings.h"

enum {
    ARGUMENTS_MAX = 32,
    BACKOFF_FIRST_MS = 50,
    BACKOFF_MOST_MS = 1000, /* a token that comes back must not wait longer */
    LIVED_LONG_MS = 10000,  /* after that the next death is a first one again */
    END_GRACE_MS = 15000    /* between TERM and KILL */
};

/* A process we keep alive. */
struct child {
    const char *name;
    char *arguments[ARGUMENTS_MAX]; /* owned; ends with NULL */
    size_t argument_count;
    pid_t pid; /* 0: not running */
    int64_t started_ms, start_at_ms, backoff_ms;
};

enum { KEEPER, SERVICE, CHILDREN };

struct supervisor {
    const char *config_path;
    struct service_settings settings;
    struct child children[CHILDREN];
    bool ending;
};

static void child_clear(struct child *child)
{
    for (size_t i = 0; i < child->argument_count; i++)
        free_clear(&child->arguments[i]);
    child->argument_count = 0;
}

static void supervisor_clear(struct supervisor *supervisor)
{
    for (size_t i = 0; i < CHILDREN; i++)
        child_clear(&supervisor->children[i]);
    service_settings_clear(&supervisor->settings);
}

static bool add_argument(struct child *child, const char *text, struct error *err)
{
    char *copy = child->argument_count + 1 < ARGUMENTS_MAX ? strdup(text) : NULL;
    if (!copy)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    child->arguments[child->argument_count++] = copy;
    return true;
}

static bool add_option(struct child *child, const char *name, const char *value, struct error *err)
{
    return !value || (add_argument(child, name, err) && add_argument(child, value, err));
}

static bool data_path(const struct supervisor *supervisor, const char *name, char **ret_path,
                      struct error *err)
{
    if (asprintf(ret_path, "%s/%s", supervisor->settings.data->directory, name) >= 0)
        return true;
    *ret_path = NULL;
    return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

/* The keeper's command line: hsm/keeper.h. The PIN stays a file's name. */
static bool describe_keeper(struct supervisor *supervisor, struct error *err)
{
    const struct keys_section *keys = supervisor->settings.keys;
    struct child *child = &supervisor->children[KEEPER];
    char *socket CLEANUP(free_clear) = NULL, *notes CLEANUP(free_clear) = NULL;
    child_clear(child);
    child->name = "keeper";
    if (!data_path(supervisor, "keeper-0.sock", &socket, err)
        || !data_path(supervisor, "pin-notes", &notes, err) || !add_argument(child, "vanthu", err)
        || !add_argument(child, "keeper", err) || !add_option(child, "--module", keys->module, err)
        || !add_option(child, "--pin-file", keys->pin_file, err) || !add_option(child, "--notes", notes, err)
        || !add_option(child, "--socket", socket, err))
        return false;
    for (const char *const *file = keys->files; file && *file; file++)
        if (!add_option(child, "--file", *file, err))
            return false;
    return true;
}

static bool describe_service(struct supervisor *supervisor, struct error *err)
{
    struct child *child = &supervisor->children[SERVICE];
    child_clear(child);
    child->name = "service";
    return add_argument(child, "vanthu", err) && add_argument(child, "service", err)
           && add_argument(child, supervisor->config_path, err);
}

static void start_child(struct child *child)
{
    posix_spawnattr_t attributes;
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int failed = posix_spawn(&child->pid, "/proc/self/exe", NULL, &attributes, child->arguments, environ);
    posix_spawnattr_destroy(&attributes);
    child->started_ms = clock_monotonic_ms();
    if (failed) {
        child->pid = 0;
        child->start_at_ms = child->started_ms + BACKOFF_MOST_MS;
        log_error("process.not-started", F("name", child->name), F("why", strerror(failed)));
        return;
    }
    log_info("process.started", F("name", child->name), FI("pid", child->pid));
}

static void note_death(struct supervisor *supervisor, struct child *child, int status)
{
    int64_t now = clock_monotonic_ms();
    bool long_lived = now - child->started_ms >= LIVED_LONG_MS;
    child->pid = 0;
    child->backoff_ms = long_lived || !child->backoff_ms          ? BACKOFF_FIRST_MS
                        : child->backoff_ms * 2 > BACKOFF_MOST_MS ? BACKOFF_MOST_MS
                                                                  : child->backoff_ms * 2;
    child->start_at_ms = now + child->backoff_ms;
    if (supervisor->ending)
        return;
    if (WIFSIGNALED(status))
        log_warning("process.died", F("name", child->name), FI("signal", WTERMSIG(status)),
                    FI("again_in_ms", child->backoff_ms));
    else
        log_warning("process.ended", F("name", child->name), FI("exit", WEXITSTATUS(status)),
                    FI("again_in_ms", child->backoff_ms));
}

static void reap(struct supervisor *supervisor)
{
    int status;
    for (pid_t pid; (pid = waitpid(-1, &status, WNOHANG)) > 0;)
        for (size_t i = 0; i < CHILDREN; i++)
            if (supervisor->children[i].pid == pid)
                note_death(supervisor, &supervisor->children[i], status);
}

/* Milliseconds until something is to be started. */
static int64_t start_what_is_due(struct supervisor *supervisor)
{
    int64_t now = clock_monotonic_ms(), next = BACKOFF_MOST_MS;
    for (size_t i = 0; i < CHILDREN; i++) {
        struct child *child = &supervisor->children[i];
        if (child->pid == 0 && child->start_at_ms <= now)
            start_child(child);
        else if (child->pid == 0 && child->start_at_ms - now < next)
            next = child->start_at_ms - now;
    }
    return next > 0 ? next : 1;
}

static void end_child(struct supervisor *supervisor, struct child *child)
{
    int64_t deadline = clock_monotonic_ms() + END_GRACE_MS;
    if (child->pid)
        kill(child->pid, SIGTERM);
    while (child->pid && clock_monotonic_ms() < deadline) {
        reap(supervisor);
        usleep(5000);
    }
    if (child->pid) {
        log_warning("process.killed", F("name", child->name), FI("pid", child->pid));
        kill(child->pid, SIGKILL);
        while (child->pid) {
            reap(supervisor);
            usleep(5000);
        }
    }
}

/* The new file counts only when all of it is good. */
static void read_again(struct supervisor *supervisor)
{
    struct service_settings fresh CLEANUP(service_settings_clear) = {0};
    struct error err = {0};
    if (!service_settings_read(supervisor->config_path, &fresh, &err)) {
        log_error("settings.refused", FE(&err));
        return;
    }
    struct service_settings old = supervisor->settings;
    supervisor->settings = fresh;
    fresh = old;
    if (!describe_keeper(supervisor, &err))
        log_error("settings.refused", FE(&err));
    log_info("settings.read", F("file", supervisor->config_path));
    for (size_t i = 0; i < CHILDREN; i++) {
        end_child(supervisor, &supervisor->children[CHILDREN - 1 - i]);
        supervisor->children[CHILDREN - 1 - i].start_at_ms = 0;
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
        int64_t wait_ms = start_what_is_due(supervisor);
        const struct timespec wait = {.tv_sec = wait_ms / 1000, .tv_nsec = wait_ms % 1000 * 1000000};
        int got = sigtimedwait(&awaited, NULL, &wait);
        reap(supervisor);
        if (got == SIGHUP)
            read_again(supervisor);
        supervisor->ending = got == SIGTERM || got == SIGINT;
    }
    end_child(supervisor, &supervisor->children[SERVICE]);
    end_child(supervisor, &supervisor->children[KEEPER]);
}

bool supervisor_run(const char *config_path, struct error *err)
{
    struct supervisor supervisor CLEANUP(supervisor_clear) = {.config_path = config_path};
    if (!service_settings_read(config_path, &supervisor.settings, err))
        return false;
    const char *directory = supervisor.settings.data->directory;
    if (mkdir(directory, 0700) != 0 && errno != EEXIST) {
        fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, directory);
        return error_errno(err, "mkdir");
    }
    if (!describe_keeper(&supervisor, err) || !describe_service(&supervisor, err))
        return false;
    log_open(STDERR_FILENO, strcmp(supervisor.settings.log->format, "text") == 0 ? LOG_TEXT : LOG_JSON,
             LOG_INFO_EVENT, "supervisor");
    watch(&supervisor);
    log_info("supervisor.ended", F("config", config_path));
    return true;
}
