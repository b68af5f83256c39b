#include "exchange/route.h"

#include "exchange/agency.h"
#include "exchange/backoff.h"
#include "exchange/exchange_text.h"
#include "exchange/store.h"

bool route_find(struct store *store, const char *code, enum route_kind *ret_route, struct error *err)
{
    struct agency_list found CLEANUP(agency_list_clear) = {0};
    struct error said = {0};
    if (agency_find(store, code, &found, &said)) {
        *ret_route = ROUTE_MAILBOX;
        return true;
    }
    if (said.code == ERR_NOT_FOUND || said.code == ERR_MALFORMED) {
        *ret_route = ROUTE_NONE;
        return true;
    }
    *err = said;
    return false;
}

bool route_delivery(struct store *store, const struct delivery *delivery, struct delivery_change *ret_change,
                    struct error *err)
{
    struct delivery_change change = {.state = DELIVERY_INITIAL};
    enum route_kind route;
    if (!route_find(store, delivery->to, &route, err))
        return false;
    strncpy(change.id, delivery->id, sizeof(change.id) - 1);
    if (route == ROUTE_NONE) {
        change.state = DELIVERY_WAITING;
        change.not_before_ms =
            clock_now_ms(store_clock(store)) + backoff_ms(delivery->attempts, BACKOFF_MOST_MS);
        fail(&change.reason, ERR_NOT_FOUND, &TEXT_WAIT_NO_AGENCY, delivery->to);
    }
    *ret_change = change;
    return true;
}
