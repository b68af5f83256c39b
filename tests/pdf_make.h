/* PDFs made when a test runs: out of the text of their objects, so that a row of a table can say exactly
 * what is in one. */
#pragma once

#include "base/bytes.h"

enum { PDF_MAKE_OBJECTS = 32 };

struct pdf_plan {
    const char
        *objects[PDF_MAKE_OBJECTS]; /* objects[n] is the text of object n; NULL: free; object 0 is not used */
    const char *trailer;            /* what stands in the trailer beside Size and Root; may be NULL */
    bool stream;                    /* a cross-reference stream instead of a table */
};

/* Object 1 is the catalog, 2 the page tree, 3 the page, 4 what is on it. */
extern const struct pdf_plan pdf_plain;

void pdf_make(const struct pdf_plan *plan, struct buffer *ret_pdf);
/* Adds a revision: the objects that are not NULL, and a section of the kind the plan says. */
void pdf_make_update(const struct pdf_plan *plan, struct buffer *pdf);
/* The plain document with some of its objects said differently. */
struct pdf_plan pdf_plain_with(unsigned object, const char *text);
/* The offset behind the last "startxref". */
uint64_t pdf_last_startxref(struct span pdf);

/* What another program makes of it: `command` is a format with the input's and the output's path. Ends the
 * test when it fails. */
void pdf_run(const char *directory, const char *command, struct buffer *pdf);
void pdf_write(const char *path, struct span bytes);
void pdf_read(const char *path, struct buffer *ret_bytes);
