/* What a CMS signature says beside its value: attributes that are missing, wrong or there twice, and the algorithms that it
 * was made with. */
#include "tests/check.h"

#include "tests/cades_world.h"

#include "base/digest.h"
#include "signer/cades_text.h"
#include "signer/der.h"
#include "signer/signer_text.h"

static void attributes_are_held_to_their_clauses(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        bool unbound, bound_to_other, untimed;
        const char *format;
        enum indication indication;
        enum sub_indication sub;
    } rows[] = {
        {"without a signing certificate it is no AdES", true, false, false, "CMS-NOT-ETSI", TOTAL_PASSED,
         SUB_NONE},
        {"bound to another certificate, its signer is not known", false, true, false, "CAdES-BASELINE-B",
         INDETERMINATE, SUB_NO_SIGNING_CERTIFICATE_FOUND},
        {"without a signing time it is no baseline", false, false, true, "CAdES-BES", TOTAL_PASSED, SUB_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer signer CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct cms_wish wish = plain_wish();
        wish.unbound = rows[i].unbound;
        wish.bound_to_other = rows[i].bound_to_other;
        wish.signing_time = !rows[i].untimed;
        cms_make_signer(&wish, &signer);
        wrap(buffer_span(&signer), true, (struct span){0}, &cms);
        check(buffer_span(&cms), &verdict);
        check_row(verdict.count == 1 && strcmp(verdict.findings[0].format, rows[i].format) == 0
                      && verdict.findings[0].indication == rows[i].indication
                      && verdict.findings[0].sub == rows[i].sub,
                  rows[i].sentence);
    }
}

static void repeated_attributes_are_refused_or_remarked_on(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        struct span type;
        uint8_t tag;
        const char *value;
        bool refused;
        const struct text *text;
    } rows[] = {
        {"a second message digest makes it unreadable",
         {(const uint8_t *)"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x04", 9},
         DER_OCTETS,
         "xxxx",
         true,
         &TEXT_CMS_ONE_DIGEST},
        {"a second content type too",
         {(const uint8_t *)"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x03", 9},
         DER_OID,
         "\x2A\x03",
         true,
         &TEXT_CMS_CONTENT_TYPE},
        {"a second signing time is remarked on",
         {(const uint8_t *)"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x05", 9},
         DER_UTC_TIME,
         "251122090000Z",
         false,
         &TEXT_CADES_ATTRIBUTE_DEVIATES},
        {"a media type that is no text too",
         {(const uint8_t *)"\x04\x00\x8D\x45\x02\x01", 6},
         DER_OCTETS,
         "text/plain",
         false,
         &TEXT_CADES_ATTRIBUTE_DEVIATES},
        {"algorithms that are not those used are a contradiction",
         {(const uint8_t *)"\x2A\x86\x48\x86\xF7\x0D\x01\x09\x34", 9},
         DER_SEQUENCE,
         "\x30\x07\x06\x05\x2B\x0E\x03\x02\x1A",
         true,
         &TEXT_CMS_DIGEST_DISAGREES},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer signer CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0},
                             more CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct cms_wish wish = plain_wish();
        attribute(rows[i].type, rows[i].tag, rows[i].value, &more);
        wish.more = buffer_span(&more);
        cms_make_signer(&wish, &signer);
        wrap(buffer_span(&signer), true, (struct span){0}, &cms);
        check(buffer_span(&cms), &verdict);
        const struct finding *finding = &verdict.findings[0];
        bool holds = rows[i].refused
                         ? finding->sub == SUB_FORMAT_FAILURE && finding->reasons[0].text == rows[i].text
                         : finding->indication == TOTAL_PASSED && has_check(finding, rows[i].text)
                               && strcmp(finding->format, "CAdES-BES") == 0;
        check_row(holds, rows[i].sentence);
    }
}

static void every_algorithm_that_others_sign_with_is_verified(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *key;
        enum digest_algorithm digest, attribute;
        bool two_digests, strong;
    } rows[] = {
        {"RSA over SHA-224 is past its day", NULL, DIGEST_SHA224, 0, false, false},
        {"RSA over SHA3-256", NULL, DIGEST_SHA3_256, 0, false, true},
        {"RSA over SHA3-512", NULL, DIGEST_SHA3_512, 0, false, true},
        {"RSA over SHA-1 proves nothing any more", NULL, DIGEST_SHA1, 0, false, false},
        {"RSA over MD5 neither", NULL, DIGEST_MD5, 0, false, false},
        {"content over MD5 neither, whatever is signed with", NULL, DIGEST_MD5, DIGEST_SHA256, true, false},
        {"two digests that are good are accepted", NULL, DIGEST_SHA512, DIGEST_SHA256, true, true},
        {"P-256 over SHA-384", "p256", DIGEST_SHA384, 0, false, true},
        {"P-384", "P-384", DIGEST_SHA384, 0, false, true},
        {"P-521", "P-521", DIGEST_SHA512, 0, false, true},
        {"brainpool", "brainpoolP256r1", DIGEST_SHA256, 0, false, true},
        {"Ed25519", "ed25519", DIGEST_SHA512, 0, false, true},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct pki_person signer = {0};
        struct buffer info CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0};
        struct span content = SPAN_LITERAL(CADES_CONTENT);
        pki_make(&(struct pki_wish){.name = "Người ký",
                                    .issuer = &world.root,
                                    .key = rows[i].key,
                                    .key_usage = "digitalSignature"},
                 &signer);
        struct cms_wish wish = {.who = &signer,
                                .content = content,
                                .digest = rows[i].digest,
                                .attribute = rows[i].attribute,
                                .two_digests = rows[i].two_digests};
        cms_make_signer(&wish, &info);
        const struct pki_person *people[] = {&signer};
        cms_make(
            &(struct cms_around){
                .content = &content, .people = people, .people_count = 1, .signers = buffer_span(&info)},
            &cms);
        for (int changed = 0; changed < 2; changed++) {
            struct verdict verdict CLEANUP(verdict_clear) = {0};
            cms.data[cms.size - 1] ^= (uint8_t)changed;
            check(buffer_span(&cms), &verdict);
            enum indication indication = verdict.findings[0].indication;
            check_row(indication
                          == (changed          ? TOTAL_FAILED
                              : rows[i].strong ? TOTAL_PASSED
                                               : INDETERMINATE),
                      rows[i].sentence);
        }
        pki_clear(&signer);
    }
}

/* RFC 5652, 5.4: both are signed alike. Whoever takes the attributes out of somebody's signature and lays them down as
 * content has a signature that verifies, over something that nobody meant to sign. */
static void attributes_taken_for_content_never_pass(void **state)
{
    (void)state;
    for (int inside = 0; inside < 2; inside++) {
        struct buffer signer CLEANUP(buffer_clear) = {0}, content CLEANUP(buffer_clear) = {0},
                             cms CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct cms_wish wish = plain_wish();
        wish.stripped = &content;
        cms_make_signer(&wish, &signer);
        struct span bytes = buffer_span(&content);
        const struct pki_person *people[] = {&world.leader};
        cms_make(&(struct cms_around){.content = inside ? &bytes : NULL,
                                      .people = people,
                                      .people_count = 1,
                                      .signers = buffer_span(&signer)},
                 &cms);
        const struct detached file = {.name = "a", .bytes = bytes};
        check_with(buffer_span(&cms), &file, !inside, &verdict);
        assert_int_equal(verdict.findings[0].indication, TOTAL_FAILED);
        assert_int_equal(verdict.findings[0].sub, SUB_FORMAT_FAILURE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attributes_are_held_to_their_clauses),
        cmocka_unit_test(repeated_attributes_are_refused_or_remarked_on),
        cmocka_unit_test(every_algorithm_that_others_sign_with_is_verified),
        cmocka_unit_test(attributes_taken_for_content_never_pass),
    };
    return cmocka_run_group_tests_name("cades_attributes", tests, trust_world_make, trust_world_end);
}
