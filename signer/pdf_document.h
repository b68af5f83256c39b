/* The objects of a PDF by their number, as a reader of any of its revisions finds them: plain ones in the
 * file, packed ones in object streams, which are inflated once and kept. What is encrypted is read when no
 * password is needed. One thread at a time; what is handed out lives as long as the document. */
#pragma once

#include "signer/pdf_crypt.h"
#include "signer/pdf_xref.h"

struct pdf_object {
    uint32_t number, generation;
    struct pdf_place place;
    struct pdf_value value;   /* its strings are plain when the document is encrypted and could be opened */
    struct pdf_value written; /* a plain object: as it stands in the file */
    bool is_stream;
    struct span stream; /* its bytes as they are written, still encoded */
    uint64_t end;       /* a plain object: behind its "endobj" */
};

enum {
    PDF_CONTAINER_BUCKETS = 256,
    PDF_INFLATED_TOTAL = 512 << 20 /* bytes inflated for one document, those forgotten again included */
};

struct pdf_container; /* an object stream */

struct pdf_document {
    struct span bytes;
    struct pdf_xref xref;
    struct pdf_crypt crypt;
    /* ours */
    struct pdf_container *containers[PDF_CONTAINER_BUCKETS]; /* by their offset */
    size_t inflated, spent;                                  /* bytes kept in containers; ever inflated */
    unsigned depth;                    /* of streams whose reading needs another stream */
    struct pdf_references *references; /* pdf_survey.c: where references are noted */
};

bool pdf_document_open(struct span bytes, struct pdf_document *ret_document, struct error *err) MUST_USE;
void pdf_document_close(struct pdf_document *document);

/* The object at a place that pdf_xref_find gave: its header must name it, its stream must be whole.
 * `as_of` is the section up to which a stream's Length and object streams are looked up. MALFORMED. */
bool pdf_object_read(struct pdf_document *document, uint32_t number, struct pdf_place place, size_t as_of,
                     struct pdf_object *ret_object, struct error *err) MUST_USE;
/* The same by number. An object that is free or named nowhere is null (7.3.10): PDF_NULL, no error. */
bool pdf_object_find(struct pdf_document *document, uint32_t number, size_t as_of,
                     struct pdf_object *ret_object, struct error *err) MUST_USE;
/* What a reference stands for; any other value stands for itself. */
bool pdf_resolve(struct pdf_document *document, size_t as_of, struct pdf_value *value, struct error *err)
    MUST_USE;
/* The value of a key, a reference followed. */
bool pdf_follow(struct pdf_document *document, size_t as_of, const struct pdf_value *dictionary,
                const char *key, struct pdf_value *ret_value, struct error *err) MUST_USE;
/* The document catalog: the Root of the trailer of section `as_of`. */
bool pdf_catalog(struct pdf_document *document, size_t as_of, struct pdf_object *ret_catalog,
                 struct error *err) MUST_USE;

/* The decoded bytes of a stream, at most `limit`, into a cleared buffer. MALFORMED, UNSUPPORTED, TOO_LARGE. */
bool pdf_object_decode(struct pdf_document *document, const struct pdf_object *stream, size_t limit,
                       struct buffer *ret_bytes, struct error *err) MUST_USE;

/* Forgets the object streams that were inflated: for walks over every object. Values from them die. */
void pdf_forget(struct pdf_document *document);
/* Where a value of the file itself stands; false for one out of an object stream. */
bool pdf_offset_of(const struct pdf_document *document, const struct pdf_value *value, uint64_t *ret_at);
