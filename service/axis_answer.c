#include "service/axis_answer.h"

#include "base/clock.h"
#include "exchange/exchange_text.h"
#include "exchange/package_text.h"
#include "service/axis_text.h"
#include "service/axis_words.h"

enum { SENTENCE_ROOM = 768, HTTP_OK = 200 };

static const char JSON_TYPE[] = "application/json; charset=utf-8";

void axis_answer(json_t *members, struct http_reply *reply)
{
    json_t *stolen CLEANUP(json_clear) = members;
    json_t *answer CLEANUP(json_clear) =
        json_pack("{s:s, s:s, s:s}", "status", "OK", "ErrorCode", "0", "ErrorDesc", "Thanh cong");
    if (stolen)
        json_object_update(answer, stolen);
    reply->status = HTTP_OK;
    reply->content_type = JSON_TYPE;
    json_write(answer, &reply->body);
}

void axis_list_begin(struct buffer *text)
{
    buffer_text(text, AXIS_ANSWER_OPEN ",\"data\":[");
}

void axis_list_add(struct buffer *text, json_t *item)
{
    json_t *stolen CLEANUP(json_clear) = item;
    if (text->size > 0 && text->data[text->size - 1] != '[')
        buffer_u8(text, ',');
    json_write(stolen, text);
}

void axis_list_end(struct buffer *text)
{
    buffer_text(text, "]}");
}

void axis_list_reply(struct http_reply *reply)
{
    axis_list_end(&reply->body);
    reply->status = HTTP_OK;
    reply->content_type = JSON_TYPE;
}

void axis_file_reply(int fd, uint64_t size, struct http_reply *reply)
{
    reply->status = HTTP_OK;
    reply->content_type = JSON_TYPE;
    reply->fd = fd;
    reply->fd_size = size;
}

/* --- refusals --- */

/* Sentences that have a code of their own, whatever their class. */
static const struct {
    const struct text *text;
    const char *axis;
} by_sentence[] = {
    {&TEXT_RECEIVER_UNKNOWN, "18"},      {&TEXT_RECIPIENT_MISSING, "18"}, {&TEXT_PACKAGE_NO_RECIPIENT, "18"},
    {&TEXT_SENDER_NOT_REGISTERED, "19"}, {&TEXT_AGENCY_ELSEWHERE, "19"},  {&TEXT_AXIS_KIND, "22"},
};

static const char *const by_class[ERROR_CODES] = {
    [ERR_USAGE] = "10",     [ERR_MALFORMED] = "10",   [ERR_REFUSED] = "10",         [ERR_TOO_LARGE] = "10",
    [ERR_NOT_FOUND] = "10", [ERR_UNSUPPORTED] = "10", [ERR_EXISTS] = "10",          [ERR_CONFLICT] = "10",
    [ERR_FORBIDDEN] = "19", [ERR_DISK] = "21",        [ERR_UNAUTHENTICATED] = "15",
};

const char *axis_error_code(const struct error *err)
{
    const char *axis = by_class[err->code];
    if (!axis || err->code == ERR_DISK)
        return axis ? axis : "20"; /* ours: it may go better later */
    for (size_t i = 0; i < COUNT_OF(by_sentence); i++)
        if (err->text == by_sentence[i].text)
            return by_sentence[i].axis;
    bool of_the_package = err->text && text_find(package_texts, err->text->name) == err->text;
    return of_the_package ? "22" : axis;
}

void axis_refusal(const struct error *err, struct http_reply *reply)
{
    char sentence[SENTENCE_ROOM];
    struct buffer plain CLEANUP(buffer_clear) = {0};
    axis_unaccented(error_sentence(err, LANGUAGE_VI, sizeof(sentence), sentence), &plain);
    const char *words = buffer_string(&plain);
    json_t *answer CLEANUP(json_clear) = json_pack("{s:s, s:s, s:s}", "status", "FAIL", "ErrorCode",
                                                   axis_error_code(err), "ErrorDesc", words ? words : "");
    buffer_clear(&reply->body);
    fd_close(&reply->fd);
    reply->status = HTTP_OK;
    reply->content_type = JSON_TYPE;
    json_write(answer, &reply->body);
}

json_t *axis_time(int64_t ms)
{
    char text[CLOCK_TEXT_SIZE] = "";
    if (ms)
        clock_edxml(ms, text);
    return json_string(text);
}
