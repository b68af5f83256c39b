#include "exchange/store_accept.h"

#include "exchange/check_code.h"

/* The commit behind intake.h: a repeat gets its first receipt, a contradiction is told apart, everything else becomes
 * document, parts, blobs, deliveries, key against repeats and check code at once. */

enum { URGENCY_AHEAD_MS = 60000 /* each degree of urgency goes this far ahead of what came before it */ };

static bool document_add(struct connection *connection, struct accepting *accepting, struct error *err)
{
    const struct acceptance *acceptance = accepting->acceptance;
    const struct document *document = acceptance->document;
    struct query q = query_of(
        connection,
        "INSERT INTO documents (id, channel, kind, stage, caller, system, from_code, from_key, from_name, "
        "document_id, "
        "business_type, number, notation, date, subject, header, identity, content, package, package_size, "
        "sign_key, seal_key, due, accepted, updated) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING seq");
    const char *const first[] = {accepting->receipt.id,
                                 document->channel == CHANNEL_API ? "api" : "axis",
                                 kind_name(document->kind),
                                 stage_name(accepting->stage),
                                 document->caller,
                                 document->system,
                                 document->from,
                                 acceptance->from_key,
                                 document->from_name,
                                 document->document_id};
    for (size_t i = 0; i < COUNT_OF(first); i++)
        bind_text(&q, first[i]);
    bind_int(&q, document->business_type);
    const char *const second[] = {document->number,    document->notation, document->date,
                                  document->subject,   document->header,   acceptance->identity,
                                  acceptance->content, document->package};
    for (size_t i = 0; i < COUNT_OF(second); i++)
        bind_text(&q, second[i]);
    bind_int(&q, (int64_t)document->package_size);
    bind_text(&q, document->sign_key);
    bind_text(&q, document->seal_key);
    if (accepting->stage == STAGE_SET_ASIDE)
        bind_null(&q);
    else
        bind_int(&q, accepting->now - acceptance->urgency * URGENCY_AHEAD_MS);
    bind_int(&q, accepting->now);
    bind_int(&q, accepting->now);
    if (query_row(&q))
        accepting->seq = take_int(&q);
    return query_end(&q, err);
}

static bool parts_add(struct connection *connection, const struct accepting *accepting, struct error *err)
{
    const struct document *document = accepting->acceptance->document;
    for (size_t i = 0; i < document->part_count; i++) {
        const struct part *part = &document->parts[i];
        struct query q = query_of(
            connection,
            "INSERT INTO parts (document, position, name, content_type, description, original, blob, size) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
        bind_int(&q, accepting->seq);
        bind_int(&q, (int64_t)i);
        bind_text(&q, part->name);
        bind_text(&q, part->content_type);
        bind_text(&q, part->description);
        bind_text(&q, part->original);
        bind_text(&q, part->blob);
        bind_int(&q, (int64_t)part->size);
        if (!query_run(&q, NULL, err))
            return false;
    }
    return true;
}

static bool bodies_keep(struct connection *connection, const struct acceptance *acceptance, struct error *err)
{
    for (size_t i = 0; i < acceptance->body_count; i++)
        if (!blob_keep(connection, acceptance->bodies[i], err))
            return false;
    return true;
}

static bool check_code_add(struct connection *connection, struct accepting *accepting, struct error *err)
{
    if (accepting->acceptance->document->channel != CHANNEL_API
        || accepting->acceptance->document->kind != PACKAGE_EDOC)
        return true;
    check_code_new(accepting->receipt.check_code);
    return check_code_keep(connection, accepting->seq, accepting->receipt.check_code, accepting->now, err);
}

static bool accept_new(struct connection *connection, struct accepting *accepting, struct error *err)
{
    const struct acceptance *acceptance = accepting->acceptance;
    bool contradiction = false;
    size_t added = 0;
    if (!contradiction_find(connection, accepting, &contradiction, err))
        return false;

    accepting->stage = contradiction ? STAGE_SET_ASIDE : acceptance->document->stage;
    accepting->receipt.set_aside = contradiction;
    accepting->receipt.accepted_ms = accepting->now;
    id_new(accepting->clock, accepting->receipt.id);
    return bodies_keep(connection, acceptance, err) && document_add(connection, accepting, err)
           && parts_add(connection, accepting, err) && copies_add(connection, accepting, &added, err)
           && check_code_add(connection, accepting, err)
           && (!acceptance->status
               || status_keep(connection, accepting->seq, acceptance->status, accepting->now, err));
}

static bool accept_known(struct connection *connection, struct accepting *accepting, struct error *err)
{
    size_t added = 0;
    if (!receipt_load(connection, accepting, err)
        || (accepting->stage == STAGE_REFUSED && !revive(connection, accepting, err))
        || !copies_add(connection, accepting, &added, err))
        return false;
    return added == 0 || bodies_keep(connection, accepting->acceptance, err); /* the package they get */
}

/* accept_job without its writes. */
static bool look_job(struct connection *connection, void *subject, struct error *err)
{
    struct accepting *accepting = subject;
    const struct acceptance *acceptance = accepting->acceptance;
    bool contradiction = false;
    if (acceptance->repeat_key && !repeat_key_find(connection, accepting, err))
        return false;
    if (accepting->seq != 0)
        return true;
    if (!identity_find(connection, accepting, err))
        return false;
    accepting->bodies_needed = accepting->seq == 0;
    if (accepting->seq == 0 && !contradiction_find(connection, accepting, &contradiction, err))
        return false;
    return copies_look(connection, accepting, &accepting->bodies_needed, err);
}

bool store_look(struct store *store, const struct acceptance *acceptance, bool *ret_needed, struct error *err)
{
    struct accepting accepting = {.acceptance = acceptance, .clock = store->clock};
    if (!store_read(store, look_job, &accepting, err))
        return false;
    *ret_needed = accepting.bodies_needed;
    return true;
}

static bool accept_job(struct connection *connection, void *subject, struct error *err)
{
    struct accepting *accepting = subject;
    accepting->seq = 0;
    accepting->now = clock_now_ms(accepting->clock);
    if (accepting->acceptance->repeat_key && !repeat_key_find(connection, accepting, err))
        return false;
    if (accepting->seq != 0)
        return receipt_load(connection, accepting, err);
    if (!identity_find(connection, accepting, err))
        return false;
    bool known = accepting->seq != 0;
    return (known ? accept_known(connection, accepting, err) : accept_new(connection, accepting, err))
           && repeat_key_keep(connection, accepting, err);
}

bool store_accept(struct store *store, const struct acceptance *acceptance, struct receipt *ret_receipt,
                  struct error *err)
{
    struct accepting accepting = {.acceptance = acceptance, .clock = store->clock};
    if (!store_write(store, accept_job, &accepting, WAKES_WORKERS, err))
        return false;
    *ret_receipt = accepting.receipt;
    return true;
}
