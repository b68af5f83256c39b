#include "exchange/arena.h"

#include <stdalign.h>

enum { CHUNK_ROOM = 4 << 10 };

struct arena_chunk {
    struct arena_chunk *next;
    size_t used, room;
    alignas(max_align_t) uint8_t bytes[];
};

static struct arena_chunk *chunk_new(struct arena *arena, size_t size)
{
    size_t room = size > CHUNK_ROOM ? size : CHUNK_ROOM;
    struct arena_chunk *chunk = calloc(1, sizeof(*chunk) + room);
    if (!chunk) {
        arena->failed = true;
        return NULL;
    }
    chunk->room = room;
    chunk->next = arena->chunks;
    arena->chunks = chunk;
    return chunk;
}

void *arena_take(struct arena *arena, size_t size)
{
    size = (size + alignof(max_align_t) - 1) / alignof(max_align_t) * alignof(max_align_t);
    struct arena_chunk *chunk = arena->chunks;
    if (!chunk || chunk->room - chunk->used < size)
        chunk = chunk_new(arena, size);
    if (!chunk)
        return NULL;
    void *taken = chunk->bytes + chunk->used;
    chunk->used += size;
    return taken;
}

const char *arena_text(struct arena *arena, struct span text)
{
    char *copy = arena_take(arena, text.size + 1);
    if (!copy)
        return "";
    if (text.size > 0)
        memcpy(copy, text.data, text.size);
    return copy;
}

void arena_clear(struct arena *arena)
{
    while (arena->chunks) {
        struct arena_chunk *next = arena->chunks->next;
        free(arena->chunks);
        arena->chunks = next;
    }
    arena->failed = false;
}
