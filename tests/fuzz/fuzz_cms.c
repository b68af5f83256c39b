/* CMS as it stands in somebody's PDF. Nothing that was not made with the key may pass. */
#include <stdlib.h>

#include "signer/cms.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool digest_nothing(void *context, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                           struct error *err)
{
    (void)context;
    (void)err;
    *ret_digest = digest_of(algorithm, (struct span){0});
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct signed_content content = {.digest = digest_nothing};
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
