/* The signatures and timestamps of a container, one file after the other, each handed to the room of its format; and which
 * files each of them covers. For asic_check.c alone. */
#pragma once

#include "signer/asic_manifest.h"
#include "signer/process.h"

struct asic_judging {
    const struct asic *asic;
    struct asic_manifests manifests;
    struct process *process;
    struct verdict *verdict;
    /* For every finding of the verdict a row: whether it covers the file, by the file's number. The last row is for all
     * findings together. */
    bool *covers;
};
enum { ASIC_BY_ANYBODY = VERDICT_MAX_SIGNATURES };

static inline bool *asic_covers(const struct asic_judging *judging, size_t finding)
{
    return judging->covers + finding * judging->asic->count;
}

/* Adds a finding, or several, for each. */
bool asic_judge_all(struct asic_judging *judging, struct error *err) MUST_USE;
