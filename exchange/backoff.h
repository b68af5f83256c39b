/* How long the next try waits: doubling, with full jitter, so that what failed together does not come back together. */
#pragma once

#include <stdint.h>

enum {
    BACKOFF_FIRST_MS = 5000,
    BACKOFF_MOST_MS = 3600000,
    BACKOFF_TOKEN_MS = 30000 /* a token is plugged in again by somebody who then watches */
};

/* After `attempts` failures before this one; at most `most`. */
int64_t backoff_ms(unsigned attempts, int64_t most);
