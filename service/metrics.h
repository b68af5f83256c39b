/* Counters for Prometheus (text format 0.0.4). Any thread may count; a name and label are static text. */
#pragma once

#include "base/bytes.h"

#define METRICS_TABLE(X)                                                                                     \
    X(REQUESTS, "vanthu_http_requests_total", "counter", "HTTP requests answered")                           \
    X(REQUESTS_REFUSED, "vanthu_http_requests_refused_total", "counter", "HTTP requests answered with 4xx")  \
    X(REQUESTS_FAILED, "vanthu_http_requests_failed_total", "counter", "HTTP requests answered with 5xx")    \
    X(REQUEST_MS, "vanthu_http_request_milliseconds_total", "counter", "Time spent on HTTP requests")        \
    X(SIGNATURES, "vanthu_signatures_total", "counter", "Signatures made")                                   \
    X(SIGNATURES_FAILED, "vanthu_signatures_failed_total", "counter", "Signatures that could not be made")   \
    X(VERDICTS_GENUINE, "vanthu_verdicts_genuine_total", "counter", "Documents found genuine")               \
    X(VERDICTS_CHANGED, "vanthu_verdicts_changed_total", "counter", "Documents found changed")               \
    X(VERDICTS_UNKNOWN, "vanthu_verdicts_unknown_total", "counter",                                          \
      "Documents nothing certain could be said of")                                                          \
    X(DOCUMENTS_ACCEPTED, "vanthu_documents_accepted_total", "counter", "Documents accepted")                \
    X(DOCUMENTS_REPEATED, "vanthu_documents_repeated_total", "counter",                                      \
      "Repeats answered with the first receipt")                                                             \
    X(DOCUMENTS_REFUSED, "vanthu_documents_refused_total", "counter", "Documents refused at intake")         \
    X(AXIS_CALLS, "vanthu_axis_calls_total", "counter", "Calls of the axis protocol")                        \
    X(AXIS_REFUSED, "vanthu_axis_calls_refused_total", "counter", "Calls of the axis protocol refused")

#define METRIC_ENUM(id, name, kind, meaning) METRIC_##id,
enum metric { METRICS_TABLE(METRIC_ENUM) METRICS };
#undef METRIC_ENUM

struct metrics;
struct metrics *metrics_new(void) MUST_USE;
void metrics_free(struct metrics **metrics);
void metrics_add(struct metrics *metrics, enum metric metric, uint64_t amount);
void metrics_write(const struct metrics *metrics, struct buffer *ret_text);
