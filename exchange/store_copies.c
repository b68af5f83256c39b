#include "exchange/agency_code.h"
#include "exchange/exchange_text.h"
#include "exchange/store_accept.h"

/* One delivery for one recipient: who is meant, who has a copy already, who gets one now. */

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

bool copies_add(struct connection *connection, const struct accepting *accepting, size_t *ret_added,
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

/* Some recipient gets a copy that none has yet; who asks for it must be known, where that is demanded. */
bool copies_look(struct connection *connection, const struct accepting *accepting, bool *ret_added,
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
