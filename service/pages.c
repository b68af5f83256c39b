#include "service/pages.h"

#include <qrencode.h>
#include <stdio.h>

#include "base/base_text.h"
#include "exchange/check_code.h"
#include "service/problem.h"
#include "service/service_text.h"

/* Everything comes from us, nothing is inline, nobody frames us. */
static const char CONTENT_POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/* clang-format off */
#define ASSETS(X)                                                                                            \
    X(page_css, "page.css", "text/css; charset=utf-8")                                                       \
    X(verify_css, "verify.css", "text/css; charset=utf-8")                                                   \
    X(verify_js, "verify.js", "text/javascript; charset=utf-8")                                              \
    X(answer_js, "answer.js", "text/javascript; charset=utf-8")                                              \
    X(dates_js, "dates.js", "text/javascript; charset=utf-8")                                                \
    X(draw_js, "draw.js", "text/javascript; charset=utf-8")                                                  \
    X(history_view_js, "history_view.js", "text/javascript; charset=utf-8")                                  \
    X(language_js, "language.js", "text/javascript; charset=utf-8")                                          \
    X(record_view_js, "record_view.js", "text/javascript; charset=utf-8")                                    \
    X(result_view_js, "result_view.js", "text/javascript; charset=utf-8")                                    \
    X(upload_js, "upload.js", "text/javascript; charset=utf-8")                                              \
    X(words_js, "words.js", "text/javascript; charset=utf-8")                                                \
    X(emblem_svg, "emblem.svg", "image/svg+xml")
/* clang-format on */

#define ASSET_EXTERN(symbol, file, type)                                                                     \
    extern const unsigned char asset_##symbol[];                                                             \
    extern const size_t asset_##symbol##_size;
ASSETS(ASSET_EXTERN)
extern const unsigned char page_verify_html[], openapi_yaml[];
extern const size_t page_verify_html_size, openapi_yaml_size;

#define ASSET_ROW(symbol, file, type) {file, type, asset_##symbol, &asset_##symbol##_size},
static const struct {
    const char *file, *type;
    const unsigned char *bytes;
    const size_t *size;
} assets[] = {ASSETS(ASSET_ROW)};

void pages_home(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service, (void)request;
    http_reply_text(reply, 302, NULL, (struct span){0});
    http_reply_header(reply, "Location", "/verify");
}

void pages_verify(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service, (void)request;
    http_reply_text(reply, 200, "text/html; charset=utf-8", span_of(page_verify_html, page_verify_html_size));
    http_reply_header(reply, "Content-Security-Policy", CONTENT_POLICY);
    http_reply_header(reply, "X-Robots-Tag", "noindex");
    http_reply_header(reply, "Permissions-Policy", "camera=(), microphone=(), geolocation=()");
}

void pages_asset(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service;
    struct error err = {0};
    for (size_t i = 0; i < COUNT_OF(assets); i++) {
        if (strcmp(assets[i].file, request->argument) != 0)
            continue;
        http_reply_text(reply, 200, assets[i].type, span_of(assets[i].bytes, *assets[i].size));
        http_reply_header(reply, "Cache-Control", "max-age=300");
        http_reply_header(reply, "Content-Security-Policy", CONTENT_POLICY);
        return;
    }
    fail(&err, ERR_NOT_FOUND, &TEXT_HTTP_NO_PATH, request->path);
    problem_reply(request, &err, reply);
}

void pages_icon(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service, (void)request;
    http_reply_text(reply, 200, "image/svg+xml", span_of(asset_emblem_svg, asset_emblem_svg_size));
    http_reply_header(reply, "Cache-Control", "max-age=86400");
}

void pages_robots(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service, (void)request;
    http_reply_text(reply, 200, "text/plain",
                    SPAN_LITERAL("User-agent: *\nDisallow: /k/\nDisallow: /api/\n"));
}

void pages_openapi(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service, (void)request;
    http_reply_text(reply, 200, "application/yaml", span_of(openapi_yaml, openapi_yaml_size));
}

static bool number_of_code(const struct http_request *request, char ret_code[static CHECK_CODE_SIZE])
{
    size_t size = strcspn(request->argument, "/");
    bool fits = size < CHECK_CODE_SIZE;
    snprintf(ret_code, CHECK_CODE_SIZE, "%.*s", fits ? (int)size : 0, request->argument);
    return fits;
}

static void set_time(json_t *object, const char *name, int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    clock_iso_vietnam(ms, text);
    json_object_set_new(object, name, ms ? json_string(text) : json_null());
}

/* A copy's state in the page's words: business statuses 02 to 06 (edxml: refused, accepted …) say more than the transport. */
static const char *recipient_state(const struct delivery *delivery)
{
    if (strcmp(delivery->status, "02") == 0)
        return "refused";
    if (strcmp(delivery->status, "03") >= 0)
        return "accepted";
    return delivery->state == DELIVERY_DONE || delivery->state == DELIVERY_PROCESSING || delivery->status[0]
               ? "delivered"
               : "sent";
}

static json_t *recipients_json(const struct delivery_list *deliveries)
{
    json_t *list = json_array();
    for (size_t i = 0; i < deliveries->count; i++) {
        const struct delivery *delivery = &deliveries->deliveries[i];
        const char *name = delivery->to_name && delivery->to_name[0] ? delivery->to_name : delivery->to;
        json_t *one = json_pack("{s:s, s:s}", "name", name, "state", recipient_state(delivery));
        set_time(one, "since", delivery->updated_ms);
        json_array_append_new(list, one);
    }
    return list;
}

/* What the paper shows and where it stands; never the file, the subject or the holder. */
static json_t *answer_json(const char *code, const struct check_answer *answer)
{
    const struct document *document = &answer->document;
    json_t *data =
        json_pack("{s:s, s:s, s:s?, s:s?, s:s?, s:s?, s:b, s:b}", "code", code, "state", answer->state,
                  "number", document->number, "notation", document->notation, "date", document->date,
                  "agency", document->from_name, "subject_hidden", 1, "file_available", 0);
    struct error err = {0};
    json_t *verdict CLEANUP(json_clear) = NULL;
    bool checked = document->verdict[0] && json_read(span_text(document->verdict), &verdict, &err);
    json_t *signers = checked ? json_object_get(verdict, "signatures") : NULL;
    json_object_set_new(data, "signers", signers ? json_incref(signers) : json_array());
    json_object_set_new(data, "conclusion",
                        json_string(document->conclusion[0] ? document->conclusion : "unknown"));
    set_time(data, "issued_at", answer->issued_ms);
    json_object_set_new(data, "recipients", recipients_json(&answer->deliveries));
    return data;
}

void pages_code_data(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct error err = {0};
    char code[CHECK_CODE_SIZE];
    struct check_answer answer CLEANUP(check_answer_clear) = {0};
    number_of_code(request, code);
    if (!check_code_find(service->store, code, &answer, &err)) {
        problem_reply(request, &err, reply);
        return;
    }
    json_t *data CLEANUP(json_clear) = answer_json(code, &answer);
    reply->status = 200;
    reply->content_type = "application/json";
    json_write(data, &reply->body);
    http_reply_header(reply, "X-Robots-Tag", "noindex");
}

static void draw_qr(const QRcode *code, struct buffer *svg)
{
    enum { MARGIN = 4 }; /* modules of quiet zone: ISO/IEC 18004, 5.3.8 */
    int side = code->width + 2 * MARGIN;
    buffer_format(svg,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
                  "shape-rendering=\"crispEdges\" role=\"img\">"
                  "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/><path fill=\"#000\" d=\"",
                  side, side, side, side);
    for (int y = 0; y < code->width; y++)
        for (int x = 0; x < code->width; x++)
            if (code->data[y * code->width + x] & 1)
                buffer_format(svg, "M%d %dh1v1h-1z", x + MARGIN, y + MARGIN);
    buffer_text(svg, "\"/></svg>");
}

void pages_code_qr(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct error err = {0};
    char code[CHECK_CODE_SIZE], url[512];
    struct check_answer answer CLEANUP(check_answer_clear) = {0};
    number_of_code(request, code);
    if (!check_code_find(service->store, code, &answer, &err)) {
        problem_reply(request, &err, reply);
        return;
    }
    snprintf(url, sizeof(url), "%s/k/%s", service->public_url, code);
    QRcode *qr = QRcode_encodeString(url, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!qr) {
        fail(&err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        problem_reply(request, &err, reply);
        return;
    }
    draw_qr(qr, &reply->body);
    QRcode_free(qr);
    reply->status = 200;
    reply->content_type = "image/svg+xml";
}

void pages_health(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)service, (void)request;
    http_reply_text(reply, 200, "application/json", SPAN_LITERAL("{\"status\":\"alive\"}"));
}

/* Ready means that what is sent to us is kept and answered: the store takes writes. A token that is away is told, and is no reason to
 * turn work away (design, promise 7). */
void pages_ready(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)request;
    struct store_figures figures;
    struct error err = {0};
    bool ready = !store_broken(service->store) && store_figures(service->store, &figures, &err);
    http_reply_text(reply, ready ? 200 : 503, "application/json",
                    ready ? SPAN_LITERAL("{\"status\":\"ready\"}")
                          : SPAN_LITERAL("{\"status\":\"not ready\",\"why\":\"store\"}"));
}

void pages_metrics(struct service *service, struct http_request *request, struct http_reply *reply)
{
    (void)request;
    struct store_figures figures;
    struct error err = {0};
    metrics_write(service->metrics, &reply->body);
    if (store_figures(service->store, &figures, &err)) {
        buffer_text(&reply->body,
                    "# HELP vanthu_documents Documents by stage\n# TYPE vanthu_documents gauge\n");
        for (int i = 0; i < STAGE_COUNT; i++)
            buffer_format(&reply->body, "vanthu_documents{stage=\"%s\"} %llu\n", stage_name((enum stage)i),
                          (unsigned long long)figures.stages[i]);
        buffer_text(&reply->body,
                    "# HELP vanthu_deliveries Copies by state\n# TYPE vanthu_deliveries gauge\n");
        for (int i = 0; i < DELIVERY_STATES; i++)
            buffer_format(&reply->body, "vanthu_deliveries{state=\"%s\"} %llu\n",
                          delivery_state_name((enum delivery_state)i),
                          (unsigned long long)figures.deliveries[i]);
        int64_t waiting =
            figures.oldest_waiting_ms ? clock_now_ms(service->clock) - figures.oldest_waiting_ms : 0;
        buffer_format(&reply->body,
                      "# HELP vanthu_oldest_waiting_seconds How long the oldest copy waits\n# TYPE "
                      "vanthu_oldest_waiting_seconds gauge\n"
                      "vanthu_oldest_waiting_seconds %lld\n",
                      (long long)(waiting / 1000));
    }
    reply->status = 200;
    reply->content_type = "text/plain; version=0.0.4";
}
