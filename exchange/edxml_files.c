/* The files of a package: what the manifest says about each, what stands beside it, and the bytes. The bytes decide. */
#include <stdio.h>

#include "base/base_text.h"
#include "exchange/attachment.h"
#include "exchange/edxml_read.h"
#include "exchange/package_text.h"
#include "exchange/secret.h"

static bool no_memory(struct error *err)
{
    return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

static void place_of(const char *element, size_t index, const char *child, char ret_place[static EDXML_PLACE])
{
    snprintf(ret_place, EDXML_PLACE, "%s[%zu]%s%s", element, index + 1, child ? "/" : "", child ? child : "");
}

/* --- content ids --- */

/* The library writes cid: once more at every turn. */
static const char *without_cid(const char *content_id, unsigned *ret_times)
{
    for (*ret_times = 0; content_id && strncmp(content_id, "cid:", 4) == 0; content_id += 4)
        (*ret_times)++;
    return content_id;
}

static bool same_content(const char *a, const char *b)
{
    unsigned times;
    a = without_cid(a, &times);
    b = without_cid(b, &times);
    return a && b && strcmp(a, b) == 0;
}

static void check_content_id(struct package_reader *reader, const char *element, size_t index,
                             const char *content_id)
{
    char place[EDXML_PLACE];
    unsigned times;
    without_cid(content_id, &times);
    place_of(element, index, "ContentId", place);
    if (!content_id)
        edxml_deviate(reader, &TEXT_DEVIATION_MISSING, place, NULL, NULL);
    else if (times != 1)
        edxml_deviate(reader, &TEXT_DEVIATION_CONTENT_ID, place, content_id, NULL);
}

/* --- the manifest beside the files --- */

static const struct wire_reference *reference_of(const struct wire *wire, const char *content_id)
{
    for (size_t i = 0; i < wire->references.count; i++)
        if (same_content(wire->references.items[i].content_id, content_id))
            return &wire->references.items[i];
    return NULL;
}

static void compare(struct package_reader *reader, const char *place, const char *reference,
                    const char *attachment)
{
    if (reference && attachment && strcmp(reference, attachment) != 0)
        edxml_deviate(reader, &TEXT_DEVIATION_REFERENCE, place, reference, attachment);
}

static bool check_references(struct package_reader *reader, struct error *err)
{
    const struct wire *wire = &reader->wire;
    char place[EDXML_PLACE];
    for (size_t i = 0; i < wire->references.count; i++) {
        const struct wire_reference *reference = &wire->references.items[i];
        bool found = false;
        check_content_id(reader, "Reference", i, reference->content_id);
        place_of("Reference", i, NULL, place);
        for (size_t k = 0; k < wire->attachments.count && !found; k++)
            found = same_content(reference->content_id, wire->attachments.items[k].content_id);
        if (!found)
            edxml_deviate(reader, &TEXT_DEVIATION_UNATTACHED, place,
                          reference->name ? reference->name : reference->content_id, NULL);
        if (reference->name && !name_is_safe(reference->name))
            return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NAME_PATH, place, reference->name);
    }
    return true;
}

static void check_against_reference(struct package_reader *reader, const struct wire_attachment *wire,
                                    size_t index)
{
    const struct wire_reference *reference = reference_of(&reader->wire, wire->content_id);
    char place[EDXML_PLACE];
    if (!reference) {
        place_of("Attachment", index, NULL, place);
        edxml_deviate(reader, &TEXT_DEVIATION_UNREFERENCED, place, wire->name ? wire->name : wire->content_id,
                      NULL);
        return;
    }
    size_t number = (size_t)(reference - reader->wire.references.items);
    place_of("Reference", number, "AttachmentName", place);
    compare(reader, place, reference->name, wire->name);
    place_of("Reference", number, "ContentType", place);
    compare(reader, place, reference->content_type, wire->content_type);
}

static void check_unique(struct package_reader *reader, size_t index)
{
    const struct wire *wire = &reader->wire;
    char place[EDXML_PLACE];
    for (size_t i = 0; i < index; i++) {
        if (!same_content(wire->attachments.items[i].content_id, wire->attachments.items[index].content_id))
            continue;
        place_of("Attachment", index, "ContentId", place);
        edxml_deviate(reader, &TEXT_DEVIATION_CONTENT_ID_TWICE, place,
                      wire->attachments.items[index].content_id, NULL);
        return;
    }
}

/* --- one file --- */

static bool name_it(struct package_reader *reader, struct attachment *attachment, size_t index,
                    struct error *err)
{
    const struct wire_reference *reference = reference_of(&reader->wire, attachment->content_id);
    char place[EDXML_PLACE], given[48];
    place_of("Attachment", index, NULL, place);
    if (!attachment->name && reference && reference->name)
        attachment->name = strdup(reference->name);
    else if (!attachment->name) {
        snprintf(given, sizeof(given), "tep-dinh-kem-%zu", index + 1);
        attachment->name = strdup(given);
        edxml_deviate(reader, &TEXT_DEVIATION_NAMELESS, place, given, NULL);
    }
    if (!attachment->name)
        return no_memory(err);
    if (!name_is_safe(attachment->name))
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NAME_PATH, place, attachment->name);
    return secret_check(attachment->name, SECRET_FILE, place, err)
           && secret_check(attachment->description, SECRET_SENTENCE, place, err);
}

static bool describe(struct package_reader *reader, struct wire_attachment *wire, size_t index,
                     struct attachment *attachment, struct error *err)
{
    unsigned times;
    const char *content_id = without_cid(wire->content_id, &times);
    check_content_id(reader, "Attachment", index, wire->content_id);
    check_unique(reader, index);
    check_against_reference(reader, wire, index);
    if (content_id && *content_id && !(attachment->content_id = strdup(content_id)))
        return no_memory(err);
    attachment->name = TAKE(wire->name);
    attachment->description = TAKE(wire->description);
    attachment->content_type = TAKE(wire->content_type);
    return name_it(reader, attachment, index, err);
}

/* The content that the parser's number speaks of; an element that was closed at once has none and is empty. */
static bool claim(struct package_reader *reader, const struct wire_attachment *wire, size_t *ret_number,
                  struct error *err)
{
    size_t number = wire->content ? strtoul(wire->content, NULL, 10) : reader->content_count;
    if (number >= reader->content_count) {
        if (reader->content_count >= PACKAGE_MAX_ATTACHMENTS)
            return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_TOO_MANY, "Attachment", "200");
        number = reader->content_count;
        if (!blob_begin(reader->blobs, &reader->contents[number].writer, err))
            return false;
        reader->content_count++;
    }
    reader->contents[number].claimed = true;
    *ret_number = number;
    return true;
}

static void check_type(struct package_reader *reader, const struct attachment *attachment, size_t index,
                       enum nature nature)
{
    char place[EDXML_PLACE];
    const char *type = attachment->content_type ? attachment->content_type : "";
    bool says_pdf = strcasecmp(type, "application/pdf") == 0,
         says_zip = strcasecmp(type, "application/zip") == 0;
    place_of("Attachment", index, NULL, place);
    if (nature == NATURE_EMPTY)
        edxml_deviate(reader, &TEXT_DEVIATION_CONTENT_EMPTY, place, attachment->name, NULL);
    else if (says_pdf != (nature == NATURE_PDF) || (says_zip && nature != NATURE_ZIP))
        edxml_deviate(reader, &TEXT_DEVIATION_CONTENT_TYPE, place, type, nature_name(nature));
}

static bool check_all_claimed(const struct package_reader *reader, struct error *err)
{
    for (size_t i = 0; i < reader->content_count; i++)
        if (!reader->contents[i].claimed)
            return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_STRAY_CONTENT, "ContentTransferEncoded");
    return true;
}

/* --- all of them --- */

static void attachments_clear(struct attachments *attachments)
{
    struct package package = {.attachments = *attachments};
    package_clear(&package);
}

/* What may still come out of a wrapper: all files together have a limit too. */
static uint64_t room_left(const struct package_reader *reader)
{
    uint64_t left =
        reader->limits.attachments - reader->content_bytes; /* the reader saw to it that it is not below 0 */
    return left < reader->limits.attachment ? left : reader->limits.attachment;
}

/* One file: what is said about it, which content is its own, and whether that is what it should be. */
static bool settle_one(struct package_reader *reader, size_t index, struct attachment *attachment,
                       size_t *ret_number, struct error *err)
{
    struct wire_attachment *wire = &reader->wire.attachments.items[index];
    enum nature nature;
    if (!describe(reader, wire, index, attachment, err) || !claim(reader, wire, ret_number, err))
        return false;
    struct blob_writer **writer = &reader->contents[*ret_number].writer;
    if (!attachment_settle(reader->blobs, attachment, room_left(reader), writer, &nature,
                           &attachment->unwrapped, err))
        return false;
    if (attachment->unwrapped)
        reader->content_bytes += blob_written(*writer);
    check_type(reader, attachment, index, nature);
    return true;
}

bool edxml_take_attachments(struct package_reader *reader, struct attachments *ret_attachments,
                            struct error *err)
{
    struct attachments attachments CLEANUP(attachments_clear) = {0};
    size_t numbers[PACKAGE_MAX_ATTACHMENTS] = {0};
    if (!check_references(reader, err))
        return false;
    for (size_t i = 0; i < reader->wire.attachments.count; i++) {
        struct attachment *attachment = element_list_grow(&attachments, sizeof(*attachment));
        if (!attachment)
            return no_memory(err);
        if (!settle_one(reader, i, attachment, &numbers[i], err))
            return false;
    }
    if (!check_all_claimed(reader, err))
        return false;
    for (size_t i = 0; i < attachments.count; i++)
        if (!blob_commit(&reader->contents[numbers[i]].writer, &attachments.items[i].blob, err))
            return false;
    *ret_attachments = attachments;
    attachments = (struct attachments){0};
    return true;
}
