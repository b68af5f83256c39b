/* What the signatures of a document allow to happen behind them: DocMDP (ISO 32000-2, 12.8.2.2), FieldMDP
 * (12.8.2.4) and the Lock of the signed field (table 236), gathered signature by signature: the strictest
 * permission and every lock hold. Usage rights (UR3) take nothing away and are not looked at. */
#pragma once

#include "signer/pdf_signature.h"

enum { PDF_LOCK_NAMES_MAX = 1024 }; /* names of one list */

/* Full field names, in order, each once. */
struct pdf_names {
    char (*all)[PDF_FIELD_NAME];
    size_t count;
};

struct pdf_permissions {
    int64_t permitted;              /* DocMDP P: 1 … 3, the strictest so far; 0: nobody has said anything */
    char certifier[PDF_FIELD_NAME]; /* the field of whoever said so */
    bool locks_all, locks_some;
    bool spares_some;                /* Exclude: all but … */
    struct pdf_names locked, spared; /* … what every such lock spares */
    char locker[PDF_FIELD_NAME];     /* the field of the last one who locked */
};

/* Adds what a signature says, as its own revision shows it. */
bool pdf_permissions_add(struct pdf_permissions *permissions, struct pdf_document *document,
                         const struct pdf_signature *signature, struct error *err) MUST_USE;
/* May the field of that full name not change? A lock on a field holds for the fields below it too. */
bool pdf_permissions_lock(const struct pdf_permissions *permissions, const char *name);
bool pdf_permissions_lock_any(const struct pdf_permissions *permissions);
void pdf_permissions_clear(struct pdf_permissions *permissions);
