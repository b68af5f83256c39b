/* A document as somebody drops it into the citizen's page. Nobody is trusted here, so that nobody may pass. */
#pragma once

#include <stdlib.h>

#include "base/xml.h"
#include "signer/verifier.h"

typedef bool document_check(const struct verification *how, const struct source *document,
                            struct verdict *verdict, struct error *err);

static inline void judge_untrusted(document_check *check, struct span bytes)
{
    static bool started;
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    struct source document = source_of(bytes);
    if (!started)
        xml_init();
    started = true;
    if (!check(&(struct verification){0}, &document, &verdict, &err))
        return;
    for (size_t i = 0; i < verdict.count; i++)
        if (verdict.findings[i].indication == TOTAL_PASSED || verdict.findings[i].sub == SUB_NONE)
            abort();
}
