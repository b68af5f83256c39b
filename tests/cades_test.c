/* CMS documents as they come: several signers, counter-signatures, content inside and outside; whole, or with one thing
 * wrong. */
#include "tests/check.h"

#include "tests/cades_world.h"

#include "base/digest.h"
#include "signer/cades_check.h"
#include "signer/cades_text.h"
#include "signer/der.h"
#include "signer/signer_text.h"

static void a_document_with_its_content_passes(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    sign_plainly(true, &cms);
    check(buffer_span(&cms), &verdict);
    assert_int_equal(verdict.count, 1);
    assert_int_equal(verdict_overall(&verdict), TOTAL_PASSED);
    assert_string_equal(verdict.findings[0].format, "CAdES-BASELINE-B");
    assert_true(verdict.findings[0].covers_whole_file);
    assert_int_equal(verdict.changed_after_signing, CHANGED_NO);
}

/* What a file is written in changes nothing about it. */
static void text_around_the_bytes_is_taken_off(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *before, *behind;
        bool readable;
    } rows[] = {
        {"PEM as CMS is read", "-----BEGIN CMS-----\n", "\n-----END CMS-----\n", true},
        {"PEM as PKCS #7 is read", "-----BEGIN PKCS7-----\n", "\n-----END PKCS7-----\n", true},
        {"base64 alone is read", "", "\n", true},
        {"PEM without its end is not", "-----BEGIN CMS-----\n", "\n", false},
        {"PEM with something else inside is not", "-----BEGIN CMS-----\n*", "\n-----END CMS-----\n", false},
    };
    struct buffer cms CLEANUP(buffer_clear) = {0};
    sign_plainly(true, &cms);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer text CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        buffer_text(&text, rows[i].before);
        base64_append(&text, buffer_span(&cms));
        buffer_text(&text, rows[i].behind);
        struct verification how = {.trust = world.trust};
        struct source document = source_of(buffer_span(&text));
        struct error err = {0};
        bool looked = verifier_check(&how, &document, &verdict, &err);
        check_row(looked == rows[i].readable
                      && (looked ? verdict_overall(&verdict) == TOTAL_PASSED : err.code == ERR_MALFORMED),
                  rows[i].sentence);
    }
}

static void what_is_detached_needs_its_content(void **state)
{
    (void)state;
    static const struct detached own = {.name = "a",
                                        .bytes = {(const uint8_t *)CADES_CONTENT, sizeof(CADES_CONTENT) - 1}},
                                 other = {.name = "b", .bytes = {(const uint8_t *)"khác", 5}};
    const struct {
        const char *sentence;
        struct detached files[2];
        size_t count;
        enum indication indication;
        enum sub_indication sub;
        enum changed changed;
    } rows[] = {
        {"its content makes it pass", {own}, 1, TOTAL_PASSED, SUB_NONE, CHANGED_NO},
        {"another content is a change", {other}, 1, TOTAL_FAILED, SUB_HASH_FAILURE, CHANGED_YES},
        {"of two files the one that fits is taken", {own, other}, 2, TOTAL_PASSED, SUB_NONE, CHANGED_NO},
        {"without content nothing is said of it",
         {{0}},
         0,
         INDETERMINATE,
         SUB_SIGNED_DATA_NOT_FOUND,
         CHANGED_UNKNOWN},
        {"nor with two files that do not fit",
         {other, other},
         2,
         INDETERMINATE,
         SUB_SIGNED_DATA_NOT_FOUND,
         CHANGED_UNKNOWN},
    };
    struct buffer cms CLEANUP(buffer_clear) = {0};
    sign_plainly(false, &cms);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        check_with(buffer_span(&cms), rows[i].files, rows[i].count, &verdict);
        check_row(verdict.count == 1 && verdict.findings[0].indication == rows[i].indication
                      && verdict.findings[0].sub == rows[i].sub
                      && verdict.changed_after_signing == rows[i].changed,
                  rows[i].sentence);
    }
}

static void a_broken_signature_is_broken_without_its_content_too(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    sign_plainly(false, &cms);
    cms.data[cms.size - 1] ^= 1; /* of the signature value */
    check(buffer_span(&cms), &verdict);
    assert_int_equal(verdict.findings[0].indication, TOTAL_FAILED);
    assert_int_equal(verdict.findings[0].sub, SUB_SIG_CRYPTO_FAILURE);
}

static void content_inside_that_differs_from_what_is_handed_in_is_refused(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    struct detached other = {.name = "b", .bytes = SPAN_LITERAL("khác")};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    sign_plainly(true, &cms);
    check_with(buffer_span(&cms), &other, 1, &verdict);
    assert_int_equal(verdict.findings[0].indication, TOTAL_FAILED);
    assert_int_equal(verdict.findings[0].sub, SUB_HASH_FAILURE);
}

static void every_signer_is_judged_for_itself(void **state)
{
    (void)state;
    struct buffer signers CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct cms_wish wish = plain_wish();
    cms_make_signer(&wish, &signers);
    wish.who = &world.agency;
    wish.digest = DIGEST_SHA512;
    cms_make_signer(&wish, &signers);
    wish.content = SPAN_LITERAL("khác");
    cms_make_signer(&wish, &signers);
    wrap(buffer_span(&signers), true, (struct span){0}, &cms);
    check(buffer_span(&cms), &verdict);
    assert_int_equal(verdict.count, 3);
    assert_int_equal(verdict.findings[0].indication, TOTAL_PASSED);
    assert_string_equal(verdict.findings[0].common_name, "Nguyễn Văn Mẫu");
    assert_int_equal(verdict.findings[1].indication, TOTAL_PASSED);
    assert_string_equal(verdict.findings[1].common_name, "Con dấu");
    assert_int_equal(verdict.findings[2].indication, TOTAL_FAILED);
    assert_int_equal(verdict.findings[2].sub, SUB_HASH_FAILURE);
    assert_int_equal(verdict.changed_after_signing, CHANGED_YES);
}

/* RFC 5652, 11.4 */
static void counter_signatures_confirm_the_value_they_stand_at(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        bool of_other, with_type, broken;
        enum indication indication;
        enum sub_indication sub;
    } rows[] = {
        {"a counter-signature over the signature value passes", false, false, false, TOTAL_PASSED, SUB_NONE},
        {"one over another value is refused", true, false, false, TOTAL_FAILED, SUB_HASH_FAILURE},
        {"one that names a content type is remarked on", false, true, false, TOTAL_PASSED, SUB_NONE},
        {"one that its signer did not make is refused", false, false, true, TOTAL_FAILED,
         SUB_SIG_CRYPTO_FAILURE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer first CLEANUP(buffer_clear) = {0}, counter CLEANUP(buffer_clear) = {0},
                            attributes CLEANUP(buffer_clear) = {0}, signers CLEANUP(buffer_clear) = {0},
                            cms CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct cms_wish wish = plain_wish();
        cms_make_signer(&wish, &first);
        /* the same key and the same content give the same RSA signature again */
        struct span value = span_slice(buffer_span(&first), first.size - 256, 256);
        struct cms_wish confirm = {.who = &world.agency,
                                   .content = rows[i].of_other ? SPAN_LITERAL("x") : value,
                                   .counter = !rows[i].with_type};
        cms_make_signer(&confirm, &counter);
        if (rows[i].broken)
            counter.data[counter.size - 1] ^= 1;
        cms_make_attribute(OID_COUNTER_SIGNATURE, buffer_span(&counter), &attributes);
        wish.unsigned_attributes = buffer_span(&attributes);
        cms_make_signer(&wish, &signers);
        wrap(buffer_span(&signers), true, (struct span){0}, &cms);
        check(buffer_span(&cms), &verdict);
        check_row(verdict.count == 2 && verdict.findings[0].indication == TOTAL_PASSED
                      && verdict.findings[1].kind == FINDING_COUNTER_SIGNATURE && verdict.findings[1].of == 0
                      && verdict.findings[1].indication == rows[i].indication
                      && verdict.findings[1].sub == rows[i].sub
                      && has_check(&verdict.findings[1], &TEXT_CADES_ATTRIBUTE_DEVIATES) == rows[i].with_type,
                  rows[i].sentence);
    }
}

/* One in the other, each over the value of the one around it. */
static void counter_signatures_nest_so_deep_and_no_deeper(void **state)
{
    (void)state;
    enum { DEEP = 6 };
    struct buffer cms CLEANUP(buffer_clear) = {0}, attributes[DEEP + 1] = {{0}}, infos[DEEP + 1] = {{0}};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct buffer values[DEEP + 1] = {{0}};
    for (size_t i = 0; i <= DEEP; i++) { /* their values, from the outside in */
        struct cms_wish wish = plain_wish();
        struct buffer bare CLEANUP(buffer_clear) = {0};
        if (i > 0)
            wish = (struct cms_wish){
                .who = &world.leader, .content = buffer_span(&values[i - 1]), .counter = true};
        cms_make_signer(&wish, &bare);
        buffer_append(&values[i], span_slice(buffer_span(&bare), bare.size - 256, 256));
    }
    for (size_t i = DEEP + 1; i-- > 0;) { /* and put together from the inside out */
        struct cms_wish wish = plain_wish();
        if (i > 0)
            wish = (struct cms_wish){
                .who = &world.leader, .content = buffer_span(&values[i - 1]), .counter = true};
        if (i < DEEP) {
            cms_make_attribute(OID_COUNTER_SIGNATURE, buffer_span(&infos[i + 1]), &attributes[i]);
            wish.unsigned_attributes = buffer_span(&attributes[i]);
        }
        cms_make_signer(&wish, &infos[i]);
    }
    wrap(buffer_span(&infos[0]), true, (struct span){0}, &cms);
    check(buffer_span(&cms), &verdict);
    assert_int_equal(verdict.count, 6);
    for (size_t i = 0; i < 5; i++)
        assert_int_equal(verdict.findings[i].indication, TOTAL_PASSED);
    for (size_t i = 1; i < 6; i++)
        assert_int_equal(verdict.findings[i].of, i - 1);
    assert_int_equal(verdict.findings[5].indication, INDETERMINATE);
    assert_ptr_equal(verdict.findings[5].reasons[0].text, &TEXT_CADES_TOO_DEEP);
    for (size_t i = 0; i <= DEEP; i++) {
        buffer_clear(&attributes[i]);
        buffer_clear(&infos[i]);
        buffer_clear(&values[i]);
    }
}

/* Everything that a signature consists of, found by what it holds: whatever is flipped in it, nobody passes. */
static void no_flipped_field_passes(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    struct digest_value content = digest_of(DIGEST_SHA256, SPAN_LITERAL(CADES_CONTENT)),
                        binding = digest_of(DIGEST_SHA256, buffer_span(&world.leader.der));
    struct der_certificate names;
    assert_true(der_certificate_read(buffer_span(&world.leader.der), &names));
    sign_plainly(true, &cms);
    const struct {
        const char *sentence;
        struct span needle;
        bool last; /* where it stands for the last time, in the SignerInfo */
        enum sub_indication sub;
    } rows[] = {
        {"the ContentInfo's type", OID_SIGNED_DATA, false, SUB_FORMAT_FAILURE},
        {"the type of the content", OID_DATA, false, SUB_FORMAT_FAILURE},
        {"the content", SPAN_LITERAL(CADES_CONTENT), false, SUB_HASH_FAILURE},
        {"the signer's certificate", buffer_span(&world.leader.der), false, SUB_NO_SIGNING_CERTIFICATE_FOUND},
        {"the issuer by whom the signer is named", names.issuer, true, SUB_NONE},
        {"the serial number by which he is", span_of(names.serial.data - 2, names.serial.size + 2), true,
         SUB_NONE},
        {"the digest algorithm", digest_oid(DIGEST_SHA256), true, SUB_NONE},
        {"the signed content type", OID_DATA, true, SUB_FORMAT_FAILURE},
        {"the message digest", digest_span(&content), true, SUB_HASH_FAILURE},
        {"the signing certificate's hash", digest_span(&binding), true, SUB_SIG_CRYPTO_FAILURE},
        {"the signing time", SPAN_LITERAL("251121090000Z"), true, SUB_SIG_CRYPTO_FAILURE},
        {"the type of an attribute", OID_SIGNING_TIME, true, SUB_FORMAT_FAILURE},
        {"the signature algorithm", signature_oid(SCHEME_RSA, DIGEST_SHA256), true, SUB_NONE},
        {"the signature value", span_slice(buffer_span(&cms), cms.size - 256, 256), true,
         SUB_SIG_CRYPTO_FAILURE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t at = span_find(buffer_span(&cms), rows[i].needle, 0);
        for (size_t next = at; rows[i].last && next != SIZE_MAX;
             next = span_find(buffer_span(&cms), rows[i].needle, next + 1))
            at = next;
        check_row(at != SIZE_MAX, rows[i].sentence);
        struct buffer needle CLEANUP(buffer_clear) = {0};
        buffer_append(&needle, rows[i].needle); /* it may lie in what is changed */
        for (size_t byte = 0; byte < needle.size; byte++) {
            struct verdict verdict CLEANUP(verdict_clear) = {0};
            struct error err = {0};
            struct source document = source_of(buffer_span(&cms));
            cms.data[at + byte] ^= 1;
            bool looked =
                verifier_check(&(struct verification){.trust = world.trust}, &document, &verdict, &err);
            bool passes = looked && verdict_overall(&verdict) == TOTAL_PASSED;
            bool as_said = byte + 1 < needle.size || rows[i].sub == SUB_NONE || !looked
                           || (verdict.count > 0 && verdict.findings[0].sub == rows[i].sub);
            cms.data[at + byte] ^= 1;
            check_row(!passes && as_said, rows[i].sentence);
        }
    }
}

static void no_cut_off_document_passes(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    sign_plainly(true, &cms);
    for (size_t size = 64; size < cms.size; size += 7) {
        uint8_t *exact CLEANUP(free_clear) = malloc(size);
        memcpy(exact, cms.data, size);
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        check(span_of(exact, size), &verdict);
        assert_int_equal(verdict.count, 1);
        assert_int_equal(verdict.findings[0].sub, SUB_FORMAT_FAILURE);
    }
}

static void certificates_alone_are_no_signature(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    wrap((struct span){0}, false, (struct span){0}, &cms);
    check(buffer_span(&cms), &verdict);
    assert_int_equal(verdict.count, 0);
    assert_ptr_equal(verdict.reasons[0].text, &TEXT_NO_SIGNATURE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_with_its_content_passes),
        cmocka_unit_test(text_around_the_bytes_is_taken_off),
        cmocka_unit_test(what_is_detached_needs_its_content),
        cmocka_unit_test(a_broken_signature_is_broken_without_its_content_too),
        cmocka_unit_test(content_inside_that_differs_from_what_is_handed_in_is_refused),
        cmocka_unit_test(every_signer_is_judged_for_itself),
        cmocka_unit_test(counter_signatures_confirm_the_value_they_stand_at),
        cmocka_unit_test(counter_signatures_nest_so_deep_and_no_deeper),
        cmocka_unit_test(no_flipped_field_passes),
        cmocka_unit_test(no_cut_off_document_passes),
        cmocka_unit_test(certificates_alone_are_no_signature),
    };
    return cmocka_run_group_tests_name("cades", tests, trust_world_make, trust_world_end);
}
