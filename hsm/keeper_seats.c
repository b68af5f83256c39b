#include "hsm/keeper_seats.h"

#include <sys/socket.h>
#include <time.h>

#include "base/clock.h"
#include "hsm/hsm_text.h"

static void *watch(void *argument)
{
    struct keeper_seats *seats = argument;
    const struct timespec pause = {.tv_nsec = KEEPER_WATCH_MS * 1000000};
    for (;;) {
        nanosleep(&pause, NULL);
        int64_t now = clock_monotonic_ms();
        for (unsigned seat = 0; seat < KEEPER_SEATS; seat++) {
            int64_t due = atomic_load(&seats->due_ms[seat]);
            if (due != 0 && now > due + KEEPER_GRACE_MS)
                _exit(seat == KEEPER_SEAT_START ? KEEPER_NOT_STARTED : KEEPER_HUNG);
        }
    }
    return NULL;
}

bool keeper_seats_open(struct keeper_seats *seats, struct error *err)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&seats->freed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&seats->lock, NULL);
    seats->taken = 0;
    atomic_init(&seats->watched, 0);
    for (unsigned seat = 0; seat < KEEPER_CALLERS_MAX; seat++)
        seats->fd[seat] = -1;
    for (unsigned seat = 0; seat < KEEPER_SEATS; seat++)
        atomic_init(&seats->due_ms[seat], 0);

    pthread_t thread;
    if (pthread_create(&thread, NULL, watch, seats) != 0)
        return fail(err, ERR_INTERNAL, &TEXT_KEEPER_NO_MEMORY);
    pthread_detach(thread);
    return true;
}

bool keeper_seat_take(struct keeper_seats *seats, int fd, unsigned *ret_seat)
{
    bool taken = false;
    pthread_mutex_lock(&seats->lock);
    for (unsigned seat = 0; seat < KEEPER_CALLERS_MAX && !taken; seat++) {
        if (seats->fd[seat] >= 0)
            continue;
        seats->fd[seat] = fd;
        seats->taken++;
        *ret_seat = seat;
        taken = true;
    }
    pthread_mutex_unlock(&seats->lock);
    return taken;
}

void keeper_seat_leave(struct keeper_seats *seats, unsigned seat)
{
    pthread_mutex_lock(&seats->lock);
    close(seats->fd[seat]);
    seats->fd[seat] = -1;
    seats->taken--;
    pthread_cond_signal(&seats->freed);
    pthread_mutex_unlock(&seats->lock);
}

void keeper_watch_begin(struct keeper_seats *seats, unsigned seat, int64_t due_ms)
{
    atomic_store(&seats->due_ms[seat], due_ms);
    atomic_fetch_add(&seats->watched, 1);
}

void keeper_watch_end(struct keeper_seats *seats, unsigned seat)
{
    atomic_store(&seats->due_ms[seat], 0);
    atomic_fetch_sub(&seats->watched, 1);
}

bool keeper_nobody_is_watched(const struct keeper_seats *seats)
{
    return atomic_load(&seats->watched) == 0;
}

bool keeper_seats_empty(struct keeper_seats *seats)
{
    int64_t until_ms = clock_monotonic_ms() + KEEPER_END_MS;
    struct timespec until = {.tv_sec = until_ms / 1000, .tv_nsec = until_ms % 1000 * 1000000};
    bool late = false;
    pthread_mutex_lock(&seats->lock);
    for (unsigned seat = 0; seat < KEEPER_CALLERS_MAX; seat++)
        if (seats->fd[seat] >= 0)
            shutdown(seats->fd[seat], SHUT_RD);
    while (seats->taken > 0 && !late)
        late = pthread_cond_timedwait(&seats->freed, &seats->lock, &until) != 0;
    bool empty = seats->taken == 0;
    pthread_mutex_unlock(&seats->lock);
    return empty;
}
