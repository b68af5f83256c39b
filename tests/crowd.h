/* Several callers who sign all the time, and what became of it. For tests of hsm/. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "hsm/key.h"

enum { CALLERS = 4 };

void pause_ms(int64_t ms);
/* One signature over something. */
bool sign_with(struct hsm *hsm, const char *uri, struct error *err);

struct crowd {
    struct hsm *hsm;
    const char *uri;
    atomic_bool enough;
    atomic_int signatures, failures, unexpected;
    atomic_long longest_ms;
    enum error_code expected; /* what may go wrong; ERR_NONE: nothing */
    pthread_t callers[CALLERS];
};

void crowd_start(struct crowd *crowd);
/* Waits for all, and closes the hsm. */
void crowd_stop(struct crowd *crowd);
/* Whether signatures are being made: several for each caller from now on. */
bool signs_on(struct crowd *crowd, int64_t within_ms);
