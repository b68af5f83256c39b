/* Anything may be appended to a signed form: the objects of one later revision, whose section is written here,
 * so that what is tried is the comparison and not the section. */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "signer/pdf_diff.h"
#include "signer/pdf_objects.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OBJECTS = 32, SIGNED_OBJECTS = 13, PAGE = 3, TEXT = 4, SIGNATURE = 6 };

static const char *const form[SIGNED_OBJECTS] = {
    [1] = "<</Type /Catalog /Pages 2 0 R /AcroForm 7 0 R /Metadata 12 0 R>>",
    [2] = "<</Type /Pages /Kids [3 0 R] /Count 1>>",
    [PAGE] =
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <<>> /Annots [5 0 R "
        "8 0 R 9 0 R]>>",
    [TEXT] = "<</Length 3>>\nstream\nq Q\nendstream",
    [5] = "<</Type /Annot /Subtype /Widget /FT /Sig /T (a) /P 3 0 R /Rect [0 0 0 0] /V 6 0 R>>",
    [SIGNATURE] = "<</Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1111111111 2222222222 "
                  "3333333333] /Contents <3000>>>",
    [7] = "<</SigFlags 3 /DA (/F1 9 Tf) /DR <</Font <</F1 <</Type /Font>>>>>> /Fields [5 0 R 8 0 R 9 0 R]>>",
    [8] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (b) /P 3 0 R /Rect [9 9 99 99] /V (x) /AP <</N 10 0 "
          "R>>>>",
    [9] = "<</Type /Annot /Subtype /Widget /FT /Sig /T (c) /P 3 0 R /Rect [9 9 99 99]>>",
    [10] = "<</Length 3>>\nstream\nq Q\nendstream",
    [11] = "<</Producer (x)>>",
    [12] = "<</Type /Metadata /Subtype /XML /Length 37>>\nstream\n<x:xmpmeta "
           "xmlns:x=\"adobe:ns:meta/\"/>\nendstream",
};

static void write_section(struct buffer *pdf, const size_t *offsets, size_t previous)
{
    size_t at = pdf->size;
    buffer_text(pdf, "xref\n0 1\n0000000000 65535 f \n");
    for (unsigned n = 1; n < OBJECTS; n++)
        if (offsets[n])
            buffer_format(pdf, "%u 1\n%010zu 00000 n \n", n, offsets[n]);
    buffer_format(pdf, "trailer\n<</Root 1 0 R /Info 11 0 R /Size %d", OBJECTS);
    if (previous)
        buffer_format(pdf, " /Prev %zu", previous);
    buffer_format(pdf, ">>\nstartxref\n%zu\n%%%%EOF\n", at);
}

static void fill_number(struct buffer *pdf, const char *room, size_t number)
{
    char digits[16];
    size_t at = span_find(buffer_span(pdf), span_text(room), 0);
    snprintf(digits, sizeof(digits), "%-10zu", number);
    memcpy(pdf->data + at, digits, 10);
}

/* The signed revision; where its section stands. */
static size_t make_signed(struct buffer *pdf)
{
    size_t offsets[OBJECTS] = {0};
    buffer_text(pdf, "%PDF-1.7\n");
    for (unsigned n = 1; n < SIGNED_OBJECTS; n++) {
        offsets[n] = pdf->size;
        buffer_format(pdf, "%u 0 obj\n%s\nendobj\n", n, form[n]);
    }
    size_t section = pdf->size, open = span_find(buffer_span(pdf), SPAN_LITERAL("<3000>"), 0);
    write_section(pdf, offsets, 0);
    fill_number(pdf, "1111111111", open);
    fill_number(pdf, "2222222222", open + 6);
    fill_number(pdf, "3333333333", pdf->size - open - 6);
    return section;
}

/* "N 0 obj" at the start of a line: the section names it. */
static void find_objects(struct span bytes, size_t from, size_t *ret_offsets)
{
    for (size_t at = from; at != SIZE_MAX && at < bytes.size;) {
        struct pdf_cursor cursor = pdf_cursor_at(bytes, at);
        uint32_t number, generation;
        if (pdf_take_header(&cursor, &number, &generation) && number < OBJECTS && generation == 0)
            ret_offsets[number] = at;
        at = span_find(bytes, SPAN_LITERAL("\n"), at);
        at += at != SIZE_MAX;
    }
}

/* Whatever is allowed, the page keeps its text. */
static void the_page_stays(struct pdf_document *document)
{
    struct pdf_object before, after, page;
    struct error err = {0};
    size_t now = document->xref.count - 1;
    if (!pdf_object_find(document, TEXT, 0, &before, &err)
        || !pdf_object_find(document, TEXT, now, &after, &err)
        || !pdf_object_find(document, PAGE, now, &page, &err))
        abort();
    struct pdf_value contents = pdf_get(&page.value, "Contents");
    if (!span_equal(before.stream, after.stream) || contents.kind != PDF_REFERENCE || contents.object != TEXT)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct pdf_document document CLEANUP(pdf_document_close) = {0};
    struct pdf_signatures signatures CLEANUP(pdf_signatures_clear) = {0};
    struct pdf_history history CLEANUP(pdf_history_clear) = {0};
    struct error err = {0};
    size_t offsets[OBJECTS] = {0}, previous = make_signed(&pdf), from = pdf.size;
    buffer_append(&pdf, span_of(data, size));
    buffer_text(&pdf, "\n");
    find_objects(buffer_span(&pdf), from, offsets);
    write_section(&pdf, offsets, previous);
    if (!buffer_string(&pdf) || !pdf_document_open(buffer_span(&pdf), &document, &err)
        || !pdf_signatures_find(&document, &signatures, &err)
        || !pdf_diff(&document, &signatures, &history, &err))
        return 0;
    if (history.first == 0 && history.count == 2 && !history.changes[1].refused.text)
        the_page_stays(&document);
    return 0;
}
