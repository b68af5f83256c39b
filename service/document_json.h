/* Records of the exchange as the API shows them; schemas/openapi.yaml names every member. */
#pragma once

#include "base/json.h"
#include "exchange/delivery.h"

/* One line of a list. public_url: what check_url starts with. */
json_t *document_summary(const struct document *document, const char *public_url);
/* Everything: with its parts, verdict and copies. */
json_t *document_whole(const struct document *document, const struct delivery_list *deliveries,
                       const char *public_url);
/* PUBLIC/k/CODE; null when there is no code yet. */
json_t *check_url(const char *public_url, const char *check_code);
