/* A revocation list: what the fetching side reads of it, and whether a certificate is on it. */
#include <stdlib.h>

#include "signer/revocation.h"
#include "signer/revocation_peek.h"
#include "tests/fuzz/revocation_people.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct revocation_dates dates;
    struct span bytes = span_of(data, size);
    if (revocation_peek_crl(bytes, &dates) && size == 0)
        abort();
    revocation_people_ask(EVIDENCE_CRL, bytes);
    return 0;
}
