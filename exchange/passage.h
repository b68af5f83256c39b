/* The way of a document, step by step: THE STEP TABLES stand in passage.c, one out and one in. A step returns a change; store_apply
 * puts the change and the move into one transaction. What a step does outside (token, checker) comes before and may safely
 * happen twice: a kill at any moment loses nothing and doubles nothing.
 *
 * A passage runs its own worker threads between passage_start and passage_stop, or is driven by the caller (passage_turn).
 * It logs nothing: each move is told to `event`, from the worker's thread. */
#pragma once

#include "base/certificate.h"
#include "exchange/store.h"
#include "hsm/key.h"
#include "signer/lookup.h"

struct passage_event {
    const char *document; /* id */
    const char *delivery; /* id; NULL for a step of the document */
    const char *step;     /* "sign", "seal", "wrap", "check", "file", "route" */
    enum outcome outcome;
    unsigned attempt;
    const struct error *reason; /* not done */
};

struct passage_settings {
    struct store *store;
    struct hsm *hsm;                  /* NULL: documents that ask for a key wait */
    struct checker_pool *checkers;    /* NULL: nothing is checked, the conclusion stays "unknown" */
    struct lookup *lookup;            /* what helps them; NULL: documents speak for themselves */
    struct span policy;               /* what they judge by (policy_write), borrowed; empty: the default */
    const struct certificates *chain; /* intermediates to embed; may be NULL */
    const char *spool;                /* for documents while they are signed */
    void (*event)(void *context, const struct passage_event *event); /* may be NULL */
    void *context;
    void (*trouble)(void *context, const struct error *err); /* the store failed a worker; may be NULL */
};

enum {
    PASSAGE_BATCH = 8,        /* documents claimed at once by one worker */
    PASSAGE_LEASE_MS = 600000 /* longer than the slowest step */
};

struct passage;
bool passage_open(const struct passage_settings *settings, struct passage **ret_passage, struct error *err)
    MUST_USE;
bool passage_start(struct passage *passage, unsigned threads, struct error *err) MUST_USE;
/* Lets each worker finish its step. */
void passage_stop(struct passage *passage);
void passage_close(struct passage **passage);

/* Everything that is due now, as far as it goes; how many steps were taken. */
bool passage_turn(struct passage *passage, size_t *ret_steps, struct error *err) MUST_USE;
/* One step of one claimed document. */
bool passage_advance(struct passage *passage, struct document *document, struct error *err) MUST_USE;
