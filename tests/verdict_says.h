/* What a verdict says: whether a sentence is among the reasons, and whether a check stands in the report. */
#pragma once

#include "signer/verdict.h"

static inline bool reasons_name(const struct reason *reasons, size_t count, const struct text *text)
{
    for (size_t i = 0; i < count; i++)
        if (reasons[i].text == text)
            return true;
    return false;
}

static inline bool finding_says(const struct finding *finding, const struct text *text)
{
    return reasons_name(finding->reasons, finding->reason_count, text);
}

/* Of the document as a whole. */
static inline bool verdict_says(const struct verdict *verdict, const struct text *text)
{
    return reasons_name(verdict->reasons, verdict->reason_count, text);
}

static inline bool finding_has_check(const struct finding *finding, const struct text *what,
                                     enum check_result result)
{
    for (size_t i = 0; i < finding->check_count; i++)
        if (finding->checks[i].what == what && finding->checks[i].result == result)
            return true;
    return false;
}
