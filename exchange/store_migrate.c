#include "exchange/store_inner.h"

#include <stdio.h>

#include "exchange/exchange_text.h"

extern const unsigned char migration_0001[];

/* Forward only, in this order, each in one transaction; the count is the version. What was released is never edited. */
static const unsigned char *const migrations[] = {migration_0001};

static bool version_read(struct connection *connection, int64_t *ret_version, struct error *err)
{
    if (!connection_run(connection, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)",
                        err))
        return false;
    struct query q = query_of(connection, "SELECT coalesce(max(version), 0) FROM schema_version");
    if (query_row(&q))
        *ret_version = take_int(&q);
    return query_end(&q, err);
}

static bool version_write(struct connection *connection, int64_t version, struct error *err)
{
    struct query q = query_of(connection, "INSERT INTO schema_version (version) VALUES (?)");
    bind_int(&q, version);
    return query_run(&q, NULL, err);
}

static bool migrate_once(struct connection *connection, int64_t version, struct error *err)
{
    if (!connection_run(connection, "BEGIN EXCLUSIVE", err))
        return false;
    if (connection_run(connection, (const char *)migrations[version], err)
        && version_write(connection, version + 1, err) && connection_run(connection, "COMMIT", err))
        return true;
    connection_undo(connection, "ROLLBACK");
    return false;
}

bool connection_migrate(struct connection *connection, const char *directory, struct error *err)
{
    int64_t version = 0;
    if (!version_read(connection, &version, err))
        return false;
    if (version > (int64_t)COUNT_OF(migrations)) {
        char theirs[24], ours[24];
        snprintf(theirs, sizeof(theirs), "%lld", (long long)version);
        snprintf(ours, sizeof(ours), "%zu", COUNT_OF(migrations));
        fail(err, ERR_REFUSED, &TEXT_STORE_NEWER, theirs, ours);
        return error_cause(err, "%s", directory);
    }
    for (; version < (int64_t)COUNT_OF(migrations); version++)
        if (!migrate_once(connection, version, err))
            return false;
    return true;
}
