/* What pdf_xref, pdf_document and pdf_objects promise: everything is where it is said to be, or the defect
 * has a name. */
#include "tests/check.h"

#include "tests/pdf_make.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "signer/pdf_sign.h"
#include "signer/pdf_survey.h"
#include "signer/pdf_text.h"

static const struct {
    const char *sentence, *find, *replace; /* of the plain document */
    const struct text *defect;
} defects[] = {
    {"a sound document is read", NULL, NULL, NULL},
    {"a version must follow %PDF-", "%PDF-1.7", "%PDF-xyz", &TEXT_PDF_NOT_PDF},
    {"startxref must be there", "startxref", "startxxxx", &TEXT_PDF_STARTXREF_MISSING},
    {"%%EOF must follow it", "%%EOF", "%%EOX", &TEXT_PDF_EOF_MISSING},
    {"it must say a number", "startxref\n3", "startxref\nx", &TEXT_PDF_EOF_MISSING},
    {"a section must stand where it points", "startxref\n3", "startxref\n2", &TEXT_PDF_SECTION_MISPLACED},
    {"white space before it is read over", "startxref\n379", "startxref\n378", NULL},
    {"not one byte before", "xref\n0 1", "ref\n0 1 ", &TEXT_PDF_SECTION_MISPLACED},
    {"a table is counted in numbers", "xref\n0 1", "xref\nx 1", &TEXT_PDF_TABLE_BROKEN},
    {"its counts must fit the file", "xref\n0 1\n", "xref\n0 99", &TEXT_PDF_TABLE_BROKEN},
    {"numbers end at 8388607", "xref\n0 1\n00000", "xref\n8388607 2\n", &TEXT_PDF_TOO_MANY_OBJECTS},
    {"an object stands in a section once", "\n4 1\n", "\n3 1\n", &TEXT_PDF_OBJECT_TWICE},
    {"a trailer is a dictionary", "trailer\n<<", "trailer\n[<", &TEXT_PDF_TRAILER_BROKEN},
    {"a trailer names the catalog", "/Root 1 0 R", "/Roof 1 0 R", &TEXT_PDF_TRAILER_BROKEN},
    {"and does so once", "/Size 5 ", "/Root 5 ", &TEXT_PDF_TRAILER_BROKEN},
    {"Prev is a number", "/Size 5 ", "/Prev x ", &TEXT_PDF_TRAILER_BROKEN},
    {"Prev is not negative", "/Size 5 ", "/Prev -5", &TEXT_PDF_TRAILER_BROKEN},
    {"Prev points at a section", "/Size 5 ", "/Prev 99", &TEXT_PDF_SECTION_MISPLACED},
};

static void replace(struct buffer *pdf, const char *find, const char *with)
{
    size_t at = SIZE_MAX; /* the last one: the table and the trailer stand at the end */
    for (size_t from = 0; (from = span_find(buffer_span(pdf), span_text(find), from)) != SIZE_MAX; from++)
        at = from;
    assert_true(at != SIZE_MAX);
    memcpy(pdf->data + at, with, strlen(with));
}

static void every_defect_of_a_chain_has_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(defects); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct pdf_xref xref CLEANUP(pdf_xref_clear) = {0};
        struct error err = {0};
        pdf_make(&pdf_plain, &pdf);
        if (defects[i].find)
            replace(&pdf, defects[i].find, defects[i].replace);
        bool read = pdf_xref_read(buffer_span(&pdf), &xref, &err);
        if (read != !defects[i].defect || err.text != defects[i].defect)
            print_error("%s\n", err.text ? err.text->name : "none");
        check_row(read == !defects[i].defect && err.text == defects[i].defect, defects[i].sentence);
    }
}

static void a_chain_that_leads_back_is_refused(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct pdf_xref xref CLEANUP(pdf_xref_clear) = {0};
    struct error err = {0};
    struct pdf_plan plan = pdf_plain;
    char prev[32] = "/Prev 0000000000";
    plan.trailer = prev;
    pdf_make(&plan, &pdf);
    snprintf(prev, sizeof(prev), "/Prev %010" PRIu64, pdf_last_startxref(buffer_span(&pdf)));
    replace(&pdf, "/Prev 0000000000", prev);
    assert_false(pdf_xref_read(buffer_span(&pdf), &xref, &err));
    assert_ptr_equal(err.text, &TEXT_PDF_CHAIN_LOOP);
}

static void revisions_end_where_they_were_written(void **state)
{
    (void)state;
    for (int kind = 0; kind < 2; kind++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct pdf_document document CLEANUP(pdf_document_close) = {0};
        struct pdf_object object;
        struct error err = {0};
        struct pdf_plan first = pdf_plain, second = {.objects = {[4] = "(second)"}},
                        third = {.objects = {[4] = "(third)"}};
        first.stream = second.stream = third.stream = kind;
        size_t end[3], revision;
        pdf_make(&first, &pdf);
        end[0] = pdf.size;
        pdf_make_update(&second, &pdf);
        end[1] = pdf.size;
        pdf_make_update(&third, &pdf);
        end[2] = pdf.size;

        assert_true(pdf_document_open(buffer_span(&pdf), &document, &err));
        assert_int_equal(document.xref.revision_count, 3);
        for (size_t r = 0; r < 3; r++) {
            assert_int_equal(document.xref.revisions[r].end, end[r]);
            assert_true(pdf_xref_revision_ending(&document.xref, end[r], &revision));
            assert_int_equal(revision, r);
        }
        assert_false(pdf_xref_revision_ending(&document.xref, end[0] - 3, &revision));
        assert_true(pdf_object_find(&document, 4, document.xref.revisions[1].last, &object, &err));
        assert_true(span_is(object.value.raw, "(second)"));
        assert_true(pdf_object_find(&document, 4, document.xref.revisions[2].last, &object, &err));
        assert_true(span_is(object.value.raw, "(third)"));
    }
}

/* As several programs write it: a comment between the trailer and startxref. */
static void a_comment_before_startxref_belongs_to_its_revision(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct pdf_xref xref CLEANUP(pdf_xref_clear) = {0};
    struct pdf_plan second = {.objects = {[4] = "(second)"}}, third = {.objects = {[4] = "(third)"}};
    struct error err = {0};
    pdf_make(&pdf_plain, &pdf);
    pdf_make_update(&second, &pdf);
    size_t at = span_find(buffer_span(&pdf), SPAN_LITERAL("/Prev"), 0);
    at = span_find(buffer_span(&pdf), SPAN_LITERAL("startxref"), at);
    struct buffer commented CLEANUP(buffer_clear) = {0};
    buffer_append(&commented, span_slice(buffer_span(&pdf), 0, at));
    buffer_text(&commented, "%program 7.1\n");
    buffer_append(&commented, span_slice(buffer_span(&pdf), at, SIZE_MAX));
    size_t end = commented.size;
    pdf_make_update(&third, &commented);
    assert_true(pdf_xref_read(buffer_span(&commented), &xref, &err));
    assert_int_equal(xref.revision_count, 3);
    assert_int_equal(xref.revisions[1].end, end);
}

static void a_linearised_file_is_one_revision(void **state)
{
    (void)state;
    char directory[] = "/tmp/pdf_xref_test.XXXXXX", command[64];
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct pdf_xref xref CLEANUP(pdf_xref_clear) = {0};
    struct error err = {0};
    assert_non_null(mkdtemp(directory));
    pdf_make(&pdf_plain, &pdf);
    pdf_run(directory, "qpdf --linearize %s %s", &pdf);
    assert_true(pdf_xref_read(buffer_span(&pdf), &xref, &err));
    assert_int_equal(xref.count, 2);
    assert_int_equal(xref.revision_count, 1);
    assert_int_equal(xref.revisions[0].end, pdf.size);
    snprintf(command, sizeof(command), "rm -r %s", directory);
    assert_int_equal(system(command), 0);
}

/* 7.5.8.4: what the table hides stands in the stream. */
static void a_hybrid_file_shows_what_its_table_hides(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct pdf_document document CLEANUP(pdf_document_close) = {0};
    struct pdf_object object;
    struct error err = {0};
    buffer_text(&pdf, "%PDF-1.5\n");
    size_t catalog = pdf.size;
    buffer_text(&pdf, "1 0 obj\n<</Type /Catalog>>\nendobj\n");
    size_t hidden = pdf.size;
    buffer_text(&pdf, "2 0 obj\n(hidden)\nendobj\n");
    size_t stream = pdf.size;
    buffer_text(&pdf, "3 0 obj\n<</Type /XRef /W [1 2 1] /Index [2 1] /Size 4 /Length 4>>\nstream\n");
    buffer_u8(&pdf, 1);
    buffer_u16(&pdf, (uint16_t)hidden);
    buffer_u8(&pdf, 0);
    buffer_text(&pdf, "\nendstream\nendobj\n");
    size_t table = pdf.size;
    buffer_format(&pdf, "xref\n0 3\n0000000002 65535 f \n%010zu 00000 n \n0000000000 00000 f \n", catalog);
    buffer_format(&pdf, "trailer\n<</Root 1 0 R /Size 4 /XRefStm %zu>>\nstartxref\n%zu\n%%%%EOF\n", stream,
                  table);
    assert_true(pdf_document_open(buffer_span(&pdf), &document, &err));
    assert_int_equal(document.xref.revision_count, 1);
    assert_true(pdf_object_find(&document, 2, document.xref.count - 1, &object, &err));
    assert_true(span_is(object.value.raw, "(hidden)"));
    struct pdf_addition addition = {0};
    assert_false(
        pdf_sign_addition(buffer_span(&pdf), &(struct pdf_signing){.contents_size = 1}, &addition, &err));
    assert_ptr_equal(err.text, &TEXT_PDF_HYBRID);
}

/* A file with holes: its zeros are white space, its objects lie above 4 GiB. Nothing but the objects and
 * the section is read. */
static void a_file_of_five_gigabytes_costs_nothing(void **state)
{
    (void)state;
    const uint64_t far = UINT64_C(5) << 30;
    int fd CLEANUP(fd_close) = open("/var/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    struct buffer tail CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    uint64_t offsets[5] = {0}, at;
    assert_true(fd >= 0);
    for (unsigned n = 1; n < 5; n++) {
        offsets[n] = far + tail.size;
        buffer_format(&tail, "%u 0 obj\n%s\nendobj\n", n, pdf_plain.objects[n]);
    }
    at = far + tail.size;
    buffer_text(&tail, "xref\n0 5\n0000000000 65535 f \n");
    for (unsigned n = 1; n < 5; n++)
        buffer_format(&tail, "%010" PRIu64 " 00000 n \n", offsets[n]);
    buffer_format(&tail, "trailer\n<</Root 1 0 R /Size 5>>\nstartxref\n%" PRIu64 "\n%%%%EOF\n", at);
    assert_int_equal(pwrite(fd, "%PDF-1.7\n", 9, 0), 9);
    assert_int_equal(pwrite(fd, tail.data, tail.size, (off_t)far), tail.size);
    size_t size = far + tail.size;
    uint8_t *bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    assert_ptr_not_equal(bytes, MAP_FAILED);

    struct pdf_addition addition = {0};
    struct pdf_signing how = {.contents_size = 8192};
    assert_true(pdf_sign_addition(span_of(bytes, size), &how, &addition, &err));
    char range[64];
    uint64_t hole = size + addition.hole_at;
    snprintf(range, sizeof(range), "/ByteRange [0 %" PRIu64 " %" PRIu64 " ", hole - 1,
             hole + addition.hole_size + 1);
    assert_true(span_find(buffer_span(&addition.bytes), span_text(range), 0) != SIZE_MAX);
    buffer_clear(&addition.bytes);
    munmap(bytes, size);
}

static const struct {
    const char *sentence, *text;
    bool whole;
    enum pdf_kind kind;
} values[] = {
    {"a number", "-12", true, PDF_INTEGER},
    {"a number with a point", ".5", true, PDF_REAL},
    {"a point alone is none", ".", false, 0},
    {"two signs are none", "--5", false, 0},
    {"a number that does not fit is none", "99999999999999999999", false, 0},
    {"a reference", "12 0 R", true, PDF_REFERENCE},
    {"a reference with a comment in it", "12 %x\n0 R", true, PDF_REFERENCE},
    {"a number before a word that begins with R", "12 0 Rx", true, PDF_INTEGER},
    {"a name with a sharp", "/A#42", true, PDF_NAME},
    {"a string with brackets in it", "(a(b)c)", true, PDF_STRING},
    {"a string that does not end", "(a(b)c", false, 0},
    {"a string with an escaped bracket", "(a\\)b)", true, PDF_STRING},
    {"a string of digits", "<48 65 6>", true, PDF_HEX_STRING},
    {"a string of digits with others in it", "<4x>", false, 0},
    {"an array of anything", "[1 /a (b) <</c [2 0 R]>>]", true, PDF_ARRAY},
    {"an array that ends as a dictionary", "[1>>", false, 0},
    {"a dictionary whose key is no name", "<<1 2>>", false, 0},
    {"a dictionary whose last key has no value", "<</a>>", false, 0},
    {"true", "true", true, PDF_BOOLEAN},
    {"a word that is none", "truer", false, 0},
};

static void values_are_read_strictly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(values); i++) {
        struct pdf_cursor cursor = pdf_cursor_at(span_text(values[i].text), 0);
        struct pdf_value value;
        bool whole = pdf_take_value(&cursor, &value);
        check_row(whole == values[i].whole && (!whole || value.kind == values[i].kind), values[i].sentence);
    }
}

static void nesting_ends_at_its_limit(void **state)
{
    (void)state;
    for (size_t depth = PDF_NESTING_MAX - 1; depth < 100000; depth = depth * 40) {
        struct buffer text CLEANUP(buffer_clear) = {0};
        for (size_t i = 0; i < depth; i++)
            buffer_text(&text, "[");
        for (size_t i = 0; i < depth; i++)
            buffer_text(&text, "]");
        struct pdf_cursor cursor = pdf_cursor_at(buffer_span(&text), 0);
        struct pdf_value value;
        assert_int_equal(pdf_take_value(&cursor, &value), depth <= PDF_NESTING_MAX);
    }
}

static struct pdf_value value_of(const char *text)
{
    struct pdf_cursor cursor = pdf_cursor_at(span_text(text), 0);
    struct pdf_value value = {0};
    assert_true(pdf_take_value(&cursor, &value));
    return value;
}

static const struct {
    const char *a, *b;
    bool same;
} pairs[] = {
    {"1", "1.0", true},
    {"(A\\102)", "<4142>", true},
    {"/A", "/#41", true},
    {"<</a 1 /b [2 3]>>", "<< /b[2 3]/#61 1 /c null>>", true},
    {"<</a 1>>", "<</a 1 /b 2>>", false},
    {"<</a 1 /a 1>>", "<</a  1>>", false},
    {"[1 2]", "[1 2 3]", false},
    {"1 0 R", "1 1 R", false},
    {"(a\\\r\nb)", "(ab)", true},
    {"(a\rb)", "(a\nb)", true},
};

static void what_means_the_same_is_the_same(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        struct pdf_value a = value_of(pairs[i].a), b = value_of(pairs[i].b);
        check_row(pdf_same(&a, &b) == pairs[i].same && pdf_same(&b, &a) == pairs[i].same, pairs[i].a);
    }
}

/* Dictionaries that differ in their heart are not compared twice at each level. */
static void a_deep_difference_is_found_at_once(void **state)
{
    (void)state;
    struct buffer a CLEANUP(buffer_clear) = {0}, b CLEANUP(buffer_clear) = {0};
    for (size_t i = 0; i < PDF_NESTING_MAX; i++) {
        buffer_text(&a, i % 2 ? "<</x 1/y " : "<</y ");
        buffer_text(&b, i % 2 ? "<</y " : "<</y ");
    }
    buffer_text(&a, "1");
    buffer_text(&b, "2");
    for (size_t i = PDF_NESTING_MAX; i-- > 0;) {
        buffer_text(&a, ">>");
        buffer_text(&b, i % 2 ? "/x 1>>" : ">>");
    }
    struct pdf_value left = value_of(buffer_string(&a)), right = value_of(buffer_string(&b));
    assert_false(pdf_same(&left, &right));
}

static void texts_come_back_as_they_were(void **state)
{
    (void)state;
    static const char *const texts[] = {"Phe duyet (1) \\", "Phê duyệt", "Số 127/QĐ-UBND 🏛", ""};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct buffer written CLEANUP(buffer_clear) = {0}, read CLEANUP(buffer_clear) = {0};
        pdf_append_text(&written, texts[i]);
        struct pdf_value value = value_of(buffer_string(&written));
        assert_true(pdf_string_text(&value, &read));
        check_row(span_is(buffer_span(&read), texts[i]), texts[i]);
    }
}

static void a_key_that_stands_twice_is_none(void **state)
{
    (void)state;
    struct pdf_value dictionary = value_of("<</a 1 /#61 2 /b 3>>");
    assert_int_equal(pdf_get(&dictionary, "a").kind, PDF_AMBIGUOUS);
    assert_int_equal(pdf_get(&dictionary, "b").integer, 3);
    assert_int_equal(pdf_get(&dictionary, "c").kind, PDF_NULL);
}

/* Names without an object, in a document that is otherwise sound. */
static void references_to_nothing_are_known(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct pdf_document document CLEANUP(pdf_document_close) = {0};
    struct pdf_survey survey CLEANUP(pdf_survey_clear) = {0};
    struct pdf_plan plan = pdf_plain_with(5, "[9 0 R 3 0 R]");
    struct error err = {0};
    pdf_make(&plan, &pdf);
    assert_true(pdf_document_open(buffer_span(&pdf), &document, &err));
    struct pdf_stretch whole = {.last = document.xref.count - 1, .end = pdf.size};
    assert_true(pdf_survey(&document, &whole, &survey, &err));
    assert_true(pdf_survey_dangling(&survey, 9));
    assert_false(pdf_survey_dangling(&survey, 3));
    assert_true(pdf_counts_of(&survey.counts, 3) > 1);
    assert_int_equal(survey.highest_used, 5);
    assert_int_equal(survey.highest, 9);
    whole.end = 100;
    assert_false(pdf_survey(&document, &whole, &survey, &err));
    assert_ptr_equal(err.text, &TEXT_PDF_OBJECT_BEHIND_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_defect_of_a_chain_has_a_name),
        cmocka_unit_test(a_chain_that_leads_back_is_refused),
        cmocka_unit_test(revisions_end_where_they_were_written),
        cmocka_unit_test(a_comment_before_startxref_belongs_to_its_revision),
        cmocka_unit_test(a_linearised_file_is_one_revision),
        cmocka_unit_test(a_hybrid_file_shows_what_its_table_hides),
        cmocka_unit_test(a_file_of_five_gigabytes_costs_nothing),
        cmocka_unit_test(values_are_read_strictly),
        cmocka_unit_test(nesting_ends_at_its_limit),
        cmocka_unit_test(what_means_the_same_is_the_same),
        cmocka_unit_test(a_deep_difference_is_found_at_once),
        cmocka_unit_test(texts_come_back_as_they_were),
        cmocka_unit_test(a_key_that_stands_twice_is_none),
        cmocka_unit_test(references_to_nothing_are_known),
    };
    return cmocka_run_group_tests_name("pdf_xref", tests, NULL, NULL);
}
