/* Keepers started, watched and killed: the one way to have one, for a server's supervisor and for a command alike. A keeper
 * runs as `PROGRAM keeper … --inherit`, with one end of a socket pair as descriptor 3: over it come connections, and when our
 * end closes - we ended, however - the keeper ends too.
 *
 * A post is a keeper that is kept alive: when it dies it is started again, after a pause that grows from KEEPER_PAUSE_MIN_MS to
 * KEEPER_PAUSE_MAX_MS and shrinks again once a keeper has lived for a while. Nothing here blocks. A post belongs to one thread
 * at a time. */
#pragma once

#include <sys/types.h>

#include "base/bytes.h"
#include "hsm/keeper.h"

enum {
    KEEPER_PAUSE_MIN_MS = 50,
    KEEPER_PAUSE_MAX_MS = 1000, /* a token that is back is used again within a second */
    KEEPER_LIVED_MS = 5000,     /* who lived for so long has not failed at starting */
    KEEPER_BEAT_MS = 1000,      /* between two questions whether it still answers */
    KEEPER_BEAT_LATE_MS = 5000  /* then it is killed */
};

struct keeper_post {
    /* set by keeper_post_open, never changed */
    struct keeper_settings settings; /* its strings are the caller's and outlive the post */
    /* the owner's */
    pid_t pid;       /* 0: not running */
    int door;        /* our end of descriptor 3 */
    int beat;        /* a connection for asking; -1: none yet */
    bool beat_asked; /* an answer is awaited */
    bool met;        /* it has answered once: the module is open */
    int64_t beat_ms; /* when it was asked or has answered last */
    int64_t started_ms;
    int64_t pause_ms, not_before_ms; /* the next start */
    int last_exit;                   /* how the last one ended: enum keeper_exit, 128 + signal, or -1 */
    unsigned starts;
};

/* Starts nothing yet. */
struct keeper_post keeper_post_open(const struct keeper_settings *settings);

/* To be called every now and then (a supervisor: each second and on SIGCHLD; a caller: before connecting): buries a dead keeper,
 * starts one when there is none and the pause is over, asks whether it answers and kills it when it does not. TOKEN_AWAY while
 * the pause lasts; INTERNAL when the program cannot be run. `ret_died` (may be NULL): one was buried in this call. */
bool keeper_post_tend(struct keeper_post *post, bool *ret_died, struct error *err) MUST_USE;
/* A new connection to the running keeper. */
bool keeper_post_connect(struct keeper_post *post, int *ret_fd, struct error *err) MUST_USE;
/* Kills what hangs, at once; the next tend buries it. */
void keeper_post_kill(struct keeper_post *post);
/* Ends it: closes the door, gives it KEEPER_END_MS for what is under way, then kills. Blocks for that long at most. */
void keeper_post_close(struct keeper_post *post);
