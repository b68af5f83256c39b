#include "exchange/document.h"

#define STAGE_NAME(stage, name) [STAGE_##stage] = (name),
static const char *const stage_names[STAGE_COUNT] = {STAGES(STAGE_NAME)};

const char *stage_name(enum stage stage)
{
    return stage < STAGE_COUNT ? stage_names[stage] : "";
}

void document_clear(struct document *document)
{
    arena_clear(&document->arena);
    memset(document, 0, sizeof(*document));
}

void document_list_clear(struct document_list *list)
{
    arena_clear(&list->arena);
    memset(list, 0, sizeof(*list));
}
