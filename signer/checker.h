/* The sandboxed processes that look at hostile documents. A pool starts a few `PROGRAM checker` processes,
 * each with one socket and nothing else (no open, no connect: seccomp), tells them a snapshot of trust, and gives
 * each document as descriptors open for reading alone. A checker makes a copy of itself for every document, with
 * limits of CPU time and memory, which answers with a verdict frame and ends: what a document does to its checker
 * ends with it. One that dies, hangs past its deadline or answers nonsense leaves the verdict INDETERMINATE with
 * that reason. Any thread may call checker_check; it waits for a free checker at most the deadline (then BUSY). */
#pragma once

#include "signer/verifier.h"

struct checker_settings {
    const char *program; /* NULL: /proc/self/exe */
    /* The first checkers are copies of this process: nothing is loaded twice. For a command that has just begun: it has
     * one thread, holds no secret, and OpenSSL has not been used. Those that replace them are started. */
    bool copies;
    unsigned count;      /* processes; 0: one */
    int64_t deadline_ms; /* for one document; 0: CHECKER_DEADLINE_MS plus time for its size */
    const struct trust *trust;
};

enum {
    CHECKER_DEADLINE_MS = 10000,
    CHECKER_CPU_SECONDS = 2,
    CHECKER_MS_PER_MEGABYTE = 20, /* added to both: a gigabyte is digested in a few seconds */
    CHECKER_MEMORY = 64 << 20     /* bytes of anonymous memory */
};

/* A file that the document may be about. */
struct checker_content {
    const char *name; /* without folders */
    const struct source *source;
};

struct checker_job {
    const struct source *document;
    int64_t at_ms;        /* 0: now */
    struct span evidence; /* struct verification's; may be empty */
    struct span policy;   /* policy_write; empty: the default */
    const struct checker_content *contents;
    size_t content_count; /* at most CHECKER_MAX_CONTENTS (checker_frame.h): TOO_LARGE */
    int64_t *ret_cpu_us;  /* what the look cost; may be NULL */
};

struct checker_pool;
bool checker_pool_open(const struct checker_settings *settings, struct checker_pool **ret_pool,
                       struct error *err) MUST_USE;
bool checker_check(struct checker_pool *pool, const struct checker_job *job, struct verdict *ret_verdict,
                   struct error *err) MUST_USE;
/* Another trust from now on (SIGHUP). The pool borrows it until the next call or close. */
void checker_pool_trust(struct checker_pool *pool, const struct trust *trust);
void checker_pool_close(struct checker_pool **pool);

/* What `PROGRAM checker` runs: serves the socket on descriptor 3 until it closes. Returns the exit code. */
int checker_main(void);
