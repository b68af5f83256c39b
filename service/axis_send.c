/* sendEdoc: a package comes from a system. It is read into a scratch and looked at; only what is accepted
 * gets a name in the store, so that nothing of a refused one stays (design, promise 10). The answer is
 * given when it cannot be lost any more. */
#include <stdio.h>
#include <strings.h>

#include "base/base_text.h"
#include "exchange/agency.h"
#include "exchange/exchange_text.h"
#include "exchange/intake.h"
#include "exchange/package_text.h"
#include "service/axis_call.h"
#include "service/axis_text.h"
#include "service/axis_wire.h"
#include "service/body_blob.h"
#include "service/service_text.h"

/* What the call's parameters say of the package. */
struct wish {
    enum package_kind kind;
    const char *from, *hash_file;
    struct agency_code *to;
    size_t to_count;
};

static void wish_clear(struct wish *wish)
{
    free_clear(&wish->to);
}

/* `to`: JSON text inside the JSON of the signed text; absent or [] leaves it to the package. */
static bool read_to(const char *text, struct wish *wish, struct error *err)
{
    json_t *list CLEANUP(json_clear) = NULL;
    struct error why = {0};
    if (!text || !*text)
        return true;
    if (!json_read(span_text(text), &list, &why) || !json_is_array(list))
        return fail(err, ERR_USAGE, &TEXT_AXIS_TO);
    if (json_array_size(list) > RECIPIENTS_MAX)
        return fail(err, ERR_REFUSED, &TEXT_RECIPIENTS_TOO_MANY, "2000");
    wish->to = calloc(json_array_size(list) + 1, sizeof(*wish->to));
    if (!wish->to)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (; wish->to_count < json_array_size(list); wish->to_count++) {
        const char *code = json_string_value(json_array_get(list, wish->to_count));
        if (!code || !agency_code_read(span_text(code), &wish->to[wish->to_count]))
            return fail(err, ERR_USAGE, &TEXT_AXIS_TO);
    }
    return true;
}

static bool read_wish(const struct axis_call *call, struct wish *ret_wish, struct error *err)
{
    struct wish wish CLEANUP(wish_clear) = {0};
    if (!axis_need_kind(call, &wish.kind, err) || !axis_need(call, "from", &wish.from, err)
        || !axis_need(call, "hash-file", &wish.hash_file, err)
        || !read_to(axis_word(call->parameters, "to"), &wish, err))
        return false;
    *ret_wish = wish;
    wish = (struct wish){0};
    return true;
}

/* --- looking --- */

static bool read_package(struct service *service, struct span wire, struct package *ret_package,
                         struct error *err)
{
    struct blobs *scratch CLEANUP(blobs_close) = NULL;
    return blobs_open_scratch(service->spool, BLOB_SMALL, &scratch, err)
           && package_read(wire, scratch, NULL, ret_package, err);
}

/* A receiver named twice is taken by those who only look; a hub that delivers wants it said once (edxml
 * 2.1). */
static bool refuse_twice(const struct package *package, struct error *err)
{
    for (size_t i = 0; i < package->deviations.count; i++) {
        const struct deviation *deviation = &package->deviations.items[i];
        if (deviation->text == &TEXT_DEVIATION_RECIPIENT_TWICE)
            return fail(err, ERR_REFUSED, deviation->text, deviation->arg[0], deviation->arg[1]);
    }
    return true;
}

/* The agency the call speaks for is the one the package comes from, be it under its other code. */
static bool same_sender(struct service *service, const char *from, const struct package *package,
                        struct error *err)
{
    struct agency_list found CLEANUP(agency_list_clear) = {0};
    struct agency_code told;
    const struct agency_code *inside = &package->header.from.code;
    if (agency_code_read(span_text(from), &told) && agency_code_equal(&told, inside))
        return true;
    bool known = agency_find(service->store, from, &found, err);
    if (!known && err->code != ERR_NOT_FOUND)
        return false;
    bool same = known
                && (strcasecmp(found.agencies[0].code, inside->text) == 0
                    || strcasecmp(axis_text(found.agencies[0].other_code), inside->text) == 0);
    return same ? true : fail(err, ERR_FORBIDDEN, &TEXT_AXIS_FROM, inside->text, from);
}

static bool look(struct service *service, const struct wish *wish, const struct package *package,
                 struct error *err)
{
    if (package->header.kind != wish->kind)
        return fail(err, ERR_REFUSED, &TEXT_AXIS_KIND, package_kind_name(wish->kind),
                    package_kind_name(package->header.kind));
    return header_check(&package->header, err) && refuse_twice(package, err)
           && same_sender(service, wish->from, package, err);
}

/* --- accepting --- */

static bool accept(const struct axis_call *call, const struct wish *wish, const struct axis_wire *wire,
                   struct receipt *ret_receipt, struct error *err)
{
    struct service *service = call->service;
    struct package package CLEANUP(package_clear) = {0};
    struct blob kept CLEANUP(blob_clear) = {.fd = -1};
    if (!read_package(service, wire->bytes, &package, err) || !look(service, wish, &package, err)
        || !body_blob(wire->bytes, wire->fd, &wire->sha256, &kept, err))
        return false;
    const struct consignment consignment = {.system = call->system->settings->id,
                                            .from = wish->from,
                                            .to = wish->to,
                                            .to_count = wish->to_count,
                                            .wire = &kept,
                                            .package = &package};
    return intake_consignment(service->store, &consignment, ret_receipt, err);
}

/* The package's own limit; the CRLF behind it is forgiven. */
static bool within_limit(const struct axis_call *call, struct error *err)
{
    int64_t limit = call->service->settings->limits->package;
    char bytes[24];
    snprintf(bytes, sizeof(bytes), "%lld", (long long)limit);
    return call->request->body.size <= (uint64_t)limit + 2
               ? true
               : fail(err, ERR_TOO_LARGE, &TEXT_HTTP_TOO_LARGE, bytes);
}

static void count_receipt(struct service *service, const struct receipt *receipt)
{
    metrics_add(service->metrics, receipt->repeat ? METRIC_DOCUMENTS_REPEATED : METRIC_DOCUMENTS_ACCEPTED, 1);
}

bool axis_send(const struct axis_call *call, struct http_reply *reply, struct error *err)
{
    struct wish wish CLEANUP(wish_clear) = {0};
    struct axis_wire wire CLEANUP(axis_wire_close) = {.source.fd = -1, .fd = -1};
    struct receipt receipt;
    const char *system = call->system->settings->id;
    if (!within_limit(call, err) || !read_wish(call, &wish, err)
        || !agency_require(call->service->store, system, wish.from, err)
        || !axis_wire_open(&call->request->body, call->service->spool, wish.hash_file, &wire, err)
        || !accept(call, &wish, &wire, &receipt, err)) {
        metrics_add(call->service->metrics, METRIC_DOCUMENTS_REFUSED, 1);
        return false;
    }
    count_receipt(call->service, &receipt);
    log_info("document.accepted", F("document", receipt.id), F("channel", "axis"), F("system", system),
             F("from", wish.from), FI("size", wire.bytes.size), FI("repeat", receipt.repeat),
             FI("set_aside", receipt.set_aside));
    axis_answer(json_pack("{s:s}", "DocId", receipt.id), reply);
    return true;
}
