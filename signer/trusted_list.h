/* Signed trusted lists, ETSI TS 119 612: which services were trusted for what, and since when. Parsing believes
 * nothing; only trusted_list_open says who signed. Threads may call everything. */
#pragma once

#include "signer/trust.h"

enum {
    TRUSTED_LIST_MAX_SERVICES = 4096,
    TRUSTED_LIST_MAX_IDENTITIES = 16 /* certificates of one service */
};

/* A service whose certificates sign something that we look at; others are passed over. */
struct trusted_service {
    char name[128], provider[128]; /* in English where the list has it, else as it comes first */
    struct certificates certificates;
    struct trust_period periods[TRUST_MAX_PERIODS]; /* oldest first */
    size_t period_count;
};

struct trusted_list {
    char operator_name[128], territory[32];
    int64_t sequence;
    int64_t issued_ms, next_update_ms; /* next: 0 when it is closed */
    struct trusted_service *services;
    size_t service_count;
};

/* Takes it apart without asking who signed. MALFORMED, TOO_LARGE. */
bool trusted_list_read(struct span xml, struct trusted_list *ret_list, struct error *err) MUST_USE;
/* Reads it when the whole of it is signed by one of these certificates (TS 119 612, 5.7.1). An old list is read too:
 * that its successor is missing is for the caller to say. `name` is what errors call it. REFUSED. */
bool trusted_list_open(struct span xml, const struct certificates *signers, const char *name,
                       struct trusted_list *ret_list, struct error *err) MUST_USE;
void trusted_list_clear(struct trusted_list *list);
