/* XML documents judged: every ds:Signature in document order, each followed by the signatures that confirm it. */
#include "signer/xades_check.h"

#include <stdio.h>

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/path.h"
#include "signer/process_text.h"
#include "signer/signer_text.h"
#include "signer/xades_cover.h"
#include "signer/xades_level.h"
#include "signer/xades_manifest.h"
#include "signer/xades_signer.h"
#include "signer/xades_stamps.h"
#include "signer/xades_text.h"

/* One look at a document. */
struct look {
    struct process *process;
    struct xml_place around;
    const char *where;
    const xmlNode *splitting;                      /* the first comment that stands inside a value */
    const xmlNode *judged[VERDICT_MAX_SIGNATURES]; /* the elements of the findings */
    struct verdict *verdict;
    struct error *err;
};

/* One signature in it. */
struct judging {
    struct look *look;
    struct finding *finding;
    const xmlNode *confirmed; /* a counter-signature: the SignatureValue that it must sign */
    struct xml_signature signature;
    struct xades_properties properties;
    struct xades_stamps *stamps;
    struct xml_signer signer;
};

static void judging_clear(struct judging *judging)
{
    xades_stamps_free(&judging->stamps);
    xml_signer_clear(&judging->signer);
    xml_signature_clear(&judging->signature);
}

static xmlNode *following(xmlNode *at)
{
    xmlNode *down = xml_first(at, NULL, NULL);
    while (!down && at && at->type == XML_ELEMENT_NODE) {
        down = xml_next(at, NULL, NULL);
        at = at->parent;
    }
    return down;
}

/* A counter-signature stands among the unsigned properties of the signature that it confirms, and is judged with
 * it. What is called so and stands elsewhere is a signature like any other. */
static bool is_counter_signature(const xmlNode *at)
{
    static const char *const around[] = {"CounterSignature", "UnsignedSignatureProperties",
                                         "UnsignedProperties", "QualifyingProperties"};
    const char *const versions[] = {NS_XADES, NS_XADES_122, NS_XADES_111};
    bool inside = at->parent && at->parent->type == XML_ELEMENT_NODE && at->parent->ns;
    const char *ns = inside ? (const char *)at->parent->ns->href : "";
    bool known = false;
    for (size_t i = 0; i < COUNT_OF(versions); i++)
        known |= strcmp(ns, versions[i]) == 0;
    for (size_t i = 0; i < COUNT_OF(around) && known; i++) {
        at = at->parent;
        known = xml_is(at, ns, around[i]);
    }
    return known && xml_is(at->parent, NS_DSIG, "Object") && xml_is(at->parent->parent, NS_DSIG, "Signature");
}

xmlNode *xades_next_signature(xmlDoc *doc, xmlNode *at)
{
    at = at ? following(at) : xmlDocGetRootElement(doc);
    while (at && (!xml_is(at, NS_DSIG, "Signature") || is_counter_signature(at)))
        at = following(at);
    return at;
}

static void add_use(struct signed_facts *facts, struct algorithm_use use)
{
    for (size_t i = 0; i < facts->use_count; i++)
        if (facts->uses[i].digest == use.digest && facts->uses[i].of_digest_alone == use.of_digest_alone)
            return;
    if (facts->use_count < PROCESS_MAX_USES)
        facts->uses[facts->use_count++] = use;
}

static void list_uses(const struct judging *judging, struct signed_facts *facts)
{
    const struct xml_signature *signature = &judging->signature;
    add_use(facts, (struct algorithm_use){.digest = signature->method.digest,
                                          .scheme = signature->method.scheme,
                                          .key_bits = EVP_PKEY_get_bits(judging->signer.key)});
    for (size_t i = 0; i < signature->reference_count; i++)
        add_use(facts,
                (struct algorithm_use){.digest = signature->references[i].digest, .of_digest_alone = true});
}

/* EN 319 102-1, 5.2.6 and on: everything that does not need the bytes. */
static bool judge_facts(struct judging *judging)
{
    struct signed_facts facts = {.signer = judging->signer.certificate,
                                 .value = buffer_span(&judging->signature.value),
                                 .bound = judging->signer.bound};
    list_uses(judging, &facts);
    facts.stamps = xades_stamps_list(judging->stamps, &facts.stamp_count);
    return process_judge(judging->look->process, &facts, judging->finding, judging->look->err);
}

/* EN 319 132-1, 5.2.7: it signs the value of the signature it stands in. Whoever puts another signature there, or
 * one about something else, lends it a name that never confirmed anything. */
static bool check_confirmed(const struct judging *judging)
{
    for (size_t i = 0; i < judging->signature.reference_count; i++) {
        const struct xml_reference *reference = &judging->signature.references[i];
        if (reference->target == judging->confirmed && xml_nodes_hold_whole_subtrees(&reference->nodes))
            return true;
    }
    finding_worsen(judging->finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_XADES_COUNTERSIGNS_NOTHING,
                   NULL);
    return false;
}

static bool is_part_of(const struct judging *judging, const xmlNode *node)
{
    return node->parent == judging->signature.element;
}

/* xmldsig-core1, 4.5 and 5.1: what a reference calls an Object or a Manifest is one of this signature, where readers
 * look for it; one that has been wrapped up elsewhere has gone. */
static bool stands_where_it_says(const struct judging *judging, const struct xml_reference *reference)
{
    const xmlNode *target = reference->target;
    if (!reference->type || !target)
        return true;
    if (strcmp(reference->type, TYPE_OBJECT) == 0)
        return is_part_of(judging, target);
    if (strcmp(reference->type, TYPE_MANIFEST) == 0)
        return xml_is(target, NS_DSIG, "Manifest") && xml_is(target->parent, NS_DSIG, "Object")
               && is_part_of(judging, target->parent);
    return true;
}

static bool check_types(const struct judging *judging)
{
    for (size_t i = 0; i < judging->signature.reference_count; i++) {
        const struct xml_reference *reference = &judging->signature.references[i];
        if (!stands_where_it_says(judging, reference)) {
            finding_worsen(judging->finding, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND, &TEXT_XADES_TYPE_LIES,
                           reference->uri, NULL);
            return false;
        }
    }
    return true;
}

/* The value alone, with whatever key there is: an honest signature of nobody is told from a broken one. A certificate
 * whose key cannot be read has made nothing. */
static bool check_value(struct judging *judging)
{
    const struct xml_signer *signer = &judging->signer;
    if (!signer->key && !signer->certificate)
        return false; /* and that has been said */
    bool good = xml_value_check(&judging->signature, signer->key, judging->finding);
    if (good && !signer->certificate)
        finding_reason(judging->finding,
                       signer->info.certificates.count ? &TEXT_XML_SIGNER_UNPROVEN : &TEXT_XML_KEY_ONLY,
                       NULL);
    return good;
}

static void take_counter_cover(struct judging *judging)
{
    struct finding *finding = judging->finding;
    xml_path(judging->confirmed, sizeof(finding->covered[0]), finding->covered[finding->covered_count++]);
}

/* What is found out about the bytes; *ret_good: nothing more can be said about them, and they are good. */
static bool verify(struct judging *judging, bool *ret_good)
{
    struct finding *finding = judging->finding;
    struct error *err = judging->look->err;
    bool digests;
    if (!xml_references_check(&judging->signature, finding, &digests, err))
        return false;
    bool value = check_value(judging);
    finding_check(finding, 0, digests ? CHECK_GOOD : CHECK_BAD, &TEXT_STEP_CONTENT, NULL);
    finding_check(finding, 1, value ? CHECK_GOOD : CHECK_BAD, &TEXT_STEP_VALUE, NULL);
    bool bound = judging->confirmed ? check_confirmed(judging) : check_types(judging);
    if (!xades_manifest_check(&judging->signature, finding, err))
        return false;
    *ret_good =
        digests && value && bound && judging->signer.certificate && finding->indication != TOTAL_FAILED;
    return true;
}

/* The building blocks that need the bytes, in the standard's order: 5.2.2, 5.2.3, 5.2.7. */
static bool judge(struct judging *judging, xmlNode *element)
{
    struct finding *finding = judging->finding;
    struct look *look = judging->look;
    struct evidence *evidence = process_evidence(look->process);
    bool understood, good;
    snprintf(finding->format, sizeof(finding->format), "XML-NOT-ETSI");
    if (!xml_signature_read(element, &look->around, &judging->signature, &understood, finding, look->err))
        return false;
    understood = understood && xades_properties_read(&judging->signature, &judging->properties, finding);
    finding_check(finding, 0, understood ? CHECK_GOOD : CHECK_BAD, &TEXT_STEP_FORMAT, NULL);
    if (!understood)
        return true;
    if (!xades_stamps_read(&judging->signature, &judging->properties, evidence, &judging->stamps, look->err)
        || !xades_signer_find(&judging->signature, &judging->properties, look->process, &judging->signer,
                              finding, look->err))
        return false;
    xades_level(&judging->signature, &judging->properties, xades_stamps_properties(judging->stamps),
                &judging->signer, finding);
    if (judging->signer.certificate) {
        finding_name_signer(finding, judging->signer.certificate);
        finding_check(finding, 0, judging->signer.bound ? CHECK_GOOD : CHECK_WARNING, &TEXT_STEP_SIGNER,
                      NULL);
    }
    if (!verify(judging, &good))
        return false;
    if (judging->confirmed)
        take_counter_cover(judging);
    if (good)
        xades_cover(&judging->signature, &judging->properties, look->splitting, finding);
    return !good || judge_facts(judging);
}

static void name_signature(const xmlNode *element, const char *where, struct finding *finding)
{
    const char *id = xml_attribute(element, "Id");
    if (!id)
        id = where ? where : "";
    text_clean(id, strlen(id), sizeof(finding->field), finding->field);
}

static struct finding *add_finding(struct look *look, const xmlNode *element)
{
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", VERDICT_MAX_SIGNATURES);
    struct finding *finding =
        look->verdict->count < VERDICT_MAX_SIGNATURES ? verdict_add(look->verdict) : NULL;
    if (finding)
        name_signature(element, look->where, finding);
    else if (look->verdict->count >= VERDICT_MAX_SIGNATURES)
        fail(look->err, ERR_TOO_LARGE, &TEXT_TOO_MANY_SIGNATURES, limit);
    else
        fail(look->err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    return finding;
}

static bool judge_signature(struct look *look, xmlNode *element, const xmlNode *confirmed, unsigned of);

/* EN 319 132-1, 5.2.7.2. Confirmations of confirmations stand inside each other: XML_MAX_DEPTH ends that. */
static bool judge_counter_signatures(struct look *look, const struct judging *judging, unsigned of)
{
    const struct xades_properties *properties = &judging->properties;
    if (!properties->unsigned_of_signature)
        return true;
    for (const xmlNode *at = xml_first(properties->unsigned_of_signature, properties->ns, "CounterSignature");
         at; at = xml_next(at, properties->ns, "CounterSignature"))
        for (xmlNode *inside = xml_first(at, NS_DSIG, "Signature"); inside;
             inside = xml_next(inside, NS_DSIG, "Signature"))
            if (!judge_signature(look, inside, judging->signature.value_element, of))
                return false;
    return true;
}

static bool judge_signature(struct look *look, xmlNode *element, const xmlNode *confirmed, unsigned of)
{
    struct judging judging CLEANUP(judging_clear) = {
        .look = look, .confirmed = confirmed, .finding = add_finding(look, element)};
    if (!judging.finding)
        return false;
    unsigned index = (unsigned)look->verdict->count - 1;
    look->judged[index] = element;
    if (confirmed) {
        judging.finding->kind = FINDING_COUNTER_SIGNATURE;
        judging.finding->of = of;
    }
    return judge(&judging, element) && judge_counter_signatures(look, &judging, index);
}

/* Nothing changed when every signature protects the whole document and none is broken. */
static enum changed what_changed(const struct verdict *verdict)
{
    enum changed changed = verdict->count ? CHANGED_NO : CHANGED_UNKNOWN;
    for (size_t i = 0; i < verdict->count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (finding->kind != FINDING_SIGNATURE)
            continue;
        if (finding->sub == SUB_HASH_FAILURE)
            return CHANGED_YES;
        if (finding->indication == TOTAL_FAILED || !finding->covers_whole_file)
            changed = CHANGED_UNKNOWN;
    }
    return changed;
}

/* EN 319 132-1, 5.2.7.1: all that it signs, but for its own properties, is the value of another signature, and it says so.
 * That value; NULL when it is a signature like any other. */
static const xmlNode *confirmed_by(const struct look *look, const xmlNode *element)
{
    const xmlNode *info = xml_first(element, NS_DSIG, "SignedInfo"), *confirmed = NULL;
    for (const xmlNode *at = xml_first(info, NS_DSIG, "Reference"); at;
         at = xml_next(at, NS_DSIG, "Reference")) {
        const struct xml_reference reference = {.uri = xml_attribute(at, "URI"),
                                                .type = xml_attribute(at, "Type")};
        bool ambiguous;
        if (xml_reference_to_properties(&reference))
            continue;
        if (confirmed || !reference.type || strcmp(reference.type, TYPE_COUNTERSIGNED) != 0 || !reference.uri
            || reference.uri[0] != '#')
            return NULL;
        confirmed = xml_ids_find(look->around.ids, reference.uri + 1, &ambiguous);
        if (!xml_is(confirmed, NS_DSIG, "SignatureValue") || !xml_is(confirmed->parent, NS_DSIG, "Signature"))
            return NULL;
    }
    return confirmed;
}

static bool judge_confirmation(struct look *look, xmlNode *element, const xmlNode *confirmed)
{
    for (size_t i = 0; i < look->verdict->count; i++)
        if (look->judged[i] == confirmed->parent)
            return judge_signature(look, element, confirmed, (unsigned)i);
    return judge_signature(look, element, NULL, 0);
}

/* What confirms another one comes behind it, wherever it stands. */
static bool judge_all(struct look *look)
{
    xmlDoc *doc = look->around.doc;
    for (xmlNode *at = xades_next_signature(doc, NULL); at; at = xades_next_signature(doc, at))
        if (!confirmed_by(look, at) && !judge_signature(look, at, NULL, 0))
            return false;
    for (xmlNode *at = xades_next_signature(doc, NULL); at; at = xades_next_signature(doc, at)) {
        const xmlNode *confirmed = confirmed_by(look, at);
        if (confirmed && !judge_confirmation(look, at, confirmed))
            return false;
    }
    return true;
}

bool xades_judge(struct process *process, xmlDoc *doc, const char *where, struct verdict *verdict,
                 struct error *err)
{
    struct xml_ids ids CLEANUP(xml_ids_clear) = {0};
    if (!xml_ids_collect(doc, &ids))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    struct xml_memo memo = {.count = 0};
    const struct verification *how = process_how(process);
    struct look look = {.process = process,
                        .around = {.doc = doc,
                                   .ids = &ids,
                                   .files = how->detached,
                                   .file_count = how->detached_count,
                                   .memo = &memo},
                        .where = where,
                        .splitting = xades_splitting_comment(doc),
                        .verdict = verdict,
                        .err = err};
    return judge_all(&look);
}

bool xades_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                 struct error *err)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    if (!xml_read_any(document->bytes, &doc, err))
        return false;
    struct process *process CLEANUP(process_free) = process_new(how);
    if (!process)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!xades_judge(process, doc, NULL, verdict, err))
        return false;
    verdict->changed_after_signing = what_changed(verdict);
    return true;
}
