/* Timestamps of a container about one of its CMS files: those whose manifest holds the file's digest (EN 319 162-1, A.7).
 * They prove that it existed, with all that stands in it, and earlier timestamps with it. For asic_judge.c alone. */
#pragma once

#include "signer/asic_judge.h"

enum { ASIC_MAX_STAMPS = 4 /* about one file: more prove nothing that the oldest and the newest do not */ };

struct asic_proofs {
    struct span *all;
    size_t count, room;
};

struct asic_stamps {
    struct stamp stamps[ASIC_MAX_STAMPS]; /* oldest first */
    size_t count;
    /* what they borrow from, in the order they were found in */
    struct buffer tokens[ASIC_MAX_STAMPS];
    struct asic_proofs proofs[ASIC_MAX_STAMPS];
};

/* `cms` are the bytes of the file, borrowed. False: faults of ours. */
bool asic_stamps_collect(struct asic_judging *judging, const struct detached *file, struct span cms,
                         struct asic_stamps *ret_stamps, struct error *err) MUST_USE;
void asic_stamps_clear(struct asic_stamps *stamps);
