#include "exchange/passage_steps.h"

/* The threads that drive the passage. They meet at the store and at the stop flag alone. */

enum {
    IDLE_MS = 60000,  /* looks again even when nobody said that something is due */
    TROUBLE_MS = 1000 /* after the store failed us */
};

bool passage_open(const struct passage_settings *settings, struct passage **ret_passage, struct error *err)
{
    struct passage *passage = calloc(1, sizeof(*passage));
    if (!passage)
        return fail(err, ERR_BUSY, NULL);
    passage->settings = *settings;
    pthread_mutex_init(&passage->lock, NULL);
    *ret_passage = passage;
    return true;
}

static void *worker_run(void *context)
{
    struct passage *passage = context;
    struct store *store = passage->settings.store;
    while (!atomic_load(&passage->stopping)) {
        struct error err = {0};
        size_t steps = 0;
        bool good = passage_turn(passage, &steps, &err);
        if (!good && passage->settings.trouble)
            passage->settings.trouble(passage->settings.context, &err);
        if (!good && !atomic_load(&passage->stopping))
            usleep(TROUBLE_MS * 1000);
        else if (steps == 0 && !atomic_load(&passage->stopping))
            store_wait(store, clock_monotonic_ms() + IDLE_MS);
    }
    return NULL;
}

bool passage_start(struct passage *passage, unsigned threads, struct error *err)
{
    atomic_store(&passage->stopping, false);
    while (passage->worker_count < threads && passage->worker_count < WORKERS_MAX) {
        if (pthread_create(&passage->workers[passage->worker_count], NULL, worker_run, passage) != 0) {
            passage_stop(passage);
            return fail(err, ERR_BUSY, NULL);
        }
        passage->worker_count++;
    }
    return true;
}

void passage_stop(struct passage *passage)
{
    atomic_store(&passage->stopping, true);
    store_wake(passage->settings.store);
    while (passage->worker_count > 0)
        pthread_join(passage->workers[--passage->worker_count], NULL);
}

void passage_close(struct passage **passage)
{
    if (!*passage)
        return;
    passage_stop(*passage);
    pthread_mutex_destroy(&(*passage)->lock);
    free(*passage);
    *passage = NULL;
}
