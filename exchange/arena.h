/* Where the words of a record live: everything read together is given back together. Records hand out `const char *` and
 * arrays that stand here, valid until arena_clear. One thread at a time. Start with {0}. */
#pragma once

#include "base/bytes.h"

struct arena_chunk;
struct arena {
    struct arena_chunk *chunks;
    bool failed; /* no memory: what was asked for then is NULL or "" */
};

/* `size` zero bytes, aligned for anything; NULL without memory. */
void *arena_take(struct arena *arena, size_t size) MUST_USE;
/* A copy that ends in NUL; "" without memory. */
const char *arena_text(struct arena *arena, struct span text) MUST_USE;
void arena_clear(struct arena *arena);
