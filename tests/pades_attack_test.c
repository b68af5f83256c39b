/* What was changed after signing, nobody gets past us: later revisions, false byte ranges, single bits. */
#include "tests/check.h"

#include "tests/pades_world.h"

#include <ctype.h>
#include <stdio.h>

#include "signer/pdf_text.h"
#include "signer/signer_text.h"

/* What a later revision says: the signed document's objects are 1 to 4, its signature 5, the field 6, the
 * form 7. */
#define CATALOG(more) "<</Type /Catalog /Pages 2 0 R /AcroForm 7 0 R " more ">>"
#define PAGE_WITH(contents, annotations)                                                                     \
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents " contents                                \
    " /Resources <</Font <</F1 <</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>>>>> /Annots "          \
    "[" annotations "]>>"
#define FIELD(more)                                                                                          \
    "<</Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /P 3 0 R /Rect [0 0 0 0] /F 132 " more ">>"
#define STREAM "<</Length 3>>\nstream\nq Q\nendstream"

static const struct {
    const char *sentence;
    bool changed;
    const char *before; /* bytes between the signed revision and the next */
    struct pdf_plan update;
    const char *behind; /* instead of a revision, or behind it */
} changes[] = {
    {"nothing behind a signature leaves it as it is", false, NULL, {.trailer = ""}, ""},
    {"an end of line behind the end is nothing", false, NULL, {.trailer = ""}, "\r\n"},
    {"a revision that says nothing new is nothing", false, NULL, {.trailer = ""}, NULL},
    {"an object written again as it was is nothing",
     false,
     NULL,
     {.objects = {[2] = "<< /Count 1 /Kids [ 3 0 R ] % the same\n /Type /P#61ges >>"}},
     NULL},
    {"validation data may be added",
     false,
     NULL,
     {.objects = {[1] = CATALOG("/DSS 8 0 R"), [8] = "<</Certs [9 0 R] /VRI <<>>>>", [9] = STREAM}},
     NULL},
    {"the program that saved last may say so",
     false,
     NULL,
     {.objects = {[8] = "<</ModDate (D:20261121) /Producer (x)>>"}, .trailer = "/Info 8 0 R"},
     NULL},
    {"a new object that nothing shows is nothing", false, NULL, {.objects = {[8] = STREAM}}, NULL},
    {"other words on the page", true, NULL, {.objects = {[4] = STREAM}}, NULL},
    {"the page shows another stream",
     true,
     NULL,
     {.objects = {[3] = PAGE_WITH("8 0 R", "6 0 R"), [8] = STREAM}},
     NULL},
    {"a page more",
     true,
     NULL,
     {.objects = {[2] = "<</Type /Pages /Kids [3 0 R 8 0 R] /Count 2>>",
                  [8] = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]>>"}},
     NULL},
    {"another size of the page",
     true,
     NULL,
     {.objects = {[3] = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Annots [6 0 R]>>"}},
     NULL},
    {"an annotation over the text",
     true,
     NULL,
     {.objects =
          {[3] = PAGE_WITH("4 0 R", "6 0 R 8 0 R"),
           [8] = "<</Type /Annot /Subtype /FreeText /Rect [0 0 595 842] /Contents (x) /DA (/F1 9 Tf)>>"}},
     NULL},
    {"the signature gets a face and covers the page",
     true,
     NULL,
     {.objects = {[6] = FIELD("/V 5 0 R /AP <</N 8 0 R>>"), [8] = STREAM}},
     NULL},
    {"the widget is taken off the page", true, NULL, {.objects = {[3] = PAGE_WITH("4 0 R", "")}}, NULL},
    {"something happens when the document is opened",
     true,
     NULL,
     {.objects = {[1] = CATALOG("/OpenAction <</S /JavaScript /JS (x)>>")}},
     NULL},
    {"a text field more",
     true,
     NULL,
     {.objects = {[7] = "<</SigFlags 3 /Fields [6 0 R 8 0 R]>>", [8] = "<</FT /Tx /T (a) /V (x)>>"}},
     NULL},
    {"a field that borrows the signature",
     true,
     NULL,
     {.objects = {[7] = "<</SigFlags 3 /Fields [6 0 R 8 0 R]>>", [8] = "<</FT /Sig /T (b) /V 5 0 R>>"}},
     NULL},
    {"a form without texts draws none anew",
     false,
     NULL,
     {.objects = {[7] = "<</SigFlags 3 /Fields [6 0 R] /NeedAppearances true>>"}},
     NULL},
    {"another title is another description, not another document",
     false,
     NULL,
     {.objects = {[8] = "<</Title (x)>>"}, .trailer = "/Info 8 0 R"},
     NULL},
    {"encryption afterwards", true, NULL, {.objects = {[8] = "<<>>"}, .trailer = "/Encrypt 8 0 R"}, NULL},
    {"validation data that is none",
     true,
     NULL,
     {.objects = {[1] = CATALOG("/DSS <</Certs [3 0 R]>>")}},
     NULL},
    {"a number that was referred to and free comes to life", true, NULL, {.objects = {[20] = STREAM}}, NULL},
    {"an object between the revisions that no section names",
     true,
     "4 0 obj\n" STREAM "\nendobj\n",
     {.trailer = ""},
     NULL},
    {"words behind the end", true, NULL, {.trailer = ""}, "Quyet dinh 128"},
    {"an object behind the end, without a section",
     true,
     NULL,
     {.trailer = ""},
     "4 0 obj\n" STREAM "\nendobj\n"},
    {"a comment behind the end", true, NULL, {.trailer = ""}, "% x\n"},
};

static bool fails_as_changed(struct span pdf)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    check(pdf, &verdict);
    bool all = verdict.count > 0 && verdict.changed_after_signing == CHANGED_YES;
    for (size_t i = 0; i < verdict.count; i++)
        all = all && verdict.findings[i].indication == TOTAL_FAILED
              && verdict.findings[i].sub == SUB_FORMAT_FAILURE;
    return all;
}

static void what_nobody_explains_is_a_change(void **state)
{
    (void)state;
    struct pdf_plan plan = pdf_plain_with(2, "<</Type /Pages /Kids [3 0 R] /Count 1 /Hidden 20 0 R>>");
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        /* one row needs a reference to nothing; it moves the numbers of the signature, so that the others
         * do without */
        bool hidden = changes[i].update.objects[20] != NULL;
        pdf_make(hidden ? &plan : &pdf_plain, &pdf);
        must_sign(&world.leader, &pdf, changes[i].sentence);
        if (changes[i].before)
            buffer_text(&pdf, changes[i].before);
        if (changes[i].behind)
            buffer_text(&pdf, changes[i].behind);
        else
            pdf_make_update(&changes[i].update, &pdf);
        check_row(changes[i].changed ? fails_as_changed(buffer_span(&pdf))
                                     : passes(buffer_span(&pdf), CHANGED_NO),
                  changes[i].sentence);
    }
}

static void a_change_fails_the_signatures_before_it_and_no_later_one(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct pdf_plan change = {.objects = {[4] = STREAM}};
    struct error err = {0};
    pdf_make(&pdf_plain, &pdf);
    must_sign(&world.leader, &pdf, "first");
    pdf_make_update(&change, &pdf);
    /* whoever signs a changed document again is told */
    struct buffer again CLEANUP(buffer_clear) = {0};
    buffer_append(&again, buffer_span(&pdf));
    assert_false(sign(&world.agency, NULL, &again, &err));
    assert_ptr_equal(err.text, &TEXT_PRODUCT_BROKEN);
    check(buffer_span(&pdf), &verdict);
    assert_int_equal(verdict.count, 1);
    assert_int_equal(verdict.findings[0].revision, 2);
    assert_int_equal(verdict.findings[0].revisions, 3);
    assert_ptr_equal(verdict.findings[0].reasons[0].text, &TEXT_PDF_CHANGED);
    assert_string_equal(verdict.findings[0].reasons[0].arg[1], "4");
}

/* Shadow attack: what will be shown lies in the signed bytes already, and a later section merely points
 * back at it. */
static void a_section_that_points_back_into_signed_bytes_is_a_change(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct pdf_plan shown = {.objects = {[4] = STREAM}};
    pdf_make(&pdf_plain, &pdf);
    size_t shadow = span_find(buffer_span(&pdf), SPAN_LITERAL("4 0 obj"), 0);
    pdf_make_update(&shown, &pdf);
    must_sign(&world.leader, &pdf, "shadow");
    uint64_t previous = pdf_last_startxref(buffer_span(&pdf));
    size_t at = pdf.size;
    buffer_format(
        &pdf,
        "xref\n4 1\n%010zu 00000 n \ntrailer\n<</Root 1 0 R /Size 8 /Prev %llu>>\nstartxref\n%zu\n%%%%EOF\n",
        shadow, (unsigned long long)previous, at);
    assert_true(fails_as_changed(buffer_span(&pdf)));
}

/* A section that leaves the signed one out of its chain shows another document: whatever it is, it is not
 * the signed one. */
static void a_chain_past_the_signature_never_passes(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    uint64_t original = pdf_last_startxref(buffer_span(&pdf));
    must_sign(&world.leader, &pdf, "past");
    buffer_format(&pdf, "startxref\n%llu\n%%%%EOF\n", (unsigned long long)original);
    check(buffer_span(&pdf), &verdict);
    assert_int_equal(verdict.count, 0);
    assert_int_equal(verdict_overall(&verdict), INDETERMINATE);
    assert_ptr_equal(verdict.reasons[0].text, &TEXT_PDF_SIGNATURE_GONE);
}

static const struct {
    const char *sentence;
    int64_t from, before, after, end; /* added to the four numbers of ByteRange */
    const char *find, *replace;       /* or: a word and what stands there instead, of the same length */
} ranges[] = {
    {"it must start at the first byte", 1, 0, 0, 0, NULL, NULL},
    {"a gap in front of the signature is seen", 0, -1, 0, 0, NULL, NULL},
    {"a gap behind it too", 0, 0, 1, -1, NULL, NULL},
    {"the brackets belong to the gap", 0, 1, -1, 1, NULL, NULL},
    {"ranges that overlap are refused", 0, 0, -600, 600, NULL, NULL},
    {"the end of the file must be covered", 0, 0, 0, -40, NULL, NULL},
    {"nothing behind the end can be", 0, 0, 0, 5000, NULL, NULL},
    {"a negative number is none", 0, 0, 0, -1000000, NULL, NULL},
    {"without ByteRange there is no signature", 0, 0, 0, 0, "/ByteRange", "/ByteRangX"},
    {"without Contents neither", 0, 0, 0, 0, "/Contents <", "/Contentz <"},
    {"three numbers are not four", 0, 0, 0, 0, "/ByteRange [0 ", "/ByteRange [  "},
    {"a name is not a number", 0, 0, 0, 0, "/ByteRange [0 ", "/ByteRange [/ "},
};

static void shift_ranges(struct buffer *pdf, size_t row)
{
    size_t at = span_find(buffer_span(pdf), SPAN_LITERAL("/ByteRange ["), 0) + 12;
    long long n[4];
    char text[80], padded[80];
    assert_int_equal(sscanf((const char *)pdf->data + at, "%lld %lld %lld %lld", &n[0], &n[1], &n[2], &n[3]),
                     4);
    snprintf(text, sizeof(text), "%lld %lld %lld %lld]", n[0] + ranges[row].from, n[1] + ranges[row].before,
             n[2] + ranges[row].after, n[3] + ranges[row].end);
    snprintf(padded, sizeof(padded), "%-60s", text);
    memcpy(pdf->data + at, padded, 60);
}

static void only_an_exact_byte_range_is_one(void **state)
{
    (void)state;
    struct buffer original CLEANUP(buffer_clear) = {0};
    pdf_make(&pdf_plain, &original);
    must_sign(&world.leader, &original, "ranges");
    for (size_t i = 0; i < COUNT_OF(ranges); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        buffer_append(&pdf, buffer_span(&original));
        assert_non_null(buffer_string(&pdf));
        if (ranges[i].find) {
            size_t at = span_find(buffer_span(&pdf), span_text(ranges[i].find), 0);
            memcpy(pdf.data + at, ranges[i].replace, strlen(ranges[i].replace));
        } else {
            shift_ranges(&pdf, i);
        }
        check(buffer_span(&pdf), &verdict);
        check_row(verdict.count == 1 && verdict.findings[0].indication == TOTAL_FAILED
                      && verdict.findings[0].sub == SUB_FORMAT_FAILURE,
                  ranges[i].sentence);
    }
}

/* A hexadecimal digit of /Contents in the other case says the same. */
static bool says_the_same(uint8_t a, uint8_t b)
{
    return isxdigit(a) && isxdigit(b) && tolower(a) == tolower(b);
}

/* Every byte counts: one bit in each of twenty stretches, eight times, then the last thousand bytes. */
static void no_byte_can_be_changed(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    must_sign(&world.leader, &pdf, "bytes");
    must_sign(&world.agency, &pdf, "bytes");
    for (size_t i = 0; i < 400; i++) {
        size_t at = i < 160 ? pdf.size * (i / 8) / 20 : pdf.size - 1 - (i - 160) * 4;
        uint8_t was = pdf.data[at];
        pdf.data[at] = (uint8_t)(was ^ 1u << i % 8);
        bool passed = !says_the_same(was, pdf.data[at]) && passes(buffer_span(&pdf), CHANGED_NO);
        if (passed)
            print_error("byte %zu of %zu, bit %zu\n", at, pdf.size, i % 8);
        assert_false(passed);
        pdf.data[at] = was;
    }
    assert_true(passes(buffer_span(&pdf), CHANGED_NO));
}

static void a_file_that_was_cut_never_passes(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    must_sign(&world.leader, &pdf, "cut");
    for (size_t size = pdf.size - 2; size > 0; size = size > 64 ? size - pdf.size / 40 : size - 1) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct source source = source_of(span_slice(buffer_span(&pdf), 0, size));
        struct error err = {0};
        if (verifier_check(&(struct verification){.trust = world.trust}, &source, &verdict, &err))
            assert_int_not_equal(verdict_overall(&verdict), TOTAL_PASSED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_nobody_explains_is_a_change),
        cmocka_unit_test(a_change_fails_the_signatures_before_it_and_no_later_one),
        cmocka_unit_test(a_section_that_points_back_into_signed_bytes_is_a_change),
        cmocka_unit_test(a_chain_past_the_signature_never_passes),
        cmocka_unit_test(only_an_exact_byte_range_is_one),
        cmocka_unit_test(no_byte_can_be_changed),
        cmocka_unit_test(a_file_that_was_cut_never_passes),
    };
    return cmocka_run_group_tests_name("pades_attack", tests, trust_world_make, trust_world_end);
}
