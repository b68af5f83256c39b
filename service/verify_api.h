/* "Is this genuine?": POST /api/v1/verify for callers, POST /verify for anybody; /report behind either answers with a file for
 * keeping. Nothing is kept of what is shown. */
#pragma once

#include "service/service.h"

http_handler verify_handle, verify_public;
http_handler report_handle, report_public;

/* ---- what the two share */

enum { FILE_NAME_MAX = 256 };

/* A question: the file, what it is called, and what it is judged by. */
struct question {
    char name[FILE_NAME_MAX];
    struct source document;
    struct policy policy;
};
void question_clear(struct question *question);
/* The file is the form's part `file`, or the whole body; ?policy= names one that is built in. */
bool question_read(struct service *service, const struct http_request *request, struct question *ret_question,
                   struct error *err) MUST_USE;
bool question_ask(struct service *service, const struct question *question, struct verdict *ret_verdict,
                  struct error *err) MUST_USE;
/* The handler for anybody: files of a bounded size, and a bounded number at once. */
void question_for_anybody(struct service *service, struct http_request *request, struct http_reply *reply,
                          http_handler *handle);
