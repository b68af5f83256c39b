#include "tests/check.h"

#include "tests/pdf_make.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define PAGE                                                                                                 \
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"                                    \
    " /Resources <</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>>>>>>>"

const struct pdf_plan pdf_plain = {
    .objects = {[1] = "<</Type /Catalog /Pages 2 0 R>>",
                [2] = "<</Type /Pages /Kids [3 0 R] /Count 1>>",
                [3] = PAGE,
                [4] = "<</Length 45>>\nstream\nBT /F1 18 Tf 72 720 Td (Quyet dinh 127) Tj ET\nendstream"}};

struct pdf_plan pdf_plain_with(unsigned object, const char *text)
{
    struct pdf_plan plan = pdf_plain;
    plan.objects[object] = text;
    return plan;
}

uint64_t pdf_last_startxref(struct span pdf)
{
    size_t last = SIZE_MAX;
    for (size_t at = 0; (at = span_find(pdf, SPAN_LITERAL("startxref"), at)) != SIZE_MAX; at++)
        last = at;
    assert_true(last != SIZE_MAX);
    return strtoull((const char *)pdf.data + last + 9, NULL, 10);
}

/* One more than the highest number of the plan, of what stands already, and of `own`. */
static unsigned size_of(const struct pdf_plan *plan, struct span before, unsigned own)
{
    unsigned size = own + 1;
    for (unsigned n = 1; n < PDF_MAKE_OBJECTS; n++)
        if (plan->objects[n] && n + 1 > size)
            size = n + 1;
    for (size_t at = 0; (at = span_find(before, SPAN_LITERAL("/Size "), at)) != SIZE_MAX; at++) {
        unsigned was = (unsigned)strtoul((const char *)before.data + at + 6, NULL, 10);
        size = was > size ? was : size;
    }
    return size;
}

static void write_table(const struct pdf_plan *plan, const uint64_t *offsets, bool update, struct buffer *pdf)
{
    buffer_text(pdf, "xref\n");
    if (!update)
        buffer_text(pdf, "0 1\n0000000000 65535 f \n");
    for (unsigned n = 1; n < PDF_MAKE_OBJECTS; n++)
        if (plan->objects[n])
            buffer_format(pdf, "%u 1\n%010" PRIu64 " 00000 n \n", n, offsets[n]);
    buffer_text(pdf, "trailer\n<<");
}

static void write_stream(const struct pdf_plan *plan, const uint64_t *offsets, bool update, uint64_t at,
                         struct buffer *pdf)
{
    unsigned own = size_of(plan, buffer_span(pdf), 0), count = update ? 1 : 2, size = own + 1;
    buffer_format(pdf, "%u 0 obj\n<</Type /XRef /W [1 4 2] /Index [%s", own, update ? "" : "0 1 ");
    for (unsigned n = 1; n < own && n < PDF_MAKE_OBJECTS; n++)
        if (plan->objects[n]) {
            buffer_format(pdf, "%u 1 ", n);
            count++;
        }
    buffer_format(pdf, "%u 1] /Length %u", own, count * 7);
    struct buffer records CLEANUP(buffer_clear) = {0};
    if (!update)
        buffer_append(&records, SPAN_LITERAL("\0\0\0\0\0\377\377"));
    for (unsigned n = 1; n <= own; n++)
        if (n == own || (n < PDF_MAKE_OBJECTS && plan->objects[n])) {
            buffer_u8(&records, 1);
            buffer_u32(&records, (uint32_t)(n == own ? at : offsets[n]));
            buffer_u16(&records, 0);
        }
    buffer_format(pdf, " /Root 1 0 R /Size %u %s", size, plan->trailer ? plan->trailer : "");
    if (update)
        buffer_format(pdf, " /Prev %" PRIu64, pdf_last_startxref(span_slice(buffer_span(pdf), 0, at)));
    buffer_text(pdf, ">>\nstream\n");
    buffer_append(pdf, buffer_span(&records));
    buffer_text(pdf, "\nendstream\nendobj\n");
}

static void write_revision(const struct pdf_plan *plan, bool update, struct buffer *pdf)
{
    uint64_t offsets[PDF_MAKE_OBJECTS + 1] = {0};
    for (unsigned n = 1; n < PDF_MAKE_OBJECTS; n++) {
        if (!plan->objects[n])
            continue;
        offsets[n] = pdf->size;
        buffer_format(pdf, "%u 0 obj\n%s\nendobj\n", n, plan->objects[n]);
    }
    uint64_t at = pdf->size;
    if (plan->stream) {
        write_stream(plan, offsets, update, at, pdf);
    } else {
        write_table(plan, offsets, update, pdf);
        buffer_format(pdf, "/Root 1 0 R /Size %u %s", size_of(plan, buffer_span(pdf), 0),
                      plan->trailer ? plan->trailer : "");
        if (update)
            buffer_format(pdf, " /Prev %" PRIu64, pdf_last_startxref(span_slice(buffer_span(pdf), 0, at)));
        buffer_text(pdf, ">>\n");
    }
    buffer_format(pdf, "startxref\n%" PRIu64 "\n%%%%EOF\n", at);
    assert_non_null(buffer_string(pdf));
}

void pdf_make(const struct pdf_plan *plan, struct buffer *ret_pdf)
{
    buffer_text(ret_pdf, "%PDF-1.7\n%\xE2\xE3\xCF\xD3\n");
    write_revision(plan, false, ret_pdf);
}

void pdf_make_update(const struct pdf_plan *plan, struct buffer *pdf)
{
    write_revision(plan, true, pdf);
}

void pdf_write(const char *path, struct span bytes)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.size, file), bytes.size);
    fclose(file);
}

void pdf_read(const char *path, struct buffer *ret_bytes)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    for (size_t got = 1; got > 0;) {
        uint8_t *room = buffer_reserve(ret_bytes, 64 << 10);
        assert_non_null(room);
        got = fread(room, 1, 64 << 10, file);
        ret_bytes->size += got;
    }
    fclose(file);
}

void pdf_run(const char *directory, const char *command, struct buffer *pdf)
{
    char in[128], out[128], line[512];
    snprintf(in, sizeof(in), "%s/in.pdf", directory);
    snprintf(out, sizeof(out), "%s/out.pdf", directory);
    snprintf(line, sizeof(line), command, in, out);
    pdf_write(in, buffer_span(pdf));
    if (system(line) != 0)
        print_error("%s\n", line);
    pdf->size = 0;
    pdf_read(out, pdf);
    assert_non_null(buffer_string(pdf));
}
