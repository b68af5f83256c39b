/* Document timestamps (EN 319 142-1, 5.4.3): made by openssl as their authority, judged by us. */
#include "tests/check.h"

#include "tests/pades_craft.h"

#include <stdio.h>

#include "base/digest.h"
#include "signer/pdf_sign.h"
#include "signer/pdf_text.h"
#include "signer/signer_text.h"

static struct pki_person authority;

static const char settings[] = "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\ndefault_policy = 1.2.3.4\n"
                               "digests = sha256\nsigner_digest = sha256\ness_cert_id_alg = sha256\n";

static int make_authority(void **state)
{
    char path[128];
    trust_world_make(state);
    pki_make(&(struct pki_wish){.name = "Dấu thời gian",
                                .issuer = &world.root,
                                .key_usage = "digitalSignature",
                                .purpose = "critical,timeStamping"},
             &authority);
    snprintf(path, sizeof(path), "%s/tsa.cnf", world.directory);
    pdf_write(path, span_text(settings));
    snprintf(path, sizeof(path), "%s/tsa.key", world.directory);
    pki_save_key(path, &authority);
    snprintf(path, sizeof(path), "%s/tsa.pem", world.directory);
    const struct pki_person *people[] = {&authority};
    pki_save(path, people, 1, (struct span){0});
    return 0;
}

static int end_authority(void **state)
{
    pki_clear(&authority);
    return trust_world_end(state);
}

/* A token over the digest. */
static void stamp(const struct digest_value *digest, struct buffer *ret_token)
{
    char hex[2 * DIGEST_MAX + 1], command[640], path[128];
    hex_text(digest_span(digest), hex);
    snprintf(command, sizeof(command),
             "cd %s && openssl ts -query -digest %s -sha256 -cert -out q.tsq 2>/dev/null && openssl ts "
             "-reply -config tsa.cnf "
             "-queryfile q.tsq -inkey tsa.key -signer tsa.pem -token_out -out token.der 2>/dev/null",
             world.directory, hex);
    assert_int_equal(system(command), 0);
    snprintf(path, sizeof(path), "%s/token.der", world.directory);
    pdf_read(path, ret_token);
}

/* Our own update with another SubFilter, and the token in its hole. */
static void add_timestamp(bool false_digest, struct buffer *pdf)
{
    static const char was[] = "/SubFilter /ETSI.CAdES.detached", is[] = "/SubFilter /ETSI.RFC3161       ";
    struct pdf_addition addition = {0};
    struct pdf_signing how = {.at_ms = 1763700000000, .contents_size = 8192};
    struct error err = {0};
    struct buffer token CLEANUP(buffer_clear) = {0};
    assert_true(pdf_sign_addition(buffer_span(pdf), &how, &addition, &err));
    struct span added = buffer_span(&addition.bytes);
    memcpy(addition.bytes.data + span_find(added, span_text(was), 0), is, sizeof(is) - 1);

    struct digest *digest CLEANUP(digest_free) = digest_new(DIGEST_SHA256);
    digest_add(digest, false_digest ? SPAN_LITERAL("x") : buffer_span(pdf));
    digest_add(digest, span_slice(added, 0, addition.hole_at - 1));
    digest_add(digest, span_slice(added, addition.hole_at + addition.hole_size + 1, SIZE_MAX));
    struct digest_value value = digest_finish(digest);
    stamp(&value, &token);
    assert_true(2 * token.size < addition.hole_size);
    hex_text(buffer_span(&token), (char *)addition.bytes.data + addition.hole_at);
    addition.bytes.data[addition.hole_at + 2 * token.size] = '0';
    buffer_append(pdf, buffer_span(&addition.bytes));
    buffer_clear(&addition.bytes);
}

static void a_timestamp_over_a_signed_document_is_judged(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    must_sign(&world.leader, &pdf, "stamped");
    add_timestamp(false, &pdf);
    check(buffer_span(&pdf), &verdict);
    assert_int_equal(verdict.count, 2);
    assert_int_equal(verdict_overall(&verdict), TOTAL_PASSED);
    assert_true(verdict.findings[1].kind == FINDING_TIMESTAMP);
    assert_true(verdict.findings[1].best_signature_time_ms > 1763000000000);
    assert_string_equal(verdict.findings[1].common_name, "Dấu thời gian");
    /* the dictionary is that of a signature: accepted, and told */
    assert_ptr_equal(verdict.findings[1].reasons[verdict.findings[1].reason_count - 1].text,
                     &TEXT_PDF_STAMP_TYPE);
    assert_int_equal(ask(buffer_span(&pdf), "qpdf --check %s >/dev/null 2>&1"), 0);
}

static void a_timestamp_over_another_document_is_broken(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    add_timestamp(true, &pdf);
    check(buffer_span(&pdf), &verdict);
    assert_int_equal(verdict.count, 1);
    assert_int_equal(verdict.findings[0].indication, TOTAL_FAILED);
    assert_int_equal(verdict.findings[0].sub, SUB_HASH_FAILURE);
}

/* A token is no signature, and a signature no token: the SubFilter says which rules apply. */
static void a_signature_in_the_place_of_a_token_is_none(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    must_sign(&world.leader, &pdf, "disguised");
    memcpy(pdf.data + span_find(buffer_span(&pdf), SPAN_LITERAL("ETSI.CAdES.detached"), 0),
           "ETSI.RFC3161       ", 19);
    check(buffer_span(&pdf), &verdict);
    assert_int_equal(verdict.count, 1);
    assert_int_equal(verdict.findings[0].indication, TOTAL_FAILED);
    assert_ptr_equal(verdict.findings[0].reasons[0].text, &TEXT_CMS_CONTENT_TYPE);
}

static char crl_stream[8 << 10];

/* The plain document with a form and, in a later revision, a store with the list of the leader's issuer. */
static struct pdf_plan plan_of_levels(void)
{
    struct pdf_plan plan = craft_plan(CRAFT_SIGNATURE("ETSI.CAdES.detached"));
    plan.objects[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm 7 0 R>>";
    plan.objects[7] = "<</SigFlags 3 /Fields [5 0 R]>>";
    return plan;
}

static void add_store(struct buffer *pdf)
{
    struct buffer crl CLEANUP(buffer_clear) = {0};
    struct pdf_plan store = {.objects = {[1] = "<</Type /Catalog /Pages 2 0 R /AcroForm 7 0 R /DSS 30 0 R>>",
                                         [30] = "<</Type /DSS /CRLs [31 0 R]>>",
                                         [31] = crl_stream}};
    pki_crl(&world.root, NULL, -1, 30, &crl);
    int head = snprintf(crl_stream, sizeof(crl_stream), "<</Filter /ASCIIHexDecode /Length %zu>>\nstream\n",
                        2 * crl.size + 1);
    hex_text(buffer_span(&crl), crl_stream + head);
    snprintf(crl_stream + head + 2 * crl.size, 16, ">\nendstream");
    pdf_make_update(&store, pdf);
}

static const struct {
    const char *sentence;
    const char *steps; /* s a store, t a timestamp */
    const char *level;
    size_t stamps;
} levels[] = {
    {"a signature alone is B", "", "PAdES-BASELINE-B", 0},
    {"revocation data without a time does not raise it", "s", "PAdES-BASELINE-B", 0},
    {"a timestamp of the document makes it T", "t", "PAdES-BASELINE-T", 1},
    {"with revocation data afterwards it is LT", "ts", "PAdES-BASELINE-LT", 1},
    {"with a timestamp over those it is LTA", "tst", "PAdES-BASELINE-LTA", 2},
    {"one timestamp over all of it is enough", "st", "PAdES-BASELINE-LTA", 1},
};

static void the_level_is_what_stands_with_the_signature(void **state)
{
    (void)state;
    struct pdf_plan plan = plan_of_levels();
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        pdf_make(&plan, &pdf);
        craft_sign(&world.leader, &pdf);
        for (const char *step = levels[i].steps; *step; step++)
            if (*step == 's')
                add_store(&pdf);
            else
                add_timestamp(false, &pdf);
        check(buffer_span(&pdf), &verdict);
        const struct finding *finding = verdict.findings;
        bool all = verdict.count == 1 + levels[i].stamps && verdict_overall(&verdict) == TOTAL_PASSED
                   && finding->stamp_count == levels[i].stamps;
        for (size_t s = 0; s < finding->stamp_count; s++)
            all = all && finding->stamps[s].kind == STAMP_DOCUMENT
                  && finding->stamps[s].indication == TOTAL_PASSED;
        if (strcmp(finding->format, levels[i].level) != 0)
            print_error("%s\n", finding->format);
        check_row(all && strcmp(finding->format, levels[i].level) == 0, levels[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timestamp_over_a_signed_document_is_judged),
        cmocka_unit_test(a_timestamp_over_another_document_is_broken),
        cmocka_unit_test(a_signature_in_the_place_of_a_token_is_none),
        cmocka_unit_test(the_level_is_what_stands_with_the_signature),
    };
    return cmocka_run_group_tests_name("pades_timestamp", tests, make_authority, end_authority);
}
