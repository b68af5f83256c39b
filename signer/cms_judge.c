#include "signer/cms_judge.h"

#include <stdio.h>

#include "base/base_text.h"
#include "signer/cades_text.h"
#include "signer/cms.h"
#include "signer/der.h"
#include "signer/signer_text.h"

/* EN 319 142-1, 6.3: the level of a signature in a PDF, as far as the CMS knows: validation data stand in the
 * document. No signing-time attribute: the time stands in /M. */
static const char *pades_level(const struct cms_look *look, const struct cms_stamps *stamps)
{
    if (look->kind != CMS_PADES || !look->attributes.has_certificate || look->attributes.has_signing_time)
        return "PDF-NOT-ETSI";
    return stamps->has[UNSIGNED_SIGNATURE_STAMP] ? "PAdES-BASELINE-T" : "PAdES-BASELINE-B";
}

/* EN 319 122-1, 6.3, table 1: what the baseline demands, and what it does not let in. */
static bool is_baseline(const struct cms_look *look, const struct cms_stamps *stamps)
{
    static const enum cms_unsigned_kind forbidden[] = {
        UNSIGNED_CERTIFICATE_REFS, UNSIGNED_REVOCATION_REFS, UNSIGNED_ESC_STAMP, UNSIGNED_REFS_STAMP,
        UNSIGNED_ARCHIVE_V1,       UNSIGNED_ARCHIVE_V2,      UNSIGNED_LONG_TERM};
    bool time_fits = look->attributes.has_signing_time || look->kind == CMS_COUNTER;
    for (size_t i = 0; i < COUNT_OF(forbidden); i++)
        if (stamps->has[forbidden[i]])
            return false;
    return look->attributes.has_certificate && time_fits && !look->attributes.forbidden_in_baseline;
}

static const char *cades_level(const struct cms_look *look, const struct cms_stamps *stamps)
{
    const bool *has = stamps->has;
    bool refs = has[UNSIGNED_CERTIFICATE_REFS] && has[UNSIGNED_REVOCATION_REFS];
    bool values = has[UNSIGNED_CERTIFICATE_VALUES] && has[UNSIGNED_REVOCATION_VALUES];
    bool stamped = has[UNSIGNED_SIGNATURE_STAMP];
    if (!look->attributes.has_certificate)
        return "CMS-NOT-ETSI";
    if (is_baseline(look, stamps)) {
        bool data = stamped && look->data->crl_count > 0;
        if (has[UNSIGNED_ARCHIVE_V3])
            return "CAdES-BASELINE-LTA";
        return data ? "CAdES-BASELINE-LT" : stamped ? "CAdES-BASELINE-T" : "CAdES-BASELINE-B";
    }
    if (has[UNSIGNED_ARCHIVE_V1] || has[UNSIGNED_ARCHIVE_V2] || has[UNSIGNED_ARCHIVE_V3])
        return "CAdES-A";
    if (has[UNSIGNED_ESC_STAMP] || has[UNSIGNED_REFS_STAMP])
        return values ? "CAdES-XL" : "CAdES-X";
    if (refs)
        return values ? "CAdES-XL" : "CAdES-C";
    if (stamped)
        return "CAdES-T";
    return look->attributes.policy.data ? "CAdES-EPES" : "CAdES-BES";
}

/* "CAdES-BASELINE-T" … by what stands in the signature (EN 319 122-1, 6; EN 319 122-2, 5). */
static void name_level(const struct cms_look *look, const struct cms_stamps *stamps)
{
    char *format = look->finding->format;
    switch (look->kind) {
    case CMS_PADES:
    case CMS_PDF:
    case CMS_PDF_SHA1:
        snprintf(format, sizeof(look->finding->format), "%s", pades_level(look, stamps));
        return;
    case CMS_DOCUMENT:
    case CMS_COUNTER:
        snprintf(format, sizeof(look->finding->format), "%s", cades_level(look, stamps));
        return;
    case CMS_TOKEN:
        break;
    }
    if (!format[0])
        snprintf(format, sizeof(look->finding->format), "RFC3161");
}

bool cms_take_sets(struct process *process, const struct cms_signed_data *data, struct error *err)
{
    return cms_visit_sets(&(struct cms_visitor){cms_add_evidence, process}, data, err);
}

static bool take_attributes(const struct cms_look *look, const struct cms_stamps *stamps, struct error *err)
{
    struct cms_visitor visitor = {cms_add_evidence, look->process};
    for (size_t i = 0; i < look->attributes.content_stamp_count; i++)
        if (!cms_visit_token(&visitor, look->attributes.content_stamps[i], err))
            return false;
    for (size_t i = 0; i < stamps->attributes.count; i++)
        if (!cms_visit_attribute(&visitor, &stamps->attributes.all[i], err))
            return false;
    return cms_visit_revocation(&visitor, look->attributes.revocation, err);
}

/* Timestamps that cannot be looked at because what they are about is not here, or unknown. */
static void tell_unseen(const struct cms_stamps *stamps, struct finding *finding)
{
    for (size_t i = 0; i < stamps->imprint_count; i++) {
        const struct cms_imprint *imprint = &stamps->imprints[i];
        struct stamp_finding *stamp = imprint->not_at_hand ? finding_add_stamp(finding, STAMP_ARCHIVE) : NULL;
        if (!stamp)
            continue;
        bool unknown = imprint->kind == UNSIGNED_ARCHIVE_V1;
        stamp->kind = imprint->kind == SIGNED_CONTENT_STAMP ? STAMP_CONTENT : STAMP_ARCHIVE;
        stamp->sub = unknown ? SUB_CUSTOM : SUB_SIGNED_DATA_NOT_FOUND;
        stamp->time_ms = imprint->time_ms;
        stamp->reason.text = unknown ? &TEXT_CADES_STAMP_UNREAD : &TEXT_CADES_CONTENT_ABSENT;
    }
}

/* Whatever is not judged is said. */
static void tell_limits(const struct cms_look *look, const struct cms_stamps *stamps)
{
    if (look->attributes.policy.data) {
        struct reader r = reader_of(look->attributes.policy);
        struct reader policy = der_enter(&r, DER_SEQUENCE);
        char name[OID_TEXT_SIZE] = "";
        if (der_at(&policy, DER_OID)) /* not the implied one, which is NULL */
            oid_text(der_read(&policy, DER_OID), name);
        finding_reason(look->finding, &TEXT_CADES_POLICY_NAMED, name, NULL);
    }
    if (stamps->has[UNSIGNED_EVIDENCE_RECORD])
        finding_reason(look->finding, &TEXT_CADES_EVIDENCE_RECORD, NULL);
    if (stamps->too_many) {
        char limit[16];
        snprintf(limit, sizeof(limit), "%d", VERDICT_MAX_STAMPS);
        finding_reason(look->finding, &TEXT_CADES_STAMPS_MANY, limit, NULL);
    }
    tell_unseen(stamps, look->finding);
}

static bool judge_facts(const struct cms_look *look, struct cms_stamps *stamps, const struct stamp *outside,
                        size_t outside_count, struct error *err)
{
    struct signed_facts facts = cms_facts(look);
    struct stamp all[2 * VERDICT_MAX_STAMPS];
    size_t count = stamps->count;
    memcpy(all, stamps->stamps, count * sizeof(all[0]));
    for (size_t i = 0; i < outside_count && count < COUNT_OF(all); i++)
        all[count++] = outside[i];
    facts.stamps = all;
    facts.stamp_count = count;
    return process_judge(look->process, &facts, look->finding, err);
}

bool cms_finish(const struct cms_look *look, bool good, const struct stamp *outside, size_t outside_count,
                struct error *err)
{
    struct cms_stamps stamps = {0};
    bool done = cms_stamps_collect(look, &stamps, err);
    if (done)
        name_level(look, &stamps);
    if (done && good) {
        tell_limits(look, &stamps);
        done = take_attributes(look, &stamps, err) && judge_facts(look, &stamps, outside, outside_count, err);
    }
    cms_stamps_clear(&stamps);
    return done;
}

static bool has_one_signer(const struct cms_signed_data *data, struct finding *finding)
{
    char count[16];
    snprintf(count, sizeof(count), "%zu", data->signer_count);
    if (data->signer_count == 1)
        return true;
    finding_worsen(finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_CMS_ONE_SIGNER, count, NULL);
    return false;
}

static enum cms_kind kind_of(const struct cms_judging *how)
{
    if (how->timestamp)
        return CMS_TOKEN;
    return how->pades ? CMS_PADES : how->sha1_content ? CMS_PDF_SHA1 : CMS_PDF;
}

/* The one signer of a SignedData (EN 319 142-1, 6.3: PAdES; RFC 3161, 2.4.2: tokens). */
static bool look_at_one(struct cms_look *look, struct span cms, struct cms_signed_data *data, bool *ret_good,
                        struct error *err)
{
    *ret_good = false;
    look->data = data;
    if (!cms_read(cms, data, look->finding) || !has_one_signer(data, look->finding))
        return !data->pieces.failed || fail(err, ERR_TOO_LARGE, &TEXT_CHECK_MEMORY);
    return cms_take_sets(look->process, data, err) && cms_look(look, data->signers[0], ret_good, err);
}

bool cms_judge(const struct cms_judging *how, struct span cms, const struct signed_content *content,
               struct finding *finding, struct error *err)
{
    struct cms_signed_data data = {0};
    struct cms_look look = {
        .process = how->process, .kind = kind_of(how), .content = content, .finding = finding};
    bool good;
    bool done = look_at_one(&look, cms, &data, &good, err)
                && cms_finish(&look, good, how->stamps, how->stamp_count, err);
    cms_look_clear(&look);
    cms_clear(&data);
    return done;
}

bool timestamp_open(struct span token, const struct signed_content *content, struct process *process,
                    struct timestamp_facts *ret_facts, struct finding *finding, struct error *err)
{
    struct cms_signed_data data = {0};
    struct cms_look look = {.process = process, .kind = CMS_TOKEN, .content = content, .finding = finding};
    bool good, done = look_at_one(&look, token, &data, &good, err)
                      && cms_visit_token(&(struct cms_visitor){cms_add_evidence, process}, token, err);
    ret_facts->says = look.stamp;
    ret_facts->imprint = look.outer;
    ret_facts->info = data.pieces;
    if (done && good) {
        ret_facts->facts = cms_facts(&look);
        ret_facts->signer = TAKE(look.certificate);
    }
    cms_look_clear(&look);
    return done;
}
