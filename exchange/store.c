#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "exchange/exchange_text.h"
#include "exchange/store_inner.h"

static bool path_join(const char *directory, const char *name, size_t size, char *ret_path, struct error *err)
{
    int needed = snprintf(ret_path, size, "%s/%s", directory, name);
    return (needed > 0 && (size_t)needed < size) || fail(err, ERR_USAGE, &TEXT_STORE_UNREADABLE, directory);
}

/* The lock lasts as long as the descriptor: a killed process leaves nothing behind. */
static bool lock_take(const char *directory, int *ret_fd, struct error *err)
{
    char path[4096];
    if (!path_join(directory, "lock", sizeof(path), path, err))
        return false;
    int fd CLEANUP(fd_close) = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        fail(err, ERR_INTERNAL, &TEXT_STORE_UNREADABLE, directory);
        return error_errno(err, "open lock");
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        fail(err, errno == EWOULDBLOCK ? ERR_BUSY : ERR_INTERNAL, &TEXT_STORE_IN_USE, directory);
        return error_errno(err, "flock");
    }
    *ret_fd = fd_take(&fd);
    return true;
}

static bool directory_make(const char *directory, struct error *err)
{
    if (mkdir(directory, 0700) == 0 || errno == EEXIST)
        return true;
    fail(err, ERR_INTERNAL, &TEXT_STORE_UNREADABLE, directory);
    return error_errno(err, "mkdir");
}

/* The names of a new database must be on the disk as well as what stands in it. */
static bool directory_sync(const char *directory, struct error *err)
{
    int fd CLEANUP(fd_close) = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0 && fsync(fd) == 0)
        return true;
    fail(err, ERR_DISK, &TEXT_STORE_BROKEN);
    return error_errno(err, "fsync directory");
}

/* Only one process opens a data directory: leases found at the start belong to nobody any more. */
static bool leases_end(struct connection *connection, struct error *err)
{
    return connection_run(connection,
                          "UPDATE documents SET lease = '', due = 0 WHERE lease <> '' AND due IS NOT NULL;"
                          "UPDATE deliveries SET lease = '', due = 0 WHERE lease <> '' AND due IS NOT NULL",
                          err);
}

static bool database_open(struct store *store, struct error *err)
{
    struct connection **writer = &store->writer.connection;
    char blobs[4096];
    return path_join(store->directory, "blobs", sizeof(blobs), blobs, err)
           && blobs_open(blobs, BLOB_SMALL, &store->blobs, err)
           && connection_open(store->directory, ACCESS_WRITE, writer, err)
           && connection_migrate(*writer, store->directory, err) && leases_end(*writer, err)
           && directory_sync(store->directory, err) && writer_start(&store->writer, store, err);
}

static void due_init(pthread_cond_t *due)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(due, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

bool store_open(const struct store_settings *settings, struct store **ret_store, struct error *err)
{
    struct store *store CLEANUP(store_close) = calloc(1, sizeof(*store));
    if (!store)
        return fail(err, ERR_BUSY, NULL);
    store->lock_fd = -1;
    store->clock = settings->clock ? settings->clock : &clock_system;
    store->directory = strdup(settings->directory);
    pthread_mutex_init(&store->lock, NULL);
    due_init(&store->due);
    if (!store->directory)
        return fail(err, ERR_BUSY, NULL);
    if (!directory_make(store->directory, err) || !lock_take(store->directory, &store->lock_fd, err)
        || !database_open(store, err))
        return false;
    *ret_store = TAKE(store);
    return true;
}

void store_close(struct store **owner)
{
    struct store *store = TAKE(*owner);
    if (!store)
        return;
    writer_stop(&store->writer);
    for (size_t i = 0; i < store->idle_count; i++)
        connection_close(&store->idle[i]);
    connection_close(&store->writer.connection);
    blobs_close(&store->blobs);
    fd_close(&store->lock_fd);
    pthread_cond_destroy(&store->due);
    pthread_mutex_destroy(&store->lock);
    free(store->directory);
    free(store);
}

bool store_broken(const struct store *store)
{
    return atomic_load(&store->broken);
}

const struct clock *store_clock(const struct store *store)
{
    return store->clock;
}

struct blobs *store_blobs(struct store *store)
{
    return store->blobs;
}

/* --- readers --- */

static bool reader_take(struct store *store, struct connection **ret_connection, struct error *err)
{
    struct connection *connection = NULL;
    pthread_mutex_lock(&store->lock);
    if (store->idle_count > 0)
        connection = store->idle[--store->idle_count];
    pthread_mutex_unlock(&store->lock);
    if (!connection && !connection_open(store->directory, ACCESS_READ, &connection, err))
        return false;
    *ret_connection = connection;
    return true;
}

static void reader_return(struct store *store, struct connection *connection)
{
    pthread_mutex_lock(&store->lock);
    if (store->idle_count < READERS_IDLE)
        store->idle[store->idle_count++] = TAKE(connection);
    pthread_mutex_unlock(&store->lock);
    connection_close(&connection);
}

bool store_read(struct store *store, store_job run, void *subject, struct error *err)
{
    struct connection *connection CLEANUP(connection_close) = NULL;
    if (!reader_take(store, &connection, err) || !connection_run(connection, "BEGIN", err))
        return false;
    bool good = run(connection, subject, err);
    connection_undo(connection, "ROLLBACK");
    if (!connection_in_transaction(connection))
        reader_return(store, TAKE(connection));
    return good;
}

/* --- waiting for work --- */

static bool next_due(struct connection *connection, void *subject, struct error *err)
{
    int64_t *ret_ms = subject;
    struct query q =
        query_of(connection, "SELECT coalesce(min(next), 9223372036854775807) FROM ("
                             "SELECT min(due) AS next FROM documents WHERE due IS NOT NULL UNION ALL "
                             "SELECT min(due) FROM deliveries WHERE due IS NOT NULL)");
    if (query_row(&q))
        *ret_ms = take_int(&q);
    return query_end(&q, err);
}

void store_wait(struct store *store, int64_t deadline_ms)
{
    struct error ignored = {0};
    int64_t due = INT64_MAX, monotonic = clock_monotonic_ms(), now = clock_now_ms(store->clock);
    pthread_mutex_lock(&store->lock);
    uint64_t wakes = store->wakes;
    pthread_mutex_unlock(&store->lock);
    if (store_read(store, next_due, &due, &ignored) && due - now < deadline_ms - monotonic)
        deadline_ms = monotonic + (due > now ? due - now : 0);

    struct timespec until = {.tv_sec = deadline_ms / 1000, .tv_nsec = deadline_ms % 1000 * 1000000};
    pthread_mutex_lock(&store->lock);
    while (store->wakes == wakes && pthread_cond_timedwait(&store->due, &store->lock, &until) == 0)
        continue;
    pthread_mutex_unlock(&store->lock);
}

void store_wake(struct store *store)
{
    pthread_mutex_lock(&store->lock);
    store->wakes++;
    pthread_cond_broadcast(&store->due);
    pthread_mutex_unlock(&store->lock);
}

/* --- bodies --- */

struct small_body {
    const char *sha256;
    struct buffer bytes;
    bool found;
};

static bool small_body(struct connection *connection, void *subject, struct error *err)
{
    struct small_body *small = subject;
    struct query q = query_of(connection, "SELECT bytes FROM blobs WHERE sha256 = ? AND bytes IS NOT NULL");
    bind_text(&q, small->sha256);
    small->found = query_row(&q);
    if (small->found)
        take_bytes(&q, &small->bytes);
    return query_end(&q, err);
}

bool store_body(struct store *store, const char *sha256, struct body *ret_body, struct error *err)
{
    struct small_body small = {.sha256 = sha256};
    struct body body CLEANUP(body_close) = {.source = {.fd = -1}};
    if (!store_read(store, small_body, &small, err))
        return false;
    body.small = small.bytes;
    if (small.found)
        body.source = source_of(buffer_span(&body.small));
    else if (!blob_open(store->blobs, sha256, &body.source, err))
        return false;
    *ret_body = body;
    body = (struct body){.source = {.fd = -1}};
    return true;
}

void body_close(struct body *body)
{
    source_close(&body->source);
    buffer_clear(&body->small);
}

bool blob_keep(struct connection *connection, const struct blob *blob, struct error *err)
{
    struct query q =
        query_of(connection,
                 "INSERT INTO blobs (sha256, size, bytes) VALUES (?, ?, ?) ON CONFLICT (sha256) DO NOTHING");
    bind_text(&q, blob->sha256);
    bind_int(&q, (int64_t)blob->size);
    if (blob->size == blob->bytes.size)
        bind_bytes(&q, buffer_span(&blob->bytes));
    else
        bind_null(&q);
    return query_run(&q, NULL, err);
}

struct blob_question {
    const char *blob;
    bool named;
};

static bool names_blob(struct connection *connection, void *subject, struct error *err)
{
    struct blob_question *question = subject;
    struct query q = query_of(connection, "SELECT 1 FROM blobs WHERE sha256 = ?");
    bind_text(&q, question->blob);
    question->named = query_row(&q);
    return query_end(&q, err);
}

bool store_names_blob(struct store *store, const char *blob, bool *ret_named, struct error *err)
{
    struct blob_question question = {.blob = blob};
    if (!store_read(store, names_blob, &question, err))
        return false;
    *ret_named = question.named;
    return true;
}
