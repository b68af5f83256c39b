#include <stdio.h>

#include "service/axis_call.h"
#include "service/axis_text.h"

static const char SIGNED_TEXT[] = AXIS_PREFIX "sign-header", SIGNATURE[] = AXIS_PREFIX "hash-header";
enum { SECOND_MS = 1000 };

/* Nothing but the timestamp tells a replay from a call, and the SDK takes it once per service object, for
 * years: so a window is a setting of the system, and without one the difference is only logged. */
static bool in_time(const struct service *service, const struct axis_system *system, const json_t *parameters,
                    struct error *err)
{
    const char *timestamp = axis_word(parameters, "timestamp");
    int64_t told_ms, window = system->settings->window;
    bool readable = timestamp && axis_timestamp_read(timestamp, &told_ms);
    int64_t off = readable ? (clock_now_ms(service->clock) - told_ms) / SECOND_MS : 0;
    if (window == 0) {
        log_debug("axis.timestamp", F("system", system->settings->id), FI("seconds_old", off));
        return true;
    }
    char seconds[24];
    snprintf(seconds, sizeof(seconds), "%lld", (long long)window);
    if (!readable || off > window || off < -window)
        return fail(err, ERR_UNAUTHENTICATED, &TEXT_AXIS_TIMESTAMP, timestamp ? timestamp : "-", seconds);
    return true;
}

bool axis_parameters(const struct http_request *request, json_t **ret_parameters, struct error *err)
{
    const char *text = http_header(request, SIGNED_TEXT);
    return text ? axis_signed_read(span_text(text), ret_parameters, err)
                : fail(err, ERR_UNAUTHENTICATED, &TEXT_AXIS_UNSIGNED, SIGNED_TEXT);
}

bool axis_authenticate(const struct service *service, const struct http_request *request,
                       const struct axis_system **ret_system, struct error *err)
{
    json_t *parameters CLEANUP(json_clear) = NULL;
    const char *hash = http_header(request, SIGNATURE);
    if (!hash)
        return fail(err, ERR_UNAUTHENTICATED, &TEXT_AXIS_UNSIGNED, SIGNATURE);
    if (!axis_parameters(request, &parameters, err))
        return false;

    const char *id = axis_word(parameters, "systemid");
    const struct axis_system *system = id ? access_system(service->access, id) : NULL;
    struct span text = span_text(http_header(request, SIGNED_TEXT));
    if (!system || !axis_hash_fits(buffer_span(&system->secret), text, hash))
        return fail(err, ERR_UNAUTHENTICATED, &TEXT_AXIS_STRANGER);
    if (!axis_address_listed(system->settings->addresses, request->address))
        return fail(err, ERR_UNAUTHENTICATED, &TEXT_AXIS_ADDRESS, id, request->address);
    if (!in_time(service, system, parameters, err))
        return false;
    *ret_system = system;
    return true;
}
