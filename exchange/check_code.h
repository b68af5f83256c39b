/* What a QR code opens (/k/<code>): 128 random bits that say nothing by themselves, separate from every legal code, and can be
 * revoked. The answer shows what the paper shows and where the document stands, never the file. Any thread may call. */
#pragma once

#include "exchange/delivery.h"

struct check_answer {
    struct document document; /* number, notation, date, from, conclusion, verdict, stage */
    struct delivery_list deliveries;
    int64_t issued_ms;
    const char *state; /* "issued", "sent", "delivered", "accepted", "refused", "recalled" */
};
void check_answer_clear(struct check_answer *answer);

void check_code_new(char ret_code[static CHECK_CODE_SIZE]);
/* NOT_FOUND with different sentences for a code nobody issued and one that was revoked. Letter case and blanks do not matter. */
bool check_code_find(struct store *store, const char *code, struct check_answer *ret_answer,
                     struct error *err) MUST_USE;
bool check_code_revoke(struct store *store, const char *code, const char *reason, struct error *err) MUST_USE;
