/* Timestamps within CMS signatures: each proves what it is about, and nothing when that is something else. */
#include "tests/check.h"

#include "tests/cades_world.h"

#include "base/digest.h"
#include "signer/der.h"

static const struct stamp_finding *stamp_of(const struct finding *finding, enum stamp_kind kind)
{
    for (size_t i = 0; i < finding->stamp_count; i++)
        if (finding->stamps[i].kind == kind)
            return &finding->stamps[i];
    return NULL;
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
        stamp_attribute(OID_CONTENT_STAMP, of_other ? SPAN_LITERAL("x") : SPAN_LITERAL(CADES_CONTENT),
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

        struct digest_value content = digest_of(
            DIGEST_SHA256, rows[i].other_content ? SPAN_LITERAL("khác") : SPAN_LITERAL(CADES_CONTENT));
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

/* EN 319 122-1, A.1.5.2: a token that is about references alone fits every signature that carries the same ones. */
static void a_timestamp_over_references_alone_proves_nothing_of_the_value(void **state)
{
    (void)state;
    struct buffer signer CLEANUP(buffer_clear) = {0}, attributes CLEANUP(buffer_clear) = {0},
                         covered CLEANUP(buffer_clear) = {0}, cms CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct cms_wish wish = plain_wish();
    attribute(OID_CERTIFICATE_REFS, DER_SEQUENCE, "", &attributes);
    attribute(OID_REVOCATION_REFS, DER_SEQUENCE, "", &attributes);
    for (struct reader r = reader_of(buffer_span(&attributes)); r.left.size > 0;)
        buffer_append(&covered, der_read(&r, DER_SEQUENCE));
    stamp_attribute(OID_REFS_STAMP, buffer_span(&covered), (struct span){0}, &attributes);
    wish.unsigned_attributes = buffer_span(&attributes);
    cms_make_signer(&wish, &signer);
    wrap(buffer_span(&signer), true, (struct span){0}, &cms);
    check(buffer_span(&cms), &verdict);
    const struct stamp_finding *stamp = stamp_of(&verdict.findings[0], STAMP_REFERENCES);
    assert_non_null(stamp);
    assert_int_equal(stamp->indication, TOTAL_PASSED);
    assert_int_equal(verdict.findings[0].best_signature_time_ms, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamps_are_held_to_what_they_are_about),
        cmocka_unit_test(a_token_copied_from_another_signer_proves_nothing),
        cmocka_unit_test(a_content_timestamp_is_about_the_content),
        cmocka_unit_test(an_archive_timestamp_covers_what_its_index_names),
        cmocka_unit_test(an_archive_timestamp_of_the_older_kind_covers_everything_in_order),
        cmocka_unit_test(a_timestamp_over_references_covers_them),
        cmocka_unit_test(a_timestamp_over_references_alone_proves_nothing_of_the_value),
    };
    return cmocka_run_group_tests_name("cades_timestamp", tests, trust_world_make, trust_world_end);
}
