/* The page tree (ISO 32000-1, 7.7.3), walked whole: every node is met once, or the tree is refused. */
#pragma once

#include "signer/pdf_document.h"

enum { PDF_TREE_DEPTH_MAX = 64 };

typedef bool pdf_page_visit(void *context, const struct pdf_object *page, struct error *err);

/* Calls `visit` for each page, in order. MALFORMED: circular, a node that is none. A page lives until
 * pdf_forget. */
bool pdf_pages_walk(struct pdf_document *document, size_t as_of, pdf_page_visit *visit, void *context,
                    struct error *err) MUST_USE;
