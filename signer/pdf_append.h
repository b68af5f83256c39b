/* The incremental writer (ISO 32000-1, 7.5.6): objects behind the end of a document, then a cross-reference
 * section of the kind the document ended with. Nothing of the document is copied or changed; what is written
 * stays small. Objects are written one after the other:
 *
 *     pdf_update_begin(&update, &document, highest, err)
 *     uint32_t number = pdf_update_new(&update);
 *     pdf_update_open(&update, number, 0);           "N G obj"
 *     … append the value to update.bytes …
 *     pdf_update_close(&update);                     "endobj"
 *     pdf_update_finish(&update, err) */
#pragma once

#include "signer/pdf_document.h"

enum { PDF_UPDATE_OBJECTS = 16 };

struct pdf_update {
    struct buffer bytes; /* what follows the document */
    /* ours */
    const struct pdf_document *document;
    uint32_t highest; /* number used so far */
    struct {
        uint32_t number, generation;
        uint64_t offset;
    } objects[PDF_UPDATE_OBJECTS];
    size_t count;
    uint32_t twice; /* a number that was opened twice; 0: none */
};

/* `highest` is the largest number that is in use or that anything refers to. */
void pdf_update_begin(struct pdf_update *update, const struct pdf_document *document, uint32_t highest);
uint32_t pdf_update_new(struct pdf_update *update);
void pdf_update_open(struct pdf_update *update, uint32_t number, uint32_t generation);
void pdf_update_close(struct pdf_update *update);
/* MALFORMED when an object was written twice: the document lets it serve two purposes. */
bool pdf_update_finish(struct pdf_update *update, struct error *err) MUST_USE;
void pdf_update_clear(struct pdf_update *update);

/* A dictionary written again with some of its entries replaced or added; everything else stays as it was
 * written. */
struct pdf_edit {
    const char *key;
    struct span value; /* empty: the entry goes */
};
void pdf_append_dictionary(struct buffer *buffer, const struct pdf_value *dictionary,
                           const struct pdf_edit *edits, size_t count);
/* An array (or none) written again with one reference more. */
void pdf_append_array(struct buffer *buffer, const struct pdf_value *array, uint32_t number);
