#include <stdio.h>

#include "exchange/agency_code.h"
#include "exchange/check_code.h"
#include "exchange/exchange_text.h"
#include "exchange/store_inner.h"

/* The commit behind intake.h: a repeat gets its first receipt, a contradiction is told apart, everything else becomes
 * document, parts, blobs, deliveries, key against repeats and check code at once. */

enum { URGENCY_AHEAD_MS = 60000 /* each degree of urgency goes this far ahead of what came before it */ };

struct accepting {
    const struct acceptance *acceptance;
    const struct clock *clock;
    int64_t now;
    /* what was found */
    int64_t seq;
    enum stage stage;
    bool bodies_needed;
    struct receipt receipt;
};

/* --- repeats ---------------------------------------------------------------------------------------------------------- */

static bool receipt_load(struct connection *connection, struct accepting *accepting, struct error *err)
{
    struct receipt *receipt = &accepting->receipt;
    char stage[16] = "";
    struct query q =
        query_of(connection, "SELECT d.id, d.stage, d.accepted, coalesce(c.code, '') FROM documents d "
                             "LEFT JOIN check_codes c ON c.document = d.seq WHERE d.seq = ?");
    bind_int(&q, accepting->seq);
    if (query_row(&q)) {
        take_string(&q, sizeof(receipt->id), receipt->id);
        take_string(&q, sizeof(stage), stage);
        receipt->accepted_ms = take_int(&q);
        take_string(&q, sizeof(receipt->check_code), receipt->check_code);
    }
    accepting->stage = stage_of(stage);
    receipt->repeat = true;
    receipt->set_aside = accepting->stage == STAGE_SET_ASIDE;
    return query_end(&q, err);
}

static bool repeat_key_find(struct connection *connection, struct accepting *accepting, struct error *err)
{
    const struct acceptance *acceptance = accepting->acceptance;
    char request[SHA256_HEX_SIZE] = "";
    struct query q =
        query_of(connection, "SELECT request, document FROM repeat_keys WHERE caller = ? AND key = ?");
    bind_text(&q, acceptance->document->caller);
    bind_text(&q, acceptance->repeat_key);
    if (query_row(&q)) {
        take_string(&q, sizeof(request), request);
        accepting->seq = take_int(&q);
    }
    if (!query_end(&q, err))
        return false;
    return accepting->seq == 0 || strcmp(request, acceptance->request) == 0
           || fail(err, ERR_CONFLICT, &TEXT_REPEAT_KEY_REUSED, acceptance->repeat_key);
}

static bool repeat_key_keep(struct connection *connection, const struct accepting *accepting,
                            struct error *err)
{
    if (!accepting->acceptance->repeat_key)
        return true;
    struct query q =
        query_of(connection, "INSERT INTO repeat_keys (caller, key, request, document) VALUES (?, ?, ?, ?)");
    bind_text(&q, accepting->acceptance->document->caller);
    bind_text(&q, accepting->acceptance->repeat_key);
    bind_text(&q, accepting->acceptance->request);
    bind_int(&q, accepting->seq);
    return query_run(&q, NULL, err);
}

/* A status is the same when From, ResponseFor, code and timestamp are; a document only with the same content. */
static bool identity_find(struct connection *connection, struct accepting *accepting, struct error *err)
{
    const struct acceptance *acceptance = accepting->acceptance;
    bool status = acceptance->document->kind == PACKAGE_STATUS;
    struct query q =
        status ? query_of(connection, "SELECT seq FROM documents WHERE identity = ?")
               : query_of(connection, "SELECT seq FROM documents WHERE identity = ? AND content = ?");
    bind_text(&q, acceptance->identity);
    if (!status)
        bind_text(&q, acceptance->content);
    if (query_row(&q))
        accepting->seq = take_int(&q);
    return query_end(&q, err);
}

/* What was refused or stands aside contradicts nobody: the corrected document is the good retry of a failed one. */
static bool contradicts(struct connection *connection, const struct acceptance *acceptance,
                        bool *ret_contradicts, struct error *err)
{
    if (acceptance->document->kind == PACKAGE_STATUS || acceptance->document->business_type != BUSINESS_NEW)
        return true;
    struct query q = query_of(
        connection, "SELECT 1 FROM documents WHERE identity = ? AND stage NOT IN ('refused', 'set-aside')");
    bind_text(&q, acceptance->identity);
    *ret_contradicts = query_row(&q);
    return query_end(&q, err);
}

static bool contradicted(const struct acceptance *acceptance, struct error *err)
{
    return fail(err, ERR_CONFLICT, &TEXT_CONTENT_CONFLICT, acceptance->document->document_id,
                acceptance->document->from);
}

/* --- recipients ----------------------------------------------------------------------------------------------------- */

static void key_of(const char *code, char ret_key[static AGENCY_CODE_SIZE])
{
    struct agency_code read = {0};
    ret_key[0] = '\0';
    if (agency_code_read(span_text(code), &read))
        agency_code_key(&read, ret_key);
}

static bool require_known(struct connection *connection, const char *key, const char *code, struct error *err)
{
    struct query q = query_of(connection, "SELECT 1 FROM agency_codes WHERE key = ?");
    bind_text(&q, key);
    bool known = query_row(&q);
    return query_end(&q, err) && (known || fail(err, ERR_NOT_FOUND, &TEXT_RECEIVER_UNKNOWN, code));
}

/* Whether this document goes to that agency already, under this form of its code or the other. */
static bool goes_there(struct connection *connection, int64_t document, const char *key, bool *ret_goes,
                       struct error *err)
{
    struct query q = query_of(
        connection,
        "SELECT 1 FROM deliveries WHERE document = ? AND (to_key = ? OR to_key IN (SELECT b.key FROM "
        "agency_codes a JOIN agency_codes b ON b.agency = a.agency WHERE a.key = ?))");
    bind_int(&q, document);
    bind_text(&q, key);
    bind_text(&q, key);
    *ret_goes = query_row(&q);
    return query_end(&q, err);
}

/* A new copy of a document that is on its way waits for it; of one that has gone, it goes by itself at once. */
static bool delivery_add(struct connection *connection, const struct accepting *accepting,
                         const struct recipient *recipient, const char *key, struct error *err)
{
    const struct document *document = accepting->acceptance->document;
    const struct text *why = accepting->stage == STAGE_SET_ASIDE ? &TEXT_WAIT_CLERK : &TEXT_WAIT_DOCUMENT;
    char id[ID_SIZE];
    id_new(accepting->clock, id);
    struct query q = query_of(
        connection,
        "INSERT INTO deliveries (id, document, kind, to_code, to_key, to_name, package, package_size, state, "
        "why_code, why_vi, why_en, why_since, due, accepted, updated) "
        "SELECT ?, seq, ?, ?, ?, ?, coalesce(nullif(?, ''), package), coalesce(nullif(?, 0), package_size), "
        "'waiting', "
        "?, ?, ?, ?, ?, ?, ? FROM documents WHERE seq = ?");
    bind_text(&q, id);
    bind_text(&q, kind_name(document->kind));
    bind_text(&q, recipient->code);
    bind_text(&q, key);
    bind_text(&q, recipient->name ? recipient->name : "");
    bind_text(&q, document->package);
    bind_int(&q, (int64_t)document->package_size);
    bind_text(&q, why->name);
    bind_text(&q, why->vi);
    bind_text(&q, why->en);
    bind_int(&q, accepting->now);
    if (accepting->stage == STAGE_ROUTED)
        bind_int(&q, accepting->now);
    else
        bind_null(&q);
    bind_int(&q, accepting->now);
    bind_int(&q, accepting->now);
    bind_int(&q, accepting->seq);
    return query_run(&q, NULL, err);
}

static bool deliveries_add(struct connection *connection, struct accepting *accepting, size_t *ret_added,
                           struct error *err)
{
    const struct acceptance *acceptance = accepting->acceptance;
    for (size_t i = 0; i < acceptance->recipient_count; i++) {
        const struct recipient *recipient = &acceptance->recipients[i];
        char key[AGENCY_CODE_SIZE];
        bool goes = false;
        key_of(recipient->code, key);
        if (!goes_there(connection, accepting->seq, key, &goes, err))
            return false;
        if (goes)
            continue;
        if ((acceptance->recipients_known && !require_known(connection, key, recipient->code, err))
            || !delivery_add(connection, accepting, recipient, key, err))
            return false;
        *ret_added += 1;
    }
    return true;
}

/* --- the document --------------------------------------------------------------------------------------------------- */

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
    const struct document *document = acceptance->document;
    bool contradiction = false;
    size_t added = 0;
    if (!contradicts(connection, acceptance, &contradiction, err))
        return false;
    if (contradiction && document->channel == CHANNEL_API)
        return contradicted(acceptance, err);

    accepting->stage = contradiction ? STAGE_SET_ASIDE : document->stage;
    accepting->receipt.set_aside = contradiction;
    accepting->receipt.accepted_ms = accepting->now;
    id_new(accepting->clock, accepting->receipt.id);
    return bodies_keep(connection, acceptance, err) && document_add(connection, accepting, err)
           && parts_add(connection, accepting, err) && deliveries_add(connection, accepting, &added, err)
           && check_code_add(connection, accepting, err)
           && (!acceptance->status
               || status_keep(connection, accepting->seq, acceptance->status, accepting->now, err));
}

/* --- known already -------------------------------------------------------------------------------------------------- */

/* A step refused it before; handed in again it gets another chance, from the start. */
static bool revive(struct connection *connection, const struct accepting *accepting, struct error *err)
{
    struct query document = query_of(
        connection,
        "UPDATE documents SET stage = ?, sign_key = ?, seal_key = ?, due = ?, attempts = 0, "
        "lease = '', why_code = '', why_vi = '', why_en = '', why_since = 0, updated = ? WHERE seq = ?");
    bind_text(&document, stage_name(accepting->acceptance->document->stage));
    bind_text(&document, accepting->acceptance->document->sign_key);
    bind_text(&document, accepting->acceptance->document->seal_key);
    bind_int(&document, accepting->now);
    bind_int(&document, accepting->now);
    bind_int(&document, accepting->seq);
    if (!query_run(&document, NULL, err))
        return false;
    struct query copies = query_of(
        connection,
        "UPDATE deliveries SET state = 'waiting', why_code = ?, why_vi = ?, why_en = ?, why_since = ?, "
        "updated = ? WHERE document = ? AND state = 'fail' AND fetched = 0");
    bind_text(&copies, TEXT_WAIT_DOCUMENT.name);
    bind_text(&copies, TEXT_WAIT_DOCUMENT.vi);
    bind_text(&copies, TEXT_WAIT_DOCUMENT.en);
    bind_int(&copies, accepting->now);
    bind_int(&copies, accepting->now);
    bind_int(&copies, accepting->seq);
    return query_run(&copies, NULL, err);
}

static bool accept_known(struct connection *connection, struct accepting *accepting, struct error *err)
{
    size_t added = 0;
    if (!receipt_load(connection, accepting, err))
        return false;
    if (accepting->stage == STAGE_REFUSED) {
        accepting->stage = accepting->acceptance->document->stage;
        if (!revive(connection, accepting, err))
            return false;
    }
    if (!deliveries_add(connection, accepting, &added, err))
        return false;
    return added == 0 || bodies_keep(connection, accepting->acceptance, err); /* the package they get */
}

/* Some recipient gets a copy that none has yet; who asks for it must be known, where that is demanded. */
static bool look_at_recipients(struct connection *connection, const struct accepting *accepting, bool *ret_added,
                               struct error *err)
{
    const struct acceptance *acceptance = accepting->acceptance;
    for (size_t i = 0; i < acceptance->recipient_count; i++) {
        char key[AGENCY_CODE_SIZE];
        bool goes = false;
        key_of(acceptance->recipients[i].code, key);
        if (!goes_there(connection, accepting->seq, key, &goes, err))
            return false;
        if (!goes && acceptance->recipients_known
            && !require_known(connection, key, acceptance->recipients[i].code, err))
            return false;
        *ret_added = *ret_added || !goes;
    }
    return true;
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
    if (accepting->seq == 0 && !contradicts(connection, acceptance, &contradiction, err))
        return false;
    if (contradiction && acceptance->document->channel == CHANNEL_API)
        return contradicted(acceptance, err);
    return look_at_recipients(connection, accepting, &accepting->bodies_needed, err);
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
