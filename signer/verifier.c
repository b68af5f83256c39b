#include "signer/verifier.h"

#include "signer/format.h"
#include "signer/policy.h"
#include "signer/signer_text.h"

enum { HEAD_MAX = 1024 /* ISO 32000-1, annex H, note 13: readers look for %PDF- this far in */ };

static bool is_signed_data(struct span head)
{
    struct span near = span_slice(head, 0, 32);
    return near.size > 2 && near.data[0] == 0x30
           && span_find(near, SPAN_LITERAL("\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"), 0) != SIZE_MAX;
}

/* DER or BER, PEM, or base64 alone. */
static bool is_cms(struct span head)
{
    enum { NEAR = 64 };
    uint8_t decoded[NEAR];
    struct base64_decoder decoder = {0};
    if (is_signed_data(head) || span_starts(head, "-----BEGIN CMS") || span_starts(head, "-----BEGIN PKCS"))
        return true;
    size_t size = base64_decode(&decoder, span_slice(head, 0, NEAR), decoded);
    return !decoder.failed && is_signed_data(span_of(decoded, size));
}

static bool is_xml(struct span head)
{
    size_t at = span_starts(head, "\xEF\xBB\xBF") ? 3 : 0;
    if (span_starts(head, "\xFE\xFF") || span_starts(head, "\xFF\xFE"))
        return true; /* UTF-16: known for what it is, and refused by base/xml in words */
    while (at < head.size && (head.data[at] == ' ' || (head.data[at] >= '\t' && head.data[at] <= '\r')))
        at++;
    return at + 1 < head.size && head.data[at] == '<' && head.data[at + 1] > ' ';
}

enum document_kind document_kind_of(struct span bytes)
{
    struct span head = span_slice(bytes, 0, HEAD_MAX);
    if (span_starts(head, "PK\3\4"))
        return DOCUMENT_ZIP;
    if (is_cms(head))
        return DOCUMENT_CMS;
    if (is_xml(head))
        return DOCUMENT_XML;
    return span_find(head, SPAN_LITERAL("%PDF-"), 0) != SIZE_MAX ? DOCUMENT_PDF : DOCUMENT_UNKNOWN;
}

bool verifier_check(const struct verification *how, const struct source *document,
                    struct verdict *ret_verdict, struct error *err)
{
    const struct format_ops *format = format_of_kind(document_kind_of(document->bytes));
    if (!format)
        return fail(err, ERR_UNSUPPORTED, &TEXT_KIND_UNKNOWN);
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct verification asking = *how;
    asking.wanted = &verdict.wanted;
    if (!format->check(&asking, document, &verdict, err)) {
        if (err->code != ERR_TOO_LARGE)
            return false;
        verdict_clear(&verdict);
        verdict_reason(&verdict, err->text, err->arg[0], err->arg[1], err->arg[2], NULL);
        error_clear(err);
    } else if (verdict.count == 0)
        verdict_reason(&verdict, &TEXT_NO_SIGNATURE, NULL);
    policy_judge(how->policy ? how->policy : policy_default(), &verdict);
    *ret_verdict = verdict;
    verdict = (struct verdict){0};
    return true;
}
