#include "service/http_workers.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/base_text.h"

struct workers {
    /* set by workers_start, never changed */
    void (*run)(void *context, void *job);
    void *context;
    pthread_t *threads;
    unsigned thread_count, room;
    /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t arrived;
    void **jobs; /* a ring */
    unsigned first, count;
    bool stopping;
};

static void *work(void *argument)
{
    struct workers *workers = argument;
    for (;;) {
        pthread_mutex_lock(&workers->lock);
        while (workers->count == 0 && !workers->stopping)
            pthread_cond_wait(&workers->arrived, &workers->lock);
        if (workers->count == 0) {
            pthread_mutex_unlock(&workers->lock);
            return NULL;
        }
        void *job = workers->jobs[workers->first];
        workers->first = (workers->first + 1) % workers->room;
        workers->count--;
        pthread_mutex_unlock(&workers->lock);
        workers->run(workers->context, job);
    }
}

bool workers_start(unsigned threads, unsigned queue, void (*run)(void *context, void *job), void *context,
                   struct workers **ret_workers, struct error *err)
{
    struct workers *workers = calloc(1, sizeof(*workers));
    if (!workers)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    pthread_mutex_init(&workers->lock, NULL);
    pthread_cond_init(&workers->arrived, NULL);
    workers->run = run;
    workers->context = context;
    workers->room = queue;
    workers->jobs = calloc(queue, sizeof(*workers->jobs));
    workers->threads = calloc(threads, sizeof(*workers->threads));
    bool good = workers->jobs && workers->threads;
    while (good && workers->thread_count < threads) {
        good = pthread_create(&workers->threads[workers->thread_count], NULL, work, workers) == 0;
        workers->thread_count += good;
    }
    if (!good) {
        workers_free(&workers);
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    }
    *ret_workers = workers;
    return true;
}

bool workers_add(struct workers *workers, void *job)
{
    pthread_mutex_lock(&workers->lock);
    bool room = workers->count < workers->room && !workers->stopping;
    if (room) {
        workers->jobs[(workers->first + workers->count++) % workers->room] = job;
        pthread_cond_signal(&workers->arrived);
    }
    pthread_mutex_unlock(&workers->lock);
    return room;
}

void workers_stop(struct workers *workers)
{
    if (!workers)
        return;
    pthread_mutex_lock(&workers->lock);
    workers->stopping = true;
    pthread_cond_broadcast(&workers->arrived);
    pthread_mutex_unlock(&workers->lock);
    for (; workers->thread_count > 0; workers->thread_count--)
        pthread_join(workers->threads[workers->thread_count - 1], NULL);
}

void workers_free(struct workers **workers)
{
    struct workers *w = *workers;
    if (!w)
        return;
    workers_stop(w);
    pthread_mutex_destroy(&w->lock);
    pthread_cond_destroy(&w->arrived);
    free(w->threads);
    free(w->jobs);
    free(w);
    *workers = NULL;
}
