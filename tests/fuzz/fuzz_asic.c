/* Containers: manifests, signatures, rules. */
#include "tests/fuzz/untrusted.h"

#include "signer/asic_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    judge_untrusted(asic_check, span_of(data, size));
    return 0;
}
