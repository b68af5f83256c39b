#include "service/axis_server.h"

#include <strings.h>

#include "base/base_text.h"
#include "exchange/package.h"
#include "service/axis_call.h"
#include "service/axis_text.h"
#include "service/service_text.h"

/* THE CALLS (axis-api 3). GET besides POST where the SDK declares it. */
static const struct {
    const char *name;
    bool get;
    axis_handler *run;
} calls[] = {
    {"sendEdoc", false, axis_send},
    {"getReceivedEdocList", false, axis_received},
    {"getEdoc", false, axis_get},
    {"downloadEdoc", true, axis_download},
    {"updateStatus", false, axis_report},
    {"getSentEdocList", false, axis_sent},
    {"countReceiveEdoc", true, axis_count_edoc},
    {"countReceiveStatus", true, axis_count_status},
    {"getAgenciesList", false, axis_agencies},
    {"getAgenciesListQD20", false, axis_agencies_qd20},
    {"getSynchronizeUnit", false, axis_units},
    {"registerAgency", false, axis_register},
    {"deleteAgency", false, axis_delete},
};

bool axis_need(const struct axis_call *call, const char *key, const char **ret_word, struct error *err)
{
    *ret_word = axis_word(call->parameters, key);
    return *ret_word && **ret_word ? true : fail(err, ERR_USAGE, &TEXT_PARAMETER_MISSING, key);
}

bool axis_need_kind(const struct axis_call *call, enum package_kind *ret_kind, struct error *err)
{
    const char *word;
    if (!axis_need(call, "messagetype", &word, err))
        return false;
    bool status = strcasecmp(word, package_kind_name(PACKAGE_STATUS)) == 0;
    if (!status && strcasecmp(word, package_kind_name(PACKAGE_EDOC)) != 0)
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_VALUE, "messagetype", word);
    *ret_kind = status ? PACKAGE_STATUS : PACKAGE_EDOC;
    return true;
}

static bool no_such_call(const char *name, struct error *err)
{
    const char *names[COUNT_OF(calls)];
    for (size_t i = 0; i < COUNT_OF(calls); i++)
        names[i] = calls[i].name;
    const char *nearest = text_nearest(name, names, COUNT_OF(calls));
    return nearest ? fail(err, ERR_USAGE, &TEXT_AXIS_NO_CALL_NEAR, name, nearest)
                   : fail(err, ERR_USAGE, &TEXT_AXIS_NO_CALL, name);
}

static bool find_call(const struct http_request *request, axis_handler **ret_run, struct error *err)
{
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        if (strcmp(calls[i].name, request->argument) != 0)
            continue;
        if (strcmp(request->method, "POST") != 0 && !(calls[i].get && strcmp(request->method, "GET") == 0))
            return fail(err, ERR_USAGE, &TEXT_AXIS_METHOD, request->argument, request->method);
        *ret_run = calls[i].run;
        return true;
    }
    return no_such_call(request->argument, err);
}

bool axis_admit(struct service *service, struct http_request *request, struct error *err)
{
    const struct axis_system *system;
    axis_handler *run;
    if (!axis_authenticate(service, request, &system, err) || !find_call(request, &run, err)) {
        metrics_add(service->metrics, METRIC_AXIS_CALLS, 1);
        metrics_add(service->metrics, METRIC_AXIS_REFUSED, 1);
        log_warning("axis.refused", F("call", request->argument), F("address", request->address),
                    F("code", axis_error_code(err)), FE(err));
        return false;
    }
    request->caller = system;
    return true;
}

static bool answer(struct axis_call *call, struct http_reply *reply, struct error *err)
{
    axis_handler *run;
    json_t *parameters CLEANUP(json_clear) = NULL;
    if (!find_call(call->request, &run, err) || !axis_parameters(call->request, &parameters, err))
        return false;
    call->parameters = parameters;
    if (!run(call, reply, err))
        return false;
    return reply->body.failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
}

void axis_handle(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct error err = {0};
    struct axis_call call = {.service = service, .request = request, .system = request->caller};
    metrics_add(service->metrics, METRIC_AXIS_CALLS, 1);
    if (answer(&call, reply, &err))
        return;
    metrics_add(service->metrics, METRIC_AXIS_REFUSED, 1);
    log_warning("axis.refused", F("call", request->argument), F("system", call.system->settings->id),
                F("code", axis_error_code(&err)), FE(&err));
    axis_refusal(&err, reply);
}

void axis_refuse(struct http_request *request, const struct error *err, struct http_reply *reply)
{
    (void)request;
    axis_refusal(err, reply);
}
