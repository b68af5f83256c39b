#include "exchange/check_code.h"
#include "exchange/exchange_text.h"
#include "exchange/store_inner.h"

/* Claiming, and the compare-and-set that moves documents and deliveries on. */

void change_clear(struct change *change)
{
    for (size_t i = 0; i < change->part_count; i++)
        blob_clear(&change->parts[i].blob);
    free(change->parts);
    free(change->deliveries);
    free(change->verdict);
    blob_clear(&change->package);
    memset(change, 0, sizeof(*change));
}

void lease_new(char ret_lease[static LEASE_SIZE])
{
    uint8_t bits[(LEASE_SIZE - 1) / 2];
    random_bytes(bits, sizeof(bits));
    hex_text(span_of(bits, sizeof(bits)), ret_lease);
}

/* --- claiming ------------------------------------------------------------------------------------------------------- */

struct claim {
    const struct clock *clock;
    size_t most;
    int64_t lease_ms;
    char lease[LEASE_SIZE];
    /* what was found */
    struct document *documents;
    size_t count;
};

static bool claim_ids(struct connection *connection, struct claim *claim, char (*ret_ids)[ID_SIZE],
                      size_t *ret_count, struct error *err)
{
    struct query q = query_of(connection, "SELECT id FROM documents WHERE due <= ? ORDER BY due LIMIT ?");
    bind_int(&q, clock_now_ms(claim->clock));
    bind_int(&q, (int64_t)claim->most);
    while (*ret_count < claim->most && query_row(&q))
        take_string(&q, ID_SIZE, ret_ids[(*ret_count)++]);
    return query_end(&q, err);
}

static bool lease(struct connection *connection, const struct claim *claim, const char *id, struct error *err)
{
    struct query q = query_of(connection, "UPDATE documents SET lease = ?, due = ? WHERE id = ?");
    bind_text(&q, claim->lease);
    bind_int(&q, clock_now_ms(claim->clock) + claim->lease_ms);
    bind_text(&q, id);
    return query_run(&q, NULL, err);
}

static bool claim_job(struct connection *connection, void *subject, struct error *err)
{
    struct claim *claim = subject;
    size_t count = 0;
    char(*ids)[ID_SIZE] CLEANUP(free_clear) = calloc(claim->most, ID_SIZE);
    claim->documents = calloc(claim->most, sizeof(*claim->documents));
    if (!ids || !claim->documents)
        return fail(err, ERR_BUSY, NULL);
    if (!claim_ids(connection, claim, ids, &count, err))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (!lease(connection, claim, ids[i], err)
            || !document_load(connection, ids[i], &claim->documents[i], err))
            return false;
        memcpy(claim->documents[i].lease, claim->lease, LEASE_SIZE);
        claim->count++;
    }
    return true;
}

static void documents_free(struct document *documents, size_t count)
{
    for (size_t i = 0; i < count; i++)
        document_clear(&documents[i]);
    free(documents);
}

bool store_claim(struct store *store, size_t most, int64_t lease_ms, struct document **ret_documents,
                 size_t *ret_count, struct error *err)
{
    struct claim claim = {.clock = store->clock, .most = most, .lease_ms = lease_ms};
    lease_new(claim.lease);
    if (!store_write(store, claim_job, &claim, WAKES_NOBODY, err)) {
        documents_free(claim.documents, claim.count);
        return false;
    }
    *ret_documents = claim.documents;
    *ret_count = claim.count;
    return true;
}

/* --- a document moves on -------------------------------------------------------------------------------------------- */

struct applying {
    const struct clock *clock;
    const struct document *document;
    enum stage next;
    const struct change *change;
    struct document now; /* as it stands afterwards */
};

static bool parts_change(struct connection *connection, int64_t seq, const struct change *change,
                         struct error *err)
{
    for (size_t i = 0; i < change->part_count; i++) {
        const struct part_change *part = &change->parts[i];
        struct query q =
            query_of(connection, "UPDATE parts SET blob = ?, size = ?, has_signature = ?, has_seal = ? "
                                 "WHERE document = ? AND position = ?");
        bind_text(&q, part->blob.sha256);
        bind_int(&q, (int64_t)part->blob.size);
        bind_int(&q, part->has_signature);
        bind_int(&q, part->has_seal);
        bind_int(&q, seq);
        bind_int(&q, (int64_t)part->position);
        if (!query_run(&q, NULL, err) || !blob_keep(connection, &part->blob, err))
            return false;
    }
    return true;
}

static bool package_change(struct connection *connection, int64_t seq, const struct blob *package,
                           struct error *err)
{
    if (!package->sha256[0])
        return true;
    struct query document =
        query_of(connection, "UPDATE documents SET package = ?, package_size = ? WHERE seq = ?");
    bind_text(&document, package->sha256);
    bind_int(&document, (int64_t)package->size);
    bind_int(&document, seq);
    if (!query_run(&document, NULL, err) || !blob_keep(connection, package, err))
        return false;
    struct query copies = query_of(
        connection,
        "UPDATE deliveries SET package = ?, package_size = ? WHERE document = ? AND state = 'waiting'");
    bind_text(&copies, package->sha256);
    bind_int(&copies, (int64_t)package->size);
    bind_int(&copies, seq);
    return query_run(&copies, NULL, err);
}

static bool verdict_change(struct connection *connection, int64_t seq, const struct change *change,
                           struct error *err)
{
    if (!change->verdict)
        return true;
    struct query q = query_of(connection, "UPDATE documents SET verdict = ?, conclusion = ? WHERE seq = ?");
    bind_text(&q, change->verdict);
    bind_text(&q, change->conclusion);
    bind_int(&q, seq);
    return query_run(&q, NULL, err);
}

static bool check_code_change(struct connection *connection, int64_t seq, const struct change *change,
                              int64_t now, struct error *err)
{
    char code[CHECK_CODE_SIZE];
    if (!change->issue_check_code)
        return true;
    check_code_new(code);
    return check_code_keep(connection, seq, code, now, err);
}

static bool rows_change(struct connection *connection, int64_t seq, const struct change *change, int64_t now,
                        struct error *err)
{
    if (!parts_change(connection, seq, change, err) || !package_change(connection, seq, &change->package, err)
        || !verdict_change(connection, seq, change, err)
        || !check_code_change(connection, seq, change, now, err))
        return false;
    for (size_t i = 0; i < change->delivery_count; i++)
        if (!delivery_settle(connection, "", &change->deliveries[i], now, err))
            return false;
    return true;
}

static bool is_final(enum stage stage)
{
    return stage == STAGE_ROUTED || stage == STAGE_REFUSED || stage == STAGE_SET_ASIDE;
}

/* The compare-and-set itself: who still holds the lease at the stage it worked on moves the document, nobody else. */
static bool stage_change(struct connection *connection, const struct applying *applying, int64_t now,
                         int64_t *ret_seq, struct error *err)
{
    const struct document *document = applying->document;
    const struct change *change = applying->change;
    bool done = change->outcome == OUTCOME_DONE, refused = change->outcome == OUTCOME_REFUSED;
    enum stage next = done ? applying->next : refused ? STAGE_REFUSED : document->stage;
    bool keep_lease = done && !is_final(next);
    struct sentence why = {.code = ""};
    if (!done)
        sentence_of(&change->reason, &why);

    struct query q = query_of(
        connection,
        "UPDATE documents SET stage = ?, lease = ?, due = CASE WHEN ? THEN NULL WHEN ? THEN due ELSE ? END, "
        "attempts = CASE WHEN ? THEN 0 ELSE attempts + 1 END, "
        "why_since = CASE WHEN ? = '' THEN 0 WHEN why_code = ? THEN why_since ELSE ? END, "
        "why_code = ?, why_vi = ?, why_en = ?, updated = ? "
        "WHERE id = ? AND stage = ? AND lease = ? AND lease <> '' RETURNING seq");
    bind_text(&q, stage_name(next));
    bind_text(&q, keep_lease ? document->lease : "");
    bind_int(&q, is_final(next));
    bind_int(&q, keep_lease);
    bind_int(&q, change->not_before_ms);
    bind_int(&q, done);
    bind_text(&q, why.code);
    bind_text(&q, why.code);
    bind_int(&q, now);
    bind_text(&q, why.code);
    bind_text(&q, why.vi);
    bind_text(&q, why.en);
    bind_int(&q, now);
    bind_text(&q, document->id);
    bind_text(&q, stage_name(document->stage));
    bind_text(&q, document->lease);
    bool moved = query_row(&q);
    if (moved)
        *ret_seq = take_int(&q);
    return query_run(&q, NULL, err) && (moved || fail(err, ERR_BUSY, &TEXT_MOVED_ON, document->id));
}

/* What was refused is not sent: its copies say so too. */
static bool copies_refuse(struct connection *connection, int64_t seq, const struct applying *applying,
                          int64_t now, struct error *err)
{
    struct sentence why;
    if (applying->change->outcome != OUTCOME_REFUSED)
        return true;
    sentence_of(&applying->change->reason, &why);
    struct query q = query_of(connection, "UPDATE deliveries SET state = 'fail', why_code = ?, why_vi = ?, "
                                          "why_en = ?, why_since = ?, due = NULL, "
                                          "updated = ? WHERE document = ? AND state = 'waiting'");
    bind_text(&q, why.code);
    bind_text(&q, why.vi);
    bind_text(&q, why.en);
    bind_int(&q, now);
    bind_int(&q, now);
    bind_int(&q, seq);
    return query_run(&q, NULL, err);
}

/* Routed: what the step did not place goes on by itself. */
static bool copies_start(struct connection *connection, int64_t seq, const struct applying *applying,
                         int64_t now, struct error *err)
{
    if (applying->change->outcome != OUTCOME_DONE || applying->next != STAGE_ROUTED)
        return true;
    struct query q = query_of(
        connection, "UPDATE deliveries SET due = ? WHERE document = ? AND state = 'waiting' AND due IS NULL");
    bind_int(&q, now);
    bind_int(&q, seq);
    return query_run(&q, NULL, err);
}

static bool apply_job(struct connection *connection, void *subject, struct error *err)
{
    struct applying *applying = subject;
    int64_t now = clock_now_ms(applying->clock), seq = 0;
    document_clear(&applying->now);
    return stage_change(connection, applying, now, &seq, err)
           && rows_change(connection, seq, applying->change, now, err)
           && copies_refuse(connection, seq, applying, now, err)
           && copies_start(connection, seq, applying, now, err)
           && document_load(connection, applying->document->id, &applying->now, err);
}

bool store_apply(struct store *store, struct document *document, enum stage next, const struct change *change,
                 struct error *err)
{
    struct applying applying = {.clock = store->clock, .document = document, .next = next, .change = change};
    if (!store_write(store, apply_job, &applying, is_final(next) ? WAKES_WORKERS : WAKES_NOBODY, err)) {
        document_clear(&applying.now);
        return false;
    }
    if (change->outcome == OUTCOME_DONE && !is_final(next))
        memcpy(applying.now.lease, document->lease, LEASE_SIZE);
    document_clear(document);
    *document = applying.now;
    return true;
}

struct releasing {
    const struct document *document;
    int64_t now;
};

static bool release_job(struct connection *connection, void *subject, struct error *err)
{
    const struct releasing *releasing = subject;
    struct query q = query_of(connection, "UPDATE documents SET lease = '', due = ? WHERE id = ? AND lease = "
                                          "? AND lease <> '' AND due IS NOT NULL");
    bind_int(&q, releasing->now);
    bind_text(&q, releasing->document->id);
    bind_text(&q, releasing->document->lease);
    return query_run(&q, NULL, err);
}

bool store_release(struct store *store, const struct document *document, struct error *err)
{
    struct releasing releasing = {document, clock_now_ms(store->clock)};
    return store_write(store, release_job, &releasing, WAKES_WORKERS, err);
}

struct giving_back {
    const char *lease;
    int64_t now;
};

static bool give_back_job(struct connection *connection, void *subject, struct error *err)
{
    static const char *const statements[] = {
        "UPDATE documents SET lease = '', due = ? WHERE lease = ? AND due IS NOT NULL",
        "UPDATE deliveries SET lease = '', due = ? WHERE lease = ? AND due IS NOT NULL"};
    const struct giving_back *giving = subject;
    for (size_t i = 0; i < COUNT_OF(statements); i++) {
        struct query q = query_of(connection, statements[i]);
        bind_int(&q, giving->now);
        bind_text(&q, giving->lease);
        if (!query_run(&q, NULL, err))
            return false;
    }
    return true;
}

bool store_give_back(struct store *store, const char *lease, struct error *err)
{
    struct giving_back giving = {lease, clock_now_ms(store->clock)};
    return store_write(store, give_back_job, &giving, WAKES_WORKERS, err);
}
