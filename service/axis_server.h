/* The axis protocol as a server (/XrdAdapter/adapter/…), as the published Java SDK 2.0.1 speaks it: every parameter is a header, the
 * authentication is an HMAC over the header XroadVnpt-sign-header taken verbatim, and every answer, refusals too, is the one-line JSON
 * envelope {status, ErrorCode, ErrorDesc, …}, because the SDK takes anything else for an empty mailbox. */
#pragma once

#include "service/service.h"

http_handler axis_handle;
/* A refusal that http.c found (too large, busy …), as the envelope. */
void axis_refuse(struct http_request *request, const struct error *err, struct http_reply *reply);
