#include "service/document_json.h"

#include "base/clock.h"

static const char *const kinds[] = {[PACKAGE_EDOC] = "edoc", [PACKAGE_STATUS] = "status"};

/* Absent is null: "" stands for it in the records. */
static json_t *text_or_null(const char *text)
{
    return text && *text ? json_string(text) : json_null();
}

static json_t *time_or_null(int64_t ms)
{
    char text[CLOCK_TEXT_SIZE];
    if (ms == 0)
        return json_null();
    clock_iso_vietnam(ms, text);
    return json_string(text);
}

static json_t *party(const char *code, const char *name)
{
    return json_pack("{s:s, s:o}", "code", code, "name", text_or_null(name));
}

/* Why something waits or was refused; null when nothing is wrong. */
static json_t *why_json(const struct why *why)
{
    if (!why->code || !*why->code)
        return json_null();
    return json_pack("{s:s, s:s, s:s, s:o, s:o}", "code", why->code, "vi", why->vi, "en", why->en, "since",
                     time_or_null(why->since_ms), "next", time_or_null(why->next_ms));
}

json_t *check_url(const char *public_url, const char *check_code)
{
    struct buffer url CLEANUP(buffer_clear) = {0};
    if (!check_code || !*check_code)
        return json_null();
    buffer_format(&url, "%s/k/%s", public_url, check_code);
    return json_string(buffer_string(&url));
}

json_t *document_summary(const struct document *document, const char *public_url)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:i, s:o, s:o, s:o, s:o, s:o, s:o}",
                     "id", document->id, "channel", document->channel == CHANNEL_API ? "api" : "axis", "kind",
                     kinds[document->kind], "stage", stage_name(document->stage), "from",
                     party(document->from, document->from_name), "document_id",
                     text_or_null(document->document_id), "number", text_or_null(document->number),
                     "notation", text_or_null(document->notation), "date", text_or_null(document->date),
                     "subject", text_or_null(document->subject), "business_type", document->business_type,
                     "check_code", text_or_null(document->check_code), "check_url",
                     check_url(public_url, document->check_code), "conclusion",
                     text_or_null(document->conclusion), "why", why_json(&document->why), "accepted_at",
                     time_or_null(document->accepted_ms), "updated_at", time_or_null(document->updated_ms));
}

static json_t *parts_json(const struct document *document)
{
    json_t *list = json_array();
    for (size_t i = 0; i < document->part_count; i++) {
        const struct part *part = &document->parts[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:I, s:s, s:b, s:b}", "name", part->name,
                                              "description", text_or_null(part->description), "size",
                                              (json_int_t)part->size, "sha256", part->blob, "signed",
                                              part->has_signature, "sealed", part->has_seal));
    }
    return list;
}

/* The business status (edxml.md 7.2); null before the first. */
static json_t *status_json(const struct delivery *delivery)
{
    const struct status_meaning *meaning = status_meaning(delivery->status);
    if (!*delivery->status)
        return json_null();
    return json_pack("{s:s, s:s?, s:s?, s:o, s:o}", "code", delivery->status, "vi",
                     meaning ? meaning->vi : NULL, "en", meaning ? meaning->en : NULL, "note",
                     text_or_null(delivery->status_note), "at", time_or_null(delivery->status_ms));
}

static json_t *delivery_json(const struct delivery *delivery)
{
    return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o, s:o, s:i, s:o, s:o}", "id", delivery->id, "to",
                     party(delivery->to, delivery->to_name), "state", delivery_state_name(delivery->state),
                     "state_note", text_or_null(delivery->state_note), "status", status_json(delivery),
                     "recall_status", text_or_null(delivery->recall_status), "why", why_json(&delivery->why),
                     "attempts", (int)delivery->attempts, "fetched_at", time_or_null(delivery->fetched_ms),
                     "updated_at", time_or_null(delivery->updated_ms));
}

static json_t *stored_json(const char *text)
{
    json_t *value = NULL;
    struct error err = {0};
    return text && *text && json_read(span_text(text), &value, &err) ? value : json_null();
}

json_t *document_whole(const struct document *document, const struct delivery_list *deliveries,
                       const char *public_url)
{
    json_t *whole = document_summary(document, public_url);
    json_t *copies = json_array();
    for (size_t i = 0; i < deliveries->count; i++)
        json_array_append_new(copies, delivery_json(&deliveries->deliveries[i]));
    json_object_set_new(whole, "attempts", json_integer(document->attempts));
    json_object_set_new(whole, "header", stored_json(document->header));
    json_object_set_new(whole, "parts", parts_json(document));
    json_object_set_new(whole, "verdict", stored_json(document->verdict));
    json_object_set_new(whole, "deliveries", copies);
    return whole;
}
