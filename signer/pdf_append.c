#include "signer/pdf_append.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "base/digest.h"
#include "signer/pdf_text.h"

enum { ID_SIZE = 16 };

static const uint64_t TABLE_OFFSET_MAX = 9999999999; /* ten digits */

static uint64_t position(const struct pdf_update *update)
{
    return update->document->bytes.size + update->bytes.size;
}

void pdf_update_begin(struct pdf_update *update, const struct pdf_document *document, uint32_t highest)
{
    *update = (struct pdf_update){.document = document, .highest = highest};
    struct pdf_value size = pdf_get(pdf_xref_trailer(&document->xref), "Size");
    if (size.kind == PDF_INTEGER && size.integer > 0 && size.integer - 1 > (int64_t)highest
        && size.integer - 1 <= PDF_OBJECTS_MAX)
        update->highest = (uint32_t)size.integer - 1;
    if (!pdf_is_white(document->bytes, document->bytes.size - 1, document->bytes.size))
        buffer_text(&update->bytes, "\n"); /* an object must not begin on the line of %%EOF */
}

uint32_t pdf_update_new(struct pdf_update *update)
{
    return ++update->highest;
}

void pdf_update_open(struct pdf_update *update, uint32_t number, uint32_t generation)
{
    assert(update->count < PDF_UPDATE_OBJECTS);
    for (size_t i = 0; i < update->count; i++)
        if (update->objects[i].number == number)
            update->twice = number;
    update->objects[update->count].number = number;
    update->objects[update->count].generation = generation;
    update->objects[update->count++].offset = position(update);
    buffer_format(&update->bytes, "%" PRIu32 " %" PRIu32 " obj\n", number, generation);
}

void pdf_update_close(struct pdf_update *update)
{
    buffer_text(&update->bytes, "\nendobj\n");
}

void pdf_update_clear(struct pdf_update *update)
{
    buffer_clear(&update->bytes);
}

static void order_objects(struct pdf_update *update)
{
    for (size_t i = 1; i < update->count; i++)
        for (size_t k = i; k > 0 && update->objects[k].number < update->objects[k - 1].number; k--) {
            __typeof__(update->objects[0]) swap = update->objects[k];
            update->objects[k] = update->objects[k - 1];
            update->objects[k - 1] = swap;
        }
}

/* How many objects from `from` on have numbers without a gap. */
static size_t run_length(const struct pdf_update *update, size_t from)
{
    size_t run = 1;
    while (from + run < update->count
           && update->objects[from + run].number == update->objects[from].number + run)
        run++;
    return run;
}

/* The keys that belong to one section alone; every other is carried from trailer to trailer (7.5.6). */
static bool is_carried(const struct pdf_value *key)
{
    static const char *const own[] = {"Size", "Prev",    "XRefStm",      "ID",     "Type",
                                      "W",    "Index",   "Length",       "Filter", "DecodeParms",
                                      "F",    "FFilter", "FDecodeParms", "DL"};
    for (size_t i = 0; i < COUNT_OF(own); i++)
        if (pdf_is_name(key, own[i]))
            return false;
    return true;
}

static void append_hex(struct buffer *buffer, struct span bytes)
{
    buffer_text(buffer, "<");
    for (size_t i = 0; i < bytes.size; i++)
        buffer_format(buffer, "%02X", bytes.data[i]);
    buffer_text(buffer, ">");
}

/* 14.4: the first element names the document for ever, the second this very file. */
static void append_identifier(struct buffer *buffer, const struct pdf_value *trailer)
{
    uint8_t fresh[ID_SIZE];
    struct pdf_value old = pdf_get(trailer, "ID"), first = pdf_item(&old, 0);
    random_bytes(fresh, sizeof(fresh));
    buffer_text(buffer, "/ID [");
    if (first.kind == PDF_STRING || first.kind == PDF_HEX_STRING)
        buffer_append(buffer, first.raw);
    else
        append_hex(buffer, span_of(fresh, sizeof(fresh)));
    append_hex(buffer, span_of(fresh, sizeof(fresh)));
    buffer_text(buffer, "]\n");
}

static void append_trailer_entries(struct pdf_update *update)
{
    const struct pdf_xref *xref = &update->document->xref;
    const struct pdf_value *trailer = pdf_xref_trailer(xref);
    struct pdf_value key, value;
    for (struct pdf_cursor inside = pdf_inside(trailer); pdf_next_entry(&inside, &key, &value);) {
        if (!is_carried(&key))
            continue;
        buffer_append(&update->bytes, key.raw);
        buffer_text(&update->bytes, " ");
        buffer_append(&update->bytes, value.raw);
        buffer_text(&update->bytes, "\n");
    }
    buffer_format(&update->bytes, "/Size %" PRIu32 "\n/Prev %" PRIu64 "\n", update->highest + 1,
                  xref->sections[xref->count - 1].at);
    append_identifier(&update->bytes, trailer);
}

static bool write_table(struct pdf_update *update, struct error *err)
{
    if (position(update) > TABLE_OFFSET_MAX)
        return fail(err, ERR_TOO_LARGE, &TEXT_PDF_OFFSET_TOO_LARGE);
    order_objects(update);
    buffer_text(&update->bytes, "xref\n");
    for (size_t from = 0, run; from < update->count; from += run) {
        run = run_length(update, from);
        buffer_format(&update->bytes, "%" PRIu32 " %zu\n", update->objects[from].number, run);
        for (size_t i = from; i < from + run; i++)
            buffer_format(&update->bytes, "%010" PRIu64 " %05" PRIu32 " n \n", update->objects[i].offset,
                          update->objects[i].generation);
    }
    buffer_text(&update->bytes, "trailer\n<<\n");
    append_trailer_entries(update);
    buffer_text(&update->bytes, ">>\n");
    return true;
}

static void append_records(struct pdf_update *update)
{
    for (size_t i = 0; i < update->count; i++) {
        buffer_u8(&update->bytes, 1);
        buffer_u64(&update->bytes, update->objects[i].offset);
        buffer_u16(&update->bytes, (uint16_t)update->objects[i].generation);
    }
}

static void write_stream(struct pdf_update *update, uint64_t at)
{
    enum { RECORD = 1 + 8 + 2 };
    uint32_t number = pdf_update_new(update);
    update->objects[update->count].number = number;
    update->objects[update->count].generation = 0;
    update->objects[update->count++].offset = at;
    order_objects(update);
    buffer_format(&update->bytes, "%" PRIu32 " 0 obj\n<<\n/Type /XRef\n/W [1 8 2]\n/Index [", number);
    for (size_t from = 0, run; from < update->count; from += run) {
        run = run_length(update, from);
        buffer_format(&update->bytes, "%s%" PRIu32 " %zu", from ? " " : "", update->objects[from].number,
                      run);
    }
    buffer_format(&update->bytes, "]\n/Length %zu\n", update->count * RECORD);
    append_trailer_entries(update);
    buffer_text(&update->bytes, ">>\nstream\n");
    append_records(update);
    buffer_text(&update->bytes, "\nendstream\nendobj\n");
}

bool pdf_update_finish(struct pdf_update *update, struct error *err)
{
    const struct pdf_xref *xref = &update->document->xref;
    uint64_t at = position(update);
    if (update->twice)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_OBJECT_SERVES_TWO, update->twice);
    if (xref->sections[xref->count - 1].is_stream) {
        assert(update->count < PDF_UPDATE_OBJECTS);
        write_stream(update, at);
    } else if (!write_table(update, err)) {
        return false;
    }
    buffer_format(&update->bytes, "startxref\n%" PRIu64 "\n%%%%EOF\n", at);
    if (update->highest > PDF_OBJECTS_MAX)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_TOO_MANY_OBJECTS, at);
    return update->bytes.failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
}

static bool is_edited(const struct pdf_value *key, const struct pdf_edit *edits, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (pdf_is_name(key, edits[i].key))
            return true;
    return false;
}

void pdf_append_dictionary(struct buffer *buffer, const struct pdf_value *dictionary,
                           const struct pdf_edit *edits, size_t count)
{
    struct pdf_value key, value;
    buffer_text(buffer, "<<\n");
    for (struct pdf_cursor inside = pdf_inside(dictionary); pdf_next_entry(&inside, &key, &value);) {
        if (is_edited(&key, edits, count))
            continue;
        buffer_append(buffer, key.raw);
        buffer_text(buffer, " ");
        buffer_append(buffer, value.raw);
        buffer_text(buffer, "\n");
    }
    for (size_t i = 0; i < count; i++) {
        if (edits[i].value.size == 0)
            continue;
        buffer_format(buffer, "/%s ", edits[i].key);
        buffer_append(buffer, edits[i].value);
        buffer_text(buffer, "\n");
    }
    buffer_text(buffer, ">>");
}

void pdf_append_array(struct buffer *buffer, const struct pdf_value *array, uint32_t number)
{
    struct pdf_value item;
    buffer_text(buffer, "[");
    if (array->kind == PDF_ARRAY)
        for (struct pdf_cursor inside = pdf_inside(array); pdf_next_item(&inside, &item);) {
            buffer_append(buffer, item.raw);
            buffer_text(buffer, " ");
        }
    buffer_format(buffer, "%" PRIu32 " 0 R]", number);
}
