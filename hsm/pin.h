/* The PIN, from a file, in memory that is neither swapped nor dumped, for as long as a login takes. Keeper processes only. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"

enum { PIN_MAX = 255 }; /* bytes */

struct pin {
    uint8_t *text; /* one locked page; NULL: none */
    size_t size;
};

/* The file's first line. PIN_BLOCKED with what to do: `path` NULL, no such file, readable by everybody, empty or too long. */
bool pin_read(const char *path, struct pin *ret_pin, struct error *err) MUST_USE;
/* Overwrites and gives the page back. */
void pin_wipe(struct pin *pin);

static inline struct span pin_span(const struct pin *pin)
{
    return span_of(pin->text, pin->size);
}
