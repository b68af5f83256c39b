/* What we sign as PDF, everybody accepts, and stays what it was; what we are not sure of, we refuse by
 * name. */
#include "tests/check.h"

#include "tests/pades_world.h"

#include <stdio.h>

#include "base/sink.h"
#include "signer/pdf_text.h"
#include "signer/signer.h"
#include "signer/signer_text.h"

static const struct {
    const char *sentence, *tool;
    struct pdf_plan plan;
} kinds[] = {
    {"a plain document with a table is signed three times", NULL, {.trailer = ""}},
    {"one with a cross-reference stream too", NULL, {.stream = true}},
    {"one with object streams too", "qpdf --object-streams=generate %s %s", {.trailer = ""}},
    {"a linearised one too", "qpdf --linearize %s %s", {.trailer = ""}},
    {"a linearised one with object streams too",
     "qpdf --linearize --object-streams=generate %s %s",
     {.trailer = ""}},
    {"one that pango and cairo drew too", ": %s; " BUILD_DIR "/sample-pdf --force -o %s", {.trailer = ""}},
    {"a page with annotations in it keeps them",
     NULL,
     {.objects = {[3] =
                      "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [5 0 R]>>",
                  [5] = "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (x)>>"}}},
    {"annotations in an object of their own keep it",
     NULL,
     {.objects = {[3] = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots 6 0 R>>",
                  [5] = "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (x)>>",
                  [6] = "[5 0 R]"}}},
    {"a form inside the catalog stays there",
     NULL,
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [] /DA (/F1 0 Tf)>>>>"}}},
    {"a form whose list is an object of its own keeps it",
     NULL,
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm 5 0 R>>",
                  [5] = "<</Fields 6 0 R>>",
                  [6] = "[7 0 R]",
                  [7] = "<</FT /Tx /T (Signature7) /Type /Annot /Subtype /Widget /Rect [0 0 1 1]>>"}}},
    {"pages below pages are found",
     NULL,
     {.objects = {[2] = "<</Type /Pages /Kids [5 0 R] /Count 1>>",
                  [3] = "<</Type /Page /Parent 5 0 R /MediaBox [0 0 595 842] /Contents 4 0 R>>",
                  [5] = "<</Type /Pages /Parent 2 0 R /Kids [3 0 R] /Count 1>>"}}},
    {"names may be spelled with #",
     NULL,
     {.objects = {[1] = "<</Type /Cat#61log /P#61ges 2 0 R /Acro#46orm <<>>>>"}}},
    {"an Info and an ID are kept",
     NULL,
     {.objects = {[5] = "<</Title (Quyet dinh)>>"}, .trailer = "/Info 5 0 R /ID [<00> <01>]"}},
};

static void make_kind(size_t kind, struct buffer *ret_pdf)
{
    struct pdf_plan plan = kinds[kind].plan;
    for (unsigned n = 1; n < PDF_MAKE_OBJECTS; n++)
        if (!plan.objects[n])
            plan.objects[n] = pdf_plain.objects[n];
    pdf_make(&plan, ret_pdf);
    if (kinds[kind].tool)
        pdf_run(world.directory, kinds[kind].tool, ret_pdf);
}

static void every_kind_is_signed_three_times_and_stays_valid(void **state)
{
    (void)state;
    const struct pki_person *people[] = {&world.leader, &world.agency, &world.leader};
    for (size_t i = 0; i < COUNT_OF(kinds); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0}, original CLEANUP(buffer_clear) = {0};
        make_kind(i, &pdf);
        buffer_append(&original, buffer_span(&pdf));
        for (size_t n = 1; n <= COUNT_OF(people); n++) {
            must_sign(people[n - 1], &pdf, kinds[i].sentence);
            accepted_by_everybody(buffer_span(&pdf), n, kinds[i].sentence);
        }
        check_row(span_equal(span_slice(buffer_span(&pdf), 0, original.size), buffer_span(&original)),
                  kinds[i].sentence);
    }
}

static void openssl_accepts_what_lies_in_contents(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    must_sign(&world.leader, &pdf, "openssl");
    char command[640];
    snprintf(command, sizeof(command),
             "cd %s && f=%%s && set -- $(grep -a -o 'ByteRange \\[[0-9 ]*' $f | cut -d'[' -f2) && "
             "{ head -c $2 $f; tail -c $4 $f; } >content.bin && "
             "tail -c +$(($2 + 2)) $f | head -c $(($3 - $2 - 2)) | xxd -r -p >cms.der && "
             "openssl cms -verify -binary -inform DER -in cms.der -content content.bin -CAfile root.pem "
             "-purpose any "
             ">/dev/null 2>&1",
             world.directory);
    assert_int_equal(ask(buffer_span(&pdf), command), 0);
}

static void reason_and_place_are_told_in_vietnamese(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    must_sign(&world.leader, &pdf, "reason");
    /* Phê duyệt in UTF-16BE, Hà Nội; the field is called Signature1 */
    assert_true(
        span_find(buffer_span(&pdf), SPAN_LITERAL("/Reason <FEFF0050006800EA00200064007500791EC70074>"), 0)
        != SIZE_MAX);
    assert_true(span_find(buffer_span(&pdf), SPAN_LITERAL("/Location <FEFF004800E00020004E1ED90069>"), 0)
                != SIZE_MAX);
    assert_true(span_find(buffer_span(&pdf), SPAN_LITERAL("/T (Signature1)"), 0) != SIZE_MAX);
}

#define SIGNED_BY(reference)                                                                                 \
    "<</FT /Sig /T (Ky) /V 6 0 R>>",                                                                         \
        "<</Type /Sig /Contents <00> /ByteRange [0 1 2 3] /Reference [<<" reference ">>]>>"

static const struct {
    const char *sentence;
    const struct text *why;
    struct pdf_plan plan;
    const char *tool;
    struct span raw;
} refusals[] = {
    {"text is not a PDF", &TEXT_FORMAT_DOES_NOT_FIT, {.trailer = ""}, NULL, SPAN_LITERAL("Quyết định")},
    {"an archive under the name of a PDF is not one",
     &TEXT_FORMAT_DOES_NOT_FIT,
     {.trailer = ""},
     NULL,
     SPAN_LITERAL("PK\3\4%PDF-1.7")},
    {"a PDF behind other bytes is refused",
     &TEXT_PDF_HEADER_LATE,
     {.trailer = ""},
     NULL,
     SPAN_LITERAL("\n%PDF-1.7\n1 0 obj\n")},
    {"a PDF that was cut off is refused",
     &TEXT_PDF_STARTXREF_MISSING,
     {.trailer = ""},
     NULL,
     SPAN_LITERAL("%PDF-1.7\n1 0 obj\n<<>>\nendobj\n")},
    {"an encrypted one is refused",
     &TEXT_PDF_ENCRYPTED,
     {.trailer = ""},
     "qpdf --encrypt u o 256 -- %s %s",
     {0}},
    {"one that is encrypted without a user's password too",
     &TEXT_PDF_ENCRYPTED,
     {.trailer = ""},
     "qpdf --encrypt '' o 128 --use-aes=y -- %s %s",
     {0}},
    {"a hybrid one is refused", &TEXT_PDF_SECTION_MISPLACED, {.trailer = "/XRefStm 15"}, NULL, {0}},
    {"a page tree that leads back to its root is refused",
     &TEXT_PDF_PAGES_CIRCULAR,
     {.objects = {[2] = "<</Type /Pages /Kids [3 0 R 2 0 R] /Count 2>>"}},
     NULL,
     {0}},
    {"a page that hangs in the tree twice is refused",
     &TEXT_PDF_PAGES_CIRCULAR,
     {.objects = {[2] = "<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2>>"}},
     NULL,
     {0}},
    {"a tree whose node is no page is refused",
     &TEXT_PDF_PAGES_BROKEN,
     {.objects = {[2] = "<</Type /Pages /Kids [4 0 R] /Count 1>>"}},
     NULL,
     {0}},
    {"a tree without pages is refused",
     &TEXT_PDF_PAGES_BROKEN,
     {.objects = {[2] = "<</Type /Pages /Kids [] /Count 0>>"}},
     NULL,
     {0}},
    {"an XFA form is refused",
     &TEXT_PDF_XFA,
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [] /XFA 4 0 R>>>>"}},
     NULL,
     {0}},
    {"a form that leads back to itself is refused",
     &TEXT_PDF_FIELDS_BROKEN,
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [5 0 R]>>>>",
                  [5] = "<</FT /Tx /T (a) /Kids [6 0 R]>>",
                  [6] = "<</T (b) /Kids [5 0 R]>>"}},
     NULL,
     {0}},
    {"a document certified against changes is refused",
     &TEXT_PDF_CERTIFIED,
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [5 0 R]>>>>",
                  [5] = SIGNED_BY("/TransformMethod /DocMDP /TransformParams <</P 1>>")}},
     NULL,
     {0}},
    {"one whose fields are all locked is refused",
     &TEXT_PDF_LOCKED,
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [5 0 R]>>>>",
                  [5] = SIGNED_BY("/TransformMethod /FieldMDP /TransformParams <</Action /All>>")}},
     NULL,
     {0}},
    {"a page that is the form too is refused",
     &TEXT_PDF_OBJECT_SERVES_TWO,
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm 3 0 R>>"}},
     NULL,
     {0}},
    {"an object that breaks off is refused",
     &TEXT_PDF_OBJECT_BROKEN,
     {.objects = {[5] = "<</A [1 2>>"}},
     NULL,
     {0}},
    {"a stream of another length is refused",
     &TEXT_PDF_OBJECT_BROKEN,
     {.objects = {[4] = "<</Length 44444>>\nstream\nq Q\nendstream"}},
     NULL,
     {0}},
    {"an object above Size is refused", &TEXT_PDF_TRAILER_BROKEN, {.trailer = "/Siz#65 3"}, NULL, {0}},
    {"a catalog with two page trees is refused",
     &TEXT_PDF_PAGES_BROKEN,
     {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /Pages 2 0 R>>"}},
     NULL,
     {0}},
};

static void make_refused(size_t row, struct buffer *ret_pdf)
{
    struct pdf_plan plan = refusals[row].plan;
    if (refusals[row].raw.size) {
        buffer_append(ret_pdf, refusals[row].raw);
        return;
    }
    for (unsigned n = 1; n < PDF_MAKE_OBJECTS; n++)
        if (!plan.objects[n])
            plan.objects[n] = pdf_plain.objects[n];
    pdf_make(&plan, ret_pdf);
    if (refusals[row].tool)
        pdf_run(world.directory, refusals[row].tool, ret_pdf);
}

static void what_we_are_not_sure_of_is_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        make_refused(i, &pdf);
        bool done = sign(&world.leader, NULL, &pdf, &err);
        if (!done && err.text != refusals[i].why)
            print_error("%s instead of %s\n", err.text->name, refusals[i].why->name);
        check_row(!done && err.text == refusals[i].why, refusals[i].sentence);
    }
}

static void another_document_of_the_same_size_is_not_completed(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0},
                      out CLEANUP(buffer_clear) = {0};
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct error err = {0};
    enum digest_algorithm algorithm;
    struct signing how = {
        .digest = DIGEST_SHA384, .certificate = buffer_span(&world.leader.der), .clock = &clock_system};
    struct sink sink = sink_buffer(&out);
    pdf_make(&pdf_plain, &pdf);
    struct source source = source_of(buffer_span(&pdf));
    assert_true(signer_prepare(&how, &source, &pending, &err));
    struct span digest = pending_digest(pending, &algorithm);
    assert_int_equal(algorithm, DIGEST_SHA384);
    pki_sign(&world.leader, algorithm, digest, &signature);
    pdf.data[span_find(buffer_span(&pdf), SPAN_LITERAL("127"), 0)] = '9';
    assert_false(signer_complete(pending, &source, buffer_span(&signature), &sink, &err));
    assert_ptr_equal(err.text, &TEXT_ANOTHER_DOCUMENT);
}

static void a_long_chain_gets_room(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0},
                      out CLEANUP(buffer_clear) = {0};
    struct certificates chain CLEANUP(certificates_clear) = {0};
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct error err = {0};
    enum digest_algorithm algorithm;
    for (int i = 0; i < 40; i++)
        assert_true(certificates_add(&chain, buffer_span(&world.root.der), &err));
    struct signing how = {.digest = DIGEST_SHA512,
                          .certificate = buffer_span(&world.leader.der),
                          .chain = &chain,
                          .clock = &clock_system};
    struct sink sink = sink_buffer(&out);
    pdf_make(&pdf_plain, &pdf);
    struct source source = source_of(buffer_span(&pdf));
    assert_true(signer_prepare(&how, &source, &pending, &err));
    struct span digest = pending_digest(pending, &algorithm);
    pki_sign(&world.leader, algorithm, digest, &signature);
    assert_true(signer_complete(pending, &source, buffer_span(&signature), &sink, &err));
    accepted_by_everybody(buffer_span(&out), 1, "a long chain");
}

/* What another program signs (poppler, with its own CMS and its own incremental writer) is judged like
 * ours. */
static void what_pdfsig_signs_is_judged_rightly(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    char path[128], command[800];
    snprintf(path, sizeof(path), "%s/leader.pem", world.directory);
    const struct pki_person *people[] = {&world.leader, &world.root};
    pki_save(path, people, 2, (struct span){0});
    snprintf(path, sizeof(path), "%s/leader.key", world.directory);
    pki_save_key(path, &world.leader);
    snprintf(command, sizeof(command),
             "cd %s && mkdir -p nss && openssl pkcs12 -export -in leader.pem -inkey leader.key -name leader "
             "-passout pass:x -out l.p12 "
             "&& certutil -N -d sql:nss --empty-password && pk12util -i l.p12 -d sql:nss -W x >/dev/null "
             "&& certutil -M -n leader -t u,u,u -d sql:nss",
             world.directory);
    assert_int_equal(system(command), 0);
    pdf_make(&pdf_plain, &pdf);
    must_sign(&world.agency, &pdf, "pdfsig");
    snprintf(command, sizeof(command),
             "pdfsig -nssdir sql:%s/nss -add-signature -nick leader %%s %%s >/dev/null", world.directory);
    pdf_run(world.directory, command, &pdf);
    check(buffer_span(&pdf), &verdict);
    assert_int_equal(verdict.count, 2);
    assert_int_equal(verdict.findings[1].indication, TOTAL_PASSED);
    assert_true(verdict.findings[1].covers_whole_file);
    assert_string_equal(verdict.findings[1].common_name, "Nguyễn Văn Mẫu");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_signed_three_times_and_stays_valid),
        cmocka_unit_test(openssl_accepts_what_lies_in_contents),
        cmocka_unit_test(reason_and_place_are_told_in_vietnamese),
        cmocka_unit_test(what_we_are_not_sure_of_is_refused_by_name),
        cmocka_unit_test(another_document_of_the_same_size_is_not_completed),
        cmocka_unit_test(a_long_chain_gets_room),
        cmocka_unit_test(what_pdfsig_signs_is_judged_rightly),
    };
    return cmocka_run_group_tests_name("pades", tests, trust_world_make, trust_world_end);
}
