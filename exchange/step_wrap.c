#include <stdio.h>

#include "exchange/exchange_text.h"
#include "exchange/package.h"
#include "exchange/passage_steps.h"

/* The package that every recipient gets: header and parts as they stand now. */

struct wrapping {
    struct package package;
    struct body *bodies;
    struct content *contents;
};

static void wrapping_clear(struct wrapping *wrapping)
{
    for (size_t i = 0; wrapping->bodies && i < wrapping->package.attachments.count; i++)
        body_close(&wrapping->bodies[i]);
    free(wrapping->bodies);
    free(wrapping->contents);
    package_clear(&wrapping->package);
}

static char *copy(const char *text)
{
    return text[0] ? strdup(text) : NULL;
}

/* The same every time: a step that runs twice makes the same package. */
static char *content_id(const struct document *document, size_t position)
{
    char id[ID_SIZE + 24];
    snprintf(id, sizeof(id), "%s-%zu", document->id, position + 1);
    return strdup(id);
}

static bool attachment_add(struct passage *passage, const struct document *document, size_t position,
                           struct wrapping *wrapping, struct error *err)
{
    const struct part *part = &document->parts[position];
    struct attachment *attachment = &wrapping->package.attachments.items[position];
    struct body *body = &wrapping->bodies[position];
    *body = (struct body){.source = {.fd = -1}};
    wrapping->package.attachments.count++;
    attachment->content_id = content_id(document, position);
    attachment->name = copy(part->name);
    attachment->description = copy(part->description);
    attachment->content_type = copy(part->content_type);
    if (!attachment->content_id)
        return fail(err, ERR_BUSY, NULL);
    if (!store_body(passage->settings.store, part->blob, body, err))
        return false;
    wrapping->contents[position] = content_of_source(&body->source);
    return true;
}

static bool wrapping_fill(struct passage *passage, const struct document *document, struct wrapping *wrapping,
                          struct error *err)
{
    size_t room = document->part_count + 1;
    wrapping->bodies = calloc(room, sizeof(*wrapping->bodies));
    wrapping->contents = calloc(room, sizeof(*wrapping->contents));
    wrapping->package.attachments.items = calloc(room, sizeof(*wrapping->package.attachments.items));
    if (!wrapping->bodies || !wrapping->contents || !wrapping->package.attachments.items)
        return fail(err, ERR_BUSY, NULL);
    for (size_t i = 0; i < document->part_count; i++)
        if (!attachment_add(passage, document, i, wrapping, err))
            return false;
    return header_json_read(span_text(document->header), &wrapping->package.header, err);
}

static bool write_blob(struct passage *passage, const struct wrapping *wrapping, struct blob *ret_blob,
                       struct error *err)
{
    struct blob_writer *writer CLEANUP(blob_abort) = NULL;
    if (!blob_begin(store_blobs(passage->settings.store), &writer, err))
        return false;
    struct sink sink = blob_sink(writer);
    return package_write(&wrapping->package, wrapping->contents, passage->settings.spool, &sink, err)
           && sink_finish(&sink, err) && blob_commit(&writer, ret_blob, err);
}

bool step_wrap(struct passage *passage, const struct document *document, struct change *change,
               struct error *err)
{
    struct wrapping wrapping CLEANUP(wrapping_clear) = {0};
    return main_part_check(passage, document, change, err) && wrapping_fill(passage, document, &wrapping, err)
           && write_blob(passage, &wrapping, &change->package, err);
}
