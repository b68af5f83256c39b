/* What may happen behind a signature, and what a signature forbids: forms filled in, descriptions, comments,
 * second signatures, judged against DocMDP, FieldMDP and Lock. */
#include "tests/check.h"

#include "tests/pades_form.h"

#include "signer/pdf_change_text.h"
#include "signer/pdf_text.h"

#define LOOK FORM_STREAM("q (9) Q")
#define FILLED                                                                                               \
    {                                                                                                        \
        .objects = { [8] = FORM_NAME("Binh", "20 0 R"), [20] = LOOK }                                        \
    }
#define SYMBOL "<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>"
#define FORM_RESOURCES(resources)                                                                            \
    "<</SigFlags 3 /DA (/F1 9 Tf) /DR <<" resources ">> /Fields [5 0 R 8 0 R 9 0 R 10 0 R 11 0 R]>>"
#define P(permitted) FORM_DOCMDP("/V /1.2 /P " permitted)

/* clang-format off */
static const struct form_row filling[] = {
    {"a text is filled in, and looks like it", .update = FILLED, .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"the look is written in place, for the field alone",
     .update = {.objects = {[8] = FORM_NAME("Binh", "12 0 R"), [12] = LOOK}},
     .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"said by a section that is a stream",
     .update = {.objects = {[8] = FORM_NAME("Binh", "20 0 R"), [20] = LOOK}, .stream = true}, .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"a look that another thing shows too is not",
     .update = {.objects = {[8] = FORM_NAME("Binh", "4 0 R"), [4] = LOOK}},
     .kinds = FORM_BIT(FORM) | FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED},
    {"a text without a look is drawn by the reader",
     .update = {.objects = {[8] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Ten) /P 3 0 R /Rect [50 700 250 720] /V (B)>>"}},
     .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"a box is ticked", .update = {.objects = {[9] = FORM_TICK("/Co")}}, .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"a value that is an object of its own",
     .update = {.objects = {[8] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Ten) /P 3 0 R /Rect [50 700 250 720] /V 21 0 R /AP <</N 20 0 R>>>>",
                            [20] = LOOK, [21] = "(Binh)"}},
     .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"keys in another order and other spellings are nothing",
     .update = {.objects = {[8] = "<</V (\\101n) /T <54656E> /FT /Tx /Subtype /Widget /AP <</N 12 0 R>> /P 3 0 R /Rect [50.0 700 250 720.00] /Type /Annot>>"}},
     .changed = CHANGED_NO},
    {"a look that changes while the value stays",
     .update = {.objects = {[8] = FORM_NAME("An", "20 0 R"), [20] = LOOK}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_FACE_CHANGED},
    {"a look that changes in place while nothing else does",
     .update = {.objects = {[12] = LOOK}}, .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED},
    {"a look that is taken away while the value stays",
     .update = {.objects = {[8] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Ten) /P 3 0 R /Rect [50 700 250 720] /V (An)>>"}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_FACE_CHANGED},
    {"a box that looks ticked and is not",
     .update = {.objects = {[9] = "<</Type /Annot /Subtype /Widget /FT /Btn /T (Dongy) /P 3 0 R /Rect [50 650 60 660] /V /Off /AS /Co /AP <</N <</Co 13 0 R /Off 14 0 R>>>>>>"}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_FACE_CHANGED},
    {"a field that moves over the text",
     .update = {.objects = {[8] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Ten) /P 3 0 R /Rect [0 0 595 842] /V (B) /AP <</N 20 0 R>>>>", [20] = LOOK}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"a field under another name",
     .update = {.objects = {[8] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Ho) /P 3 0 R /Rect [50 700 250 720] /V (B) /AP <</N 12 0 R>>>>"}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"a field of another kind",
     .update = {.objects = {[8] = "<</Type /Annot /Subtype /Widget /FT /Btn /T (Ten) /P 3 0 R /Rect [50 700 250 720] /V (B) /AP <</N 12 0 R>>>>"}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"a field that acts",
     .update = {.objects = {[8] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Ten) /P 3 0 R /Rect [50 700 250 720] /V (B) /A <</S /JavaScript /JS (x)>> /AP <</N 12 0 R>>>>"}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"a field more",
     .update = {.objects = {[3] = FORM_PAGE("20 0 R"), [7] = FORM_FIELDS("20 0 R", ""),
                            [20] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Moi) /Rect [9 9 99 99] /V (x)>>"}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"a field less",
     .update = {.objects = {[7] = "<</SigFlags 3 /DA (/F1 9 Tf) /DR <</Font <</F1 15 0 R>>>> /Fields [5 0 R 8 0 R 9 0 R 10 0 R]>>"}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"texts drawn anew that were not filled in",
     .update = {.objects = {[7] = FORM_FIELDS("", "/NeedAppearances true")}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_FACE_CHANGED},
    {"texts drawn anew, all of them filled in",
     .update = {.objects = {[7] = FORM_FIELDS("", "/NeedAppearances true"), [8] = FORM_NAME("Binh", "12 0 R"),
                            [9] = FORM_TICK("/Co"), [11] = FORM_SUM("200", "16 0 R")}},
     .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"another default text", .update = {.objects = {[7] = "<</SigFlags 3 /DA (/F2 9 Tf) /DR <</Font <</F1 15 0 R>>>> /Fields [5 0 R 8 0 R 9 0 R 10 0 R 11 0 R]>>"}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"another font under the same name", .update = {.objects = {[15] = "<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>"}},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED},
    {"resources in an object of their own",
     .update = {.objects = {[7] = "<</SigFlags 3 /DA (/F1 9 Tf) /DR 20 0 R /Fields [5 0 R 8 0 R 9 0 R 10 0 R 11 0 R]>>",
                            [20] = "<</Font 21 0 R>>", [21] = "<</F1 15 0 R>>"}},
     .changed = CHANGED_NO},
    {"fonts that grow in place", .base = {.objects = {[7] = FORM_RESOURCES("/Font 19 0 R"), [19] = "<</F1 15 0 R>>"}},
     .update = {.objects = {[19] = "<</F1 15 0 R /F2 20 0 R>>", [20] = SYMBOL}}, .changed = CHANGED_NO},
    {"fonts that become others in place", .base = {.objects = {[7] = FORM_RESOURCES("/Font 19 0 R"), [19] = "<</F1 15 0 R>>"}},
     .update = {.objects = {[19] = "<</F1 20 0 R>>", [20] = SYMBOL}}, .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"fonts that grow in place where a page draws with them too",
     .base = {.objects = {[7] = FORM_RESOURCES("/Font 19 0 R"), [19] = "<</F1 15 0 R>>",
                          [2] = "<</Type /Pages /Kids [3 0 R] /Count 1 /Resources <</Font 19 0 R>>>>"}},
     .update = {.objects = {[19] = "<</F1 15 0 R /F2 20 0 R>>", [20] = SYMBOL}}, .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED},
    {"another frame for signatures", .base = {.objects = {[7] = FORM_RESOURCES("/XObject <</FRM 13 0 R>>")}},
     .update = {.objects = {[7] = FORM_RESOURCES("/XObject <</FRM 14 0 R>>")}}, .changed = CHANGED_NO},
    {"a font more, where every field has its look",
     .update = {.objects = {[7] = "<</SigFlags 3 /DA (/F1 9 Tf) /DR <</Font <</F1 15 0 R /F2 20 0 R>>>> /Fields [5 0 R 8 0 R 9 0 R 10 0 R 11 0 R]>>",
                            [20] = "<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>"}},
     .changed = CHANGED_NO},
};

static const struct form_row describing[] = {
    {"another producer", .update = {.objects = {[17] = "<</Producer (b) /ModDate (D:2026)>>"}, .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(METADATA), .changed = CHANGED_NO},
    {"another title, in another object", .update = {.objects = {[20] = "<</Title (t)>>"}, .trailer = "/Info 20 0 R"},
     .kinds = FORM_BIT(METADATA), .changed = CHANGED_NO},
    {"no description any more", .update = {.trailer = ""}, .kinds = FORM_BIT(METADATA), .changed = CHANGED_NO},
    {"an identifier", .update = {.trailer = "/Info 17 0 R /ID [<00> <01>]"}, .changed = CHANGED_NO},
    {"a packet of XMP", .update = {.objects = {[1] = FORM_CATALOG("/Metadata 18 0 R")}, .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(METADATA), .changed = CHANGED_NO},
    {"a new packet of XMP",
     .update = {.objects = {[1] = FORM_CATALOG("/Metadata 20 0 R"),
                            [20] = "<</Type /Metadata /Subtype /XML /Length 37>>\nstream\n<x:xapmeta xmlns:x=\"adobe:ns:meta/\"/>\nendstream"},
                .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(METADATA), .changed = CHANGED_NO},
    {"a packet with a DTD",
     .update = {.objects = {[1] = FORM_CATALOG("/Metadata 20 0 R"),
                            [20] = "<</Type /Metadata /Subtype /XML /Length 49>>\nstream\n<!DOCTYPE a><x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>\nendstream"},
                .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_METADATA_BOGUS},
    {"a packet of something else",
     .update = {.objects = {[1] = FORM_CATALOG("/Metadata 20 0 R"), [20] = "<</Type /Metadata /Subtype /XML /Length 4>>\nstream\n<a/>\nendstream"},
                .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_METADATA_BOGUS},
    {"a page as its packet", .update = {.objects = {[1] = FORM_CATALOG("/Metadata 4 0 R")}, .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_METADATA_BOGUS},
    {"a version and what it is extended by",
     .update = {.objects = {[1] = FORM_CATALOG("/Version /2.0 /Extensions <</ISO_ [<</BaseVersion /2.0 /ExtensionLevel 32001>>]>>")},
                .trailer = "/Info 17 0 R"},
     .changed = CHANGED_NO},
    {"extensions in an object of their own, which grows",
     .base = {.objects = {[1] = FORM_CATALOG("/Extensions 19 0 R"), [19] = "<</ADBE 18 0 R>>", [18] = "<</BaseVersion /1.7 /ExtensionLevel 3>>"}},
     .update = {.objects = {[19] = "<</ADBE 18 0 R /ESIC <</BaseVersion /1.7 /ExtensionLevel 2>>>>", [18] = "<</BaseVersion /1.7 /ExtensionLevel 5>>"},
                .trailer = "/Info 17 0 R"},
     .changed = CHANGED_NO},
    {"extensions that are something else",
     .base = {.objects = {[1] = FORM_CATALOG("/Extensions 19 0 R"), [19] = "<</ADBE <</BaseVersion /1.7>>>>"}},
     .update = {.objects = {[19] = "<</ADBE 4 0 R>>"}, .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"another first page", .update = {.objects = {[1] = FORM_CATALOG("/OpenAction [3 0 R /Fit]")}, .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"a certification that nobody made",
     .update = {.objects = {[1] = FORM_CATALOG("/Perms <</DocMDP 6 0 R>>")}, .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"usage rights are nobody's business",
     .update = {.objects = {[1] = FORM_CATALOG("/Perms <</UR3 <</Type /Sig>>>>")}, .trailer = "/Info 17 0 R"},
     .changed = CHANGED_NO},
};

#define SECOND FORM_SIGNATURE("")
#define SHOWN(rectangle) "<</Type /Annot /Subtype /Widget /FT /Sig /T (Hai) /P 3 0 R /Rect [" rectangle "] /V 21 0 R /AP <</N 22 0 R>>>>"
#define SECOND_FIELD(field) {[3] = FORM_PAGE("20 0 R"), [7] = FORM_FIELDS("20 0 R", ""), [20] = field, [21] = SECOND, [22] = LOOK}
#define STORE {[1] = FORM_CATALOG("/DSS <</Certs [20 0 R]>>"), [20] = LOOK}

static const struct form_row permitted[] = {
    {"P = 1: a form is not filled in", .limits = P("1"), .update = FILLED, .kinds = FORM_BIT(FORM), .refused = &TEXT_PDF_FORBIDDEN_FORM},
    {"P = 2: it is", .limits = P("2"), .update = FILLED, .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"P = 3: it is", .limits = P("3"), .update = FILLED, .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"P is 2 when nothing is said", .limits = FORM_DOCMDP("/V /1.2"), .update = FILLED, .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"a P that is none permits nothing", .limits = P("4"), .update = FILLED, .kinds = FORM_BIT(FORM), .refused = &TEXT_PDF_FORBIDDEN_FORM},
    {"nor one that is no number", .limits = P("/All"), .update = FILLED, .kinds = FORM_BIT(FORM), .refused = &TEXT_PDF_FORBIDDEN_FORM},
    {"the P of a Lock counts as much", .lock = "/Lock <</Type /SigFieldLock /Action /Include /Fields [] /P 1>>", .update = FILLED,
     .kinds = FORM_BIT(FORM), .refused = &TEXT_PDF_FORBIDDEN_FORM},
    {"the stricter of both holds", .limits = P("3"), .lock = "/Lock <</Type /SigFieldLock /Action /Include /Fields [] /P 1>>",
     .update = FILLED, .kinds = FORM_BIT(FORM), .refused = &TEXT_PDF_FORBIDDEN_FORM},
    {"P = 1: no second signature", .limits = P("1"), .update = {.objects = {[10] = FORM_WAITING("/V 21 0 R"), [21] = SECOND}},
     .signs = true, .kinds = FORM_BIT(SIGNATURE), .refused = &TEXT_PDF_CHANGED_CERTIFIED},
    {"P = 2: a second signature", .limits = P("2"), .update = {.objects = {[10] = FORM_WAITING("/V 21 0 R"), [21] = SECOND}},
     .signs = true, .kinds = FORM_BIT(SIGNATURE), .changed = CHANGED_NO},
    {"P = 1: validation data", .limits = P("1"), .update = {.objects = STORE, .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(VALIDATION_DATA), .changed = CHANGED_NO},
    {"P = 1: validation data, by another producer", .limits = P("1"),
     .update = {.objects = {[1] = FORM_CATALOG("/DSS <</Certs [20 0 R]>>"), [17] = "<</Producer (b)>>", [20] = LOOK}, .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(VALIDATION_DATA) | FORM_BIT(METADATA), .changed = CHANGED_NO},
    {"P = 1: no other description alone", .limits = P("1"), .update = {.objects = {[17] = "<</Title (b)>>"}, .trailer = "/Info 17 0 R"},
     .kinds = FORM_BIT(METADATA), .refused = &TEXT_PDF_FORBIDDEN_METADATA},
    {"FieldMDP: a field that is named is locked", .limits = FORM_FIELDMDP("/Action /Include /Fields [(Tien) (Ten)]"), .update = FILLED,
     .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_FIELD_LOCKED},
    {"one that is not is free", .limits = FORM_FIELDMDP("/Action /Include /Fields [(Tien)]"), .update = FILLED,
     .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"all are locked", .limits = FORM_FIELDMDP("/Action /All"), .update = FILLED, .kinds = FORM_BIT(OTHER), .refused = &TEXT_PDF_FIELD_LOCKED},
    {"all but some", .limits = FORM_FIELDMDP("/Action /Exclude /Fields [(Ten)]"), .update = FILLED, .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"all but others", .limits = FORM_FIELDMDP("/Action /Exclude /Fields [(Tien)]"), .update = FILLED, .kinds = FORM_BIT(OTHER),
     .refused = &TEXT_PDF_FIELD_LOCKED},
    {"a Lock alone is enough", .lock = "/Lock <</Action /Include /Fields [(Ten)]>>", .update = FILLED, .kinds = FORM_BIT(OTHER),
     .refused = &TEXT_PDF_FIELD_LOCKED},
    {"what both spare is free",
     .limits = FORM_FIELDMDP("/Action /Exclude /Fields [(Ten) (Tien)]"), .lock = "/Lock <</Action /Exclude /Fields [(Ten)]>>",
     .update = FILLED, .kinds = FORM_BIT(FORM), .changed = CHANGED_UNKNOWN},
    {"a place for a signature that is locked is not signed", .limits = FORM_FIELDMDP("/Action /Include /Fields [(Dongdau)]"),
     .update = {.objects = {[10] = FORM_WAITING("/V 21 0 R"), [21] = SECOND}}, .signs = true,
     .kinds = FORM_BIT(SIGNATURE) | FORM_BIT(OTHER), .refused = &TEXT_PDF_FIELD_LOCKED},
    {"a second signature of its own beside locked fields", .limits = FORM_FIELDMDP("/Action /All"),
     .update = {.objects = SECOND_FIELD(SHOWN("0 0 0 0"))}, .signs = true, .kinds = FORM_BIT(SIGNATURE), .changed = CHANGED_NO},
};
/* clang-format on */

static void forms_may_be_filled_in(void **state)
{
    (void)state;
    form_check(filling, COUNT_OF(filling));
}

/* A later revision whose objects lie in a stream of objects: what it says counts, not how it lies. */
static void append_packed(const char *field, struct buffer *pdf)
{
    unsigned long long previous = pdf_last_startxref(buffer_span(pdf));
    size_t stream = pdf->size;
    buffer_format(
        pdf, "20 0 obj\n<</Type /ObjStm /N 1 /First 4 /Length %zu>>\nstream\n8 0 %s\nendstream\nendobj\n",
        4 + strlen(field), field);
    size_t section = pdf->size;
    buffer_format(
        pdf,
        "21 0 obj\n<</Type /XRef /W [1 4 2] /Index [8 1 20 2] /Length 21 /Size 22 /Root 1 0 R /Info "
        "17 0 R /Prev %llu>>\nstream\n",
        previous);
    buffer_u8(pdf, 2);
    buffer_u32(pdf, 20);
    buffer_u16(pdf, 0);
    buffer_u8(pdf, 1);
    buffer_u32(pdf, (uint32_t)stream);
    buffer_u16(pdf, 0);
    buffer_u8(pdf, 1);
    buffer_u32(pdf, (uint32_t)section);
    buffer_u16(pdf, 0);
    buffer_format(pdf, "\nendstream\nendobj\nstartxref\n%zu\n%%%%EOF\n", section);
    assert_non_null(buffer_string(pdf));
}

static void objects_may_lie_in_streams(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *field;
        bool passes;
        enum changed changed;
    } rows[] = {{"the same field, packed", FORM_NAME("An", "12 0 R"), true, CHANGED_NO},
                {"filled in", FORM_NAME("Binh", "12 0 R"), true, CHANGED_UNKNOWN},
                {"looking otherwise", FORM_NAME("An", "16 0 R"), false, CHANGED_YES}};
    static const struct form_row plain = {.sentence = "packed"};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        form_make(&plain, &pdf);
        append_packed(rows[i].field, &pdf);
        check(buffer_span(&pdf), &verdict);
        check_row((verdict_overall(&verdict) == TOTAL_PASSED) == rows[i].passes
                      && verdict.changed_after_signing == rows[i].changed,
                  rows[i].sentence);
    }
}

static const struct check *check_of(const struct finding *finding, const struct text *what)
{
    for (size_t i = 0; i < finding->check_count; i++)
        if (finding->checks[i].what == what)
            return &finding->checks[i];
    return NULL;
}

/* Which field, in which revision, and where each revision ends. */
static void what_was_filled_in_is_said(void **state)
{
    (void)state;
    static const struct form_row row = {.sentence = "said"};
    static const struct pdf_plan update = {
        .objects = {[8] = FORM_NAME("Binh", "20 0 R"), [17] = "<</Producer (b)>>", [20] = LOOK},
        .trailer = "/Info 17 0 R"};
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    form_make(&row, &pdf);
    size_t end = pdf.size;
    pdf_make_update(&update, &pdf);
    check(buffer_span(&pdf), &verdict);
    const struct finding *finding = &verdict.findings[0];
    assert_ptr_equal(finding->reasons[0].text, &TEXT_PDF_FILLED_IN);
    assert_string_equal(finding->reasons[0].arg[0], "2");
    assert_string_equal(finding->reasons[0].arg[1], "Ten");
    const struct check *filled = check_of(finding, &TEXT_CHECK_PDF_FORM),
                       *described = check_of(finding, &TEXT_CHECK_PDF_METADATA);
    assert_non_null(filled);
    assert_non_null(described);
    assert_int_equal(filled->result, CHECK_WARNING);
    assert_string_equal(filled->arg, "2");
    assert_int_equal(verdict.revisions[0].end, end);
    assert_int_equal(verdict.revisions[1].end, pdf.size);
    assert_int_equal(verdict.revisions[1].changes, FORM_BIT(FORM) | FORM_BIT(METADATA));
}

static void descriptions_may_change(void **state)
{
    (void)state;
    form_check(describing, COUNT_OF(describing));
}

static void what_a_signature_forbids_fails_it(void **state)
{
    (void)state;
    form_check(permitted, COUNT_OF(permitted));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_may_be_filled_in),
        cmocka_unit_test(objects_may_lie_in_streams),
        cmocka_unit_test(what_was_filled_in_is_said),
        cmocka_unit_test(descriptions_may_change),
        cmocka_unit_test(what_a_signature_forbids_fails_it),
    };
    return cmocka_run_group_tests_name("pades_changes", tests, trust_world_make, trust_world_end);
}
