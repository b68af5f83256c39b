#include "service/verify_api.h"

#include <stdatomic.h>
#include <stdio.h>

#include "base/base_text.h"
#include "exchange/check_code.h"
#include "service/problem.h"
#include "service/service_text.h"
#include "signer/report.h"

static _Atomic int public_now; /* citizens' files being looked at */

/* The file is the form's part `file`, or the whole body. */
static const struct http_body *file_of(const struct http_request *request)
{
    const struct http_part *part = http_part(request, "file");
    return part ? &part->body : &request->body;
}

/* A form has the name itself. Only shown back, never a path. */
static void file_name_of(const struct http_request *request, char ret_name[static FILE_NAME_MAX])
{
    const struct http_part *part = http_part(request, "file");
    struct buffer name CLEANUP(buffer_clear) = {0};
    if (part && part->file_name)
        buffer_text(&name, part->file_name);
    else if (!http_file_name(request, &name))
        buffer_clear(&name);
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

/* A caller may choose among the policies that are built in, not among our files. */
static bool read_policy(const struct service *service, const struct http_request *request,
                        struct policy *ret_policy, struct error *err)
{
    const char *name = http_query(request, "policy");
    *ret_policy = *service->policy;
    for (const char *const *at = policy_names(); name && *at; at++)
        if (strcmp(name, *at) == 0)
            return policy_load(name, ret_policy, err);
    return !name || fail(err, ERR_USAGE, &TEXT_PARAMETER_VALUE, "policy", name);
}

void question_clear(struct question *question)
{
    source_close(&question->document);
}

bool question_read(struct service *service, const struct http_request *request, struct question *ret_question,
                   struct error *err)
{
    *ret_question = (struct question){.document = {.fd = -1}};
    file_name_of(request, ret_question->name);
    return read_policy(service, request, &ret_question->policy, err)
           && http_body_source(file_of(request), &ret_question->document, err);
}

bool question_ask(struct service *service, const struct question *question, struct verdict *ret_verdict,
                  struct error *err)
{
    struct buffer policy CLEANUP(buffer_clear) = {0};
    policy_write(&question->policy, &policy);
    const struct checker_job job = {.document = &question->document,
                                    .at_ms = clock_now_ms(service->clock),
                                    .policy = buffer_span(&policy)};
    if (policy.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!lookup_check(service->lookup, service->checkers, &job, ret_verdict, err))
        return false;
    count(service, report_conclusion(ret_verdict));
    return true;
}

/* "I could not look" is an answer too, but for what a later try may mend. */
static bool report_on(struct service *service, const struct question *question, json_t **ret_report,
                      struct error *err)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    if (question_ask(service, question, &verdict, err)) {
        *ret_report = report_json(question->name, &verdict);
        return true;
    }
    if (error_meaning(err->code)->retry || err->code == ERR_INTERNAL)
        return false;
    *ret_report = report_error_json(question->name, err);
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
    const char *code = http_query(request, "code");
    bool matches = false;
    struct question question CLEANUP(question_clear) = {.document = {.fd = -1}};
    if (!question_read(service, request, &question, err)
        || (code && !compare_with_code(service, code, &question.document, &matches, err))
        || !report_on(service, &question, ret_report, err))
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

void question_for_anybody(struct service *service, struct http_request *request, struct http_reply *reply,
                          http_handler *handle)
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
        handle(service, request, reply);
    }
    atomic_fetch_sub(&public_now, 1);
}

void verify_public(struct service *service, struct http_request *request, struct http_reply *reply)
{
    question_for_anybody(service, request, reply, verify_handle);
}
