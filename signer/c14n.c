#include "signer/c14n.h"

#include <libxml/c14n.h>

static int add_to_digest(void *context, const char *bytes, int size)
{
    digest_add(context, span_of(bytes, (size_t)size));
    return size;
}

bool c14n_digest(xmlDoc *doc, enum digest_algorithm algorithm, struct digest_value *ret_digest)
{
    struct digest *digest CLEANUP(digest_free) = digest_new(algorithm);
    xmlOutputBuffer *out = xmlOutputBufferCreateIO(add_to_digest, NULL, digest, NULL);
    bool good = out && xmlC14NExecute(doc, NULL, NULL, XML_C14N_EXCLUSIVE_1_0, NULL, 0, out) >= 0;
    good = out && xmlOutputBufferClose(out) >= 0 && good;
    if (good)
        *ret_digest = digest_finish(digest);
    return good;
}
