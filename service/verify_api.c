#include "service/verify_api.h"

#include <stdatomic.h>
#include <stdio.h>

#include "exchange/check_code.h"
#include "service/problem.h"
#include "service/service_text.h"
#include "signer/report.h"

enum { FILE_NAME_MAX = 256 };

static _Atomic int public_now; /* citizens' files being looked at */

/* The file is the form's part `file`, or the whole body. */
static const struct http_body *file_of(const struct http_request *request)
{
    const struct http_part *part = http_part(request, "file");
    return part ? &part->body : &request->body;
}

/* X-File-Name carries UTF-8 percent-encoded; a form has the name itself. Only shown back, never a path. */
static void file_name_of(const struct http_request *request, char ret_name[static FILE_NAME_MAX])
{
    const struct http_part *part = http_part(request, "file");
    const char *coded = http_header(request, "X-File-Name");
    struct buffer name CLEANUP(buffer_clear) = {0};
    if (part && part->file_name) {
        buffer_text(&name, part->file_name);
    } else {
        for (const char *at = coded ? coded : ""; *at; at++) {
            uint8_t byte = (uint8_t)*at;
            if (*at == '%' && hex_read(span_of(at + 1, strnlen(at + 1, 2)), 1, &byte))
                at += 2;
            buffer_u8(&name, byte);
        }
    }
    text_clean((const char *)name.data, name.size, FILE_NAME_MAX, ret_name);
}

static void count(struct service *service, const char *conclusion)
{
    metrics_add(service->metrics,
                strcmp(conclusion, "genuine") == 0   ? METRIC_VERDICTS_GENUINE
                : strcmp(conclusion, "changed") == 0 ? METRIC_VERDICTS_CHANGED
                                                     : METRIC_VERDICTS_UNKNOWN,
                1);
}

/* "I could not look" is an answer too, but for what a later try may mend. */
static bool report_on(struct service *service, const char *name, const struct source *document,
                      json_t **ret_report, struct error *err)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    const struct checker_job job = {.document = document, .at_ms = clock_now_ms(service->clock)};
    if (lookup_check(service->lookup, service->checkers, &job, &verdict, err)) {
        count(service, report_conclusion(&verdict));
        *ret_report = report_json(name, &verdict);
        return true;
    }
    if (error_meaning(err->code)->retry || err->code == ERR_INTERNAL)
        return false;
    *ret_report = report_error_json(name, err);
    return true;
}

/* Whether these bytes are one of the files that were issued under the code; NOT_FOUND for a code that
 * nobody issued. */
static bool compare_with_code(struct service *service, const char *code, const struct source *document,
                              bool *ret_matches, struct error *err)
{
    struct check_answer answer CLEANUP(check_answer_clear) = {0};
    if (!check_code_find(service->store, code, &answer, err))
        return false;
    struct digest_value digest = digest_of(DIGEST_SHA256, document->bytes);
    char sha256[SHA256_HEX_SIZE];
    hex_text(digest_span(&digest), sha256);
    *ret_matches = false;
    for (size_t i = 0; i < answer.document.part_count; i++)
        *ret_matches = *ret_matches || strcmp(answer.document.parts[i].blob, sha256) == 0;
    return true;
}

/* With ?code=… the report also says whether this is the file behind that code: another genuine document is
 * not the one on the paper. */
static bool look(struct service *service, struct http_request *request, json_t **ret_report,
                 struct error *err)
{
    char name[FILE_NAME_MAX];
    const char *code = http_query(request, "code");
    bool matches = false;
    struct source document CLEANUP(source_close) = {.fd = -1};
    file_name_of(request, name);
    if (!http_body_source(file_of(request), &document, err)
        || (code && !compare_with_code(service, code, &document, &matches, err))
        || !report_on(service, name, &document, ret_report, err))
        return false;
    if (code)
        json_object_set_new(*ret_report, "matches_code", json_boolean(matches));
    return true;
}

void verify_handle(struct service *service, struct http_request *request, struct http_reply *reply)
{
    json_t *report CLEANUP(json_clear) = NULL;
    struct error err = {0};
    if (!look(service, request, &report, &err)) {
        log_warning("verify.failed", FE(&err));
        problem_reply(request, &err, reply);
        return;
    }
    reply->status = 200;
    reply->content_type = "application/json";
    json_write(report, &reply->body);
}

void verify_public(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct error err = {0};
    char limit[24];
    snprintf(limit, sizeof(limit), "%lld", (long long)service->settings->limits->public_upload);
    if (file_of(request)->size > (uint64_t)service->settings->limits->public_upload) {
        fail(&err, ERR_TOO_LARGE, &TEXT_HTTP_TOO_LARGE, limit);
        problem_reply(request, &err, reply);
        return;
    }
    if (atomic_fetch_add(&public_now, 1) >= service->settings->limits->public_at_once) {
        fail(&err, ERR_BUSY, &TEXT_HTTP_BUSY);
        problem_reply(request, &err, reply);
    } else {
        verify_handle(service, request, reply);
    }
    atomic_fetch_sub(&public_now, 1);
}
