/* A verdict as bytes between two processes. The reader trusts nothing: the process that wrote it has looked
 * at hostile documents and may have been taken over by one. */
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/asic_text.h"
#include "signer/cades_text.h"
#include "signer/path_text.h"
#include "signer/pdf_change_text.h"
#include "signer/pdf_text.h"
#include "signer/policy_text.h"
#include "signer/process_text.h"
#include "signer/revocation_text.h"
#include "signer/signer_text.h"
#include "signer/signing_text.h"
#include "signer/timestamp_text.h"
#include "signer/trust_text.h"
#include "signer/verdict.h"
#include "signer/xades_text.h"

enum { FRAME_VERSION = 3 };

/* Every list a reason may be taken from. */
/* clang-format off */
static const struct text *const *const reason_lists[] = {
    signer_texts, trust_texts,
    asic_texts,
    cades_texts,
    path_texts,
    pdf_texts, pdf_change_texts,
    policy_texts,
    process_texts,
    revocation_texts,
    signing_texts,
    timestamp_texts,
    xades_texts,
    base_texts,
};
/* clang-format on */

/* The text fields of a finding, in the frame's order. */
#define FINDING_TEXTS(X)                                                                                     \
    X(format)                                                                                                \
    X(subject)                                                                                               \
    X(issuer)                                                                                                \
    X(serial)                                                                                                \
    X(common_name)                                                                                           \
    X(organization)                                                                                          \
    X(title)                                                                                                 \
    X(tree)                                                                                                  \
    X(field)

/* Without a sentence, a reason is an empty name alone. */
static void write_reason(const struct reason *reason, struct buffer *buffer)
{
    buffer_sized(buffer, span_text(reason->text ? reason->text->name : ""));
    for (size_t k = 0; reason->text && k < TEXT_ARGS; k++)
        buffer_sized(buffer, span_text(reason->arg[k]));
}

static void write_reasons(const struct reason *reasons, size_t count, struct buffer *buffer)
{
    buffer_u8(buffer, (uint8_t)count);
    for (size_t i = 0; i < count; i++)
        write_reason(&reasons[i], buffer);
}

static void write_stamp(const struct stamp_finding *stamp, struct buffer *buffer)
{
    buffer_u8(buffer, (uint8_t)stamp->kind);
    buffer_u8(buffer, (uint8_t)stamp->indication);
    buffer_u8(buffer, (uint8_t)stamp->sub);
    buffer_u64(buffer, (uint64_t)stamp->time_ms);
    buffer_sized(buffer, span_text(stamp->authority));
    write_reason(&stamp->reason, buffer);
}

static void write_check(const struct check *check, struct buffer *buffer)
{
    buffer_sized(buffer, span_text(check->what->name));
    buffer_sized(buffer, span_text(check->arg));
    buffer_u8(buffer, (uint8_t)check->result);
    buffer_u8(buffer, check->depth);
}

static void write_finding(const struct finding *finding, struct buffer *buffer)
{
    buffer_u8(buffer, (uint8_t)finding->kind);
    buffer_u16(buffer, (uint16_t)finding->of);
    buffer_u8(buffer, (uint8_t)finding->role);
    buffer_u8(buffer, (uint8_t)finding->indication);
    buffer_u8(buffer, (uint8_t)finding->sub);
    write_reasons(finding->reasons, finding->reason_count, buffer);
#define WRITE_TEXT(name) buffer_sized(buffer, span_text(finding->name));
    FINDING_TEXTS(WRITE_TEXT)
#undef WRITE_TEXT
    buffer_u64(buffer, (uint64_t)finding->claimed_time_ms);
    buffer_u64(buffer, (uint64_t)finding->best_signature_time_ms);
    buffer_u8(buffer, finding->covers_whole_file);
    buffer_u32(buffer, finding->revision);
    buffer_u32(buffer, finding->revisions);
    buffer_u8(buffer, (uint8_t)finding->covered_count);
    for (size_t i = 0; i < finding->covered_count; i++)
        buffer_sized(buffer, span_text(finding->covered[i]));
    buffer_u8(buffer, (uint8_t)finding->stamp_count);
    for (size_t i = 0; i < finding->stamp_count; i++)
        write_stamp(&finding->stamps[i], buffer);
    buffer_u8(buffer, (uint8_t)finding->check_count);
    for (size_t i = 0; i < finding->check_count; i++)
        write_check(&finding->checks[i], buffer);
}

void verdict_write(const struct verdict *verdict, struct buffer *buffer)
{
    buffer_u8(buffer, FRAME_VERSION);
    buffer_u8(buffer, (uint8_t)verdict->changed_after_signing);
    buffer_u8(buffer, (uint8_t)verdict->profile);
    buffer_sized(buffer, span_text(verdict->profile_name));
    write_reasons(verdict->reasons, verdict->reason_count, buffer);
    buffer_u16(buffer, (uint16_t)verdict->count);
    for (size_t i = 0; i < verdict->count; i++)
        write_finding(&verdict->findings[i], buffer);
    buffer_u32(buffer, verdict->first_revision);
    buffer_u16(buffer, (uint16_t)verdict->revision_count);
    for (size_t i = 0; i < verdict->revision_count; i++) {
        buffer_u64(buffer, verdict->revisions[i].end);
        buffer_u16(buffer, (uint16_t)verdict->revisions[i].changes);
        write_reason(&verdict->revisions[i].reason, buffer);
    }
    wanted_write(&verdict->wanted, buffer);
}

/* A number that must be below `limit`. */
static unsigned read_below(struct reader *r, unsigned limit)
{
    unsigned value = read_u8(r);
    if (value >= limit)
        r->failed = true;
    return r->failed ? 0 : value;
}

static void read_text(struct reader *r, size_t room, char *ret_text)
{
    struct span text = read_sized(r, room - 1);
    if (memchr(text.data ? (const void *)text.data : "", '\0', text.size))
        r->failed = true;
    text_clean((const char *)text.data, text.size, room, ret_text);
}

const struct text *verdict_sentence(const char *name)
{
    for (size_t i = 0; i < COUNT_OF(reason_lists); i++) {
        const struct text *text = text_find(reason_lists[i], name);
        if (text)
            return text;
    }
    return NULL;
}

/* An empty name: NULL. */
static const struct text *read_sentence(struct reader *r)
{
    char name[64];
    read_text(r, sizeof(name), name);
    if (r->failed || !name[0])
        return NULL;
    const struct text *text = verdict_sentence(name);
    r->failed |= !text;
    return text;
}

static void read_reason(struct reader *r, struct reason *ret_reason)
{
    ret_reason->text = read_sentence(r);
    if (!ret_reason->text)
        return;
    for (size_t k = 0; k < TEXT_ARGS; k++)
        read_text(r, TEXT_ARG_SIZE, ret_reason->arg[k]);
}

/* One that must say something. */
static void read_full_reason(struct reader *r, struct reason *ret_reason)
{
    read_reason(r, ret_reason);
    r->failed |= !ret_reason->text;
}

static size_t read_reasons(struct reader *r, struct reason *ret_reasons)
{
    size_t count = read_below(r, VERDICT_MAX_REASONS + 1);
    for (size_t i = 0; i < count && !r->failed; i++)
        read_full_reason(r, &ret_reasons[i]);
    return r->failed ? 0 : count;
}

/* EN 319 102-1, 5.1.3: passed carries no sub-indication, failed always one. */
static bool is_indication(enum indication indication, enum sub_indication sub)
{
    return indication == INDETERMINATE || (indication == TOTAL_PASSED) == (sub == SUB_NONE);
}

static void read_stamp(struct reader *r, struct stamp_finding *stamp)
{
    stamp->kind = read_below(r, STAMP_KIND_COUNT);
    stamp->indication = read_below(r, TOTAL_FAILED + 1);
    stamp->sub = read_below(r, SUB_INDICATION_COUNT);
    stamp->time_ms = (int64_t)read_u64(r);
    read_text(r, sizeof(stamp->authority), stamp->authority);
    read_reason(r, &stamp->reason);
    r->failed |= !is_indication(stamp->indication, stamp->sub);
}

static void read_check(struct reader *r, struct check *check)
{
    check->what = read_sentence(r);
    r->failed |= !check->what;
    read_text(r, sizeof(check->arg), check->arg);
    check->result = read_below(r, CHECK_BAD + 1);
    check->depth = read_u8(r);
}

static void read_finding(struct reader *r, struct finding *finding)
{
    finding->kind = read_below(r, FINDING_COUNTER_SIGNATURE + 1);
    finding->of = read_u16(r);
    finding->role = read_below(r, ROLE_AGENCY + 1);
    finding->indication = read_below(r, TOTAL_FAILED + 1);
    finding->sub = read_below(r, SUB_INDICATION_COUNT);
    finding->reason_count = read_reasons(r, finding->reasons);
#define READ_TEXT(name) read_text(r, sizeof(finding->name), finding->name);
    FINDING_TEXTS(READ_TEXT)
#undef READ_TEXT
    finding->claimed_time_ms = (int64_t)read_u64(r);
    finding->best_signature_time_ms = (int64_t)read_u64(r);
    finding->covers_whole_file = read_below(r, 2);
    finding->revision = read_u32(r);
    finding->revisions = read_u32(r);
    finding->covered_count = read_below(r, VERDICT_MAX_COVERED + 1);
    for (size_t i = 0; i < finding->covered_count; i++)
        read_text(r, sizeof(finding->covered[i]), finding->covered[i]);
    finding->stamp_count = read_below(r, VERDICT_MAX_STAMPS + 1);
    for (size_t i = 0; i < finding->stamp_count && !r->failed; i++)
        read_stamp(r, &finding->stamps[i]);
    finding->check_count = read_below(r, VERDICT_MAX_CHECKS + 1);
    for (size_t i = 0; i < finding->check_count && !r->failed; i++)
        read_check(r, &finding->checks[i]);
    r->failed |= !is_indication(finding->indication, finding->sub);
}

static void read_revisions(struct reader *r, struct verdict *verdict)
{
    verdict->first_revision = read_u32(r);
    for (size_t left = read_u16(r); left > 0 && !r->failed; left--) {
        struct revision *revision = verdict_add_revision(verdict);
        if (!revision) {
            r->failed = true;
            return;
        }
        revision->end = read_u64(r);
        revision->changes = read_u16(r);
        r->failed |= revision->changes >= 1u << REVISION_CHANGE_COUNT;
        read_reason(r, &revision->reason);
    }
}

bool verdict_read(struct span frame, struct verdict *ret_verdict, struct error *err)
{
    struct reader r = reader_of(frame);
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    if (read_u8(&r) != FRAME_VERSION)
        r.failed = true;
    verdict.changed_after_signing = read_below(&r, CHANGED_YES + 1);
    verdict.profile = read_below(&r, CHECK_BAD + 1);
    read_text(&r, sizeof(verdict.profile_name), verdict.profile_name);
    verdict.reason_count = read_reasons(&r, verdict.reasons);
    for (size_t left = read_u16(&r); left > 0 && !r.failed; left--) {
        struct finding *finding = verdict_add(&verdict);
        if (finding)
            read_finding(&r, finding);
        if (!finding || (finding->kind == FINDING_COUNTER_SIGNATURE && finding->of + 1 >= verdict.count))
            r.failed = true;
    }
    read_revisions(&r, &verdict);
    wanted_read(&r, &verdict.wanted);
    if (r.failed || r.left.size != 0)
        return fail(err, ERR_INTERNAL, &TEXT_VERDICT_FRAME);
    *ret_verdict = verdict;
    verdict = (struct verdict){0};
    return true;
}
