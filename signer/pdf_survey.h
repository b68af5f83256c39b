/* Every object of a revision looked at once: is the document sound throughout, and which numbers are in
 * use, which only referred to. A number that something refers to and nothing defines must never be given
 * to a new object: what refers to it would show it (one kind of shadow attack). */
#pragma once

#include "signer/pdf_document.h"

struct pdf_survey {
    struct pdf_set used;       /* in use */
    struct pdf_set referenced; /* named by a reference in an object or a trailer */
    struct pdf_set sections;   /* numbers of cross-reference streams */
    struct pdf_set roots;      /* named by trailers */
    struct pdf_counts counts;  /* how often, by objects as they are now and by trailers together once */
    uint32_t
        unreadable; /* an object that could not be read: what it refers to is not known; 0 when there is none */
    uint32_t highest_used; /* the largest number in use */
    uint32_t highest;      /* … or referred to */
};

/* Which part of a document is looked at: what a reader of the sections first … last finds in them, in the
 * first `end` bytes. */
struct pdf_stretch {
    size_t first, last;
    uint64_t end;
    bool tolerant; /* an object that cannot be read is passed over; otherwise it is a defect */
};

/* Adds a stretch. An object that lies behind the end is always a defect. MALFORMED names the first. Values
 * read before die with pdf_forget. */
bool pdf_survey(struct pdf_document *document, const struct pdf_stretch *stretch, struct pdf_survey *survey,
                struct error *err) MUST_USE;
/* Something refers to the number, nothing defines it. */
bool pdf_survey_dangling(const struct pdf_survey *survey, uint32_t number);
void pdf_survey_clear(struct pdf_survey *survey);
