/* The axis protocol as a server (/XrdAdapter/adapter/…), as the published Java SDK 2.0.1 speaks it: every
 * parameter is a header, the authentication is an HMAC over the header XroadVnpt-sign-header taken verbatim,
 * and every answer, refusals too, is the one-line JSON envelope {status, ErrorCode, ErrorDesc, …}, because
 * the SDK takes anything else for an empty mailbox.
 *
 * Repeats are legal and change nothing: the SDK reuses one timestamp for years, and asks again when an
 * answer was lost. Headers that leak from earlier calls of the same client are not looked at by calls that
 * do not know them. */
#pragma once

#include "service/service.h"

/* Before the body is taken: whose signature it is. Sets request->caller to the struct axis_system. */
bool axis_admit(struct service *service, struct http_request *request, struct error *err) MUST_USE;
http_handler axis_handle;
/* A refusal that http.c found (too large, busy …), as the envelope. */
void axis_refuse(struct http_request *request, const struct error *err, struct http_reply *reply);

/* The lists of agencies (100,000 and more) as answers, each made once until the registry changes. Any
 * thread may ask. */
struct axis_lists;
struct axis_lists *axis_lists_new(void) MUST_USE;
void axis_lists_free(struct axis_lists **lists);
