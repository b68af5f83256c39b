#include "exchange/store_inner.h"

#include "exchange/exchange_text.h"

/* One thread writes. While it waits for the disk the next jobs gather; all that stand there when it comes back share the next
 * commit: a lone caller waits for one fsync, a hundred callers share it. Nobody waits on purpose. */

struct job {
    store_job run;
    void *subject;
    enum wakes wakes;
    struct error *err;
    struct job *next;
    bool good; /* until it fails, or the commit does */
    /* under the writer's lock */
    bool settled;
    pthread_cond_t done;
};

static bool job_run(struct connection *connection, struct job *job)
{
    if (!connection_run(connection, "SAVEPOINT job", job->err))
        return false;
    if (job->run(connection, job->subject, job->err))
        return connection_run(connection, "RELEASE job", job->err);
    connection_undo(connection, "ROLLBACK TO job; RELEASE job");
    return false;
}

/* Runs every job and commits once; false: nothing of the group was kept, and why. */
static bool group_commit(struct connection *connection, struct job *group, struct error *err)
{
    if (!connection_run(connection, "BEGIN IMMEDIATE", err))
        return false;
    for (struct job *job = group; job; job = job->next) {
        job->good = job_run(connection, job);
        if (!connection_in_transaction(connection)) { /* SQLite ended all of it: the disk is full */
            *err = *job->err;
            return false;
        }
    }
    if (connection_run(connection, "COMMIT", err))
        return true;
    connection_undo(connection, "ROLLBACK");
    return false;
}

static void group_settle(struct writer *writer, struct job *group)
{
    struct error err = {0};
    bool kept = group_commit(writer->connection, group, &err), wake = false;
    if (connection_broken(writer->connection))
        atomic_store(&writer->store->broken, true);
    pthread_mutex_lock(&writer->lock);
    while (group) {
        struct job *next = group->next; /* the job stands on its caller's stack: gone once settled */
        if (!kept && group->good)
            *group->err = err;
        group->good = group->good && kept;
        wake = wake || (group->good && group->wakes == WAKES_WORKERS);
        group->settled = true;
        pthread_cond_signal(&group->done);
        group = next;
    }
    pthread_mutex_unlock(&writer->lock);
    if (wake)
        store_wake(writer->store);
}

/* The jobs that wait, at most GROUP_MOST; NULL when there will be no more. */
static struct job *group_take(struct writer *writer)
{
    pthread_mutex_lock(&writer->lock);
    while (!writer->first && !writer->closing)
        pthread_cond_wait(&writer->work, &writer->lock);
    struct job *group = writer->first, **end = &writer->first;
    for (size_t i = 0; i < GROUP_MOST && *end; i++)
        end = &(*end)->next;
    writer->first = *end;
    *end = NULL;
    if (!writer->first)
        writer->last = &writer->first;
    pthread_mutex_unlock(&writer->lock);
    return group;
}

static void *writer_run(void *context)
{
    struct writer *writer = context;
    for (;;) {
        struct job *group = group_take(writer);
        if (!group)
            return NULL;
        group_settle(writer, group);
    }
}

bool writer_start(struct writer *writer, struct store *store, struct error *err)
{
    writer->store = store;
    writer->last = &writer->first;
    pthread_mutex_init(&writer->lock, NULL);
    pthread_cond_init(&writer->work, NULL);
    if (pthread_create(&writer->thread, NULL, writer_run, writer) != 0)
        return fail(err, ERR_BUSY, NULL);
    writer->running = true;
    return true;
}

void writer_stop(struct writer *writer)
{
    if (!writer->running)
        return;
    pthread_mutex_lock(&writer->lock);
    writer->closing = true;
    pthread_cond_signal(&writer->work);
    pthread_mutex_unlock(&writer->lock);
    pthread_join(writer->thread, NULL);
    pthread_cond_destroy(&writer->work);
    pthread_mutex_destroy(&writer->lock);
    writer->running = false;
}

bool store_write(struct store *store, store_job run, void *subject, enum wakes wakes, struct error *err)
{
    struct writer *writer = &store->writer;
    struct job job = {.run = run,
                      .subject = subject,
                      .wakes = wakes,
                      .err = err,
                      .good = true,
                      .done = PTHREAD_COND_INITIALIZER};
    if (atomic_load(&store->broken))
        return fail(err, ERR_DISK, &TEXT_STORE_BROKEN);

    pthread_mutex_lock(&writer->lock);
    if (writer->closing) {
        pthread_mutex_unlock(&writer->lock);
        return fail(err, ERR_BUSY, &TEXT_STORE_CLOSING);
    }
    *writer->last = &job;
    writer->last = &job.next;
    pthread_cond_signal(&writer->work);
    while (!job.settled)
        pthread_cond_wait(&job.done, &writer->lock);
    pthread_mutex_unlock(&writer->lock);
    pthread_cond_destroy(&job.done);
    return job.good;
}
