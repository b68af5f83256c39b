/* A container as somebody drops it into the citizen's page: manifests, signatures, rules. Without anchors nothing may
 * pass. */
#include <stdlib.h>

#include "base/xml.h"
#include "signer/asic_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static bool started;
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    struct source document = source_of(span_of(data, size));
    if (!started)
        xml_init();
    started = true;
    if (!asic_check(&(struct verification){0}, &document, &verdict, &err))
        return 0;
    for (size_t i = 0; i < verdict.count; i++)
        if (verdict.findings[i].indication == TOTAL_PASSED || verdict.findings[i].sub == SUB_NONE)
            abort();
    return 0;
}
