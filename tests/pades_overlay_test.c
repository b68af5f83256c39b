/* What is laid over a signed page, taken off it or put in its place: comments and marks, the faces of later
 * signatures, shadow attacks (hide, replace, hide and replace), and the attacks on certified documents by
 * evil annotations and sneaky signatures. Each beside the honest one that passes. */
#include "tests/check.h"

#include "tests/pades_form.h"

#include <stdio.h>

#include "signer/pdf_change_text.h"
#include "signer/pdf_text.h"

#define LOOK FORM_STREAM("q (9) Q")
#define P(permitted) FORM_DOCMDP("/V /1.2 /P " permitted)
#define NOTE(kind, more) "<</Type /Annot /Subtype /" kind " /P 3 0 R /Rect [50 700 250 720] " more ">>"
#define WITH_NOTE(kind, more)                                                                                \
    {                                                                                                        \
        [3] = FORM_PAGE("20 0 R"), [20] = NOTE(kind, more), [21] = LOOK                                      \
    }
#define ADDS(kind, more) .update = {.objects = WITH_NOTE(kind, more)}
#define HAD(kind, more) .base = {.objects = {[3] = FORM_PAGE("19 0 R"), [19] = NOTE(kind, more)}}
#define DROPS .update = {.objects = {[3] = FORM_PAGE("")}}
#define LARGE "<</Type /Annot /Subtype /Highlight /P 3 0 R /Rect [0 0 595 842] /AP <</N 21 0 R>>>>"
#define SHOWN(rectangle)                                                                                     \
    "<</Type /Annot /Subtype /Widget /FT /Sig /T (Hai) /P 3 0 R /Rect [" rectangle                           \
    "] /V 21 0 R /AP <</N 22 0 R>>>>"
#define SIGNS(field)                                                                                         \
    .update = {.objects = {[3] = FORM_PAGE("20 0 R"),                                                        \
                           [7] = FORM_FIELDS("20 0 R", ""),                                                  \
                           [20] = field,                                                                     \
                           [21] = FORM_SIGNATURE(""),                                                        \
                           [22] = LOOK}},                                                                    \
    .signs = true
#define SIGNS_WAITING                                                                                        \
    .update =                                                                                                \
        {.objects =                                                                                          \
             {[10] = FORM_WAITING("/V 21 0 R /AP <</N 22 0 R>>"), [21] = FORM_SIGNATURE(""), [22] = LOOK}},  \
    .signs = true
#define EMPTY_FIELD(rectangle)                                                                               \
    .update = {.objects = {[3] = FORM_PAGE("20 0 R"),                                                        \
                           [7] = FORM_FIELDS("20 0 R", ""),                                                  \
                           [20] = "<</Type /Annot /Subtype /Widget /FT /Sig /T (Hai) /P 3 0 R "              \
                                  "/Rect [" rectangle "]>>"}}
#define HIDES FORM_BIT(OTHER), .refused = &TEXT_PDF_NOTE_HIDES
#define COMMENTED FORM_BIT(ANNOTATION), .changed = CHANGED_UNKNOWN
#define SIGNED FORM_BIT(SIGNATURE), .changed = CHANGED_NO
#define SIGNED_OVER(why) (FORM_BIT(SIGNATURE) | FORM_BIT(OTHER)), .refused = &TEXT_PDF_##why
#define IS_OTHER(why) FORM_BIT(OTHER), .refused = &TEXT_PDF_##why

/* clang-format off */
static const struct form_row annotations[] = {
    {"a comment beside the text is said", ADDS("Text", "/Contents (x)"), .kinds = COMMENTED},
    {"an icon of its own",
     .update = {.objects = {[3] = FORM_PAGE("20 0 R"), [21] = LOOK, [20] = "<</Type /Annot /Subtype /Text /P 3 0 R /Rect [9 9 33 33] /AP <</N 21 0 R>>>>"}},
     .kinds = COMMENTED},
    {"an icon as large as a paragraph",
     .update = {.objects = {[3] = FORM_PAGE("20 0 R"), [21] = LOOK, [20] = "<</Type /Annot /Subtype /Text /P 3 0 R /Rect [50 600 450 660] /AP <</N 21 0 R>>>>"}},
     .kinds = FORM_BIT(ANNOTATION) | FORM_BIT(OTHER), .refused = &TEXT_PDF_FACE_COVERS},
    {"a comment that acts", ADDS("Text", "/A <</S /URI>>"), .kinds = IS_OTHER(CHANGED_KEY)},
    {"text on the page", ADDS("FreeText", "/Contents (x) /DA (/F1 9 Tf)"), .kinds = HIDES},
    {"a stamp", ADDS("Stamp", "/AP <</N 21 0 R>>"), .kinds = HIDES},
    {"a mark, where nobody permitted any", ADDS("Highlight", ""), .kinds = HIDES},
    {"a link", ADDS("Link", ""), .kinds = HIDES},
    {"P = 2: no comment", .limits = P("2"), ADDS("Text", ""), .kinds = FORM_BIT(ANNOTATION), .refused = &TEXT_PDF_FORBIDDEN_ANNOTATION},
    {"P = 3: a comment", .limits = P("3"), ADDS("Text", ""), .kinds = COMMENTED},
    {"P = 3: a mark", .limits = P("3"), ADDS("Highlight", "/AP <</N 21 0 R>>"), .kinds = COMMENTED},
    {"P = 3: a line", .limits = P("3"), ADDS("Ink", ""), .kinds = COMMENTED},
    {"P = 3: a mark over the whole page (EAA)", .limits = P("3"),
     .update = {.objects = {[3] = FORM_PAGE("20 0 R"), [20] = LARGE, [21] = LOOK}},
     .kinds = FORM_BIT(ANNOTATION) | FORM_BIT(OTHER), .refused = &TEXT_PDF_FACE_COVERS},
    {"P = 3: text of its own (EAA)", .limits = P("3"), ADDS("FreeText", "/Contents (x) /DA (/F1 9 Tf)"), .kinds = HIDES},
    {"P = 3: a stamp (EAA)", .limits = P("3"), ADDS("Stamp", "/AP <</N 21 0 R>>"), .kinds = HIDES},
    {"P = 3: a redaction (EAA)", .limits = P("3"), ADDS("Redact", "/OverlayText (x)"), .kinds = HIDES},
    {"P = 3: a filled square (EAA)", .limits = P("3"), ADDS("Square", "/IC [1 1 1]"), .kinds = HIDES},
    {"P = 3: a watermark (EAA)", .limits = P("3"), ADDS("Watermark", "/AP <</N 21 0 R>>"), .kinds = HIDES},
    {"P = 3: a kind that nobody knows", .limits = P("3"), ADDS("Khac", ""), .kinds = HIDES},
    {"P = 3: a comment is answered", .limits = P("3"), HAD("Text", "/Contents (a)"),
     .update = {.objects = {[19] = NOTE("Text", "/Contents (b) /M (D:2026)")}}, .kinds = COMMENTED},
    {"P = 3: a comment moves", .limits = P("3"), HAD("Text", ""),
     .update = {.objects = {[19] = "<</Type /Annot /Subtype /Text /P 3 0 R /Rect [0 0 595 842]>>"}},
     .kinds = FORM_BIT(ANNOTATION) | FORM_BIT(OTHER), .refused = &TEXT_PDF_CHANGED_KEY},
    {"P = 3: a comment is taken off", .limits = P("3"), HAD("Text", ""), DROPS, .kinds = COMMENTED},
    {"P = 3: what was written on the page is not", .limits = P("3"), HAD("FreeText", ""), DROPS, .kinds = HIDES},
    {"nothing is taken off where nobody permits it", HAD("Text", ""), DROPS, .kinds = IS_OTHER(CHANGED_KEY)},
    {"the list may move into an object of its own",
     .update = {.objects = {[3] = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595.0 842] /Contents 4 0 R /Resources <<>> /Annots 20 0 R>>",
                            [20] = "[5 0 R 8 0 R 9 0 R 10 0 R 11 0 R]"}}, .changed = CHANGED_NO},
};

static const struct form_row faces[] = {
    {"a second signature shows itself", SIGNS(SHOWN("300 50 450 120")), .kinds = SIGNED},
    {"where the first signer saw its place", SIGNS_WAITING, .kinds = SIGNED},
    {"not over most of the page", SIGNS(SHOWN("0 0 595 842")), .kinds = SIGNED_OVER(FACE_COVERS)},
    {"however its corners are written", SIGNS(SHOWN("595 842 0 0")), .kinds = SIGNED_OVER(FACE_COVERS)},
    {"nor with a ground that readers draw",
     SIGNS("<</Type /Annot /Subtype /Widget /FT /Sig /T (Hai) /P 3 0 R /Rect [0 0 595 842] /V 21 0 R /MK <</BG [1 1 1]>>>>"), .kinds = SIGNED_OVER(FACE_COVERS)},
    {"nor without a place", SIGNS(SHOWN("1 2 3")), .kinds = SIGNED_OVER(FACE_COVERS)},
    {"nor in a place that was prepared for it (hide)",
     .base = {.objects = {[10] = "<</Type /Annot /Subtype /Widget /FT /Sig /T (Dongdau) /P 3 0 R /Rect [0 0 595 842]>>"}},
     .update = {.objects = {[10] = "<</Type /Annot /Subtype /Widget /FT /Sig /T (Dongdau) /P 3 0 R /Rect [0 0 595 842] /V 21 0 R /AP <</N 22 0 R>>>>",
                            [21] = FORM_SIGNATURE(""), [22] = LOOK}},
     .signs = true, .kinds = SIGNED_OVER(FACE_COVERS)},
    {"certified: in the place that was waiting", .limits = P("2"), SIGNS_WAITING, .kinds = SIGNED},
    {"certified: without a face", .limits = P("2"), SIGNS(SHOWN("0 0 0 0")), .kinds = SIGNED},
    {"certified: in a place of its own (SSA)", .limits = P("2"), SIGNS(SHOWN("300 50 450 120")), .kinds = SIGNED_OVER(FACE_CERTIFIED)},
    {"certified: over the page (SSA)", .limits = P("3"), SIGNS(SHOWN("0 0 595 842")), .kinds = SIGNED_OVER(FACE_COVERS)},
    {"a signature below a name of its own",
     .update = {.objects = {[7] = FORM_FIELDS("20 0 R", ""), [20] = "<</T (Nhom) /Kids [22 0 R]>>",
                            [21] = FORM_SIGNATURE(""), [22] = "<</FT /Sig /T (Hai) /Parent 20 0 R /V 21 0 R>>"}},
     .signs = true, .kinds = SIGNED},
    {"and something else below it",
     .update = {.objects = {[3] = FORM_PAGE("23 0 R"), [7] = FORM_FIELDS("20 0 R", ""), [20] = "<</T (Nhom) /Kids [22 0 R 23 0 R]>>",
                            [21] = FORM_SIGNATURE(""), [22] = "<</FT /Sig /T (Hai) /Parent 20 0 R /V 21 0 R>>",
                            [23] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Chu) /V (x) /Parent 20 0 R /Rect [9 9 99 99]>>"}},
     .signs = true, .kinds = SIGNED_OVER(CHANGED_KEY)},
    {"a signature below a name that was there", .base = {.objects = {[7] = FORM_FIELDS("19 0 R", ""), [19] = "<</T (Nhom) /Kids [18 0 R]>>",
                                                                     [18] = "<</FT /Sig /T (Mot) /Parent 19 0 R>>"}},
     .update = {.objects = {[19] = "<</T (Nhom) /Kids [18 0 R 22 0 R]>>",
                            [21] = FORM_SIGNATURE(""), [22] = "<</FT /Sig /T (Hai) /Parent 19 0 R /V 21 0 R>>"}},
     .signs = true, .kinds = SIGNED},
    {"in the place of another", .base = {.objects = {[7] = FORM_FIELDS("19 0 R", ""), [19] = "<</T (Nhom) /Kids [18 0 R]>>",
                                                    [18] = "<</FT /Tx /T (Mot) /Parent 19 0 R>>"}},
     .update = {.objects = {[19] = "<</T (Nhom) /Kids [22 0 R]>>",
                            [21] = FORM_SIGNATURE(""), [22] = "<</FT /Sig /T (Hai) /Parent 19 0 R /V 21 0 R>>"}},
     .signs = true, .kinds = SIGNED_OVER(CHANGED_KEY)},
    {"a field for a signature to come", EMPTY_FIELD("300 50 450 120"), .kinds = SIGNED},
    {"certified: one without a place", .limits = P("2"), EMPTY_FIELD("0 0 0 0"), .kinds = SIGNED},
    {"certified: one with a place (SSA)", .limits = P("2"), EMPTY_FIELD("0 0 595 842"), .kinds = IS_OTHER(FACE_CERTIFIED)},
    {"a field for a signature that shows something already",
     .update = {.objects = {[3] = FORM_PAGE("20 0 R"), [7] = FORM_FIELDS("20 0 R", ""), [21] = LOOK,
                            [20] = "<</Type /Annot /Subtype /Widget /FT /Sig /T (Hai) /P 3 0 R /Rect [0 0 595 842] /AP <</N 21 0 R>>>>"}},
     .kinds = IS_OTHER(CHANGED_KEY)},
    {"a signature that shows an old annotation", .base = {.objects = {[19] = NOTE("FreeText", "")}},
     .update = {.objects = {[3] = FORM_PAGE("19 0 R"), [7] = FORM_FIELDS("20 0 R", ""), [20] = "<</FT /Sig /T (Hai) /V 21 0 R /Kids [19 0 R]>>",
                            [21] = FORM_SIGNATURE("")}},
     .signs = true, .kinds = SIGNED_OVER(CHANGED_KEY)},
};

#define OVERLAY "<</Type /XObject /Subtype /Form /BBox [0 0 595 842] /Length 7>>\nstream\nq (5) Q\nendstream"
#define COVERED .base = {.objects = {[3] = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</XObject <</O 16 0 R>>>> /Annots [5 0 R 8 0 R 9 0 R 10 0 R 11 0 R]>>"}}
#define OTHER_PAGE "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 12 0 R>>"

static const struct form_row shadows[] = {
    {"hide: what lay over the text becomes empty", COVERED, .update = {.objects = {[16] = OVERLAY}}, .kinds = IS_OTHER(CHANGED)},
    {"hide: … is shown no more", COVERED, .update = {.objects = {[3] = FORM_PAGE("")}}, .kinds = IS_OTHER(CHANGED_KEY)},
    {"hide: an annotation that lay over it", HAD("FreeText", ""), DROPS, .kinds = IS_OTHER(CHANGED_KEY)},
    {"hide: … becomes invisible", HAD("FreeText", ""), .update = {.objects = {[19] = NOTE("FreeText", "/F 2")}}, .kinds = IS_OTHER(NOTE_HIDES)},
    {"hide: … becomes another kind", HAD("FreeText", ""), .update = {.objects = {[19] = NOTE("Text", "")}}, .kinds = IS_OTHER(NOTE_HIDES)},
    {"hide: a field that was prepared over the whole page is filled in",
     .base = {.objects = {[11] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Tien) /P 3 0 R /Rect [0 0 595 842]>>"}},
     .update = {.objects = {[11] = "<</Type /Annot /Subtype /Widget /FT /Tx /T (Tien) /P 3 0 R /Rect [0 0 595 842] /V (x) /AP <</N 20 0 R>>>>", [20] = LOOK}},
     .kinds = IS_OTHER(FACE_COVERS)},
    {"replace: the look of a field", .update = {.objects = {[11] = FORM_SUM("100", "12 0 R")}}, .kinds = IS_OTHER(FACE_CHANGED)},
    {"replace: the font it is drawn with", .update = {.objects = {[15] = "<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>"}}, .kinds = IS_OTHER(CHANGED)},
    {"replace: the default text", .update = {.objects = {[7] = "<</SigFlags 3 /DA (/F2 9 Tf) /DR <</Font <</F1 15 0 R>>>> /Fields [5 0 R 8 0 R 9 0 R 10 0 R 11 0 R]>>"}},
     .kinds = IS_OTHER(CHANGED_KEY)},
    {"hide and replace: another page", .base = {.objects = {[19] = OTHER_PAGE}},
     .update = {.objects = {[2] = "<</Type /Pages /Kids [19 0 R] /Count 1>>"}}, .kinds = IS_OTHER(CHANGED)},
    {"hide and replace: another catalog", .base = {.objects = {[19] = FORM_CATALOG("/Lang (vi)")}},
     .update = {.objects = {[1] = FORM_CATALOG("/Lang (vi)")}}, .kinds = IS_OTHER(CHANGED_KEY)},
    {"hide and replace: another text in the same stream", .update = {.objects = {[4] = LOOK}}, .kinds = IS_OTHER(CHANGED)},
    {"hide and replace: the page written anew", .update = {.objects = {[3] = OTHER_PAGE}}, .kinds = IS_OTHER(CHANGED_KEY)},
};
/* clang-format on */

static void comments_beside_the_text_and_permitted_marks_may_come(void **state)
{
    (void)state;
    form_check(annotations, COUNT_OF(annotations));
}

static void a_signature_shows_itself_in_its_place(void **state)
{
    (void)state;
    form_check(faces, COUNT_OF(faces));
}

static void what_was_prepared_to_be_shown_later_is_not(void **state)
{
    (void)state;
    form_check(shadows, COUNT_OF(shadows));
}

/* Signatures one after the other, each over a part of the page: together they may not hide it. */
static void faces_together_leave_most_of_the_page(void **state)
{
    (void)state;
    static const char *const places[] = {"0 0 595 150", "0 150 595 300", "0 300 595 450"};
    static const struct form_row plain = {.sentence = "faces"};
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    char shown[8 * 16] = "", fields[8 * 16] = "";
    form_make(&plain, &pdf);
    for (unsigned i = 0; i < COUNT_OF(places); i++) {
        struct buffer page CLEANUP(buffer_clear) = {0}, form CLEANUP(buffer_clear) = {0},
                           field CLEANUP(buffer_clear) = {0};
        struct pdf_plan update = {.trailer = "/Info 17 0 R"};
        unsigned number = 20 + 3 * i;
        snprintf(shown + strlen(shown), sizeof(shown) - strlen(shown), "%u 0 R ", number);
        memcpy(fields, shown, sizeof(fields));
        buffer_format(&page, FORM_PAGE("%s"), shown);
        buffer_format(&form, FORM_FIELDS("%s", ""), fields);
        buffer_format(&field,
                      "<</Type /Annot /Subtype /Widget /FT /Sig /T (Ky%u) /P 3 0 R /Rect [%s] /V %u 0 R /AP "
                      "<</N %u 0 R>>>>",
                      number, places[i], number + 1, number + 2);
        update.objects[3] = buffer_string(&page);
        update.objects[7] = buffer_string(&form);
        update.objects[number] = buffer_string(&field);
        update.objects[number + 1] = FORM_SIGNATURE("");
        update.objects[number + 2] = LOOK;
        pdf_make_update(&update, &pdf);
        craft_sign(&world.agency, &pdf);
        check_row(passes(buffer_span(&pdf), CHANGED_NO) == (i < 2), places[i]);
    }
}

/* What lay over the text is called free: nothing is written, and something is gone. */
static void what_is_freed_is_gone(void **state)
{
    (void)state;
    static const struct form_row covered = {.sentence = "covered", COVERED};
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    form_make(&covered, &pdf);
    unsigned long long previous = pdf_last_startxref(buffer_span(&pdf));
    size_t at = pdf.size;
    buffer_format(&pdf,
                  "xref\n16 1\n0000000000 00001 f \ntrailer\n<</Root 1 0 R /Size 20 /Info 17 0 R /Prev "
                  "%llu>>\nstartxref\n%zu\n%%%%EOF\n",
                  previous, at);
    check(buffer_span(&pdf), &verdict);
    assert_int_equal(verdict.findings[0].indication, TOTAL_FAILED);
    assert_ptr_equal(verdict.findings[0].reasons[0].text, &TEXT_PDF_CHANGED);
    assert_string_equal(verdict.findings[0].reasons[0].arg[1], "16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comments_beside_the_text_and_permitted_marks_may_come),
        cmocka_unit_test(a_signature_shows_itself_in_its_place),
        cmocka_unit_test(what_was_prepared_to_be_shown_later_is_not),
        cmocka_unit_test(faces_together_leave_most_of_the_page),
        cmocka_unit_test(what_is_freed_is_gone),
    };
    return cmocka_run_group_tests_name("pades_overlay", tests, trust_world_make, trust_world_end);
}
