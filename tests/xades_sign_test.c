/* XML signed: what we sign xmlsec1 accepts, and what may not be signed is refused by name. */
#include "tests/check.h"

#include "tests/xades_world.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/sink.h"
#include "signer/signer_text.h"

static bool xmlsec_accepts(struct span text, const char *options)
{
    char path[SCRATCH_PATH], command[900];
    scratch_save(world.directory, "signed.xml", text);
    scratch_path(world.directory, "signed.xml", path);
    snprintf(command, sizeof(command),
             "xmlsec1 --verify --enabled-key-data x509 --trusted-pem %s/root.pem --id-attr:Id "
             "http://uri.etsi.org/01903/v1.3.2#:SignedProperties %s %s >%s/said 2>&1",
             world.directory, options, path, world.directory);
    return system(command) == 0;
}

static void what_we_sign_we_and_xmlsec_accept(void **state)
{
    (void)state;
    static const enum digest_algorithm algorithms[] = {DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512};
    for (size_t i = 0; i < COUNT_OF(algorithms); i++) {
        const struct pki_person *signers[] = {&world.leader, &world.agency};
        for (size_t k = 0; k < 2; k++) {
            struct buffer text CLEANUP(buffer_clear) = {0};
            struct error err = {0};
            assert_true(try_sign(signers[k], algorithms[i], span_text(result_text), &text, &err));
            struct finding finding = judge(buffer_span(&text));
            assert_int_equal(finding.indication, TOTAL_PASSED);
            assert_string_equal(finding.format, "XAdES-BASELINE-B");
            assert_string_equal(finding.covered[0], "/KetQua");
            assert_true(finding.covers_whole_file && finding.claimed_time_ms > 0);
            assert_true(xmlsec_accepts(buffer_span(&text), ""));
        }
    }
}

static void the_original_bytes_stay(void **state)
{
    (void)state;
    struct buffer text CLEANUP(buffer_clear) = {0};
    sign(&world.agency, span_text(result_text), &text);
    size_t begin = span_find(buffer_span(&text), SPAN_LITERAL("<ds:Signature "), 0);
    size_t end =
        span_find(buffer_span(&text), SPAN_LITERAL("</ds:Signature>"), 0) + strlen("</ds:Signature>");
    assert_memory_equal(text.data, result_text, begin);
    assert_int_equal(text.size - (end - begin), strlen(result_text));
    assert_memory_equal(text.data + end, result_text + begin, text.size - end);
}

static void three_signatures_all_stay_valid(void **state)
{
    (void)state;
    struct buffer one CLEANUP(buffer_clear) = {0}, two CLEANUP(buffer_clear) = {0},
                      three CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    sign(&world.leader, span_text(result_text), &one);
    sign(&world.agency, buffer_span(&one), &two);
    sign(&world.leader, buffer_span(&two), &three);
    assert_true(check(buffer_span(&three), &verdict, &err));
    assert_int_equal(verdict.count, 3);
    assert_int_equal(verdict_overall(&verdict), TOTAL_PASSED);
    assert_int_equal(verdict.changed_after_signing, CHANGED_NO);
    for (size_t i = 0; i < 3; i++) {
        char option[256];
        snprintf(option, sizeof(option),
                 "--id-attr:Id http://www.w3.org/2000/09/xmldsig#:Signature --node-id %s",
                 verdict.findings[i].field);
        assert_true(xmlsec_accepts(buffer_span(&three), option));
    }
}

static void documents_that_cannot_be_signed_are_refused_by_name(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *text;
        enum error_code code;
    } rows[] = {
        {"an empty root element has no place for a signature", "<a/>", ERR_UNSUPPORTED},
        {"what is not well-formed is refused", "<a><b></a>", ERR_MALFORMED},
        {"a DTD is refused", "<!DOCTYPE a><a></a>", ERR_REFUSED},
        {"a relative namespace has no canonical form", "<a xmlns:n=\"u0\"><n:b/></a>", ERR_UNSUPPORTED},
        {"what is no XML is not signed as XML", "abc", ERR_UNSUPPORTED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer text CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        check_row(!try_sign(&world.agency, DIGEST_SHA256, span_text(rows[i].text), &text, &err)
                      && err.code == rows[i].code,
                  rows[i].sentence);
    }
}

static void certificates_that_may_not_sign_are_refused_by_name(void **state)
{
    (void)state;
    const struct {
        const char *sentence;
        struct pki_wish wish;
        const struct text *text;
    } rows[] = {
        {"an encryption certificate", {.key_usage = "keyEncipherment"}, &TEXT_KEY_USAGE},
        {"a certificate authority's",
         {.ca = true, .key_usage = "digitalSignature,keyCertSign"},
         &TEXT_SIGNER_IS_CA},
        {"a web server's", {.key_usage = "digitalSignature", .purpose = "serverAuth"}, &TEXT_KEY_PURPOSE},
        {"an expired one", {.from_days = -20, .to_days = -10}, &TEXT_SIGNING_EXPIRED},
        {"one of tomorrow", {.from_days = 1, .to_days = 10}, &TEXT_SIGNING_NOT_YET},
        {"a short key", {.key = "rsa1024"}, &TEXT_SIGNING_KEY_WEAK},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct pki_wish wish = rows[i].wish;
        struct pki_person person;
        struct buffer text CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        wish.name = "Ai đó";
        wish.issuer = &world.root;
        pki_make(&wish, &person);
        check_row(!try_sign(&person, DIGEST_SHA256, span_text(result_text), &text, &err)
                      && err.code == ERR_KEY_UNUSABLE && err.text == rows[i].text,
                  rows[i].sentence);
        pki_clear(&person);
    }
}

static void another_document_is_not_completed(void **state)
{
    (void)state;
    struct signing how = {.certificate = buffer_span(&world.agency.der), .clock = &clock_system};
    struct source document = source_of(span_text(result_text)), other = source_of(SPAN_LITERAL("<a></a>"));
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer out CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    assert_true(signer_prepare(&how, &document, &pending, &err));
    struct sink sink = sink_buffer(&out);
    assert_false(signer_complete(pending, &other, SPAN_LITERAL("x"), &sink, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_false(
        signer_complete(pending, &document, SPAN_LITERAL("x"), &sink, &err)); /* no signature at all */
    assert_int_not_equal(err.code, ERR_NONE);
}

static void somebody_elses_signature_is_not_ours(void **state)
{
    (void)state;
    struct signing how = {.certificate = buffer_span(&world.leader.der), .clock = &clock_system};
    struct source document = source_of(span_text(result_text));
    struct pending *pending CLEANUP(pending_free) = NULL;
    struct buffer out CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0};
    struct pki_person other;
    struct error err = {0};
    enum digest_algorithm algorithm;
    pki_make(&(struct pki_wish){.name = "Kẻ khác", .issuer = &world.root}, &other);
    assert_true(signer_prepare(&how, &document, &pending, &err));
    pki_sign(&other, DIGEST_SHA256, pending_digest(pending, &algorithm), &signature);
    struct sink sink = sink_buffer(&out);
    assert_false(signer_complete(pending, &document, buffer_span(&signature), &sink, &err));
    assert_ptr_equal(err.text, &TEXT_PRODUCT_BROKEN);
    pki_clear(&other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_sign_we_and_xmlsec_accept),
        cmocka_unit_test(the_original_bytes_stay),
        cmocka_unit_test(three_signatures_all_stay_valid),
        cmocka_unit_test(documents_that_cannot_be_signed_are_refused_by_name),
        cmocka_unit_test(certificates_that_may_not_sign_are_refused_by_name),
        cmocka_unit_test(another_document_is_not_completed),
        cmocka_unit_test(somebody_elses_signature_is_not_ours),
    };
    return cmocka_run_group_tests_name("xades_sign", tests, trust_world_make, trust_world_end);
}
