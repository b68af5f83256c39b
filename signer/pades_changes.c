#include "signer/pades_changes.h"

#include <stdio.h>

#include "signer/pdf_change_text.h"
#include "signer/pdf_text.h"

static bool did(const struct pdf_change *change, enum revision_change kind)
{
    return change->kinds & 1u << kind;
}

/* The first revision behind the signed one that did it; the number of revisions when none did. */
static size_t first_that_did(const struct pdf_history *history, size_t signed_revision,
                             enum revision_change kind)
{
    size_t r = signed_revision + 1;
    while (r < history->count && !did(&history->changes[r], kind))
        r++;
    return r;
}

static void check_number(struct finding *finding, uint8_t depth, const struct text *what, size_t revision,
                         enum check_result result)
{
    char number[24];
    snprintf(number, sizeof(number), "%zu", revision + 1);
    finding_check(finding, depth, result, what, number);
}

/* What changed what is read is said in the report too; what describes the document and where signatures
 * show, in the tree of checks alone. */
static void name_what_is_allowed(const struct pdf_history *history, const struct pdf_signature *signature,
                                 struct finding *finding)
{
    char number[24], where[PDF_SAID_MAX + 24];
    size_t filled = first_that_did(history, signature->revision, REVISION_FORM),
           annotated = first_that_did(history, signature->revision, REVISION_ANNOTATION),
           described = first_that_did(history, signature->revision, REVISION_METADATA);
    if (filled < history->count) {
        snprintf(number, sizeof(number), "%zu", filled + 1);
        finding_reason(finding, &TEXT_PDF_FILLED_IN, number, history->changes[filled].filled, NULL);
        check_number(finding, 1, &TEXT_CHECK_PDF_FORM, filled, CHECK_WARNING);
    }
    if (annotated < history->count) {
        snprintf(number, sizeof(number), "%zu", annotated + 1);
        finding_reason(finding, &TEXT_PDF_ANNOTATED, number, history->changes[annotated].annotated, NULL);
        check_number(finding, 1, &TEXT_CHECK_PDF_ANNOTATION, annotated, CHECK_WARNING);
    }
    if (described < history->count)
        check_number(finding, 1, &TEXT_CHECK_PDF_METADATA, described, CHECK_GOOD);
    for (size_t r = signature->revision + 1; r < history->count; r++)
        if (history->changes[r].face[0]) {
            snprintf(where, sizeof(where), "%zu [%s]", r + 1, history->changes[r].face);
            finding_check(finding, 1, CHECK_GOOD, &TEXT_CHECK_PDF_FACE, where);
            break;
        }
}

static uint64_t end_of(const struct pdf_document *document, const struct pdf_signatures *signatures,
                       size_t revision)
{
    uint64_t end = document->xref.revisions[revision].end;
    for (size_t i = 0; i < signatures->count; i++) {
        const struct pdf_signature *signature = &signatures->all[i];
        if (!signature->defect.text && signature->revision == revision)
            return signature->end;
    }
    return end ? end : document->bytes.size;
}

void pades_judge_changes(const struct pdf_document *document, const struct pdf_signature *signature,
                         const struct pdf_history *history, struct finding *finding,
                         enum changed *ret_changed)
{
    uint64_t end = document->xref.revisions[history->count - 1].end;
    *ret_changed = CHANGED_NO;
    for (size_t r = signature->revision + 1; r < history->count; r++) {
        const struct reason *refused = &history->changes[r].refused;
        if (!refused->text)
            continue;
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, refused->text, refused->arg[0],
                       refused->arg[1], refused->arg[2], NULL);
        check_number(finding, 0, &TEXT_CHECK_PDF_CHANGES, r, CHECK_BAD);
        *ret_changed = CHANGED_YES;
        return;
    }
    if (signature->end > end)
        end = signature->end;
    if (!pdf_is_white(document->bytes, end, document->bytes.size)) {
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_PDF_CHANGED_BEHIND, NULL);
        *ret_changed = CHANGED_YES;
    } else if (signature->revision + 1 < history->count) {
        finding_check(finding, 0, CHECK_GOOD, &TEXT_CHECK_PDF_CHANGES, NULL);
    }
    name_what_is_allowed(history, signature, finding);
}

bool pades_list_revisions(const struct pdf_document *document, const struct pdf_signatures *signatures,
                          const struct pdf_history *history, struct verdict *verdict)
{
    verdict->first_revision = (unsigned)history->first + 1;
    for (size_t r = history->first; r < history->count && verdict->revision_count < VERDICT_MAX_REVISIONS;
         r++) {
        struct revision *revision = verdict_add_revision(verdict);
        if (!revision)
            return false;
        revision->end = end_of(document, signatures, r);
        revision->changes = history->changes[r].kinds;
        revision->reason = history->changes[r].refused;
    }
    return true;
}

bool pades_was_continued(const struct pdf_history *history)
{
    return first_that_did(history, history->first, REVISION_FORM) < history->count
           || first_that_did(history, history->first, REVISION_ANNOTATION) < history->count;
}
