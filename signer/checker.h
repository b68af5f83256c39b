/* The sandboxed processes that look at hostile documents. A pool starts a few `PROGRAM checker` processes,
 * each with one socket and nothing else (no open, no connect: seccomp; CPU and memory limits), gives each
 * document as a file descriptor with a snapshot of trust, and gets a verdict frame back. One that dies,
 * hangs past its deadline or answers nonsense is killed and replaced, and the verdict is INDETERMINATE with
 * that reason. Any thread may call checker_check; it waits for a free checker at most the deadline (then
 * BUSY). */
#pragma once

#include "signer/verifier.h"

struct checker_settings {
    const char *program; /* NULL: /proc/self/exe */
    unsigned count;      /* processes; 0: one */
    int64_t deadline_ms; /* for one document; 0: CHECKER_DEADLINE_MS plus time for its size */
    const struct trust *trust;
};

enum { CHECKER_DEADLINE_MS = 10000, CHECKER_MEMORY = 64 << 20 /* bytes of anonymous memory */ };

struct checker_pool;
bool checker_pool_open(const struct checker_settings *settings, struct checker_pool **ret_pool,
                       struct error *err) MUST_USE;
bool checker_check(struct checker_pool *pool, const struct source *document, int64_t at_ms,
                   struct verdict *ret_verdict, struct error *err) MUST_USE;
/* Another trust from now on (SIGHUP). The pool borrows it until the next call or close. */
void checker_pool_trust(struct checker_pool *pool, const struct trust *trust);
void checker_pool_close(struct checker_pool **pool);

/* What `PROGRAM checker` runs: serves the socket on descriptor 3 until it closes. Returns the exit code. */
int checker_main(void);
