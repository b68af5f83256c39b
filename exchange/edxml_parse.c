/* The parser's events walk the table of elements and fill a struct wire. Local names alone decide, as in the library the axis
 * runs; what stands where nobody expects it is passed over and named. */
#include "base/base_text.h"
#include "exchange/edxml_read.h"
#include "exchange/package_text.h"

static const char OLD_NAMESPACE[] = "http://www.e-doc.vn/Schema/";

static struct edxml_frame *top(struct package_reader *reader)
{
    return reader->depth ? &reader->frames[reader->depth - 1] : NULL;
}

static struct edxml_frame *push(struct package_reader *reader, const char *name)
{
    struct edxml_frame *frame =
        &reader->frames[reader->depth++]; /* the guard has counted: never above PACKAGE_MAX_DEPTH */
    *frame = (struct edxml_frame){0};
    text_clean(name, strlen(name), sizeof(frame->name), frame->name);
    return frame;
}

/* --- an element begins --- */

static void check_encoding(struct package_reader *reader)
{
    const char *encoding = (const char *)reader->parser->encoding;
    if (encoding && strcasecmp(encoding, "UTF-8") != 0 && strcasecmp(encoding, "UTF8") != 0
        && strcasecmp(encoding, "US-ASCII") != 0)
        edxml_refuse(reader, ERR_MALFORMED, &TEXT_PACKAGE_ENCODING, encoding, NULL, NULL);
}

static void check_namespace(struct package_reader *reader, const char *name, const char *uri)
{
    char place[EDXML_PLACE];
    if (strcmp(uri, EDXML_NAMESPACE) == 0)
        return;
    if (strcmp(uri, OLD_NAMESPACE) == 0)
        edxml_refuse(reader, ERR_UNSUPPORTED, &TEXT_PACKAGE_OLD_GENERATION, uri, NULL, NULL);
    else if (strcmp(name, "edXMLEnvelope") == 0) /* where the axis's library looks, and fails */
        edxml_refuse(reader, ERR_MALFORMED, &TEXT_PACKAGE_NAMESPACE, name, uri, EDXML_NAMESPACE);
    else if (!reader->foreign_namespace)
        edxml_deviate(reader, &TEXT_DEVIATION_NAMESPACE, edxml_place(reader, place), uri, EDXML_NAMESPACE);
    reader->foreign_namespace = true;
}

static void begin_root(struct package_reader *reader, const char *name, const char *uri)
{
    check_encoding(reader);
    if (strcmp(uri, OLD_NAMESPACE) == 0)
        edxml_refuse(reader, ERR_UNSUPPORTED, &TEXT_PACKAGE_OLD_GENERATION, uri, NULL, NULL);
    if (strcmp(name, "edXML") != 0)
        edxml_refuse(reader, ERR_MALFORMED, &TEXT_PACKAGE_ROOT, name, NULL, NULL);
    struct edxml_frame *frame = push(reader, name);
    frame->group = &edxml_root;
    frame->base = &reader->wire;
    check_namespace(reader, name, uri);
}

static const struct element *child_named(const struct element_group *group, const char *name,
                                         size_t *ret_place)
{
    for (size_t i = 0; i < group->count; i++)
        if (strcmp(group->elements[i].name, name) == 0) {
            *ret_place = i;
            return &group->elements[i];
        }
    return NULL;
}

/* Two orders are documented; a group that keeps to either is in order. Said once a group. */
static void check_order(struct package_reader *reader, struct edxml_frame *parent,
                        const struct element *element, size_t place)
{
    char where[EDXML_PLACE];
    unsigned also = element->also ? element->also : (unsigned)place + 1;
    bool was = parent->disordered && parent->disordered_also;
    parent->disordered |= place + 1 < parent->last;
    parent->disordered_also |= also < parent->last_also;
    parent->last = (unsigned)place + 1;
    parent->last_also = also;
    if (!was && parent->disordered && parent->disordered_also)
        edxml_deviate(reader, &TEXT_DEVIATION_ORDER, edxml_place(reader, where), NULL, NULL);
}

/* The struct that a child fills: the next item of a list, or a part of its parent's. */
static void *child_base(struct package_reader *reader, const struct edxml_frame *parent,
                        const struct element *element, struct edxml_frame *frame)
{
    void *field = element_field(parent->base, element);
    if (!element_repeats(element))
        return field;
    char limit[24];
    size_t count = element_list_at(field).count;
    if (count >= (element->most ? element->most : PACKAGE_MAX_RECIPIENTS)) {
        edxml_refuse(reader, ERR_TOO_LARGE, &TEXT_PACKAGE_TOO_MANY, element->name, edxml_number(count, limit),
                     NULL);
        return NULL;
    }
    void *item = element_list_grow(field, element_item_size(element));
    if (!item)
        edxml_refuse(reader, ERR_INTERNAL, &TEXT_NO_MEMORY, NULL, NULL, NULL);
    frame->number = count + 1;
    return item;
}

static void check_alias(struct package_reader *reader, const struct element *element)
{
    char place[EDXML_PLACE];
    if (strcmp(element->name, "Manifest") == 0)
        edxml_deviate(reader, &TEXT_DEVIATION_MANIFEST_NAME, edxml_place(reader, place), NULL, NULL);
    else if (strcmp(element->name, "Paper") == 0)
        edxml_deviate(reader, &TEXT_DEVIATION_PAPER_PLACE, edxml_place(reader, place), NULL, NULL);
    else if (strcmp(element->name, "Signature") != 0) /* DigitalSignature, Secret */
        edxml_deviate(reader, &TEXT_DEVIATION_ELEMENT, edxml_place(reader, place), NULL, NULL);
}

static void begin_child(struct package_reader *reader, struct edxml_frame *parent, const char *name,
                        const char *uri)
{
    char where[EDXML_PLACE];
    size_t place = 0;
    const struct element *element = child_named(parent->group, name, &place);
    struct edxml_frame *frame = push(reader, name);
    if (!element) {
        frame->skipped = true;
        edxml_deviate(reader, &TEXT_DEVIATION_ELEMENT, edxml_place(reader, where), NULL, NULL);
        return;
    }
    if (!element_repeats(element) && parent->seen & (uint32_t)1 << place)
        edxml_refuse(reader, ERR_MALFORMED, &TEXT_PACKAGE_TWICE, edxml_place(reader, where), NULL, NULL);
    parent->seen |= (uint32_t)1 << place;
    frame->element = element;
    frame->group = element->group;
    frame->skipped = element->kind == ELEMENT_SKIP;
    frame->base = child_base(reader, parent, element, frame);
    if (element->flags & ELEMENT_ALIAS)
        check_alias(reader, element);
    else
        check_order(reader, parent, element, place);
    if (!frame->skipped)
        check_namespace(reader, name, uri);
}

static void on_start(void *target, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespaces, const xmlChar **namespace, int attributes, int defaulted,
                     const xmlChar **attribute)
{
    (void)prefix, (void)namespaces, (void)namespace, (void)attributes, (void)defaulted, (void)attribute;
    struct package_reader *reader = target;
    struct edxml_frame *parent = top(reader);
    const char *local = (const char *)name, *about = uri ? (const char *)uri : "";
    char place[EDXML_PLACE];
    if (reader->failed)
        return;
    buffer_clear(&reader->text);
    if (!parent)
        begin_root(reader, local, about);
    else if (parent->skipped)
        push(reader, local)->skipped = true;
    else if (!parent->group)
        edxml_refuse(reader, ERR_MALFORMED, &TEXT_PACKAGE_INSIDE_TEXT, edxml_place(reader, place), local,
                     NULL);
    else
        begin_child(reader, parent, local, about);
}

/* --- its text --- */

static void add_text(struct package_reader *reader, struct span text)
{
    char place[EDXML_PLACE], limit[24];
    reader->text_size += text.size;
    if (reader->text_size > PACKAGE_MAX_HEADER)
        edxml_refuse(reader, ERR_TOO_LARGE, &TEXT_PACKAGE_HEADER_LIMIT,
                     edxml_number(PACKAGE_MAX_HEADER, limit), NULL, NULL);
    else if (reader->text.size + text.size > PACKAGE_MAX_TEXT)
        edxml_refuse(reader, ERR_TOO_LARGE, &TEXT_PACKAGE_TEXT_LIMIT, edxml_place(reader, place),
                     edxml_number(PACKAGE_MAX_TEXT, limit), NULL);
    else
        buffer_append(&reader->text, text);
}

static void on_characters(void *target, const xmlChar *characters, int size)
{
    struct package_reader *reader = target;
    struct edxml_frame *frame = top(reader);
    struct span text = span_of(characters, (size_t)size);
    char place[EDXML_PLACE];
    if (reader->failed || !frame || frame->skipped)
        return;
    if (!frame->group) {
        add_text(reader, text);
        return;
    }
    text = span_trimmed(text);
    if (text.size == 0 || frame->noisy)
        return;
    char *found CLEANUP(free_clear) = span_string(span_slice(text, 0, TEXT_ARG_SIZE));
    frame->noisy = true;
    edxml_deviate(reader, &TEXT_DEVIATION_TEXT, edxml_place(reader, place), found, NULL);
}

/* --- an element ends --- */

/* Texts are empty as often as not; an empty number breaks the library the axis runs. */
static bool may_be_empty(enum element_kind kind)
{
    return kind == ELEMENT_TEXT || kind == ELEMENT_SECRET || kind == ELEMENT_CODE;
}

static void end_leaf(struct package_reader *reader, const struct edxml_frame *frame)
{
    char place[EDXML_PLACE];
    edxml_place(reader, place);
    char *text CLEANUP(free_clear) = span_string(span_trimmed(buffer_span(&reader->text)));
    if (!text || reader->text.failed)
        edxml_refuse(reader, ERR_INTERNAL, &TEXT_NO_MEMORY, NULL, NULL, NULL);
    else if (*text)
        edxml_value(reader, frame, text, place);
    else if (!may_be_empty(frame->element->kind))
        edxml_deviate(reader, &TEXT_DEVIATION_EMPTY, place, NULL, NULL);
    buffer_clear(&reader->text);
}

/* An item that says nothing, like the <ResponseFor/> of the axis, goes again. */
static bool item_empty(const struct edxml_frame *frame)
{
    switch (frame->element->kind) {
    case ELEMENT_LIST:
        return element_group_empty(frame->group, frame->base);
    case ELEMENT_TEXTS:
        return *(wire_text *)frame->base == NULL;
    case ELEMENT_CODES:
        return agency_code_empty(frame->base);
    default:
        return false;
    }
}

static void drop_item(const struct edxml_frame *parent, const struct element *element)
{
    void *field = element_field(parent->base, element);
    struct element_list list = element_list_at(field);
    list.count--;
    if (list.count == 0) {
        free(list.items);
        list.items = NULL;
    }
    memcpy(field, &list, sizeof(list));
}

static void on_end(void *target, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    (void)name, (void)prefix, (void)uri;
    struct package_reader *reader = target;
    const struct edxml_frame *frame = top(reader);
    char place[EDXML_PLACE];
    if (reader->failed || !frame)
        return;
    if (!frame->skipped && !frame->group && frame->element)
        end_leaf(reader, frame);
    if (!frame->skipped && frame->element && frame->base && item_empty(frame)) {
        if (frame->group)
            edxml_deviate(reader, &TEXT_DEVIATION_EMPTY, edxml_place(reader, place), NULL, NULL);
        drop_item(&reader->frames[reader->depth - 2], frame->element);
    }
    reader->depth--;
}

static void on_error(void *target, xmlErrorPtr said)
{
    struct package_reader *reader = target;
    char place[EDXML_PLACE], what[TEXT_ARG_SIZE];
    if (said->level < XML_ERR_ERROR)
        return;
    const char *message = said->message ? said->message : "";
    text_clean(message, strcspn(message, "\n"), sizeof(what), what);
    edxml_refuse(reader, ERR_MALFORMED, &TEXT_PACKAGE_NOT_XML, edxml_place(reader, place), what, NULL);
}

const xmlSAXHandler edxml_sax = {
    .initialized = XML_SAX2_MAGIC,
    .startElementNs = on_start,
    .endElementNs = on_end,
    .characters = on_characters,
    .ignorableWhitespace = on_characters,
    .cdataBlock = on_characters,
    .serror = on_error,
};
