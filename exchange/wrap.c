/* Writing a ZIP with one entry. By hand, because libzip writes only to named files and tells the size last: here the size is known
 * before the first byte leaves, and the same content always gives the same bytes. */
#include "exchange/wrap.h"

#include <zlib.h>

#include "base/base_text.h"
#include "exchange/package_text.h"

enum {
    WRAP_STEP = 256 << 10,
    WRAP_TRIAL = 256 << 10, /* bytes by which it is decided whether compressing is worth while */
    METHOD_STORED = 0,      /* APPNOTE.TXT 4.4.5 */
    METHOD_DEFLATED = 8,
    VERSION_NEEDED = 20,
    FLAG_UTF8 = 1 << 11,
    DOS_DATE = 0x21, /* 1980-01-01: a time would only make two packages of one content differ */
    LOCAL_SIZE = 30,
};

struct entry {
    uint32_t crc, packed, unpacked;
    uint16_t method;
};

/* --- the frame around the body --- */

static void little(struct buffer *buffer, uint32_t value, unsigned size)
{
    for (unsigned i = 0; i < size; i++)
        buffer_u8(buffer, (uint8_t)(value >> (8 * i)));
}

static void common_fields(struct buffer *buffer, const struct entry *entry, const char *name)
{
    little(buffer, VERSION_NEEDED, 2);
    little(buffer, FLAG_UTF8, 2);
    little(buffer, entry->method, 2);
    little(buffer, 0, 2);
    little(buffer, DOS_DATE, 2);
    little(buffer, entry->crc, 4);
    little(buffer, entry->packed, 4);
    little(buffer, entry->unpacked, 4);
    little(buffer, (uint32_t)strlen(name), 2);
    little(buffer, 0, 2); /* no extra field */
}

/* APPNOTE.TXT 4.3.7 */
static void local_header(struct buffer *buffer, const struct entry *entry, const char *name)
{
    buffer_append(buffer, SPAN_LITERAL("PK\3\4"));
    common_fields(buffer, entry, name);
    buffer_text(buffer, name);
}

/* APPNOTE.TXT 4.3.12 and 4.3.16 */
static void central_directory(struct buffer *buffer, const struct entry *entry, const char *name)
{
    uint32_t start = LOCAL_SIZE + (uint32_t)strlen(name) + entry->packed;
    buffer_append(buffer, SPAN_LITERAL("PK\1\2"));
    little(buffer, VERSION_NEEDED, 2);
    common_fields(buffer, entry, name);
    little(buffer, 0, 2); /* no comment, first disk, nothing to say about the file */
    little(buffer, 0, 4);
    little(buffer, 0, 4);
    little(buffer, 0, 4); /* the entry begins at 0 */
    buffer_text(buffer, name);
    uint32_t size = (uint32_t)buffer->size;
    buffer_append(buffer, SPAN_LITERAL("PK\5\6"));
    little(buffer, 0, 4);
    little(buffer, 1, 2);
    little(buffer, 1, 2);
    little(buffer, size, 4);
    little(buffer, start, 4);
    little(buffer, 0, 2);
}

/* --- the body --- */

struct deflating {
    z_stream stream;
    bool running;
    struct sink sink;
    uint8_t *in, *out;
};

static void deflating_clear(struct deflating *deflating)
{
    if (deflating->running)
        deflateEnd(&deflating->stream);
    free(deflating->in);
    free(deflating->out);
}

static bool deflating_begin(struct deflating *deflating, struct error *err)
{
    deflating->in = malloc(WRAP_STEP);
    deflating->out = malloc(WRAP_STEP);
    deflating->running =
        deflateInit2(&deflating->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY)
        == Z_OK;
    return deflating->in && deflating->out && deflating->running ? true
                                                                 : fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

static void deflate_piece(struct deflating *deflating, struct span piece, bool last)
{
    deflating->stream.next_in = (uint8_t *)(uintptr_t)piece.data;
    deflating->stream.avail_in = (uInt)piece.size;
    do {
        deflating->stream.next_out = deflating->out;
        deflating->stream.avail_out = WRAP_STEP;
        deflate(&deflating->stream, last ? Z_FINISH : Z_NO_FLUSH);
        sink_write(&deflating->sink, span_of(deflating->out, WRAP_STEP - deflating->stream.avail_out));
    } while (deflating->stream.avail_out == 0);
}

/* Deflates up to `size` bytes of the content into the sink and sums up what went in. */
static bool deflate_content(const struct content *content, uint64_t size, struct sink sink,
                            struct entry *entry, struct error *err)
{
    struct deflating deflating CLEANUP(deflating_clear) = {.sink = sink};
    if (!deflating_begin(&deflating, err))
        return false;
    for (uint64_t at = 0; at < size;) {
        struct span piece;
        size_t room = size - at < WRAP_STEP ? (size_t)(size - at) : WRAP_STEP;
        if (!content_read(content, at, deflating.in, room, &piece, err))
            return false;
        entry->crc = (uint32_t)crc32(entry->crc, piece.data, (uInt)piece.size);
        deflate_piece(&deflating, piece, false);
        at += piece.size;
    }
    deflate_piece(&deflating, span_text(""), true);
    entry->packed = (uint32_t)deflating.sink.written;
    return sink_finish(&deflating.sink, err);
}

static bool sum_content(const struct content *content, struct entry *entry, struct error *err)
{
    uint8_t *room CLEANUP(free_clear) = malloc(WRAP_STEP);
    if (!room)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (uint64_t at = 0; at < content->size;) {
        struct span piece;
        if (!content_read(content, at, room, WRAP_STEP, &piece, err))
            return false;
        entry->crc = (uint32_t)crc32(entry->crc, piece.data, (uInt)piece.size);
        at += piece.size;
    }
    entry->packed = (uint32_t)content->size;
    return true;
}

static bool discard(struct sink *sink, struct span bytes, struct error *err)
{
    (void)sink, (void)bytes, (void)err;
    return true;
}

/* Pictures, films and Office files are compressed already. */
static bool worth_deflating(const struct content *content, bool *ret_worth, struct error *err)
{
    struct entry trial = {0};
    uint64_t size = content->size < WRAP_TRIAL ? content->size : WRAP_TRIAL;
    if (!deflate_content(content, size, sink_call(discard, NULL), &trial, err))
        return false;
    *ret_worth = trial.packed < size - size / 20;
    return true;
}

static bool deflate_to_spool(const struct content *content, const char *spool, struct wrapping *wrapping,
                             struct entry *entry, struct error *err)
{
    if (!spool_file(spool, content->size, &wrapping->spool, err)
        || !deflate_content(content, content->size, sink_fd(wrapping->spool), entry, err))
        return false;
    wrapping->body = (struct content){.fd = wrapping->spool, .size = entry->packed};
    return true;
}

bool wrap_prepare(const struct content *content, const char *name, const char *spool,
                  struct wrapping *ret_wrapping, struct error *err)
{
    struct wrapping wrapping CLEANUP(wrapping_clear) = {.spool = -1, .body = *content};
    struct entry entry = {.crc = (uint32_t)crc32(0, NULL, 0), .unpacked = (uint32_t)content->size};
    bool worth;
    if (content->size > PACKAGE_MAX_ATTACHMENT) /* the sizes of a plain ZIP have 32 bits */
        return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_ATTACHMENT_LIMIT, name, "2147483648");
    if (!worth_deflating(content, &worth, err))
        return false;
    entry.method = worth ? METHOD_DEFLATED : METHOD_STORED;
    if (!(worth ? deflate_to_spool(content, spool, &wrapping, &entry, err)
                : sum_content(content, &entry, err)))
        return false;
    local_header(&wrapping.before, &entry, name);
    central_directory(&wrapping.after, &entry, name);
    if (wrapping.before.failed || wrapping.after.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *ret_wrapping = wrapping;
    wrapping = (struct wrapping){.spool = -1};
    return true;
}

void wrapping_clear(struct wrapping *wrapping)
{
    buffer_clear(&wrapping->before);
    buffer_clear(&wrapping->after);
    fd_close(&wrapping->spool);
    wrapping->body = (struct content){.fd = -1};
}
