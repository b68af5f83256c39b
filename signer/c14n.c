#include "signer/c14n.h"

#include <libxml/c14n.h>

/* A namespace declaration is asked for with its element as parent. */
static int is_within(void *context, xmlNode *node, xmlNode *parent)
{
    const xmlNode *element = context;
    const xmlNode *at = !node || node->type == XML_NAMESPACE_DECL ? parent : node;
    for (; at; at = at->parent)
        if (at == element)
            return 1;
    return 0;
}

static int write_to_buffer(void *context, const char *bytes, int size)
{
    struct buffer *buffer = context;
    buffer_append(buffer, span_of(bytes, (size_t)size));
    return buffer->failed ? -1 : size;
}

static int write_to_digest(void *context, const char *bytes, int size)
{
    digest_add(context, span_of(bytes, (size_t)size));
    return size;
}

static bool run(xmlDoc *doc, xmlNode *element, xmlOutputWriteCallback write, void *target)
{
    xmlOutputBuffer *out = xmlOutputBufferCreateIO(write, NULL, target, NULL);
    bool good =
        out
        && xmlC14NExecute(doc, element ? is_within : NULL, element, XML_C14N_EXCLUSIVE_1_0, NULL, 0, out)
               >= 0;
    return out && xmlOutputBufferClose(out) >= 0 && good;
}

bool c14n_element(xmlNode *element, struct buffer *ret_bytes)
{
    return run(element->doc, element, write_to_buffer, ret_bytes);
}

bool c14n_digest(xmlDoc *doc, enum digest_algorithm algorithm, struct digest_value *ret_digest)
{
    struct digest *digest CLEANUP(digest_free) = digest_new(algorithm);
    if (!run(doc, NULL, write_to_digest, digest))
        return false;
    *ret_digest = digest_finish(digest);
    return true;
}
