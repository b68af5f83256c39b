#include "exchange/exchange_text.h"
#include "exchange/store_inner.h"

/* Deliveries that wait: claimed, and settled. */

static bool registered(struct connection *connection, const char *delivery, bool *ret_registered,
                       struct error *err)
{
    struct query q = query_of(
        connection, "SELECT 1 FROM agency_codes WHERE key = (SELECT to_key FROM deliveries WHERE id = ?)");
    bind_text(&q, delivery);
    *ret_registered = query_row(&q);
    return query_end(&q, err);
}

/* In a mailbox stands only what somebody can fetch: an agency that went while the step was looking is noticed here. */
bool delivery_settle(struct connection *connection, const char *lease, const struct delivery_change *change,
                     int64_t now, struct error *err)
{
    struct sentence why;
    struct error reason = change->reason;
    bool sent = change->state == DELIVERY_INITIAL, there = true;
    if (sent && !registered(connection, change->id, &there, err))
        return false;
    if (sent && there)
        fail(&reason, ERR_BUSY, &TEXT_WAIT_MAILBOX);
    else if (sent)
        fail(&reason, ERR_NOT_FOUND, &TEXT_WAIT_AGENCY_GONE, "");
    sentence_of(&reason, &why);

    bool waiting = change->state == DELIVERY_WAITING || !there;
    struct query q = query_of(
        connection,
        "UPDATE deliveries SET state = ?, lease = '', due = CASE WHEN ? THEN ? ELSE NULL END, "
        "attempts = attempts + 1, why_since = CASE WHEN why_code = ? THEN why_since ELSE ? END, "
        "why_code = ?, why_vi = ?, why_en = ?, updated = ? WHERE id = ? AND state = 'waiting' AND lease = ?");
    bind_text(&q, delivery_state_name(waiting ? DELIVERY_WAITING : change->state));
    bind_int(&q, waiting);
    bind_int(&q, there ? change->not_before_ms : now);
    bind_text(&q, why.code);
    bind_int(&q, now);
    bind_text(&q, why.code);
    bind_text(&q, why.vi);
    bind_text(&q, why.en);
    bind_int(&q, now);
    bind_text(&q, change->id);
    bind_text(&q, lease);
    return query_run(&q, NULL, err);
}

struct claim {
    const struct clock *clock;
    size_t most;
    int64_t lease_ms;
    char lease[LEASE_SIZE];
    struct delivery_list list;
};

static bool claim_job(struct connection *connection, void *subject, struct error *err)
{
    struct claim *claim = subject;
    int64_t now = clock_now_ms(claim->clock);
    struct query q = query_of(
        connection,
        "UPDATE deliveries SET lease = ?, due = ? WHERE seq IN (SELECT seq FROM deliveries WHERE due <= ? "
        "ORDER BY due LIMIT ?)");
    bind_text(&q, claim->lease);
    bind_int(&q, now + claim->lease_ms);
    bind_int(&q, now);
    bind_int(&q, (int64_t)claim->most);
    int64_t changed = 0;
    return query_run(&q, &changed, err)
           && (changed == 0 || deliveries_leased(connection, claim->lease, &claim->list, err));
}

bool store_claim_deliveries(struct store *store, size_t most, int64_t lease_ms,
                            struct delivery_list *ret_list, char ret_lease[static LEASE_SIZE],
                            struct error *err)
{
    struct claim claim = {.clock = store->clock, .most = most, .lease_ms = lease_ms};
    lease_new(claim.lease);
    if (!store_write(store, claim_job, &claim, WAKES_NOBODY, err)) {
        delivery_list_clear(&claim.list);
        return false;
    }
    *ret_list = claim.list;
    memcpy(ret_lease, claim.lease, LEASE_SIZE);
    return true;
}

struct settling {
    const char *lease;
    const struct delivery_change *changes;
    size_t count;
    int64_t now;
};

static bool settle_job(struct connection *connection, void *subject, struct error *err)
{
    const struct settling *settling = subject;
    for (size_t i = 0; i < settling->count; i++)
        if (!delivery_settle(connection, settling->lease, &settling->changes[i], settling->now, err))
            return false;
    return true;
}

bool store_settle(struct store *store, const char *lease, const struct delivery_change *changes, size_t count,
                  struct error *err)
{
    struct settling settling = {lease, changes, count, clock_now_ms(store->clock)};
    return store_write(store, settle_job, &settling, WAKES_NOBODY, err);
}
