#include "signer/asic_judge.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/asic_stamps.h"
#include "signer/asic_text.h"
#include "signer/cades_check.h"
#include "signer/cms.h"
#include "signer/signer_text.h"
#include "signer/xades_check.h"

enum {
    ASIC_MAX_XML = 8 << 20,  /* bytes of a signature file: it becomes a tree within the checker's memory */
    ASIC_MAX_CMS = 16 << 20, /* bytes of a CAdES signature or a timestamp */
    MAX_NESTED = 8           /* manifests that refer to manifests */
};

static struct finding *add_finding(struct asic_judging *judging, const struct detached *file,
                                   enum finding_kind kind, struct error *err)
{
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", VERDICT_MAX_SIGNATURES);
    if (judging->verdict->count >= VERDICT_MAX_SIGNATURES) {
        fail(err, ERR_TOO_LARGE, &TEXT_TOO_MANY_SIGNATURES, limit);
        return NULL;
    }
    struct finding *finding = verdict_add(judging->verdict);
    if (!finding) {
        fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        return NULL;
    }
    finding->kind = kind;
    text_clean(file->name, strlen(file->name), sizeof(finding->field), finding->field);
    return finding;
}

static void cover(struct asic_judging *judging, size_t finding, const struct detached *file)
{
    asic_covers(judging, finding)[file - judging->asic->files] = true;
}

/* ---- XAdES (4.3.3.2, 4.4.3.2) */

/* Whether what is digested is all of the file: as it stands, or canonicalised. Another transform picks out a part. */
static bool takes_all(const xmlNode *reference)
{
    struct xml_c14n how;
    const xmlNode *transforms = xml_first(reference, NS_DSIG, "Transforms");
    for (const xmlNode *at = transforms ? xml_first(transforms, NULL, NULL) : NULL; at;
         at = xml_next(at, NULL, NULL))
        if (!xml_c14n_read(at, &how))
            return false;
    return true;
}

/* The files that the references of a signature mean; those into its own document begin with '#'. */
static void cover_references(struct asic_judging *judging, const xmlNode *signature, size_t finding)
{
    const xmlNode *info = xml_first(signature, NS_DSIG, "SignedInfo");
    for (const xmlNode *at = info ? xml_first(info, NS_DSIG, "Reference") : NULL; at;
         at = xml_next(at, NS_DSIG, "Reference")) {
        const char *uri = xml_attribute(at, "URI");
        if (!uri || !uri[0] || uri[0] == '#')
            continue;
        const struct detached *file =
            detached_find(judging->asic->files, judging->asic->count, span_text(uri));
        if (file && takes_all(at))
            cover(judging, finding, file);
    }
}

/* 4.4.3.2 (4): asic:XAdESSignatures, the document-signatures of OpenDocument, or one signature. */
static bool is_signature_file(xmlDoc *doc)
{
    const xmlNode *root = xmlDocGetRootElement(doc);
    return xml_is(root, NULL, "XAdESSignatures") || xml_is(root, NULL, "document-signatures")
           || xml_is(root, NS_DSIG, "Signature");
}

/* Two files may hold signatures of one Id: the file is named too. */
static void name_place(const struct detached *file, struct finding *finding)
{
    char id[sizeof(finding->field)], place[2 * sizeof(finding->field) + 2];
    memcpy(id, finding->field, sizeof(id));
    if (strcmp(id, file->name) == 0)
        return;
    snprintf(place, sizeof(place), "%.*s#%s", (int)sizeof(finding->field), file->name, id);
    text_clean(place, strlen(place), sizeof(finding->field), finding->field);
}

static bool judge_document(struct asic_judging *judging, xmlDoc *doc, const struct detached *file,
                           struct error *err)
{
    struct verdict *verdict = judging->verdict;
    size_t at = verdict->count;
    if (!xades_judge(judging->process, doc, file->name, verdict, err))
        return false;
    if (at == verdict->count)
        verdict_reason(verdict, &TEXT_ASIC_FILE_WITHOUT_SIGNATURE, file->name, NULL);
    for (xmlNode *node = xades_next_signature(doc, NULL); node; node = xades_next_signature(doc, node)) {
        while (at < verdict->count && verdict->findings[at].kind != FINDING_SIGNATURE)
            at++;
        if (at == verdict->count)
            break;
        if (!is_signature_file(doc))
            finding_worsen(&verdict->findings[at], TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_ASIC_ROOT,
                           file->name, NULL);
        name_place(file, &verdict->findings[at]);
        cover_references(judging, node, at++);
    }
    return true;
}

static bool is_ours(const struct error *err)
{
    return err->code == ERR_TOO_LARGE || err->code == ERR_INTERNAL;
}

static bool judge_xades(struct asic_judging *judging, const struct detached *file, struct error *err)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct span bytes;
    if (!detached_bytes(file, ASIC_MAX_XML, &hold, &bytes, err))
        return false;
    if (xml_read(bytes, &doc, err))
        return judge_document(judging, doc, file, err);
    if (is_ours(err))
        return false;
    struct reason why = {.text = err->text};
    memcpy(why.arg, err->arg, sizeof(why.arg));
    error_clear(err);
    struct finding *finding = add_finding(judging, file, FINDING_SIGNATURE, err);
    if (!finding)
        return false;
    snprintf(finding->format, sizeof(finding->format), "XML-NOT-ETSI");
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_ASIC_SIGNATURE_FILE, file->name, NULL);
    finding_reason(finding, why.text, why.arg[0], why.arg[1], why.arg[2], NULL);
    return true;
}

/* ---- what manifests say (4.4.4.2, A.4) */

/* 4.4.4.2 (d): a digest that differs is an error, whatever the signature says. */
static bool check_reference(const struct asic_reference *reference, struct finding *finding,
                            bool *ret_matches, struct error *err)
{
    struct digest_value digest;
    *ret_matches = false;
    if (!reference->file) {
        finding_worsen(finding, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, &TEXT_ASIC_SIGNED_MISSING,
                       reference->uri, NULL);
        return true;
    }
    if (!reference->known) {
        finding_worsen(finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE, &TEXT_ASIC_DIGEST_UNKNOWN,
                       reference->uri, NULL);
        return true;
    }
    if (!detached_digest(reference->file, reference->algorithm, &digest, err))
        return false;
    *ret_matches = span_equal(digest_span(&digest), digest_span(&reference->value));
    if (!*ret_matches)
        finding_worsen(finding, TOTAL_FAILED, SUB_HASH_FAILURE, &TEXT_ASIC_FILE_CHANGED, reference->uri,
                       NULL);
    else if (digest_is_weak(reference->algorithm))
        finding_worsen(finding, INDETERMINATE, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, &TEXT_ALGORITHM_WEAK,
                       digest_name(reference->algorithm), NULL);
    return true;
}

/* A.7: what a manifest refers to covers, when it is a manifest itself, what that one refers to; there only what is as it says
 * counts, the rest is for its own signature to answer for. */
static bool cover_nested(struct asic_judging *judging, const struct detached *file, size_t finding,
                         unsigned depth, struct error *err)
{
    const struct asic_manifest *inner = asic_manifest_in(&judging->manifests, file);
    for (size_t i = 0; inner && depth < MAX_NESTED && i < inner->count; i++) {
        const struct asic_reference *reference = &inner->references[i];
        struct digest_value digest;
        if (!reference->file || !reference->known
            || asic_covers(judging, finding)[reference->file - judging->asic->files])
            continue;
        if (!detached_digest(reference->file, reference->algorithm, &digest, err))
            return false;
        if (!span_equal(digest_span(&digest), digest_span(&reference->value)))
            continue;
        cover(judging, finding, reference->file);
        if (!cover_nested(judging, reference->file, finding, depth + 1, err))
            return false;
    }
    return true;
}

static bool check_manifest(struct asic_judging *judging, const struct asic_manifest *manifest, size_t first,
                           struct error *err)
{
    const struct verdict *verdict = judging->verdict;
    for (size_t at = first; at < verdict->count; at++) {
        struct finding *finding = &verdict->findings[at];
        if (finding->kind == FINDING_COUNTER_SIGNATURE)
            continue;
        if (manifest->count == 0)
            finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_ASIC_MANIFEST_EMPTY,
                           manifest->file->name, NULL);
        for (size_t i = 0; i < manifest->count; i++) {
            bool matches;
            if (!check_reference(&manifest->references[i], finding, &matches, err))
                return false;
            if (!matches)
                continue;
            cover(judging, at, manifest->references[i].file);
            if (!cover_nested(judging, manifest->references[i].file, at, 0, err))
                return false;
        }
        cover(judging, at, manifest->file);
    }
    return true;
}

/* ---- CAdES and timestamps (4.3.3.2, 4.4.4.2) */

static bool digest_file(void *context, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                        struct error *err)
{
    return detached_digest(context, algorithm, ret_digest, err);
}

/* What a signature without a manifest is about: in ASiC-S the one document. */
static const struct detached *only_document(const struct asic *asic)
{
    if (asic->kind != ASIC_SIMPLE || asic->roles[ASIC_DATA] != 1)
        return NULL;
    for (size_t i = 0; i < asic->count; i++)
        if (asic_role_of(asic->files[i].name) == ASIC_DATA)
            return &asic->files[i];
    return NULL;
}

/* EN 319 162-1, 5.3: the archive timestamp of a container raises the level of what it covers. */
static void name_level(struct finding *finding)
{
    if (finding->kind == FINDING_SIGNATURE && strcmp(finding->format, "CAdES-BASELINE-LT") == 0)
        snprintf(finding->format, sizeof(finding->format), "CAdES-BASELINE-LTA");
}

static bool judge_cades(struct asic_judging *judging, const struct detached *file, struct span cms,
                        const struct detached *about, const struct asic_stamps *stamps, struct error *err)
{
    struct verdict *verdict = judging->verdict;
    struct cades_outside outside = {stamps->stamps, stamps->count};
    size_t first = verdict->count;
    if (!cades_judge(judging->process, cms, about, &outside, file->name, verdict, err))
        return false;
    for (size_t at = first; at < verdict->count && stamps->count; at++)
        name_level(&verdict->findings[at]);
    return true;
}

static bool judge_timestamp(struct asic_judging *judging, const struct detached *file, struct span cms,
                            const struct detached *about, const struct asic_stamps *stamps, struct error *err)
{
    struct signed_content content = {digest_file, (void *)about};
    struct cms_judging how = {.process = judging->process,
                              .timestamp = true,
                              .stamps = stamps->stamps,
                              .stamp_count = stamps->count};
    struct finding *finding = add_finding(judging, file, FINDING_TIMESTAMP, err);
    if (!finding || !cms_judge(&how, cms, &content, finding, err))
        return false;
    snprintf(finding->format, sizeof(finding->format), "ASiC-%s-TIMESTAMP",
             judging->asic->kind == ASIC_SIMPLE ? "S" : "E");
    return true;
}

static bool judge_nothing(struct asic_judging *judging, const struct detached *file, enum asic_role role,
                          struct error *err)
{
    struct finding *finding =
        add_finding(judging, file, role == ASIC_CADES ? FINDING_SIGNATURE : FINDING_TIMESTAMP, err);
    if (!finding)
        return false;
    snprintf(finding->format, sizeof(finding->format),
             role == ASIC_CADES ? "CMS-NOT-ETSI" : "ASiC-E-TIMESTAMP");
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_ASIC_NO_MANIFEST, file->name, NULL);
    return true;
}

static bool judge_cms(struct asic_judging *judging, const struct detached *file, enum asic_role role,
                      struct error *err)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span cms;
    size_t first = judging->verdict->count;
    /* 4.3.3.2: in ASiC-S a signature is about the document, whatever a manifest says */
    bool by_manifest = role == ASIC_TIMESTAMP || judging->asic->kind == ASIC_EXTENDED;
    const struct asic_manifest *manifest = by_manifest ? asic_manifest_of(&judging->manifests, file) : NULL;
    const struct detached *about = manifest ? manifest->file : only_document(judging->asic);
    if (!about)
        return judge_nothing(judging, file, role, err);
    if (!detached_bytes(file, ASIC_MAX_CMS, &hold, &cms, err))
        return false;
    struct asic_stamps stamps CLEANUP(asic_stamps_clear) = {0};
    if (!asic_stamps_collect(judging, file, cms, &stamps, err)
        || !(role == ASIC_CADES ? judge_cades : judge_timestamp)(judging, file, cms, about, &stamps, err))
        return false;
    if (manifest)
        return check_manifest(judging, manifest, first, err);
    for (size_t at = first; at < judging->verdict->count; at++)
        cover(judging, at, about);
    return true;
}

bool asic_judge_all(struct asic_judging *judging, struct error *err)
{
    for (size_t i = 0; i < judging->asic->count; i++) {
        const struct detached *file = &judging->asic->files[i];
        enum asic_role role = asic_role_of(file->name);
        if (role == ASIC_XADES && !judge_xades(judging, file, err))
            return false;
        if ((role == ASIC_CADES || role == ASIC_TIMESTAMP) && !judge_cms(judging, file, role, err))
            return false;
    }
    return true;
}
