/* How a refusal looks to a caller: problem+json (RFC 9457) with the sentence in both languages. */
#pragma once

#include "service/http.h"

/* type "urn:vanthu:error:<code>", title, status, detail (English), title_vi, detail_vi; Retry-After and WWW-Authenticate where they belong. */
void problem_reply(struct http_request *request, const struct error *err, struct http_reply *reply);
