#include "signer/pinned.h"

#include "signer/trust_text.h"
#include "signer/verifier.h"

bool pinned_signed(struct span xml, const struct certificates *signers, int64_t at_ms, const char *name,
                   struct error *err)
{
    struct trust *pinned CLEANUP(trust_free) = NULL;
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    const struct source document = source_of(xml);
    if (!trust_of_certificates(signers, &pinned, err))
        return false;
    const struct verification how = {.trust = pinned, .at_ms = at_ms};
    if (!verifier_check(&how, &document, &verdict, err))
        return false;
    bool whole = false;
    for (size_t i = 0; i < verdict.count; i++) {
        const struct finding *finding = &verdict.findings[i];
        if (finding->indication == TOTAL_FAILED)
            return fail(err, ERR_REFUSED, &TEXT_PINNED_BROKEN, name);
        whole |= finding->indication == TOTAL_PASSED && finding->covers_whole_file;
    }
    return whole || fail(err, ERR_REFUSED, &TEXT_PINNED_UNSIGNED, name);
}
