#include "hsm/keeper.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include "base/clock.h"
#include "hsm/hsm_text.h"
#include "hsm/keeper_serve.h"

enum { INHERITED = 3, BACKLOG = 64 };

/* Nobody looks into this process: no core, no debugger, no more rights by running something. That the parent's death ends it is
 * descriptor 3's business and not PR_SET_PDEATHSIG's, which fires when the parent's *thread* ends. */
static void harden(void)
{
    prctl(PR_SET_DUMPABLE, 0);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    umask(077);
}

/* SIGTERM is read from a descriptor, so that what is under way can end well; the terminal's Ctrl-C is the parent's. */
static int signals_open(void)
{
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    sigset_t term;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    sigprocmask(SIG_BLOCK, &term, NULL);
    return signalfd(-1, &term, SFD_CLOEXEC);
}

/* ---- the listening socket */

/* Of two keepers on one path the second gives way; what a dead one left behind is removed. */
static bool socket_is_alive(const struct sockaddr_un *address)
{
    int fd CLEANUP(fd_close) = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0;
}

static bool listener_open(const char *path, int *ret_fd)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >= (int)sizeof(address.sun_path)) {
        fprintf(stderr, "keeper: %s: the socket's path is over 107 bytes\n", path);
        return false;
    }
    if (socket_is_alive(&address)) {
        fprintf(stderr, "keeper: %s: another keeper listens here\n", path);
        return false;
    }
    unlink(path);
    int fd CLEANUP(fd_close) = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    mode_t usual = umask(0177); /* 0600 from its first moment */
    bool bound = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
    umask(usual);
    if (!bound || listen(fd, BACKLOG) != 0) {
        fprintf(stderr, "keeper: %s: %s\n", path, strerror(errno));
        return false;
    }
    *ret_fd = fd_take(&fd);
    return true;
}

/* The file's mode already says so; this says it of the process. */
static bool peer_may_call(int fd)
{
    struct ucred peer;
    socklen_t size = sizeof(peer);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0
           && (peer.uid == geteuid() || peer.uid == 0);
}

static void caller_accept(struct keeper *keeper, int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (peer_may_call(fd))
        keeper_serve(keeper, fd);
    else
        close(fd);
}

/* ---- descriptor 3 */

/* One message brings one connection. False: the parent is gone. */
static bool caller_receive(struct keeper *keeper)
{
    char byte;
    union {
        struct cmsghdr head;
        char room[CMSG_SPACE(sizeof(int))];
    } control;
    struct iovec piece = {&byte, 1};
    struct msghdr message = {
        .msg_iov = &piece, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)};
    ssize_t got = recvmsg(INHERITED, &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (got <= 0)
        return false;
    const struct cmsghdr *brought = CMSG_FIRSTHDR(&message);
    int fd;
    if (brought && brought->cmsg_type == SCM_RIGHTS && brought->cmsg_len == CMSG_LEN(sizeof(fd))) {
        memcpy(&fd, CMSG_DATA(brought), sizeof(fd));
        keeper_serve(keeper, fd);
    }
    return true;
}

/* ---- the life of a keeper */

static void serve_until_told(struct keeper *keeper, int listener, int signals)
{
    int64_t until_ms = keeper->ring ? INT64_MAX : clock_monotonic_ms() + KEEPER_FAILED_MS;
    struct pollfd events[] = {
        {listener, POLLIN, 0}, {keeper->settings->inherit ? INHERITED : -1, POLLIN, 0}, {signals, POLLIN, 0}};
    while (clock_monotonic_ms() < until_ms) {
        if (poll(events, COUNT_OF(events), keeper->ring ? -1 : KEEPER_FAILED_MS) < 0 && errno != EINTR)
            return;
        if (events[0].revents)
            caller_accept(keeper, listener);
        if (events[1].revents && !caller_receive(keeper))
            return;
        if (events[2].revents)
            return;
    }
}

static bool module_open_watched(struct keeper *keeper)
{
    keeper_watch_begin(&keeper->seats, KEEPER_SEAT_START, clock_monotonic_ms() + KEEPER_START_MS);
    bool opened = keyring_open(keeper->settings, &keeper->ring, &keeper->why_not_open);
    keeper_watch_end(&keeper->seats, KEEPER_SEAT_START);
    return opened;
}

static _Noreturn void end(struct keeper *keeper)
{
    if (keeper->settings->socket)
        unlink(keeper->settings->socket);
    /* SoftHSM crashes when it is finalised while somebody signs, and others may: only a quiet module is closed */
    if (keeper_seats_empty(&keeper->seats) && keeper->ring) {
        keeper_watch_begin(&keeper->seats, KEEPER_SEAT_START, clock_monotonic_ms() + KEEPER_GRACE_MS);
        keyring_close(&keeper->ring);
        _exit(KEEPER_ENDED);
    }
    _exit(keeper->ring ? KEEPER_HUNG : KEEPER_NOT_STARTED);
}

_Noreturn void keeper_main(const struct keeper_settings *settings)
{
    static struct keeper keeper; /* threads live in it until the process ends */
    keeper.settings = settings;
    random_bytes((uint8_t *)&keeper.generation, sizeof(keeper.generation));
    harden();
    int signals = signals_open(), listener = -1;
    if (!keeper_seats_open(&keeper.seats, &keeper.why_not_open))
        _exit(KEEPER_NOT_STARTED);
    if (!module_open_watched(&keeper))
        keeper.ring = NULL;
    if (settings->socket && !listener_open(settings->socket, &listener))
        _exit(KEEPER_NO_SOCKET);
    serve_until_told(&keeper, listener, signals);
    end(&keeper);
}
