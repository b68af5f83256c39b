/* Timestamp tokens from anywhere, and a TSTInfo alone. Nobody's token is believed, and none is about nothing. */
#include <stdlib.h>

#include "signer/timestamp.h"
#include "tests/signed_bytes.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct span nothing;
    static const struct signed_content content = {digest_signed_bytes, &nothing};
    static const struct verification nobody;
    struct timestamp says;
    (void)!timestamp_read(span_of(data, size), &says);
    for (int at_hand = 0; at_hand < 2; at_hand++) {
        struct process *process CLEANUP(process_free) = process_new(&nobody);
        struct timestamp_facts facts CLEANUP(timestamp_facts_clear) = {0};
        struct finding finding = {.kind = FINDING_TIMESTAMP};
        struct error err = {0};
        if (!process)
            abort();
        if (!timestamp_open(span_of(data, size), at_hand ? &content : NULL, process, &facts, &finding, &err)
            && err.code != ERR_TOO_LARGE)
            abort();
        if (finding.indication == TOTAL_PASSED || (!at_hand && finding.sub == SUB_NONE && !err.code))
            abort();
    }
    return 0;
}
