/* The seats of a keeper's callers, and the watchdog that ends the process when somebody sits past his deadline. A seat belongs
 * to one thread; the watchdog reads all of them. Ending the process is the only way out of a module that does not return. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#include "hsm/keeper.h"

enum { KEEPER_SEAT_START = KEEPER_CALLERS_MAX, KEEPER_SEATS, KEEPER_WATCH_MS = 50 };

struct keeper_seats {
    /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t freed;
    int fd[KEEPER_CALLERS_MAX]; /* -1: free */
    unsigned taken;
    /* its own thread writes, the watchdog reads: monotonic ms, 0: nothing under way */
    _Atomic int64_t due_ms[KEEPER_SEATS];
    atomic_int watched; /* how many are not 0 */
};

/* Starts the watchdog. */
bool keeper_seats_open(struct keeper_seats *seats, struct error *err) MUST_USE;
/* A seat for the connection, which now belongs to it; false: all are taken, or everybody was sent home. */
bool keeper_seat_take(struct keeper_seats *seats, int fd, unsigned *ret_seat) MUST_USE;
/* Closes the connection. */
void keeper_seat_leave(struct keeper_seats *seats, unsigned seat);

/* From here to keeper_watch_end the module must be done by `due_ms`. */
void keeper_watch_begin(struct keeper_seats *seats, unsigned seat, int64_t due_ms);
void keeper_watch_end(struct keeper_seats *seats, unsigned seat);
bool keeper_nobody_is_watched(const struct keeper_seats *seats);

/* No more requests are read; waits for those under way, at most KEEPER_END_MS. False: somebody is still in the module. */
bool keeper_seats_empty(struct keeper_seats *seats);
