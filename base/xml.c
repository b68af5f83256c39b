#include "base/xml.h"

#include <libxml/parser.h>
#include <libxml/xmlerror.h>

#include "base/base_text.h"
#include "base/xml_encoding.h"

static void say_nothing(void *context, const char *format, ...)
{
    (void)context;
    (void)format;
}

static void say_nothing_structured(void *context, xmlErrorPtr why)
{
    (void)context;
    (void)why;
}

void xml_init(void)
{
    xmlInitParser();
    xmlSetGenericErrorFunc(NULL, say_nothing);
    xmlSetStructuredErrorFunc(NULL, say_nothing_structured);
}

static bool is_ascii(struct span text)
{
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] >= 0x80)
            return false;
    return true;
}

/* The bytes are UTF-8 (the guard has seen to it); a name that says otherwise would make another reader read another
 * text, unless every byte is one of those that all parts of ISO 8859 share with UTF-8. */
static bool is_read_alike(const char *encoding, struct span bytes)
{
    return !encoding || strcasecmp(encoding, "UTF-8") == 0 || strcasecmp(encoding, "US-ASCII") == 0
           || (strncasecmp(encoding, "ISO-8859-", strlen("ISO-8859-")) == 0 && is_ascii(bytes));
}

/* `declared`: the XML declaration says what the encoding is; else it is UTF-8 whatever that says. */
static bool parse(struct span bytes, bool declared, xmlDoc **ret_doc, struct error *err)
{
    const int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_BIG_LINES;
    xmlParserCtxt *context = xmlNewParserCtxt();
    if (!context)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    xmlDoc *doc CLEANUP(xml_doc_clear) =
        xmlCtxtReadMemory(context, (const char *)bytes.data, (int)bytes.size, NULL, declared ? NULL : "UTF-8",
                          declared ? options : options | XML_PARSE_IGNORE_ENC);
    if (!doc || !context->wellFormed) {
        const xmlError *why = xmlCtxtGetLastError(context);
        fail(err, ERR_MALFORMED, &TEXT_XML_MALFORMED);
        error_cause(err, "libxml2, line %d: %s", why ? why->line : 0,
                    why && why->message ? why->message : "?");
        xmlFreeParserCtxt(context);
        return false;
    }
    xmlFreeParserCtxt(context);
    if (doc->intSubset || doc->extSubset)
        return fail(err, ERR_REFUSED, &TEXT_XML_DOCTYPE, "0");
    if (declared && !is_read_alike((const char *)doc->encoding, bytes))
        return fail(err, ERR_REFUSED, &TEXT_XML_ENCODING, (const char *)doc->encoding);
    *ret_doc = TAKE(doc);
    return true;
}

static bool read_guarded(struct span bytes, bool declared, xmlDoc **ret_doc, struct error *err)
{
    struct xml_guard guard = xml_guard_of(XML_MAX_DEPTH);
    if (bytes.size > XML_MAX_DOCUMENT)
        return fail(err, ERR_TOO_LARGE, &TEXT_XML_TOO_LARGE);
    return xml_guard_scan(&guard, bytes, err) && parse(bytes, declared, ret_doc, err);
}

bool xml_read(struct span bytes, xmlDoc **ret_doc, struct error *err)
{
    return read_guarded(bytes, true, ret_doc, err);
}

bool xml_read_any(struct span bytes, xmlDoc **ret_doc, struct error *err)
{
    struct buffer recoded CLEANUP(buffer_clear) = {0};
    if (bytes.size <= XML_MAX_RECODED && xml_recode(bytes, &recoded))
        return read_guarded(buffer_span(&recoded), false, ret_doc, err);
    return read_guarded(bytes, true, ret_doc, err);
}

bool xml_is(const xmlNode *node, const char *ns, const char *name)
{
    if (!node || node->type != XML_ELEMENT_NODE || (name && strcmp((const char *)node->name, name) != 0))
        return false;
    return !ns || (node->ns && node->ns->href && strcmp((const char *)node->ns->href, ns) == 0);
}

static xmlNode *from_here(xmlNode *node, const char *ns, const char *name)
{
    while (node && !xml_is(node, ns, name))
        node = node->next;
    return node;
}

xmlNode *xml_first(const xmlNode *parent, const char *ns, const char *name)
{
    return parent ? from_here(parent->children, ns, name) : NULL;
}

xmlNode *xml_next(const xmlNode *node, const char *ns, const char *name)
{
    return node ? from_here(node->next, ns, name) : NULL;
}

xmlNode *xml_only(const xmlNode *parent, const char *ns, const char *name, bool *ret_many)
{
    xmlNode *first = xml_first(parent, ns, name);
    *ret_many = xml_next(first, ns, name) != NULL;
    return *ret_many ? NULL : first;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool xml_text(const xmlNode *element, char **ret_text)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    for (const xmlNode *node = element->children; node; node = node->next) {
        if (node->type != XML_TEXT_NODE && node->type != XML_CDATA_SECTION_NODE)
            return false;
        buffer_text(&text, (const char *)node->content);
    }
    struct span trimmed = buffer_span(&text);
    while (trimmed.size > 0 && is_space((char)trimmed.data[0]))
        trimmed = span_slice(trimmed, 1, SIZE_MAX);
    while (trimmed.size > 0 && is_space((char)trimmed.data[trimmed.size - 1]))
        trimmed.size--;
    char *copy = text.failed ? NULL : span_string(trimmed);
    if (!copy)
        return false;
    *ret_text = copy;
    return true;
}

void xml_escape(struct buffer *buffer, struct span text)
{
    for (size_t i = 0; i < text.size; i++) {
        switch (text.data[i]) {
        case '&':
            buffer_text(buffer, "&amp;");
            break;
        case '<':
            buffer_text(buffer, "&lt;");
            break;
        case '>':
            buffer_text(buffer, "&gt;");
            break;
        case '"':
            buffer_text(buffer, "&quot;");
            break;
        case '\r':
            buffer_text(buffer, "&#xD;");
            break;
        default:
            buffer_u8(buffer, text.data[i]);
        }
    }
}
