/* To whom a package goes: what stands in it decides, the call it came with may only leave some out (docs/decisions/recipients.md).
 * Any thread may call. */
#pragma once

#include "exchange/document.h"
#include "exchange/header.h"

struct store;

/* The words stand in `arena` and in `header`. REFUSED: nobody to send to; TOO_LARGE: too many. */
bool addressees_choose(struct store *store, const struct header *header, const struct agency_code *to,
                       size_t to_count, struct arena *arena, struct recipient **ret_recipients,
                       size_t *ret_count, struct error *err) MUST_USE;
