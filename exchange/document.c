#include "exchange/store_inner.h"

#include <stdio.h>

#define STAGE_NAME(stage, name) [STAGE_##stage] = (name),
static const char *const stage_names[STAGE_COUNT] = {STAGES(STAGE_NAME)};

const char *stage_name(enum stage stage)
{
    return stage < STAGE_COUNT ? stage_names[stage] : "";
}

enum stage stage_of(const char *name)
{
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        if (strcmp(stage_names[stage], name) == 0)
            return (enum stage)stage;
    return STAGE_REFUSED;
}

const char *kind_name(enum package_kind kind)
{
    return kind == PACKAGE_STATUS ? "status" : "edoc";
}

enum package_kind kind_of(const char *name)
{
    return strcmp(name, "status") == 0 ? PACKAGE_STATUS : PACKAGE_EDOC;
}

void document_clear(struct document *document)
{
    arena_clear(&document->arena);
    memset(document, 0, sizeof(*document));
}

void document_list_clear(struct document_list *list)
{
    arena_clear(&list->arena);
    free(list->documents);
    memset(list, 0, sizeof(*list));
}

/* RFC 9562, section 5.7: 48 bits of milliseconds, version 7, 74 random bits. */
void id_new(const struct clock *clock, char ret_id[static ID_SIZE])
{
    uint8_t bytes[16];
    int64_t now = clock_now_ms(clock);
    random_bytes(bytes, sizeof(bytes));
    for (int i = 0; i < 6; i++)
        bytes[i] = (uint8_t)(now >> (40 - 8 * i));
    bytes[6] = (bytes[6] & 0x0F) | 0x70;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;

    char hex[2 * sizeof(bytes) + 1];
    hex_text(span_of(bytes, sizeof(bytes)), hex);
    snprintf(ret_id, ID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

void sentence_of(const struct error *err, struct sentence *ret_sentence)
{
    const struct text *text = err->text ? err->text : &error_meaning(err->code)->title;
    ret_sentence->code = text->name;
    text_render(text, LANGUAGE_VI, err->arg, SENTENCE_SIZE, ret_sentence->vi);
    text_render(text, LANGUAGE_EN, err->arg, SENTENCE_SIZE, ret_sentence->en);
}

enum { LIST_FIRST = 16 };

bool list_room(void **items, size_t count, size_t item_size)
{
    bool full = count == 0 || (count >= LIST_FIRST && (count & (count - 1)) == 0);
    if (!full)
        return true;
    size_t room = count < LIST_FIRST ? LIST_FIRST : 2 * count;
    void *grown = reallocarray(*items, room, item_size);
    if (!grown)
        return false;
    *items = grown;
    return true;
}
