#include "exchange/package.h"

#include <stdio.h>

#include "exchange/edxml_table.h"
#include "exchange/package_text.h"

void package_clear(struct package *package)
{
    header_clear(&package->header);
    for (size_t i = 0; i < package->attachments.count; i++) {
        struct attachment *attachment = &package->attachments.items[i];
        free(attachment->content_id);
        free(attachment->name);
        free(attachment->description);
        free(attachment->content_type);
        blob_clear(&attachment->blob);
    }
    free(package->attachments.items);
    free(package->deviations.items);
    *package = (struct package){0};
}

const char *package_kind_name(enum package_kind kind)
{
    return kind == PACKAGE_STATUS ? "status" : "edoc";
}

const char *deviation_sentence(const struct deviation *deviation, enum language language, size_t size,
                               char *ret_line)
{
    return text_render(deviation->text, language, deviation->arg, size, ret_line);
}

/* --- identity --- */

/* Every value goes in with its size, so that no two lists of values give the same bytes. */
static void add_span(struct digest *digest, struct span value)
{
    uint8_t size[8];
    for (size_t i = 0; i < sizeof(size); i++)
        size[i] = (uint8_t)((uint64_t)value.size >> (8 * (7 - i)));
    digest_add(digest, span_of(size, sizeof(size)));
    digest_add(digest, value);
}

static void add_text(struct digest *digest, const char *text)
{
    add_span(digest, text ? span_text(text) : span_text(""));
}

static void add_number(struct digest *digest, uint64_t number)
{
    char text[24];
    snprintf(text, sizeof(text), "%llu", (unsigned long long)number);
    add_text(digest, text);
}

static void add_code(struct digest *digest, const struct agency_code *code)
{
    char key[AGENCY_CODE_SIZE];
    agency_code_key(code, key);
    add_text(digest, key);
}

static void finish(struct digest *digest, char ret_hex[static SHA256_HEX_SIZE])
{
    struct digest_value value = digest_finish(digest);
    hex_text(digest_span(&value), ret_hex);
}

static void add_responses(struct digest *digest, const struct responses *responses)
{
    add_number(digest, responses->count);
    for (size_t i = 0; i < responses->count; i++) {
        const struct response *response = &responses->items[i];
        add_code(digest, &response->code);
        add_text(digest, response->number);
        add_text(digest, response->document_id);
        add_text(digest, response->date.text);
    }
}

static const char *wire_document_id(const struct header *header, struct buffer *room)
{
    if (header->document_id)
        return header->document_id;
    const char *made = header_document_id(header, room) ? buffer_string(room) : NULL;
    return made ? made : "";
}

static void edoc_key(const struct header *header, const char *document_id,
                     char ret_key[static SHA256_HEX_SIZE])
{
    struct digest *digest CLEANUP(digest_free) = digest_new(DIGEST_SHA256);
    add_text(digest, "edoc");
    add_code(digest, &header->from.code);
    add_text(digest, document_id);
    add_number(digest, (uint64_t)header->business.type.value);
    finish(digest, ret_key);
}

static void status_key(const struct header *header, char ret_key[static SHA256_HEX_SIZE])
{
    struct digest *digest CLEANUP(digest_free) = digest_new(DIGEST_SHA256);
    add_text(digest, "status");
    add_code(digest, &header->from.code);
    add_responses(digest, &header->response_for);
    add_number(digest, (uint64_t)header->status.value);
    add_number(digest, (uint64_t)header->time_ms);
    finish(digest, ret_key);
}

/* What the person who signed it wrote. Numbers with defaults stay out: the axis fills them in where they were absent. */
static void add_header(struct digest *digest, const struct header *header)
{
    const char *const texts[] = {
        header->number,
        header->notation,
        header->date.text,
        header->type.name,
        header->subject,
        header->summary,
        header->due.text,
        header->description,
        header->business.reason,
        header->signer.competence,
        header->signer.position,
        header->signer.name,
        header->business.document_id,
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        add_text(digest, texts[i]);
    add_responses(digest, &header->response_for);
    add_number(digest, header->business.replacements.count);
    for (size_t i = 0; i < header->business.replacements.count; i++)
        add_text(digest, header->business.replacements.items[i].document_id);
}

struct digested {
    const char *sha256;
    uint64_t size;
};

static int compare_digested(const void *a, const void *b)
{
    return strcmp(((const struct digested *)a)->sha256, ((const struct digested *)b)->sha256);
}

/* In the order of their digests: nothing says that the order of files survives. */
static void add_attachments(struct digest *digest, const struct attachments *attachments)
{
    struct digested sorted[PACKAGE_MAX_ATTACHMENTS];
    size_t count = attachments->count < COUNT_OF(sorted) ? attachments->count : COUNT_OF(sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct digested){attachments->items[i].blob.sha256, attachments->items[i].blob.size};
    qsort(sorted, count, sizeof(sorted[0]), compare_digested);
    add_number(digest, count);
    for (size_t i = 0; i < count; i++) {
        add_text(digest, sorted[i].sha256);
        add_number(digest, sorted[i].size);
    }
}

void package_identity(const struct package *package, struct package_identity *ret_identity)
{
    const struct header *header = &package->header;
    struct package_identity identity = {.from = header->from.code};
    struct buffer room CLEANUP(buffer_clear) = {0};
    const char *document_id = header->kind == PACKAGE_STATUS ? "" : wire_document_id(header, &room);
    text_clean(document_id, strlen(document_id), sizeof(identity.document_id), identity.document_id);
    identity.type = header->kind == PACKAGE_STATUS ? header->status.value : header->business.type.value;
    if (header->kind == PACKAGE_STATUS)
        status_key(header, identity.key);
    else
        edoc_key(header, document_id, identity.key);

    struct digest *digest CLEANUP(digest_free) = digest_new(DIGEST_SHA256);
    add_text(digest, "vanthu package 1");
    add_text(digest, identity.key);
    add_header(digest, header);
    add_attachments(digest, &package->attachments);
    finish(digest, identity.content);
    *ret_identity = identity;
}
