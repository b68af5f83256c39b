/* Any file signed as CAdES, beside it or around it: what we make passes our verifier and OpenSSL's, and what cannot be
 * signed is refused with the reason. */
#include "tests/check.h"

#include "tests/sign_world.h"

#include <stdio.h>

#include "signer/der.h"
#include "signer/signer_text.h"
#include "signer/signing_text.h"

#define XLSX "PK\3\4 not really a ZIP"
#define LETTER SPAN_LITERAL("Số liệu quý 3\0;1,2,3\r\n")

static const struct signing detached = {.format = FORMAT_CADES},
                            attached = {.format = FORMAT_CADES, .packaging = PACKAGING_ENVELOPING};

static const struct {
    const char *sentence;
    enum signature_packaging packaging;
    const struct pki_person *person;
    enum digest_algorithm digest;
    struct span document;
} signed_rows[] = {
    {"a file is signed beside it", PACKAGING_AUTO, &sign_world.leader, DIGEST_SHA256, LETTER},
    {"so when it is said", PACKAGING_DETACHED, &sign_world.leader, DIGEST_SHA256, LETTER},
    {"or with the file inside", PACKAGING_ENVELOPING, &sign_world.leader, DIGEST_SHA256, LETTER},
    {"with SHA-384", PACKAGING_DETACHED, &sign_world.leader, DIGEST_SHA384, LETTER},
    {"with SHA-512", PACKAGING_ENVELOPING, &sign_world.leader, DIGEST_SHA512, LETTER},
    {"with a key on a curve", PACKAGING_DETACHED, &sign_world.agency, DIGEST_SHA256, LETTER},
    {"inside too", PACKAGING_ENVELOPING, &sign_world.agency, DIGEST_SHA384, LETTER},
    {"a PDF is a file like any other", PACKAGING_DETACHED, &sign_world.leader, DIGEST_SHA256,
     SPAN_LITERAL("%PDF-1.7\n…")},
    {"so is XML", PACKAGING_ENVELOPING, &sign_world.leader, DIGEST_SHA256, SPAN_LITERAL("<KetQua/>\n")},
    {"and a ZIP that is no container", PACKAGING_DETACHED, &sign_world.leader, DIGEST_SHA256,
     SPAN_LITERAL(XLSX)},
    {"one byte is enough", PACKAGING_DETACHED, &sign_world.leader, DIGEST_SHA256, SPAN_LITERAL("\0")},
    {"also inside", PACKAGING_ENVELOPING, &sign_world.leader, DIGEST_SHA256, SPAN_LITERAL("\0")},
};

static bool openssl_accepts(struct span product, struct span document, bool inside)
{
    sign_save("document", document);
    sign_save("product", product);
    return sign_runs(
        inside ? "openssl cms -verify -binary -inform DER -in product -CAfile root.pem -purpose any "
                 "-out content && cmp content document"
               : "openssl cms -verify -binary -inform DER -in product -content document "
                 "-CAfile root.pem -purpose any -out content && cmp content document");
}

static void what_we_sign_we_and_openssl_accept(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(signed_rows); i++) {
        const char *sentence = signed_rows[i].sentence;
        struct buffer product CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        bool inside = signed_rows[i].packaging == PACKAGING_ENVELOPING;
        sign_must((struct signing){.format = FORMAT_CADES,
                                   .packaging = signed_rows[i].packaging,
                                   .digest = signed_rows[i].digest},
                  signed_rows[i].person, signed_rows[i].document, &product, sentence);
        sign_judge(buffer_span(&product), inside ? (struct span){0} : signed_rows[i].document, &verdict);
        check_row(verdict.count == 1 && verdict_overall(&verdict) == TOTAL_PASSED, sentence);
        const struct finding *finding = &verdict.findings[0];
        check_row(strcmp(finding->format, "CAdES-BASELINE-B") == 0, sentence);
        check_row(finding->covers_whole_file && verdict.changed_after_signing == CHANGED_NO, sentence);
        check_row(finding->claimed_time_ms == (int64_t)SIGN_WORLD_TIME * 1000, sentence);
        check_row(der_is_strict(buffer_span(&product)), sentence);
        check_row(openssl_accepts(buffer_span(&product), signed_rows[i].document, inside), sentence);
    }
}

static void a_changed_document_does_not_pass(void **state)
{
    (void)state;
    struct buffer product CLEANUP(buffer_clear) = {0};
    sign_must(detached, &sign_world.leader, LETTER, &product, "signed");
    const struct {
        const char *sentence;
        struct span content;
        enum indication indication;
        enum sub_indication sub;
    } rows[] = {
        {"the document makes it pass", LETTER, TOTAL_PASSED, SUB_NONE},
        {"another one does not", SPAN_LITERAL("Số liệu quý 4"), TOTAL_FAILED, SUB_HASH_FAILURE},
        {"without one nothing is said", {0}, INDETERMINATE, SUB_SIGNED_DATA_NOT_FOUND},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        sign_judge(buffer_span(&product), rows[i].content, &verdict);
        check_row(verdict.count == 1 && verdict_overall(&verdict) == rows[i].indication, rows[i].sentence);
        check_row(verdict.findings[0].sub == rows[i].sub, rows[i].sentence);
    }
}

static void no_changed_byte_of_an_attached_document_passes(void **state)
{
    (void)state;
    struct buffer product CLEANUP(buffer_clear) = {0};
    sign_must(attached, &sign_world.leader, LETTER, &product, "signed");
    size_t at = span_find(buffer_span(&product), LETTER, 0);
    assert_true(at != SIZE_MAX);
    for (size_t i = 0; i < LETTER.size; i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        product.data[at + i] ^= 1;
        sign_judge(buffer_span(&product), (struct span){0}, &verdict);
        assert_int_equal(verdict_overall(&verdict), TOTAL_FAILED);
        product.data[at + i] ^= 1;
    }
}

/* ---- refusals */

static void check_refusal(struct signing how, struct span document, const struct text *says,
                          const char *sentence)
{
    struct buffer product CLEANUP(buffer_clear) = {0};
    struct signature_product foreseen;
    struct source source = source_of(document);
    struct error err = {0}, before = {0};
    check_row(!sign_any(how, &sign_world.leader, document, &product, &err) && err.text == says, sentence);
    check_row(product.size == 0, sentence);
    check_row(says == &TEXT_SIGNING_ATTACHED_LARGE
                  || (!signer_product(&how, &source, &foreseen, &before) && before.text == says),
              sentence);
}

static const struct {
    const char *sentence;
    struct signing how;
    struct span document;
    const struct text *says;
} refused_rows[] = {
    {"an empty file is nothing to sign", {.format = FORMAT_CADES}, {0}, &TEXT_SIGNING_EMPTY},
    {"nor when the format is left open", {0}, {0}, &TEXT_SIGNING_EMPTY},
    {"for text a format must be named", {0}, SPAN_LITERAL("Số liệu"), &TEXT_CANNOT_SIGN_KIND},
    {"for a ZIP too", {0}, SPAN_LITERAL(XLSX), &TEXT_CANNOT_SIGN_KIND},
    {"text is no PDF", {.format = FORMAT_PADES}, SPAN_LITERAL("Số liệu"), &TEXT_FORMAT_DOES_NOT_FIT},
    {"CAdES is not inside its document",
     {.format = FORMAT_CADES, .packaging = PACKAGING_ENVELOPED},
     SPAN_LITERAL("Số liệu"),
     &TEXT_SIGNING_PACKAGING},
    {"XML is signed inside itself",
     {.packaging = PACKAGING_DETACHED},
     SPAN_LITERAL("<KetQua/>"),
     &TEXT_SIGNING_PACKAGING},
    {"a PDF likewise",
     {.packaging = PACKAGING_ENVELOPING},
     SPAN_LITERAL("%PDF-1.7\n"),
     &TEXT_SIGNING_PACKAGING},
    {"a CMS in text is one too",
     {.format = FORMAT_CADES},
     SPAN_LITERAL("-----BEGIN CMS-----\nMII"),
     &TEXT_SIGNING_CMS_ALREADY},
};

static void what_cannot_be_signed_is_refused_with_the_reason(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refused_rows); i++)
        check_refusal(refused_rows[i].how, refused_rows[i].document, refused_rows[i].says,
                      refused_rows[i].sentence);
}

static void a_signature_is_not_signed_again(void **state)
{
    (void)state;
    const struct signing hows[] = {detached, attached, {.format = FORMAT_ASIC_S}, {.format = FORMAT_AUTO}};
    struct buffer product CLEANUP(buffer_clear) = {0};
    sign_must(detached, &sign_world.leader, LETTER, &product, "signed");
    for (size_t i = 0; i < COUNT_OF(hows); i++)
        check_refusal(hows[i], buffer_span(&product), &TEXT_SIGNING_CMS_ALREADY, "a signature is refused");
}

static void what_is_too_large_to_hold_is_refused(void **state)
{
    (void)state;
    static uint8_t large[32 << 20];
    struct buffer product CLEANUP(buffer_clear) = {0};
    check_refusal(attached, span_of(large, sizeof(large)), &TEXT_SIGNING_ATTACHED_LARGE,
                  "it does not go inside");
    sign_must(attached, &sign_world.leader, span_of(large, sizeof(large) - (1 << 20)), &product,
              "what is smaller does");
    buffer_clear(&product);
    sign_must(detached, &sign_world.leader, span_of(large, sizeof(large)), &product, "beside it, all do");
    assert_true(product.size < 8192);
}

static void only_the_prepared_document_is_completed(void **state)
{
    (void)state;
    const struct signing hows[] = {detached, attached};
    for (size_t i = 0; i < COUNT_OF(hows); i++) {
        struct signing how = hows[i];
        struct pending *pending CLEANUP(pending_free) = NULL;
        struct buffer product CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0};
        struct source one = source_of(SPAN_LITERAL("one")), two = source_of(SPAN_LITERAL("two"));
        struct sink sink = sink_buffer(&product);
        enum digest_algorithm algorithm;
        struct error err = {0};
        how.certificate = buffer_span(&sign_world.leader.der);
        how.clock = &clock_system;
        assert_true(signer_prepare(&how, &one, &pending, &err));
        pki_sign(&sign_world.leader, DIGEST_SHA256, pending_digest(pending, &algorithm), &signature);
        assert_false(signer_complete(pending, &two, buffer_span(&signature), &sink, &err));
        assert_ptr_equal(err.text, &TEXT_ANOTHER_DOCUMENT);
        signature.data[9] ^= 1;
        assert_false(signer_complete(pending, &one, buffer_span(&signature), &sink, &err));
        assert_ptr_equal(err.text, &TEXT_PRODUCT_BROKEN);
    }
}

/* ---- names */

static void what_comes_out_is_foreseen(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *format, *packaging, *ending, *type;
        struct span document;
    } rows[] = {
        {"a PDF keeps its name", "pades", NULL, "", "application/pdf", SPAN_LITERAL("%PDF-1.7\n")},
        {"so does XML", "xades", "enveloped", "", "application/xml", SPAN_LITERAL("<a/>")},
        {"a signature beside a file is .p7s", "cades", NULL, ".p7s", "application/pkcs7-signature",
         SPAN_LITERAL("a")},
        {"one around it .p7m", "cades", "enveloping", ".p7m", "application/pkcs7-mime", SPAN_LITERAL("a")},
        {"which is called attached as well", "cades", "attached", ".p7m", "application/pkcs7-mime",
         SPAN_LITERAL("a")},
        {"a simple container .asics", "asic-s", NULL, ".asics", "application/vnd.etsi.asic-s+zip",
         SPAN_LITERAL("a")},
        {"an extended one .asice", "asic-e", "detached", ".asice", "application/vnd.etsi.asic-e+zip",
         SPAN_LITERAL("a")},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct signing how = {0};
        struct signature_product product = {0};
        struct source document = source_of(rows[i].document);
        struct error err = {0};
        check_row(signature_format_read(rows[i].format, &how.format), rows[i].sentence);
        check_row(!rows[i].packaging || signature_packaging_read(rows[i].packaging, &how.packaging),
                  rows[i].sentence);
        check_row(signer_product(&how, &document, &product, &err), rows[i].sentence);
        check_row(strcmp(product.ending, rows[i].ending) == 0, rows[i].sentence);
        check_row(strcmp(product.media_type, rows[i].type) == 0, rows[i].sentence);
    }
    enum signature_format format;
    enum signature_packaging packaging;
    assert_false(signature_format_read("asic", &format));
    assert_false(signature_packaging_read("inside", &packaging));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_sign_we_and_openssl_accept),
        cmocka_unit_test(a_changed_document_does_not_pass),
        cmocka_unit_test(no_changed_byte_of_an_attached_document_passes),
        cmocka_unit_test(what_cannot_be_signed_is_refused_with_the_reason),
        cmocka_unit_test(a_signature_is_not_signed_again),
        cmocka_unit_test(what_is_too_large_to_hold_is_refused),
        cmocka_unit_test(only_the_prepared_document_is_completed),
        cmocka_unit_test(what_comes_out_is_foreseen),
    };
    return cmocka_run_group_tests(tests, sign_world_make, sign_world_end);
}
