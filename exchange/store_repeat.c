#include "exchange/exchange_text.h"
#include "exchange/store_accept.h"

/* Is it known, is it the same, and may it try again? */

bool receipt_load(struct connection *connection, struct accepting *accepting, struct error *err)
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

bool repeat_key_find(struct connection *connection, struct accepting *accepting, struct error *err)
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

bool repeat_key_keep(struct connection *connection, const struct accepting *accepting, struct error *err)
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
bool identity_find(struct connection *connection, struct accepting *accepting, struct error *err)
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

/* What was refused or stands aside contradicts nobody: the corrected document is the good retry of a failed one. Updates follow
 * each other. */
bool contradiction_find(struct connection *connection, const struct accepting *accepting,
                        bool *ret_contradiction, struct error *err)
{
    const struct acceptance *acceptance = accepting->acceptance;
    const struct document *document = acceptance->document;
    if (document->kind == PACKAGE_STATUS || document->business_type != BUSINESS_NEW)
        return true;
    struct query q = query_of(
        connection, "SELECT 1 FROM documents WHERE identity = ? AND stage NOT IN ('refused', 'set-aside')");
    bind_text(&q, acceptance->identity);
    *ret_contradiction = query_row(&q);
    if (!query_end(&q, err))
        return false;
    bool refused = *ret_contradiction && document->channel == CHANNEL_API;
    return !refused || fail(err, ERR_CONFLICT, &TEXT_CONTENT_CONFLICT, document->document_id, document->from);
}

static bool document_revive(struct connection *connection, const struct accepting *accepting,
                            struct error *err)
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
    return query_run(&document, NULL, err);
}

static bool copies_revive(struct connection *connection, const struct accepting *accepting, struct error *err)
{
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

bool revive(struct connection *connection, struct accepting *accepting, struct error *err)
{
    bool contradiction = false;
    if (!contradiction_find(connection, accepting, &contradiction, err))
        return false;
    if (contradiction) /* the corrected one came first: this one stays refused */
        return true;
    accepting->stage = accepting->acceptance->document->stage;
    return document_revive(connection, accepting, err) && copies_revive(connection, accepting, err);
}
