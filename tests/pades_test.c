/* What we sign as PDF, everybody accepts; what was changed afterwards, nobody gets past us with. */
#include "tests/check.h"

#include "tests/pdf_make.h"
#include "tests/pki.h"

#include <stdio.h>

#include "base/sink.h"
#include "signer/pdf_text.h"
#include "signer/signer.h"
#include "signer/verifier.h"

static struct {
    struct pki_person root, leader, agency;
    struct trust *trust;
    char directory[64];
} world;

static int make_world(void **state)
{
    (void)state;
    strcpy(world.directory, "/tmp/pades_test.XXXXXX");
    assert_non_null(mkdtemp(world.directory));
    pki_make(&(struct pki_wish){.name = "Gốc", .ca = true, .key_usage = "keyCertSign,cRLSign"}, &world.root);
    pki_make(
        &(struct pki_wish){.name = "Nguyễn Văn Mẫu", .issuer = &world.root, .key_usage = "nonRepudiation"},
        &world.leader);
    pki_make(
        &(struct pki_wish){
            .name = "Sở Nội vụ", .issuer = &world.root, .key = "p256", .key_usage = "digitalSignature"},
        &world.agency);
    char path[128];
    snprintf(path, sizeof(path), "%s/root.pem", world.directory);
    const struct pki_person *roots[] = {&world.root};
    pki_save(path, roots, 1, (struct span){0});
    struct error err = {0};
    const char *paths[] = {path};
    assert_true(trust_load(paths, 1, &world.trust, &err));
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof(command), "rm -r %s", world.directory);
    assert_int_equal(system(command), 0);
    trust_free(&world.trust);
    pki_clear(&world.root);
    pki_clear(&world.leader);
    pki_clear(&world.agency);
    return 0;
}

/* Signs in place; false with the error when it is refused. */
static bool sign(const struct pki_person *person, const char *reason, struct buffer *pdf, struct error *err)
{
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer signature CLEANUP(buffer_clear) = {0}, signed_pdf CLEANUP(buffer_clear) = {0};
    struct sink sink = sink_buffer(&signed_pdf);
    struct source source = source_of(buffer_span(pdf));
    enum digest_algorithm algorithm;
    struct signing how = {.format = FORMAT_PADES,
                          .digest = DIGEST_SHA256,
                          .certificate = buffer_span(&person->der),
                          .reason = reason,
                          .place = "Hà Nội",
                          .clock = &clock_system};
    if (!signer_prepare(&how, &source, &pending, err))
        return false;
    struct span digest = pending_digest(pending, &algorithm);
    pki_sign(person, algorithm, digest, &signature);
    if (!signer_complete(pending, &source, buffer_span(&signature), &sink, err))
        return false;
    buffer_clear(pdf);
    *pdf = signed_pdf;
    signed_pdf = (struct buffer){0};
    assert_non_null(buffer_string(pdf));
    return true;
}

static void must_sign(const struct pki_person *person, struct buffer *pdf, const char *sentence)
{
    struct error err = {0};
    char line[256];
    bool done = sign(person, "Phê duyệt", pdf, &err);
    if (!done)
        print_error("%s (%s)\n", error_sentence(&err, LANGUAGE_EN, sizeof(line), line), err.cause);
    check_row(done, sentence);
}

static void check(struct span pdf, struct verdict *ret_verdict)
{
    struct source source = source_of(pdf);
    struct verification how = {.trust = world.trust};
    struct error err = {0};
    char line[256];
    bool looked = verifier_check(&how, &source, ret_verdict, &err);
    check_row(looked, error_sentence(&err, LANGUAGE_EN, sizeof(line), line));
}

/* Runs a program on the document; its exit code. */
static int ask(struct span pdf, const char *command)
{
    char path[128], line[512];
    snprintf(path, sizeof(path), "%s/ask.pdf", world.directory);
    pdf_write(path, pdf);
    snprintf(line, sizeof(line), command, path);
    return system(line);
}

static void accepted_by_everybody(struct span pdf, size_t signatures, const char *sentence)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    check(pdf, &verdict);
    check_row(verdict.count == signatures && verdict_overall(&verdict) == TOTAL_PASSED, sentence);
    check_row(verdict.changed_after_signing == CHANGED_NO, sentence);
    check_row(verdict.findings[signatures - 1].covers_whole_file, sentence);
    check_row(ask(pdf, "qpdf --check %s >/dev/null 2>&1") == 0, sentence);
    char command[160];
    snprintf(command, sizeof(command),
             "test \"$(pdfsig -nocert %%s 2>/dev/null | grep -c 'Signature is Valid')\" = %zu", signatures);
    check_row(ask(pdf, command) == 0, sentence);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_is_signed_three_times_and_stays_valid),
    };
    return cmocka_run_group_tests_name("pades", tests, make_world, end_world);
}
