/* CMS documents as they come: several signers, counter-signatures, content inside and outside, timestamps within; made here
 * by cms_make, whole or with one thing wrong. */
#include "tests/check.h"

#include "tests/cms_make.h"
#include "tests/trust_world.h"

#include <stdio.h>

#include "base/digest.h"
#include "signer/cades_check.h"
#include "signer/cades_text.h"
#include "signer/der.h"
#include "signer/signer_text.h"
#include "signer/verifier.h"

static const char content_text[] = "Quyết định số 127/QĐ-UBND";

/* Around the signers, everybody's certificates and the content. */
static void wrap(struct span signers, bool inside, struct span crls, struct buffer *ret_cms)
{
    static const struct pki_person *people[] = {&world.leader, &world.agency, &world.root};
    struct span content = span_text(content_text);
    struct cms_around around = {.content = inside ? &content : NULL,
                                .people = people,
                                .people_count = COUNT_OF(people),
                                .crls = crls,
                                .signers = signers};
    cms_make(&around, ret_cms);
}

static void check_with(struct span cms, const struct detached *files, size_t count,
                       struct verdict *ret_verdict)
{
    struct verification how = {.trust = world.trust, .detached = files, .detached_count = count};
    struct source document = source_of(cms);
    struct error err = {0};
    assert_true(verifier_check(&how, &document, ret_verdict, &err));
}

static void check(struct span cms, struct verdict *ret_verdict)
{
    check_with(cms, NULL, 0, ret_verdict);
}

static struct cms_wish plain_wish(void)
{
    return (struct cms_wish){.who = &world.leader, .content = span_text(content_text), .signing_time = true};
}

static void sign_plainly(bool inside, struct buffer *ret_cms)
{
    struct buffer signer CLEANUP(buffer_clear) = {0};
    struct cms_wish wish = plain_wish();
    cms_make_signer(&wish, &signer);
    wrap(buffer_span(&signer), inside, (struct span){0}, ret_cms);
}

static const struct stamp_finding *stamp_of(const struct finding *finding, enum stamp_kind kind)
{
    for (size_t i = 0; i < finding->stamp_count; i++)
        if (finding->stamps[i].kind == kind)
            return &finding->stamps[i];
    return NULL;
}

static bool has_check(const struct finding *finding, const struct text *what)
{
    for (size_t i = 0; i < finding->check_count; i++)
        if (finding->checks[i].what == what)
            return true;
    return false;
}

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
                                        .bytes = {(const uint8_t *)content_text, sizeof(content_text) - 1}},
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

static void attribute(struct span type, uint8_t tag, const char *value, struct buffer *out)
{
    struct buffer one CLEANUP(buffer_clear) = {0};
    der_write(&one, tag, span_text(value));
    cms_make_attribute(type, buffer_span(&one), out);
}

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
        struct span content = span_text(content_text);
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

/* A token over the bytes as the attribute of that type. */
static void stamp_attribute(struct span type, struct span about, struct span behind, struct buffer *out)
{
    struct buffer token CLEANUP(buffer_clear) = {0};
    struct token_wish wish = {.authority = &world.authority, .about = about, .unsigned_attributes = behind};
    cms_make_token(&wish, &token);
    cms_make_attribute(type, buffer_span(&token), out);
}

static struct span value_of(const struct buffer *info)
{
    return span_slice(buffer_span(info), info->size - 256, 256);
}

static void timestamps_are_held_to_what_they_are_about(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        bool of_other;
        enum indication indication;
        enum sub_indication sub;
    } rows[] = {
        {"a timestamp over the signature value proves its time", false, TOTAL_PASSED, SUB_NONE},
        {"one over something else is no proof", true, TOTAL_FAILED, SUB_HASH_FAILURE},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer bare CLEANUP(buffer_clear) = {0}, signer CLEANUP(buffer_clear) = {0},
                           attributes CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct cms_wish wish = plain_wish();
        cms_make_signer(&wish, &bare);
        stamp_attribute(OID_SIGNATURE_STAMP, rows[i].of_other ? SPAN_LITERAL("x") : value_of(&bare),
                        (struct span){0}, &attributes);
        wish.unsigned_attributes = buffer_span(&attributes);
        cms_make_signer(&wish, &signer);
        wrap(buffer_span(&signer), true, (struct span){0}, &cms);
        check(buffer_span(&cms), &verdict);
        const struct stamp_finding *stamp = stamp_of(&verdict.findings[0], STAMP_SIGNATURE);
        check_row(stamp && stamp->indication == rows[i].indication && stamp->sub == rows[i].sub
                      && verdict.findings[0].indication == TOTAL_PASSED
                      && strcmp(verdict.findings[0].format, "CAdES-BASELINE-T") == 0
                      && (verdict.findings[0].best_signature_time_ms == stamp->time_ms) == !rows[i].of_other,
                  rows[i].sentence);
    }
}

/* The token of one signer, copied to another: it is not about that one's value. */
static void a_token_copied_from_another_signer_proves_nothing(void **state)
{
    (void)state;
    struct buffer bare CLEANUP(buffer_clear) = {0}, signers CLEANUP(buffer_clear) = {0},
                       attributes CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct cms_wish wish = plain_wish();
    cms_make_signer(&wish, &bare);
    stamp_attribute(OID_SIGNATURE_STAMP, value_of(&bare), (struct span){0}, &attributes);
    wish.unsigned_attributes = buffer_span(&attributes);
    cms_make_signer(&wish, &signers);
    wish.who = &world.agency;
    cms_make_signer(&wish, &signers);
    wrap(buffer_span(&signers), true, (struct span){0}, &cms);
    check(buffer_span(&cms), &verdict);
    assert_int_equal(verdict.count, 2);
    assert_int_equal(stamp_of(&verdict.findings[0], STAMP_SIGNATURE)->indication, TOTAL_PASSED);
    assert_int_equal(stamp_of(&verdict.findings[1], STAMP_SIGNATURE)->indication, TOTAL_FAILED);
}

static void a_content_timestamp_is_about_the_content(void **state)
{
    (void)state;
    for (int of_other = 0; of_other < 2; of_other++) {
        struct buffer signer CLEANUP(buffer_clear) = {0}, more CLEANUP(buffer_clear) = {0},
                             cms CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct cms_wish wish = plain_wish();
        stamp_attribute(OID_CONTENT_STAMP, of_other ? SPAN_LITERAL("x") : span_text(content_text),
                        (struct span){0}, &more);
        wish.more = buffer_span(&more);
        cms_make_signer(&wish, &signer);
        wrap(buffer_span(&signer), true, (struct span){0}, &cms);
        check(buffer_span(&cms), &verdict);
        const struct stamp_finding *stamp = stamp_of(&verdict.findings[0], STAMP_CONTENT);
        assert_non_null(stamp);
        assert_int_equal(stamp->indication, of_other ? TOTAL_FAILED : TOTAL_PASSED);
    }
}

/* EN 319 122-1, 5.5.2: the hashes of everything that the archive timestamp covers. */
static void hash_index(const struct span *certificates, size_t certificate_count, struct span crl,
                       struct span attribute_value, struct buffer *out)
{
    struct buffer index CLEANUP(buffer_clear) = {0};
    struct digest_value hash;
    size_t whole = der_open(&index, DER_SEQUENCE), algorithm = der_open(&index, DER_SEQUENCE);
    der_write(&index, DER_OID, digest_oid(DIGEST_SHA256));
    der_close(&index, algorithm);
    size_t list = der_open(&index, DER_SEQUENCE);
    for (size_t i = 0; i < certificate_count; i++) {
        hash = digest_of(DIGEST_SHA256, certificates[i]);
        der_write(&index, DER_OCTETS, digest_span(&hash));
    }
    der_close(&index, list);
    list = der_open(&index, DER_SEQUENCE);
    if (crl.size) {
        hash = digest_of(DIGEST_SHA256, crl);
        der_write(&index, DER_OCTETS, digest_span(&hash));
    }
    der_close(&index, list);
    list = der_open(&index, DER_SEQUENCE);
    hash = digest_of(DIGEST_SHA256, attribute_value);
    der_write(&index, DER_OCTETS, digest_span(&hash));
    der_close(&index, list);
    der_close(&index, whole);
    cms_make_attribute(OID_HASH_INDEX_V3, buffer_span(&index), out);
}

/* The content of the SignerInfo up to the signature. */
static struct span fields_of(const struct buffer *bare)
{
    struct reader r = reader_of(buffer_span(bare));
    return der_read(&r, DER_SEQUENCE);
}

/* EN 319 122-1, 5.5.3 */
static void an_archive_timestamp_covers_what_its_index_names(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        bool other_certificate, other_content, no_list;
        enum indication indication;
    } rows[] = {
        {"an archive timestamp over all of it proves all of it", false, false, false, TOTAL_PASSED},
        {"one whose index names a certificate that is not there proves nothing", true, false, false,
         TOTAL_FAILED},
        {"nor one over other content", false, true, false, TOTAL_FAILED},
        {"nor one whose revocation list was taken out", false, false, true, TOTAL_FAILED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer bare CLEANUP(buffer_clear) = {0}, signer CLEANUP(buffer_clear) = {0},
                           attributes CLEANUP(buffer_clear) = {0}, index CLEANUP(buffer_clear) = {0},
                           crl CLEANUP(buffer_clear) = {0}, covered CLEANUP(buffer_clear) = {0},
                           value CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct cms_wish wish = plain_wish();
        cms_make_signer(&wish, &bare);
        stamp_attribute(OID_SIGNATURE_STAMP, value_of(&bare), (struct span){0}, &attributes);
        pki_crl(&world.root, NULL, -1, 30, &crl);

        struct reader r = reader_of(buffer_span(&attributes)), inside = der_enter(&r, DER_SEQUENCE);
        buffer_append(&value, der_any(&inside).whole); /* attrType, then the one value */
        buffer_append(&value, der_read(&inside, DER_SET));
        struct span certificates[] = {buffer_span(&world.leader.der), rows[i].other_certificate
                                                                          ? buffer_span(&world.authority.der)
                                                                          : buffer_span(&world.root.der)};
        hash_index(certificates, 2, buffer_span(&crl), buffer_span(&value), &index);

        struct digest_value content =
            digest_of(DIGEST_SHA256, rows[i].other_content ? SPAN_LITERAL("khác") : span_text(content_text));
        der_write(&covered, DER_OID, OID_DATA);
        buffer_append(&covered, digest_span(&content));
        buffer_append(&covered, fields_of(&bare));
        struct reader around = reader_of(buffer_span(&index)), at = der_enter(&around, DER_SEQUENCE);
        der_read(&at, DER_OID);
        buffer_append(&covered, der_read(&at, DER_SET));
        stamp_attribute(OID_ARCHIVE_V3, buffer_span(&covered), buffer_span(&index), &attributes);

        wish.unsigned_attributes = buffer_span(&attributes);
        cms_make_signer(&wish, &signer);
        wrap(buffer_span(&signer), true, rows[i].no_list ? (struct span){0} : buffer_span(&crl), &cms);
        check(buffer_span(&cms), &verdict);
        const struct stamp_finding *stamp = stamp_of(&verdict.findings[0], STAMP_ARCHIVE);
        check_row(stamp && stamp->indication == rows[i].indication
                      && verdict.findings[0].indication == TOTAL_PASSED
                      && strcmp(verdict.findings[0].format, "CAdES-BASELINE-LTA") == 0,
                  rows[i].sentence);
    }
}

/* TS 101 733 V1.8.3, 6.4.1 */
static void an_archive_timestamp_of_the_older_kind_covers_everything_in_order(void **state)
{
    (void)state;
    for (int without_tag = 0; without_tag < 2; without_tag++)
        for (int changed = 0; changed < 2; changed++) {
            struct buffer bare CLEANUP(buffer_clear) = {0}, signer CLEANUP(buffer_clear) = {0},
                               attributes CLEANUP(buffer_clear) = {0}, covered CLEANUP(buffer_clear) = {0},
                               plain CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0};
            struct verdict verdict CLEANUP(verdict_clear) = {0};
            struct cms_wish wish = plain_wish();
            cms_make_signer(&wish, &bare);
            wrap(buffer_span(&bare), true, (struct span){0}, &plain);
            stamp_attribute(OID_SIGNATURE_STAMP, value_of(&bare), (struct span){0}, &attributes);

            struct reader r = reader_of(buffer_span(&plain)), info = der_enter(&r, DER_SEQUENCE);
            der_read(&info, DER_OID);
            struct reader around = der_enter(&info, DER_CONTEXT_MADE),
                          data = der_enter(&around, DER_SEQUENCE);
            der_read(&data, DER_INTEGER);
            der_read(&data, DER_SET);
            buffer_append(&covered, der_any(&data).whole); /* encapContentInfo */
            buffer_append(&covered, der_any(&data).whole); /* certificates */
            buffer_append(&covered, fields_of(&bare));
            if (without_tag)
                buffer_append(&covered, buffer_span(&attributes));
            else
                der_write(&covered, DER_CONTEXT_MADE + 1, buffer_span(&attributes));
            covered.data[covered.size - 1] ^= (uint8_t)changed;
            stamp_attribute(OID_ARCHIVE_V2, buffer_span(&covered), (struct span){0}, &attributes);

            wish.unsigned_attributes = buffer_span(&attributes);
            cms_make_signer(&wish, &signer);
            wrap(buffer_span(&signer), true, (struct span){0}, &cms);
            check(buffer_span(&cms), &verdict);
            const struct stamp_finding *stamp = stamp_of(&verdict.findings[0], STAMP_ARCHIVE);
            assert_non_null(stamp);
            assert_int_equal(stamp->indication, changed ? TOTAL_FAILED : TOTAL_PASSED);
            assert_string_equal(verdict.findings[0].format, "CAdES-A");
        }
}

/* EN 319 122-1, A.1.5.1: the value, the timestamp over it, and the references, without what is around them. */
static void a_timestamp_over_references_covers_them(void **state)
{
    (void)state;
    for (int changed = 0; changed < 2; changed++) {
        struct buffer bare CLEANUP(buffer_clear) = {0}, signer CLEANUP(buffer_clear) = {0},
                           attributes CLEANUP(buffer_clear) = {0}, covered CLEANUP(buffer_clear) = {0},
                           cms CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct cms_wish wish = plain_wish();
        cms_make_signer(&wish, &bare);
        stamp_attribute(OID_SIGNATURE_STAMP, value_of(&bare), (struct span){0}, &attributes);
        attribute(OID_CERTIFICATE_REFS, DER_SEQUENCE, "", &attributes);
        attribute(OID_REVOCATION_REFS, DER_SEQUENCE, "", &attributes);
        buffer_append(&covered, value_of(&bare));
        for (struct reader r = reader_of(buffer_span(&attributes)); r.left.size > 0;)
            buffer_append(&covered, der_read(&r, DER_SEQUENCE));
        covered.data[covered.size - 1] ^= (uint8_t)changed;
        stamp_attribute(OID_ESC_STAMP, buffer_span(&covered), (struct span){0}, &attributes);
        wish.unsigned_attributes = buffer_span(&attributes);
        cms_make_signer(&wish, &signer);
        wrap(buffer_span(&signer), true, (struct span){0}, &cms);
        check(buffer_span(&cms), &verdict);
        const struct stamp_finding *stamp = stamp_of(&verdict.findings[0], STAMP_REFERENCES);
        assert_non_null(stamp);
        assert_int_equal(stamp->indication, changed ? TOTAL_FAILED : TOTAL_PASSED);
        assert_string_equal(verdict.findings[0].format, "CAdES-X");
    }
}

/* Everything that a signature consists of, found by what it holds: whatever is flipped in it, nobody passes. */
static void no_flipped_field_passes(void **state)
{
    (void)state;
    struct buffer cms CLEANUP(buffer_clear) = {0};
    struct digest_value content = digest_of(DIGEST_SHA256, span_text(content_text)),
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
        {"the content", span_text(content_text), false, SUB_HASH_FAILURE},
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
        cmocka_unit_test(attributes_are_held_to_their_clauses),
        cmocka_unit_test(repeated_attributes_are_refused_or_remarked_on),
        cmocka_unit_test(every_algorithm_that_others_sign_with_is_verified),
        cmocka_unit_test(timestamps_are_held_to_what_they_are_about),
        cmocka_unit_test(a_token_copied_from_another_signer_proves_nothing),
        cmocka_unit_test(a_content_timestamp_is_about_the_content),
        cmocka_unit_test(an_archive_timestamp_covers_what_its_index_names),
        cmocka_unit_test(an_archive_timestamp_of_the_older_kind_covers_everything_in_order),
        cmocka_unit_test(a_timestamp_over_references_covers_them),
        cmocka_unit_test(no_flipped_field_passes),
        cmocka_unit_test(no_cut_off_document_passes),
        cmocka_unit_test(certificates_alone_are_no_signature),
    };
    return cmocka_run_group_tests_name("cades", tests, trust_world_make, trust_world_end);
}
