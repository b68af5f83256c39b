#include "exchange/intake.h"

#include <stdio.h>

#include "exchange/addressees.h"
#include "exchange/agency.h"
#include "exchange/exchange_text.h"
#include "exchange/secret.h"

static const char *word(const char *text)
{
    return text ? text : "";
}

/* What one acceptance points to; intake_clear gives it back. */
struct arrival {
    struct arena arena;
    struct document document;
    struct package_identity identity;
    struct acceptance acceptance;
    struct buffer header;
    const struct blob **bodies;
    struct status_report status;
    char from_key[AGENCY_CODE_SIZE], request[SHA256_HEX_SIZE];
};

static void arrival_clear(struct arrival *arrival)
{
    arena_clear(&arrival->arena);
    buffer_clear(&arrival->header);
}

/* --- taken from the package ----------------------------------------------------------------------------------------- */

static const char *header_json(struct arrival *arrival, const struct header *header)
{
    header_json_write(header, &arrival->header);
    return buffer_string(&arrival->header);
}

static bool document_fill(struct arrival *arrival, const struct header *header, struct error *err)
{
    struct document *document = &arrival->document;
    document->kind = header->kind;
    document->from = header->from.code.text;
    document->from_name = word(header->from.name);
    document->document_id = arrival->identity.document_id;
    document->business_type = header->business.type.value;
    document->number = word(header->number);
    document->notation = word(header->notation);
    document->date = header->date.text;
    document->subject = word(header->subject);
    document->header = header_json(arrival, header);
    document->caller = word(document->caller);
    document->system = word(document->system);
    document->package = word(document->package);
    document->sign_key = word(document->sign_key);
    document->seal_key = word(document->seal_key);
    return document->header || fail(err, ERR_BUSY, NULL);
}

static bool parts_fill(struct arrival *arrival, const struct attachments *attachments,
                       const struct blob *wire, struct error *err)
{
    size_t count = attachments->count;
    struct part *parts = arena_take(&arrival->arena, (count + 1) * sizeof(*parts));
    arrival->bodies = arena_take(&arrival->arena, (count + 1) * sizeof(struct blob *));
    if (!parts || !arrival->bodies)
        return fail(err, ERR_BUSY, NULL);
    for (size_t i = 0; i < count; i++) {
        const struct attachment *attachment = &attachments->items[i];
        parts[i] = (struct part){.name = word(attachment->name),
                                 .content_type = word(attachment->content_type),
                                 .description = word(attachment->description),
                                 .original = attachment->blob.sha256,
                                 .blob = attachment->blob.sha256,
                                 .size = attachment->blob.size};
        arrival->bodies[i] = &attachment->blob;
    }
    arrival->document.parts = parts;
    arrival->document.part_count = count;
    if (wire)
        arrival->bodies[count++] = wire;
    arrival->acceptance.bodies = arrival->bodies;
    arrival->acceptance.body_count = count;
    return true;
}

static bool recipients_fill(struct store *store, struct arrival *arrival, const struct header *header,
                            const struct consignment *consignment, struct error *err)
{
    size_t count;
    struct recipient *recipients;
    if (!addressees_choose(store, header, consignment ? consignment->to : NULL,
                           consignment ? consignment->to_count : 0, &arrival->arena, &recipients, &count,
                           err))
        return false;
    arrival->acceptance.recipients = recipients;
    arrival->acceptance.recipient_count = count;
    return true;
}

static const char *code_key(struct arrival *arrival, const struct agency_code *code)
{
    char key[AGENCY_CODE_SIZE];
    agency_code_key(code, key);
    return arena_text(&arrival->arena, span_text(key));
}

/* 13 is said by the document's sender, everything else by its receiver (edxml.md 7.1). */
static void status_fill(struct arrival *arrival, const struct header *header)
{
    static const struct response nothing;
    const struct response *response = header->response_for.count ? &header->response_for.items[0] : &nothing;
    bool by_sender = header->status.value == 13;
    char code[16], said[CLOCK_TEXT_SIZE];
    snprintf(code, sizeof(code), "%02d", (int)header->status.value);
    clock_edxml(header->time_ms, said);
    arrival->status = (struct status_report){
        .about_from = code_key(arrival, by_sender ? &header->from.code : &response->code),
        .receiver = code_key(arrival, by_sender ? &response->code : &header->from.code),
        .about_document_id = word(response->document_id),
        .about_code = word(response->number),
        .about_date = response->date.text,
        .code = arena_text(&arrival->arena, span_text(code)),
        .description = word(header->description),
        .timestamp = arena_text(&arrival->arena, span_text(said)),
    };
    arrival->acceptance.status = &arrival->status;
}

/* `consignment` is NULL for what came by our API. */
static bool arrival_fill(struct store *store, struct arrival *arrival, const struct package *package,
                         const struct consignment *consignment, struct error *err)
{
    const struct header *header = &package->header;
    if (agency_code_empty(&header->from.code))
        return fail(err, ERR_MALFORMED, &TEXT_AGENCY_CODE_MALFORMED, "");
    package_identity(package, &arrival->identity);
    agency_code_key(&header->from.code, arrival->from_key);
    if (!document_fill(arrival, header, err)
        || !parts_fill(arrival, &package->attachments, consignment ? consignment->wire : NULL, err)
        || !recipients_fill(store, arrival, header, consignment, err))
        return false;
    if (header->kind == PACKAGE_STATUS)
        status_fill(arrival, header);
    arrival->acceptance.document = &arrival->document;
    arrival->acceptance.identity = arrival->identity.key;
    arrival->acceptance.content = arrival->identity.content;
    arrival->acceptance.from_key = arrival->from_key;
    arrival->acceptance.urgency =
        header->urgency.value >= 0 && header->urgency.value <= 4 ? header->urgency.value : 0;
    return !arrival->arena.failed || fail(err, ERR_BUSY, NULL);
}

/* Looked at once more, by what is known already; then the bodies get their names; then the commit. Nothing of what is refused stays. */
static bool accept(struct store *store, const struct arrival *arrival, const struct attachments *attachments,
                   struct blob *wire, struct receipt *ret_receipt, struct error *err)
{
    bool needed = false;
    if (!store_look(store, &arrival->acceptance, &needed, err))
        return false;
    for (size_t i = 0; needed && i < attachments->count; i++)
        if (!blob_adopt(store_blobs(store), &attachments->items[i].blob, err))
            return false;
    if (needed && wire && !blob_adopt(store_blobs(store), wire, err))
        return false;
    return store_accept(store, &arrival->acceptance, ret_receipt, err);
}

/* --- from our API --------------------------------------------------------------------------------------------------- */

/* What was asked for under the key: the content, to whom, signed by whom. */
static bool request_digest(struct arrival *arrival, struct error *err)
{
    struct buffer request CLEANUP(buffer_clear) = {0};
    const struct acceptance *acceptance = &arrival->acceptance;
    const char *const words[] = {acceptance->identity, acceptance->content, arrival->document.sign_key,
                                 arrival->document.seal_key};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        buffer_sized(&request, span_text(words[i]));
    for (size_t i = 0; i < acceptance->recipient_count; i++)
        buffer_sized(&request, span_text(acceptance->recipients[i].code));
    if (request.failed)
        return fail(err, ERR_BUSY, NULL);
    struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(&request));
    hex_text(digest_span(&digest), arrival->request);
    arrival->acceptance.request = arrival->request;
    return true;
}

/* The header as it will be wrapped: completed once, so that every try to wrap it makes the same package. */
static bool header_copy(const struct header *header, const struct clock *clock, struct header *ret_header,
                        struct error *err)
{
    struct buffer json CLEANUP(buffer_clear) = {0};
    header_json_write(header, &json);
    if (json.failed)
        return fail(err, ERR_BUSY, NULL);
    return header_json_read(buffer_span(&json), ret_header, err) && header_complete(ret_header, clock, err)
           && header_check(ret_header, err);
}

static bool names_check(const struct attachments *attachments, struct error *err)
{
    for (size_t i = 0; i < attachments->count; i++) {
        const struct attachment *attachment = &attachments->items[i];
        if (!secret_check(attachment->name, SECRET_FILE, word(attachment->name), err)
            || !secret_check(attachment->description, SECRET_SENTENCE, word(attachment->name), err))
            return false;
    }
    return true;
}

bool intake_submission(struct store *store, const struct submission *submission, struct receipt *ret_receipt,
                       struct error *err)
{
    struct header header CLEANUP(header_clear) = {0};
    struct arrival arrival CLEANUP(arrival_clear) = {
        .document = {.channel = CHANNEL_API,
                     .stage = STAGE_RECEIVED,
                     .caller = submission->caller,
                     .sign_key = submission->sign_key,
                     .seal_key = submission->seal_key},
        .acceptance = {.repeat_key = submission->repeat_key},
    };
    if (!submission->repeat_key || !submission->repeat_key[0])
        return fail(err, ERR_USAGE, &TEXT_REPEAT_KEY_MISSING);
    if (!header_copy(&submission->package->header, store_clock(store), &header, err)
        || !names_check(&submission->package->attachments, err))
        return false;
    struct package package = *submission->package;
    package.header = header;
    return arrival_fill(store, &arrival, &package, NULL, err) && request_digest(&arrival, err)
           && accept(store, &arrival, &package.attachments, NULL, ret_receipt, err);
}

/* --- from systems --------------------------------------------------------------------------------------------------- */

bool intake_consignment(struct store *store, const struct consignment *consignment,
                        struct receipt *ret_receipt, struct error *err)
{
    const struct header *header = &consignment->package->header;
    bool status = header->kind == PACKAGE_STATUS;
    struct arrival arrival CLEANUP(arrival_clear) = {
        /* a status has nothing to be checked or filed */
        .document = {.channel = CHANNEL_AXIS,
                     .stage = status ? STAGE_FILED : STAGE_ARRIVED,
                     .system = consignment->system,
                     .package = consignment->wire->sha256,
                     .package_size = consignment->wire->size},
        .acceptance = {.recipients_known = true},
    };
    if (consignment->from && !agency_require(store, consignment->system, consignment->from, err))
        return false;
    return agency_require(store, consignment->system, header->from.code.text, err)
           && arrival_fill(store, &arrival, consignment->package, consignment, err)
           && accept(store, &arrival, &consignment->package->attachments, consignment->wire, ret_receipt,
                     err);
}
