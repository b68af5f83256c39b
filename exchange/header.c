#include "exchange/header.h"

#include <stdio.h>

#include "base/base_text.h"
#include "exchange/edxml_table.h"
#include "exchange/package_text.h"
#include "exchange/secret.h"

enum { YEAR_LEAST = 1900 }; /* a year 0033 is a date that some library mistook, not a date */

void header_clear(struct header *header)
{
    element_group_clear(&edxml_header, header);
    *header = (struct header){0};
}

bool date_read(struct span text, char separator, struct date *ret_date)
{
    struct date date = {0};
    int64_t ms;
    if (text.size != sizeof(date.text) - 1 || text.data[4] != (uint8_t)separator
        || text.data[7] != (uint8_t)separator)
        return false;
    memcpy(date.text, text.data, text.size);
    date.text[4] = date.text[7] = '-';
    if (!clock_read(date.text, &ms) || strtol(date.text, NULL, 10) < YEAR_LEAST)
        return false;
    *ret_date = date;
    return true;
}

bool wire_time_read(struct span text, int64_t *ret_ms)
{
    struct date date;
    char iso[CLOCK_TEXT_SIZE];
    if (text.size != sizeof("yyyy/MM/dd HH:mm:ss") - 1 || !date_read(span_slice(text, 0, 10), '/', &date)
        || text.data[10] != ' ')
        return false;
    snprintf(iso, sizeof(iso), "%sT%.8s+07:00", date.text, (const char *)text.data + 11);
    return clock_read(iso, ret_ms);
}

/* --- what an outgoing message must and should say --- */

static bool missing(const char *member, struct error *err)
{
    return fail(err, ERR_REFUSED, &TEXT_HEADER_MISSING, member);
}

static bool check_status(const struct header *header, struct error *err)
{
    if (header->to.count > 0)
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_BOTH_KINDS);
    if (header->response_for.count != 1)
        return missing("response_for", err);
    const struct response *response = &header->response_for.items[0];
    if (agency_code_empty(&response->code))
        return missing("response_for[0].code", err);
    if (!response->document_id && !response->number)
        return missing("response_for[0].document_id", err);
    if (!response->document_id && !response->date.text[0])
        return missing("response_for[0].date", err);
    if (header->time_ms == 0)
        return missing("time", err);
    return header->status.present || missing("status", err);
}

static bool check_edoc(const struct header *header, struct error *err)
{
    if (header->status.present)
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_BOTH_KINDS);
    if (header->to.count == 0)
        return missing("to", err);
    for (size_t i = 0; i < header->to.count; i++) {
        char member[32];
        snprintf(member, sizeof(member), "to[%zu].code", i);
        if (agency_code_empty(&header->to.items[i].code))
            return missing(member, err);
    }
    if (!header->number)
        return missing("number", err);
    if (!header->notation)
        return missing("notation", err);
    if (!header->date.text[0])
        return missing("date", err);
    return header->subject || missing("subject", err);
}

bool header_check(const struct header *header, struct error *err)
{
    if (agency_code_empty(&header->from.code))
        return missing("from.code", err);
    bool whole = header->kind == PACKAGE_STATUS ? check_status(header, err) : check_edoc(header, err);
    return whole && secret_check_header(header, err);
}

bool header_document_id(const struct header *header, struct buffer *buffer)
{
    char date[sizeof(header->date.text)];
    memcpy(date, header->date.text, sizeof(date));
    if (date[0])
        date[4] = date[7] = '/';
    buffer_format(buffer, "%s,%s,%s/%s", header->from.code.text, date, header->number ? header->number : "",
                  header->notation ? header->notation : "");
    return !buffer->failed;
}

static void set_if_absent(struct number *number, int32_t value)
{
    if (!number->present)
        *number = (struct number){value, true};
}

static bool give_document_id(struct header *header)
{
    struct buffer id CLEANUP(buffer_clear) = {0};
    if (!header_document_id(header, &id))
        return false;
    header->document_id = span_string(buffer_span(&id));
    return header->document_id != NULL;
}

static bool give_hop(struct header *header, const struct clock *clock)
{
    struct hop *hop = element_list_grow(&header->trace, sizeof(*hop));
    if (hop)
        *hop = (struct hop){header->from.code, clock_now_ms(clock)};
    return hop != NULL;
}

bool header_complete(struct header *header, const struct clock *clock, struct error *err)
{
    if (header->kind == PACKAGE_STATUS) {
        if (header->time_ms == 0)
            header->time_ms = clock_now_ms(clock);
        return true;
    }
    set_if_absent(&header->urgency, 0);
    set_if_absent(&header->copies, 1);
    set_if_absent(&header->pages, 1);
    set_if_absent(&header->direction, 0);
    set_if_absent(&header->steering, 0);
    set_if_absent(&header->business.type, BUSINESS_NEW);
    set_if_absent(&header->business.paper, 0);
    if (!header->document_id && !give_document_id(header))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (header->trace.count == 0 && !give_hop(header, clock))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    return true;
}
