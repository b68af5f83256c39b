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

struct finding *verdict_add(struct verdict *verdict)
{
    if (verdict->count >= VERDICT_MAX_SIGNATURES)
        return NULL;
    struct finding *grown = realloc(verdict->findings, (verdict->count + 1) * sizeof(*grown));
    if (!grown)
        return NULL;
    verdict->findings = grown;
    struct finding *last = &grown[verdict->count++];
    *last = (struct finding){0};
    return last;
}

static void add_reason(struct reason *reasons, size_t *count, const struct text *text, va_list args)
{
    if (*count >= VERDICT_MAX_REASONS)
        return;
    struct reason *reason = &reasons[(*count)++];
    *reason = (struct reason){.text = text};
    for (size_t i = 0; i < TEXT_ARGS; i++) {
        const char *arg = va_arg(args, const char *);
        if (!arg)
            return;
        text_clean(arg, strlen(arg), TEXT_ARG_SIZE, reason->arg[i]);
    }
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
    return overall;
}

void verdict_clear(struct verdict *verdict)
{
    free(verdict->findings);
    *verdict = (struct verdict){0};
}
