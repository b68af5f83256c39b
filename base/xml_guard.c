/* The byte scanner in front of libxml2: a small state machine over the markup, linear in the input. */
#include <stdio.h>

#include "base/base_text.h"
#include "base/xml.h"

enum {
    STATE_TEXT,
    STATE_OPEN,    /* after '<' */
    STATE_TAG,     /* inside <name … > */
    STATE_BANG,    /* after "<!" */
    STATE_COMMENT, /* inside <!-- … --> */
    STATE_CDATA,   /* inside <![CDATA[ … ]]> */
    STATE_PI       /* inside <? … ?> */
};

struct xml_guard xml_guard_of(unsigned max_depth)
{
    return (struct xml_guard){.max_depth = max_depth};
}

static bool refuse(const struct xml_guard *guard, enum error_code code, const struct text *text,
                   struct error *err)
{
    char place[24];
    snprintf(place, sizeof(place), "%llu", (unsigned long long)guard->offset);
    return fail(err, code, text, place);
}

/* Feeds one byte to the UTF-8 check; false when the text is not well-formed. */
static bool utf8_step(struct xml_guard *guard, uint8_t byte)
{
    if (guard->utf8_size == 0 && byte < 0x80)
        return true;
    guard->utf8[guard->utf8_size++] = byte;
    uint8_t lead = guard->utf8[0];
    uint8_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || (guard->utf8_size > 1 && (byte & 0xC0) != 0x80))
        return false;
    if (guard->utf8_size < wanted)
        return true;
    guard->utf8_size = 0;
    return text_is_utf8(guard->utf8, wanted);
}

static bool tag_ends(struct xml_guard *guard, struct error *err)
{
    bool empty = guard->previous == '/' && !guard->closing;
    guard->state = STATE_TEXT;
    if (guard->closing)
        guard->depth -= guard->depth > 0;
    else if (!empty && ++guard->depth > guard->max_depth)
        return refuse(guard, ERR_TOO_LARGE, &TEXT_XML_TOO_DEEP, err);
    return true;
}

static bool in_tag(struct xml_guard *guard, uint8_t byte, struct error *err)
{
    if (guard->quote) {
        if (byte == guard->quote)
            guard->quote = 0;
    } else if (byte == '"' || byte == '\'') {
        guard->quote = byte;
    } else if (byte == '=') {
        if (++guard->tag_equals > XML_MAX_ATTRIBUTES)
            return refuse(guard, ERR_TOO_LARGE, &TEXT_XML_MANY_ATTRIBUTES, err);
    } else if (byte == '<') {
        return refuse(guard, ERR_MALFORMED, &TEXT_XML_MALFORMED_AT, err);
    } else if (byte == '>') {
        return tag_ends(guard, err);
    }
    return true;
}

/* How far "--" , "[CDATA[" or "DOCTYPE" has been matched decides what "<!" opens. */
static bool in_bang(struct xml_guard *guard, uint8_t byte, struct error *err)
{
    static const char cdata[] = "[CDATA[";
    if (guard->match == 0 && byte != '-' && byte != '[')
        return refuse(guard, ERR_REFUSED, &TEXT_XML_DOCTYPE, err);
    if (byte == '-' && (guard->match == 0 || guard->previous == '-')) {
        if (++guard->match == 2) {
            guard->state = STATE_COMMENT;
            guard->match = 0;
        }
        return true;
    }
    if (byte != (uint8_t)cdata[guard->match])
        return refuse(guard, ERR_MALFORMED, &TEXT_XML_MALFORMED_AT, err);
    if (++guard->match == sizeof(cdata) - 1) {
        guard->state = STATE_CDATA;
        guard->match = 0;
    }
    return true;
}

/* Ends a comment at "-->", CDATA at "]]>", a processing instruction at "?>". */
static void in_closed_by(struct xml_guard *guard, uint8_t byte, uint8_t repeated, uint8_t times)
{
    if (byte == repeated)
        guard->match += guard->match < times;
    else if (byte == '>' && guard->match == times)
        guard->state = STATE_TEXT;
    else
        guard->match = 0;
}

static bool opens(struct xml_guard *guard, uint8_t byte)
{
    guard->tag_size = 1;
    guard->tag_equals = 0;
    guard->quote = 0;
    guard->match = 0;
    guard->closing = byte == '/';
    guard->state = byte == '!' ? STATE_BANG : byte == '?' ? STATE_PI : STATE_TAG;
    return byte != '>' && byte != '<';
}

static bool step(struct xml_guard *guard, uint8_t byte, struct error *err)
{
    if (!utf8_step(guard, byte))
        return refuse(guard, ERR_MALFORMED, &TEXT_XML_NOT_UTF8, err);
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')
        return refuse(guard, ERR_MALFORMED, &TEXT_XML_CONTROL, err);
    if (guard->state != STATE_TEXT && guard->state != STATE_CDATA && ++guard->tag_size > XML_MAX_TAG)
        return refuse(guard, ERR_TOO_LARGE, &TEXT_XML_MONSTER_TAG, err);

    switch (guard->state) {
    case STATE_TEXT:
        if (byte == '<')
            guard->state = STATE_OPEN;
        return true;
    case STATE_OPEN:
        return opens(guard, byte) ? true : refuse(guard, ERR_MALFORMED, &TEXT_XML_MALFORMED_AT, err);
    case STATE_TAG:
        return in_tag(guard, byte, err);
    case STATE_BANG:
        return in_bang(guard, byte, err);
    case STATE_COMMENT:
        in_closed_by(guard, byte, '-', 2);
        return true;
    case STATE_CDATA:
        in_closed_by(guard, byte, ']', 2);
        return true;
    default:
        in_closed_by(guard, byte, '?', 1);
        return true;
    }
}

bool xml_guard_scan(struct xml_guard *guard, struct span piece, struct error *err)
{
    for (size_t i = 0; i < piece.size; i++) {
        uint8_t byte = piece.data[i];
        /* plain text, which is nearly everything, needs no more than this */
        if (guard->state == STATE_TEXT && guard->utf8_size == 0 && byte >= 0x20 && byte < 0x80
            && byte != '<') {
            guard->offset++;
            continue;
        }
        if (!step(guard, byte, err))
            return false;
        guard->previous = byte;
        guard->offset++;
    }
    return true;
}
