#include "signer/pades_level.h"

#include <openssl/err.h>
#include <stdio.h>

#include "base/digest.h"

enum { LOOKED_AT_MAX = 64 /* revocation lists and answers that are asked whether they speak of a signer */ };

/* An answer about the serial number, or a list of the signer's issuer. */
static bool speaks_of(const struct evidence_item *item, const struct finding *finding)
{
    char text[sizeof(finding->issuer)] = "";
    if (item->kind == EVIDENCE_CRL) {
        certificate_name(X509_CRL_get_issuer(item->crl), sizeof(text), text);
        return strcmp(text, finding->issuer) == 0;
    }
    for (int i = 0; i < OCSP_resp_count(item->ocsp); i++) {
        ASN1_INTEGER *serial = NULL;
        OCSP_CERTID *id = (OCSP_CERTID *)(uintptr_t)OCSP_SINGLERESP_get0_id(OCSP_resp_get0(item->ocsp, i));
        if (OCSP_id_get0_info(NULL, NULL, NULL, &serial, id) != 1 || !serial)
            continue;
        struct span bytes = span_of(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
        hex_text(span_slice(bytes, 0, (sizeof(finding->serial) - 1) / 2), text);
        if (strcmp(text, finding->serial) == 0)
            return true;
    }
    return false;
}

/* Where in the file it stands: in the store, else in the signature itself. */
static uint64_t end_of(const struct pdf_proofs *proofs, size_t item, uint64_t by_default)
{
    for (size_t i = 0; i < proofs->count; i++)
        if (proofs->all[i].item == item)
            return proofs->all[i].end;
    return by_default;
}

/* Is there revocation data for the signer, and where does it stand? */
static bool find_revocation(const struct evidence *evidence, const struct pdf_proofs *proofs,
                            const struct finding *finding, uint64_t inside, uint64_t *ret_end)
{
    size_t looked = 0;
    for (size_t i = 0; i < evidence_count(evidence) && looked < LOOKED_AT_MAX; i++) {
        const struct evidence_item *item = evidence_at(evidence, i);
        if (item->kind == EVIDENCE_CERTIFICATE || !item->embedded)
            continue;
        looked++;
        if (speaks_of(item, finding)) {
            *ret_end = end_of(proofs, i, inside);
            return true;
        }
    }
    return false;
}

static bool has_stamp(const struct finding *finding)
{
    for (size_t i = 0; i < finding->stamp_count; i++)
        if (finding->stamps[i].kind == STAMP_SIGNATURE)
            return true;
    return false;
}

/* What others call the kinds that are older than PAdES. */
static const char *family(const struct pdf_signature *signature, const struct finding *finding)
{
    if (strncmp(finding->format, "PAdES-BASELINE-", 15) == 0)
        return "PAdES-BASELINE";
    bool older = signature->filter == PDF_FILTER_DETACHED || signature->filter == PDF_FILTER_SHA1;
    return older && finding->subject[0] ? "PKCS7" : NULL;
}

void pades_level_name(const struct pdf_signatures *signatures, size_t index, const struct pades_cover *cover,
                      const struct pdf_proofs *proofs, const struct evidence *evidence,
                      struct finding *finding)
{
    const struct pdf_signature *signature = &signatures->all[index];
    const char *name = family(signature, finding), *level = "B";
    uint64_t end = signature->end;
    if (!name)
        return;
    if (has_stamp(finding) || pades_cover_stamped(cover, index, signature->end)) {
        level = "T";
        if (find_revocation(evidence, proofs, finding, signature->end, &end))
            level = pades_cover_stamped(cover, index, end) ? "LTA" : "LT";
    }
    snprintf(finding->format, sizeof(finding->format), "%s-%s", name, level);
    ERR_clear_error();
}
