/* An administrative result to show and test with: a licence of a department of a province that does not exist, set as
 * Decree 30/2020/NĐ-CP, Appendix I, says. The same input gives the same bytes. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "base/sink.h"

struct sample {
    const char *number; /* "127/GP-SNV" */
    const char *holder; /* whom the licence is given to */
    int64_t date_ms;    /* milliseconds since 1970 UTC; the day is Vietnam's */
    unsigned pages;     /* at least 1; those after the first hold the register of places */
};

/* The whole PDF, into a cleared buffer: cross-reference table, embedded font subsets, text that can be selected. */
bool sample_draw(const struct sample *sample, struct buffer *ret_pdf, struct error *err) MUST_USE;

/* Writes `pdf` (with a cross-reference table) so that it is `bytes` long, by one more object of noise that no page shows.
 * The noise is made while it is written: memory does not grow with it. */
bool sample_write(struct span pdf, uint64_t bytes, struct sink *sink, struct error *err) MUST_USE;
