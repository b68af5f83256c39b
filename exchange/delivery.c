#include "exchange/delivery.h"

#include <strings.h>

#include "exchange/exchange_text.h"
#include "exchange/store_inner.h"

#define DELIVERY_NAME(state, name) [DELIVERY_##state] = (name),
static const char *const state_names[DELIVERY_STATES] = {DELIVERY_STATES_TABLE(DELIVERY_NAME)};

const char *delivery_state_name(enum delivery_state state)
{
    return state < DELIVERY_STATES ? state_names[state] : "";
}

enum delivery_state delivery_state_of(const char *name)
{
    int state = 0;
    while (state < DELIVERY_STATES && strcasecmp(state_names[state], name) != 0)
        state++;
    return (enum delivery_state)state;
}

void delivery_list_clear(struct delivery_list *list)
{
    arena_clear(&list->arena);
    free(list->deliveries);
    memset(list, 0, sizeof(*list));
}

/* --- reading -------------------------------------------------------------------------------------------------------- */

/* A copy that waits for its document says why the document waits. */
#define DELIVERY_COLUMNS                                                                                     \
    "d.id, m.id, d.kind, m.from_code, m.from_name, d.to_code, d.to_name, d.state, d.state_note, d.status, "  \
    "d.status_note, d.status_time, d.recall_status, m.number, m.notation, m.date, m.subject, d.package, "    \
    "d.package_size, "                                                                                       \
    "CASE WHEN d.why_code = 'WAIT_DOCUMENT' AND m.why_code <> '' THEN m.why_code ELSE d.why_code END, "      \
    "CASE WHEN d.why_code = 'WAIT_DOCUMENT' AND m.why_code <> '' THEN m.why_vi ELSE d.why_vi END, "          \
    "CASE WHEN d.why_code = 'WAIT_DOCUMENT' AND m.why_code <> '' THEN m.why_en ELSE d.why_en END, "          \
    "CASE WHEN d.why_code = 'WAIT_DOCUMENT' AND m.why_code <> '' THEN m.why_since ELSE d.why_since END, "    \
    "coalesce(CASE WHEN d.why_code = 'WAIT_DOCUMENT' AND d.due IS NULL THEN m.due ELSE d.due END, 0), "      \
    "d.attempts, d.accepted, d.updated, d.fetched "
#define DELIVERY_TABLES "FROM deliveries d JOIN documents m ON m.seq = d.document "

static void delivery_take(struct query *q, struct arena *arena, struct delivery *delivery)
{
    char word[16];
    delivery->id = take_text(q, arena);
    delivery->document = take_text(q, arena);
    take_string(q, sizeof(word), word);
    delivery->kind = kind_of(word);
    delivery->from = take_text(q, arena);
    delivery->from_name = take_text(q, arena);
    delivery->to = take_text(q, arena);
    delivery->to_name = take_text(q, arena);
    take_string(q, sizeof(word), word);
    delivery->state = delivery_state_of(word);
    delivery->state_note = take_text(q, arena);
    delivery->status = take_text(q, arena);
    delivery->status_note = take_text(q, arena);
    delivery->status_ms = take_int(q);
    delivery->recall_status = take_text(q, arena);
    delivery->number = take_text(q, arena);
    delivery->notation = take_text(q, arena);
    delivery->date = take_text(q, arena);
    delivery->subject = take_text(q, arena);
    delivery->package = take_text(q, arena);
    delivery->package_size = (uint64_t)take_int(q);
    delivery->why.code = take_text(q, arena);
    delivery->why.vi = take_text(q, arena);
    delivery->why.en = take_text(q, arena);
    delivery->why.since_ms = take_int(q);
    delivery->why.next_ms = take_int(q);
    delivery->attempts = (unsigned)take_int(q);
    delivery->accepted_ms = take_int(q);
    delivery->updated_ms = take_int(q);
    delivery->fetched_ms = take_int(q);
}

/* Every row of the query, which is ended. */
static bool deliveries_take(struct query *q, struct delivery_list *list, struct error *err)
{
    while (query_row(q)) {
        void *items = list->deliveries;
        if (!list_room(&items, list->count, sizeof(*list->deliveries))) {
            list->arena.failed = true;
            break;
        }
        list->deliveries = items;
        list->deliveries[list->count] = (struct delivery){0};
        delivery_take(q, &list->arena, &list->deliveries[list->count++]);
    }
    return query_end(q, err) && (!list->arena.failed || fail(err, ERR_BUSY, NULL));
}

struct asking {
    const void *query;
    const char *system, *id;
    struct delivery_list list;
    uint64_t count;
};

static bool ask(struct store *store, store_job job, const struct asking *asking,
                struct delivery_list *ret_list, struct error *err)
{
    struct asking asked = *asking;
    if (!store_read(store, job, &asked, err)) {
        delivery_list_clear(&asked.list);
        return false;
    }
    *ret_list = asked.list;
    return true;
}

static bool of_document_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    struct query q =
        query_of(connection, "SELECT " DELIVERY_COLUMNS DELIVERY_TABLES "WHERE m.id = ? ORDER BY d.seq");
    bind_text(&q, asking->id);
    return deliveries_take(&q, &asking->list, err);
}

bool delivery_of_document(struct store *store, const char *document, struct delivery_list *ret_list,
                          struct error *err)
{
    return ask(store, of_document_job, &(struct asking){.id = document}, ret_list, err);
}

bool deliveries_leased(struct connection *connection, const char *lease, struct delivery_list *list,
                       struct error *err)
{
    struct query q = query_of(connection, "SELECT " DELIVERY_COLUMNS DELIVERY_TABLES
                                          "WHERE d.due IS NOT NULL AND d.lease = ? ORDER BY d.seq");
    bind_text(&q, lease);
    return deliveries_take(&q, list, err);
}

/* --- the receiver's side -------------------------------------------------------------------------------------------- */

/* Where an agency is registered is asked now, at each call: what waits for it follows it to another system. */
#define MAILBOX_OF_SYSTEM                                                                                    \
    "JOIN agency_codes k ON k.key = d.to_key JOIN agencies a ON a.seq = k.agency AND a.system = ? "
#define MAILBOX_ITEMS                                                                                        \
    "WHERE d.kind = ? AND d.state IN ('initial', 'processing') AND d.accepted >= ? AND d.accepted < ? "

static void mailbox_bind(struct query *q, const struct mailbox_query *query)
{
    bind_text(q, query->system);
    bind_text(q, kind_name(query->kind));
    bind_int(q, query->since_ms);
    bind_int(q, query->until_ms ? query->until_ms : INT64_MAX);
}

static bool received_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    const struct mailbox_query *query = asking->query;
    struct query q =
        query_of(connection, "SELECT " DELIVERY_COLUMNS DELIVERY_TABLES MAILBOX_OF_SYSTEM MAILBOX_ITEMS
                             "ORDER BY d.seq LIMIT ?");
    mailbox_bind(&q, query);
    bind_int(&q, (int64_t)(query->limit ? query->limit : MAILBOX_LIMIT));
    return deliveries_take(&q, &asking->list, err);
}

bool delivery_received(struct store *store, const struct mailbox_query *query, struct delivery_list *ret_list,
                       struct error *err)
{
    return ask(store, received_job, &(struct asking){.query = query}, ret_list, err);
}

static bool received_count_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    struct query q =
        query_of(connection, "SELECT count(*) FROM deliveries d " MAILBOX_OF_SYSTEM MAILBOX_ITEMS);
    mailbox_bind(&q, asking->query);
    if (query_row(&q))
        asking->count = (uint64_t)take_int(&q);
    return query_end(&q, err);
}

bool delivery_received_count(struct store *store, const struct mailbox_query *query, uint64_t *ret_count,
                             struct error *err)
{
    struct asking asking = {.query = query};
    if (!store_read(store, received_count_job, &asking, err))
        return false;
    *ret_count = asking.count;
    return true;
}

/* Its own copy, once it was sent: nobody else's, and not what still waits with us. */
static bool own_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    struct query q = query_of(connection, "SELECT " DELIVERY_COLUMNS DELIVERY_TABLES MAILBOX_OF_SYSTEM
                                          "WHERE d.id = ? AND d.state <> 'waiting' "
                                          "AND d.package <> ''");
    bind_text(&q, asking->system);
    bind_text(&q, asking->id);
    return deliveries_take(&q, &asking->list, err)
           && (asking->list.count > 0 || fail(err, ERR_NOT_FOUND, &TEXT_DELIVERY_UNKNOWN, asking->id));
}

struct reporting {
    const struct clock *clock;
    const char *system, *id, *note;
    enum delivery_state state;
    bool fetching;
};

static const struct text *why_of(enum delivery_state state)
{
    static const struct text *const whys[DELIVERY_STATES] = {
        [DELIVERY_INITIAL] = &TEXT_WAIT_MAILBOX,
        [DELIVERY_PROCESSING] = &TEXT_WAIT_TAKEN,
        [DELIVERY_FAIL] = &TEXT_RECEIVER_FAILED,
    };
    return whys[state];
}

static bool move(struct connection *connection, const struct reporting *reporting, struct error *err)
{
    int64_t now = clock_now_ms(reporting->clock);
    struct sentence why = {.code = ""};
    struct error said = {0};
    if (why_of(reporting->state)) {
        fail(&said, ERR_REFUSED, why_of(reporting->state), reporting->note);
        sentence_of(&said, &why);
    }
    struct query q = query_of(
        connection,
        "UPDATE deliveries SET state = ?, state_note = ?, why_code = ?, why_vi = ?, why_en = ?, "
        "why_since = ?, updated = ?, fetched = CASE WHEN fetched = 0 THEN ? ELSE fetched END WHERE id = ?");
    bind_text(&q, delivery_state_name(reporting->state));
    bind_text(&q, reporting->note);
    bind_text(&q, why.code);
    bind_text(&q, why.vi);
    bind_text(&q, why.en);
    bind_int(&q, why.code[0] ? now : 0);
    bind_int(&q, now);
    bind_int(&q, reporting->fetching ? now : 0);
    bind_text(&q, reporting->id);
    return query_run(&q, NULL, err);
}

static bool report_job(struct connection *connection, void *subject, struct error *err)
{
    const struct reporting *reporting = subject;
    struct asking asking = {.system = reporting->system, .id = reporting->id};
    bool good = own_job(connection, &asking, err);
    /* the states stand in the order in which they may follow each other */
    if (good && reporting->state > asking.list.deliveries[0].state)
        good = move(connection, reporting, err);
    delivery_list_clear(&asking.list);
    return good;
}

bool delivery_fetch(struct store *store, const char *system, const char *id, struct delivery_list *ret_list,
                    struct error *err)
{
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct asking asking = {.system = system, .id = id};
    if (!ask(store, own_job, &asking, &list, err))
        return false;
    struct reporting reporting = {store->clock, system, id, "", DELIVERY_PROCESSING, true};
    if (list.deliveries[0].state == DELIVERY_INITIAL
        && !store_write(store, report_job, &reporting, WAKES_NOBODY, err))
        return false;
    *ret_list = list;
    list = (struct delivery_list){0};
    return true;
}

bool delivery_report(struct store *store, const char *system, const char *id, enum delivery_state state,
                     const char *note, struct error *err)
{
    if (state == DELIVERY_WAITING || state >= DELIVERY_STATES)
        return fail(err, ERR_USAGE, &TEXT_DELIVERY_WORD_UNKNOWN, delivery_state_name(state));
    struct reporting reporting = {store->clock, system, id, note ? note : "", state, false};
    return store_write(store, report_job, &reporting, WAKES_NOBODY, err);
}

/* --- the sender's side ---------------------------------------------------------------------------------------------- */

static bool sent_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    const struct sent_query *query = asking->query;
    struct query q = query_of(
        connection, "SELECT " DELIVERY_COLUMNS DELIVERY_TABLES
                    "WHERE m.system = ?1 AND m.kind = ?2 AND (?3 = '' OR m.id = ?3) AND d.accepted >= ?4 "
                    "AND d.accepted < ?5 AND m.system <> '' ORDER BY d.seq LIMIT ?6");
    bind_text(&q, query->system);
    bind_text(&q, kind_name(query->kind));
    bind_text(&q, query->document ? query->document : "");
    bind_int(&q, query->since_ms);
    bind_int(&q, query->until_ms ? query->until_ms : INT64_MAX);
    bind_int(&q, (int64_t)(query->limit ? query->limit : MAILBOX_LIMIT));
    return deliveries_take(&q, &asking->list, err);
}

bool delivery_sent(struct store *store, const struct sent_query *query, struct delivery_list *ret_list,
                   struct error *err)
{
    return ask(store, sent_job, &(struct asking){.query = query}, ret_list, err);
}
