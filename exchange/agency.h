/* Who is where: agencies with their codes, each registered under one system. Codes are opaque: trimmed, compared in upper case,
 * never parsed (exchange/agency_code.h); the form that was registered is the form that is given back. An agency may be known by its
 * other form too (old or new): the pair is told, never computed.
 *
 * Any thread may call. */
#pragma once

#include "exchange/document.h"

struct store;

struct agency {
    const char *id, *parent; /* as the registering system calls them */
    const char *code;        /* as registered */
    const char *other_code;  /* the old form of a new code, or the reverse; ""; registering NULL keeps it */
    const char *name, *mail, *mobile, *fax;
    const char *system;
    int64_t modified_ms;
    uint64_t version; /* grows with every change of the registry: sorts changes */
    bool deleted;
};

struct agency_list {
    struct arena arena;
    struct agency *agencies;
    size_t count;
};
void agency_list_clear(struct agency_list *list);

/* Registers or changes it. EXISTS when the code (or its other form) stands under another system. What waited for it goes on. */
bool agency_register(struct store *store, const struct agency *agency, struct error *err) MUST_USE;
/* Only the system it stands under may; others get NOT_FOUND. What was still in its mailbox waits, and says so. */
bool agency_remove(struct store *store, const char *system, const char *code, struct error *err) MUST_USE;
/* By either form. The one agency comes back as ret_list->agencies[0]. NOT_FOUND: unknown or deleted. */
bool agency_find(struct store *store, const char *code, struct agency_list *ret_list, struct error *err)
    MUST_USE;
/* FORBIDDEN (TEXT_SENDER_NOT_REGISTERED, with the codes that are) unless the code stands under the system. */
bool agency_require(struct store *store, const char *system, const char *code, struct error *err) MUST_USE;

struct agency_query {
    const char *system;     /* NULL: all systems' */
    bool deleted_too;       /* getSynchronizeUnit */
    uint64_t after_version; /* only what changed since */
};
/* Sorted by code. */
bool agency_list(struct store *store, const struct agency_query *query, struct agency_list *ret_list,
                 struct error *err) MUST_USE;
/* Grows with every change: a list made at one version need not be made again until it differs. */
bool agency_version(struct store *store, uint64_t *ret_version, struct error *err) MUST_USE;
