/* A verdict as a file for keeping: XML of ETSI TS 119 102-2 or PDF, signed with the key of the settings where there is one. */
#include <stdio.h>

#include "base/base_text.h"
#include "service/problem.h"
#include "service/service_text.h"
#include "service/verify_api.h"
#include "signer/report.h"
#include "signer/signer.h"

struct report_wish {
    enum report_kind kind;
    enum language language;
};

static bool read_wish(const struct http_request *request, struct report_wish *ret_wish, struct error *err)
{
    const char *kind = http_query(request, "format"), *language = http_query(request, "lang");
    *ret_wish = (struct report_wish){.kind = report_kind_of(kind ? kind : "pdf")};
    if (ret_wish->kind == REPORT_KINDS)
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_VALUE, "format", kind);
    if (language && strcmp(language, "en") == 0)
        ret_wish->language = LANGUAGE_EN;
    return true;
}

static bool sign_report(struct service *service, struct span report, struct buffer *ret_signed,
                        struct error *err)
{
    struct key_description key CLEANUP(key_description_clear) = {0};
    const char *uri = service->settings->trust->report_key;
    if (!hsm_describe(service->hsm, uri, &key, err))
        return false;
    const struct signing how = {
        .certificate = buffer_span(&key.certificate), .chain = service->chain, .clock = service->clock};
    struct source document = source_of(report);
    struct sink out = sink_buffer(ret_signed);
    return signer_sign(service->hsm, uri, &how, &document, &out, NULL, err) && sink_finish(&out, err);
}

static bool can_be_signed(enum report_kind kind)
{
    return kind == REPORT_PDF || kind == REPORT_ETSI;
}

static bool make_report(struct service *service, const struct report_wish *wish,
                        const struct question *question, struct buffer *ret_report, struct error *err)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct buffer plain CLEANUP(buffer_clear) = {0};
    const struct report_about about = {.file = question->name,
                                       .digest = digest_of(DIGEST_SHA256, question->document.bytes),
                                       .at_ms = clock_now_ms(service->clock),
                                       .policy = question->policy.name};
    if (!question_ask(service, question, &verdict, err)
        || !report_write(wish->kind, &about, &verdict, wish->language, &plain, err))
        return false;
    if (service->settings->trust->report_key && can_be_signed(wish->kind))
        return sign_report(service, buffer_span(&plain), ret_report, err);
    *ret_report = plain;
    plain = (struct buffer){0};
    return true;
}

void report_handle(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct question question CLEANUP(question_clear) = {.document = {.fd = -1}};
    struct report_wish wish;
    struct error err = {0};
    if (!read_wish(request, &wish, &err) || !question_read(service, request, &question, &err)
        || !make_report(service, &wish, &question, &reply->body, &err)) {
        log_warning("report.failed", FE(&err));
        problem_reply(request, &err, reply);
        return;
    }
    reply->status = 200;
    reply->content_type = report_content_type(wish.kind);
}

void report_public(struct service *service, struct http_request *request, struct http_reply *reply)
{
    question_for_anybody(service, request, reply, report_handle);
}
