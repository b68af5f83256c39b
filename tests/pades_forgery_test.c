/* Published attacks on signed PDFs, made when the test runs: universal forgery (a signature that says nothing
 * about what it covers), incremental saving with and without the sections of a revision, signature wrapping
 * (the second signed part moved away, other content in the gap). */
#include "tests/check.h"

#include "tests/pades_form.h"

#include <stdio.h>

#include "signer/pdf_text.h"

#define OTHER_TEXT "<</Length 7>>\nstream\nq (!) Q\nendstream"
#define SIGNED_WITH(ranges, contents)                                                                        \
    "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached " ranges " " contents ">>"
#define RANGE "/ByteRange [0 1000 2000 100]"
#define DIGITS "/Contents <3000>"

static void make_signed(struct buffer *ret_pdf)
{
    static const struct form_row plain = {.sentence = "forged"};
    form_make(&plain, ret_pdf);
    assert_true(passes(buffer_span(ret_pdf), CHANGED_NO)); /* the untouched twin */
}

/* Nothing good is said: either a signature is refused, or none is found and that is said. */
static bool is_refused(struct span pdf)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct verification how = {.trust = world.trust};
    struct source source = source_of(pdf);
    struct error err = {0};
    if (!verifier_check(&how, &source, &verdict, &err))
        return false;
    return verdict.count ? verdict_overall(&verdict) == TOTAL_FAILED : verdict.reason_count > 0;
}

static const struct {
    const char *sentence, *signature;
} universal[] = {
    {"without ByteRange", SIGNED_WITH("", DIGITS)},
    {"ByteRange is null", SIGNED_WITH("/ByteRange null", DIGITS)},
    {"ByteRange is empty", SIGNED_WITH("/ByteRange []", DIGITS)},
    {"ByteRange covers nothing", SIGNED_WITH("/ByteRange [0 0 0 0]", DIGITS)},
    {"ByteRange is negative", SIGNED_WITH("/ByteRange [0 -1 -1 -1]", DIGITS)},
    {"ByteRange is no list", SIGNED_WITH("/ByteRange (0 1000 2000 100)", DIGITS)},
    {"ByteRange has two numbers", SIGNED_WITH("/ByteRange [0 1000]", DIGITS)},
    {"ByteRange stands elsewhere", SIGNED_WITH("/ByteRange 21 0 R", DIGITS)},
    {"ByteRange twice", SIGNED_WITH(RANGE " " RANGE, DIGITS)},
    {"without Contents", SIGNED_WITH(RANGE, "")},
    {"Contents is null", SIGNED_WITH(RANGE, "/Contents null")},
    {"Contents is empty", SIGNED_WITH(RANGE, "/Contents <>")},
    {"Contents is a zero", SIGNED_WITH(RANGE, "/Contents <00>")},
    {"Contents stands elsewhere", SIGNED_WITH(RANGE, "/Contents 21 0 R")},
    {"Contents is text", SIGNED_WITH(RANGE, "/Contents (0)")},
    {"neither", SIGNED_WITH("", "")},
    {"no signature at all", "null"},
    {"a list", "[]"},
};

/* The dictionary of the signature is written again, with less in it and another text on the page. */
static void a_signature_that_says_less_is_none(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(universal); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct pdf_plan update = {.trailer = "/Info 17 0 R"};
        make_signed(&pdf);
        update.objects[4] = OTHER_TEXT;
        update.objects[6] = universal[i].signature;
        update.objects[21] = "[0 1000 2000 100]";
        pdf_make_update(&update, &pdf);
        check_row(is_refused(buffer_span(&pdf)), universal[i].sentence);
    }
}

/* What is appended behind the signed revision; {0}: where its own section stands. */
static const struct {
    const char *sentence;
    const char *body;
    bool section, trailer, end; /* xref, trailer and startxref, %%EOF */
} savings[] = {
    {"a whole revision", "4 0 obj\n" OTHER_TEXT "\nendobj\n", true, true, true},
    {"without a section", "4 0 obj\n" OTHER_TEXT "\nendobj\n", false, true, true},
    {"without a trailer", "4 0 obj\n" OTHER_TEXT "\nendobj\n", true, false, true},
    {"without an end", "4 0 obj\n" OTHER_TEXT "\nendobj\n", true, true, false},
    {"a body alone", "4 0 obj\n" OTHER_TEXT "\nendobj\n", false, false, false},
    {"a body and an end", "4 0 obj\n" OTHER_TEXT "\nendobj\n", false, false, true},
    {"with a copy of the signature dictionary",
     "6 0 obj\n" SIGNED_WITH(RANGE, DIGITS) "\nendobj\n4 0 obj\n" OTHER_TEXT "\nendobj\n", false, true, true},
    {"a trailer with another root", "1 0 obj\n<</Type /Catalog /Pages 2 0 R>>\nendobj\n", false, true, true},
    {"an end that says nothing", "%%EOF\n4 0 obj\n" OTHER_TEXT "\nendobj\n", false, false, true},
};

static void what_is_saved_behind_a_signature_is_seen(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(savings); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        make_signed(&pdf);
        unsigned long long previous = pdf_last_startxref(buffer_span(&pdf));
        size_t body = pdf.size;
        buffer_text(&pdf, savings[i].body);
        size_t at = pdf.size;
        if (savings[i].section)
            buffer_format(&pdf, "xref\n4 1\n%010zu 00000 n \n", body);
        if (savings[i].trailer)
            buffer_format(&pdf, "trailer\n<</Root 1 0 R /Info 17 0 R /Size 20 /Prev %llu>>\nstartxref\n%zu\n",
                          previous, at);
        if (savings[i].end)
            buffer_text(&pdf, "%%EOF\n");
        check_row(is_refused(buffer_span(&pdf)), savings[i].sentence);
    }
}

/* A document that was signed with room behind the signature: its last object is long. */
static void make_roomy(struct buffer *ret_pdf, struct buffer *ret_filler)
{
    enum { ROOM = 40000 };
    buffer_format(ret_filler, "<</Length %d>>\nstream\n", ROOM);
    for (int i = 0; i < ROOM; i += 8)
        buffer_text(ret_filler, "........");
    buffer_text(ret_filler, "\nendstream");
    struct form_row row = {.sentence = "wrapped"};
    row.base.objects[19] = buffer_string(ret_filler);
    form_make(&row, ret_pdf);
    assert_true(passes(buffer_span(ret_pdf), CHANGED_NO));
}

/* The second signed part moves behind everything; in the gap stand another text, a signature dictionary that
 * says where that part is now, and a section exactly where the signed startxref points. */
static void wrap(bool other_dictionary, struct buffer *pdf)
{
    struct buffer wrapped CLEANUP(buffer_clear) = {0};
    struct span signed_file = buffer_span(pdf);
    size_t open = span_find(signed_file, SPAN_LITERAL("/Contents <"), 0) + strlen("/Contents ");
    size_t close = span_find(signed_file, SPAN_LITERAL(">"), open) + 1;
    size_t section = (size_t)pdf_last_startxref(signed_file);
    size_t offset[20] = {0};
    for (unsigned n = 1; n < COUNT_OF(offset); n++) {
        char header[24];
        snprintf(header, sizeof(header), "\n%u 0 obj", n);
        offset[n] = span_find(signed_file, span_text(header), 0) + 1;
    }
    struct span second = span_slice(signed_file, close, SIZE_MAX);
    buffer_append(&wrapped, span_slice(signed_file, 0, close));
    buffer_text(&wrapped, ">>\nendobj\n");
    offset[4] = wrapped.size;
    buffer_text(&wrapped, "4 0 obj\n" OTHER_TEXT "\nendobj\n");
    for (unsigned n = 7; n < COUNT_OF(offset) - 1; n++) {
        struct span object = span_slice(signed_file, offset[n], offset[n + 1] - offset[n]);
        offset[n] = wrapped.size;
        buffer_append(&wrapped, object);
    }
    offset[19] = wrapped.size;
    buffer_text(&wrapped, "19 0 obj\nnull\nendobj\n");
    if (other_dictionary) {
        offset[6] = wrapped.size;
        buffer_format(&wrapped,
                      "6 0 obj\n<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
                      "/ByteRange [0 %zu %zu %zu] /Contents ",
                      open, section + 1000, second.size);
        buffer_append(&wrapped, span_slice(signed_file, open, close - open));
        buffer_text(&wrapped, ">>\nendobj\n");
    }
    assert_true(wrapped.size < section);
    while (wrapped.size < section)
        buffer_text(&wrapped, " ");
    buffer_text(&wrapped, "xref\n0 20\n0000000000 65535 f \n");
    for (unsigned n = 1; n < COUNT_OF(offset); n++)
        buffer_format(&wrapped, "%010zu 00000 n \n", offset[n]);
    buffer_text(&wrapped, "trailer\n<</Root 1 0 R /Info 17 0 R /Size 20>>\n");
    while (wrapped.size < section + 1000)
        buffer_text(&wrapped, " ");
    buffer_append(&wrapped, second);
    assert_non_null(buffer_string(&wrapped));
    buffer_clear(pdf);
    *pdf = wrapped;
    wrapped = (struct buffer){0};
}

static void a_signature_is_not_wrapped(void **state)
{
    (void)state;
    for (int other = 0; other < 2; other++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0}, filler CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        make_roomy(&pdf, &filler);
        wrap(other, &pdf);
        check(buffer_span(&pdf), &verdict);
        assert_int_equal(verdict.count, 1);
        assert_int_equal(verdict.findings[0].indication, TOTAL_FAILED);
        assert_ptr_equal(verdict.findings[0].reasons[0].text,
                         other ? &TEXT_PDF_RANGE_GAP : &TEXT_PDF_RANGE_REVISION);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_that_says_less_is_none),
        cmocka_unit_test(what_is_saved_behind_a_signature_is_seen),
        cmocka_unit_test(a_signature_is_not_wrapped),
    };
    return cmocka_run_group_tests_name("pades_forgery", tests, trust_world_make, trust_world_end);
}
