/* What a timestamp says (RFC 3161, 2.4.2): these bytes existed at that time. Whether its authority is
 * believed is cms_judge's affair. Borrowed from the bytes; threads may call it. */
#pragma once

#include "signer/algorithms.h"

struct timestamp {
    struct span algorithm; /* OID of the imprint's digest */
    struct span imprint;
    int64_t time_ms;
};

/* A TSTInfo; false when it is none. */
bool timestamp_read(struct span info, struct timestamp *ret_timestamp) MUST_USE;
