/* What a system finds in its mailbox, fetches and acknowledges, and where stands what it sent. */
#include "base/base_text.h"
#include "exchange/exchange_text.h"
#include "service/axis_call.h"
#include "service/service_text.h"

enum { BASE64_STEP = 3 << 16 /* bytes; of threes, so that pieces join without padding */ };

/* What a state means in a list, as the axis says it: without marks. Before the mailbox a copy is "initial"
 * too: the axis has no word for it. */
static const struct {
    enum delivery_state word;
    const char *meaning;
} states[DELIVERY_STATES] = {
    [DELIVERY_WAITING] = {DELIVERY_INITIAL, "Cho gui di"},
    [DELIVERY_INITIAL] = {DELIVERY_INITIAL, "Cho nhan"},
    [DELIVERY_PROCESSING] = {DELIVERY_PROCESSING, "Da lay ve, dang xu ly"},
    [DELIVERY_FAIL] = {DELIVERY_FAIL, "Ben nhan khong xu ly duoc"},
    [DELIVERY_DONE] = {DELIVERY_DONE, "Da nhan"},
};

static const char *state_word(const struct delivery *delivery)
{
    return delivery_state_name(states[delivery->state].word);
}

static const char *state_meaning(const struct delivery *delivery)
{
    const char *note = axis_text(delivery->state_note);
    return *note ? note : states[delivery->state].meaning;
}

/* --- lists --- */

static json_t *received_item(const struct delivery *delivery)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s}", "docId", delivery->id, "serviceType",
                     "eDoc", "messageType", package_kind_name(delivery->kind), "created_time",
                     axis_time(delivery->accepted_ms), "updated_time", axis_time(delivery->updated_ms),
                     "from", delivery->from, "to", delivery->to, "status", state_word(delivery),
                     "status_desc", state_meaning(delivery));
}

static json_t *sent_item(const struct delivery *delivery)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:o, s:s, s:s, s:s, s:s}", "serviceType",
                     "eDoc", "receiverDocId", delivery->id, "toCode", delivery->to, "receiveStatus",
                     state_word(delivery), "receiveStatusDesc", state_meaning(delivery), "title",
                     axis_text(delivery->subject), "messageType", package_kind_name(delivery->kind),
                     "notation", axis_text(delivery->notation), "receivedTime",
                     axis_time(delivery->fetched_ms), "sentTime", axis_time(delivery->accepted_ms),
                     "sendStatus", delivery_state_name(DELIVERY_DONE), "sendStatusDesc", "Da gui",
                     "senderDocId", delivery->document, "fromCode", delivery->from);
}

static void list_answer(const struct delivery_list *list, json_t *(*item)(const struct delivery *),
                        struct http_reply *reply)
{
    axis_list_begin(&reply->body);
    for (size_t i = 0; i < list->count; i++)
        axis_list_add(&reply->body, item(&list->deliveries[i]));
    axis_list_reply(reply);
}

/* One side of the period asked for: where it begins, or where it ends. Absent and empty leave it open. */
static bool read_limit(const struct axis_call *call, const char *key, bool end, int64_t *ret_ms,
                       struct error *err)
{
    const char *text = axis_word(call->parameters, key);
    int64_t from, until;
    *ret_ms = 0;
    if (!text || !*text)
        return true;
    if (!axis_time_read(text, &from, &until))
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_VALUE, key, text);
    *ret_ms = end ? until : from;
    return true;
}

bool axis_received(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    struct mailbox_query query = {.system = call->system->settings->id};
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    if (!axis_need_kind(call, &query.kind, err) || !read_limit(call, "fromDate", false, &query.since_ms, err)
        || !read_limit(call, "toDate", true, &query.until_ms, err)
        || !delivery_received(call->service->store, &query, &list, err))
        return false;
    list_answer(&list, received_item, reply);
    return true;
}

bool axis_sent(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    const char *document = axis_word(call->parameters, "docId");
    struct sent_query query = {.system = call->system->settings->id,
                               .document = document && *document ? document : NULL};
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    if (!axis_need_kind(call, &query.kind, err) || !delivery_sent(call->service->store, &query, &list, err))
        return false;
    list_answer(&list, sent_item, reply);
    return true;
}

static bool count(const struct axis_call *call, enum package_kind kind, struct http_reply *reply,
                  struct error *err)
{
    const struct mailbox_query query = {.system = call->system->settings->id, .kind = kind};
    uint64_t waiting;
    if (!delivery_received_count(call->service->store, &query, &waiting, err))
        return false;
    axis_answer(json_pack("{s:I}", "count", (json_int_t)waiting), reply);
    return true;
}

bool axis_count_edoc(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    return count(call, PACKAGE_EDOC, reply, err);
}

bool axis_count_status(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    return count(call, PACKAGE_STATUS, reply, err);
}

/* --- fetching --- */

/* The package of the caller's copy, and which copy. */
static bool open_package(const struct axis_call *call, struct body *ret_package, struct error *err)
{
    const char *id;
    struct delivery_list found CLEANUP(delivery_list_clear) = {0};
    return axis_need(call, "docId", &id, err)
           && delivery_fetch(call->service->store, call->system->settings->id, id, &found, err)
           && store_body(call->service->store, found.deliveries[0].package, ret_package, err);
}

static bool write_base64(struct span bytes, struct sink *sink, struct error *err)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    for (size_t at = 0; at < bytes.size; at += BASE64_STEP) {
        text.size = 0;
        base64_append(&text, span_slice(bytes, at, BASE64_STEP));
        if (text.failed)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        sink_write(sink, buffer_span(&text));
    }
    return true;
}

bool axis_get(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    struct body package CLEANUP(body_close) = {.source.fd = -1};
    int fd CLEANUP(fd_close) = -1;
    if (!open_package(call, &package, err)
        || !spool_file(call->service->spool, package.source.bytes.size / 3 * 4 + sizeof(AXIS_ANSWER_OPEN),
                       &fd, err))
        return false;
    struct sink answer = sink_fd(fd);
    sink_text(&answer, AXIS_ANSWER_OPEN ",\"data\":\"");
    if (!write_base64(package.source.bytes, &answer, err))
        return false;
    sink_text(&answer, "\"}");
    if (!sink_finish(&answer, err))
        return false;
    axis_file_reply(fd_take(&fd), answer.written, reply);
    return true;
}

bool axis_download(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    struct body package CLEANUP(body_close) = {.source.fd = -1};
    int fd CLEANUP(fd_close) = -1;
    if (!open_package(call, &package, err) || !source_dup_fd(&package.source, &fd, err))
        return false;
    axis_file_reply(fd_take(&fd), package.source.bytes.size, reply);
    reply->content_type = "application/octet-stream";
    return true;
}

/* --- acknowledging --- */

/* The receiver's four words; "waiting" is ours alone. */
static bool read_state(const struct axis_call *call, enum delivery_state *ret_state, struct error *err)
{
    const char *word;
    if (!axis_need(call, "status", &word, err))
        return false;
    *ret_state = delivery_state_of(word);
    return *ret_state != DELIVERY_STATES && *ret_state != DELIVERY_WAITING
               ? true
               : fail(err, ERR_USAGE, &TEXT_DELIVERY_WORD_UNKNOWN, word);
}

bool axis_report(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    const char *id;
    enum delivery_state state;
    if (!axis_reported_id(call->parameters, &id, err) || !read_state(call, &state, err)
        || !delivery_report(call->service->store, call->system->settings->id, id, state,
                            axis_text(axis_word(call->parameters, "description")), err))
        return false;
    log_info("axis.reported", F("system", call->system->settings->id), F("delivery", id),
             F("state", delivery_state_name(state)));
    axis_answer(NULL, reply);
    return true;
}
