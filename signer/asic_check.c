/* Containers judged (EN 319 162-1): each signature by its own format, then the container's rules over all of them. */
#include "signer/asic_check.h"

#include "base/base_text.h"
#include "signer/asic_judge.h"
#include "signer/asic_text.h"
#include "signer/policy.h"

/* Bytes of all signature files, timestamps and manifests of a container together: what is read, not digested. */
#define ASIC_MAX_READ ((uint64_t)64 << 20)

/* Every finding that stands for somebody's word about the container. */
static void worsen_all(const struct asic_judging *judging, enum indication indication,
                       enum sub_indication sub, const struct text *text, const char *arg)
{
    for (size_t i = 0; i < judging->verdict->count; i++)
        if (judging->verdict->findings[i].kind != FINDING_COUNTER_SIGNATURE)
            finding_worsen(&judging->verdict->findings[i], indication, sub, text, arg, NULL);
}

static void break_rule(const struct asic_judging *judging, const struct text *text, const char *arg)
{
    worsen_all(judging, TOTAL_FAILED, SUB_FORMAT_FAILURE, text, arg);
    if (judging->verdict->count == 0)
        verdict_reason(judging->verdict, text, arg, NULL);
}

static bool is_data(const struct asic *asic, size_t file)
{
    return asic_role_of(asic->files[file].name) == ASIC_DATA;
}

/* ---- rules */

/* 4.3.3.2: what the signature file is called. Makers differ, and nothing hangs on it. */
static void note_name(const struct asic_judging *judging, const char *name)
{
    static const char *const known[] = {"META-INF/signatures.xml", "META-INF/signature.p7s",
                                        "META-INF/timestamp.tst"};
    for (size_t i = 0; i < COUNT_OF(known); i++)
        if (strcmp(name, known[i]) == 0)
            return;
    verdict_reason(judging->verdict, &TEXT_ASIC_SIMPLE_NAME, name, NULL);
}

/* 4.3.3.2: one document, in the root folder, and one file that signs it; more timestamps only by archive manifests (4.3.4, A.7). */
static void check_simple(const struct asic_judging *judging)
{
    const struct asic *asic = judging->asic;
    size_t stamps = 0;
    for (size_t i = 0; i < asic->count; i++) {
        enum asic_role role = asic_role_of(asic->files[i].name);
        const struct asic_manifest *manifest = asic_manifest_of(&judging->manifests, &asic->files[i]);
        if (role == ASIC_DATA && strchr(asic->files[i].name, '/'))
            break_rule(judging, &TEXT_ASIC_SIMPLE_FOLDER, asic->files[i].name);
        bool stamp = role == ASIC_TIMESTAMP && !manifest;
        stamps += stamp;
        if (stamp || role == ASIC_XADES || role == ASIC_CADES)
            note_name(judging, asic->files[i].name);
        if (manifest && !strstr(manifest->file->name, "ASiCArchiveManifest"))
            break_rule(judging, &TEXT_ASIC_SIMPLE_MANIFEST, manifest->file->name);
    }
    if (asic->roles[ASIC_DATA] != 1)
        break_rule(judging, &TEXT_ASIC_SIMPLE_ONE_FILE, "");
    if (asic->roles[ASIC_XADES] + asic->roles[ASIC_CADES] + stamps > 1)
        break_rule(judging, &TEXT_ASIC_SIMPLE_ONE_SIGNATURE, "");
}

/* 4.4.1: what is signed is in the container. */
static void check_extended(const struct asic_judging *judging)
{
    if (judging->asic->roles[ASIC_DATA] == 0)
        break_rule(judging, &TEXT_ASIC_NO_DATA, "");
}

static bool has_signature(const struct verdict *verdict)
{
    for (size_t i = 0; i < verdict->count; i++)
        if (verdict->findings[i].kind == FINDING_SIGNATURE)
            return true;
    return false;
}

/* What any signature covers that has not failed; any timestamp, where there is nothing else: anybody gets one for anything,
 * and beside a signature it would be taken for the signer's. False: there is none. */
static bool gather_coverage(const struct asic_judging *judging)
{
    bool any = false, *all = asic_covers(judging, ASIC_BY_ANYBODY),
         is_signed = has_signature(judging->verdict);
    for (size_t i = 0; i < judging->verdict->count; i++) {
        const struct finding *finding = &judging->verdict->findings[i];
        if (finding->indication == TOTAL_FAILED || (is_signed && finding->kind == FINDING_TIMESTAMP))
            continue;
        any = true;
        for (size_t file = 0; file < judging->asic->count; file++)
            all[file] |= asic_covers(judging, i)[file];
    }
    return any;
}

/* 4.4.1 lets a signature cover some of the files. One that none covers lies among signed ones as if it were: nobody may take it
 * for signed (EN 319 102-1, 5.2.8: constraints on what is signed). */
static void check_unsigned(const struct asic_judging *judging)
{
    if (!gather_coverage(judging))
        return;
    for (size_t file = 0; file < judging->asic->count; file++)
        if (is_data(judging->asic, file) && !asic_covers(judging, ASIC_BY_ANYBODY)[file])
            worsen_all(judging, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_ASIC_UNSIGNED,
                       judging->asic->files[file].name);
}

/* ---- what each covers */

/* Documents first. A signature that covers no file has said itself what it covers. */
static void list_covered(struct asic_judging *judging, size_t at, bool data)
{
    struct finding *finding = &judging->verdict->findings[at];
    for (size_t file = 0; file < judging->asic->count && finding->covered_count < VERDICT_MAX_COVERED;
         file++) {
        const char *name = judging->asic->files[file].name;
        if (asic_covers(judging, at)[file] && is_data(judging->asic, file) == data)
            text_clean(name, strlen(name), sizeof(finding->covered[0]),
                       finding->covered[finding->covered_count++]);
    }
}

/* EN 319 102-1, 5.2.8: where a policy says who must have signed, a signature over a part of the documents is none over the rest:
 * laid together, signatures over one document each would be taken for all of theirs. */
static void tell_part(const struct asic_judging *judging, struct finding *finding, const char *name)
{
    const struct policy *policy = process_how(judging->process)->policy;
    if (policy && policy->signer_count > 0)
        finding_worsen(finding, INDETERMINATE, SUB_SIG_CONSTRAINTS_FAILURE, &TEXT_ASIC_NOT_BY_THIS, name,
                       NULL);
    else
        finding_reason(finding, &TEXT_ASIC_NOT_BY_THIS, name, NULL);
}

/* Returns whether it covers every document. */
static bool tell_coverage(struct asic_judging *judging, size_t at)
{
    struct finding *finding = &judging->verdict->findings[at];
    const struct asic *asic = judging->asic;
    bool whole = asic->roles[ASIC_DATA] > 0, any = false;
    for (size_t file = 0; file < asic->count; file++) {
        any |= asic_covers(judging, at)[file];
        if (!is_data(asic, file) || asic_covers(judging, at)[file])
            continue;
        whole = false;
        if (finding->kind == FINDING_SIGNATURE && asic_covers(judging, ASIC_BY_ANYBODY)[file])
            tell_part(judging, finding, asic->files[file].name);
    }
    finding->covers_whole_file = whole;
    if (any)
        finding->covered_count = 0;
    list_covered(judging, at, true);
    list_covered(judging, at, false);
    return whole;
}

/* Nothing changed when everything is covered and there, and nothing broken. */
static enum changed what_changed(struct asic_judging *judging)
{
    const struct verdict *verdict = judging->verdict;
    bool whole = verdict->count && !judging->asic->zip.defect.text, broken = false;
    for (size_t i = 0; i < verdict->count; i++) {
        const struct finding *finding = &verdict->findings[i];
        if (finding->kind == FINDING_COUNTER_SIGNATURE)
            continue;
        broken |= finding->sub == SUB_HASH_FAILURE;
        whole &= tell_coverage(judging, i) && finding->indication != TOTAL_FAILED
                 && finding->sub != SUB_SIGNED_DATA_NOT_FOUND;
    }
    return broken ? CHANGED_YES : whole ? CHANGED_NO : CHANGED_UNKNOWN;
}

/* ---- all of it */

static void apply_rules(struct asic_judging *judging)
{
    const struct asic *asic = judging->asic;
    const struct reason *defect = &asic->zip.defect;
    if (defect->text)
        break_rule(judging, defect->text, defect->arg[0]);
    if (asic->kind == ASIC_SIMPLE)
        check_simple(judging);
    else if (judging->verdict->count)
        check_extended(judging);
    check_unsigned(judging);
    for (size_t i = 0; i < judging->verdict->count; i++)
        finding_check(&judging->verdict->findings[i], 0, defect->text ? CHECK_BAD : CHECK_GOOD,
                      &TEXT_ASIC_CHECK_CONTAINER, asic->kind == ASIC_SIMPLE ? "ASiC-S" : "ASiC-E");
    judging->verdict->changed_after_signing = what_changed(judging);
}

/* 4.4.3.2, 4.4.4.2: what may lie in META-INF beside signatures; a reader who unpacks it meets the rest as well. */
static void note_others(const struct asic_judging *judging)
{
    for (size_t i = 0; i < judging->asic->count; i++) {
        const char *name = judging->asic->files[i].name;
        bool known =
            strcmp(name, "META-INF/container.xml") == 0 || strcmp(name, "META-INF/metadata.xml") == 0;
        if (asic_role_of(name) == ASIC_OTHER && !known && !asic_covers(judging, ASIC_BY_ANYBODY)[i])
            verdict_reason(judging->verdict, &TEXT_ASIC_OTHER, name, NULL);
    }
}

static bool note_container(const struct asic *asic, struct verdict *verdict, struct error *err)
{
    if (asic->roles[ASIC_EVIDENCE])
        verdict_reason(verdict, &TEXT_ASIC_EVIDENCE_RECORD, NULL);
    if (verdict->count == 0)
        return true; /* some other ZIP: nobody asks it for a media type */
    asic_note_mimetype(asic, verdict);
    return asic_note_odf_manifest(asic, verdict, err);
}

static bool amount_is_sane(const struct asic *asic, struct error *err)
{
    uint64_t size = 0;
    for (size_t i = 0; i < asic->count; i++) {
        enum asic_role role = asic_role_of(asic->files[i].name);
        if (role != ASIC_DATA && role != ASIC_EVIDENCE && role != ASIC_OTHER)
            size += detached_size(&asic->files[i]);
    }
    return size <= ASIC_MAX_READ || fail(err, ERR_TOO_LARGE, &TEXT_ASIC_MUCH);
}

static bool judge_container(struct asic_judging *judging, struct error *err)
{
    judging->covers =
        calloc((VERDICT_MAX_SIGNATURES + 1) * (judging->asic->count + 1), sizeof(*judging->covers));
    if (!judging->covers)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!amount_is_sane(judging->asic, err) || !asic_manifests_read(judging->asic, &judging->manifests, err)
        || !asic_judge_all(judging, err))
        return false;
    apply_rules(judging);
    if (judging->verdict->count)
        note_others(judging);
    return note_container(judging->asic, judging->verdict, err);
}

bool asic_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                struct error *err)
{
    struct asic asic CLEANUP(asic_close) = {0};
    if (!asic_open(document->bytes, &asic, err))
        return false;
    struct verification inside = *how; /* what signatures refer to is in the container, nowhere else */
    inside.detached = asic.files;
    inside.detached_count = asic.count;
    struct process *process CLEANUP(process_free) = process_new(&inside);
    if (!process)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    struct asic_judging judging = {.asic = &asic, .process = process, .verdict = verdict};
    bool looked = judge_container(&judging, err);
    asic_manifests_clear(&judging.manifests);
    free(judging.covers);
    return looked;
}
