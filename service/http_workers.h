/* The worker threads: a bounded queue of jobs, each run once by the next free thread. */
#pragma once

#include "base/error.h"

struct workers;

bool workers_start(unsigned threads, unsigned queue, void (*run)(void *context, void *job), void *context,
                   struct workers **ret_workers, struct error *err) MUST_USE;
/* False when the queue is full or the threads have ended: the job is still the caller's. */
bool workers_add(struct workers *workers, void *job) MUST_USE;
/* Runs what is queued, then ends the threads; from here on nothing is taken. */
void workers_stop(struct workers *workers);
/* Stops first. */
void workers_free(struct workers **workers);
