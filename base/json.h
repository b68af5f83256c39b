/* JSON through jansson, one safe way: duplicate keys and unknown members are refused, depth and size limited, strings are
 * valid UTF-8 without NUL. A json_t is owned by whoever the jansson manual says; use JSON_CLEANUP for locals. */
#pragma once

#include <jansson.h>

#include "base/bytes.h"
#include "base/error.h"

enum { JSON_MAX_SIZE = 4 << 20, JSON_MAX_DEPTH = 32 };

DEFINE_CLEANUP(json_t *, json_clear, json_decref)

/* The caller decrefs. MALFORMED with line and column. */
bool json_read(struct span text, json_t **ret_value, struct error *err) MUST_USE;
/* One line, members in the order they were set, no escaped slashes; appends. */
void json_write(const json_t *value, struct buffer *buffer);

/* One table reads an object into a struct: names, kinds, whether required. Unknown members are refused with the nearest name. */
enum json_kind { JSON_KIND_TEXT, JSON_KIND_INTEGER, JSON_KIND_BOOLEAN, JSON_KIND_OBJECT, JSON_KIND_ARRAY };
struct json_member {
    const char *name;
    enum json_kind kind;
    bool required;
    size_t
        offset; /* into the target: const char * (borrowed from the value), int64_t, bool, const json_t * */
};
bool json_object_read(const json_t *object, const struct json_member *members, size_t count, void *target,
                      struct error *err) MUST_USE;
