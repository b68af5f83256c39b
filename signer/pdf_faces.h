/* Where things stand on pages: rectangles, the box of a page that a reader shows, and how much of it later
 * revisions have covered. */
#pragma once

#include "signer/pdf_document.h"

enum { PDF_FACES_MAX = 4096 }; /* pages on which something was put */

struct pdf_rectangle {
    double left, bottom, right, top;
};

struct pdf_faces {
    struct pdf_covered {
        uint32_t page;
        double area; /* of all faces on it */
    } * pages;
    size_t count;
};

/* Rect, MediaBox …: four numbers in any order of corners. False when it is none. */
bool pdf_rectangle_read(struct pdf_document *document, size_t as_of, const struct pdf_value *value,
                        struct pdf_rectangle *ret_rectangle);
/* What a reader shows of a page: CropBox within MediaBox, own or inherited (ISO 32000-2, 7.7.3.3). A4 when
 * the page does not say. */
struct pdf_rectangle pdf_page_box(struct pdf_document *document, size_t as_of, uint32_t page);
double pdf_rectangle_area(const struct pdf_rectangle *rectangle);
struct pdf_rectangle pdf_rectangle_common(const struct pdf_rectangle *a, const struct pdf_rectangle *b);
/* Adds to what covers a page; the whole of it so far. Negative without memory or above the limit. */
double pdf_faces_add(struct pdf_faces *faces, uint32_t page, double area);
void pdf_faces_clear(struct pdf_faces *faces);
