/* A package is read in one pass: the splitter leads the base64 of attachments straight to blobs, everything else goes through
 * the guard to libxml2's push parser. Nothing is held but the header. */
#include "exchange/edxml_read.h"

#include <errno.h>
#include <stdio.h>

#include "base/base_text.h"
#include "exchange/package_text.h"

enum {
    DECODE_STEP = 128 << 10, /* bytes of base64 at a time */
    READ_STEP = 256 << 10    /* bytes of a file at a time */
};

/* --- saying what is wrong --- */

bool edxml_refuse(struct package_reader *reader, enum error_code code, const struct text *text, const char *a,
                  const char *b, const char *c)
{
    if (!reader->failed) {
        error_set(&reader->error, code, text, a ? a : "", b ? b : "", c ? c : "", (const char *)NULL);
        reader->failed = true;
    }
    if (reader->parser)
        xmlStopParser(reader->parser);
    return false;
}

void edxml_deviate(struct package_reader *reader, const struct text *text, const char *a, const char *b,
                   const char *c)
{
    if (reader->deviations.count >= PACKAGE_MAX_DEVIATIONS)
        return;
    struct deviation *deviation = element_list_grow(&reader->deviations, sizeof(*deviation));
    if (!deviation) {
        edxml_refuse(reader, ERR_INTERNAL, &TEXT_NO_MEMORY, NULL, NULL, NULL);
        return;
    }
    deviation->text = text;
    const char *args[TEXT_ARGS] = {a, b, c};
    for (size_t i = 0; i < TEXT_ARGS; i++)
        if (args[i])
            text_clean(args[i], strlen(args[i]), TEXT_ARG_SIZE, deviation->arg[i]);
}

const char *edxml_number(uint64_t number, char ret_text[static 24])
{
    snprintf(ret_text, 24, "%llu", (unsigned long long)number);
    return ret_text;
}

/* The elements around everything tell nobody anything. */
static bool tells_something(const char *name)
{
    static const char *const around[] = {"edXML",     "edXMLEnvelope", "edXMLHeader",
                                         "edXMLBody", "edXMLManifest", "AttachmentEncoded"};
    for (size_t i = 0; i < COUNT_OF(around); i++)
        if (strcmp(name, around[i]) == 0)
            return false;
    return true;
}

const char *edxml_place(const struct package_reader *reader, char ret_place[static EDXML_PLACE])
{
    size_t at = 0;
    ret_place[0] = '\0';
    for (size_t i = 0; i < reader->depth && at < EDXML_PLACE; i++) {
        const struct edxml_frame *frame = &reader->frames[i];
        if (!tells_something(frame->name) && i + 1 < reader->depth)
            continue;
        at += (size_t)snprintf(ret_place + at, EDXML_PLACE - at, "%s%s", at ? "/" : "", frame->name);
        if (frame->number && at < EDXML_PLACE)
            at += (size_t)snprintf(ret_place + at, EDXML_PLACE - at, "[%zu]", frame->number);
    }
    return reader->depth > 0 ? ret_place : memcpy(ret_place, "edXML", sizeof("edXML"));
}

/* --- the two parts of the stream --- */

static bool parse(struct package_reader *reader, struct span bytes, bool last)
{
    char place[EDXML_PLACE];
    xmlParseChunk(reader->parser, (const char *)bytes.data, (int)bytes.size, last);
    if (!reader->failed && !reader->parser->wellFormed)
        return edxml_refuse(reader, ERR_MALFORMED, &TEXT_PACKAGE_NOT_XML, edxml_place(reader, place), "",
                            NULL);
    return !reader->failed;
}

static bool on_markup(void *target, struct span bytes, uint64_t offset, struct error *err)
{
    struct package_reader *reader = target;
    char limit[24];
    reader->guard.offset = offset; /* it has not seen the contents */
    if (!xml_guard_scan(&reader->guard, bytes, err))
        return false;
    reader->markup_size += bytes.size;
    if (reader->markup_size > PACKAGE_MAX_MARKUP)
        return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_MARKUP_LIMIT, edxml_number(PACKAGE_MAX_MARKUP, limit));
    if (parse(reader, bytes, false))
        return true;
    *err = reader->error;
    return false;
}

static bool on_begin(void *target, struct error *err)
{
    struct package_reader *reader = target;
    char limit[24];
    if (reader->content_count >= PACKAGE_MAX_ATTACHMENTS)
        return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_TOO_MANY, "Attachment",
                    edxml_number(PACKAGE_MAX_ATTACHMENTS, limit));
    reader->decoder = (struct base64_decoder){0};
    if (!blob_begin(reader->blobs, &reader->contents[reader->content_count].writer, err))
        return false;
    reader->content_count++;
    return true;
}

static bool refuse_base64(const struct package_reader *reader, struct error *err)
{
    char place[EDXML_PLACE];
    return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_BASE64, edxml_place(reader, place));
}

static bool within_limits(const struct package_reader *reader, uint64_t size, struct error *err)
{
    char place[EDXML_PLACE], limit[24];
    if (size > reader->limits.attachment)
        return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_ATTACHMENT_LIMIT, edxml_place(reader, place),
                    edxml_number(reader->limits.attachment, limit));
    if (reader->content_bytes > reader->limits.attachments)
        return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_ATTACHMENTS_LIMIT,
                    edxml_number(reader->limits.attachments, limit));
    return true;
}

static bool keep(struct package_reader *reader, struct span bytes, struct error *err)
{
    struct blob_writer *writer = reader->contents[reader->content_count - 1].writer;
    reader->content_bytes += bytes.size;
    return within_limits(reader, blob_written(writer) + bytes.size, err) && blob_add(writer, bytes, err);
}

static bool on_content(void *target, struct span text, struct error *err)
{
    struct package_reader *reader = target;
    for (size_t at = 0; at < text.size; at += DECODE_STEP) {
        size_t size = base64_decode(&reader->decoder, span_slice(text, at, DECODE_STEP), reader->decoded);
        if (reader->decoder.failed)
            return refuse_base64(reader, err);
        if (!keep(reader, span_of(reader->decoded, size), err))
            return false;
    }
    return true;
}

static bool on_end(void *target, unsigned *ret_number, struct error *err)
{
    struct package_reader *reader = target;
    uint8_t last[2];
    size_t size;
    if (!base64_decode_end(&reader->decoder, last, &size))
        return refuse_base64(reader, err);
    *ret_number = (unsigned)reader->content_count - 1;
    return keep(reader, span_of(last, size), err);
}

static bool on_refuse(void *target, const char *what, struct error *err)
{
    char place[EDXML_PLACE];
    return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_INSIDE_TEXT, edxml_place(target, place), what);
}

static const struct edxml_split_calls split_calls = {
    .markup = on_markup,
    .begin = on_begin,
    .content = on_content,
    .end = on_end,
    .refuse = on_refuse,
};

/* --- the reader --- */

bool package_reader_new(struct blobs *blobs, const struct package_limits *limits,
                        struct package_reader **ret_reader, struct error *err)
{
    struct package_reader *reader CLEANUP(package_reader_free) = calloc(1, sizeof(*reader));
    if (!reader)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    reader->blobs = blobs;
    reader->limits = limits ? *limits : (struct package_limits){0};
    if (reader->limits.attachment == 0)
        reader->limits.attachment = PACKAGE_MAX_ATTACHMENT;
    if (reader->limits.attachments == 0)
        reader->limits.attachments = PACKAGE_MAX_ALL;
    reader->split = edxml_split_of(&split_calls, reader);
    reader->guard = xml_guard_of(PACKAGE_MAX_DEPTH);
    reader->decoded = malloc(DECODE_STEP / 4 * 3 + 3);
    xmlSAXHandler sax = edxml_sax;
    reader->parser = xmlCreatePushParserCtxt(&sax, reader, NULL, 0, NULL);
    if (!reader->decoded || !reader->parser)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    xmlCtxtUseOptions(reader->parser, XML_PARSE_NONET);
    *ret_reader = TAKE(reader);
    return true;
}

void package_reader_free(struct package_reader **owner)
{
    struct package_reader *reader = *owner;
    if (!reader)
        return;
    for (size_t i = 0; i < reader->content_count; i++)
        blob_abort(&reader->contents[i].writer);
    if (reader->parser)
        xmlFreeParserCtxt(reader->parser);
    element_group_clear(&edxml_root, &reader->wire);
    buffer_clear(&reader->text);
    free(reader->deviations.items);
    free(reader->decoded);
    free(reader);
    *owner = NULL;
}

/* Whatever failed, the first refusal is the one that is told, now and when asked again. */
static bool refused(struct package_reader *reader, const struct error *said, struct error *err)
{
    if (!reader->failed)
        reader->error = *said;
    reader->failed = true;
    *err = reader->error;
    return false;
}

bool package_reader_feed(struct package_reader *reader, struct span piece, struct error *err)
{
    struct error said = {0};
    if (reader->failed)
        return refused(reader, &said, err);
    for (size_t i = 0; i < piece.size && reader->head_size < sizeof(reader->head); i++)
        reader->head[reader->head_size++] = piece.data[i];
    return edxml_split_feed(&reader->split, piece, &said) ? true : refused(reader, &said, err);
}

static bool ended_well(struct package_reader *reader, struct error *err)
{
    if (reader->head_size == 0)
        return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_EMPTY);
    if (edxml_split_inside(&reader->split))
        return refuse_base64(reader, err);
    if (parse(reader, span_text(""), true))
        return true;
    *err = reader->error;
    return false;
}

bool package_reader_finish(struct package_reader *reader, struct package *ret_package, struct error *err)
{
    struct error said = {0};
    struct package package CLEANUP(package_clear) = {0};
    if (reader->failed || !ended_well(reader, &said) || !edxml_conclude(reader, &package, &said))
        return refused(reader, &said, err);
    *ret_package = package;
    package = (struct package){0};
    return true;
}

/* --- at once --- */

bool package_read(struct span wire, struct blobs *blobs, const struct package_limits *limits,
                  struct package *ret_package, struct error *err)
{
    struct package_reader *reader CLEANUP(package_reader_free) = NULL;
    return package_reader_new(blobs, limits, &reader, err) && package_reader_feed(reader, wire, err)
           && package_reader_finish(reader, ret_package, err);
}

bool package_read_fd(int fd, struct blobs *blobs, const struct package_limits *limits,
                     const struct package_progress *progress, struct package *ret_package, struct error *err)
{
    struct package_reader *reader CLEANUP(package_reader_free) = NULL;
    uint8_t *piece CLEANUP(free_clear) = malloc(READ_STEP);
    off_t all = lseek(fd, 0, SEEK_END), done = 0;
    if (!piece)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!package_reader_new(blobs, limits, &reader, err))
        return false;
    if (all >= 0)
        lseek(fd, 0, SEEK_SET);
    for (;;) {
        ssize_t got = read(fd, piece, READ_STEP);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fail(err, ERR_MALFORMED, &TEXT_FILE_UNREADABLE, "");
            return error_errno(err, "read");
        }
        if (got == 0)
            return package_reader_finish(reader, ret_package, err);
        if (!package_reader_feed(reader, span_of(piece, (size_t)got), err))
            return false;
        done += got;
        if (progress)
            progress->report(progress->target, (uint64_t)done, all > 0 ? (uint64_t)all : 0);
    }
}
