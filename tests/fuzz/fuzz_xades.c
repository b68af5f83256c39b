/* XML with signatures. */
#include "tests/fuzz/untrusted.h"

#include "signer/xades_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    judge_untrusted(xades_check, span_of(data, size));
    return 0;
}
