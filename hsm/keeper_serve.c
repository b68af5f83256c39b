#include "hsm/keeper_serve.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "hsm/hsm_text.h"
#include "hsm/keeper_frame.h"

enum { EAGER_US = 200 }; /* longer than checking a signature and asking for the next takes */

struct caller {
    struct keeper *keeper;
    unsigned seat;
    int fd;
    bool eager; /* his last request came right after the answer before */
};

/* ---- answers */

/* An answer on its way. Descriptions are the keys' own, borrowed: the answer is not cleared but its signature. */
struct reply {
    struct keeper_answer answer;
    struct key_description shown[HSM_KEYS_MAX];
};

static void show_keys(struct reply *reply, const struct kept_key *const *keys, size_t count)
{
    for (size_t i = 0; i < count; i++)
        reply->shown[i] = keys[i]->description;
    reply->answer.keys = reply->shown;
    reply->answer.count = count;
}

static void sign(struct keyring *ring, const struct keeper_request *request, int64_t until_ms,
                 struct reply *reply)
{
    const struct kept_key *key = NULL;
    struct error *err = &reply->answer.error;
    if (!keyring_find(ring, request->uri, until_ms, &key, err))
        return;
    if (memcmp(key->fingerprint, request->public_key, SHA256_SIZE) != 0)
        fail(err, ERR_KEY_UNUSABLE, &TEXT_KEY_CHANGED, request->uri);
    else if (!keyring_sign(key, request->algorithm, digest_span(&request->digest), until_ms,
                           &reply->answer.signature, err))
        buffer_clear(&reply->answer.signature);
}

/* What only the ring can answer; the watchdog looks on. */
static void ask_ring(struct keyring *ring, const struct keeper_request *request, int64_t until_ms,
                     struct reply *reply)
{
    const struct kept_key *keys[HSM_KEYS_MAX];
    switch (request->verb) {
    case KEEPER_LIST:
        show_keys(reply, keys, keyring_list(ring, keys));
        break;
    case KEEPER_DESCRIBE:
        if (keyring_find(ring, request->uri, until_ms, &keys[0], &reply->answer.error))
            show_keys(reply, keys, 1);
        break;
    case KEEPER_SIGN:
        sign(ring, request, until_ms, reply);
        break;
    case KEEPER_HELLO:
        break;
    }
}

static bool send_all(int fd, struct span bytes)
{
    while (bytes.size > 0) {
        ssize_t sent = send(fd, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        bytes = span_slice(bytes, (size_t)sent, SIZE_MAX);
    }
    return true;
}

static bool answer_send(int fd, const struct keeper_answer *answer)
{
    struct buffer wire CLEANUP(buffer_clear) = {0};
    return keeper_answer_write(answer, &wire) && send_all(fd, buffer_span(&wire));
}

static int64_t time_allowed(const struct keeper_request *request)
{
    bool unusual = request->deadline_ms == 0 || request->deadline_ms > HSM_DEADLINE_MAX_MS;
    return unusual ? HSM_DEADLINE_MAX_MS : request->deadline_ms;
}

/* Waiting for others ends a little before the deadline, so that the caller hears why; the module itself may use all of it. */
static bool request_serve(const struct caller *caller, const struct keeper_request *request)
{
    struct keeper *keeper = caller->keeper;
    struct reply reply;
    reply.answer =
        (struct keeper_answer){.verb = request->verb, .id = request->id, .generation = keeper->generation};
    if (request->verb != KEEPER_HELLO && !keeper->ring) {
        reply.answer.error = keeper->why_not_open;
    } else if (request->verb != KEEPER_HELLO) {
        int64_t now = clock_monotonic_ms(), allowed = time_allowed(request);
        keeper_watch_begin(&keeper->seats, caller->seat, now + allowed);
        ask_ring(keeper->ring, request, now + allowed - allowed / 8, &reply);
        keeper_watch_end(&keeper->seats, caller->seat);
    }

    bool sent = answer_send(caller->fd, &reply.answer);
    buffer_clear(&reply.answer.signature);
    if (keeper->ring && keyring_lost(keeper->ring))
        _exit(KEEPER_GONE);
    return sent;
}

/* ---- requests */

static bool receive(int fd, uint8_t *room, size_t size)
{
    for (size_t got = 0; got < size;) {
        ssize_t more = recv(fd, room + got, size - got, 0);
        if (more < 0 && errno == EINTR)
            continue;
        if (more <= 0)
            return false;
        got += (size_t)more;
    }
    return true;
}

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Waking a thread on another processor costs more than all the rest of a round trip. So a caller who is alone, and asks again as
 * soon as he has his answer, is awaited awake for a moment. With others in the module the processors have better things to do,
 * and everybody is awaited asleep: in poll and not in recv, whose sleepers are woken by the peer's reading too. */
static void request_await(struct caller *caller)
{
    struct pollfd request = {caller->fd, POLLIN, 0};
    int64_t from = now_us();
    while (caller->eager && now_us() - from < EAGER_US && keeper_nobody_is_watched(&caller->keeper->seats))
        if (poll(&request, 1, 0) != 0)
            return;
    poll(&request, 1, -1);
    caller->eager = now_us() - from < EAGER_US;
}

/* As a rule one call brings the whole frame. */
static bool request_receive(struct caller *caller, struct keeper_request *ret_request)
{
    int fd = caller->fd;
    request_await(caller);
    uint8_t frame[KEEPER_SIZE_BYTES + KEEPER_REQUEST_MAX];
    ssize_t got;
    do
        got = recv(fd, frame, sizeof(frame), 0);
    while (got < 0 && errno == EINTR);
    if (got <= 0
        || ((size_t)got < KEEPER_SIZE_BYTES && !receive(fd, frame + got, KEEPER_SIZE_BYTES - (size_t)got)))
        return false;
    size_t have = (size_t)got < KEEPER_SIZE_BYTES ? KEEPER_SIZE_BYTES : (size_t)got;
    size_t whole = KEEPER_SIZE_BYTES + (size_t)keeper_frame_size(frame);
    struct error ignored = {0};                    /* whoever speaks nonsense is dropped without a word */
    return whole <= sizeof(frame) && have <= whole /* one request at a time: nothing may follow it */
           && receive(fd, frame + have, whole - have)
           && keeper_request_read(span_of(frame + KEEPER_SIZE_BYTES, whole - KEEPER_SIZE_BYTES), ret_request,
                                  &ignored);
}

static void *caller_serve(void *argument)
{
    struct caller caller = *(struct caller *)argument;
    free(argument);
    struct keeper_request request;
    while (request_receive(&caller, &request) && request_serve(&caller, &request))
        ;
    keeper_seat_leave(&caller.keeper->seats, caller.seat);
    return NULL;
}

static bool caller_start(struct keeper *keeper, int fd, unsigned seat)
{
    struct caller *caller CLEANUP(free_clear) = malloc(sizeof(*caller));
    pthread_t thread;
    if (!caller)
        return false;
    *caller = (struct caller){.keeper = keeper, .seat = seat, .fd = fd};
    if (pthread_create(&thread, NULL, caller_serve, caller) != 0)
        return false;
    pthread_detach(thread);
    caller = NULL;
    return true;
}

/* Answers the HELLO of somebody who found no seat, without waiting for it. */
static void turn_away(int fd)
{
    struct keeper_answer busy = {.verb = KEEPER_HELLO};
    fail(&busy.error, ERR_BUSY, &TEXT_KEEPER_FULL);
    answer_send(fd, &busy); /* fits into any new socket's buffer */
    close(fd);
}

void keeper_serve(struct keeper *keeper, int fd)
{
    unsigned seat;
    if (!keeper_seat_take(&keeper->seats, fd, &seat))
        turn_away(fd);
    else if (!caller_start(keeper, fd, seat))
        keeper_seat_leave(&keeper->seats, seat);
}
