/* An OCSP answer: what the fetching side reads of it, and what it says of a certificate. Certificates as an authority
 * serves them too: they come the same way. */
#include <stdlib.h>

#include "signer/revocation.h"
#include "signer/revocation_peek.h"
#include "tests/fuzz/revocation_people.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(void *context, struct span certificate)
{
    (void)context;
    if (certificate.size == 0)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct revocation_dates dates;
    struct span bytes = span_of(data, size), nonce;
    if (revocation_peek_ocsp(bytes, &dates, &nonce) && nonce.size > size)
        abort();
    revocation_people_ask(EVIDENCE_OCSP, bytes);
    if (revocation_peek_certificates(bytes, take, NULL) > PEEK_MAX_CERTIFICATES)
        abort();
    return 0;
}
