#include "service/sign_api.h"

#include <stdio.h>

#include "base/base_text.h"
#include "service/problem.h"
#include "service/service_text.h"
#include "signer/signer.h"

enum { REPLY_IN_MEMORY = 1 << 20 };

/* What the query asks for; the key must be one the caller's token lists. */
static bool read_wish(struct service *service, const struct http_request *request, const char **ret_key,
                      struct signing *ret_how, struct error *err)
{
    const char *key = http_query(request, "key"), *format = http_query(request, "format"),
               *packaging = http_query(request, "packaging"), *level = http_query(request, "level");
    if (!key)
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_MISSING, "key");
    struct signing how = {.format = FORMAT_AUTO,
                          .digest = DIGEST_SHA256,
                          .clock = service->clock,
                          .authorities = &service->authorities,
                          .fall_back = service->settings->timestamp->fallback};
    if (level && !signature_level_read(level, &how.level))
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_VALUE, "level", level);
    how.reason = http_query(request, "reason");
    how.place = http_query(request, "place");
    if (format && !signature_format_read(format, &how.format))
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_VALUE, "format", format);
    if (packaging && !signature_packaging_read(packaging, &how.packaging))
        return fail(err, ERR_USAGE, &TEXT_PARAMETER_VALUE, "packaging", packaging);
    *ret_key = key;
    *ret_how = how;
    return access_key(request->caller, key, err);
}

/* What was asked for is not always what could be had: the answer says which level it is. */
static void mark(const struct reached *reached, struct http_reply *reply)
{
    http_reply_header(reply, "X-Signature-Level", signature_level_name(reached->level));
    if (reached->why.code)
        log_warning("sign.lower", F("level", signature_level_name(reached->level)), FE(&reached->why));
}

/* What comes out goes into the reply: small ones in memory, others through the spool. */
static bool sign_document(struct service *service, const char *key, const struct signing *how,
                          const struct source *document, struct http_reply *reply, struct error *err)
{
    int fd CLEANUP(fd_close) = -1;
    bool small = document->bytes.size <= REPLY_IN_MEMORY;
    if (!small && !spool_file(service->spool, document->bytes.size * 2, &fd, err))
        return false;
    struct reached reached;
    struct sink out = small ? sink_buffer(&reply->body) : sink_fd(fd);
    if (!signer_sign(service->hsm, key, how, document, &out, &reached, err) || !sink_finish(&out, err)) {
        buffer_clear(&reply->body); /* half a document is nobody's */
        return false;
    }
    if (!small) {
        reply->fd_size = out.written;
        reply->fd = fd_take(&fd);
    }
    mark(&reached, reply);
    return true;
}

static bool sign_into(struct service *service, struct http_request *request, struct http_reply *reply,
                      struct error *err)
{
    const char *key;
    struct signing how;
    struct signature_product product;
    struct buffer name CLEANUP(buffer_clear) = {0};
    struct source document CLEANUP(source_close) = {.fd = -1};
    if (!read_wish(service, request, &key, &how, err) || !http_body_source(&request->body, &document, err)
        || !signer_product(&how, &document, &product, err))
        return false;
    if (http_file_name(request, &name))
        how.document_name = buffer_string(&name);

    struct key_description described CLEANUP(key_description_clear) = {0};
    how.chain = service->chain;
    if (!hsm_describe(service->hsm, key, &described, err))
        return false;
    how.certificate = buffer_span(&described.certificate);
    if (!sign_document(service, key, &how, &document, reply, err))
        return false;
    reply->status = 200;
    reply->content_type = product.media_type;
    return true;
}

void sign_handle(struct service *service, struct http_request *request, struct http_reply *reply)
{
    struct error err = {0};
    const struct caller *caller = request->caller;
    if (sign_into(service, request, reply, &err)) {
        metrics_add(service->metrics, METRIC_SIGNATURES, 1);
        log_info("sign.done", F("caller", caller->name),
                 FI("size", reply->fd >= 0 ? reply->fd_size : reply->body.size));
        return;
    }
    metrics_add(service->metrics, METRIC_SIGNATURES_FAILED, 1);
    log_warning("sign.failed", F("caller", caller->name), FE(&err));
    problem_reply(request, &err, reply);
}
