#include "signer/verdict.h"

#include <assert.h>
#include <stdarg.h>
#include <stdlib.h>

static const char *const indications[] = {
    [INDETERMINATE] = "INDETERMINATE", [TOTAL_PASSED] = "TOTAL-PASSED", [TOTAL_FAILED] = "TOTAL-FAILED"};

#define SUB_INDICATION_NAME(name) [SUB_##name] = #name,
static const char *const sub_indications[SUB_INDICATION_COUNT] = {SUB_INDICATIONS(SUB_INDICATION_NAME)};

const char *indication_name(enum indication indication)
{
    return indications[indication];
}

const char *sub_indication_name(enum sub_indication sub)
{
    return sub_indications[sub];
}

#define STAMP_KIND_NAME(name, word) [STAMP_##name] = word,
static const char *const stamp_kinds[STAMP_KIND_COUNT] = {STAMP_KINDS(STAMP_KIND_NAME)};

const char *stamp_kind_name(enum stamp_kind kind)
{
    return stamp_kinds[kind];
}

#define REVISION_CHANGE_NAME(name, word) [REVISION_##name] = word,
static const char *const revision_changes[REVISION_CHANGE_COUNT] = {REVISION_CHANGES(REVISION_CHANGE_NAME)};

const char *revision_change_name(enum revision_change change)
{
    return revision_changes[change];
}

struct finding *verdict_add(struct verdict *verdict)
{
    if (verdict->count >= VERDICT_MAX_SIGNATURES)
        return NULL;
    if (verdict->count == verdict->room) {
        size_t room = verdict->room ? 2 * verdict->room : 2;
        struct finding *grown = realloc(verdict->findings, room * sizeof(*grown));
        if (!grown)
            return NULL;
        verdict->findings = grown;
        verdict->room = room;
    }
    struct finding *last = &verdict->findings[verdict->count++];
    *last = (struct finding){0};
    return last;
}

struct revision *verdict_add_revision(struct verdict *verdict)
{
    if (verdict->revision_count >= VERDICT_MAX_REVISIONS)
        return NULL;
    struct revision *grown = realloc(verdict->revisions, (verdict->revision_count + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    verdict->revisions = grown;
    struct revision *last = &grown[verdict->revision_count++];
    *last = (struct revision){0};
    return last;
}

struct stamp_finding *finding_add_stamp(struct finding *finding, enum stamp_kind kind)
{
    if (finding->stamp_count >= VERDICT_MAX_STAMPS)
        return NULL;
    struct stamp_finding *last = &finding->stamps[finding->stamp_count++];
    *last = (struct stamp_finding){.kind = kind};
    return last;
}

static void set_reason(struct reason *reason, const struct text *text, va_list args)
{
    *reason = (struct reason){.text = text};
    for (size_t i = 0; i < TEXT_ARGS; i++) {
        const char *arg = va_arg(args, const char *);
        if (!arg)
            return;
        text_clean(arg, strlen(arg), TEXT_ARG_SIZE, reason->arg[i]);
    }
}

/* What has been said is not said again. */
static void add_reason(struct reason *reasons, size_t *count, const struct text *text, va_list args)
{
    struct reason said;
    set_reason(&said, text, args);
    for (size_t i = 0; i < *count; i++)
        if (reasons[i].text == text && memcmp(reasons[i].arg, said.arg, sizeof(said.arg)) == 0)
            return;
    if (*count < VERDICT_MAX_REASONS)
        reasons[(*count)++] = said;
}

void finding_check(struct finding *finding, uint8_t depth, enum check_result result, const struct text *what,
                   const char *arg)
{
    if (finding->check_count >= VERDICT_MAX_CHECKS)
        return;
    struct check *check = &finding->checks[finding->check_count++];
    *check = (struct check){.what = what, .result = result, .depth = depth};
    text_clean(arg ? arg : "", arg ? strlen(arg) : 0, sizeof(check->arg), check->arg);
}

void finding_reason(struct finding *finding, const struct text *text, ...)
{
    va_list args;
    va_start(args, text);
    add_reason(finding->reasons, &finding->reason_count, text, args);
    va_end(args);
}

void verdict_reason(struct verdict *verdict, const struct text *text, ...)
{
    va_list args;
    va_start(args, text);
    add_reason(verdict->reasons, &verdict->reason_count, text, args);
    va_end(args);
}

static int badness(enum indication indication)
{
    return indication == TOTAL_FAILED ? 2 : indication == INDETERMINATE ? 1 : 0;
}

void finding_worsen(struct finding *finding, enum indication indication, enum sub_indication sub,
                    const struct text *text, ...)
{
    assert(indication != TOTAL_PASSED && sub != SUB_NONE);
    if (badness(indication) > badness(finding->indication) || finding->sub == SUB_NONE) {
        finding->indication = indication;
        finding->sub = sub;
    }
    va_list args;
    va_start(args, text);
    add_reason(finding->reasons, &finding->reason_count, text, args);
    va_end(args);
}

void finding_pass(struct finding *finding)
{
    if (finding->indication == INDETERMINATE && finding->sub == SUB_NONE)
        finding->indication = TOTAL_PASSED;
}

enum indication verdict_overall(const struct verdict *verdict)
{
    enum indication overall = verdict->count ? TOTAL_PASSED : INDETERMINATE;
    for (size_t i = 0; i < verdict->count; i++)
        if (badness(verdict->findings[i].indication) > badness(overall))
            overall = verdict->findings[i].indication;
    if (overall == TOTAL_PASSED && verdict->profile_name[0] && verdict->profile != CHECK_GOOD)
        overall = INDETERMINATE; /* EN 319 102-1, 5.2.8: a constraint on the whole is not met */
    return overall;
}

void verdict_clear(struct verdict *verdict)
{
    free(verdict->findings);
    free(verdict->revisions);
    wanted_clear(&verdict->wanted);
    *verdict = (struct verdict){0};
}
