/* A package is written as the axis writes one: elements in the order of the table, CRLF, two spaces, its prefixes and its misspellings.
 * Of the files, PDF and ZIP travel as they are and everything else as the only entry of a ZIP, which is what every peer can read. */
#include <stdio.h>

#include "base/base_text.h"
#include "exchange/attachment.h"
#include "exchange/edxml_markup.h"
#include "exchange/package_text.h"
#include "exchange/secret.h"
#include "exchange/wrap.h"

enum {
    UUID_SIZE = 37,
    ENCODE_STEP = 192 << 10, /* bytes at a time: a multiple of 3, so that pieces join without padding */
    LOOK_SIZE = 1024
};

struct written_file {
    char content_id[UUID_SIZE]; /* when the attachment has none */
    const char *content_type;
    struct wrapping wrapping; /* of a file that travels as it is: only its body */
};

struct package_writer {
    /* set by package_writer_new, never changed */
    const struct package *package;
    struct written_file *files;
    size_t count;
    uint64_t size;
    /* while writing */
    struct buffer markup;
    uint8_t *raw, *encoded;
};

/* --- names that need no chance --- */

static void uuid_of(struct digest *digest, char ret_uuid[static UUID_SIZE])
{
    struct digest_value value = digest_finish(digest);
    uint8_t *b = value.bytes;
    b[6] = (uint8_t)(0x80 | (b[6] & 0x0F)); /* RFC 9562: version 8, made in a way of our own */
    b[8] = (uint8_t)(0x80 | (b[8] & 0x3F));
    snprintf(ret_uuid, UUID_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
             b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14],
             b[15]);
}

/* From who sends what: a package that is written again is the same package. */
static void give_content_id(const struct package *package, size_t index, char ret_uuid[static UUID_SIZE])
{
    struct digest *digest CLEANUP(digest_free) = digest_new(DIGEST_SHA256);
    const struct header *header = &package->header;
    char number[24];
    snprintf(number, sizeof(number), "/%zu/", index);
    digest_add(digest, span_text(header->from.code.text));
    digest_add(digest, span_text(header->document_id ? header->document_id : ""));
    digest_add(digest, span_text(number));
    digest_add(digest, span_text(package->attachments.items[index].name));
    uuid_of(digest, ret_uuid);
}

static void give_entry_name(const char *content_id, const char *extension,
                            char ret_name[static UUID_SIZE + EXTENSION_SIZE])
{
    struct digest *digest CLEANUP(digest_free) = digest_new(DIGEST_SHA256);
    char uuid[UUID_SIZE];
    digest_add(digest, span_text(content_id));
    uuid_of(digest, uuid);
    snprintf(ret_name, UUID_SIZE + EXTENSION_SIZE, "%s.%s", uuid, *extension ? extension : "unk");
}

/* --- files --- */

static const char *content_id_of(const struct package_writer *writer, size_t index)
{
    const char *own = writer->package->attachments.items[index].content_id;
    return own ? own : writer->files[index].content_id;
}

/* What the name says must be true before it leaves. */
static bool check_nature(const struct content *content, const char *name, const char *extension,
                         struct error *err)
{
    uint8_t room[LOOK_SIZE];
    struct span head;
    if (!content_read(content, 0, room, sizeof(room), &head, err))
        return false;
    enum nature nature = nature_of(head);
    if (strcmp(extension, "pdf") == 0 && nature != NATURE_PDF)
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NOT_PDF, name);
    if (strcmp(extension, "zip") == 0 && nature != NATURE_ZIP)
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NOT_ZIP, name, nature_name(nature));
    return true;
}

static bool check_file(const struct attachment *attachment, const struct content *content,
                       const char *extension, size_t index, struct error *err)
{
    char place[TEXT_ARG_SIZE];
    snprintf(place, sizeof(place), "Attachment[%zu]", index + 1);
    if (!name_is_safe(attachment->name))
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NAME_PATH, place, attachment->name);
    return secret_check(attachment->name, SECRET_FILE, place, err)
           && secret_check(attachment->description, SECRET_SENTENCE, place, err)
           && check_nature(content, attachment->name, extension, err);
}

static bool prepare_file(struct package_writer *writer, const struct content *content, size_t index,
                         const char *spool, struct error *err)
{
    const struct attachment *attachment = &writer->package->attachments.items[index];
    struct written_file *file = &writer->files[index];
    char extension[EXTENSION_SIZE], entry[UUID_SIZE + EXTENSION_SIZE];
    name_extension(attachment->name, extension);
    give_content_id(writer->package, index, file->content_id);
    if (!check_file(attachment, content, extension, index, err))
        return false;
    bool pdf = strcmp(extension, "pdf") == 0, zip = strcmp(extension, "zip") == 0;
    file->content_type = pdf ? "application/pdf" : "application/zip";
    if (pdf || zip) {
        file->wrapping = (struct wrapping){.body = *content, .spool = -1};
        return true;
    }
    give_entry_name(content_id_of(writer, index), extension, entry);
    return wrap_prepare(content, entry, spool, &file->wrapping, err);
}

static uint64_t file_size(const struct written_file *file)
{
    return file->wrapping.before.size + file->wrapping.body.size + file->wrapping.after.size;
}

/* --- the parts of the package --- */

static void content_id_leaf(struct buffer *markup, unsigned depth, const char *prefix, const char *content_id)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    buffer_format(&text, "cid:%s", content_id);
    markup_leaf(markup, depth, prefix, "ContentId", buffer_string(&text));
}

static void write_body(struct package_writer *writer)
{
    struct buffer *markup = &writer->markup;
    markup_line(markup, 2, "<edXML:edXMLBody>");
    markup_line(markup, 3,
                writer->count ? "<edXML:edXMLManifest version=\"1.0\">"
                              : "<edXML:edXMLManifest version=\"1.0\" />");
    for (size_t i = 0; i < writer->count; i++) {
        const struct attachment *attachment = &writer->package->attachments.items[i];
        markup_line(markup, 4, "<edXML:Reference>");
        content_id_leaf(markup, 5, "edXML:", content_id_of(writer, i));
        markup_leaf(markup, 5, "edXML:", "ContentType", writer->files[i].content_type);
        markup_leaf(markup, 5, "edXML:", "Description", attachment->description);
        markup_leaf(markup, 5, "edXML:", "AttachmentName", attachment->name);
        markup_line(markup, 4, "</edXML:Reference>");
    }
    if (writer->count)
        markup_line(markup, 3, "</edXML:edXMLManifest>");
    markup_line(markup, 2, "</edXML:edXMLBody>");
}

static void write_envelope(struct package_writer *writer)
{
    struct buffer *markup = &writer->markup;
    markup_line(markup, 0, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    markup_line(markup, 0, "<edXML xmlns=\"" EDXML_NAMESPACE "\">");
    markup_line(markup, 1, "<edXML:edXMLEnvelope xmlns:edXML=\"" EDXML_NAMESPACE "\">");
    markup_line(markup, 2, "<edXML:edXMLHeader>");
    markup_group(markup, 3, &edxml_header, &writer->package->header);
    markup_line(markup, 2, "</edXML:edXMLHeader>");
    if (writer->package->header.kind == PACKAGE_EDOC)
        write_body(writer);
    markup_line(markup, 1, "</edXML:edXMLEnvelope>");
}

static void begin_attachment(struct package_writer *writer, size_t index)
{
    const struct attachment *attachment = &writer->package->attachments.items[index];
    struct buffer *markup = &writer->markup;
    markup_line(markup, 2, "<Attachment>");
    content_id_leaf(markup, 3, "", content_id_of(writer, index));
    markup_leaf(markup, 3, "", "AttachmentName", attachment->name);
    markup_leaf(markup, 3, "", "Description", attachment->description);
    markup_leaf(markup, 3, "", "ContentType", writer->files[index].content_type);
    markup_indent(markup, 3);
    buffer_text(markup, "<edXML:ContentTransferEncoded xmlns:edXML=\"" EDXML_NAMESPACE "\">");
}

static void end_attachment(struct package_writer *writer)
{
    buffer_text(&writer->markup, "</edXML:ContentTransferEncoded>\r\n");
    markup_line(&writer->markup, 2, "</Attachment>");
}

/* --- contents, encoded on their way --- */

struct encoding {
    struct package_writer *writer;
    struct sink *sink;
    size_t held; /* bytes of the writer's raw room that wait for more */
};

static void encode(struct encoding *encoding)
{
    struct buffer out = {.data = encoding->writer->encoded, .room = ENCODE_STEP / 3 * 4 + 4};
    base64_append(&out, span_of(encoding->writer->raw, encoding->held));
    sink_write(encoding->sink, buffer_span(&out));
    encoding->held = 0;
}

static bool encode_content(struct encoding *encoding, const struct content *content, struct error *err)
{
    for (uint64_t at = 0; at < content->size && !encoding->sink->failed;) {
        uint8_t *room = encoding->writer->raw + encoding->held;
        struct span piece;
        if (!content_read(content, at, room, ENCODE_STEP - encoding->held, &piece, err))
            return false;
        if (piece.data != room)
            memcpy(room, piece.data, piece.size);
        at += piece.size;
        encoding->held += piece.size;
        if (encoding->held == ENCODE_STEP)
            encode(encoding);
    }
    return true;
}

static bool write_content(struct package_writer *writer, const struct written_file *file, struct sink *sink,
                          struct error *err)
{
    struct encoding encoding = {writer, sink, 0};
    struct content before = content_of_span(buffer_span(&file->wrapping.before)),
                   after = content_of_span(buffer_span(&file->wrapping.after));
    if (!encode_content(&encoding, &before, err) || !encode_content(&encoding, &file->wrapping.body, err)
        || !encode_content(&encoding, &after, err))
        return false;
    encode(&encoding);
    return true;
}

/* --- the whole --- */

/* Puts out the markup that has gathered, or only counts it. */
static bool flush(struct package_writer *writer, struct sink *sink, struct error *err)
{
    if (writer->markup.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (sink)
        sink_write(sink, buffer_span(&writer->markup));
    else
        writer->size += writer->markup.size;
    writer->markup.size = 0;
    return !sink || sink_finish(sink, err);
}

static bool write_files(struct package_writer *writer, struct sink *sink, struct error *err)
{
    markup_line(&writer->markup, 1, "<AttachmentEncoded>");
    for (size_t i = 0; i < writer->count; i++) {
        begin_attachment(writer, i);
        if (!flush(writer, sink, err))
            return false;
        if (!sink)
            writer->size += (file_size(&writer->files[i]) + 2) / 3 * 4;
        else if (!write_content(writer, &writer->files[i], sink, err))
            return false;
        end_attachment(writer);
    }
    markup_line(&writer->markup, 1, "</AttachmentEncoded>");
    return true;
}

/* Without a sink: only the size. */
static bool write_package(struct package_writer *writer, struct sink *sink, struct error *err)
{
    write_envelope(writer);
    if (writer->count > 0 && !write_files(writer, sink, err))
        return false;
    markup_line(&writer->markup, 0, "</edXML>");
    return flush(writer, sink, err);
}

static bool prepare(struct package_writer *writer, const struct content *contents, const char *spool,
                    struct error *err)
{
    const struct package *package = writer->package;
    char limit[24];
    snprintf(limit, sizeof(limit), "%d", PACKAGE_MAX_ATTACHMENTS);
    if (writer->count > PACKAGE_MAX_ATTACHMENTS)
        return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_TOO_MANY, "Attachment", limit);
    if (!header_check(&package->header, err))
        return false;
    for (size_t i = 0; i < writer->count; i++)
        writer->files[i].wrapping.spool = -1;
    for (size_t i = 0; i < writer->count; i++)
        if (!prepare_file(writer, &contents[i], i, spool, err))
            return false;
    return write_package(writer, NULL, err);
}

bool package_writer_new(const struct package *package, const struct content *contents, const char *spool,
                        struct package_writer **ret_writer, struct error *err)
{
    struct package_writer *writer CLEANUP(package_writer_free) = calloc(1, sizeof(*writer));
    if (!writer)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    size_t count = package->header.kind == PACKAGE_EDOC ? package->attachments.count : 0;
    *writer = (struct package_writer){
        .package = package,
        .count = count,
        .files = calloc(count + 1, sizeof(*writer->files)),
        .raw = malloc(ENCODE_STEP),
        .encoded = malloc(ENCODE_STEP / 3 * 4 + 4),
    };
    if (!writer->files || !writer->raw || !writer->encoded)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!prepare(writer, contents, spool, err))
        return false;
    *ret_writer = TAKE(writer);
    return true;
}

void package_writer_free(struct package_writer **owner)
{
    struct package_writer *writer = *owner;
    if (!writer)
        return;
    for (size_t i = 0; writer->files && i < writer->count; i++)
        wrapping_clear(&writer->files[i].wrapping);
    free(writer->files);
    free(writer->raw);
    free(writer->encoded);
    buffer_clear(&writer->markup);
    free(writer);
    *owner = NULL;
}

uint64_t package_writer_size(const struct package_writer *writer)
{
    return writer->size;
}

bool package_writer_write(struct package_writer *writer, struct sink *sink, struct error *err)
{
    return write_package(writer, sink, err);
}

bool package_write(const struct package *package, const struct content *contents, const char *spool,
                   struct sink *sink, struct error *err)
{
    struct package_writer *writer CLEANUP(package_writer_free) = NULL;
    return package_writer_new(package, contents, spool, &writer, err)
           && package_writer_write(writer, sink, err);
}
