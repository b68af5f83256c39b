/* One question to a keeper over one connection, and its answer, by a deadline. What goes wrong here leaves the connection
 * unusable: the caller drops it. */
#pragma once

#include <stdatomic.h>

#include "hsm/keeper_frame.h"

/* How long a keeper's answers usually take, as its callers learn it together; starts as {0}. Any thread. */
struct pace {
    atomic_int asking;    /* how many wait for an answer now */
    atomic_long usual_us; /* 0: nobody knows yet */
};

/* TOKEN_AWAY when the keeper leaves or talks nonsense, TIMEOUT. An error that the keeper answers with is in ret_answer.
 * `pace` NULL: not a question whose pace matters. */
bool channel_ask(int fd, const struct keeper_request *request, struct pace *pace, int64_t until_ms,
                 struct keeper_answer *ret_answer, struct error *err) MUST_USE;
