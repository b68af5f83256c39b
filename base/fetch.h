/* Outgoing HTTP and HTTPS: one request, one answer, with a deadline, a size limit and a list of what is allowed. libcurl is
 * loaded at the first use, so that a command that fetches nothing does not pay for it. No redirects, no proxies from the
 * environment, HTTP and HTTPS alone; private, loopback and link-local addresses are refused unless `allow_private` (an attacker's URL must not
 * reach what stands behind our firewall: the address is checked after resolution, at connect). Any thread may call. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"

struct fetch_request {
    const char *method; /* "GET", "POST" */
    const char *url;
    const char *const *headers; /* "Name: value", ends with NULL; may be NULL */
    struct span body;
    const char *ca_file; /* PEM anchors for HTTPS; NULL: the system's */
    int64_t deadline_ms; /* for all of it; 0: FETCH_DEADLINE_MS */
    size_t limit;        /* bytes of the answer; 0: FETCH_LIMIT */
    bool allow_private;
};

enum { FETCH_DEADLINE_MS = 15000, FETCH_LIMIT = 8 << 20 };

struct fetch_answer {
    int status;
    char content_type[128];
    struct buffer body;
};

/* PEER_AWAY (retry may help), TIMEOUT, TOO_LARGE, FORBIDDEN (address refused). Any HTTP status is an answer, not an error. */
bool fetch(const struct fetch_request *request, struct fetch_answer *ret_answer, struct error *err) MUST_USE;
void fetch_answer_clear(struct fetch_answer *answer);
