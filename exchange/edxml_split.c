#include "exchange/edxml_split.h"

#include <stdio.h>

enum {
    /* markup */
    MARKUP_TEXT,
    MARKUP_OPEN,    /* after '<' */
    MARKUP_NAME,    /* inside the name of a start tag */
    MARKUP_TAG,     /* inside a tag, after its name */
    MARKUP_BANG,    /* after "<!" */
    MARKUP_COMMENT, /* inside <!-- … --> */
    MARKUP_CDATA,   /* inside <![CDATA[ … ]]> */
    MARKUP_PI,      /* inside <? … ?> */
    /* content */
    CONTENT_TEXT,
    CONTENT_OPEN,       /* after '<' */
    CONTENT_REFERENCE,  /* after '&' */
    CONTENT_CDATA_OPEN, /* inside "![CDATA[" */
    CONTENT_CDATA
};

static const char CONTENT_NAME[] = "ContentTransferEncoded";
static const char CDATA_OPEN[] = "![CDATA[";

struct edxml_split edxml_split_of(const struct edxml_split_calls *calls, void *target)
{
    return (struct edxml_split){.calls = calls, .target = target, .state = MARKUP_TEXT};
}

bool edxml_split_inside(const struct edxml_split *split)
{
    return split->state >= CONTENT_TEXT;
}

/* --- markup --- */

static bool is_blank(uint8_t byte)
{
    return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

static void open_markup(struct edxml_split *split, uint8_t byte)
{
    split->match = 0;
    split->quote = 0;
    split->name_size = 0;
    split->is_content = false;
    split->state = byte == '!'   ? MARKUP_BANG
                   : byte == '?' ? MARKUP_PI
                   : byte == '/' ? MARKUP_TAG
                                 : MARKUP_NAME;
}

/* The local name: what follows the last colon. Names too long to be ours keep their beginning, which is enough to differ. */
static void add_name(struct edxml_split *split, uint8_t byte)
{
    if (byte == ':')
        split->name_size = 0;
    else if (split->name_size < sizeof(split->name))
        split->name[split->name_size++] = (char)byte;
}

static void in_tag(struct edxml_split *split, uint8_t byte)
{
    if (split->quote) {
        if (byte == split->quote)
            split->quote = 0;
    } else if (byte == '"' || byte == '\'') {
        split->quote = byte;
    } else if (byte == '>') {
        split->state = split->is_content && split->previous != '/' ? CONTENT_TEXT : MARKUP_TEXT;
    }
}

static void in_name(struct edxml_split *split, uint8_t byte)
{
    if (!is_blank(byte) && byte != '>' && byte != '/') {
        add_name(split, byte);
        return;
    }
    split->is_content = span_is(span_of(split->name, split->name_size), CONTENT_NAME);
    split->state = MARKUP_TAG;
    in_tag(split, byte);
}

/* "<!--" or "<![CDATA[": the guard refuses every other "<!". */
static void in_bang(struct edxml_split *split, uint8_t byte)
{
    split->match++;
    if (byte == '-' && split->match == 2)
        split->state = MARKUP_COMMENT;
    else if (byte == '[' && split->match == sizeof(CDATA_OPEN) - 2)
        split->state = MARKUP_CDATA;
    if (split->state != MARKUP_BANG)
        split->match = 0;
}

static void in_closed_by(struct edxml_split *split, uint8_t byte, uint8_t repeated, unsigned times)
{
    if (byte == repeated)
        split->match += split->match < times;
    else if (byte == '>' && split->match == times)
        split->state = MARKUP_TEXT;
    else
        split->match = 0;
}

static void step_markup(struct edxml_split *split, uint8_t byte)
{
    switch (split->state) {
    case MARKUP_TEXT:
        if (byte == '<')
            split->state = MARKUP_OPEN;
        break;
    case MARKUP_OPEN:
        open_markup(split, byte);
        if (split->state == MARKUP_NAME)
            in_name(split, byte);
        break;
    case MARKUP_NAME:
        in_name(split, byte);
        break;
    case MARKUP_TAG:
        in_tag(split, byte);
        break;
    case MARKUP_BANG:
        in_bang(split, byte);
        break;
    case MARKUP_COMMENT:
        in_closed_by(split, byte, '-', 2);
        break;
    case MARKUP_CDATA:
        in_closed_by(split, byte, ']', 2);
        break;
    default:
        in_closed_by(split, byte, '?', 1);
        break;
    }
    split->previous = byte;
}

/* Takes markup up to the beginning of a content or the end of the piece; returns how much. */
static size_t take_markup(struct edxml_split *split, struct span piece)
{
    size_t at = 0;
    while (at < piece.size && !edxml_split_inside(split)) {
        if (split->state == MARKUP_TEXT) {
            const uint8_t *open = memchr(piece.data + at, '<', piece.size - at);
            at = open ? (size_t)(open - piece.data) : piece.size;
            if (!open)
                break;
        }
        step_markup(split, piece.data[at++]);
    }
    return at;
}

static bool feed_markup(struct edxml_split *split, struct span piece, size_t *ret_taken, struct error *err)
{
    *ret_taken = take_markup(split, piece);
    return split->calls->markup(split->target, span_slice(piece, 0, *ret_taken), split->offset, err)
           && (!edxml_split_inside(split) || split->calls->begin(split->target, err));
}

/* --- content --- */

static bool end_content(struct edxml_split *split, struct error *err)
{
    unsigned number;
    char marker[16];
    if (!split->calls->end(split->target, &number, err))
        return false;
    snprintf(marker, sizeof(marker), "%u</", number);
    split->state = MARKUP_TAG;
    split->is_content = false;
    split->quote = 0;
    return split->calls->markup(split->target, span_text(marker), split->offset, err);
}

/* &#13; &#xD; and the like: one character of ASCII, or it is not base64. */
static bool resolve(struct edxml_split *split, struct error *err)
{
    split->reference[split->match] = '\0';
    char *end = split->reference;
    bool hexadecimal = split->reference[0] == '#' && split->reference[1] == 'x';
    unsigned long value = split->reference[0] == '#'
                              ? strtoul(split->reference + (hexadecimal ? 2 : 1), &end, hexadecimal ? 16 : 10)
                              : 0;
    uint8_t byte = (uint8_t)value;
    if (value == 0 || value >= 0x80 || *end)
        return split->calls->refuse(split->target, "&", err);
    split->state = CONTENT_TEXT;
    return split->calls->content(split->target, span_of(&byte, 1), err);
}

static bool in_reference(struct edxml_split *split, uint8_t byte, struct error *err)
{
    if (byte == ';')
        return resolve(split, err);
    if (split->match + 1 >= sizeof(split->reference))
        return split->calls->refuse(split->target, "&", err);
    split->reference[split->match++] = (char)byte;
    return true;
}

static bool step_content(struct edxml_split *split, uint8_t byte, struct error *err)
{
    switch (split->state) {
    case CONTENT_TEXT:
        split->state = byte == '<' ? CONTENT_OPEN : CONTENT_REFERENCE;
        split->match = 0;
        return true;
    case CONTENT_REFERENCE:
        return in_reference(split, byte, err);
    case CONTENT_OPEN:
        if (byte == '/')
            return end_content(split, err);
        split->state = CONTENT_CDATA_OPEN;
        split->match = 0;
        return step_content(split, byte, err);
    case CONTENT_CDATA_OPEN:
        if (byte != (uint8_t)CDATA_OPEN[split->match])
            return split->calls->refuse(split->target, "<", err);
        if (++split->match == sizeof(CDATA_OPEN) - 1) {
            split->state = CONTENT_CDATA;
            split->match = 0;
        }
        return true;
    default: /* CDATA: "]]>" ends it, and a lone "]" is not base64 */
        if (byte != (uint8_t) "]]>"[split->match])
            return split->calls->refuse(split->target, "]", err);
        if (++split->match == 3)
            split->state = CONTENT_TEXT;
        return true;
    }
}

/* How much of the piece is plain content from here on. */
static size_t plain_size(const struct edxml_split *split, struct span piece)
{
    if (split->state == CONTENT_TEXT) {
        const uint8_t *open = memchr(piece.data, '<', piece.size);
        size_t size = open ? (size_t)(open - piece.data) : piece.size;
        const uint8_t *reference = memchr(piece.data, '&', size);
        return reference ? (size_t)(reference - piece.data) : size;
    }
    if (split->state == CONTENT_CDATA && split->match == 0) {
        const uint8_t *close = memchr(piece.data, ']', piece.size);
        return close ? (size_t)(close - piece.data) : piece.size;
    }
    return 0;
}

static bool feed_content(struct edxml_split *split, struct span piece, size_t *ret_taken, struct error *err)
{
    size_t plain = plain_size(split, piece);
    *ret_taken = plain ? plain : 1;
    return plain ? split->calls->content(split->target, span_slice(piece, 0, plain), err)
                 : step_content(split, piece.data[0], err);
}

bool edxml_split_feed(struct edxml_split *split, struct span piece, struct error *err)
{
    while (piece.size > 0) {
        size_t taken;
        bool fed = edxml_split_inside(split) ? feed_content(split, piece, &taken, err)
                                             : feed_markup(split, piece, &taken, err);
        if (!fed)
            return false;
        split->offset += taken;
        piece = span_slice(piece, taken, SIZE_MAX);
    }
    return true;
}
