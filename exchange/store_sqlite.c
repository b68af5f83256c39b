#include "exchange/store_inner.h"

#include <sqlite3.h>
#include <stdio.h>

#include "exchange/exchange_text.h"

enum {
    STATEMENTS_MAX = 128, /* different queries in the program */
    BUSY_MS = 5000,       /* only a backup or a checkpoint holds us up */
    CHECKPOINT_PAGES = 4000
};

struct connection {
    sqlite3 *db;
    bool broken;
    size_t count;
    struct {
        const char *sql; /* a literal: compared by address */
        sqlite3_stmt *statement;
    } cache[STATEMENTS_MAX];
};

/* Says what SQLite said. An I/O error of the writer is final: what a failed fsync left on the disk nobody knows. */
static bool sql_fail(struct connection *connection, int code, struct error *err)
{
    if ((code & 0xff) == SQLITE_FULL)
        fail(err, ERR_DISK, &TEXT_STORE_DISK);
    else if ((code & 0xff) == SQLITE_IOERR)
        fail(err, ERR_DISK, &TEXT_STORE_BROKEN);
    else if ((code & 0xff) == SQLITE_BUSY)
        fail(err, ERR_BUSY, NULL);
    else
        fail(err, ERR_INTERNAL, &TEXT_STORE_FAULT);
    if ((code & 0xff) == SQLITE_IOERR)
        connection->broken = true;
    return error_cause(err, "sqlite %d: %s", code, sqlite3_errmsg(connection->db));
}

static bool set_up(struct connection *connection, enum access access, struct error *err)
{
    sqlite3_extended_result_codes(connection->db, 1);
    sqlite3_busy_timeout(connection->db, BUSY_MS);
    if (access == ACCESS_READ)
        return true;
    return connection_run(connection,
                          "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
                          err)
           && (sqlite3_wal_autocheckpoint(connection->db, CHECKPOINT_PAGES) == SQLITE_OK
               || sql_fail(connection, sqlite3_extended_errcode(connection->db), err));
}

bool connection_open(const char *directory, enum access access, struct connection **ret_connection,
                     struct error *err)
{
    struct connection *connection CLEANUP(connection_close) = calloc(1, sizeof(*connection));
    char path[4096];
    int size = snprintf(path, sizeof(path), "%s/vanthu.db", directory);
    if (!connection || size < 0 || (size_t)size >= sizeof(path))
        return fail(err, ERR_INTERNAL, &TEXT_STORE_UNREADABLE, directory);

    int flags =
        SQLITE_OPEN_NOMUTEX
        | (access == ACCESS_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
    int code = sqlite3_open_v2(path, &connection->db, flags, NULL);
    if (code != SQLITE_OK) {
        fail(err, ERR_INTERNAL, &TEXT_STORE_UNREADABLE, directory);
        return error_cause(err, "sqlite %d: %s", code,
                           connection->db ? sqlite3_errmsg(connection->db) : "no memory");
    }
    if (!set_up(connection, access, err))
        return false;
    *ret_connection = TAKE(connection);
    return true;
}

void connection_close(struct connection **connection)
{
    if (!*connection)
        return;
    for (size_t i = 0; i < (*connection)->count; i++)
        sqlite3_finalize((*connection)->cache[i].statement);
    sqlite3_close((*connection)->db);
    free(*connection);
    *connection = NULL;
}

bool connection_run(struct connection *connection, const char *sql, struct error *err)
{
    int code = sqlite3_exec(connection->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK || sql_fail(connection, sqlite3_extended_errcode(connection->db), err);
}

void connection_undo(struct connection *connection, const char *sql)
{
    if (!sqlite3_get_autocommit(connection->db))
        sqlite3_exec(connection->db, sql, NULL, NULL, NULL);
}

bool connection_in_transaction(const struct connection *connection)
{
    return !sqlite3_get_autocommit(connection->db);
}

bool connection_broken(const struct connection *connection)
{
    return connection->broken;
}

static sqlite3_stmt *prepared(struct connection *connection, const char *sql, int *ret_failure)
{
    for (size_t i = 0; i < connection->count; i++)
        if (connection->cache[i].sql == sql)
            return connection->cache[i].statement;
    if (connection->count == STATEMENTS_MAX) {
        *ret_failure = SQLITE_MISUSE;
        return NULL;
    }
    sqlite3_stmt *statement = NULL;
    if (sqlite3_prepare_v3(connection->db, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL)
        != SQLITE_OK) {
        *ret_failure = sqlite3_extended_errcode(connection->db);
        return NULL;
    }
    connection->cache[connection->count].sql = sql;
    connection->cache[connection->count++].statement = statement;
    return statement;
}

struct query query_of(struct connection *connection, const char *sql)
{
    struct query query = {.connection = connection};
    query.statement = prepared(connection, sql, &query.failure);
    return query;
}

static void note(struct query *query, int code)
{
    if (code != SQLITE_OK)
        query->failure = code;
}

void bind_int(struct query *query, int64_t value)
{
    if (!query->failure)
        note(query, sqlite3_bind_int64(query->statement, ++query->bound, value));
}

void bind_text(struct query *query, const char *text)
{
    if (!query->failure)
        note(query, sqlite3_bind_text(query->statement, ++query->bound, text, -1, SQLITE_STATIC));
}

void bind_text_copy(struct query *query, const char *text)
{
    if (!query->failure)
        note(query, sqlite3_bind_text(query->statement, ++query->bound, text, -1, SQLITE_TRANSIENT));
}

void bind_bytes(struct query *query, struct span bytes)
{
    if (!query->failure)
        note(query,
             sqlite3_bind_blob64(query->statement, ++query->bound, bytes.data ? (const void *)bytes.data : "",
                                 bytes.size, SQLITE_STATIC));
}

void bind_null(struct query *query)
{
    if (!query->failure)
        note(query, sqlite3_bind_null(query->statement, ++query->bound));
}

bool query_row(struct query *query)
{
    if (query->failure)
        return false;
    query->column = 0;
    int code = sqlite3_step(query->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        query->failure = code;
    return code == SQLITE_ROW;
}

int64_t take_int(struct query *query)
{
    return sqlite3_column_int64(query->statement, query->column++);
}

static struct span column_text(struct query *query)
{
    const unsigned char *text = sqlite3_column_text(query->statement, query->column);
    struct span span = span_of(text, (size_t)sqlite3_column_bytes(query->statement, query->column));
    query->column++;
    return span;
}

const char *take_text(struct query *query, struct arena *arena)
{
    return arena_text(arena, column_text(query));
}

void take_string(struct query *query, size_t size, char *ret_text)
{
    struct span text = span_slice(column_text(query), 0, size - 1);
    if (text.size > 0)
        memcpy(ret_text, text.data, text.size);
    ret_text[text.size] = '\0';
}

void take_bytes(struct query *query, struct buffer *ret_bytes)
{
    const void *bytes = sqlite3_column_blob(query->statement, query->column);
    buffer_append(ret_bytes, span_of(bytes, (size_t)sqlite3_column_bytes(query->statement, query->column)));
    query->column++;
}

bool query_end(struct query *query, struct error *err)
{
    bool good = query->failure == 0 || sql_fail(query->connection, query->failure, err);
    if (query->statement) {
        sqlite3_reset(query->statement);
        sqlite3_clear_bindings(query->statement);
    }
    return good;
}

bool query_run(struct query *query, int64_t *ret_changed, struct error *err)
{
    while (query_row(query))
        continue;
    if (!query_end(query, err))
        return false;
    if (ret_changed)
        *ret_changed = sqlite3_changes64(query->connection->db);
    return true;
}
