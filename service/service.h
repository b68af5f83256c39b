/* What the handlers share: one struct made by service_run, read-only but for what locks itself. The way of a request is
 * http → routes → access → handler; the whole API stands on one page, routes.c. */
#pragma once

#include "base/clock.h"
#include "base/json.h"
#include "base/log.h"
#include "exchange/passage.h"
#include "exchange/store.h"
#include "hsm/key.h"
#include "service/access.h"
#include "service/http.h"
#include "service/metrics.h"
#include "service/service_settings.h"
#include "signer/lookup.h"
#include "signer/policy.h"
#include "signer/timestamp_client.h"

struct service {
    const struct service_settings *settings;
    const struct clock *clock;
    struct access *access;
    struct metrics *metrics;
    struct trust *trust;
    const struct policy *policy; /* what verdicts are judged by, unless a caller names another */
    struct checker_pool *checkers;
    struct lookup *lookup; /* what helps them */
    struct hsm *hsm;
    const struct certificates *chain; /* intermediates that signatures embed: what lies beside the anchors */
    struct timestamp_authorities authorities; /* who stamps what is signed at B-T */
    const char *spool;
    const char *public_url; /* what QR codes start with, without the last slash */
    struct blobs *blobs;
    struct store *store;
    struct passage *passage;
    struct axis_lists *axis_lists; /* axis_server.h */
};

/* Runs the service process until SIGTERM: what `PROGRAM service` does. Returns the exit code. */
int service_run(const char *config_path);

/* The two lists of routes: what the world sees, and what the operator's second listener adds. */
extern const struct route public_routes[], admin_routes[];
extern const size_t public_route_count, admin_route_count;
