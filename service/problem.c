#include "service/problem.h"

#include <ctype.h>
#include <stdio.h>

#include "base/json.h"

enum { SENTENCE_ROOM = 768 };

static void kebab(const char *name, char *ret_text, size_t room)
{
    snprintf(ret_text, room, "urn:vanthu:error:%s", name);
    for (char *at = ret_text; *at; at++)
        *at = *at == '_' ? '-' : (char)tolower((unsigned char)*at);
}

void problem_reply(struct http_request *request, const struct error *err, struct http_reply *reply)
{
    (void)request;
    const struct error_meaning *meaning = error_meaning(err->code);
    char type[80], detail[SENTENCE_ROOM], detail_vi[SENTENCE_ROOM];
    kebab(meaning->name, type, sizeof(type));
    json_t *problem CLEANUP(json_clear) =
        json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s}", "type", type, "title", meaning->title.en, "status",
                  meaning->http_status, "detail", error_sentence(err, LANGUAGE_EN, sizeof(detail), detail),
                  "title_vi", meaning->title.vi, "detail_vi",
                  error_sentence(err, LANGUAGE_VI, sizeof(detail_vi), detail_vi), "code", meaning->name);
    reply->status = meaning->http_status;
    reply->content_type = "application/problem+json";
    json_write(problem, &reply->body);
    if (err->code == ERR_UNAUTHENTICATED)
        http_reply_header(reply, "WWW-Authenticate", "Bearer");
    if (meaning->retry)
        http_reply_header(reply, "Retry-After", err->code == ERR_TOO_MANY ? "60" : "5");
}
