#include "signer/xades_place.h"

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/signer_text.h"
#include "signer/xades_check.h"

static bool is_whole(const struct xml_signature *signature)
{
    for (size_t i = 0; i < signature->reference_count; i++)
        if (xml_reference_is_whole(&signature->references[i]))
            return true;
    return false;
}

/* The innermost signature that anything added to the root outside of it would break; NULL when there is
 * none. One that is not understood may break: then the check of the product says so. */
static bool find_host(xmlDoc *doc, xmlNode **ret_host, struct error *err)
{
    struct xml_ids ids CLEANUP(xml_ids_clear) = {0};
    if (!xml_ids_collect(doc, &ids))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    const struct xml_place around = {.doc = doc, .ids = &ids};
    *ret_host = NULL;
    for (xmlNode *at = xades_next_signature(doc, NULL); at; at = xades_next_signature(doc, at)) {
        struct xml_signature signature CLEANUP(xml_signature_clear) = {0};
        struct finding unused = {0};
        bool understood;
        if (!xml_signature_read(at, &around, &signature, &understood, &unused, err))
            return false;
        if (is_whole(&signature))
            *ret_host = at;
    }
    return true;
}

/* Which start tag of the document is this element's, counted from 0? */
static size_t number_of(xmlDoc *doc, const xmlNode *element)
{
    size_t number = 0;
    const xmlNode *at = xmlDocGetRootElement(doc);
    while (at && at != element) {
        const xmlNode *next = xml_first(at, NULL, NULL);
        while (!next && at && at->type == XML_ELEMENT_NODE) {
            next = xml_next(at, NULL, NULL);
            at = at->parent;
        }
        at = next;
        number++;
    }
    return number;
}

/* Behind a piece of markup that is not a tag; SIZE_MAX when the '<' begins a tag. */
static size_t behind_non_tag(struct span bytes, size_t at)
{
    static const struct {
        const char *begin, *end;
    } kinds[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};
    for (size_t i = 0; i < COUNT_OF(kinds); i++)
        if (span_starts(span_slice(bytes, at, SIZE_MAX), kinds[i].begin)) {
            size_t end = span_find(bytes, span_text(kinds[i].end), at + strlen(kinds[i].begin));
            return end == SIZE_MAX ? bytes.size : end + strlen(kinds[i].end);
        }
    return SIZE_MAX;
}

/* The '>' of the tag that begins at `at`, past quoted attribute values. */
static size_t end_of_tag(struct span bytes, size_t at)
{
    uint8_t quote = 0;
    for (; at < bytes.size; at++) {
        uint8_t c = bytes.data[at];
        if (quote ? c == quote : c == '"' || c == '\'')
            quote = quote ? 0 : c;
        else if (c == '>' && !quote)
            break;
    }
    return at;
}

/* The offset of the end tag of the wanted element. The document is well-formed and has no DTD: libxml2 has
 * read it. */
static bool find_end_tag(struct span bytes, size_t wanted, uint64_t *ret_at)
{
    size_t open[XML_MAX_DEPTH + 1], depth = 0, number = 0;
    for (size_t at = span_find(bytes, SPAN_LITERAL("<"), 0); at != SIZE_MAX;) {
        size_t behind = behind_non_tag(bytes, at);
        if (behind == SIZE_MAX) {
            size_t end = end_of_tag(bytes, at);
            bool closing = at + 1 < bytes.size && bytes.data[at + 1] == '/';
            if (closing && depth > 0 && open[--depth] == wanted) {
                *ret_at = at;
                return true;
            }
            if (!closing && bytes.data[end - 1] != '/' && depth <= XML_MAX_DEPTH)
                open[depth++] = number;
            number += !closing;
            behind = end + 1;
        }
        at = span_find(bytes, SPAN_LITERAL("<"), behind);
    }
    return false;
}

bool xades_place_find(xmlDoc *doc, struct span bytes, struct xades_place *ret_place, struct error *err)
{
    xmlNode *root = xmlDocGetRootElement(doc), *host;
    if (!find_host(doc, &host, err))
        return false;
    ret_place->nested = host != NULL;
    if (!find_end_tag(bytes, number_of(doc, host ? host : root), &ret_place->at))
        return fail(err, ERR_UNSUPPORTED, &TEXT_XML_ROOT_EMPTY, (const char *)root->name);
    return true;
}
