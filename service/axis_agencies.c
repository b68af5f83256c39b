/* Agencies over the axis protocol: who there is, registering and deleting one's own. */
#include <pthread.h>

#include "base/base_text.h"
#include "exchange/agency.h"
#include "service/axis_call.h"
#include "service/axis_server.h"
#include "service/service_text.h"

/* --- items, as each list calls their fields (axis-api 3.7) --- */

/* An agency registered without an id is known by its code. */
static const char *id_of(const struct agency *agency)
{
    const char *id = axis_text(agency->id);
    return *id ? id : agency->code;
}

static json_t *agency_item(const struct agency *agency)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "id", id_of(agency), "pid", axis_text(agency->parent),
                     "code", agency->code, "name", axis_text(agency->name), "mail", axis_text(agency->mail),
                     "oldCode", axis_text(agency->other_code));
}

static json_t *qd20_item(const struct agency *agency)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", id_of(agency), "code", agency->code, "name",
                     axis_text(agency->name), "mail", axis_text(agency->mail), "code102",
                     axis_text(agency->other_code));
}

static json_t *unit_item(const struct agency *agency)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:b, s:o, s:b}", "id", id_of(agency), "pid",
                     axis_text(agency->parent), "code", agency->code, "name", axis_text(agency->name), "mail",
                     axis_text(agency->mail), "version", (json_int_t)agency->version, "centerCode",
                     axis_text(agency->system), "deleted", agency->deleted, "modifyDate",
                     axis_time(agency->modified_ms), "isAgency", true);
}

enum list_kind { LIST_AGENCIES, LIST_QD20, LIST_UNITS, LIST_KINDS };
static const struct {
    json_t *(*item)(const struct agency *);
    bool deleted_too; /* whoever synchronises must learn of those that went */
} lists[LIST_KINDS] = {
    [LIST_AGENCIES] = {agency_item, false},
    [LIST_QD20] = {qd20_item, false},
    [LIST_UNITS] = {unit_item, true},
};

/* --- answers, made once a version --- */

struct made_list {
    int fd; /* a nameless file with the whole answer; -1: not made yet */
    uint64_t size, version;
};
struct axis_lists {
    pthread_mutex_t lock; /* of all; held while a list is made: whoever else wants it waits for the same */
    struct made_list made[LIST_KINDS];
};

struct axis_lists *axis_lists_new(void)
{
    struct axis_lists *kept = calloc(1, sizeof(*kept));
    if (!kept)
        return NULL;
    pthread_mutex_init(&kept->lock, NULL);
    for (size_t i = 0; i < LIST_KINDS; i++)
        kept->made[i].fd = -1;
    return kept;
}

void axis_lists_free(struct axis_lists **owner)
{
    struct axis_lists *kept = *owner;
    if (!kept)
        return;
    for (size_t i = 0; i < LIST_KINDS; i++)
        fd_close(&kept->made[i].fd);
    pthread_mutex_destroy(&kept->lock);
    free(kept);
    *owner = NULL;
}

static bool write_list(struct service *service, enum list_kind kind, int *ret_fd, uint64_t *ret_size,
                       struct error *err)
{
    const struct agency_query query = {.deleted_too = lists[kind].deleted_too};
    struct agency_list agencies CLEANUP(agency_list_clear) = {0};
    struct buffer text CLEANUP(buffer_clear) = {0};
    int fd CLEANUP(fd_close) = -1;
    if (!agency_list(service->store, &query, &agencies, err))
        return false;
    axis_list_begin(&text);
    for (size_t i = 0; i < agencies.count; i++)
        axis_list_add(&text, lists[kind].item(&agencies.agencies[i]));
    axis_list_end(&text);
    if (text.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!spool_file(service->spool, text.size, &fd, err) || !fd_write_all(fd, buffer_span(&text), err))
        return false;
    *ret_size = text.size;
    *ret_fd = fd_take(&fd);
    return true;
}

/* The version is asked before the list is read: a change between the two is seen next time. */
static bool fresh_list(struct service *service, enum list_kind kind, struct error *err)
{
    struct made_list *made = &service->axis_lists->made[kind];
    uint64_t version;
    int fd;
    if (!agency_version(service->store, &version, err))
        return false;
    if (made->fd >= 0 && made->version == version)
        return true;
    if (!write_list(service, kind, &fd, &made->size, err))
        return false;
    fd_close(&made->fd);
    made->fd = fd;
    made->version = version;
    return true;
}

static bool list_reply(const struct axis_call *call, enum list_kind kind, struct http_reply *reply,
                       struct error *err)
{
    struct axis_lists *kept = call->service->axis_lists;
    pthread_mutex_lock(&kept->lock);
    bool fresh = fresh_list(call->service, kind, err);
    int fd = fresh ? dup(kept->made[kind].fd) : -1;
    uint64_t size = kept->made[kind].size;
    pthread_mutex_unlock(&kept->lock);
    if (!fresh)
        return false;
    if (fd < 0) {
        fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        return error_errno(err, "dup");
    }
    axis_file_reply(fd, size, reply);
    return true;
}

bool axis_agencies(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    return list_reply(call, LIST_AGENCIES, reply, err);
}

bool axis_agencies_qd20(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    return list_reply(call, LIST_QD20, reply, err);
}

bool axis_units(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    return list_reply(call, LIST_UNITS, reply, err);
}

/* --- one's own --- */

static const char *member(const json_t *entry, const char *name)
{
    return axis_text(json_string_value(json_object_get(entry, name)));
}

bool axis_register(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    struct source body CLEANUP(source_close) = {.fd = -1};
    json_t *entry CLEANUP(json_clear) = NULL;
    if (!http_body_source(&call->request->body, &body, err) || !json_read(body.bytes, &entry, err))
        return false;
    if (!json_is_object(entry))
        return fail(err, ERR_MALFORMED, &TEXT_JSON_NOT_AN_OBJECT);
    const struct agency agency = {.id = member(entry, "id"),
                                  .parent = member(entry, "pcode"),
                                  .code = member(entry, "code"),
                                  .other_code = member(entry, "oldCode"),
                                  .name = member(entry, "name"),
                                  .mail = member(entry, "mail"),
                                  .mobile = member(entry, "mobile"),
                                  .fax = member(entry, "fax"),
                                  .system = call->system->settings->id};
    if (!agency_register(call->service->store, &agency, err))
        return false;
    log_info("agency.registered", F("system", agency.system), F("agency", agency.code));
    axis_answer(NULL, reply);
    return true;
}

bool axis_delete(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    const char *code, *system = call->system->settings->id;
    if (!axis_need(call, "AgencyCode", &code, err) || !agency_remove(call->service->store, system, code, err))
        return false;
    log_info("agency.removed", F("system", system), F("agency", code));
    axis_answer(NULL, reply);
    return true;
}
