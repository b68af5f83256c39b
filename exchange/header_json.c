/* The package header JSON, both ways, from the table of elements. */
#include <stdio.h>

#include "base/base_text.h"
#include "base/json.h"
#include "exchange/edxml_table.h"
#include "exchange/package_text.h"

enum { JSON_PATH = TEXT_ARG_SIZE, JSON_NAMES = 64 };

/* --- reading --- */

/* The element of that JSON name and the struct it is in: groups without a name of their own share the object around them. */
static const struct element *find_member(const struct element_group *group, void *base, const char *name,
                                         void **ret_base)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct element *element = &group->elements[i];
        if (element->json && strcmp(element->json, name) == 0) {
            *ret_base = base;
            return element;
        }
        if (!element->json && element->kind == ELEMENT_GROUP) {
            const struct element *inner =
                find_member(element->group, element_field(base, element), name, ret_base);
            if (inner)
                return inner;
        }
    }
    return NULL;
}

static size_t list_names(const struct element_group *group, const char **names, size_t count)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct element *element = &group->elements[i];
        if (element->json && count < JSON_NAMES)
            names[count++] = element->json;
        else if (!element->json && element->kind == ELEMENT_GROUP)
            count = list_names(element->group, names, count);
    }
    return count;
}

static bool refuse_unknown(const struct element_group *group, const char *path, const char *name,
                           struct error *err)
{
    const char *names[JSON_NAMES];
    size_t count = list_names(group, names, 0);
    const char *nearest = text_nearest(name, names, count);
    return nearest ? fail(err, ERR_MALFORMED, &TEXT_HEADER_UNKNOWN_NEAR, path, nearest)
                   : fail(err, ERR_MALFORMED, &TEXT_HEADER_UNKNOWN, path);
}

static bool refuse_value(const char *path, const json_t *value, const char *expected, struct error *err)
{
    struct buffer found CLEANUP(buffer_clear) = {0};
    json_write(value, &found);
    const char *text = buffer_string(&found);
    return fail(err, ERR_MALFORMED, &TEXT_HEADER_MEMBER, *path ? path : "JSON", text ? text : "", expected);
}

static bool read_number(const json_t *value, int64_t least, int64_t most, struct number *ret_number)
{
    json_int_t number = json_integer_value(value);
    if (!json_is_integer(value) || number < least || number > most)
        return false;
    *ret_number = (struct number){(int32_t)number, true};
    return true;
}

static bool read_status(const json_t *value, struct number *ret_number)
{
    const char *text = json_string_value(value);
    if (!text || strlen(text) != 2 || text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
        return false;
    *ret_number = (struct number){(text[0] - '0') * 10 + text[1] - '0', true};
    return ret_number->value > 0;
}

static struct span text_of(const json_t *value)
{
    return span_of(json_string_value(value), json_string_length(value));
}

/* What XML 1.0 (2.2) has no character for cannot be sent. jansson has seen to it that it is UTF-8. */
static bool fits_xml(struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        uint8_t byte = text.data[i];
        bool blank = byte == '\t' || byte == '\n' || byte == '\r';
        if ((byte < 0x20 && !blank)
            || (byte == 0xEF && i + 2 < text.size && text.data[i + 1] == 0xBF && text.data[i + 2] >= 0xBE))
            return false;
    }
    return true;
}

/* Blanks around a text do not survive the wire; an empty text is an absent one. */
static bool read_text(const json_t *value, wire_text *ret_text, struct error *err)
{
    struct span text = span_trimmed(text_of(value));
    if (text.size == 0)
        return true;
    *ret_text = span_string(text);
    return *ret_text ? true : fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

static bool read_leaf(const struct element *element, const json_t *value, void *field, const char *path,
                      struct error *err)
{
    switch (element->kind) {
    case ELEMENT_TEXT:
        if (!json_is_string(value) || json_string_length(value) > PACKAGE_MAX_TEXT
            || !fits_xml(text_of(value)))
            return refuse_value(path, value, "text", err);
        return read_text(value, field, err);
    case ELEMENT_CODE:
        return json_is_string(value) && agency_code_read(text_of(value), field)
                   ? true
                   : refuse_value(path, value, "H99.05", err);
    case ELEMENT_DATE:
        return json_is_string(value) && date_read(text_of(value), '-', field)
                   ? true
                   : refuse_value(path, value, "yyyy-MM-dd", err);
    case ELEMENT_TIME:
        return json_is_string(value) && clock_read(json_string_value(value), field)
                   ? true
                   : refuse_value(path, value, "2025-03-14T10:05:00+07:00", err);
    case ELEMENT_NUMBER:
        return read_number(value, INT32_MIN, element->most ? element->most : INT32_MAX, field)
               || refuse_value(path, value, "0, 1, …", err);
    case ELEMENT_BUSINESS:
        return read_number(value, BUSINESS_NEW, BUSINESS_REPLACE, field)
               || refuse_value(path, value, "0 … 3", err);
    case ELEMENT_STATUS:
        return read_status(value, field) || refuse_value(path, value, "\"01\" … \"16\"", err);
    case ELEMENT_FLAG:
        *(struct number *)field = (struct number){json_is_true(value), true};
        return json_is_boolean(value) || refuse_value(path, value, "true, false", err);
    default:
        return refuse_value(path, value, "", err);
    }
}

static bool read_object(const struct element_group *group, const json_t *object, void *base, const char *path,
                        struct error *err);

static bool read_item(const struct element *element, const json_t *value, void *item, const char *path,
                      struct error *err)
{
    static const struct element text = {.kind = ELEMENT_TEXT}, code = {.kind = ELEMENT_CODE};
    if (element->kind == ELEMENT_LIST)
        return read_object(element->group, value, item, path, err);
    return read_leaf(element->kind == ELEMENT_TEXTS ? &text : &code, value, item, path, err);
}

static bool read_list(const struct element *element, const json_t *array, void *field, const char *path,
                      struct error *err)
{
    if (!json_is_array(array))
        return refuse_value(path, array, "[…]", err);
    char most[16];
    snprintf(most, sizeof(most), "%d", PACKAGE_MAX_RECIPIENTS);
    if (json_array_size(array) > PACKAGE_MAX_RECIPIENTS)
        return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_TOO_MANY, path, most);
    size_t index;
    json_t *value;
    json_array_foreach(array, index, value)
    {
        char inner[JSON_PATH];
        snprintf(inner, sizeof(inner), "%.70s[%zu]", path, index);
        if (json_is_string(value) && span_trimmed(text_of(value)).size == 0)
            return refuse_value(inner, value, "…", err);
        void *item = element_list_grow(field, element_item_size(element));
        if (!item)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        if (!read_item(element, value, item, inner, err))
            return false;
    }
    return true;
}

static bool read_member(const struct element *element, const json_t *value, void *field, const char *path,
                        struct error *err)
{
    if (element->kind == ELEMENT_GROUP)
        return read_object(element->group, value, field, path, err);
    if (element_repeats(element))
        return read_list(element, value, field, path, err);
    return read_leaf(element, value, field, path, err);
}

static bool read_object(const struct element_group *group, const json_t *object, void *base, const char *path,
                        struct error *err)
{
    if (!json_is_object(object))
        return refuse_value(path, object, "{…}", err);
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        char inner[JSON_PATH];
        snprintf(inner, sizeof(inner), *path ? "%.60s.%.30s" : "%.0s%.90s", path, name);
        void *around;
        const struct element *element = find_member(group, base, name, &around);
        if (!element)
            return refuse_unknown(group, inner, name, err);
        if (!read_member(element, value, element_field(around, element), inner, err))
            return false;
    }
    return true;
}

static bool read_kind(json_t *object, enum package_kind *ret_kind, struct error *err)
{
    const json_t *kind = json_object_get(object, "kind");
    if (!kind)
        return true;
    const char *name = json_string_value(kind);
    if (!name || (strcmp(name, "edoc") != 0 && strcmp(name, "status") != 0))
        return refuse_value("kind", kind, "edoc, status", err);
    *ret_kind = strcmp(name, "status") == 0 ? PACKAGE_STATUS : PACKAGE_EDOC;
    json_object_del(object, "kind");
    return true;
}

/* What only a status says has no place in a document. */
static bool check_edoc_members(const struct header *header, struct error *err)
{
    const char *stray = header->status.present ? "status"
                        : header->time_ms != 0 ? "time"
                        : header->description  ? "description"
                        : header->staff.name || header->staff.department || header->staff.email ? "staff"
                                                                                                : NULL;
    if (header->kind == PACKAGE_STATUS || !stray)
        return true;
    return fail(err, ERR_MALFORMED, &TEXT_HEADER_ONLY_STATUS, stray);
}

bool header_json_read(struct span json, struct header *ret_header, struct error *err)
{
    struct header header CLEANUP(header_clear) = {0};
    json_t *object CLEANUP(json_clear) = NULL;
    if (!json_read(json, &object, err) || !read_kind(object, &header.kind, err)
        || !read_object(&edxml_header, object, &header, "", err) || !check_edoc_members(&header, err))
        return false;
    *ret_header = header;
    header = (struct header){0};
    return true;
}

/* --- writing --- */

static void write_group(const struct element_group *group, const void *base, json_t *object);

static json_t *leaf_json(const struct element *element, const void *field)
{
    char text[CLOCK_TEXT_SIZE];
    const struct number *number = field;
    switch (element->kind) {
    case ELEMENT_TEXT:
        return json_string(*(const wire_text *)field);
    case ELEMENT_CODE:
        return json_string(((const struct agency_code *)field)->text);
    case ELEMENT_DATE:
        return json_string(((const struct date *)field)->text);
    case ELEMENT_TIME:
        clock_iso_vietnam(*(const int64_t *)field, text);
        return json_string(text);
    case ELEMENT_FLAG:
        return json_boolean(number->value);
    case ELEMENT_STATUS:
        snprintf(text, sizeof(text), "%02d", (int)number->value);
        return json_string(text);
    default:
        return json_integer(number->value);
    }
}

static json_t *item_json(const struct element *element, const void *item)
{
    if (element->kind == ELEMENT_LIST) {
        json_t *object = json_object();
        write_group(element->group, item, object);
        return object;
    }
    return json_string(element->kind == ELEMENT_TEXTS ? *(const wire_text *)item
                                                      : ((const struct agency_code *)item)->text);
}

static json_t *list_json(const struct element *element, const void *field)
{
    struct element_list list = element_list_at(field);
    json_t *array = json_array();
    for (size_t i = 0; i < list.count; i++)
        json_array_append_new(array, item_json(element, list.items + i * element_item_size(element)));
    return array;
}

static json_t *element_json(const struct element *element, const void *field)
{
    if (element->kind == ELEMENT_GROUP) {
        json_t *object = json_object();
        write_group(element->group, field, object);
        return object;
    }
    return element_repeats(element) ? list_json(element, field) : leaf_json(element, field);
}

static void write_group(const struct element_group *group, const void *base, json_t *object)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct element *element = &group->elements[i];
        const void *field = element_field_const(base, element);
        if (element_empty(element, base) || element->flags & ELEMENT_ALIAS)
            continue;
        if (element->json)
            json_object_set_new(object, element->json, element_json(element, field));
        else
            write_group(element->group, field, object);
    }
}

void header_json_write(const struct header *header, struct buffer *buffer)
{
    json_t *object CLEANUP(json_clear) = json_object();
    if (header->kind == PACKAGE_STATUS)
        json_object_set_new(object, "kind", json_string("status"));
    write_group(&edxml_header, header, object);
    json_write(object, buffer);
}
