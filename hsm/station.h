/* One keeper as its callers see it: a socket it listens on, or a post of our own. Keeps the connections, one for each caller at
 * a time, and asks a question with a deadline. A connection whose answer is late or makes no sense is dropped. Any thread may
 * call, several at once. */
#pragma once

#include <pthread.h>

#include "hsm/channel.h"
#include "hsm/keeper_process.h"

struct station {
    /* set by station_open_*, never changed */
    const char *socket;  /* NULL: our own post */
    int64_t deadline_ms; /* what the keeper gives the token for one request */
    struct pace pace;    /* any thread */
    /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t returned;
    struct keeper_post post;
    int idle[HSM_CALLERS_MAX];
    size_t idle_count, open_count;
    uint64_t generation; /* of the keeper that was met last; 0: none yet */
};

/* The strings are the caller's and outlive the station. */
void station_open_socket(struct station *station, const char *socket, int64_t deadline_ms);
void station_open_post(struct station *station, const struct keeper_settings *settings, int64_t deadline_ms);
void station_close(struct station *station);

/* The keeper's answer, its errors as ours; ret_answer is cleared by the caller. TOKEN_AWAY when the keeper cannot be reached or
 * is lost in between, TIMEOUT, BUSY when no connection came free. */
bool station_ask(struct station *station, struct keeper_request *request, int64_t until_ms,
                 struct keeper_answer *ret_answer, struct error *err) MUST_USE;
uint64_t station_generation(struct station *station);

/* Whether the error is only that a keeper is not there at this moment: waiting helps. */
bool station_is_between_keepers(const struct error *err);
