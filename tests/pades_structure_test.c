/* How signatures stand in a file, and files that are not quite as the standard wants them: signed as they
 * are, so that the bytes are exact and only their reading is in question. */
#include "tests/check.h"

#include "tests/pades_craft.h"

#include <stdio.h>

#include "signer/pdf_text.h"
#include "signer/signer_text.h"

#define SIGNATURE CRAFT_SIGNATURE("ETSI.CAdES.detached")

static void replace_all(struct buffer *pdf, const char *find, const char *instead)
{
    struct buffer made = {0};
    size_t at = 0, next;
    while ((next = span_find(buffer_span(pdf), span_text(find), at)) != SIZE_MAX) {
        buffer_append(&made, span_slice(buffer_span(pdf), at, next - at));
        buffer_text(&made, instead);
        at = next + strlen(find);
    }
    buffer_append(&made, span_slice(buffer_span(pdf), at, SIZE_MAX));
    buffer_clear(pdf);
    *pdf = made;
    assert_non_null(buffer_string(pdf));
}

static void shift_startxref(struct buffer *pdf, int64_t by)
{
    char find[48], instead[48];
    uint64_t at = pdf_last_startxref(buffer_span(pdf));
    snprintf(find, sizeof(find), "startxref\n%llu", (unsigned long long)at);
    snprintf(instead, sizeof(instead), "startxref\n%lld", (long long)at + (long long)by);
    replace_all(pdf, find, instead);
}

static const struct {
    const char *sentence;
    bool stream;                /* a cross-reference stream */
    const char *find, *instead; /* in all of the file, before it is signed */
    int64_t shift;              /* of what startxref says */
    enum indication indication;
    const struct text *why; /* NULL: nothing about the file */
} slips[] = {
    {"a sound file passes", false, NULL, NULL, 0, TOTAL_PASSED, NULL},
    {"so does one with a cross-reference stream", true, NULL, NULL, 0, TOTAL_PASSED, NULL},
    {"a section one byte before the place named", false, NULL, NULL, 1, INDETERMINATE,
     &TEXT_PDF_SECTION_NEAR},
    {"… some bytes before", false, NULL, NULL, 7, INDETERMINATE, &TEXT_PDF_SECTION_NEAR},
    {"… a byte behind it: white space", false, NULL, NULL, -1, TOTAL_PASSED, NULL},
    {"… some bytes behind", false, NULL, NULL, -7, INDETERMINATE, &TEXT_PDF_SECTION_NEAR},
    {"… a stream one byte before", true, NULL, NULL, 1, INDETERMINATE, &TEXT_PDF_SECTION_NEAR},
    {"… a stream some bytes behind", true, NULL, NULL, -5, INDETERMINATE, &TEXT_PDF_SECTION_NEAR},
    {"a section that is far away is not searched for", false, NULL, NULL, 60, INDETERMINATE,
     &TEXT_PDF_SECTION_MISPLACED},
    {"nothing at the place named at all", false, NULL, NULL, 1000000, INDETERMINATE,
     &TEXT_PDF_SECTION_MISPLACED},
    {"no %%EOF", false, "%%EOF\n", "", 0, INDETERMINATE, &TEXT_PDF_EOF_ABSENT},
    {"something else instead of it", false, "%%EOF\n", "%%FOE\n", 0, INDETERMINATE, &TEXT_PDF_EOF_MISSING},
    {"no startxref", false, "startxref", "startxxxx", 0, INDETERMINATE, &TEXT_PDF_STARTXREF_MISSING},
    {"entries one byte short", false, " n \n", " n\n", 0, TOTAL_PASSED, &TEXT_PDF_ENTRY_WIDTH},
    {"entries that end their lines another way", false, " n \n", " n\r\n", 0, TOTAL_PASSED, NULL},
    {"objects counted from 1", false, "0 1\n0000000000 65535 f", "1 1\n0000000000 65535 f", 0, INDETERMINATE,
     &TEXT_PDF_TABLE_SHIFTED},
    {"a subsection and its count in one line with the word", false, "xref\n0 1\n", "xref 0 1\n", 0,
     TOTAL_PASSED, NULL},
    {"a chain that goes round", false, "/Root", "/Prev 5 /Root", 0, INDETERMINATE,
     &TEXT_PDF_SECTION_MISPLACED},
    {"bytes in front of the header", false, "%PDF-1.7", "HTTP/1.1 200\n%PDF-1.7", 0, INDETERMINATE,
     &TEXT_PDF_HEADER_LATE},
    {"an entry that points elsewhere", false, "0000000015 00000 n", "0000000016 00000 n", 0, INDETERMINATE,
     &TEXT_PDF_ENTRY_BROKEN},
};

static void make_slip(size_t row, struct buffer *ret_pdf)
{
    struct pdf_plan plan = craft_plan(SIGNATURE);
    plan.stream = slips[row].stream;
    pdf_make(&plan, ret_pdf);
    if (slips[row].find)
        replace_all(ret_pdf, slips[row].find, slips[row].instead);
    if (slips[row].shift)
        shift_startxref(ret_pdf, slips[row].shift);
    craft_sign(&world.leader, ret_pdf);
}

static bool names(const struct reason *reasons, size_t count, const struct text *why)
{
    bool slip = false;
    for (size_t i = 0; i < count; i++) {
        if (reasons[i].text == why)
            return true;
        slip |= strncmp(reasons[i].text->name, "PDF_", 4) == 0;
    }
    return !why && !slip;
}

static bool says(struct span pdf, enum indication indication, const struct text *why)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    check(pdf, &verdict);
    const struct finding *finding = verdict.findings;
    return verdict.count == 1 && finding->indication == indication && finding->covers_whole_file
           && (finding->indication == TOTAL_PASSED || finding->sub == SUB_CUSTOM)
           && strcmp(finding->common_name, "Nguyễn Văn Mẫu") == 0
           && names(finding->reasons, finding->reason_count, why);
}

static void what_was_signed_with_a_slip_is_intact_and_the_slip_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(slips); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        make_slip(i, &pdf);
        check_row(says(buffer_span(&pdf), slips[i].indication, slips[i].why), slips[i].sentence);
    }
}

/* Tables of one piece, as others write them. */
static const struct {
    const char *sentence, *find, *instead;
    enum indication indication;
    const struct text *why;
} tables[] = {
    {"entries of 20 bytes", " n \n", " n\r\n", TOTAL_PASSED, NULL},
    {"entries of 19 bytes", " \n0", "\n0", TOTAL_PASSED, &TEXT_PDF_ENTRY_WIDTH},
    {"entries of 21 bytes", " \n", " \r\n", TOTAL_PASSED, &TEXT_PDF_ENTRY_WIDTH},
    {"an entry that is shorter than the others", "65535 f \n", "65535 f\n", INDETERMINATE,
     &TEXT_PDF_TABLE_BROKEN},
};

static void a_table_is_read_when_its_entries_are_alike(void **state)
{
    (void)state;
    struct pdf_plan plan = craft_plan(SIGNATURE);
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        pdf_make(&plan, &pdf);
        pdf_run(world.directory, "qpdf %s %s", &pdf);
        replace_all(&pdf, tables[i].find, tables[i].instead);
        craft_sign(&world.leader, &pdf);
        check_row(says(buffer_span(&pdf), tables[i].indication, tables[i].why), tables[i].sentence);
    }
}

/* An end of line that was counted and never written; more than that was cut off. */
static void a_range_may_end_behind_the_file_by_an_end_of_line(void **state)
{
    (void)state;
    struct pdf_plan plan = craft_plan(SIGNATURE);
    for (unsigned i = 0; i < 2; i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        pdf_make(&plan, &pdf);
        craft_sign(&world.leader, &pdf);
        pdf.size -= i ? 3 : 1;
        check(buffer_span(&pdf), &verdict);
        assert_int_equal(verdict.count, 1);
        assert_int_equal(verdict.findings[0].indication, TOTAL_FAILED); /* it was there when it was signed */
        assert_int_equal(verdict.findings[0].sub, i ? SUB_FORMAT_FAILURE : SUB_HASH_FAILURE);
    }
}

static bool fails(struct span pdf)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    check(pdf, &verdict);
    return verdict_overall(&verdict) == TOTAL_FAILED;
}

/* A slip excuses nothing: one byte of the content, or anything behind the end, is seen all the same. */
static void a_slip_hides_no_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(slips); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0}, longer CLEANUP(buffer_clear) = {0};
        make_slip(i, &pdf);
        buffer_append(&longer, buffer_span(&pdf));
        buffer_text(&longer, "4 0 obj\n<<>>\nendobj\n");
        size_t at = span_find(buffer_span(&pdf), SPAN_LITERAL("Quyet dinh"), 0);
        pdf.data[at] ^= 1;
        check_row(fails(buffer_span(&pdf)) && fails(buffer_span(&longer)), slips[i].sentence);
    }
}

/* The plain document whose form, field and signature are said differently. */
#define FORM(fields) "<</Type /Catalog /Pages 2 0 R /AcroForm <</SigFlags 3 /Fields [" fields "]>>>>"
#define FIELD "<</FT /Sig /T (a) /V 6 0 R>>"
#define PART(more) "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached " more ">>"
#define ROOM "/Contents <" CRAFT_DIGITS ">"
#define RANGE "/ByteRange " CRAFT_RANGE " "

static const struct {
    const char *sentence;
    const char *form, *field, *signature, *more[3]; /* objects 1, 5, 6, 7, 8, 9 */
    size_t count;                                   /* of findings */
    enum indication indication;
    const struct text *why; /* of the finding, or of the document; NULL: nothing about the file */
} places[] = {
    {"a dictionary of its own", FORM("5 0 R"), FIELD, PART(RANGE ROOM), {NULL}, 1, TOTAL_PASSED, NULL},
    {"one that stands in its field",
     FORM("5 0 R"),
     "<</FT /Sig /T (a) /V " PART(RANGE ROOM) ">>",
     NULL,
     {NULL},
     1,
     TOTAL_PASSED,
     NULL},
    {"a field that inherits its type and name",
     FORM("7 0 R"),
     "<</Parent 7 0 R /T (b) /V 6 0 R>>",
     PART(RANGE ROOM),
     {"<</FT /Sig /T (a) /Kids [5 0 R]>>"},
     1,
     TOTAL_PASSED,
     NULL},
    {"a field whose widget is its kid",
     FORM("7 0 R"),
     "<</Type /Annot /Subtype /Widget /Parent 7 0 R /Rect [0 0 0 0]>>",
     PART(RANGE ROOM),
     {"<</FT /Sig /T (a) /V 6 0 R /Kids [5 0 R]>>"},
     1,
     TOTAL_PASSED,
     NULL},
    {"a dictionary that does not say it is one",
     FORM("5 0 R"),
     FIELD,
     "<</Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached " RANGE ROOM ">>",
     {NULL},
     1,
     TOTAL_PASSED,
     NULL},
    {"ByteRange in an object of its own",
     FORM("5 0 R"),
     FIELD,
     PART("/ByteRange 7 0 R " ROOM),
     {CRAFT_RANGE},
     1,
     TOTAL_PASSED,
     NULL},
    {"a number of ByteRange in an object of its own",
     FORM("5 0 R"),
     FIELD,
     PART("/ByteRange [0 1111111111 2222222222 7 0 R] " ROOM),
     {"3333333333"},
     1,
     TOTAL_PASSED,
     NULL},
    {"Contents in an object of their own",
     FORM("5 0 R"),
     FIELD,
     PART(RANGE "/Contents 7 0 R "),
     {"<" CRAFT_DIGITS ">"},
     1,
     TOTAL_PASSED,
     NULL},
    {"an empty field is no signature",
     FORM("5 0 R"),
     "<</FT /Sig /T (a)>>",
     NULL,
     {NULL},
     0,
     INDETERMINATE,
     NULL},
    {"nor is one whose room was never filled",
     FORM("5 0 R"),
     FIELD,
     PART("/ByteRange [0 9 19 9] /Contents <0000>"),
     {NULL},
     0,
     INDETERMINATE,
     &TEXT_PDF_PREPARED},
    {"two fields that show one signature are one, and a defect",
     FORM("5 0 R 7 0 R"),
     FIELD,
     PART(RANGE ROOM),
     {"<</FT /Sig /T (b) /V 6 0 R>>"},
     1,
     TOTAL_FAILED,
     &TEXT_PDF_FIELD_TWICE},
    {"a kind of signature that nobody knows",
     FORM("5 0 R"),
     FIELD,
     "<</Type /Sig /SubFilter /x.y " RANGE ROOM ">>",
     {NULL},
     1,
     INDETERMINATE,
     &TEXT_PDF_FILTER_UNKNOWN},
};

static bool stands(size_t row, struct span pdf)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    check(pdf, &verdict);
    if (verdict.count != places[row].count || verdict_overall(&verdict) != places[row].indication)
        return false;
    return verdict.count ? names(verdict.findings->reasons, verdict.findings->reason_count, places[row].why)
                         : names(verdict.reasons, verdict.reason_count, places[row].why);
}

static void a_signature_is_found_wherever_it_may_stand(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct pdf_plan plan = pdf_plain;
        plan.objects[1] = places[i].form;
        plan.objects[5] = places[i].field;
        plan.objects[6] = places[i].signature;
        for (size_t m = 0; m < COUNT_OF(places[i].more); m++)
            plan.objects[7 + m] = places[i].more[m];
        pdf_make(&plan, &pdf);
        if (span_find(buffer_span(&pdf), SPAN_LITERAL("1111111111"), 0) != SIZE_MAX)
            craft_sign(&world.leader, &pdf);
        check_row(stands(i, buffer_span(&pdf)), places[i].sentence);
    }
}

static const struct {
    const char *sentence;
    struct pdf_plan update;
    size_t count;
    const struct text
        *why; /* what fails the first signature of the earlier revision, wherever it is listed */
} drops[] = {
    {"a form without the field",
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm <</SigFlags 3 /Fields []>>>>"}},
     1,
     &TEXT_PDF_SIGNATURE_DROPPED},
    {"no form at all",
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R>>"}},
     1,
     &TEXT_PDF_SIGNATURE_DROPPED},
    {"a field without its value", {.objects = {[5] = "<</FT /Sig /T (a)>>"}}, 1, &TEXT_PDF_SIGNATURE_DROPPED},
    {"something that is no signature in its place",
     {.objects = {[6] =
                      "<</Type /Sig /SubFilter /ETSI.CAdES.detached /ByteRange [0 1 3 1] /Contents <01>>>"}},
     1,
     &TEXT_PDF_RANGE_GAP},
};

static void a_signature_that_a_later_revision_drops_is_told_and_fails(void **state)
{
    (void)state;
    struct pdf_plan plan = craft_plan(SIGNATURE);
    for (size_t i = 0; i < COUNT_OF(drops); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        pdf_make(&plan, &pdf);
        craft_sign(&world.leader, &pdf);
        pdf_make_update(&drops[i].update, &pdf);
        check(buffer_span(&pdf), &verdict);
        bool told = false, passed = false;
        for (size_t f = 0; f < verdict.count; f++) {
            const struct finding *finding = &verdict.findings[f];
            told |= finding->indication == TOTAL_FAILED
                    && names(finding->reasons, finding->reason_count, drops[i].why);
            passed |= finding->indication == TOTAL_PASSED;
        }
        check_row(verdict.count == drops[i].count && told && !passed, drops[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_signed_with_a_slip_is_intact_and_the_slip_named),
        cmocka_unit_test(a_table_is_read_when_its_entries_are_alike),
        cmocka_unit_test(a_range_may_end_behind_the_file_by_an_end_of_line),
        cmocka_unit_test(a_slip_hides_no_change),
        cmocka_unit_test(a_signature_is_found_wherever_it_may_stand),
        cmocka_unit_test(a_signature_that_a_later_revision_drops_is_told_and_fails),
    };
    return cmocka_run_group_tests(tests, trust_world_make, trust_world_end);
}
