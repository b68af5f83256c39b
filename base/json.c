#include "base/json.h"

#include <stdio.h>

#include "base/base_text.h"

enum { MEMBERS_MAX = 64 };

static bool too_deep(const json_t *value, unsigned left)
{
    if (!json_is_object(value) && !json_is_array(value))
        return false;
    if (left == 0)
        return true;
    const char *key;
    json_t *inner;
    size_t index;
    json_object_foreach((json_t *)(uintptr_t)value, key, inner)
    {
        if (too_deep(inner, left - 1))
            return true;
    }
    json_array_foreach(value, index, inner)
    {
        if (too_deep(inner, left - 1))
            return true;
    }
    return false;
}

bool json_read(struct span text, json_t **ret_value, struct error *err)
{
    if (text.size > JSON_MAX_SIZE)
        return fail(err, ERR_TOO_LARGE, &TEXT_JSON_TOO_LARGE);
    json_error_t why;
    json_t *value CLEANUP(json_clear) =
        json_loadb((const char *)text.data, text.size, JSON_REJECT_DUPLICATES, &why);
    if (!value) {
        char line[16], column[16];
        snprintf(line, sizeof(line), "%d", why.line);
        snprintf(column, sizeof(column), "%d", why.column);
        return fail(err, ERR_MALFORMED, &TEXT_JSON_MALFORMED, line, column, why.text);
    }
    if (too_deep(value, JSON_MAX_DEPTH))
        return fail(err, ERR_TOO_LARGE, &TEXT_JSON_TOO_DEEP);
    *ret_value = TAKE(value);
    return true;
}

static int write_piece(const char *piece, size_t size, void *buffer)
{
    buffer_append(buffer, span_of(piece, size));
    return ((struct buffer *)buffer)->failed ? -1 : 0;
}

void json_write(const json_t *value, struct buffer *buffer)
{
    if (json_dump_callback(value, write_piece, buffer, JSON_COMPACT | JSON_ENCODE_ANY) != 0)
        buffer->failed = true;
}

static const struct json_member *member_named(const struct json_member *members, size_t count,
                                              const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(members[i].name, name) == 0)
            return &members[i];
    return NULL;
}

static bool unknown_member(const struct json_member *members, size_t count, const char *name,
                           struct error *err)
{
    const char *names[MEMBERS_MAX];
    for (size_t i = 0; i < count && i < MEMBERS_MAX; i++)
        names[i] = members[i].name;
    const char *nearest = text_nearest(name, names, count < MEMBERS_MAX ? count : MEMBERS_MAX);
    return nearest ? fail(err, ERR_MALFORMED, &TEXT_JSON_UNKNOWN_NEAR, name, nearest)
                   : fail(err, ERR_MALFORMED, &TEXT_JSON_UNKNOWN, name);
}

static bool take_member(const json_t *value, const struct json_member *member, void *target)
{
    void *field = (char *)target + member->offset;
    switch (member->kind) {
    case JSON_KIND_TEXT:
        *(const char **)field = json_string_value(value);
        return json_is_string(value);
    case JSON_KIND_INTEGER:
        *(int64_t *)field = json_integer_value(value);
        return json_is_integer(value);
    case JSON_KIND_BOOLEAN:
        *(bool *)field = json_is_true(value);
        return json_is_boolean(value);
    case JSON_KIND_OBJECT:
        *(const json_t **)field = value;
        return json_is_object(value);
    case JSON_KIND_ARRAY:
        *(const json_t **)field = value;
        return json_is_array(value);
    }
    return false;
}

bool json_object_read(const json_t *object, const struct json_member *members, size_t count, void *target,
                      struct error *err)
{
    static const char *const kinds[] = {"text", "integer", "true/false", "object", "list"};
    if (!json_is_object(object))
        return fail(err, ERR_MALFORMED, &TEXT_JSON_NOT_AN_OBJECT);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        const struct json_member *member = member_named(members, count, name);
        if (!member)
            return unknown_member(members, count, name, err);
        if (!take_member(value, member, target))
            return fail(err, ERR_MALFORMED, &TEXT_JSON_WRONG_KIND, name, kinds[member->kind]);
    }
    for (size_t i = 0; i < count; i++)
        if (members[i].required && !json_object_get(object, members[i].name))
            return fail(err, ERR_MALFORMED, &TEXT_JSON_MISSING, members[i].name);
    return true;
}
