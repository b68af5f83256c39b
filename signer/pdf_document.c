#include "signer/pdf_document.h"

#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_stream.h"
#include "signer/pdf_text.h"

enum {
    MAX_STREAM_DEPTH = 4,    /* a stream's Length may stand in an object stream, whose own Length … */
    MAX_REFERENCE_CHAIN = 8, /* references to objects that are references */
};

struct packed {
    uint32_t number, offset;
};

/* An object stream, or an encrypted object's plain text. */
struct pdf_container {
    struct pdf_container *next;
    uint64_t at; /* of its object in the file: containers of different revisions may have one number */
    struct buffer bytes;
    struct packed *objects;
    size_t count;
};

static void container_free(struct pdf_container **container)
{
    if (!*container)
        return;
    buffer_clear(&(*container)->bytes);
    free_clear(&(*container)->objects);
    free_clear(container);
}

/* 7.6.2: what the newest trailer says holds for the whole file. Nothing is decrypted until it is read. */
static bool read_crypt(struct pdf_document *document, struct error *err)
{
    const struct pdf_value *trailer = pdf_xref_trailer(&document->xref);
    struct buffer id CLEANUP(buffer_clear) = {0};
    struct pdf_value dictionary = pdf_get(trailer, "Encrypt"), ids = pdf_get(trailer, "ID");
    size_t newest = document->xref.count - 1;
    if (dictionary.kind == PDF_NULL)
        return true;
    if (!pdf_resolve(document, newest, &dictionary, err) || !pdf_resolve(document, newest, &ids, err))
        return false;
    struct pdf_value first = pdf_item(&ids, 0);
    if (!pdf_string_bytes(&first, &id))
        buffer_clear(&id); /* table 15 wants one, older files do without */
    pdf_crypt_read(&dictionary, buffer_span(&id), &document->crypt);
    return true;
}

bool pdf_document_open(struct span bytes, struct pdf_document *ret_document, struct error *err)
{
    struct pdf_document document CLEANUP(pdf_document_close) = {.bytes = bytes};
    if (!pdf_xref_read(bytes, &document.xref, err) || !read_crypt(&document, err))
        return false;
    *ret_document = document;
    document = (struct pdf_document){0};
    return true;
}

void pdf_forget(struct pdf_document *document)
{
    for (size_t i = 0; i < PDF_CONTAINER_BUCKETS; i++)
        while (document->containers[i]) {
            struct pdf_container *container = document->containers[i];
            document->containers[i] = container->next;
            container_free(&container);
        }
    document->inflated = 0;
}

void pdf_document_close(struct pdf_document *document)
{
    pdf_forget(document);
    pdf_xref_clear(&document->xref);
}

static bool broken(struct error *err, uint32_t number)
{
    return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_OBJECT_BROKEN, number);
}

/* The number of bytes of a stream: Length, which may be a reference to a number. */
static bool stream_length(struct pdf_document *document, size_t as_of, const struct pdf_object *object,
                          uint64_t *ret_length, struct error *err)
{
    struct pdf_value length = pdf_get(&object->value, "Length");
    if (length.kind == PDF_REFERENCE) {
        if (document->depth == MAX_STREAM_DEPTH)
            return broken(err, object->number);
        document->depth++;
        bool found = pdf_resolve(document, as_of, &length, err);
        document->depth--;
        if (!found)
            return false;
    }
    if (length.kind != PDF_INTEGER || length.integer < 0)
        return broken(err, object->number);
    *ret_length = (uint64_t)length.integer;
    return true;
}

static struct pdf_container **bucket_of(struct pdf_document *document, uint64_t at)
{
    return &document->containers[(at ^ at >> 8) % PDF_CONTAINER_BUCKETS];
}

static struct pdf_container *kept_container(struct pdf_document *document, uint64_t at)
{
    for (struct pdf_container *container = *bucket_of(document, at); container; container = container->next)
        if (container->at == at)
            return container;
    return NULL;
}

/* From here on it is the document's. */
static bool keep_container(struct pdf_document *document, struct pdf_container **container, struct error *err)
{
    struct pdf_container **bucket = bucket_of(document, (*container)->at), *kept = *container;
    document->inflated += sizeof(*kept) + kept->bytes.room + kept->count * sizeof(*kept->objects);
    if (document->inflated > PDF_INFLATED_MAX)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_INFLATED, kept->at);
    kept->next = *bucket;
    *bucket = TAKE(*container);
    return true;
}

static bool has_strings(struct span text)
{
    if (memchr(text.data, '(', text.size))
        return true;
    for (size_t at = 0; (at = span_find(text, SPAN_LITERAL("<"), at)) != SIZE_MAX; at += 2)
        if (at + 1 < text.size && text.data[at + 1] != '<')
            return true;
    return false;
}

/* 7.6.2: the strings of an encrypted document are encrypted, those of its encryption dictionary are not. */
static bool is_sealed(const struct pdf_document *document, const struct pdf_object *object)
{
    struct pdf_value encryption = pdf_get(pdf_xref_trailer(&document->xref), "Encrypt");
    bool own = encryption.kind == PDF_REFERENCE && encryption.object == object->number;
    return !own && document->crypt.strings != PDF_CIPHER_NONE && has_strings(object->value.raw);
}

/* The object's value again, with its strings plain. */
static bool open_strings(struct pdf_document *document, struct pdf_object *object, struct error *err)
{
    if (!is_sealed(document, object))
        return true;
    struct pdf_container *text = kept_container(document, object->place.offset);
    if (!text) {
        struct pdf_container *made CLEANUP(container_free) = calloc(1, sizeof(*made));
        if (!made)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        made->at = object->place.offset;
        if (!pdf_crypt_plain(&document->crypt, object->number, object->generation, &object->value,
                             &made->bytes))
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        document->spent += made->bytes.size;
        text = made;
        if (!keep_container(document, &made, err))
            return false;
    }
    struct pdf_cursor cursor = pdf_cursor_at(buffer_span(&text->bytes), 0);
    return pdf_take_value(&cursor, &object->value) ? true : broken(err, object->number);
}

static bool read_plain(struct pdf_document *document, size_t as_of, struct pdf_object *object,
                       struct error *err)
{
    struct pdf_cursor cursor = pdf_cursor_at(document->bytes, object->place.offset);
    cursor.references = document->references;
    uint32_t number, generation;
    uint64_t length = 0;
    if (object->place.offset >= document->bytes.size || !pdf_take_header(&cursor, &number, &generation)
        || number != object->number || generation != object->place.generation)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_ENTRY_BROKEN, object->number);
    if (!pdf_take_value(&cursor, &object->value))
        return broken(err, object->number);
    if (!pdf_take_word(&cursor, "endobj")) {
        object->is_stream = true;
        if (!stream_length(document, as_of, object, &length, err))
            return false;
        if (!pdf_take_stream(&cursor, length, &object->stream) || !pdf_take_word(&cursor, "endobj"))
            return broken(err, object->number);
    }
    object->end = cursor.at;
    object->written = object->value;
    return document->crypt.state != PDF_CRYPT_OPEN || open_strings(document, object, err);
}

/* N pairs of object number and offset stand in front of the objects (7.5.7). */
static bool read_pairs(struct pdf_container *container, const struct pdf_value *dictionary)
{
    struct pdf_value count = pdf_get(dictionary, "N"), first = pdf_get(dictionary, "First");
    struct pdf_cursor cursor = pdf_cursor_at(buffer_span(&container->bytes), 0);
    if (count.kind != PDF_INTEGER || first.kind != PDF_INTEGER || count.integer < 0 || first.integer < 0
        || (uint64_t)first.integer > container->bytes.size || (uint64_t)count.integer > container->bytes.size)
        return false;
    container->count = (size_t)count.integer;
    container->objects = calloc(container->count + 1, sizeof(*container->objects));
    if (!container->objects)
        return false;
    for (size_t i = 0; i < container->count; i++) {
        uint64_t number = pdf_take_unsigned(&cursor), offset = pdf_take_unsigned(&cursor);
        if (cursor.failed || number > PDF_OBJECTS_MAX
            || offset >= container->bytes.size - (uint64_t)first.integer)
            return false;
        container->objects[i] =
            (struct packed){(uint32_t)number, (uint32_t)(offset + (uint64_t)first.integer)};
    }
    return true;
}

/* 7.6.2 and 7.6.6: cross-reference streams are never encrypted; a Crypt filter of its own, which can only be
 * Identity without a password, exempts a stream; so does EncryptMetadata for metadata. */
static bool is_exempt(const struct pdf_document *document, const struct pdf_value *dictionary)
{
    struct pdf_value type = pdf_get(dictionary, "Type"), filter = pdf_get(dictionary, "Filter");
    if (filter.kind == PDF_ARRAY)
        filter = pdf_item(&filter, 0);
    return pdf_is_name(&type, "XRef") || pdf_is_name(&filter, "Crypt")
           || (pdf_is_name(&type, "Metadata") && document->crypt.metadata_plain);
}

bool pdf_object_decode(struct pdf_document *document, const struct pdf_object *stream, size_t limit,
                       struct buffer *ret_bytes, struct error *err)
{
    const struct pdf_crypt *crypt = &document->crypt;
    struct buffer plain CLEANUP(buffer_clear) = {0};
    struct span raw = stream->stream;
    if (document->spent > PDF_INFLATED_TOTAL || raw.size > PDF_INFLATED_TOTAL)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_INFLATED, stream->place.offset);
    if (crypt->state != PDF_CRYPT_NONE && !is_exempt(document, &stream->value)) {
        if (crypt->state != PDF_CRYPT_OPEN)
            return fail(err, ERR_UNSUPPORTED, pdf_crypt_why(crypt));
        if (raw.size > limit)
            return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_INFLATED, stream->place.offset);
        if (!pdf_crypt_open(crypt, crypt->streams, stream->number, stream->generation, raw, &plain))
            return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_STREAM_BROKEN, stream->place.offset);
        raw = buffer_span(&plain);
    }
    if (!pdf_stream_decode(&stream->value, raw, limit, stream->place.offset, ret_bytes, err))
        return false;
    document->spent += ret_bytes->size;
    return true;
}

static bool inflate_container(struct pdf_document *document, const struct pdf_object *stream,
                              struct pdf_container **ret_container, struct error *err)
{
    struct pdf_value type = pdf_get(&stream->value, "Type");
    if (!stream->is_stream || !pdf_is_name(&type, "ObjStm"))
        return broken(err, stream->number);
    struct pdf_container *container CLEANUP(container_free) = calloc(1, sizeof(*container));
    if (!container)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    container->at = stream->place.offset;
    if (!pdf_object_decode(document, stream, PDF_INFLATED_MAX, &container->bytes, err))
        return false;
    if (!read_pairs(container, &stream->value))
        return broken(err, stream->number);
    *ret_container = container;
    return keep_container(document, &container, err);
}

static bool find_container(struct pdf_document *document, uint32_t number, size_t as_of,
                           struct pdf_container **ret_container, struct error *err)
{
    struct pdf_object stream;
    struct pdf_place place = pdf_xref_find(&document->xref, number, as_of);
    if (place.kind != PDF_PLACE_PLAIN)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_ENTRY_BROKEN, number);
    *ret_container = kept_container(document, place.offset);
    return *ret_container
           || (pdf_object_read(document, number, place, as_of, &stream, err)
               && inflate_container(document, &stream, ret_container, err));
}

static bool read_packed(struct pdf_document *document, size_t as_of, struct pdf_object *object,
                        struct error *err)
{
    struct pdf_container *container = NULL;
    if (!find_container(document, object->place.container, as_of, &container, err))
        return false;
    if (object->place.index >= container->count
        || container->objects[object->place.index].number != object->number)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_ENTRY_BROKEN, object->number);
    struct pdf_cursor cursor =
        pdf_cursor_at(buffer_span(&container->bytes), container->objects[object->place.index].offset);
    cursor.references = document->references;
    return pdf_take_value(&cursor, &object->value) ? true : broken(err, object->number);
}

bool pdf_object_read(struct pdf_document *document, uint32_t number, struct pdf_place place, size_t as_of,
                     struct pdf_object *ret_object, struct error *err)
{
    struct pdf_object object = {.number = number, .generation = place.generation, .place = place};
    bool read = true;
    if (place.kind == PDF_PLACE_BROKEN)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_ENTRY_BROKEN, number);
    if (place.kind == PDF_PLACE_PLAIN)
        read = read_plain(document, as_of, &object, err);
    else if (place.kind == PDF_PLACE_PACKED)
        read = read_packed(document, as_of, &object, err);
    if (read)
        *ret_object = object;
    return read;
}

bool pdf_object_find(struct pdf_document *document, uint32_t number, size_t as_of,
                     struct pdf_object *ret_object, struct error *err)
{
    return pdf_object_read(document, number, pdf_xref_find(&document->xref, number, as_of), as_of, ret_object,
                           err);
}

bool pdf_resolve(struct pdf_document *document, size_t as_of, struct pdf_value *value, struct error *err)
{
    for (unsigned i = 0; value->kind == PDF_REFERENCE; i++) {
        struct pdf_object object;
        if (i == MAX_REFERENCE_CHAIN)
            return broken(err, value->object);
        if (!pdf_object_find(document, value->object, as_of, &object, err))
            return false;
        *value = object.generation == value->generation ? object.value : (struct pdf_value){0};
    }
    return true;
}

bool pdf_follow(struct pdf_document *document, size_t as_of, const struct pdf_value *dictionary,
                const char *key, struct pdf_value *ret_value, struct error *err)
{
    *ret_value = pdf_get(dictionary, key);
    return pdf_resolve(document, as_of, ret_value, err);
}

bool pdf_catalog(struct pdf_document *document, size_t as_of, struct pdf_object *ret_catalog,
                 struct error *err)
{
    struct pdf_value root = pdf_get(&document->xref.sections[as_of].trailer, "Root");
    struct pdf_value type;
    if (root.kind != PDF_REFERENCE)
        return fail(err, ERR_MALFORMED, &TEXT_PDF_CATALOG_BROKEN);
    if (!pdf_object_find(document, root.object, as_of, ret_catalog, err))
        return false;
    type = pdf_get(&ret_catalog->value, "Type");
    if (ret_catalog->value.kind != PDF_DICTIONARY || ret_catalog->is_stream
        || ret_catalog->generation != root.generation || !pdf_is_name(&type, "Catalog"))
        return fail(err, ERR_MALFORMED, &TEXT_PDF_CATALOG_BROKEN);
    return true;
}

bool pdf_offset_of(const struct pdf_document *document, const struct pdf_value *value, uint64_t *ret_at)
{
    uintptr_t at = (uintptr_t)value->raw.data, from = (uintptr_t)document->bytes.data;
    if (at < from || at >= from + document->bytes.size)
        return false;
    *ret_at = at - from;
    return true;
}
