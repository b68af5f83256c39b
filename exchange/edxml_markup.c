#include "exchange/edxml_markup.h"

#include <stdio.h>

#include "base/xml.h"

void markup_indent(struct buffer *markup, unsigned depth)
{
    for (unsigned i = 0; i < depth; i++)
        buffer_text(markup, "  ");
}

void markup_line(struct buffer *markup, unsigned depth, const char *text)
{
    markup_indent(markup, depth);
    buffer_text(markup, text);
    buffer_text(markup, "\r\n");
}

void markup_leaf(struct buffer *markup, unsigned depth, const char *prefix, const char *name,
                 const char *text)
{
    if (!text || !*text)
        return;
    markup_indent(markup, depth);
    buffer_format(markup, "<%s%s>", prefix, name);
    xml_escape(markup, span_text(text));
    buffer_format(markup, "</%s%s>\r\n", prefix, name);
}

static void tag(struct buffer *markup, unsigned depth, const char *slash, const char *name)
{
    markup_indent(markup, depth);
    buffer_format(markup, "<%sedXML:%s>\r\n", slash, name);
}

static void value_text(const struct element *element, const void *field,
                       char ret_text[static CLOCK_TEXT_SIZE])
{
    const struct number *number = field;
    switch (element->kind) {
    case ELEMENT_DATE:
        memcpy(ret_text, ((const struct date *)field)->text, sizeof(struct date));
        ret_text[4] = ret_text[7] = '/';
        break;
    case ELEMENT_TIME:
        clock_edxml(*(const int64_t *)field, ret_text);
        break;
    case ELEMENT_FLAG:
        snprintf(ret_text, CLOCK_TEXT_SIZE, "%s", number->value ? "true" : "false");
        break;
    case ELEMENT_STATUS:
        snprintf(ret_text, CLOCK_TEXT_SIZE, "%02d", (int)number->value);
        break;
    default:
        snprintf(ret_text, CLOCK_TEXT_SIZE, "%d", (int)number->value);
        break;
    }
}

static void write_wrapped(struct buffer *markup, unsigned depth, const struct element *element,
                          const void *base)
{
    tag(markup, depth, "", element->name);
    markup_group(markup, depth + 1, element->group, base);
    tag(markup, depth, "/", element->name);
}

static void write_list(struct buffer *markup, unsigned depth, const struct element *element,
                       const void *field)
{
    struct element_list list = element_list_at(field);
    for (size_t i = 0; i < list.count; i++) {
        const void *item = list.items + i * element_item_size(element);
        if (element->kind == ELEMENT_LIST)
            write_wrapped(markup, depth, element, item);
        else if (element->kind == ELEMENT_TEXTS)
            markup_leaf(markup, depth, "edXML:", element->name, *(const wire_text *)item);
        else
            markup_leaf(markup, depth, "edXML:", element->name, ((const struct agency_code *)item)->text);
    }
}

static void write_element(struct buffer *markup, unsigned depth, const struct element *element,
                          const void *field)
{
    char text[CLOCK_TEXT_SIZE];
    switch (element->kind) {
    case ELEMENT_GROUP:
        write_wrapped(markup, depth, element, field);
        break;
    case ELEMENT_LIST:
    case ELEMENT_TEXTS:
    case ELEMENT_CODES:
        write_list(markup, depth, element, field);
        break;
    case ELEMENT_TEXT:
        markup_leaf(markup, depth, "edXML:", element->name, *(const wire_text *)field);
        break;
    case ELEMENT_CODE:
        markup_leaf(markup, depth, "edXML:", element->name, ((const struct agency_code *)field)->text);
        break;
    default:
        value_text(element, field, text);
        markup_leaf(markup, depth, "edXML:", element->name, text);
        break;
    }
}

void markup_group(struct buffer *markup, unsigned depth, const struct element_group *group, const void *base)
{
    for (size_t i = 0; i < group->count; i++) {
        const struct element *element = &group->elements[i];
        if (!element_empty(element, base) && !(element->flags & ELEMENT_ALIAS))
            write_element(markup, depth, element, element_field_const(base, element));
    }
}
