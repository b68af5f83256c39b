/* What is kept. Knows documents, parts, deliveries and the order of their stages; knows nothing of keys, HTTP or XML. A write
 * returns when it is on the disk (one writer gathers what several threads ask for into one commit); reads never wait for it.
 * Any thread may call anything. Only one process opens a data directory at a time (DATA/lock).
 *
 * Errors: BUSY (the directory is in use; somebody else moved the document on), DISK (full, or it does not take our writes:
 * nothing of the call was kept), NOT_FOUND, INTERNAL. After a failed fsync nobody knows what the disk holds: from then on
 * every write fails with DISK and store_broken() is true. The process must then exit with 75 and be started anew: opening
 * reads what is really there. Nothing else repairs it. */
#pragma once

#include "base/clock.h"
#include "exchange/delivery.h"
#include "exchange/document.h"

struct store;

struct store_settings {
    const char *directory;     /* DATA: vanthu.db, lock; made (0700) when missing */
    const struct clock *clock; /* NULL: clock_system */
};

/* BUSY: another process has it. REFUSED: the database was written by a newer vanthu. Applies the migrations that are
 * missing, each in one transaction. */
bool store_open(const struct store_settings *settings, struct store **ret_store, struct error *err) MUST_USE;
void store_close(struct store **store);
bool store_broken(const struct store *store);
const struct clock *store_clock(const struct store *store);

/* Waits until something may be due or `deadline_ms` (clock_monotonic_ms) has come; store_wake ends every wait at once. */
void store_wait(struct store *store, int64_t deadline_ms);
void store_wake(struct store *store);

/* Where bodies above BLOB_SMALL bytes stand (DATA/blobs); smaller ones come back in memory and are kept by the commit that
 * names them. Borrowed: closed with the store. */
struct blobs *store_blobs(struct store *store);

/* The bytes of a blob, wherever they stand. */
struct body {
    struct source source;
    struct buffer small;
};
bool store_body(struct store *store, const char *sha256, struct body *ret_body, struct error *err) MUST_USE;
void body_close(struct body *body);

/* --- accepting: intake.h is the door, this is the commit ---------------------------------------------------------- */

/* What a status message says of which document (edxml.md 7). */
struct status_report {
    const char *about_from, *about_document_id; /* agency key of the document's sender, its DocumentId */
    const char *about_code, *about_date;        /* "127/SNV-VP", yyyy-mm-dd: when DocumentId says nothing */
    const char *receiver;                       /* agency key of the copy it speaks of */
    const char *code, *description, *timestamp;
};

struct acceptance {
    const struct document *document; /* its id, stage, lease and times are the store's to set */
    const char *identity, *content;  /* package_identity: .key and .content */
    const char *from_key;            /* the sender's agency_code_key */
    int urgency;                     /* 0 … 4 (edxml.md 6.2): the more urgent goes first */
    const char *repeat_key;          /* Idempotency-Key, with .document->caller; NULL for packages */
    const char *request;             /* digest of what came with that key, hexadecimal */
    const struct recipient *recipients;
    size_t recipient_count;
    bool recipients_known;              /* refuse when one is not registered (packages from systems) */
    const struct status_report *status; /* of a status message; else NULL */
    const struct blob *const *bodies;   /* every blob the document names, the small ones with their bytes */
    size_t body_count;
};

/* Whether store_accept would take it as things stand: the same refusals, before any body has its name on the disk. ret_needed: whether it
 * would keep bodies; a repeat needs none. */
bool store_look(struct store *store, const struct acceptance *acceptance, bool *ret_needed, struct error *err)
    MUST_USE;
/* Document, deliveries, keys against repeats and the status it reports: one commit, or nothing. A known identity adds only the
 * recipients it did not have. CONFLICT: other content under a new document's identity (API), or the repeat key with
 * another request. */
bool store_accept(struct store *store, const struct acceptance *acceptance, struct receipt *ret_receipt,
                  struct error *err) MUST_USE;

/* --- moving on: exchange/passage.c --------------------------------------------------------------------------------- */

enum outcome { OUTCOME_DONE, OUTCOME_WAIT, OUTCOME_REFUSED };

struct part_change {
    size_t position; /* in document->parts */
    struct blob blob;
    bool has_signature, has_seal;
};

/* What a step found out. Rows are kept whatever the outcome: what was signed before the token went away stays signed. */
struct change {
    enum outcome outcome;
    struct error reason;   /* not done: why */
    int64_t not_before_ms; /* wait: the next try */
    struct part_change *parts;
    size_t part_count;
    struct blob package; /* empty leaves it */
    char *verdict;       /* NULL leaves it */
    char conclusion[16];
    bool issue_check_code;
    struct delivery_change *deliveries;
    size_t delivery_count;
};
void change_clear(struct change *change);

/* Documents whose next step is due, most urgent first, at most `most`; each is leased to the caller for `lease_ms`. The caller
 * clears each and frees the array. */
bool store_claim(struct store *store, size_t most, int64_t lease_ms, struct document **ret_documents,
                 size_t *ret_count, struct error *err) MUST_USE;
/* One compare-and-set transaction: the change, and the move to `next` when it is done (the lease is kept then, given back
 * otherwise). BUSY when stage or lease are not what `document` says any more. On success `document` is what now stands. */
bool store_apply(struct store *store, struct document *document, enum stage next, const struct change *change,
                 struct error *err) MUST_USE;
/* Gives the lease back: somebody else may go on at once. */
bool store_release(struct store *store, const struct document *document, struct error *err) MUST_USE;
/* Gives back whatever is still held by that lease, documents and deliveries: for whoever could not say how a batch ended. */
bool store_give_back(struct store *store, const char *lease, struct error *err) MUST_USE;

/* Deliveries that wait and are due, leased likewise; store_settle is their compare-and-set. */
bool store_claim_deliveries(struct store *store, size_t most, int64_t lease_ms,
                            struct delivery_list *ret_list, char ret_lease[static LEASE_SIZE],
                            struct error *err) MUST_USE;
bool store_settle(struct store *store, const char *lease, const struct delivery_change *changes, size_t count,
                  struct error *err) MUST_USE;

/* --- reading --------------------------------------------------------------------------------------------------------- */

bool store_document(struct store *store, const char *id, struct document *ret_document, struct error *err)
    MUST_USE;

enum direction { DIRECTION_ANY, DIRECTION_OUT, DIRECTION_IN };
struct document_query {
    /* Whose: what this caller handed in, and what these agencies (ends with NULL) send or receive. Both NULL: everybody's. */
    const char *caller;
    const char *const *agencies;
    enum direction
        direction;     /* OUT: handed in or sent by them; IN: addressed to them. Everybody's: by channel */
    enum stage stage;  /* STAGE_COUNT: any */
    int64_t since_ms;  /* accepted at or after */
    const char *after; /* an id: what follows it; NULL: from the start */
    size_t limit;      /* 0: LIST_LIMIT */
};
enum { LIST_LIMIT = 1000 };
/* Oldest first. */
bool store_documents(struct store *store, const struct document_query *query, struct document_list *ret_list,
                     struct error *err) MUST_USE;

/* For metrics and health: what stands where, and since when the oldest waits (0: nothing waits). */
struct store_figures {
    uint64_t stages[STAGE_COUNT];
    uint64_t deliveries[DELIVERY_STATES];
    int64_t oldest_waiting_ms;
};
bool store_figures(struct store *store, struct store_figures *ret_figures, struct error *err) MUST_USE;

/* Whether any record names the blob: one that nobody names may be removed. */
bool store_names_blob(struct store *store, const char *blob, bool *ret_named, struct error *err) MUST_USE;
