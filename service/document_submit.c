/* POST /api/v1/documents: a document is handed in to be signed, sealed, wrapped and sent. The form's files
 * are in the spool; they are looked at there and get their names in the store only when everything was
 * found good. 202 says that it cannot be lost any more. */
#include <stdio.h>
#include <strings.h>

#include "base/base_text.h"
#include "exchange/attachment.h"
#include "exchange/exchange_text.h"
#include "exchange/intake.h"
#include "exchange/package_text.h"
#include "service/body_blob.h"
#include "service/document_api.h"
#include "service/document_json.h"
#include "service/problem.h"
#include "service/service_text.h"

enum { REPEAT_KEY_MAX = 255, HEADER_MAX = 1 << 20, KEY_URI_MAX = 2048 };

/* The parts of the form, by what they are. */
struct form {
    const struct http_part *header, *sign, *seal;
    const struct http_part *files[PACKAGE_MAX_ATTACHMENTS];
    size_t file_count;
};

/* --- the form --- */

static bool add_file(struct form *form, const struct http_part *part, struct error *err)
{
    char number[24];
    snprintf(number, sizeof(number), "%zu", form->file_count + 1);
    if (!part->file_name || !*part->file_name)
        return fail(err, ERR_USAGE, &TEXT_FORM_NAMELESS, number);
    if (form->file_count == PACKAGE_MAX_ATTACHMENTS)
        return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_TOO_MANY, "file", "200");
    form->files[form->file_count++] = part;
    return true;
}

static bool read_form(const struct http_request *request, struct form *form, struct error *err)
{
    const struct {
        const char *name;
        const struct http_part **place;
    } fields[] = {{"header", &form->header}, {"sign", &form->sign}, {"seal", &form->seal}};
    for (size_t i = 0; i < request->part_count; i++) {
        const struct http_part *part = &request->parts[i], **place = NULL;
        for (size_t field = 0; field < COUNT_OF(fields); field++)
            if (strcmp(fields[field].name, part->name) == 0)
                place = fields[field].place;
        if (place && *place)
            return fail(err, ERR_USAGE, &TEXT_FORM_TWICE, part->name);
        if (place)
            *place = part;
        else if (strcmp(part->name, "file") != 0)
            return fail(err, ERR_USAGE, &TEXT_FORM_FIELD, part->name);
        else if (!add_file(form, part, err))
            return false;
    }
    if (!form->header)
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_MISSING, "header");
    return form->file_count > 0 ? true : fail(err, ERR_USAGE, &TEXT_FORM_NO_FILE);
}

/* The text of a field, or NULL when it is absent or empty. */
static bool read_field(const struct http_part *part, size_t limit, char **ret_text, struct error *err)
{
    struct source source CLEANUP(source_close) = {.fd = -1};
    if (!part || part->body.size == 0)
        return true;
    if (part->body.size > limit)
        return fail(err, ERR_TOO_LARGE, &TEXT_HTTP_PARTS);
    if (!http_body_source(&part->body, &source, err))
        return false;
    *ret_text = span_string(source.bytes);
    return *ret_text ? true : fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

/* --- the document --- */

static bool read_header(const struct caller *caller, const struct form *form, struct header *header,
                        struct error *err)
{
    struct source source CLEANUP(source_close) = {.fd = -1};
    if (form->header->body.size > HEADER_MAX)
        return fail(err, ERR_TOO_LARGE, &TEXT_HTTP_PARTS);
    if (!http_body_source(&form->header->body, &source, err) || !header_json_read(source.bytes, header, err))
        return false;
    if (header->kind != PACKAGE_EDOC)
        return fail(err, ERR_USAGE, &TEXT_DOCUMENT_KIND, package_kind_name(header->kind));
    if (!header_check(header, err))
        return false;
    for (const char *const *agency = caller->agencies; agency && *agency; agency++)
        if (strcasecmp(*agency, header->from.code.text) == 0)
            return true;
    return fail(err, ERR_FORBIDDEN, &TEXT_TOKEN_AGENCY, caller->name, header->from.code.text);
}

static bool attach(const struct http_part *part, struct attachment *attachment, struct error *err)
{
    struct source source CLEANUP(source_close) = {.fd = -1};
    attachment->name = strdup(part->file_name);
    if (!attachment->name)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!http_body_source(&part->body, &source, err) || !attachment_check(attachment, source.bytes, err))
        return false;
    struct digest_value sha256 = digest_of(DIGEST_SHA256, source.bytes);
    return body_blob(source.bytes, part->body.fd, &sha256, &attachment->blob, err);
}

static bool within_limit(const struct service *service, const struct http_part *part, struct error *err)
{
    int64_t limit = service->settings->limits->document;
    char bytes[24];
    snprintf(bytes, sizeof(bytes), "%lld", (long long)limit);
    return part->body.size <= (uint64_t)limit
               ? true
               : fail(err, ERR_TOO_LARGE, &TEXT_FILE_TOO_LARGE, part->file_name, bytes);
}

static bool read_package(const struct service *service, const struct caller *caller, const struct form *form,
                         struct package *package, struct error *err)
{
    if (!read_header(caller, form, &package->header, err))
        return false;
    package->attachments.items = calloc(form->file_count, sizeof(*package->attachments.items));
    if (!package->attachments.items)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t i = 0; i < form->file_count; i++) {
        package->attachments.items[i].blob.fd = -1;
        package->attachments.count = i + 1;
        if (!within_limit(service, form->files[i], err)
            || !attach(form->files[i], &package->attachments.items[i], err))
            return false;
    }
    return true;
}

static bool read_key(const struct caller *caller, const struct http_part *part, char **ret_key,
                     struct error *err)
{
    return read_field(part, KEY_URI_MAX, ret_key, err) && (!*ret_key || access_key(caller, *ret_key, err));
}

static bool read_repeat_key(const struct http_request *request, const char **ret_key, struct error *err)
{
    const char *key = http_header(request, "Idempotency-Key");
    if (!key || !*key)
        return fail(err, ERR_USAGE, &TEXT_REPEAT_KEY_MISSING);
    if (strlen(key) > REPEAT_KEY_MAX)
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_VALUE, "Idempotency-Key", key);
    *ret_key = key;
    return true;
}

static bool submit(struct service *service, const struct http_request *request, struct receipt *ret_receipt,
                   struct error *err)
{
    const struct caller *caller = request->caller;
    char *sign CLEANUP(free_clear) = NULL, *seal CLEANUP(free_clear) = NULL;
    struct package package CLEANUP(package_clear) = {0};
    struct submission submission = {.caller = caller->name, .package = &package};
    struct form form = {0};
    if (!read_repeat_key(request, &submission.repeat_key, err) || !read_form(request, &form, err)
        || !read_key(caller, form.sign, &sign, err) || !read_key(caller, form.seal, &seal, err)
        || !read_package(service, caller, &form, &package, err))
        return false;
    submission.sign_key = sign;
    submission.seal_key = seal;
    return intake_submission(service->store, &submission, ret_receipt, err);
}

static void reply_receipt(const struct service *service, const struct receipt *receipt,
                          struct http_reply *reply)
{
    char where[64 + ID_SIZE];
    json_t *answer CLEANUP(json_clear) =
        json_pack("{s:s, s:s, s:o}", "id", receipt->id, "check_code", receipt->check_code, "check_url",
                  check_url(service->public_url, receipt->check_code));
    snprintf(where, sizeof(where), "/api/v1/documents/%s", receipt->id);
    reply->status = 202;
    reply->content_type = "application/json";
    json_write(answer, &reply->body);
    http_reply_header(reply, "Location", where);
}

void document_submit(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct receipt receipt;
    struct error err = {0};
    const struct caller *caller = request->caller;
    if (!submit(service, request, &receipt, &err)) {
        metrics_add(service->metrics, METRIC_DOCUMENTS_REFUSED, 1);
        log_warning("document.refused", F("channel", "api"), F("caller", caller->name), FE(&err));
        problem_reply(request, &err, reply);
        return;
    }
    metrics_add(service->metrics, receipt.repeat ? METRIC_DOCUMENTS_REPEATED : METRIC_DOCUMENTS_ACCEPTED, 1);
    log_info("document.accepted", F("document", receipt.id), F("channel", "api"), F("caller", caller->name),
             FI("repeat", receipt.repeat));
    reply_receipt(service, &receipt, reply);
}
