/* One cross-reference section, for pdf_xref.c alone. */
#pragma once

#include "signer/pdf_xref.h"

/* What a chain may still cost; shared by all its sections. */
struct pdf_allowance {
    size_t subsections, inflated;
};

/* The section at `at`: "xref" or the header of a cross-reference stream, with nothing but white space
 * before it. */
bool pdf_section_read(struct span bytes, uint64_t at, struct pdf_allowance *left,
                      struct pdf_section *ret_section, struct error *err) MUST_USE;
void pdf_section_clear(struct pdf_section *section);
/* The entry of an object, PDF_PLACE_NONE when the section has none. */
struct pdf_place pdf_section_find(struct span bytes, const struct pdf_section *section, uint32_t object);
/* Entry `index` of a subsection. */
struct pdf_place pdf_section_entry(struct span bytes, const struct pdf_section *section,
                                   const struct pdf_subsection *subsection, uint32_t index);
