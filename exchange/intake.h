/* Documents come in: from our API, or as packages from systems. Checks who may send, for whom, and that there is somebody to send
 * to, then commits it all at once: when it returns true the document cannot be lost any more. Nothing is kept of what it
 * refuses: blobs may come in a scratch, and get their names in the store (blob_adopt) when everything was looked at.
 *
 * Errors and their sentences (exchange_text.h), for the axis's codes:
 *     FORBIDDEN  SENDER_NOT_REGISTERED   the sender is not an agency of the calling system
 *     NOT_FOUND  RECEIVER_UNKNOWN        a package names a recipient nobody registered
 *     REFUSED    RECIPIENT_MISSING       nobody to send to
 *     MALFORMED  AGENCY_CODE_MALFORMED   not usable as a code
 *     CONFLICT   CONTENT_CONFLICT, REPEAT_KEY_REUSED
 *     DISK, BUSY                         try again
 *
 * Any thread may call. */
#pragma once

#include "exchange/package.h"
#include "exchange/store.h"

struct submission {
    const char *caller;              /* whose token */
    const char *repeat_key;          /* Idempotency-Key; required */
    const char *sign_key, *seal_key; /* key URIs; NULL for none */
    struct package *package; /* header, and attachments whose blobs stand in a scratch or in store_blobs */
};
/* Recipients nobody registered yet are accepted: their deliveries wait and say so. */
bool intake_submission(struct store *store, const struct submission *submission, struct receipt *ret_receipt,
                       struct error *err) MUST_USE;

struct consignment {
    const char *system; /* that calls */
    const char *from;   /* the call's `from`; NULL: the package's */
    const struct agency_code *
        to; /* the call's `to`: leaves out who is not named in it; says nothing when it names nobody of the package's */
    size_t to_count;
    struct blob
        *wire; /* the package as it came; in a scratch or in store_blobs, as those of the attachments */
    struct package *package;
};
bool intake_consignment(struct store *store, const struct consignment *consignment,
                        struct receipt *ret_receipt, struct error *err) MUST_USE;
