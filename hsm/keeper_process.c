#include "hsm/keeper_process.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "base/child.h"
#include "base/clock.h"
#include "hsm/hsm_text.h"
#include "hsm/keeper_frame.h"

enum { ARGS_MAX = 16 + 2 * KEEPER_FILES_MAX, END_POLL_NS = 2 * 1000 * 1000 };

struct keeper_post keeper_post_open(const struct keeper_settings *settings)
{
    return (struct keeper_post){
        .settings = *settings, .door = -1, .beat = -1, .pause_ms = KEEPER_PAUSE_MIN_MS, .last_exit = -1};
}

/* ---- starting */

static size_t arg_pair(const char **args, size_t count, const char *option, const char *value)
{
    if (!value)
        return count;
    args[count++] = option;
    args[count++] = value;
    return count;
}

static void args_fill(const struct keeper_settings *settings, const char *program,
                      const char *args[static ARGS_MAX])
{
    size_t n = 0;
    args[n++] = program;
    args[n++] = "keeper";
    args[n++] = "--inherit";
    if (!settings->pkcs11)
        args[n++] = "--no-module";
    n = arg_pair(args, n, "--module", settings->module);
    n = arg_pair(args, n, "--token", settings->token);
    n = arg_pair(args, n, "--pin-file", settings->pin_file);
    n = arg_pair(args, n, "--notes", settings->notes);
    n = arg_pair(args, n, "--socket", settings->socket);
    for (size_t i = 0; settings->files[i]; i++)
        n = arg_pair(args, n, "--file", settings->files[i]);
    args[n] = NULL;
}

/* What a vendor's module prints must not get into our output: child_start leaves it the error stream alone. */
static bool start(struct keeper_post *post, int64_t now, struct error *err)
{
    const char *args[ARGS_MAX];
    args_fill(&post->settings, post->settings.program ? post->settings.program : "/proc/self/exe", args);
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
        fail(err, ERR_INTERNAL, &TEXT_KEEPER_NOT_STARTED);
        return error_errno(err, "socketpair");
    }
    int ours CLEANUP(fd_close) = pair[0], theirs CLEANUP(fd_close) = pair[1];
    if (!child_start(post->settings.program, args, theirs, &post->pid, err)) {
        post->pid = 0;
        return false;
    }
    post->door = fd_take(&ours);
    post->started_ms = now;
    post->beat_asked = post->met = false;
    post->starts++;
    return true;
}

/* ---- burying */

static bool bury(struct keeper_post *post, int64_t now, int options)
{
    int status = 0;
    pid_t found;
    do
        found = waitpid(post->pid, &status, options);
    while (found < 0 && errno == EINTR);
    if (found == 0)
        return false;
    post->last_exit = found < 0           ? -1 /* somebody else took it */
                      : WIFEXITED(status) ? WEXITSTATUS(status)
                                          : 128 + WTERMSIG(status);
    post->pid = 0;
    fd_close(&post->door);
    fd_close(&post->beat);
    if (now - post->started_ms >= KEEPER_LIVED_MS)
        post->pause_ms = KEEPER_PAUSE_MIN_MS;
    post->not_before_ms = now + post->pause_ms;
    post->pause_ms = post->pause_ms * 2 > KEEPER_PAUSE_MAX_MS ? KEEPER_PAUSE_MAX_MS : post->pause_ms * 2;
    return true;
}

void keeper_post_kill(struct keeper_post *post)
{
    if (post->pid > 0)
        kill(post->pid, SIGKILL);
}

void keeper_post_close(struct keeper_post *post)
{
    fd_close(&post->beat);
    fd_close(&post->door);
    int64_t until_ms = clock_monotonic_ms() + KEEPER_END_MS;
    while (post->pid > 0 && !bury(post, 0, WNOHANG)) {
        if (clock_monotonic_ms() >= until_ms)
            keeper_post_kill(post);
        nanosleep(&(struct timespec){.tv_nsec = END_POLL_NS}, NULL);
    }
}

/* ---- the heartbeat: a HELLO, and its answer in time */

static bool beat_ask(struct keeper_post *post)
{
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct error ignored = {0}; /* the keeper is just dying: the next call buries it */
    const struct keeper_request hello = {.verb = KEEPER_HELLO};
    return (post->beat >= 0 || keeper_post_connect(post, &post->beat, &ignored))
           && keeper_request_write(&hello, &wire)
           && send(post->beat, wire.data, wire.size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)wire.size;
}

/* What it says does not matter, only that it does. The first answer may take as long as opening the module. */
static void beat_tend(struct keeper_post *post, int64_t now)
{
    char answer[256];
    int64_t late_ms = KEEPER_BEAT_LATE_MS + (post->met ? 0 : KEEPER_START_MS);
    if (post->beat_asked && recv(post->beat, answer, sizeof(answer), MSG_DONTWAIT) > 0) {
        post->beat_asked = false;
        post->met = true;
        post->beat_ms = now;
    } else if (post->beat_asked && now - post->beat_ms > late_ms) {
        keeper_post_kill(post);
    } else if (!post->beat_asked && (!post->met || now - post->beat_ms >= KEEPER_BEAT_MS)) {
        post->beat_asked = beat_ask(post);
        post->beat_ms = now;
    }
}

bool keeper_post_tend(struct keeper_post *post, bool *ret_died, struct error *err)
{
    int64_t now = clock_monotonic_ms();
    bool died = post->pid > 0 && bury(post, now, WNOHANG);
    if (ret_died)
        *ret_died = died;
    if (post->pid > 0) {
        beat_tend(post, now);
        return true;
    }
    if (now < post->not_before_ms)
        return fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_AWAY);
    return start(post, now, err);
}

bool keeper_post_connect(struct keeper_post *post, int *ret_fd, struct error *err)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
        fail(err, ERR_INTERNAL, &TEXT_KEEPER_NOT_STARTED);
        return error_errno(err, "socketpair");
    }
    int ours CLEANUP(fd_close) = pair[0], theirs CLEANUP(fd_close) = pair[1];
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control = {
        .head = {.cmsg_len = CMSG_LEN(sizeof(int)), .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS}};
    memcpy(CMSG_DATA(&control.head), &theirs, sizeof(theirs));
    char byte = '+'; /* a descriptor needs a byte to travel with */
    struct iovec piece = {&byte, 1};
    struct msghdr message = {.msg_iov = &piece,
                             .msg_iovlen = 1,
                             .msg_control = &control,
                             .msg_controllen = CMSG_SPACE(sizeof(int))};
    if (sendmsg(post->door, &message, MSG_NOSIGNAL | MSG_DONTWAIT) != 1) {
        fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_AWAY);
        return error_errno(err, "sendmsg");
    }
    *ret_fd = fd_take(&ours);
    return true;
}
