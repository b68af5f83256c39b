#include "exchange/check_code.h"

#include <ctype.h>

#include "exchange/exchange_text.h"
#include "exchange/store_inner.h"

/* RFC 4648, section 6: capitals and digits alone, the dense mode of a QR code */
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void check_code_new(char ret_code[static CHECK_CODE_SIZE])
{
    uint8_t bits[16];
    uint32_t held = 0;
    int count = 0;
    size_t at = 0;
    random_bytes(bits, sizeof(bits));
    for (size_t i = 0; i < sizeof(bits); i++) {
        held = held << 8 | bits[i];
        for (count += 8; count >= 5; count -= 5)
            ret_code[at++] = alphabet[held >> (count - 5) & 31];
    }
    ret_code[at++] = alphabet[held << (5 - count) & 31];
    ret_code[at] = '\0';
}

void check_answer_clear(struct check_answer *answer)
{
    document_clear(&answer->document);
    delivery_list_clear(&answer->deliveries);
}

bool check_code_keep(struct connection *connection, int64_t document, const char *code, int64_t now,
                     struct error *err)
{
    struct query q = query_of(connection, "INSERT INTO check_codes (code, document, issued) VALUES (?, ?, ?) "
                                          "ON CONFLICT (document) DO NOTHING");
    bind_text(&q, code);
    bind_int(&q, document);
    bind_int(&q, now);
    return query_run(&q, NULL, err);
}

/* As people type it: blanks and hyphens go, letters become capitals. */
static void code_read(const char *typed, char ret_code[static CHECK_CODE_SIZE])
{
    size_t at = 0;
    for (; *typed && at + 1 < CHECK_CODE_SIZE; typed++)
        if (!isspace((unsigned char)*typed) && *typed != '-')
            ret_code[at++] = (char)toupper((unsigned char)*typed);
    ret_code[*typed ? 0 : at] = '\0'; /* too long: no code */
}

struct asking {
    const char *typed;
    char code[CHECK_CODE_SIZE], id[ID_SIZE];
    int64_t issued, revoked;
    struct document document;
};

static bool find_job(struct connection *connection, void *subject, struct error *err)
{
    struct asking *asking = subject;
    struct query q =
        query_of(connection,
                 "SELECT d.id, c.issued, c.revoked FROM check_codes c JOIN documents d ON d.seq = c.document "
                 "WHERE c.code = ?");
    bind_text(&q, asking->code);
    if (query_row(&q)) {
        take_string(&q, sizeof(asking->id), asking->id);
        asking->issued = take_int(&q);
        asking->revoked = take_int(&q);
    }
    if (!query_end(&q, err))
        return false;
    if (!asking->id[0])
        return fail(err, ERR_NOT_FOUND, &TEXT_CHECK_CODE_UNKNOWN);
    if (asking->revoked)
        return fail(err, ERR_NOT_FOUND, &TEXT_CHECK_CODE_REVOKED);
    return document_load(connection, asking->id, &asking->document, err);
}

/* One word for where it stands: the furthest any copy got; taken back beats all. */
static const char *state_word(const struct check_answer *answer)
{
    bool sent = false, delivered = false, accepted = false, refused = false;
    for (size_t i = 0; i < answer->deliveries.count; i++) {
        const struct delivery *delivery = &answer->deliveries.deliveries[i];
        if (strcmp(delivery->recall_status, "15") == 0)
            return "recalled";
        sent = sent || (delivery->state != DELIVERY_WAITING && delivery->state != DELIVERY_FAIL);
        delivered = delivered || delivery->state == DELIVERY_DONE || delivery->status[0];
        accepted = accepted || strcmp(delivery->status, "03") >= 0;
        refused = refused || strcmp(delivery->status, "02") == 0;
    }
    return accepted ? "accepted" : refused ? "refused" : delivered ? "delivered" : sent ? "sent" : "issued";
}

bool check_code_find(struct store *store, const char *code, struct check_answer *ret_answer,
                     struct error *err)
{
    struct asking asking = {.typed = code};
    struct check_answer answer CLEANUP(check_answer_clear) = {0};
    code_read(code, asking.code);
    if (!store_read(store, find_job, &asking, err))
        return false;
    answer.document = asking.document;
    answer.issued_ms = asking.issued;
    if (!delivery_of_document(store, answer.document.id, &answer.deliveries, err))
        return false;
    answer.state = state_word(&answer);
    *ret_answer = answer;
    answer = (struct check_answer){0};
    return true;
}

struct revoking {
    char code[CHECK_CODE_SIZE];
    const char *reason;
    int64_t now;
};

static bool revoke_job(struct connection *connection, void *subject, struct error *err)
{
    const struct revoking *revoking = subject;
    int64_t changed = 0;
    struct query q = query_of(
        connection, "UPDATE check_codes SET revoked = CASE WHEN revoked = 0 THEN ? ELSE revoked END, "
                    "reason = CASE WHEN revoked = 0 THEN ? ELSE reason END WHERE code = ?");
    bind_int(&q, revoking->now);
    bind_text(&q, revoking->reason);
    bind_text(&q, revoking->code);
    return query_run(&q, &changed, err)
           && (changed > 0 || fail(err, ERR_NOT_FOUND, &TEXT_CHECK_CODE_UNKNOWN));
}

bool check_code_revoke(struct store *store, const char *code, const char *reason, struct error *err)
{
    struct revoking revoking = {.reason = reason, .now = clock_now_ms(store->clock)};
    code_read(code, revoking.code);
    return store_write(store, revoke_job, &revoking, WAKES_NOBODY, err);
}
