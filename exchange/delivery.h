/* One copy for one recipient. Its transport state (the axis's four words, and ours before them) and its business status (01
 * to 16, from status messages) are two things and never mixed; neither goes backwards. A local agency's deliveries wait in the
 * mailbox of the system it is registered under *now*: the route is looked up at each attempt.
 *
 * Any thread may call. */
#pragma once

#include "exchange/document.h"

struct store;

/* axis-api.md 3.4. Stored by name. */
#define DELIVERY_STATES_TABLE(X)                                                                             \
    X(WAITING, "waiting")       /* with us: the document is not ready, or nobody can be reached; says why */ \
    X(INITIAL, "initial")       /* in the receiver's mailbox */                                              \
    X(PROCESSING, "processing") /* fetched */                                                                \
    X(FAIL, "fail")             /* the receiver could not take it, or we shall not send it; says why */      \
    X(DONE, "done")             /* taken over */
#define DELIVERY_ENUM(state, name) DELIVERY_##state,
enum delivery_state { DELIVERY_STATES_TABLE(DELIVERY_ENUM) DELIVERY_STATES };
#undef DELIVERY_ENUM
const char *delivery_state_name(enum delivery_state state);
/* The state of that name in any letter case; DELIVERY_STATES when there is none. */
enum delivery_state delivery_state_of(const char *name);

struct delivery {
    const char *id;       /* receiverDocId: the receiver's own transport id */
    const char *document; /* senderDocId */
    enum package_kind kind;
    const char *from, *from_name;
    const char *to, *to_name; /* the recipient as given */
    enum delivery_state state;
    const char *state_note; /* what the receiver said with it */
    const char *status;     /* business status "01" … "06"; "" none yet */
    const char *status_note;
    int64_t status_ms;
    const char *recall_status; /* "13", "15", "16"; "" */
    const char *number, *notation, *date, *subject;
    const char *package; /* blob */
    uint64_t package_size;
    struct why why;
    unsigned attempts;
    int64_t accepted_ms, updated_ms;
    int64_t fetched_ms; /* the receiver first had the package; 0 */
};

struct delivery_list {
    struct arena arena;
    struct delivery *deliveries;
    size_t count;
};
void delivery_list_clear(struct delivery_list *list);

/* What an attempt found out. */
struct delivery_change {
    char id[ID_SIZE];
    enum delivery_state state; /* WAITING: the attempt failed, see reason */
    struct error reason;
    int64_t not_before_ms;
};

/* Of one document, in the order of its recipients. */
bool delivery_of_document(struct store *store, const char *document, struct delivery_list *ret_list,
                          struct error *err) MUST_USE;

/* --- the receiver's side (axis: getReceivedEdocList, getEdoc, downloadEdoc, updateStatus, counters) --- */

struct mailbox_query {
    const char *system;
    enum package_kind kind;
    int64_t since_ms, until_ms; /* accepted at or after, before; 0: open */
    size_t limit;               /* 0: MAILBOX_LIMIT */
};
enum { MAILBOX_LIMIT = 5000 };
/* What waits for the system's agencies: initial and processing, oldest first. */
bool delivery_received(struct store *store, const struct mailbox_query *query, struct delivery_list *ret_list,
                       struct error *err) MUST_USE;
bool delivery_received_count(struct store *store, const struct mailbox_query *query, uint64_t *ret_count,
                             struct error *err) MUST_USE;
/* The copy with this receiver's id, if it is for one of the system's agencies; else NOT_FOUND. Notes that it was fetched. One delivery
 * comes back: ret_list->deliveries[0]. */
bool delivery_fetch(struct store *store, const char *system, const char *id, struct delivery_list *ret_list,
                    struct error *err) MUST_USE;
/* The receiver's word on it. A word that would go backwards changes nothing and is no error. NOT_FOUND as above. */
bool delivery_report(struct store *store, const char *system, const char *id, enum delivery_state state,
                     const char *note, struct error *err) MUST_USE;

/* --- the sender's side (axis: getSentEdocList) --- */

struct sent_query {
    const char *system;
    enum package_kind kind;
    const char *document; /* senderDocId; NULL: all */
    int64_t since_ms, until_ms;
    size_t limit;
};
bool delivery_sent(struct store *store, const struct sent_query *query, struct delivery_list *ret_list,
                   struct error *err) MUST_USE;

/* Business statuses: which may follow which (edxml.md 7.3). Statuses 01 to 06 have ranks that only rise; 13, 15 and 16 are a
 * conversation of their own. */
enum status_track { STATUS_UNKNOWN, STATUS_WORK, STATUS_RECALL };
struct status_meaning {
    const char *code;
    enum status_track track;
    int rank;
    const char *vi, *en;
};
/* NULL for a code nobody uses. */
const struct status_meaning *status_meaning(const char *code);
bool status_may_follow(const char *before, const char *after);
