/* What the whole must hold once it was read. Refused is what nobody could act on; everything else that the standard or its checkers
 * would say is a deviation. */
#include <stdio.h>

#include "base/base_text.h"
#include "exchange/edxml_read.h"
#include "exchange/package_text.h"
#include "exchange/secret.h"

/* --- how it begins --- */

static void check_beginning(struct package_reader *reader)
{
    struct span head = span_of(reader->head, reader->head_size);
    if (span_starts(head, "\xEF\xBB\xBF")) {
        edxml_deviate(reader, &TEXT_DEVIATION_BOM, NULL, NULL, NULL);
        head = span_slice(head, 3, SIZE_MAX);
    }
    if (!span_starts(head, "<?xml"))
        edxml_deviate(reader, &TEXT_DEVIATION_DECLARATION, NULL, NULL, NULL);
}

/* --- who, and of which kind --- */

static bool looks_like_edoc(const struct wire *wire)
{
    const struct header *header = &wire->header;
    return header->number || header->notation || header->subject || header->date.text[0]
           || wire->attachments.count > 0;
}

static bool check_kind(struct wire *wire, struct error *err)
{
    struct header *header = &wire->header;
    if (element_group_empty(&edxml_header, header))
        return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_NO_HEADER, "edXMLEnvelope/edXMLHeader/MessageHeader");
    if (header->status.present && header->to.count > 0)
        return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_BOTH_KINDS);
    if (!header->status.present && header->to.count == 0 && !looks_like_edoc(wire))
        return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_KIND);
    header->kind = header->status.present ? PACKAGE_STATUS : PACKAGE_EDOC;
    return true;
}

static bool check_edoc_people(const struct header *header, struct error *err)
{
    char place[EDXML_PLACE];
    if (header->to.count == 0)
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NO_RECIPIENT, "MessageHeader/To");
    for (size_t i = 0; i < header->to.count; i++) {
        snprintf(place, sizeof(place), "MessageHeader/To[%zu]/OrganId", i + 1);
        if (agency_code_empty(&header->to.items[i].code))
            return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NO_RECIPIENT, place);
    }
    return true;
}

/* A status is routed by ResponseFor/OrganId, and matched by DocumentId or else by the code. */
static bool check_status_people(const struct header *header, struct error *err)
{
    if (header->response_for.count == 0)
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NO_RESPONSE, "MessageHeader/ResponseFor");
    if (header->response_for.count > 1)
        return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_TWICE, "MessageHeader/ResponseFor");
    const struct response *response = &header->response_for.items[0];
    if (agency_code_empty(&response->code))
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NO_RESPONSE, "MessageHeader/ResponseFor/OrganId");
    if (!response->document_id && !response->number)
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NO_RESPONSE, "MessageHeader/ResponseFor/DocumentId");
    return true;
}

static bool check_people(const struct header *header, struct error *err)
{
    if (agency_code_empty(&header->from.code))
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NO_SENDER);
    return header->kind == PACKAGE_STATUS ? check_status_people(header, err) : check_edoc_people(header, err);
}

/* --- what is missing, what is too long --- */

static size_t characters(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xC0) != 0x80;
    return count;
}

static void check_length(struct package_reader *reader, const struct element *element, const char *text,
                         const char *place)
{
    char found[24], most[24];
    size_t count = text ? characters(text) : 0;
    if (element->length && count > element->length)
        edxml_deviate(reader, &TEXT_DEVIATION_LENGTH, place, edxml_number(count, found),
                      edxml_number(element->length, most));
}

static bool is_required(const struct element *element, enum package_kind kind)
{
    if (element->flags & ELEMENT_OF_STATUS)
        return kind == PACKAGE_STATUS && element->flags & ELEMENT_REQUIRED;
    return element->flags & ELEMENT_REQUIRED || (element->flags & ELEMENT_OF_EDOC && kind == PACKAGE_EDOC);
}

static void check_group(struct package_reader *reader, const struct element_group *group, const void *base,
                        const char *around);

static void check_list(struct package_reader *reader, const struct element *element, const void *field,
                       const char *place)
{
    struct element_list list = element_list_at(field);
    for (size_t i = 0; i < list.count; i++) {
        char item[EDXML_PLACE];
        snprintf(item, sizeof(item), "%.70s[%zu]", place, i + 1);
        if (element->kind == ELEMENT_LIST)
            check_group(reader, element->group, list.items + i * element->group->size, item);
        else if (element->kind == ELEMENT_TEXTS)
            check_length(reader, element, ((const wire_text *)(const void *)list.items)[i], item);
    }
}

static void check_element(struct package_reader *reader, const struct element *element, const void *base,
                          const char *place)
{
    const void *field = element_field_const(base, element);
    bool empty = element_empty(element, base), required = is_required(element, reader->wire.header.kind);
    if (empty && required && element->kind != ELEMENT_GROUP)
        edxml_deviate(reader, &TEXT_DEVIATION_MISSING, place, NULL, NULL);
    else if (element->kind == ELEMENT_GROUP && (!empty || required))
        check_group(reader, element->group, field, place);
    else if (element->kind == ELEMENT_TEXT)
        check_length(reader, element, *(const wire_text *)field, place);
    else if (element->kind == ELEMENT_LIST || element->kind == ELEMENT_TEXTS)
        check_list(reader, element, field, place);
}

static void check_group(struct package_reader *reader, const struct element_group *group, const void *base,
                        const char *around)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct element *element = &group->elements[i];
        char place[EDXML_PLACE];
        snprintf(place, sizeof(place), "%.50s%s%.40s", around, *around ? "/" : "", element->name);
        if (!(element->flags & ELEMENT_ALIAS))
            check_element(reader, element, base, place);
    }
}

/* --- agency codes --- */

static void check_code(struct package_reader *reader, const struct agency_code *code, const char *place)
{
    if (!agency_code_empty(code) && !agency_code_conforms(code))
        edxml_deviate(reader, &TEXT_DEVIATION_CODE, place, code->text, NULL);
}

static int compare_codes(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void check_repeated(struct package_reader *reader, const struct organizations *to)
{
    char(*keys)[AGENCY_CODE_SIZE] CLEANUP(free_clear) = calloc(to->count + 1, sizeof(*keys));
    if (!keys) {
        edxml_refuse(reader, ERR_INTERNAL, &TEXT_NO_MEMORY, NULL, NULL, NULL);
        return;
    }
    for (size_t i = 0; i < to->count; i++)
        agency_code_key(&to->items[i].code, keys[i]);
    qsort(keys, to->count, sizeof(*keys), compare_codes);
    for (size_t i = 1; i < to->count; i++)
        if (strcmp(keys[i - 1], keys[i]) == 0)
            edxml_deviate(reader, &TEXT_DEVIATION_RECIPIENT_TWICE, "MessageHeader/To", keys[i], NULL);
}

static void check_codes(struct package_reader *reader)
{
    const struct header *header = &reader->wire.header;
    char place[EDXML_PLACE];
    check_code(reader, &header->from.code, "MessageHeader/From/OrganId");
    for (size_t i = 0; i < header->to.count; i++) {
        snprintf(place, sizeof(place), "MessageHeader/To[%zu]/OrganId", i + 1);
        check_code(reader, &header->to.items[i].code, place);
    }
    for (size_t i = 0; i < header->response_for.count; i++) {
        snprintf(place, sizeof(place), "MessageHeader/ResponseFor[%zu]/OrganId", i + 1);
        check_code(reader, &header->response_for.items[i].code, place);
    }
    check_repeated(reader, &header->to);
}

/* --- business --- */

static void check_business(struct package_reader *reader)
{
    const struct header *header = &reader->wire.header;
    const struct business *business = &header->business;
    static const char place[] = "TraceHeaderList/Bussiness";
    if (business->type.value == BUSINESS_RECALL && !business->document_id && header->response_for.count == 0)
        edxml_deviate(reader, &TEXT_DEVIATION_TARGET, place, "thu hồi / recall", NULL);
    if (business->type.value == BUSINESS_UPDATE && !business->document_id && !header->document_id)
        edxml_deviate(reader, &TEXT_DEVIATION_TARGET, place, "cập nhật / update", NULL);
    if (business->type.value == BUSINESS_REPLACE && business->replacements.count == 0)
        edxml_deviate(reader, &TEXT_DEVIATION_TARGET, place, "thay thế / replacement", NULL);
}

/* --- the end --- */

bool edxml_conclude(struct package_reader *reader, struct package *ret_package, struct error *err)
{
    struct package package CLEANUP(package_clear) = {0};
    check_beginning(reader);
    if (!check_kind(&reader->wire, err) || !check_people(&reader->wire.header, err)
        || !secret_check_header(&reader->wire.header, err))
        return false;
    check_group(reader, &edxml_header, &reader->wire.header, "");
    check_codes(reader);
    check_business(reader);
    if (!edxml_take_attachments(reader, &package.attachments, err))
        return false;
    if (reader->failed) {
        *err = reader->error;
        return false;
    }
    package.header = reader->wire.header;
    reader->wire.header = (struct header){0};
    package.deviations = reader->deviations;
    reader->deviations = (struct deviations){0};
    *ret_package = package;
    package = (struct package){0};
    return true;
}
