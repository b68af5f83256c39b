/* The whole API on one page: method, path, largest body, who may, what answers, in which form it refuses, and whether it waits for a
 * token. */
#include "service/axis_server.h"
#include "service/document_api.h"
#include "service/pages.h"
#include "service/problem.h"
#include "service/service.h"
#include "service/sign_api.h"
#include "service/verify_api.h"

enum { NO_BODY = 0, SMALL = 1 << 20, PUBLIC_MAX = 51 << 20 /* 50 MB and the form around it */ };
#define DOCUMENT_MAX ((uint64_t)2 << 30)

static bool may_sign(struct service *service, struct http_request *request, struct error *err)
{
    return access_require(service->access, request, RIGHT_SIGN, err);
}

static bool may_verify(struct service *service, struct http_request *request, struct error *err)
{
    return access_require(service->access, request, RIGHT_VERIFY, err);
}

static bool may_submit(struct service *service, struct http_request *request, struct error *err)
{
    return access_require(service->access, request, RIGHT_SUBMIT, err);
}

static bool may_read(struct service *service, struct http_request *request, struct error *err)
{
    return access_require(service->access, request, RIGHT_READ, err);
}

static bool anybody(struct service *service, struct http_request *request, struct error *err)
{
    return access_public(service->access, request->address, clock_now_ms(service->clock), err);
}

/* clang-format off */
const struct route public_routes[] = {
    /* method  path                             body          who         what                refusals     waits */
    {"POST",   "/api/v1/sign",                  DOCUMENT_MAX, may_sign,   sign_handle,        problem_reply, true},
    {"POST",   "/api/v1/verify",                DOCUMENT_MAX, may_verify, verify_handle,      problem_reply, false},
    {"POST",   "/api/v1/verify/report",         DOCUMENT_MAX, may_verify, report_handle,      problem_reply, true},
    {"POST",   "/api/v1/documents",             DOCUMENT_MAX, may_submit, document_submit,    problem_reply, false},
    {"GET",    "/api/v1/documents",             NO_BODY,      may_read,   document_list_handle, problem_reply, false},
    {"GET",    "/api/v1/documents/{id}",        NO_BODY,      may_read,   document_show,      problem_reply, false},
    {"GET",    "/api/v1/documents/{id}/package", NO_BODY,     may_read,   document_package,   problem_reply, false},
    {"GET",    "/api/v1/openapi.yaml",          NO_BODY,      NULL,       pages_openapi,      problem_reply, false},
    {"*",      "/XrdAdapter/adapter/{call*}",   DOCUMENT_MAX, axis_admit, axis_handle,        axis_refuse, false},
    {"GET",    "/",                             NO_BODY,      NULL,       pages_home,         problem_reply, false},
    {"GET",    "/verify",                       NO_BODY,      NULL,       pages_verify,       problem_reply, false},
    {"POST",   "/verify",                       PUBLIC_MAX,   anybody,    verify_public,      problem_reply, false},
    {"POST",   "/verify/report",                PUBLIC_MAX,   anybody,    report_public,      problem_reply, true},
    {"GET",    "/k/{code}",                     NO_BODY,      NULL,       pages_verify,       problem_reply, false},
    {"GET",    "/k/{code}/data",                NO_BODY,      anybody,    pages_code_data,    problem_reply, false},
    {"GET",    "/k/{code}/qr.svg",              NO_BODY,      anybody,    pages_code_qr,      problem_reply, false},
    {"GET",    "/assets/{file}",                NO_BODY,      NULL,       pages_asset,        problem_reply, false},
    {"GET",    "/favicon.ico",                  NO_BODY,      NULL,       pages_icon,         problem_reply, false},
    {"GET",    "/robots.txt",                   NO_BODY,      NULL,       pages_robots,       problem_reply, false},
    {"GET",    "/healthz",                      NO_BODY,      NULL,       pages_health,       problem_reply, false},
    {"GET",    "/readyz",                       NO_BODY,      NULL,       pages_ready,        problem_reply, false},
};
const size_t public_route_count = COUNT_OF(public_routes);

const struct route admin_routes[] = {
    {"GET",    "/metrics",                      NO_BODY,      NULL,       pages_metrics,      problem_reply, false},
    {"GET",    "/healthz",                      NO_BODY,      NULL,       pages_health,       problem_reply, false},
    {"GET",    "/readyz",                       NO_BODY,      NULL,       pages_ready,        problem_reply, false},
};
const size_t admin_route_count = COUNT_OF(admin_routes);
/* clang-format on */
