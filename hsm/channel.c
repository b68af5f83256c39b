#include "hsm/channel.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "hsm/hsm_text.h"

enum {
    DOZE_MAX_US = 3000, /* tokens slower than that are waited for asleep */
    EARLY_US = 100,     /* up before the answer is due */
    LATE_US = 50        /* asleep again when it is late */
};

static int64_t now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* Being woken by a process on another processor takes longer than everything else in a round trip. So whoever waits alone for
 * a fast token sleeps until shortly before the answer is due, by his own timer, and awaits the rest awake. Returns when there
 * is something to read, or when it is not worth while. */
static void doze(int fd, const struct pace *pace)
{
    struct pollfd answer = {fd, POLLIN, 0};
    long usual_us = atomic_load(&pace->usual_us), sleep_us = usual_us - EARLY_US;
    int64_t from = now_us();
    if (usual_us == 0 || usual_us > DOZE_MAX_US || atomic_load(&pace->asking) > 1)
        return;
    if (sleep_us > 0 && ppoll(&answer, 1, &(struct timespec){.tv_nsec = sleep_us * 1000}, NULL) != 0)
        return;
    while (now_us() - from < usual_us + LATE_US && atomic_load(&pace->asking) == 1)
        if (poll(&answer, 1, 0) != 0)
            return;
}

static bool wait_readable(int fd, int64_t until_ms, struct error *err)
{
    for (;;) {
        int64_t left = until_ms - clock_monotonic_ms();
        struct pollfd answer = {fd, POLLIN, 0};
        int ready = left > 0 ? poll(&answer, 1, left > INT32_MAX ? INT32_MAX : (int)left) : 0;
        if (ready > 0)
            return true;
        if (ready == 0)
            return fail(err, ERR_TIMEOUT, &TEXT_TOKEN_SLOW);
        if (errno != EINTR)
            return fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_LOST);
    }
}

/* The frame without its size, into a cleared buffer. */
static bool frame_receive(int fd, int64_t until_ms, struct buffer *ret_frame, struct error *err)
{
    uint8_t head[KEEPER_SIZE_BYTES];
    size_t have = 0, size = 0;
    while (have < sizeof(head) || ret_frame->size < size) {
        bool in_head = have < sizeof(head);
        uint8_t *room = in_head ? head + have : buffer_reserve(ret_frame, size - ret_frame->size);
        if (!room)
            return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
        if (!wait_readable(fd, until_ms, err))
            return false;
        ssize_t got = recv(fd, room, in_head ? sizeof(head) - have : size - ret_frame->size, MSG_DONTWAIT);
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (got <= 0)
            return fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_LOST);
        if (!in_head)
            ret_frame->size += (size_t)got;
        else if ((have += (size_t)got) == sizeof(head))
            size = keeper_frame_size(head);
        if (size > KEEPER_ANSWER_MAX)
            return fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_NONSENSE);
    }
    return true;
}

/* The same, learning how long it takes. */
static bool frame_receive_at_pace(int fd, struct pace *pace, int64_t until_ms, struct buffer *ret_frame,
                                  struct error *err)
{
    int64_t from = now_us();
    atomic_fetch_add(&pace->asking, 1);
    doze(fd, pace);
    bool received = frame_receive(fd, until_ms, ret_frame, err);
    atomic_fetch_sub(&pace->asking, 1);
    long took_us = (long)(now_us() - from), usual_us = atomic_load(&pace->usual_us);
    if (received)
        atomic_store(&pace->usual_us, usual_us ? (3 * usual_us + took_us) / 4 : took_us);
    return received;
}

static bool answer_fits(const struct keeper_request *request, const struct keeper_answer *answer)
{
    return answer->id == request->id && answer->verb == request->verb;
}

bool channel_ask(int fd, const struct keeper_request *request, struct pace *pace, int64_t until_ms,
                 struct keeper_answer *ret_answer, struct error *err)
{
    struct buffer question CLEANUP(buffer_clear) = {0}, frame CLEANUP(buffer_clear) = {0};
    if (!keeper_request_write(request, &question))
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    if (send(fd, question.data, question.size, MSG_NOSIGNAL | MSG_DONTWAIT) != (ssize_t)question.size)
        return fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_LOST);
    if (!(pace ? frame_receive_at_pace(fd, pace, until_ms, &frame, err)
               : frame_receive(fd, until_ms, &frame, err)))
        return false;
    if (!keeper_answer_read(buffer_span(&frame), ret_answer, err))
        return fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_NONSENSE);
    if (answer_fits(request, ret_answer))
        return true;
    keeper_answer_clear(ret_answer);
    return fail(err, ERR_TOKEN_AWAY, &TEXT_KEEPER_NONSENSE);
}
