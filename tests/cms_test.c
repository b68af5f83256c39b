/* What we sign as CMS, OpenSSL accepts; what is changed anywhere, we do not. */
#include "tests/check.h"

#include "tests/signed_bytes.h"
#include "tests/trust_world.h"
#include "tests/verdict_says.h"

#include <openssl/cms.h>
#include <stdio.h>

#include "base/sink.h"
#include "signer/cades_text.h"
#include "signer/cms.h"
#include "signer/der.h"

static const char content_text[] = "Quyết định số 127/QĐ-UBND";

static void make_cms(const struct pki_person *signer, enum digest_algorithm algorithm, struct span content,
                     int64_t time, struct buffer *ret_cms)
{
    struct buffer attributes CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    struct digest_value digest = digest_of(algorithm, content);
    assert_true(cms_attributes(digest_span(&digest), buffer_span(&signer->der), time, &attributes, &err));
    digest = digest_of(algorithm, buffer_span(&attributes));
    pki_sign(signer, algorithm, digest_span(&digest), &signature);
    assert_true(cms_assemble(algorithm, buffer_span(&attributes), buffer_span(&signature),
                             buffer_span(&signer->der), NULL, (struct span){0}, ret_cms, &err));
}

static struct finding judge_as(struct span cms, struct span text, bool pades)
{
    struct process *process CLEANUP(process_free) = process_new(&(struct verification){.trust = world.trust});
    struct cms_judging how = {.process = process, .pades = pades};
    struct signed_content content = {digest_signed_bytes, &text};
    struct finding finding = {0};
    struct error err = {0};
    assert_true(cms_judge(&how, cms, &content, &finding, &err));
    return finding;
}

static struct finding judge(struct span cms)
{
    return judge_as(cms, span_text(content_text), true);
}

static void what_we_sign_we_accept(void **state)
{
    (void)state;
    static const enum digest_algorithm algorithms[] = {DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512};
    for (size_t i = 0; i < COUNT_OF(algorithms); i++) {
        const struct pki_person *signers[] = {&world.leader, &world.agency};
        for (size_t k = 0; k < 2; k++) {
            struct buffer cms CLEANUP(buffer_clear) = {0};
            make_cms(signers[k], algorithms[i], span_text(content_text), 0, &cms);
            buffer_append(&cms, SPAN_LITERAL("\0\0\0")); /* PDF padding */
            struct finding finding = judge(buffer_span(&cms));
            assert_int_equal(finding.indication, TOTAL_PASSED);
            assert_string_equal(finding.format, "PAdES-BASELINE-B");
            assert_string_equal(finding.organization, "Sở Nội vụ tỉnh Mẫu");
        }
    }
}

static void the_signer_is_named_in_utf8(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    make_cms(&world.leader, DIGEST_SHA256, span_text(content_text), 0, &cms);
    struct finding finding = judge(buffer_span(&cms));
    assert_string_equal(finding.common_name, "Nguyễn Văn Mẫu");
    assert_string_equal(finding.subject, "CN=Nguyễn Văn Mẫu,O=Sở Nội vụ tỉnh Mẫu,C=VN");
    assert_string_equal(finding.issuer, "CN=Gốc,O=Sở Nội vụ tỉnh Mẫu,C=VN");
}

static void openssl_accepts_what_we_sign(void **state)
{
    (void)state;
    const struct pki_person *signers[] = {&world.leader, &world.agency};
    for (size_t i = 0; i < 2; i++) {
        struct buffer cms CLEANUP(buffer_clear) = {0};
        char command[640];
        make_cms(signers[i], DIGEST_SHA384, span_text(content_text), 0, &cms);
        scratch_save(world.directory, "signed.der", buffer_span(&cms));
        scratch_save(world.directory, "content", span_text(content_text));
        snprintf(command, sizeof(command),
                 "cd %s && openssl cms -verify -cades -binary -inform DER -in signed.der -content content "
                 "-CAfile root.pem -purpose any -out /dev/null 2>said",
                 world.directory);
        assert_int_equal(system(command), 0);
    }
}

static void what_openssl_signs_is_judged_rightly(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *options, *format;
        enum indication indication;
    } rows[] = {
        {"a CAdES signature that carries its time is not a PAdES baseline", "-cades", "PDF-NOT-ETSI",
         TOTAL_PASSED},
        {"a plain CMS signature passes as one that is not ETSI's", "", "PDF-NOT-ETSI", TOTAL_PASSED},
        {"one without signed attributes too", "-noattr", "PDF-NOT-ETSI", TOTAL_PASSED},
        {"a signer named by key identifier is found", "-keyid", "PDF-NOT-ETSI", TOTAL_PASSED},
        {"RSA-PSS is read", "-keyopt rsa_padding_mode:pss", "PDF-NOT-ETSI", TOTAL_PASSED},
        {"SHA-1 proves nothing any more", "-md sha1", "PDF-NOT-ETSI", INDETERMINATE},
        {"without its certificate nobody has signed", "-nocerts", "PDF-NOT-ETSI", INDETERMINATE},
        {"content inside a detached signature is refused", "-nodetach", "PDF-NOT-ETSI", TOTAL_FAILED},
    };
    char command[640], path[SCRATCH_PATH];
    scratch_save(world.directory, "content", span_text(content_text));
    scratch_save_person(world.directory, "leader", &world.leader);
    scratch_path(world.directory, "theirs.der", path);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        snprintf(command, sizeof(command),
                 "cd %s && openssl cms -sign -binary -outform DER -in content -signer leader.pem "
                 "-inkey leader.key %s -out theirs.der 2>said",
                 world.directory, rows[i].options);
        assert_int_equal(system(command), 0);
        struct buffer cms CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        assert_true(file_read(path, 1 << 20, &cms, &err));
        struct finding finding = judge(buffer_span(&cms));
        check_row(finding.indication == rows[i].indication && strcmp(finding.format, rows[i].format) == 0,
                  rows[i].sentence);
    }
}

/* RFC 5652, 5.4: the attributes are signed in DER, so in the order of a SET OF, in whatever order they travel. */
static void attributes_may_travel_out_of_order_but_are_signed_in_it(void **state)
{
    (void)state;
    struct buffer attributes CLEANUP(buffer_clear) = {0}, turned CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    struct digest_value content = digest_of(DIGEST_SHA256, span_text(content_text));
    assert_true(cms_attributes(digest_span(&content), buffer_span(&world.agency.der), 0, &attributes, &err));
    struct reader whole = reader_of(buffer_span(&attributes)), r = der_enter(&whole, DER_SET);
    struct span first = der_any(&r).whole;
    size_t opened = der_open(&turned, DER_SET);
    buffer_append(&turned, r.left);
    buffer_append(&turned, first);
    der_close(&turned, opened);
    for (int in_order = 0; in_order < 2; in_order++) {
        struct buffer signature CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0};
        struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(in_order ? &attributes : &turned));
        pki_sign(&world.agency, DIGEST_SHA256, digest_span(&digest), &signature);
        assert_true(cms_assemble(DIGEST_SHA256, buffer_span(&turned), buffer_span(&signature),
                                 buffer_span(&world.agency.der), NULL, (struct span){0}, &cms, &err));
        struct finding finding = judge(buffer_span(&cms));
        assert_int_equal(finding.indication, in_order ? TOTAL_PASSED : TOTAL_FAILED);
        assert_int_equal(finding.sub, in_order ? SUB_NONE : SUB_SIG_CRYPTO_FAILURE);
        assert_int_equal(finding_has_check(&finding, &TEXT_CADES_ATTRIBUTES_UNORDERED, CHECK_WARNING),
                         in_order);
    }
}

static void changed_content_is_a_hash_failure(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    make_cms(&world.leader, DIGEST_SHA256, span_text(content_text), 0, &cms);
    struct finding finding = judge_as(buffer_span(&cms), SPAN_LITERAL("khác"), true);
    assert_int_equal(finding.indication, TOTAL_FAILED);
    assert_int_equal(finding.sub, SUB_HASH_FAILURE);
}

/* Bytes that carry no meaning: the SignedData's version (1 and 3 to 5 are all in use) */
static bool means_nothing(struct span cms, size_t at)
{
    struct reader r = reader_of(cms), info = der_enter(&r, DER_SEQUENCE);
    der_read(&info, DER_OID);
    struct reader around = der_enter(&info, DER_CONTEXT_MADE), data = der_enter(&around, DER_SEQUENCE);
    struct span version = der_read(&data, DER_INTEGER);
    return cms.data + at == version.data;
}

static void no_flipped_bit_passes(void **state)
{
    (void)state;
    const struct pki_person *signers[] = {&world.leader, &world.agency};
    for (size_t s = 0; s < 2; s++) {
        struct buffer cms CLEANUP(buffer_clear) = {0};
        make_cms(signers[s], DIGEST_SHA256, span_text(content_text), 0, &cms);
        for (size_t i = 0; i < cms.size; i++)
            for (unsigned bit = 0; bit < 8; bit += 3) {
                cms.data[i] ^= (uint8_t)(1U << bit);
                struct finding finding = judge(buffer_span(&cms));
                if (finding.indication == TOTAL_PASSED && !means_nothing(buffer_span(&cms), i)) {
                    print_error("byte %zu bit %u flipped and nobody noticed\n", i, bit);
                    _fail(__FILE__, __LINE__);
                }
                cms.data[i] ^= (uint8_t)(1U << bit);
            }
    }
}

static void no_cut_off_signature_passes(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    make_cms(&world.agency, DIGEST_SHA256, span_text(content_text), 0, &cms);
    for (size_t size = 0; size < cms.size; size++) {
        uint8_t *exact CLEANUP(free_clear) = malloc(size ? size : 1);
        memcpy(exact, cms.data, size);
        struct finding finding = judge(span_of(exact, size));
        assert_int_equal(finding.indication, TOTAL_FAILED);
        assert_int_equal(finding.sub, SUB_FORMAT_FAILURE);
    }
    buffer_append(&cms, SPAN_LITERAL("\1"));
    assert_int_equal(judge(buffer_span(&cms)).sub, SUB_FORMAT_FAILURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_sign_we_accept),
        cmocka_unit_test(the_signer_is_named_in_utf8),
        cmocka_unit_test(openssl_accepts_what_we_sign),
        cmocka_unit_test(what_openssl_signs_is_judged_rightly),
        cmocka_unit_test(attributes_may_travel_out_of_order_but_are_signed_in_it),
        cmocka_unit_test(changed_content_is_a_hash_failure),
        cmocka_unit_test(no_flipped_bit_passes),
        cmocka_unit_test(no_cut_off_signature_passes),
    };
    return cmocka_run_group_tests_name("cms", tests, trust_world_make, trust_world_end);
}
