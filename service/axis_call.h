/* The calls of the axis protocol, each in a small function; the table that names them stands in
 * axis_server.c. Not for other rooms. */
#pragma once

#include "exchange/package.h"
#include "service/axis_answer.h"
#include "service/axis_words.h"
#include "service/service.h"

struct axis_call {
    struct service *service;
    struct http_request *request;
    const struct axis_system *system; /* who calls: its signature fits */
    const json_t *parameters;         /* the signed text, read with axis_word */
};

/* Fills the reply, or says why not; what is in the reply then is thrown away. */
typedef bool axis_handler(const struct axis_call *call, struct http_reply *reply, struct error *err);

/* The value of a parameter that must be there and not empty; USAGE. */
bool axis_need(const struct axis_call *call, const char *key, const char **ret_word, struct error *err)
    MUST_USE;
/* messagetype: edoc or status; USAGE. */
bool axis_need_kind(const struct axis_call *call, enum package_kind *ret_kind, struct error *err) MUST_USE;

/* axis_auth.c: whose signature fits the request. UNAUTHENTICATED (15) for every other. */
bool axis_authenticate(const struct service *service, const struct http_request *request,
                       const struct axis_system **ret_system, struct error *err) MUST_USE;
/* The signed text of a request that was authenticated. The caller decrefs. */
bool axis_parameters(const struct http_request *request, json_t **ret_parameters, struct error *err) MUST_USE;

/* axis_send.c */
axis_handler axis_send;
/* axis_mailbox.c */
axis_handler axis_received, axis_sent, axis_get, axis_download, axis_report, axis_count_edoc,
    axis_count_status;
/* axis_agencies.c */
axis_handler axis_agencies, axis_agencies_qd20, axis_units, axis_register, axis_delete;
