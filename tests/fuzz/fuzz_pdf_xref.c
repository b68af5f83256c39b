/* Anything may be called a PDF: the cross-reference chain, the objects, the form, the revisions and the
 * writer look at it. */
#include <stdint.h>
#include <stdlib.h>

#include "signer/pades_check.h"
#include "signer/pdf_sign.h"
#include "signer/pdf_signature.h"
#include "signer/pdf_survey.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What the writer accepts it leaves with one revision more, whose signature covers all of it. */
static void what_we_add_is_found(struct span document, const struct pdf_addition *addition)
{
    struct buffer whole CLEANUP(buffer_clear) = {0};
    struct pdf_document before CLEANUP(pdf_document_close) = {0}, after CLEANUP(pdf_document_close) = {0};
    struct pdf_signatures signatures CLEANUP(pdf_signatures_clear) = {0};
    struct error err = {0};
    buffer_append(&whole, document);
    buffer_append(&whole, buffer_span(&addition->bytes));
    if (!pdf_document_open(document, &before, &err) || !pdf_document_open(buffer_span(&whole), &after, &err)
        || !pdf_signatures_find(&after, &signatures, &err)
        || after.xref.revision_count != before.xref.revision_count + 1)
        abort();
    for (size_t i = 0; i < signatures.count; i++) /* behind it stand those that the document has dropped */
        if (!signatures.all[i].defect.text && signatures.all[i].end == whole.size)
            return;
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct span document = span_of(data, size);
    struct source source = source_of(document);
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct pdf_addition addition = {0};
    struct pdf_signing how = {.reason = "Phê duyệt", .at_ms = 1763700000000, .contents_size = 64};
    struct error err = {0}, refused = {0};
    if (pades_check(&(struct verification){0}, &source, &verdict, &err)
        && verdict_overall(&verdict) == TOTAL_PASSED)
        abort(); /* nobody is trusted here */
    if (pdf_sign_addition(document, &how, &addition, &refused)) {
        addition.bytes.data[addition.hole_at] = '3'; /* all zeros would be no signature yet */
        what_we_add_is_found(document, &addition);
    }
    buffer_clear(&addition.bytes);
    return 0;
}
