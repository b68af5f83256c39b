/* What a checker that was taken over may answer. */
#include <stdlib.h>

#include "signer/checker_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0}, twice CLEANUP(verdict_clear) = {0};
    struct buffer again CLEANUP(buffer_clear) = {0};
    struct error err = {0}, said = {0};
    if (checker_error_read(span_of(data, size), &said) && said.code == ERR_NONE)
        abort();
    if (!verdict_read(span_of(data, size), &verdict, &err))
        return 0;
    verdict_write(&verdict, &again); /* what we can read we can write back */
    if (!verdict_read(buffer_span(&again), &twice, &err)
        || verdict_overall(&verdict) != verdict_overall(&twice))
        abort();
    return 0;
}
