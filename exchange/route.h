/* Where a copy goes: looked up at each attempt, never kept with the delivery. Today there is one way, the mailbox of the system the
 * agency is registered under; an axis above us will be the second. Any thread may call. */
#pragma once

#include "exchange/delivery.h"

enum route_kind {
    ROUTE_NONE,   /* nobody registered the code */
    ROUTE_MAILBOX /* the agency's system fetches it from us */
};
bool route_find(struct store *store, const char *code, enum route_kind *ret_route, struct error *err)
    MUST_USE;

/* One attempt for one waiting delivery. */
bool route_delivery(struct store *store, const struct delivery *delivery, struct delivery_change *ret_change,
                    struct error *err) MUST_USE;
