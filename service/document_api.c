/* What callers see of documents: where one stands, lists, the package. A caller sees what it handed in,
 * and what its agencies send or receive; everything else does not exist for it. */
#include "service/document_api.h"

#include <stdio.h>
#include <strings.h>

#include "exchange/exchange_text.h"
#include "service/document_json.h"
#include "service/problem.h"
#include "service/service_text.h"

enum { LIST_DEFAULT = 100 };

static void reply_json(const json_t *value, struct http_reply *reply)
{
    reply->status = 200;
    reply->content_type = "application/json";
    json_write(value, &reply->body);
}

/* --- who may see it --- */

static bool acts_for(const struct caller *caller, const char *code)
{
    for (const char *const *agency = caller->agencies; agency && *agency; agency++)
        if (strcasecmp(*agency, code) == 0)
            return true;
    return false;
}

static bool may_see(const struct caller *caller, const struct document *document,
                    const struct delivery_list *copies)
{
    bool sees = strcmp(document->caller, caller->name) == 0 || acts_for(caller, document->from);
    for (size_t i = 0; i < copies->count && !sees; i++)
        sees = acts_for(caller, copies->deliveries[i].to);
    return sees;
}

/* The document of the path, if the caller may see it; a stranger's is as unknown as one that does not
 * exist. */
static bool find_document(struct service *service, const struct http_request *request,
                          struct document *ret_document, struct delivery_list *ret_copies, struct error *err)
{
    char id[ID_SIZE];
    size_t size = strcspn(request->argument, "/");
    snprintf(id, sizeof(id), "%.*s", size < sizeof(id) ? (int)size : 0, request->argument);
    if (!store_document(service->store, id, ret_document, err)
        || !delivery_of_document(service->store, id, ret_copies, err))
        return false;
    return may_see(request->caller, ret_document, ret_copies)
               ? true
               : fail(err, ERR_NOT_FOUND, &TEXT_DOCUMENT_UNKNOWN, id);
}

/* --- one --- */

void document_show(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct document document CLEANUP(document_clear) = {0};
    struct delivery_list copies CLEANUP(delivery_list_clear) = {0};
    struct error err = {0};
    if (!find_document(service, request, &document, &copies, &err)) {
        problem_reply(request, &err, reply);
        return;
    }
    json_t *whole CLEANUP(json_clear) = document_whole(&document, &copies, service->public_url);
    reply_json(whole, reply);
}

static bool open_package(struct service *service, const struct http_request *request,
                         struct http_reply *reply, struct error *err)
{
    struct document document CLEANUP(document_clear) = {0};
    struct delivery_list copies CLEANUP(delivery_list_clear) = {0};
    struct body package CLEANUP(body_close) = {.source.fd = -1};
    if (!find_document(service, request, &document, &copies, err))
        return false;
    if (!*document.package)
        return fail(err, ERR_NOT_FOUND, &TEXT_PACKAGE_NOT_YET, document.id);
    if (!store_body(service->store, document.package, &package, err)
        || !source_dup_fd(&package.source, &reply->fd, err))
        return false;
    reply->fd_size = package.source.bytes.size;
    reply->status = 200;
    reply->content_type = "application/xml";
    struct buffer name CLEANUP(buffer_clear) = {0};
    buffer_format(&name, "attachment; filename=\"%s.edxml\"", document.id);
    http_reply_header(reply, "Content-Disposition", buffer_string(&name));
    return true;
}

void document_package(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct error err = {0};
    if (!open_package(service, request, reply, &err))
        problem_reply(request, &err, reply);
}

/* --- many --- */

/* Whose documents are asked for: the caller's and its agencies', or those of one of them. */
struct whose {
    const char *caller;
    const char *const *agencies;
    const char *one[2];
};

static bool read_whose(const struct http_request *request, struct whose *ret_whose, struct error *err)
{
    static const char *const none[] = {NULL};
    const struct caller *caller = request->caller;
    const char *agency = http_query(request, "agency");
    if (agency && !acts_for(caller, agency))
        return fail(err, ERR_FORBIDDEN, &TEXT_TOKEN_AGENCY, caller->name, agency);
    ret_whose->one[0] = agency;
    ret_whose->caller = agency ? NULL : caller->name;
    ret_whose->agencies = agency ? ret_whose->one : caller->agencies ? caller->agencies : none;
    return true;
}

static bool bad_value(const char *name, const char *value, struct error *err)
{
    return fail(err, ERR_USAGE, &TEXT_PARAMETER_VALUE, name, value);
}

static bool read_direction(const char *word, enum direction *ret_direction, struct error *err)
{
    *ret_direction = !word ? DIRECTION_ANY : strcmp(word, "in") == 0 ? DIRECTION_IN : DIRECTION_OUT;
    return !word || *ret_direction == DIRECTION_IN || strcmp(word, "out") == 0
               ? true
               : bad_value("direction", word, err);
}

static bool read_stage(const char *word, enum stage *ret_stage, struct error *err)
{
    *ret_stage = STAGE_COUNT;
    for (int stage = 0; word && stage < STAGE_COUNT; stage++)
        if (strcmp(stage_name((enum stage)stage), word) == 0)
            *ret_stage = (enum stage)stage;
    return !word || *ret_stage != STAGE_COUNT ? true : bad_value("stage", word, err);
}

static bool read_query(const struct http_request *request, struct document_query *query, struct error *err)
{
    const char *since = http_query(request, "since"), *limit = http_query(request, "limit");
    char *end = NULL;
    query->after = http_query(request, "after");
    query->limit = limit ? strtoul(limit, &end, 10) : LIST_DEFAULT;
    if (since && !clock_read(since, &query->since_ms))
        return bad_value("since", since, err);
    if (limit && (*end || query->limit == 0 || query->limit > LIST_LIMIT))
        return bad_value("limit", limit, err);
    return read_direction(http_query(request, "direction"), &query->direction, err)
           && read_stage(http_query(request, "stage"), &query->stage, err);
}

static json_t *list_json(const struct document_list *list, size_t limit, const char *public_url)
{
    json_t *items = json_array();
    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(items, document_summary(&list->documents[i], public_url));
    bool more = list->count == limit; /* or that was the last: then the next page is empty */
    return json_pack("{s:o, s:s?}", "documents", items, "next",
                     more ? list->documents[list->count - 1].id : NULL);
}

void document_list_handle(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct whose whose = {0};
    struct document_query query = {0};
    struct document_list list CLEANUP(document_list_clear) = {0};
    struct error err = {0};
    bool asked = read_whose(request, &whose, &err) && read_query(request, &query, &err);
    query.caller = whose.caller;
    query.agencies = whose.agencies;
    if (!asked || !store_documents(service->store, &query, &list, &err)) {
        problem_reply(request, &err, reply);
        return;
    }
    json_t *answer CLEANUP(json_clear) = list_json(&list, query.limit, service->public_url);
    reply_json(answer, reply);
}
