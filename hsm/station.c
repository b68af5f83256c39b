#include "hsm/station.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "base/clock.h"
#include "hsm/hsm_text.h"

static void station_open(struct station *station, int64_t deadline_ms)
{
    station->deadline_ms = deadline_ms;
    pthread_mutex_init(&station->lock, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&station->returned, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void station_open_socket(struct station *station, const char *socket, int64_t deadline_ms)
{
    *station = (struct station){.socket = socket};
    station_open(station, deadline_ms);
}

void station_open_post(struct station *station, const struct keeper_settings *settings, int64_t deadline_ms)
{
    *station = (struct station){.post = keeper_post_open(settings)};
    station_open(station, deadline_ms);
}

/* Under lock. Those of callers that are inside a question are dropped when they come back. */
static void idle_drop(struct station *station)
{
    while (station->idle_count > 0) {
        close(station->idle[--station->idle_count]);
        station->open_count--;
    }
}

void station_close(struct station *station)
{
    idle_drop(station);
    if (!station->socket)
        keeper_post_close(&station->post);
    pthread_cond_destroy(&station->returned);
    pthread_mutex_destroy(&station->lock);
}

uint64_t station_generation(struct station *station)
{
    pthread_mutex_lock(&station->lock);
    uint64_t generation = station->generation;
    pthread_mutex_unlock(&station->lock);
    return generation;
}

bool station_is_between_keepers(const struct error *err)
{
    return err->code == ERR_TOKEN_AWAY && (err->text == &TEXT_KEEPER_AWAY || err->text == &TEXT_KEEPER_LOST);
}

/* ---- connections */

static bool socket_connect(const char *path, int *ret_fd, struct error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd CLEANUP(fd_close) = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0
        || snprintf(address.sun_path, sizeof(address.sun_path), "%s", path) >= (int)sizeof(address.sun_path)
        || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0) {
        fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_AWAY);
        return error_errno(err, "connect");
    }
    struct ucred peer;
    socklen_t size = sizeof(peer);
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &size) != 0
        || (peer.uid != geteuid() && peer.uid != 0))
        return fail(err, ERR_FORBIDDEN, &TEXT_KEEPER_STRANGER, path);
    *ret_fd = fd_take(&fd);
    return true;
}

static bool post_connect(struct station *station, int *ret_fd, struct error *err)
{
    pthread_mutex_lock(&station->lock);
    bool died = false;
    bool connected =
        keeper_post_tend(&station->post, &died, err) && keeper_post_connect(&station->post, ret_fd, err);
    if (died)
        idle_drop(station);
    pthread_mutex_unlock(&station->lock);
    return connected;
}

/* The first words on a connection: they tell a keeper from anything else, and from its predecessor. */
static bool greet(struct station *station, int fd, int64_t until_ms, struct error *err)
{
    struct keeper_answer answer CLEANUP(keeper_answer_clear) = {0};
    const struct keeper_request hello = {.verb = KEEPER_HELLO};
    if (!channel_ask(fd, &hello, NULL, until_ms, &answer, err)) {
        if (err->code == ERR_TIMEOUT) /* no token was asked yet: the keeper is still opening its module */
            fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_AWAY);
        return false;
    }
    if (answer.error.code != ERR_NONE) {
        *err = answer.error;
        return false;
    }
    pthread_mutex_lock(&station->lock);
    station->generation = answer.generation;
    pthread_mutex_unlock(&station->lock);
    return true;
}

static bool idle_take(struct station *station, int64_t until_ms, int *ret_fd, struct error *err)
{
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    bool late = false;
    pthread_mutex_lock(&station->lock);
    while (station->idle_count == 0 && station->open_count == HSM_CALLERS_MAX && !late)
        late = pthread_cond_timedwait(&station->returned, &station->lock, &until) != 0;
    *ret_fd = station->idle_count > 0 ? station->idle[--station->idle_count] : -1;
    if (*ret_fd < 0 && !late)
        station->open_count++; /* a place for the connection that is made next */
    pthread_mutex_unlock(&station->lock);
    return *ret_fd >= 0 || !late || fail(err, ERR_BUSY, &TEXT_KEEPER_FULL);
}

static void connection_drop(struct station *station, int fd)
{
    if (fd >= 0)
        close(fd);
    pthread_mutex_lock(&station->lock);
    station->open_count--;
    pthread_cond_signal(&station->returned);
    pthread_mutex_unlock(&station->lock);
}

static void connection_give(struct station *station, int fd)
{
    pthread_mutex_lock(&station->lock);
    station->idle[station->idle_count++] = fd; /* never more than open_count */
    pthread_cond_signal(&station->returned);
    pthread_mutex_unlock(&station->lock);
}

/* An idle connection may be that of a keeper which died since: it says so before anything is asked. */
static bool is_dead(int fd)
{
    struct pollfd connection = {fd, POLLIN, 0};
    return poll(&connection, 1, 0) != 0;
}

static bool connection_take(struct station *station, int64_t until_ms, int *ret_fd, struct error *err)
{
    int fd = -1;
    if (!idle_take(station, until_ms, &fd, err))
        return false;
    if (fd >= 0 && is_dead(fd)) {
        close(fd);
        fd = -1;
    }
    if (fd < 0) {
        bool connected =
            station->socket ? socket_connect(station->socket, &fd, err) : post_connect(station, &fd, err);
        if (!connected || !greet(station, fd, until_ms, err)) {
            connection_drop(station, fd);
            return false;
        }
    }
    *ret_fd = fd;
    return true;
}

bool station_ask(struct station *station, struct keeper_request *request, int64_t until_ms,
                 struct keeper_answer *ret_answer, struct error *err)
{
    int fd;
    if (!connection_take(station, until_ms, &fd, err))
        return false;
    request->id++;
    request->deadline_ms = (uint32_t)station->deadline_ms;
    struct pace *pace = request->verb == KEEPER_SIGN ? &station->pace : NULL;
    if (!channel_ask(fd, request, pace, until_ms, ret_answer, err)) {
        connection_drop(station, fd);
        return false;
    }
    connection_give(station, fd);
    if (ret_answer->error.code == ERR_NONE)
        return true;
    *err = ret_answer->error;
    keeper_answer_clear(ret_answer);
    return false;
}
