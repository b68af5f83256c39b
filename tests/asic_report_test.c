/* What is reported of a container: the files that a signature covers, the names of signatures and timestamps, and limits
 * that were reached. */
#include "tests/check.h"

#include "tests/asic_world.h"

#include "signer/asic_text.h"
#include "signer/signer_text.h"

static void a_finding_names_the_files_it_covers(void **state)
{
    (void)state;
    struct container container CLEANUP(container_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    extended_partly(&container);
    check_container(&container, &verdict);
    assert_int_equal(verdict.count, 2);
    const struct finding *part = &verdict.findings[0], *whole = &verdict.findings[1];
    assert_string_equal(part->field, P7S);
    assert_string_equal(part->format, "CAdES-BASELINE-B");
    assert_string_equal(part->common_name, "Lãnh đạo");
    assert_false(part->covers_whole_file);
    assert_int_equal(part->covered_count, 2);
    assert_string_equal(part->covered[0], LETTER);
    assert_string_equal(part->covered[1], MANIFEST);
    assert_true(whole->covers_whole_file);
    assert_int_equal(whole->covered_count, 3);
}

static void a_xades_signature_is_named_by_file_and_id(void **state)
{
    (void)state;
    struct container container CLEANUP(container_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    extended_three(&container);
    check_container(&container, &verdict);
    assert_int_equal(verdict.count, 3);
    assert_string_equal(verdict.findings[1].field, SIGNATURES "#S5");
    assert_string_equal(verdict.findings[1].covered[0], ANNEX);
    assert_string_equal(verdict.findings[1].covered[1], LETTER);
    assert_string_equal(verdict.findings[2].covered[2], SIGNATURES);
}

static void a_container_timestamp_is_called_so(void **state)
{
    (void)state;
    struct container simple CLEANUP(container_clear) = {0}, extended CLEANUP(container_clear) = {0};
    struct verdict one CLEANUP(verdict_clear) = {0}, other CLEANUP(verdict_clear) = {0};
    simple_token(&simple);
    extended_token(&extended);
    check_container(&simple, &one);
    check_container(&extended, &other);
    assert_int_equal(one.findings[0].kind, FINDING_TIMESTAMP);
    assert_string_equal(one.findings[0].format, "ASiC-S-TIMESTAMP");
    assert_string_equal(other.findings[0].format, "ASiC-E-TIMESTAMP");
    assert_string_equal(one.findings[0].common_name, "Dấu thời gian");
}

static void a_zip_without_signatures_is_no_signed_document(void **state)
{
    (void)state;
    struct container container CLEANUP(container_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    container_put(&container, "[Content_Types].xml", SPAN_LITERAL("<Types/>"));
    container_put(&container, "word/document.xml", SPAN_LITERAL("<document/>"));
    check_container(&container, &verdict);
    assert_int_equal(verdict.count, 0);
    assert_int_equal(verdict_overall(&verdict), INDETERMINATE);
    assert_true(says(&verdict, &TEXT_NO_SIGNATURE));
    assert_int_equal(verdict.reason_count, 1);
}

static void more_to_read_than_the_limit_is_a_limit_reached(void **state)
{
    (void)state;
    static uint8_t blanks[9 << 20];
    memset(blanks, ' ', sizeof(blanks));
    static const char *const names[] = {"META-INF/signatures1.xml", "META-INF/signatures2.xml",
                                        "META-INF/signatures3.xml", "META-INF/signatures4.xml",
                                        "META-INF/signatures5.xml", "META-INF/signatures6.xml",
                                        "META-INF/signatures7.xml", "META-INF/signatures8.xml"};
    struct container container CLEANUP(container_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    put_letter(&container);
    for (size_t i = 0; i < COUNT_OF(names); i++)
        container_put(&container, names[i], span_of(blanks, sizeof(blanks)));
    check_container(&container, &verdict);
    assert_int_equal(verdict.count, 0);
    assert_true(says(&verdict, &TEXT_ASIC_MUCH));
}

static void a_bomb_is_a_limit_reached(void **state)
{
    (void)state;
    struct container container CLEANUP(container_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    extended_cades(&container);
    container_member(&container, ANNEX)->claimed_size = 1u << 30;
    check_container(&container, &verdict);
    assert_int_equal(verdict.count, 0);
    assert_true(says(&verdict, &TEXT_ZIP_BOMB));
}

/* No byte of a container can be changed so that it still passes as it was, but for what says nothing: times and attributes in
 * the headers of the ZIP. */
static void no_changed_byte_makes_another_document_pass(void **state)
{
    (void)state;
    struct container container CLEANUP(container_clear) = {0};
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    simple_cades(&container);
    container_write(&container, &bytes);
    size_t from = span_find(buffer_span(&bytes), SPAN_LITERAL("Quy"), 0);
    for (size_t i = 0; i < 25; i++) {
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        bytes.data[from + i] ^= 1;
        check(buffer_span(&bytes), &verdict);
        assert_int_equal(verdict_overall(&verdict), TOTAL_FAILED);
        bytes.data[from + i] ^= 1;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_finding_names_the_files_it_covers),
        cmocka_unit_test(a_xades_signature_is_named_by_file_and_id),
        cmocka_unit_test(a_container_timestamp_is_called_so),
        cmocka_unit_test(a_zip_without_signatures_is_no_signed_document),
        cmocka_unit_test(more_to_read_than_the_limit_is_a_limit_reached),
        cmocka_unit_test(a_bomb_is_a_limit_reached),
        cmocka_unit_test(no_changed_byte_makes_another_document_pass),
    };
    return cmocka_run_group_tests_name("asic_report", tests, asic_world_make, asic_world_end);
}
