#include "signer/pades_check.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#include "base/base_text.h"
#include "signer/cms.h"
#include "signer/pades_changes.h"
#include "signer/pades_level.h"
#include "signer/pades_plain.h"
#include "signer/pdf_text.h"

/* One look at a document. */
struct look {
    struct process *process;
    struct pdf_document *document;
    const struct pdf_signatures *signatures;
    struct pdf_history history;
    struct pdf_proofs proofs;
    struct pades_cover *cover;
    struct verdict *verdict;
    const struct error *damage; /* why the structure cannot be followed; NULL: it can */
};

static void look_clear(struct look *look)
{
    pades_cover_free(&look->cover);
    pdf_proofs_clear(&look->proofs);
    process_free(&look->process);
    pdf_history_clear(&look->history);
}

static int take_number(const char **at, size_t digits, int by_default)
{
    int value = 0;
    if (**at < '0' || **at > '9')
        return by_default;
    for (; digits > 0 && **at >= '0' && **at <= '9'; digits--)
        value = value * 10 + (*(*at)++ - '0');
    return value;
}

/* "D:YYYYMMDDHHmmSSOHH'mm'" (ISO 32000-1, 7.9.4): everything behind the year may be missing. 0 when it is
 * no date. */
static int64_t read_date(const char *at)
{
    if (strncmp(at, "D:", 2) != 0)
        return 0;
    at += 2;
    struct tm date = {.tm_year = take_number(&at, 4, 1900) - 1900};
    date.tm_mon = take_number(&at, 2, 1) - 1;
    date.tm_mday = take_number(&at, 2, 1);
    date.tm_hour = take_number(&at, 2, 0);
    date.tm_min = take_number(&at, 2, 0);
    date.tm_sec = take_number(&at, 2, 0);
    int sign = *at == '+' ? 1 : *at == '-' ? -1 : 0;
    at += sign != 0;
    int offset = take_number(&at, 2, 0) * 3600;
    at += *at == '\'';
    offset += take_number(&at, 2, 0) * 60;
    return ((int64_t)timegm(&date) - sign * offset) * 1000;
}

static void fail_by(struct finding *finding, const struct reason *why)
{
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, why->text, why->arg[0], why->arg[1],
                   why->arg[2], NULL);
}

/* Whole bytes without white space between: whatever else /Contents holds, nobody put there by accident. */
static bool is_compact(struct span digits)
{
    static const char white[] = {' ', '\t', '\r', '\n', '\f', '\0'};
    for (size_t i = 0; i < sizeof(white); i++)
        if (memchr(digits.data, white[i], digits.size))
            return false;
    return digits.size % 2 == 0;
}

static bool judge_plain(struct look *look, size_t index, struct finding *finding, struct error *err)
{
    struct signed_content content = pades_cover_content(look->cover, index);
    size_t count;
    const struct stamp *stamps = pades_cover_stamps(look->cover, index, &count);
    return pades_plain_judge(look->process, look->document, &look->signatures->all[index], &content, stamps,
                             count, finding, err);
}

static bool judge_cms(struct look *look, size_t index, struct finding *finding, struct error *err)
{
    const struct pdf_signature *signature = &look->signatures->all[index];
    struct buffer cms CLEANUP(buffer_clear) = {0};
    struct signed_content content = pades_cover_content(look->cover, index);
    struct cms_judging judging = {.process = look->process,
                                  .pades = signature->filter == PDF_FILTER_CADES,
                                  .sha1_content = signature->filter == PDF_FILTER_SHA1,
                                  .timestamp = signature->filter == PDF_FILTER_TIMESTAMP};
    judging.stamps = pades_cover_stamps(look->cover, index, &judging.stamp_count);
    if (!pdf_string_bytes(&signature->contents, &cms))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!is_compact(signature->contents.raw))
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_PDF_CONTENTS_MISSING, NULL);
    if (!cms_judge(&judging, buffer_span(&cms), &content, finding, err))
        return false;
    pades_level_name(look->signatures, index, look->cover, &look->proofs, process_evidence(look->process),
                     finding);
    return true;
}

static void describe(const struct pdf_document *document, const struct pdf_signature *signature,
                     struct finding *finding)
{
    if (!pdf_crypt_why(&document->crypt)) /* else it is gibberish */
        memcpy(finding->field, signature->name, sizeof(finding->field));
    finding->kind = signature->filter == PDF_FILTER_TIMESTAMP ? FINDING_TIMESTAMP : FINDING_SIGNATURE;
    finding->claimed_time_ms = finding->kind == FINDING_TIMESTAMP ? 0 : read_date(signature->date);
    finding->revisions = (unsigned)document->xref.revision_count;
    snprintf(finding->format, sizeof(finding->format), "%s",
             finding->kind == FINDING_TIMESTAMP ? "PDF-TIMESTAMP" : "PDF-NOT-ETSI");
    if (signature->defect.text)
        return;
    finding->revision = document->xref.count ? (unsigned)signature->revision + 1 : 0;
    finding->covers_whole_file = pdf_is_white(document->bytes, signature->end, document->bytes.size);
}

/* It is not damaged: we only lack the password. */
static bool is_locked(const struct look *look)
{
    return look->damage && look->damage->code == ERR_UNSUPPORTED;
}

/* EN 319 102-1, 5.2.2: what cannot be read as one document, and only that one, is not passed. */
static void judge_structure(const struct look *look, const struct pdf_signature *signature,
                            struct finding *finding, enum changed *changed)
{
    const struct pdf_slip *slip = &look->document->xref.slip;
    char at[24];
    snprintf(at, sizeof(at), "%" PRIu64, slip->at);
    if (signature->defect.text && !is_locked(look)) {
        fail_by(finding, &signature->defect);
    } else if (look->damage) {
        const struct error *damage = look->damage;
        *changed = CHANGED_UNKNOWN;
        finding_worsen(finding, INDETERMINATE, SUB_CUSTOM, damage->text, damage->arg[0], damage->arg[1],
                       damage->arg[2], NULL);
    } else {
        pades_judge_changes(look->document, signature, &look->history, finding, changed);
    }
    if (signature->doubt.text)
        finding_worsen(finding, INDETERMINATE, SUB_CUSTOM, signature->doubt.text, signature->doubt.arg[0],
                       NULL);
    if (slip->text && slip->doubtful)
        finding_worsen(finding, INDETERMINATE, SUB_CUSTOM, slip->text, at, NULL);
    else if (slip->text)
        finding_reason(finding, slip->text, at, NULL);
    if (signature->shown_by)
        finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_PDF_FIELD_TWICE, signature->name,
                       NULL);
}

static bool judge_one(struct look *look, size_t index, struct error *err)
{
    const struct pdf_signature *signature = &look->signatures->all[index];
    struct finding *finding = verdict_add(look->verdict);
    enum changed changed = CHANGED_NO;
    if (!finding)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    describe(look->document, signature, finding);
    judge_structure(look, signature, finding, &changed);
    if (signature->defect.text && signature->after.size == 0)
        return true; /* nothing that could be digested */
    if (signature->filter == PDF_FILTER_OTHER)
        finding_worsen(finding, INDETERMINATE, SUB_CUSTOM, &TEXT_PDF_FILTER_UNKNOWN, NULL);
    else if (!(signature->filter == PDF_FILTER_X509 ? judge_plain : judge_cms)(look, index, finding, err))
        return false;
    if (signature->says_sig) /* EN 319 142-1, 5.4.3 wants DocTimeStamp; many write this, and all read it */
        finding_reason(finding, &TEXT_PDF_STAMP_TYPE, NULL);
    if (finding->kind == FINDING_TIMESTAMP && finding->indication == TOTAL_PASSED)
        finding->best_signature_time_ms = finding->claimed_time_ms;
    if (finding->sub == SUB_HASH_FAILURE)
        changed = CHANGED_YES;
    if (changed > look->verdict->changed_after_signing)
        look->verdict->changed_after_signing = changed;
    return true;
}

static bool has_traces(struct span bytes)
{
    return span_find(bytes, SPAN_LITERAL("/ByteRange"), 0) != SIZE_MAX;
}

static bool judge_signatures(struct look *look, struct error *err)
{
    look->cover = pades_cover_new(look->document->bytes, look->signatures, &look->proofs,
                                  process_evidence(look->process));
    if (!look->cover)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t i = 0; i < look->signatures->count; i++)
        if (!judge_one(look, i, err))
            return false;
    if (look->verdict->changed_after_signing == CHANGED_NO && pades_was_continued(&look->history))
        look->verdict->changed_after_signing = CHANGED_UNKNOWN;
    return true;
}

/* Why nothing was found. */
static void say_nothing_found(const struct look *look)
{
    const struct pdf_slip *slip = &look->document->xref.slip;
    char at[24];
    snprintf(at, sizeof(at), "%" PRIu64, slip->at);
    if (look->signatures->prepared[0])
        verdict_reason(look->verdict, &TEXT_PDF_PREPARED, look->signatures->prepared, NULL);
    else if (look->signatures->count == 0 && has_traces(look->document->bytes))
        verdict_reason(look->verdict, &TEXT_PDF_SIGNATURE_GONE, NULL);
    if (look->signatures->count == 0 && slip->text)
        verdict_reason(look->verdict, slip->text, at, NULL);
}

static bool judge_all(const struct verification *how, struct pdf_document *document,
                      struct pdf_signatures *signatures, struct verdict *verdict, struct error *err)
{
    struct look look CLEANUP(look_clear) = {
        .process = process_new(how), .document = document, .signatures = signatures, .verdict = verdict};
    if (!look.process)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!pdf_diff(document, signatures, &look.history, err))
        return false;
    say_nothing_found(&look);
    if (signatures->count == 0)
        return true;
    if (!pades_list_revisions(document, signatures, &look.history, verdict))
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    return pdf_evidence_read(document, process_evidence(look.process), &look.proofs, err)
           && judge_signatures(&look, err);
}

/* A file whose structure cannot be followed, or not without a password. When a signature that can be recognised in it covers all of it,
 * it was signed as it is, and the doubt is about what the signer saw; any other signature is worth nothing. */
static bool judge_by_looks(const struct verification *how, const struct source *source,
                           const struct error *why, struct verdict *verdict, struct error *err)
{
    struct pdf_signatures signatures CLEANUP(pdf_signatures_clear) = {0};
    struct pdf_document document = {.bytes = source->bytes};
    if (!has_traces(source->bytes)) {
        verdict_reason(verdict, why->text, why->arg[0], why->arg[1], why->arg[2], NULL);
        return true;
    }
    verdict_clear(verdict);
    if (!pdf_signatures_scan(source->bytes, why, &signatures, err))
        return false;
    if (signatures.count == 0) {
        struct finding *finding = verdict_add(verdict);
        if (!finding)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        snprintf(finding->format, sizeof(finding->format), "PDF-NOT-ETSI");
        if (why->code == ERR_UNSUPPORTED)
            finding_worsen(finding, INDETERMINATE, SUB_CUSTOM, why->text, NULL);
        else
            finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, why->text, why->arg[0], why->arg[1],
                           why->arg[2], NULL);
        return true;
    }
    struct look look CLEANUP(look_clear) = {.process = process_new(how),
                                            .document = &document,
                                            .signatures = &signatures,
                                            .verdict = verdict,
                                            .damage = why};
    return look.process ? judge_signatures(&look, err) : fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

/* Structure and /Contents are never encrypted: without the password signatures can still be judged, unless
 * objects lie packed in streams. */
static const struct text *cannot_look(const struct pdf_document *document)
{
    bool packed = false;
    for (size_t s = 0; s < document->xref.count; s++)
        packed |= document->xref.sections[s].is_stream;
    return packed ? pdf_crypt_why(&document->crypt) : NULL;
}

bool pades_check(const struct verification *how, const struct source *document, struct verdict *verdict,
                 struct error *err)
{
    struct pdf_document pdf CLEANUP(pdf_document_close) = {0};
    struct pdf_signatures signatures CLEANUP(pdf_signatures_clear) = {0};
    struct error why = {0};
    bool open = pdf_document_open(document->bytes, &pdf, &why);
    if (open && cannot_look(&pdf)) {
        fail(&why, ERR_UNSUPPORTED, cannot_look(&pdf));
        if (has_traces(document->bytes))
            return judge_by_looks(how, document, &why, verdict, err);
        *err = why;
        return false;
    }
    if (open && pdf_signatures_find(&pdf, &signatures, &why)
        && judge_all(how, &pdf, &signatures, verdict, &why))
        return true;
    if (why.code == ERR_MALFORMED && pdf.xref.slip.doubtful) /* what is wrong first */
        pdf_defect(&why, ERR_MALFORMED, pdf.xref.slip.text, pdf.xref.slip.at);
    if (why.code == ERR_MALFORMED)
        return judge_by_looks(how, document, &why, verdict, err);
    *err = why;
    return false;
}
