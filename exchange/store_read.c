#include "base/json.h"
#include "exchange/exchange_text.h"
#include "exchange/store_inner.h"

/* Documents as they stand. */

#define DOCUMENT_COLUMNS                                                                                     \
    "d.id, d.channel, d.kind, d.stage, d.caller, d.system, d.from_code, d.from_name, d.document_id, "        \
    "d.business_type, d.number, d.notation, d.date, d.subject, d.header, d.package, d.package_size, "        \
    "d.sign_key, d.seal_key, coalesce(c.code, ''), d.conclusion, d.verdict, "                                \
    "d.why_code, d.why_vi, d.why_en, d.why_since, coalesce(d.due, 0), d.attempts, d.accepted, d.updated "
#define DOCUMENT_TABLES "FROM documents d LEFT JOIN check_codes c ON c.document = d.seq AND c.revoked = 0 "

static void document_take(struct query *q, struct arena *arena, struct document *document)
{
    char word[16];
    document->id = take_text(q, arena);
    take_string(q, sizeof(word), word);
    document->channel = strcmp(word, "api") == 0 ? CHANNEL_API : CHANNEL_AXIS;
    take_string(q, sizeof(word), word);
    document->kind = kind_of(word);
    take_string(q, sizeof(word), word);
    document->stage = stage_of(word);
    document->caller = take_text(q, arena);
    document->system = take_text(q, arena);
    document->from = take_text(q, arena);
    document->from_name = take_text(q, arena);
    document->document_id = take_text(q, arena);
    document->business_type = (int)take_int(q);
    document->number = take_text(q, arena);
    document->notation = take_text(q, arena);
    document->date = take_text(q, arena);
    document->subject = take_text(q, arena);
    document->header = take_text(q, arena);
    document->package = take_text(q, arena);
    document->package_size = (uint64_t)take_int(q);
    document->sign_key = take_text(q, arena);
    document->seal_key = take_text(q, arena);
    document->check_code = take_text(q, arena);
    document->conclusion = take_text(q, arena);
    document->verdict = take_text(q, arena);
    document->why.code = take_text(q, arena);
    document->why.vi = take_text(q, arena);
    document->why.en = take_text(q, arena);
    document->why.since_ms = take_int(q);
    document->why.next_ms = take_int(q);
    document->attempts = (unsigned)take_int(q);
    document->accepted_ms = take_int(q);
    document->updated_ms = take_int(q);
}

static bool parts_count(struct connection *connection, const char *id, size_t *ret_count, struct error *err)
{
    struct query q = query_of(
        connection, "SELECT count(*) FROM parts WHERE document = (SELECT seq FROM documents WHERE id = ?)");
    bind_text(&q, id);
    if (query_row(&q))
        *ret_count = (size_t)take_int(&q);
    return query_end(&q, err);
}

static bool parts_load(struct connection *connection, struct document *document, struct error *err)
{
    size_t count = 0;
    if (!parts_count(connection, document->id, &count, err))
        return false;
    struct part *parts = count ? arena_take(&document->arena, count * sizeof(*parts)) : NULL;
    if (count && !parts)
        return fail(err, ERR_BUSY, NULL);
    struct query q = query_of(
        connection,
        "SELECT name, content_type, description, original, blob, size, has_signature, has_seal FROM parts "
        "WHERE document = (SELECT seq FROM documents WHERE id = ?) ORDER BY position");
    bind_text(&q, document->id);
    while (document->part_count < count && query_row(&q)) {
        struct part *part = &parts[document->part_count++];
        part->name = take_text(&q, &document->arena);
        part->content_type = take_text(&q, &document->arena);
        part->description = take_text(&q, &document->arena);
        part->original = take_text(&q, &document->arena);
        part->blob = take_text(&q, &document->arena);
        part->size = (uint64_t)take_int(&q);
        part->has_signature = take_int(&q);
        part->has_seal = take_int(&q);
    }
    document->parts = parts;
    return query_end(&q, err);
}

bool document_load(struct connection *connection, const char *id, struct document *ret_document,
                   struct error *err)
{
    struct document document CLEANUP(document_clear) = {0};
    struct query q = query_of(connection, "SELECT " DOCUMENT_COLUMNS DOCUMENT_TABLES "WHERE d.id = ?");
    bind_text(&q, id);
    bool found = query_row(&q);
    if (found)
        document_take(&q, &document.arena, &document);
    if (!query_end(&q, err))
        return false;
    if (!found)
        return fail(err, ERR_NOT_FOUND, &TEXT_DOCUMENT_UNKNOWN, id);
    if (!parts_load(connection, &document, err))
        return false;
    if (document.arena.failed)
        return fail(err, ERR_BUSY, NULL);
    *ret_document = document;
    document = (struct document){0};
    return true;
}

/* --- one --- */

struct one {
    const char *id;
    struct document *ret_document;
};

static bool one_job(struct connection *connection, void *subject, struct error *err)
{
    const struct one *one = subject;
    return document_load(connection, one->id, one->ret_document, err);
}

bool store_document(struct store *store, const char *id, struct document *ret_document, struct error *err)
{
    struct one one = {id, ret_document};
    return store_read(store, one_job, &one, err);
}

/* --- many --- */

struct many {
    const struct document_query *query;
    struct document_list list;
};

/* The agencies' keys as a JSON list: one parameter, however many they are. */
static bool agency_keys(const char *const *agencies, struct buffer *ret_json, struct error *err)
{
    json_t *keys CLEANUP(json_clear) = json_array();
    for (; agencies && *agencies; agencies++) {
        struct agency_code code = {0};
        char key[AGENCY_CODE_SIZE];
        if (!agency_code_read(span_text(*agencies), &code))
            continue;
        agency_code_key(&code, key);
        json_array_append_new(keys, json_string(key));
    }
    json_write(keys, ret_json);
    return buffer_string(ret_json) || fail(err, ERR_BUSY, NULL);
}

/* Every condition stands in one statement; one that is not asked for is always true. */
static struct query many_query(struct connection *connection, const struct document_query *query,
                               const char *agency_keys_json)
{
    static const char *const channels[] = {
        [DIRECTION_ANY] = "", [DIRECTION_OUT] = "api", [DIRECTION_IN] = "axis"};
    bool everybody = !query->caller && !query->agencies;
    struct query q =
        query_of(connection,
                 "SELECT " DOCUMENT_COLUMNS DOCUMENT_TABLES
                 "WHERE d.seq > coalesce((SELECT seq FROM documents WHERE id = ?1), 0) AND d.accepted >= ?2 "
                 "AND (?3 = '' OR d.stage = ?3) AND (?4 = '' OR d.channel = ?4) AND (?5 "
                 "OR (?6 AND (d.caller = ?8 OR d.from_key IN (SELECT value FROM json_each(?9)))) "
                 "OR (?7 AND EXISTS (SELECT 1 FROM deliveries r WHERE r.document = d.seq "
                 "AND r.to_key IN (SELECT value FROM json_each(?9))))) "
                 "ORDER BY d.seq LIMIT ?10");
    bind_text(&q, query->after ? query->after : "");
    bind_int(&q, query->since_ms);
    bind_text(&q, query->stage < STAGE_COUNT ? stage_name(query->stage) : "");
    bind_text(&q, everybody ? channels[query->direction] : "");
    bind_int(&q, everybody);
    bind_int(&q, query->direction != DIRECTION_IN);
    bind_int(&q, query->direction != DIRECTION_OUT);
    if (query->caller)
        bind_text(&q, query->caller);
    else
        bind_null(&q); /* equals nothing, not even the "" of documents without a caller */
    bind_text(&q, agency_keys_json);
    bind_int(&q, (int64_t)(query->limit && query->limit < LIST_LIMIT ? query->limit : LIST_LIMIT));
    return q;
}

static bool many_job(struct connection *connection, void *subject, struct error *err)
{
    struct many *many = subject;
    struct document_list *list = &many->list;
    struct buffer keys CLEANUP(buffer_clear) = {0};
    list->documents = calloc(LIST_LIMIT, sizeof(*list->documents));
    if (!list->documents)
        return fail(err, ERR_BUSY, NULL);
    if (!agency_keys(many->query->agencies, &keys, err))
        return false;
    struct query q = many_query(connection, many->query, buffer_string(&keys));
    while (list->count < LIST_LIMIT && query_row(&q))
        document_take(&q, &list->arena, &list->documents[list->count++]);
    return query_end(&q, err) && (!list->arena.failed || fail(err, ERR_BUSY, NULL));
}

bool store_documents(struct store *store, const struct document_query *query, struct document_list *ret_list,
                     struct error *err)
{
    struct many many = {.query = query};
    if (!store_read(store, many_job, &many, err)) {
        document_list_clear(&many.list);
        return false;
    }
    *ret_list = many.list;
    return true;
}

/* --- figures --- */

static bool count_deliveries(struct connection *connection, struct store_figures *figures, struct error *err)
{
    char name[16];
    struct query q =
        query_of(connection, "SELECT state, count(*), min(why_since) FROM deliveries GROUP BY state");
    while (query_row(&q)) {
        take_string(&q, sizeof(name), name);
        enum delivery_state state = delivery_state_of(name);
        if (state == DELIVERY_STATES)
            continue;
        figures->deliveries[state] = (uint64_t)take_int(&q);
        if (state == DELIVERY_WAITING)
            figures->oldest_waiting_ms = take_int(&q);
    }
    return query_end(&q, err);
}

static bool figures_job(struct connection *connection, void *subject, struct error *err)
{
    struct store_figures *figures = subject;
    char name[16];
    struct query q = query_of(connection, "SELECT stage, count(*) FROM documents GROUP BY stage");
    while (query_row(&q)) {
        take_string(&q, sizeof(name), name);
        figures->stages[stage_of(name)] += (uint64_t)take_int(&q);
    }
    return query_end(&q, err) && count_deliveries(connection, figures, err);
}

bool store_figures(struct store *store, struct store_figures *ret_figures, struct error *err)
{
    struct store_figures figures = {0};
    if (!store_read(store, figures_job, &figures, err))
        return false;
    *ret_figures = figures;
    return true;
}
