/* Verdicts: what is worse wins, zero is the doubtful answer, and a frame from another process is believed
 * nothing. */
#include "tests/check.h"

#include <stdio.h>

#include "signer/signer_text.h"
#include "signer/verdict.h"

static void the_worst_that_was_found_stays(void **state)
{
    (void)state;
    struct finding finding = {0};
    assert_int_equal(finding.indication, INDETERMINATE);
    finding_worsen(&finding, INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND, &TEXT_CHAIN_NOT_FOUND, NULL);
    finding_worsen(&finding, INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE, &TEXT_CERTIFICATE_EXPIRED,
                   "01/01/2025 00:00", NULL);
    assert_int_equal(finding.sub, SUB_NO_CERTIFICATE_CHAIN_FOUND);
    finding_worsen(&finding, TOTAL_FAILED, SUB_HASH_FAILURE, &TEXT_HASH_DIFFERS, NULL);
    finding_worsen(&finding, TOTAL_FAILED, SUB_FORMAT_FAILURE, &TEXT_CMS_TRAILING, NULL);
    finding_worsen(&finding, INDETERMINATE, SUB_TRY_LATER, &TEXT_REVOCATION_BROKEN, NULL);
    assert_int_equal(finding.indication, TOTAL_FAILED);
    assert_int_equal(finding.sub, SUB_HASH_FAILURE);
    assert_int_equal(finding.reason_count, 5);
    finding_pass(&finding);
    assert_int_equal(finding.indication, TOTAL_FAILED);
}

static void only_who_has_looked_at_everything_lets_it_pass(void **state)
{
    (void)state;
    struct finding fresh = {0}, doubted = {0};
    finding_reason(&fresh, &TEXT_REVOCATION_NOT_CHECKED, NULL);
    finding_pass(&fresh);
    assert_int_equal(fresh.indication, TOTAL_PASSED);
    finding_worsen(&doubted, INDETERMINATE, SUB_TRY_LATER, &TEXT_REVOCATION_BROKEN, NULL);
    finding_pass(&doubted);
    assert_int_equal(doubted.indication, INDETERMINATE);
    finding_worsen(&fresh, INDETERMINATE, SUB_TRY_LATER, &TEXT_REVOCATION_BROKEN, NULL);
    assert_int_equal(fresh.indication, INDETERMINATE);
}

static void a_document_is_as_good_as_its_worst_signature(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        int found[3]; /* -1 ends */
        enum indication overall;
    } rows[] = {
        {"nothing is indeterminate", {-1}, INDETERMINATE},
        {"all passed", {TOTAL_PASSED, TOTAL_PASSED, -1}, TOTAL_PASSED},
        {"one in doubt", {TOTAL_PASSED, INDETERMINATE, -1}, INDETERMINATE},
        {"one failed", {INDETERMINATE, TOTAL_FAILED, TOTAL_PASSED}, TOTAL_FAILED},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        for (size_t k = 0; k < 3 && rows[i].found[k] >= 0; k++) {
            struct finding *finding = verdict_add(&verdict);
            finding->indication = (enum indication)rows[i].found[k];
        }
        check_row(verdict_overall(&verdict) == rows[i].overall, rows[i].sentence);
    }
}

static void signatures_and_reasons_are_limited(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    for (size_t i = 0; i < VERDICT_MAX_SIGNATURES; i++)
        assert_non_null(verdict_add(&verdict));
    assert_null(verdict_add(&verdict));
    for (size_t i = 0; i < 2 * VERDICT_MAX_REASONS; i++)
        verdict_reason(&verdict, &TEXT_NO_SIGNATURE, NULL);
    assert_int_equal(verdict.reason_count, 1); /* what has been said is not said again */
    for (size_t i = 0; i < 2 * VERDICT_MAX_REASONS; i++) {
        char number[16];
        snprintf(number, sizeof(number), "%zu", i);
        verdict_reason(&verdict, &TEXT_ALGORITHM_WEAK, number, NULL);
    }
    assert_int_equal(verdict.reason_count, VERDICT_MAX_REASONS);
}

static void fill(struct verdict *verdict)
{
    struct finding *finding = verdict_add(verdict);
    strcpy(finding->format, "PAdES-BASELINE-B");
    strcpy(finding->subject, "CN=Nguyễn Văn Mẫu");
    strcpy(finding->field, "ChuKy1");
    strcpy(finding->covered[0], "/KetQua");
    finding->covered_count = 1;
    finding->claimed_time_ms = 1741921500000;
    finding->revision = 1;
    finding->revisions = 2;
    finding_worsen(finding, INDETERMINATE, SUB_OUT_OF_BOUNDS_NO_POE, &TEXT_CERTIFICATE_EXPIRED,
                   "14/03/2025 10:05", NULL);
    finding_check(finding, 1, CHECK_BAD, &TEXT_HASH_DIFFERS, "SHA-256");
    struct stamp_finding *stamp = finding_add_stamp(finding, STAMP_ARCHIVE);
    stamp->time_ms = 1741921500000;
    strcpy(stamp->authority, "TSA");
    finding = verdict_add(verdict);
    finding->kind = FINDING_TIMESTAMP;
    finding->covers_whole_file = true;
    finding_pass(finding);
    finding = verdict_add(verdict);
    finding->kind = FINDING_COUNTER_SIGNATURE;
    finding->of = 0;
    struct revision *revision = verdict_add_revision(verdict);
    revision->end = 4096;
    revision->changes = 1u << REVISION_SIGNATURE | 1u << REVISION_FORM;
    revision->reason.text = &TEXT_HASH_DIFFERS;
    verdict->first_revision = 2;
    verdict_reason(verdict, &TEXT_CHECK_DEADLINE, NULL);
    verdict->changed_after_signing = CHANGED_NO;
    verdict->wanted.items = calloc(WANTED_MAX, sizeof(*verdict->wanted.items));
    assert_non_null(verdict->wanted.items);
    verdict->wanted.items[verdict->wanted.count++] = (struct wanted){
        .kind = WANTED_OCSP, .url = "http://ocsp.example/", .cert_id = {0x30, 0}, .cert_id_size = 2};
    verdict->wanted.items[verdict->wanted.count++] =
        (struct wanted){.kind = WANTED_CRL, .url = "http://crl.example/ca.crl"};
    verdict->wanted.groups = 1;
}

static void a_frame_carries_all_of_it(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) = {0}, read CLEANUP(verdict_clear) = {0};
    struct buffer frame CLEANUP(buffer_clear) = {0}, again CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    fill(&verdict);
    verdict_write(&verdict, &frame);
    assert_true(verdict_read(buffer_span(&frame), &read, &err));
    verdict_write(&read, &again);
    assert_true(span_equal(buffer_span(&frame), buffer_span(&again)));
    assert_string_equal(read.findings[0].subject, "CN=Nguyễn Văn Mẫu");
    assert_ptr_equal(read.findings[0].reasons[0].text, &TEXT_CERTIFICATE_EXPIRED);
    assert_string_equal(read.findings[0].reasons[0].arg[0], "14/03/2025 10:05");
    assert_int_equal(read.findings[1].indication, TOTAL_PASSED);
}

static void a_frame_is_whole_and_nothing_more(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct buffer frame CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    fill(&verdict);
    verdict_write(&verdict, &frame);
    for (size_t size = 0; size < frame.size; size++) {
        struct verdict read CLEANUP(verdict_clear) = {0};
        assert_false(verdict_read(span_slice(buffer_span(&frame), 0, size), &read, &err));
    }
    buffer_u8(&frame, 0);
    struct verdict read CLEANUP(verdict_clear) = {0};
    assert_false(verdict_read(buffer_span(&frame), &read, &err));
}

/* Whatever a frame's bits say, what comes out is in range: flags are flags, words are known, text is text. */
static void no_flipped_bit_gets_in(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct buffer frame CLEANUP(buffer_clear) = {0};
    fill(&verdict);
    verdict_write(&verdict, &frame);
    for (size_t bit = 0; bit < 8 * frame.size; bit++) {
        struct verdict read CLEANUP(verdict_clear) = {0};
        struct error err = {0};
        frame.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
        if (verdict_read(buffer_span(&frame), &read, &err))
            for (size_t i = 0; i < read.count; i++) {
                const struct finding *finding = &read.findings[i];
                assert_true(finding->indication <= TOTAL_FAILED && finding->sub < SUB_INDICATION_COUNT);
                assert_true((finding->indication == TOTAL_PASSED) == (finding->sub == SUB_NONE)
                            || finding->indication == INDETERMINATE);
                assert_true(text_is_utf8(finding->subject, strlen(finding->subject)));
            }
        frame.data[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_worst_that_was_found_stays),
        cmocka_unit_test(only_who_has_looked_at_everything_lets_it_pass),
        cmocka_unit_test(a_document_is_as_good_as_its_worst_signature),
        cmocka_unit_test(signatures_and_reasons_are_limited),
        cmocka_unit_test(a_frame_carries_all_of_it),
        cmocka_unit_test(a_frame_is_whole_and_nothing_more),
        cmocka_unit_test(no_flipped_bit_gets_in),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}
