/* A detached signature becomes one that holds its content: nothing that is signed changes by it (RFC 5652, 5.4), and the
 * content goes by without a copy. */
#include "base/base_text.h"
#include "signer/cms.h"
#include "signer/der.h"

/* The parts of a SignedData (RFC 5652, 5.1) around where the content goes. */
struct parts {
    struct span type; /* of the ContentInfo */
    struct span front, content_type, rest;
};

static bool take_apart(struct span cms, struct parts *ret_parts)
{
    struct reader outer = reader_of(cms), info = der_enter(&outer, DER_SEQUENCE);
    struct parts parts = {.type = der_any(&info).whole};
    struct reader explicit = der_enter(&info, DER_CONTEXT_MADE), data = der_enter(&explicit, DER_SEQUENCE);
    struct span version = der_any(&data).whole, algorithms = der_any(&data).whole;
    struct reader content = der_enter(&data, DER_SEQUENCE);
    parts.front = span_of(version.data, version.size + algorithms.size);
    parts.content_type = der_any(&content).whole;
    parts.rest = data.left;
    *ret_parts = parts;
    return !outer.failed && !info.failed && !explicit.failed && !data.failed && !content.failed
           && outer.left.size == 0 && content.left.size == 0;
}

bool cms_enclose(struct span cms, struct span content, struct sink *out, struct error *err)
{
    struct parts parts;
    struct buffer front CLEANUP(buffer_clear) = {0};
    if (!take_apart(cms, &parts))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    size_t octets = der_size(content.size), explicit = der_size(octets),
           around = parts.content_type.size + explicit,
           data = parts.front.size + der_size(around) + parts.rest.size,
           info = parts.type.size + der_size(der_size(data));
    der_head(&front, DER_SEQUENCE, info);
    buffer_append(&front, parts.type);
    der_head(&front, DER_CONTEXT_MADE, der_size(data));
    der_head(&front, DER_SEQUENCE, data);
    buffer_append(&front, parts.front);
    der_head(&front, DER_SEQUENCE, around);
    buffer_append(&front, parts.content_type);
    der_head(&front, DER_CONTEXT_MADE, octets);
    der_head(&front, DER_OCTETS, content.size);
    if (front.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    sink_write(out, buffer_span(&front));
    sink_write(out, content);
    sink_write(out, parts.rest);
    return sink_finish(out, err);
}
