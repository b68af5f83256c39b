/* How the axis answers: one line of JSON with HTTP 200, {"status":"OK","ErrorCode":"0","ErrorDesc":"Thanh
 * cong",…}, refusals too. The published SDK joins the lines of a reply and takes whatever is not this
 * envelope for an empty mailbox. */
#pragma once

#include "base/json.h"
#include "service/http.h"

/* A success with these members besides (stolen; NULL for none). */
void axis_answer(json_t *members, struct http_reply *reply);

/* A success whose `data` is a list, written item by item, so that memory holds the text alone. */
void axis_list_begin(struct buffer *text);
/* Steals the item. */
void axis_list_add(struct buffer *text, json_t *item);
void axis_list_end(struct buffer *text);
void axis_list_reply(struct http_reply *reply);

/* How a success begins, for an answer that is written as a stream into a file; then the file as the answer
 * (taken). */
#define AXIS_ANSWER_OPEN "{\"status\":\"OK\",\"ErrorCode\":\"0\",\"ErrorDesc\":\"Thanh cong\""
void axis_file_reply(int fd, uint64_t size, struct http_reply *reply);

/* The code of axis-api 6 that says it: clients give up on 10, 15, 18, 19, 22 and 23, and send again after
 * 20 and 21. */
const char *axis_error_code(const struct error *err);
void axis_refusal(const struct error *err, struct http_reply *reply);

/* "" for NULL: the SDK's model wants text. */
static inline const char *axis_text(const char *text)
{
    return text ? text : "";
}
/* yyyy/MM/dd HH:mm:ss in Vietnam; "" for 0. */
json_t *axis_time(int64_t ms);
