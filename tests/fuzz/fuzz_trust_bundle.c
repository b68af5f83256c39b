/* An offline bundle as somebody brings it on a stick: taken apart before its signature is looked at. */
#include <stdlib.h>

#include "base/xml.h"
#include "signer/trust_bundle.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    struct trust_bundle bundle CLEANUP(trust_bundle_clear) = {0}, again CLEANUP(trust_bundle_clear) = {0};
    struct buffer xml CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    if (!started)
        xml_init();
    started = true;
    if (!trust_bundle_read(span_of(data, size), &bundle, &err))
        return 0;
    for (size_t i = 0; i < bundle.count; i++)
        if (!trust_bundle_name_fits(bundle.files[i].name))
            abort();
    trust_bundle_write(&bundle, &xml);
    if (!trust_bundle_read(buffer_span(&xml), &again, &err) || again.count != bundle.count)
        abort(); /* what we can read we can write back */
    return 0;
}
