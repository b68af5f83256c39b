#include "signer/xades_manifest.h"

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/signer_text.h"
#include "signer/xades_text.h"

static const xmlNode *manifest_of(const struct xml_reference *reference)
{
    bool signed_whole = reference->state == REFERENCE_GOOD && reference->target && !reference->text_only
                        && xml_nodes_hold_whole_subtrees(&reference->nodes);
    if (!signed_whole)
        return NULL;
    if (xml_is(reference->target, NS_DSIG, "Manifest"))
        return reference->target;
    /* an Object that holds nothing else */
    const xmlNode *inside = xml_first(reference->target, NULL, NULL);
    bool object = xml_is(reference->target, NS_DSIG, "Object") && xml_is(inside, NS_DSIG, "Manifest");
    return object && !xml_next(inside, NULL, NULL) ? inside : NULL;
}

static void judge_listed(const struct xml_reference *listed, struct finding *finding)
{
    switch (listed->state) {
    case REFERENCE_GOOD:
    case REFERENCE_UNREAD:
        break;
    case REFERENCE_DIFFERS:
        finding_worsen(finding, TOTAL_FAILED, SUB_HASH_FAILURE, &TEXT_XML_MANIFEST_DIFFERS, listed->cause,
                       NULL);
        break;
    case REFERENCE_AMBIGUOUS:
        finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_ID_TWICE, listed->cause,
                       NULL);
        break;
    case REFERENCE_ELSEWHERE:
        finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_MANIFEST_MISSING,
                       listed->cause, NULL);
        break;
    case REFERENCE_TRANSFORM:
    case REFERENCE_ALGORITHM:
    case REFERENCE_MALFORMED:
        finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_XML_MANIFEST_UNREAD,
                       listed->cause, NULL);
        break;
    }
}

static bool append(struct xml_signature *signature, struct xml_reference *more, size_t count,
                   struct error *err)
{
    size_t size = sizeof(struct xml_reference);
    if (signature->listed_count + count > XADES_MAX_REFERENCES)
        return fail(err, ERR_TOO_LARGE, &TEXT_XML_TOO_MANY_REFERENCES, "1024");
    struct xml_reference *grown = realloc(signature->listed, (signature->listed_count + count + 1) * size);
    if (!grown)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    memcpy(grown + signature->listed_count, more, count * size);
    signature->listed = grown;
    signature->listed_count += count;
    return true;
}

static bool check_one(struct xml_signature *signature, const xmlNode *manifest, struct finding *finding,
                      struct error *err)
{
    struct xml_reference *listed = NULL;
    size_t count = 0, first = signature->listed_count;
    bool good = xml_references_read(manifest, &signature->place, &listed, &count, err)
                && append(signature, listed, count, err);
    if (!good)
        for (size_t i = 0; listed && i < count; i++)
            xml_reference_clear(&listed[i]);
    free(listed);
    for (size_t i = first; good && i < signature->listed_count; i++) {
        good = xml_reference_check(&signature->listed[i], err);
        if (good)
            judge_listed(&signature->listed[i], finding);
    }
    return good;
}

bool xades_manifest_check(struct xml_signature *signature, struct finding *finding, struct error *err)
{
    const xmlNode *seen = NULL;
    for (size_t i = 0; i < signature->reference_count; i++) {
        const xmlNode *manifest = manifest_of(&signature->references[i]);
        if (!manifest || manifest == seen)
            continue;
        seen = manifest;
        if (!check_one(signature, manifest, finding, err))
            return false;
    }
    return true;
}
