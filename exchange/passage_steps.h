/* Inside the passage: what a step is, and the steps. A step looks at the document, does what it must outside, and fills the change;
 * false with an error means not done: passage.c decides from the error's code whether it waits or is refused. What was put into the
 * change before is kept either way. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "exchange/passage.h"

enum { WORKERS_MAX = 64 };

struct passage {
    /* set by passage_open, never changed */
    struct passage_settings settings;
    /* any thread */
    atomic_bool stopping;
    /* under lock: leases of batches that ended while the store took no writes */
    pthread_mutex_t lock;
    char lost[WORKERS_MAX][LEASE_SIZE];
    size_t lost_count;
    /* the owner's alone */
    pthread_t workers[WORKERS_MAX];
    unsigned worker_count;
};

typedef bool (*step_run)(struct passage *passage, const struct document *document, struct change *change,
                         struct error *err);

/* out */
bool step_sign(struct passage *passage, const struct document *document, struct change *change,
               struct error *err);
bool step_seal(struct passage *passage, const struct document *document, struct change *change,
               struct error *err);
bool step_wrap(struct passage *passage, const struct document *document, struct change *change,
               struct error *err);
/* in */
bool step_check(struct passage *passage, const struct document *document, struct change *change,
                struct error *err);
bool step_file(struct passage *passage, const struct document *document, struct change *change,
               struct error *err);
/* both */
bool step_route(struct passage *passage, const struct document *document, struct change *change,
                struct error *err);

/* What the checkers say of the document's main part, into the change: the verdict and its one word. */
bool main_part_check(struct passage *passage, const struct document *document, struct change *change,
                     struct error *err) MUST_USE;
