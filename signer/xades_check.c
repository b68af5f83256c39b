/* XML documents judged: every ds:Signature in document order (EN 319 102-1, 5.2). */
#include "signer/xades_check.h"

#include <openssl/err.h>
#include <stdio.h>

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/cms.h"
#include "signer/path.h"
#include "signer/signer_text.h"
#include "signer/xades_cover.h"
#include "signer/xades_properties.h"
#include "signer/xmlsec_verify.h"

static xmlNode *following(xmlNode *at)
{
    xmlNode *down = xml_first(at, NULL, NULL);
    while (!down && at && at->type == XML_ELEMENT_NODE) {
        down = xml_next(at, NULL, NULL);
        at = at->parent;
    }
    return down;
}

/* A counter-signature stands among the unsigned properties of the signature that it confirms, and is judged with it. What is
 * called so and stands elsewhere is a signature like any other. */
static bool is_counter_signature(const xmlNode *at)
{
    static const char *const around[] = {"CounterSignature", "UnsignedSignatureProperties",
                                         "UnsignedProperties", "QualifyingProperties"};
    for (size_t i = 0; i < COUNT_OF(around); i++) {
        at = at->parent;
        if (!xml_is(at, NS_XADES, around[i]))
            return false;
    }
    return xml_is(at->parent, NS_DSIG, "Object") && xml_is(at->parent->parent, NS_DSIG, "Signature");
}

xmlNode *xades_next_signature(xmlDoc *doc, xmlNode *at)
{
    at = at ? following(at) : xmlDocGetRootElement(doc);
    while (at && (!xml_is(at, NS_DSIG, "Signature") || is_counter_signature(at)))
        at = following(at);
    return at;
}

static bool scheme_fits(enum signature_scheme scheme, EVP_PKEY *key)
{
    return key && EVP_PKEY_is_a(key, scheme == SCHEME_RSA ? "RSA" : "EC");
}

/* EN 319 102-1, 5.2.7 */
static bool check_crypto(const struct xml_signature *signature, X509 *signer, struct finding *finding)
{
    char cause[XMLSEC_CAUSE_SIZE];
    EVP_PKEY *key = X509_get0_pubkey(signer);
    enum xmlsec_answer answer = scheme_fits(signature->scheme, key)
                                    ? xmlsec_verify(signature->element, key, cause)
                                    : XMLSEC_SIGNATURE_DIFFERS;
    ERR_clear_error();
    switch (answer) {
    case XMLSEC_GOOD:
        return true;
    case XMLSEC_DIGEST_DIFFERS:
        finding_worsen(finding, TOTAL_FAILED, SUB_HASH_FAILURE, &TEXT_HASH_DIFFERS, NULL);
        return false;
    case XMLSEC_SIGNATURE_DIFFERS:
        finding_worsen(finding, TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE, &TEXT_SIGNATURE_DIFFERS, NULL);
        return false;
    case XMLSEC_CANNOT:
        break;
    }
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XML_SIGNATURE_MALFORMED, cause, NULL);
    return false;
}

static bool judge_facts(struct process *process, const struct xml_signature *signature,
                        const struct xml_signer *signer, struct finding *finding, struct error *err)
{
    enum digest_algorithm digest = signature->sha1 ? DIGEST_SHA1 : DIGEST_SHA256;
    struct signed_facts facts = {
        .signer = signer->certificate,
        .uses = {{.digest = digest,
                  .scheme = signature->scheme,
                  .key_bits = EVP_PKEY_get_bits(X509_get0_pubkey(signer->certificate))}},
        .use_count = 1};
    for (size_t i = 0; i < signer->others.count; i++)
        if (!evidence_add(process_evidence(process), EVIDENCE_CERTIFICATE,
                          buffer_span(&signer->others.der[i]), true, err))
            return false;
    return process_judge(process, &facts, finding, err);
}

static void name_signature(const xmlNode *element, const char *where, struct finding *finding)
{
    const char *id = xml_attribute(element, "Id");
    if (!id)
        id = where ? where : "";
    text_clean(id, strlen(id), sizeof(finding->field), finding->field);
}

static bool judge(struct process *process, xmlNode *element, const struct xml_ids *ids,
                  struct finding *finding, struct error *err)
{
    struct xml_signature signature;
    struct xml_signer signer CLEANUP(xml_signer_clear) = {0};
    snprintf(finding->format, sizeof(finding->format), "XML-NOT-ETSI");
    if (!xml_signature_read(element, ids, &signature, finding))
        return true;
    if (!xades_signer(&signature, &signer, finding, err))
        return false;
    if (!signer.certificate)
        return true;
    finding_name_signer(finding, signer.certificate);
    if (!check_crypto(&signature, signer.certificate, finding))
        return true;
    xades_cover(&signature, finding);
    return judge_facts(process, &signature, &signer, finding, err);
}

/* Nothing changed when every signature protects the whole document and none is broken. */
static enum changed what_changed(const struct verdict *verdict)
{
    enum changed changed = verdict->count ? CHANGED_NO : CHANGED_UNKNOWN;
    for (size_t i = 0; i < verdict->count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (finding->sub == SUB_HASH_FAILURE)
            return CHANGED_YES;
        if (finding->indication == TOTAL_FAILED || !finding->covers_whole_file)
            changed = CHANGED_UNKNOWN;
    }
    return changed;
}

bool xades_judge(struct process *process, xmlDoc *doc, const char *where, struct verdict *verdict,
                 struct error *err)
{
    struct xml_ids ids CLEANUP(xml_ids_clear) = {0};
    if (!xmlsec_init())
        return fail(err, ERR_INTERNAL, &TEXT_XMLSEC_AWAY);
    if (!xml_ids_collect(doc, &ids))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (xmlNode *at = xades_next_signature(doc, NULL); at; at = xades_next_signature(doc, at)) {
        char limit[16];
        snprintf(limit, sizeof(limit), "%d", VERDICT_MAX_SIGNATURES);
        if (verdict->count >= VERDICT_MAX_SIGNATURES)
            return fail(err, ERR_TOO_LARGE, &TEXT_TOO_MANY_SIGNATURES, limit);
        struct finding *finding = verdict_add(verdict);
        if (!finding)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        name_signature(at, where, finding);
        if (!judge(process, at, &ids, finding, err))
            return false;
    }
    return true;
}

bool xades_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                 struct error *err)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    if (!xml_read(document->bytes, &doc, err))
        return false;
    struct process *process CLEANUP(process_free) = process_new(how);
    if (!process)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!xades_judge(process, doc, NULL, verdict, err))
        return false;
    verdict->changed_after_signing = what_changed(verdict);
    return true;
}
