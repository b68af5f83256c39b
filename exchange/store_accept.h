/* Inside the store: one acceptance on its way into the tables (store_accept.c), told by three files: is it a repeat or a
 * contradiction (store_repeat.c), who gets a copy (store_copies.c), and the order of it all. Everything here runs in the writer's
 * transaction, or in a reader's when it only looks. */
#pragma once

#include "exchange/store_inner.h"

struct accepting {
    const struct acceptance *acceptance;
    const struct clock *clock;
    int64_t now;
    /* what was found */
    int64_t seq; /* of the document; 0: not known before */
    enum stage stage;
    bool bodies_needed;
    struct receipt receipt;
};

/* --- store_repeat.c --- */

/* Sets .seq when this key was used for this very request; CONFLICT when for another. */
bool repeat_key_find(struct connection *connection, struct accepting *accepting, struct error *err) MUST_USE;
bool repeat_key_keep(struct connection *connection, const struct accepting *accepting, struct error *err)
    MUST_USE;
/* Sets .seq when the same content is known under this identity. */
bool identity_find(struct connection *connection, struct accepting *accepting, struct error *err) MUST_USE;
/* Whether other content stands under this identity. API: CONFLICT at once. */
bool contradiction_find(struct connection *connection, const struct accepting *accepting,
                        bool *ret_contradiction, struct error *err) MUST_USE;
/* The first receipt again, and the stage the document stands at. */
bool receipt_load(struct connection *connection, struct accepting *accepting, struct error *err) MUST_USE;
/* A step refused the document before; handed in again it gets another chance, from the start. */
bool revive(struct connection *connection, struct accepting *accepting, struct error *err) MUST_USE;

/* --- store_copies.c --- */

/* A delivery for each recipient who has none yet. */
bool copies_add(struct connection *connection, const struct accepting *accepting, size_t *ret_added,
                struct error *err) MUST_USE;
/* The same without writing: whether there would be one, and whether everybody it is for must be and is known. */
bool copies_look(struct connection *connection, const struct accepting *accepting, bool *ret_added,
                 struct error *err) MUST_USE;
