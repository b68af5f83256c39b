/* One caller of a keeper: a connection and the thread that serves it, request by request. */
#pragma once

#include "hsm/keeper_seats.h"
#include "hsm/key_kind.h"

struct keeper {
    /* set before there are callers, never changed */
    const struct keeper_settings *settings;
    uint64_t generation;       /* tells this process from its successors */
    struct keyring *ring;      /* NULL: it could not be opened ... */
    struct error why_not_open; /* ... and this is why */
    /* its own lock inside */
    struct keeper_seats seats;
};

/* Serves the connection, which it takes, with a thread of its own; a connection too many is told BUSY. */
void keeper_serve(struct keeper *keeper, int fd);
