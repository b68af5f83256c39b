#include "exchange/passage.h"

#include "exchange/backoff.h"
#include "exchange/passage_steps.h"
#include "exchange/route.h"

/* The way of a document. Each row: at this stage the step of that name runs; when it is done, the document stands at `next`. */
struct step {
    const char *name;
    step_run run;
    enum stage next;
};

/* clang-format off */
static const struct step steps[STAGE_COUNT] = {
    /* out: from our API */
    [STAGE_RECEIVED] = {"sign",  step_sign,  STAGE_SIGNED},
    [STAGE_SIGNED]   = {"seal",  step_seal,  STAGE_SEALED},
    [STAGE_SEALED]   = {"wrap",  step_wrap,  STAGE_WRAPPED},
    [STAGE_WRAPPED]  = {"route", step_route, STAGE_ROUTED},
    /* in: a package from a system */
    [STAGE_ARRIVED]  = {"check", step_check, STAGE_CHECKED},
    [STAGE_CHECKED]  = {"file",  step_file,  STAGE_FILED},
    [STAGE_FILED]    = {"route", step_route, STAGE_ROUTED},
};
/* clang-format on */

/* What can never succeed with this document is refused. Everything else waits: a token, a disk, a setting may come back, and
 * a document that waits can be seen, one that was given up cannot. */
static enum outcome outcome_of(const struct error *reason)
{
    switch (reason->code) {
    case ERR_MALFORMED:
    case ERR_REFUSED:
    case ERR_TOO_LARGE:
    case ERR_UNSUPPORTED:
    case ERR_KEY_UNUSABLE:
        return OUTCOME_REFUSED;
    default:
        return OUTCOME_WAIT;
    }
}

static int64_t next_try(const struct passage *passage, unsigned attempts, const struct error *reason)
{
    bool local =
        reason->code == ERR_TOKEN_AWAY || reason->code == ERR_PIN_BLOCKED || reason->code == ERR_TIMEOUT;
    return clock_now_ms(store_clock(passage->settings.store))
           + backoff_ms(attempts, local ? BACKOFF_TOKEN_MS : BACKOFF_MOST_MS);
}

static void tell(const struct passage *passage, const struct passage_event *event)
{
    if (passage->settings.event)
        passage->settings.event(passage->settings.context, event);
}

bool passage_advance(struct passage *passage, struct document *document, struct error *err)
{
    const struct step *step = &steps[document->stage];
    struct change change CLEANUP(change_clear) = {0};
    unsigned attempt = document->attempts + 1;
    bool done = step->run(passage, document, &change, &change.reason);
    change.outcome = done ? OUTCOME_DONE : outcome_of(&change.reason);
    if (!done)
        change.not_before_ms = next_try(passage, document->attempts, &change.reason);
    if (!store_apply(passage->settings.store, document, step->next, &change, err))
        return false;
    tell(passage, &(struct passage_event){.document = document->id,
                                          .step = step->name,
                                          .outcome = change.outcome,
                                          .attempt = attempt,
                                          .reason = done ? NULL : &change.reason});
    return true;
}

/* As far as it goes: until it waits, is refused, or its copies go on by themselves. */
static bool document_go(struct passage *passage, struct document *document, size_t *steps_taken,
                        struct error *err)
{
    while (document->lease[0] && steps[document->stage].run && !atomic_load(&passage->stopping)) {
        if (!passage_advance(passage, document, err))
            return err->code == ERR_BUSY; /* somebody else has it: not our trouble */
        *steps_taken += 1;
    }
    return !document->lease[0] || store_release(passage->settings.store, document, err);
}

/* A full disk takes neither the end of a step nor the lease back. What the batch held would stand still until its lease runs
 * out: it is kept in mind, and given back before anything else is claimed. */
static void note_lost(struct passage *passage, const char *lease)
{
    pthread_mutex_lock(&passage->lock);
    if (passage->lost_count < WORKERS_MAX)
        memcpy(passage->lost[passage->lost_count++], lease, LEASE_SIZE);
    pthread_mutex_unlock(&passage->lock);
}

static bool take_lost(struct passage *passage, char ret_lease[static LEASE_SIZE])
{
    pthread_mutex_lock(&passage->lock);
    bool any = passage->lost_count > 0;
    if (any)
        memcpy(ret_lease, passage->lost[--passage->lost_count], LEASE_SIZE);
    pthread_mutex_unlock(&passage->lock);
    return any;
}

static bool lost_go_back(struct passage *passage, struct error *err)
{
    char lease[LEASE_SIZE];
    while (take_lost(passage, lease))
        if (!store_give_back(passage->settings.store, lease, err)) {
            note_lost(passage, lease);
            return false;
        }
    return true;
}

static bool documents_go(struct passage *passage, size_t *steps_taken, struct error *err)
{
    struct document *documents CLEANUP(free_clear) = NULL;
    char lease[LEASE_SIZE] = "";
    size_t count = 0;
    bool good = true;
    if (!store_claim(passage->settings.store, PASSAGE_BATCH, PASSAGE_LEASE_MS, &documents, &count, err))
        return false;
    if (count > 0)
        memcpy(lease, documents[0].lease, LEASE_SIZE);
    for (size_t i = 0; i < count; i++) {
        good = good && document_go(passage, &documents[i], steps_taken, err);
        document_clear(&documents[i]);
    }
    if (!good)
        note_lost(passage, lease);
    return good;
}

static bool deliveries_go(struct passage *passage, size_t *steps_taken, struct error *err)
{
    struct store *store = passage->settings.store;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    char lease[LEASE_SIZE];
    if (!store_claim_deliveries(store, PASSAGE_BATCH, PASSAGE_LEASE_MS, &list, lease, err))
        return false;
    struct delivery_change *changes CLEANUP(free_clear) = calloc(list.count + 1, sizeof(*changes));
    if (!changes)
        return fail(err, ERR_BUSY, NULL);
    bool good = true;
    for (size_t i = 0; i < list.count && good; i++)
        good = route_delivery(store, &list.deliveries[i], &changes[i], err);
    if (list.count > 0 && (!good || !store_settle(store, lease, changes, list.count, err))) {
        note_lost(passage, lease);
        return false;
    }
    for (size_t i = 0; i < list.count; i++) {
        bool sent = changes[i].state == DELIVERY_INITIAL;
        tell(passage, &(struct passage_event){.document = list.deliveries[i].document,
                                              .delivery = list.deliveries[i].id,
                                              .step = "route",
                                              .outcome = sent ? OUTCOME_DONE : OUTCOME_WAIT,
                                              .attempt = list.deliveries[i].attempts + 1,
                                              .reason = sent ? NULL : &changes[i].reason});
    }
    *steps_taken += list.count;
    return true;
}

bool passage_turn(struct passage *passage, size_t *ret_steps, struct error *err)
{
    size_t taken = 0;
    if (!lost_go_back(passage, err) || !documents_go(passage, &taken, err)
        || !deliveries_go(passage, &taken, err))
        return false;
    *ret_steps = taken;
    return true;
}
