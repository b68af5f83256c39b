#include "exchange/passage_steps.h"
#include "exchange/route.h"

/* The first attempt of every copy, in the commit that ends the document's own way. What finds no way waits, and goes on by itself. */
bool step_route(struct passage *passage, const struct document *document, struct change *change,
                struct error *err)
{
    struct delivery_list copies CLEANUP(delivery_list_clear) = {0};
    if (!delivery_of_document(passage->settings.store, document->id, &copies, err))
        return false;
    change->deliveries = calloc(copies.count + 1, sizeof(*change->deliveries));
    if (!change->deliveries)
        return fail(err, ERR_BUSY, NULL);
    for (size_t i = 0; i < copies.count; i++) {
        if (copies.deliveries[i].state != DELIVERY_WAITING)
            continue;
        if (!route_delivery(passage->settings.store, &copies.deliveries[i],
                            &change->deliveries[change->delivery_count], err))
            return false;
        change->delivery_count++;
    }
    return true;
}
