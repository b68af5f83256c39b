/* Documents prepared before somebody signed them: what was harmless then becomes something else by a later
 * revision that looks like validation data, or like one more signature. No key of the first signer is
 * needed for any of them. */
#include "tests/check.h"

#include "tests/pades_world.h"
#include "tests/verdict_says.h"

#include <stdio.h>
#include <stdlib.h>

#include "signer/pdf_text.h"

#define PAGE_USING(resources, more)                                                                          \
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources " resources " " more ">" \
    ">"
#define TIMES "<</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>"
#define SYMBOL "<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>"
#define NOTE "<</Type /Annot /Subtype /FreeText /Rect [0 0 99 99] /Contents (Huy bo) /DA (/F1 9 Tf)>>"
#define LONG(digits) "[0 0 0000000000000000000000000000000000" digits " 842]"

struct shadow {
    const char *sentence;
    struct pdf_plan plan; /* beside the plain document's objects */
    const char *instead,
        *of; /* the last `of` is made `instead` after signing: as another program would have written it */
    bool signed_again;     /* the later revision is a signature; otherwise: */
    unsigned object;       /* … this one is written again … */
    const char *from, *to; /* … with `to` where it said `from` */
    const char *fresh;     /* object 20 */
    const char *trailer;
    const struct text *found; /* what must be said of the first signature; NULL: it stays as it is */
};

static const struct shadow shadows[] = {
    {.sentence = "nothing is said of a document information that is nothing else",
     .plan = {.objects = {[5] = "<</Producer (a) /Title (t)>>"}, .trailer = "/Info 5 0 R"},
     .object = 5,
     .from = "(a)",
     .to = "(b)",
     .trailer = "/Info 5 0 R"},
    {.sentence = "one that is a list of fonts too is a change",
     .plan = {.objects = {[3] = PAGE_USING("<</Font 5 0 R>>", ""),
                          [5] = "<</F1 " TIMES " /Producer 6 0 R>>",
                          [6] = TIMES},
              .trailer = "/Info 5 0 R"},
     .object = 5,
     .from = "6 0 R",
     .to = "20 0 R",
     .fresh = SYMBOL,
     .trailer = "/Info 5 0 R",
     .found = &TEXT_PDF_CHANGED},
    {.sentence = "so is a catalog that is one",
     .plan = {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /Extensions 6 0 R>>",
                          [3] = PAGE_USING("<</Font 1 0 R>>", ""),
                          [6] = TIMES}},
     .object = 1,
     .from = "6 0 R",
     .to = "20 0 R",
     .fresh = SYMBOL,
     .found = &TEXT_PDF_CHANGED_KEY},
    {.sentence = "the extensions that a signer needs may be named",
     .plan = {.objects = {[5] = TIMES}},
     .object = 1,
     .from = "/Pages",
     .to = "/Extensions <</ESIC <</BaseVersion /1.7 /ExtensionLevel 5>>>> /Version /1.7 /Pages"},
    {.sentence = "what an object refers to that cannot be read may not come to life",
     .plan = {.objects = {[5] = "<</Odd 1234 /Next 20 0 R>>"}},
     .of = "/Odd 1234",
     .instead = "/Odd oddd",
     .object = 1,
     .from = "/Pages",
     .to = "/DSS <<>> /Pages",
     .fresh = TIMES,
     .found = &TEXT_PDF_CHANGED_UNREADABLE},
    {.sentence = "annotations that are listed twice may not become others",
     .plan = {.objects = {[3] = PAGE_USING("<<>>", "/Annots [5 0 R] /AnnotX [5 0 R]"), [5] = NOTE}},
     .of = "/AnnotX",
     .instead = "/Annots",
     .object = 3,
     .from = "/Annots [5 0 R]",
     .to = "",
     .found = &TEXT_PDF_CHANGED_KEY},
    {.sentence = "a number is another when its thirty-sixth digit is",
     .plan = {.objects = {[3] = PAGE_USING("<<>>", "/CropBox " LONG("595"))}},
     .object = 3,
     .from = LONG("595"),
     .to = LONG("095"),
     .found = &TEXT_PDF_CHANGED_KEY},
    {.sentence = "the fonts of a form may grow when its fields have faces",
     .plan = {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [5 0 R] /DR <<>>>>>>",
                          [5] = "<</FT /Tx /T (a) /V (1) /DA (/Moi 9 Tf) /AP <</N 4 0 R>>>>"}},
     .object = 1,
     .from = "/DR <<>>",
     .to = "/DR <</Font <</Moi 20 0 R>>>>",
     .fresh = SYMBOL},
    {.sentence = "not when a reader draws one of them",
     .plan = {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [5 0 R] /DR <<>>>>>>",
                          [5] = "<</FT /Tx /T (a) /V (1) /DA (/Moi 9 Tf)>>"}},
     .object = 1,
     .from = "/DR <<>>",
     .to = "/DR <</Font <</Moi 20 0 R>>>>",
     .fresh = SYMBOL,
     .found = &TEXT_PDF_CHANGED_KEY},
    {.sentence = "nor when the form says that it is to be drawn anew",
     .plan = {.objects =
                  {[1] =
                       "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [5 0 R] /NeedAppearances true>>>>",
                   [5] = "<</FT /Tx /T (a) /V (1) /AP <</N 4 0 R>>>>"}},
     .object = 1,
     .from = "/Fields",
     .to = "/DA (/Moi 9 Tf) /Fields",
     .fresh = SYMBOL,
     .found = &TEXT_PDF_CHANGED_KEY},
    {.sentence = "a second signature is nothing", .plan = {.objects = {[5] = NOTE}}, .signed_again = true},
    {.sentence = "one whose widgets stood there before shows something else",
     .plan = {.objects = {[5] = NOTE}},
     .signed_again = true,
     .of = "/Rect [0 0 0 0]",
     .instead = "/Kids [5 0 R]  ",
     .found = &TEXT_PDF_CHANGED_KEY},
    {.sentence = "one that acts when it is pointed at is more than a signature",
     .plan = {.objects = {[5] = NOTE}},
     .signed_again = true,
     .of = "/Rect [0 0 0 0]",
     .instead = "/A  <</S /URI>>",
     .found = &TEXT_PDF_CHANGED_KEY},
};

static size_t find_last(struct span bytes, const char *text)
{
    size_t last = SIZE_MAX;
    for (size_t at = 0; (at = span_find(bytes, span_text(text), at)) != SIZE_MAX; at++)
        last = at;
    assert_int_not_equal(last, SIZE_MAX);
    return last;
}

/* The newest text of an object, with `to` for `from`. */
static void edited(const struct shadow *shadow, const struct buffer *pdf, struct buffer *ret_text)
{
    char header[24];
    snprintf(header, sizeof(header), "\n%u 0 obj", shadow->object);
    struct span bytes = buffer_span(pdf);
    size_t from = find_last(bytes, header) + strlen(header),
           end = span_find(bytes, span_text("endobj"), from);
    struct span text = span_slice(bytes, from, end - from);
    size_t at = span_find(text, span_text(shadow->from), 0);
    assert_int_not_equal(at, SIZE_MAX);
    buffer_append(ret_text, span_slice(text, 0, at));
    buffer_text(ret_text, shadow->to);
    buffer_append(ret_text, span_slice(text, at + strlen(shadow->from), SIZE_MAX));
    assert_non_null(buffer_string(ret_text));
}

static void cast(const struct shadow *shadow, struct buffer *pdf)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct pdf_plan plan = shadow->plan, update = {.trailer = shadow->trailer};
    for (unsigned n = 1; n < PDF_MAKE_OBJECTS; n++)
        if (!plan.objects[n])
            plan.objects[n] = pdf_plain.objects[n];
    pdf_make(&plan, pdf);
    must_sign(&world.leader, pdf, shadow->sentence);
    if (shadow->signed_again)
        must_sign(&world.agency, pdf, shadow->sentence);
    if (shadow->of)
        memcpy(pdf->data + find_last(buffer_span(pdf), shadow->of), shadow->instead, strlen(shadow->of));
    if (shadow->signed_again)
        return;
    edited(shadow, pdf, &text);
    update.objects[shadow->object] = buffer_string(&text);
    update.objects[20] = shadow->fresh;
    pdf_make_update(&update, pdf);
}

/* What was appended is looked at before the digest is, so a document that was patched shows both. */
static void what_was_prepared_is_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(shadows); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        cast(&shadows[i], &pdf);
        check(buffer_span(&pdf), &verdict);
        check_row(verdict.count > 0, shadows[i].sentence);
        const struct finding *first = &verdict.findings[0];
        check_row(shadows[i].found
                      ? first->indication == TOTAL_FAILED && finding_says(first, shadows[i].found)
                      : verdict_overall(&verdict) == TOTAL_PASSED,
                  shadows[i].sentence);
    }
}

/* ISO 32000-1, table 15: objects from Size on are missing. */
static void a_size_that_takes_objects_away_is_a_change(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    must_sign(&world.leader, &pdf, "size");
    size_t at = pdf.size;
    unsigned long long previous = pdf_last_startxref(buffer_span(&pdf));
    buffer_format(&pdf, "xref\n0 0\ntrailer\n<</Root 1 0 R /Size 4 /Prev %llu>>\nstartxref\n%zu\n%%%%EOF\n",
                  previous, at);
    check(buffer_span(&pdf), &verdict);
    assert_int_equal(verdict.findings[0].indication, TOTAL_FAILED);
    assert_ptr_equal(verdict.findings[0].reasons[0].text, &TEXT_PDF_CHANGED_KEY);
    assert_string_equal(verdict.findings[0].reasons[0].arg[2], "/Size");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_prepared_is_found),
        cmocka_unit_test(a_size_that_takes_objects_away_is_a_change),
    };
    return cmocka_run_group_tests_name("pades_shadow", tests, trust_world_make, trust_world_end);
}
