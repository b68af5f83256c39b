#include "exchange/agency.h"

#include "exchange/exchange_text.h"
#include "exchange/store_inner.h"

void agency_list_clear(struct agency_list *list)
{
    arena_clear(&list->arena);
    free(list->agencies);
    memset(list, 0, sizeof(*list));
}

static bool code_take(const char *code, struct agency_code *ret_code, char ret_key[static AGENCY_CODE_SIZE],
                      struct error *err)
{
    if (!code || !agency_code_read(span_text(code), ret_code))
        return fail(err, ERR_MALFORMED, &TEXT_AGENCY_CODE_MALFORMED, code ? code : "");
    agency_code_key(ret_code, ret_key);
    return true;
}

static bool key_read(const char *code, char ret_key[static AGENCY_CODE_SIZE], struct error *err)
{
    struct agency_code read;
    return code_take(code, &read, ret_key, err);
}

/* --- changes -------------------------------------------------------------------------------------------------------- */

struct registering {
    const struct agency *agency;
    const struct clock *clock;
    char key[AGENCY_CODE_SIZE], other[AGENCY_CODE_SIZE]; /* other: "" when there is none */
    struct agency_code code, other_code;
};

static bool next_version(struct connection *connection, int64_t *ret_version, struct error *err)
{
    struct query q = query_of(connection, "SELECT coalesce(max(version), 0) + 1 FROM agencies");
    if (query_row(&q))
        *ret_version = take_int(&q);
    return query_end(&q, err);
}

/* A code belongs to one system: to whom it stands, in whichever of its forms. */
static bool require_free(struct connection *connection, const struct registering *registering,
                         const char *key, struct error *err)
{
    char system[64] = "", main_key[AGENCY_CODE_SIZE] = "";
    struct query q = query_of(
        connection,
        "SELECT a.system, a.key FROM agency_codes k JOIN agencies a ON a.seq = k.agency WHERE k.key = ?");
    bind_text(&q, key);
    if (query_row(&q)) {
        take_string(&q, sizeof(system), system);
        take_string(&q, sizeof(main_key), main_key);
    }
    if (!query_end(&q, err))
        return false;
    bool free_or_own =
        main_key[0] == '\0'
        || (strcmp(system, registering->agency->system) == 0 && strcmp(main_key, registering->key) == 0);
    return free_or_own || fail(err, ERR_EXISTS, &TEXT_AGENCY_ELSEWHERE, key);
}

static bool agency_write(struct connection *connection, const struct registering *registering,
                         int64_t version, int64_t *ret_seq, struct error *err)
{
    const struct agency *agency = registering->agency;
    struct query q = query_of(
        connection,
        "INSERT INTO agencies (key, code, other_code, id, parent, name, mail, mobile, fax, system, version, "
        "modified) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (key) DO UPDATE SET code = excluded.code, "
        "other_code = excluded.other_code, id = excluded.id, parent = excluded.parent, name = excluded.name, "
        "mail = excluded.mail, mobile = excluded.mobile, fax = excluded.fax, system = excluded.system, "
        "deleted = 0, "
        "version = excluded.version, modified = excluded.modified RETURNING seq");
    const char *const words[] = {registering->key, registering->code.text, registering->other_code.text,
                                 agency->id,       agency->parent,         agency->name,
                                 agency->mail,     agency->mobile,         agency->fax,
                                 agency->system};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        bind_text(&q, words[i] ? words[i] : "");
    bind_int(&q, version);
    bind_int(&q, clock_now_ms(registering->clock));
    if (query_row(&q))
        *ret_seq = take_int(&q);
    return query_run(&q, NULL, err);
}

static bool codes_end(struct connection *connection, int64_t agency, struct error *err)
{
    struct query q = query_of(connection, "DELETE FROM agency_codes WHERE agency = ?");
    bind_int(&q, agency);
    return query_run(&q, NULL, err);
}

static bool code_add(struct connection *connection, int64_t agency, const char *key, struct error *err)
{
    if (!key[0])
        return true;
    struct query q = query_of(connection, "INSERT INTO agency_codes (key, agency) VALUES (?, ?)");
    bind_text(&q, key);
    bind_int(&q, agency);
    return query_run(&q, NULL, err);
}

/* What waited for this code goes on at once. */
static bool waiting_wake(struct connection *connection, const char *key, int64_t now, struct error *err)
{
    struct query q = query_of(connection, "UPDATE deliveries SET due = ? WHERE to_key = ? AND state = "
                                          "'waiting' AND due IS NOT NULL AND lease = ''");
    bind_int(&q, now);
    bind_text(&q, key);
    return query_run(&q, NULL, err);
}

/* Who registers again without a word about the other form leaves it as it stands. */
static bool other_form_keep(struct connection *connection, struct registering *registering, struct error *err)
{
    if (registering->agency->other_code)
        return true;
    struct query q = query_of(connection, "SELECT other_code FROM agencies WHERE key = ? AND deleted = 0");
    bind_text(&q, registering->key);
    if (query_row(&q))
        take_string(&q, sizeof(registering->other_code.text), registering->other_code.text);
    agency_code_key(&registering->other_code, registering->other);
    return query_end(&q, err);
}

static bool register_job(struct connection *connection, void *subject, struct error *err)
{
    struct registering *registering = subject;
    int64_t version = 0, seq = 0, now = clock_now_ms(registering->clock);
    return other_form_keep(connection, registering, err)
           && require_free(connection, registering, registering->key, err)
           && (!registering->other[0] || require_free(connection, registering, registering->other, err))
           && next_version(connection, &version, err)
           && agency_write(connection, registering, version, &seq, err) && codes_end(connection, seq, err)
           && code_add(connection, seq, registering->key, err)
           && code_add(connection, seq, registering->other, err)
           && waiting_wake(connection, registering->key, now, err)
           && (!registering->other[0] || waiting_wake(connection, registering->other, now, err));
}

bool agency_register(struct store *store, const struct agency *agency, struct error *err)
{
    struct registering registering = {.agency = agency, .clock = store->clock};
    if (!code_take(agency->code, &registering.code, registering.key, err))
        return false;
    if (!agency->name || !agency->name[0])
        return fail(err, ERR_MALFORMED, &TEXT_AGENCY_NAME_MISSING, agency->code);
    if (agency->other_code && agency->other_code[0]
        && !code_take(agency->other_code, &registering.other_code, registering.other, err))
        return false;
    if (strcmp(registering.key, registering.other) == 0) {
        registering.other[0] = '\0';
        registering.other_code.text[0] = '\0';
    }
    return store_write(store, register_job, &registering, WAKES_WORKERS, err);
}

struct removing {
    const struct clock *clock;
    const char *system, *code;
    char key[AGENCY_CODE_SIZE];
};

static bool own_agency(struct connection *connection, const struct removing *removing, int64_t *ret_seq,
                       struct error *err)
{
    struct query q = query_of(connection, "SELECT a.seq FROM agency_codes k JOIN agencies a ON a.seq = "
                                          "k.agency WHERE k.key = ? AND a.system = ?");
    bind_text(&q, removing->key);
    bind_text(&q, removing->system);
    if (query_row(&q))
        *ret_seq = take_int(&q);
    return query_end(&q, err)
           && (*ret_seq != 0 || fail(err, ERR_NOT_FOUND, &TEXT_AGENCY_UNKNOWN, removing->code));
}

static bool mailbox_close(struct connection *connection, const struct removing *removing, int64_t agency,
                          int64_t now, struct error *err)
{
    struct sentence why;
    struct error reason = {0};
    fail(&reason, ERR_NOT_FOUND, &TEXT_WAIT_AGENCY_GONE, removing->code);
    sentence_of(&reason, &why);
    struct query q = query_of(
        connection,
        "UPDATE deliveries SET state = 'waiting', due = ?, why_code = ?, why_vi = ?, why_en = ?, why_since = "
        "?, "
        "updated = ? WHERE state = 'initial' AND to_key IN (SELECT key FROM agency_codes WHERE agency = ?)");
    bind_int(&q, now);
    bind_text(&q, why.code);
    bind_text(&q, why.vi);
    bind_text(&q, why.en);
    bind_int(&q, now);
    bind_int(&q, now);
    bind_int(&q, agency);
    return query_run(&q, NULL, err);
}

static bool remove_job(struct connection *connection, void *subject, struct error *err)
{
    const struct removing *removing = subject;
    int64_t seq = 0, version = 0, now = clock_now_ms(removing->clock);
    if (!own_agency(connection, removing, &seq, err) || !mailbox_close(connection, removing, seq, now, err)
        || !codes_end(connection, seq, err) || !next_version(connection, &version, err))
        return false;
    struct query q =
        query_of(connection, "UPDATE agencies SET deleted = 1, version = ?, modified = ? WHERE seq = ?");
    bind_int(&q, version);
    bind_int(&q, now);
    bind_int(&q, seq);
    return query_run(&q, NULL, err);
}

bool agency_remove(struct store *store, const char *system, const char *code, struct error *err)
{
    struct removing removing = {.clock = store->clock, .system = system, .code = code};
    return key_read(code, removing.key, err) && store_write(store, remove_job, &removing, WAKES_WORKERS, err);
}

/* --- questions ------------------------------------------------------------------------------------------------------ */

#define AGENCY_COLUMNS                                                                                       \
    "a.id, a.parent, a.code, a.other_code, a.name, a.mail, a.mobile, a.fax, a.system, a.modified, "          \
    "a.version, a.deleted "

static void agency_take(struct query *q, struct arena *arena, struct agency *agency)
{
    agency->id = take_text(q, arena);
    agency->parent = take_text(q, arena);
    agency->code = take_text(q, arena);
    agency->other_code = take_text(q, arena);
    agency->name = take_text(q, arena);
    agency->mail = take_text(q, arena);
    agency->mobile = take_text(q, arena);
    agency->fax = take_text(q, arena);
    agency->system = take_text(q, arena);
    agency->modified_ms = take_int(q);
    agency->version = (uint64_t)take_int(q);
    agency->deleted = take_int(q);
}

static bool agencies_take(struct query *q, struct agency_list *list, struct error *err)
{
    while (query_row(q)) {
        void *items = list->agencies;
        if (!list_room(&items, list->count, sizeof(*list->agencies))) {
            list->arena.failed = true;
            break;
        }
        list->agencies = items;
        list->agencies[list->count] = (struct agency){0};
        agency_take(q, &list->arena, &list->agencies[list->count++]);
    }
    return query_end(q, err) && (!list->arena.failed || fail(err, ERR_BUSY, NULL));
}

struct asking {
    const struct agency_query *query;
    const char *key, *code, *system;
    struct agency_list list;
    uint64_t version;
    char codes[TEXT_ARG_SIZE];
};

static bool ask(struct store *store, store_job job, const struct asking *asking, struct agency_list *ret_list,
                struct error *err)
{
    struct asking asked = *asking;
    if (!store_read(store, job, &asked, err)) {
        agency_list_clear(&asked.list);
        return false;
    }
    *ret_list = asked.list;
    return true;
}

static bool find_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    struct query q =
        query_of(connection, "SELECT " AGENCY_COLUMNS
                             "FROM agency_codes k JOIN agencies a ON a.seq = k.agency WHERE k.key = ?");
    bind_text(&q, asking->key);
    return agencies_take(&q, &asking->list, err)
           && (asking->list.count > 0 || fail(err, ERR_NOT_FOUND, &TEXT_AGENCY_UNKNOWN, asking->code));
}

bool agency_find(struct store *store, const char *code, struct agency_list *ret_list, struct error *err)
{
    char key[AGENCY_CODE_SIZE];
    return key_read(code, key, err)
           && ask(store, find_job, &(struct asking){.key = key, .code = code}, ret_list, err);
}

static bool list_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    const struct agency_query *query = asking->query;
    struct query q =
        query_of(connection, "SELECT " AGENCY_COLUMNS
                             "FROM agencies a WHERE (?1 = '' OR a.system = ?1) AND (?2 OR a.deleted = 0) "
                             "AND a.version > ?3 ORDER BY a.key");
    bind_text(&q, query->system ? query->system : "");
    bind_int(&q, query->deleted_too);
    bind_int(&q, (int64_t)query->after_version);
    return agencies_take(&q, &asking->list, err);
}

bool agency_list(struct store *store, const struct agency_query *query, struct agency_list *ret_list,
                 struct error *err)
{
    return ask(store, list_job, &(struct asking){.query = query}, ret_list, err);
}

static bool version_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    struct query q = query_of(connection, "SELECT coalesce(max(version), 0) FROM agencies");
    if (query_row(&q))
        asking->version = (uint64_t)take_int(&q);
    return query_end(&q, err);
}

bool agency_version(struct store *store, uint64_t *ret_version, struct error *err)
{
    struct asking asking = {0};
    if (!store_read(store, version_job, &asking, err))
        return false;
    *ret_version = asking.version;
    return true;
}

/* The codes that do stand under the system, as many as a sentence takes. */
static bool codes_name(struct connection *connection, struct asking *asking, struct error *err)
{
    size_t used = 0;
    struct query q = query_of(
        connection, "SELECT code FROM agencies WHERE system = ? AND deleted = 0 ORDER BY key LIMIT 8");
    bind_text(&q, asking->system);
    while (query_row(&q)) {
        char code[AGENCY_CODE_SIZE];
        take_string(&q, sizeof(code), code);
        size_t size = strlen(code), gap = used ? 2 : 0;
        if (used + gap + size >= sizeof(asking->codes))
            break;
        memcpy(asking->codes + used, ", ", gap);
        memcpy(asking->codes + used + gap, code, size + 1);
        used += gap + size;
    }
    return query_end(&q, err);
}

static bool require_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    struct query q = query_of(
        connection,
        "SELECT 1 FROM agency_codes k JOIN agencies a ON a.seq = k.agency WHERE k.key = ? AND a.system = ?");
    bind_text(&q, asking->key);
    bind_text(&q, asking->system);
    bool stands = query_row(&q);
    if (!query_end(&q, err))
        return false;
    if (stands)
        return true;
    return codes_name(connection, asking, err)
           && fail(err, ERR_FORBIDDEN, &TEXT_SENDER_NOT_REGISTERED, asking->code,
                   asking->codes[0] ? asking->codes : "-");
}

bool agency_require(struct store *store, const char *system, const char *code, struct error *err)
{
    char key[AGENCY_CODE_SIZE];
    struct asking asking = {.key = key, .code = code, .system = system};
    return key_read(code, key, err) && store_read(store, require_job, &asking, err);
}
