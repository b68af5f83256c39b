/* CMS as it stands in somebody's PDF, and as a document of its own. Nothing that was not made with the key may pass. */
#include <stdlib.h>

#include "signer/cades_check.h"
#include "signer/cms.h"
#include "tests/signed_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Nobody is trusted here, so that nobody passes. */
static void judge_document(struct span bytes)
{
    static const struct detached nothing = {.name = ""};
    for (size_t given = 0; given < 2; given++) {
        struct verification how = {.detached = &nothing, .detached_count = given};
        struct source document = source_of(bytes);
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct error err = {0};
        if (!cades_check(&how, &document, &verdict, &err) && err.code != ERR_TOO_LARGE
            && err.code != ERR_MALFORMED)
            abort();
        for (size_t i = 0; i < verdict.count; i++)
            if (verdict.findings[i].indication == TOTAL_PASSED)
                abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    judge_document(span_of(data, size));
    static struct span nothing;
    static const struct signed_content content = {digest_signed_bytes, &nothing};
    for (int kind = 0; kind < 3; kind++) {
        static const struct verification nobody;
        struct process *process CLEANUP(process_free) = process_new(&nobody);
        const struct cms_judging how = {.process = process, .pades = kind == 1, .sha1_content = kind == 2};
        struct finding finding = {0};
        struct error err = {0};
        if (!cms_judge(&how, span_of(data, size), &content, &finding, &err))
            abort();
        if (finding.indication == TOTAL_PASSED || finding.sub == SUB_NONE)
            abort();
    }
    return 0;
}
