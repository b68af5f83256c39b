/* Inside the store: connections, queries and the writer's jobs. For the files that know the tables (store_*.c, agency.c,
 * delivery.c, check_code.c); nobody else includes it. Only store_sqlite.c knows which database it is: the queries keep to
 * the SQL that SQLite and PostgreSQL share. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "exchange/agency_code.h"
#include "exchange/store.h"

/* --- connections: one thread at a time --- */

struct connection;
enum access { ACCESS_READ, ACCESS_WRITE };
bool connection_open(const char *directory, enum access access, struct connection **ret_connection,
                     struct error *err) MUST_USE;
void connection_close(struct connection **connection);
/* Brings the tables up to this program's version; REFUSED when they are newer. */
bool connection_migrate(struct connection *connection, const char *directory, struct error *err) MUST_USE;
/* Several statements without rows. */
bool connection_run(struct connection *connection, const char *sql, struct error *err) MUST_USE;
/* Takes back a transaction or savepoint; the caller has the error that led here. */
void connection_undo(struct connection *connection, const char *sql);
/* An error inside a transaction may have ended it. */
bool connection_in_transaction(const struct connection *connection);
/* Nobody knows any more what the disk holds. */
bool connection_broken(const struct connection *connection);

/* A query reads like its SQL: bind in order, take columns in order, ask at the end. It fails once and stays failed.
 *
 *     struct query q = query_of(connection, "SELECT id, size FROM blobs WHERE seq = ?");
 *     bind_int(&q, seq);
 *     while (query_row(&q))
 *         …take_text(&q, arena), take_int(&q)…
 *     return query_end(&q, err);
 *
 * `sql` is a literal: the statement is prepared once a connection. Every query is ended, also after a failure. */
struct query {
    struct connection *connection;
    void *statement;
    int bound, column;
    int failure; /* the database's code; 0 while all is well */
};
struct query query_of(struct connection *connection, const char *sql);
void bind_int(struct query *query, int64_t value);
void bind_text(struct query *query, const char *text); /* NULL: SQL's null; the text stays until query_end */
void bind_text_copy(struct query *query, const char *text);
void bind_bytes(struct query *query, struct span bytes);
void bind_null(struct query *query);
bool query_row(struct query *query);
int64_t take_int(struct query *query);
const char *take_text(struct query *query, struct arena *arena);
/* Into a fixed array, cut to it. */
void take_string(struct query *query, size_t size, char *ret_text);
void take_bytes(struct query *query, struct buffer *ret_bytes);
bool query_end(struct query *query, struct error *err) MUST_USE;
/* No rows wanted: run and end; how many rows it changed (ret_changed may be NULL). */
bool query_run(struct query *query, int64_t *ret_changed, struct error *err) MUST_USE;

/* --- the writer --- */

/* Runs inside the writer's transaction, alone: false undoes what this job did and nothing else. What it returns goes into
 * `subject`, and counts only when store_write says true. */
typedef bool (*store_job)(struct connection *connection, void *subject, struct error *err);

enum wakes { WAKES_NOBODY, WAKES_WORKERS };
/* Queues the job, and returns when it is on the disk, or refused. */
bool store_write(struct store *store, store_job run, void *subject, enum wakes wakes, struct error *err)
    MUST_USE;

struct job;
struct writer {
    /* set by writer_start, never changed */
    struct store *store;
    pthread_t thread;
    bool running;
    /* the writer thread's alone */
    struct connection *connection;
    /* under lock */
    pthread_mutex_t lock;
    pthread_cond_t work;
    struct job *first, **last;
    bool closing;
};
enum { GROUP_MOST = 128 /* jobs in one commit */ };
bool writer_start(struct writer *writer, struct store *store, struct error *err) MUST_USE;
/* Finishes what is queued; new jobs are refused. */
void writer_stop(struct writer *writer);

/* --- readers --- */

/* Runs on a read-only connection of its own, in one snapshot. */
bool store_read(struct store *store, store_job run, void *subject, struct error *err) MUST_USE;

enum { READERS_IDLE = 16 /* connections kept for the next reader */ };
struct store {
    /* set by store_open, never changed: any thread may read */
    const struct clock *clock;
    char *directory;
    struct blobs *blobs;
    int lock_fd;
    struct writer writer;
    /* any thread */
    atomic_bool broken;
    /* under lock */
    pthread_mutex_t lock;
    struct connection *idle[READERS_IDLE];
    size_t idle_count;
    pthread_cond_t due;
    uint64_t wakes;
};

/* --- words between the files --- */

void id_new(const struct clock *clock, char ret_id[static ID_SIZE]);
/* The stage of that name; INTERNAL's business when there is none: STAGE_REFUSED. */
enum stage stage_of(const char *name);
const char *kind_name(enum package_kind kind);
enum package_kind kind_of(const char *name);

/* Sentences as they are stored. */
enum { SENTENCE_SIZE = 512 };
struct sentence {
    const char *code;
    char vi[SENTENCE_SIZE], en[SENTENCE_SIZE];
};
void sentence_of(const struct error *err, struct sentence *ret_sentence);

/* Room for one more item behind `count` of them, in an array that grows by doubling; false without memory. */
bool list_room(void **items, size_t count, size_t item_size) MUST_USE;

/* What several files do with the tables. */
bool document_load(struct connection *connection, const char *id, struct document *ret_document,
                   struct error *err) MUST_USE;
/* Keeps a blob's row, and its bytes when it is small. */
bool blob_keep(struct connection *connection, const struct blob *blob, struct error *err) MUST_USE;
/* A check code of a document; a second one changes nothing. */
bool check_code_keep(struct connection *connection, int64_t document, const char *code, int64_t now,
                     struct error *err) MUST_USE;
/* Keeps what status message `message` says, and tells the delivery it speaks of, if that went through us. */
bool status_keep(struct connection *connection, int64_t message, const struct status_report *report,
                 int64_t now, struct error *err) MUST_USE;
void lease_new(char ret_lease[static LEASE_SIZE]);
/* Every delivery under that lease. */
bool deliveries_leased(struct connection *connection, const char *lease, struct delivery_list *list,
                       struct error *err) MUST_USE;
/* Moves one waiting delivery as the change says. */
bool delivery_settle(struct connection *connection, const char *lease, const struct delivery_change *change,
                     int64_t now, struct error *err) MUST_USE;
