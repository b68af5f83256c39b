#include "tests/crowd.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/clock.h"

void pause_ms(int64_t ms)
{
    nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}

bool sign_with(struct hsm *hsm, const char *uri, struct error *err)
{
    struct buffer signature CLEANUP(buffer_clear) = {0};
    struct digest_value digest = digest_of(DIGEST_SHA256, SPAN_LITERAL("abc"));
    return hsm_sign(hsm, uri, DIGEST_SHA256, digest_span(&digest), &signature, err) && signature.size > 0;
}

static void *crowd_caller(void *argument)
{
    struct crowd *crowd = argument;
    while (!atomic_load(&crowd->enough)) {
        struct error err = {0};
        int64_t from = clock_monotonic_ms();
        if (sign_with(crowd->hsm, crowd->uri, &err)) {
            atomic_fetch_add(&crowd->signatures, 1);
        } else {
            atomic_fetch_add(&crowd->failures, 1);
            if (err.code != crowd->expected) {
                char line[256];
                fprintf(stderr, "unexpected: %s (%s)\n",
                        error_sentence(&err, LANGUAGE_EN, sizeof(line), line), err.cause);
                atomic_fetch_add(&crowd->unexpected, 1);
            }
        }
        long took = (long)(clock_monotonic_ms() - from);
        if (took > atomic_load(&crowd->longest_ms))
            atomic_store(&crowd->longest_ms, took);
    }
    return NULL;
}

void crowd_start(struct crowd *crowd)
{
    for (size_t i = 0; i < CALLERS; i++)
        if (pthread_create(&crowd->callers[i], NULL, crowd_caller, crowd) != 0)
            abort();
}

void crowd_stop(struct crowd *crowd)
{
    atomic_store(&crowd->enough, true);
    for (size_t i = 0; i < CALLERS; i++)
        pthread_join(crowd->callers[i], NULL);
    hsm_close(&crowd->hsm);
}

bool signs_on(struct crowd *crowd, int64_t within_ms)
{
    int before = atomic_load(&crowd->signatures);
    for (int64_t until = clock_monotonic_ms() + within_ms; clock_monotonic_ms() < until; pause_ms(5))
        if (atomic_load(&crowd->signatures) > before + 2 * CALLERS)
            return true;
    return false;
}
