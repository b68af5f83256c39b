/* The faces of a verdict: the JSON of schemas/verdict.schema.json, and one screen for a person. */
#pragma once

#include <jansson.h>

#include "signer/verdict.h"

/* One word for a citizen: "genuine" (all TOTAL-PASSED), "changed" (bytes or content changed after signing,
 * or a broken signature), "unsigned", "unknown" (anything else). */
const char *report_conclusion(const struct verdict *verdict);
/* New reference: {"file","conclusion","signatures":[…],"document":{…}} */
json_t *report_json(const char *file, const struct verdict *verdict) MUST_USE;
/* New reference: {"file","error":{"code","vi","en"}} for a file that could not be looked at. */
json_t *report_error_json(const char *file, const struct error *err) MUST_USE;
/* One screen. */
void report_simple(const char *file, const struct verdict *verdict, enum language language,
                   struct buffer *ret_text);
