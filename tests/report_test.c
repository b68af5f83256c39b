/* The faces of a verdict: one word, one JSON object, one screen. */
#include "tests/check.h"

#include <libxml/xmlschemas.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"
#include "base/sink.h"
#include "base/xml.h"
#include "signer/process_text.h"
#include "signer/report.h"
#include "signer/signer_text.h"

/* A verdict with one finding of that kind; NOBODY: none. */
enum { NOBODY = -1 };

static struct verdict verdict_with(int indication, enum sub_indication sub)
{
    struct verdict verdict = {0};
    if (indication == NOBODY)
        return verdict;
    struct finding *finding = verdict_add(&verdict);
    assert_non_null(finding);
    strcpy(finding->format, "PAdES-BASELINE-B");
    strcpy(finding->subject, "CN=Nguyễn Văn Mẫu,O=Sở Nội vụ tỉnh Mẫu");
    strcpy(finding->common_name, "Nguyễn Văn Mẫu");
    strcpy(finding->organization, "Sở Nội vụ tỉnh Mẫu");
    strcpy(finding->serial, "1001");
    finding->claimed_time_ms = 1741921500000;
    finding->covers_whole_file = true;
    if (indication == TOTAL_PASSED)
        finding_pass(finding);
    else
        finding_worsen(finding, (enum indication)indication, sub, &TEXT_CHAIN_NOT_FOUND, NULL);
    return verdict;
}

static void one_word_for_a_citizen(void **state)
{
    (void)state;
    static const struct {
        const char *sentence;
        int indication;
        enum sub_indication sub;
        enum changed changed;
        const struct text *said;
        const char *word;
    } rows[] = {
        {"all passed is genuine", TOTAL_PASSED, SUB_NONE, CHANGED_NO, NULL, "genuine"},
        {"passed, but changed after signing, is changed", TOTAL_PASSED, SUB_NONE, CHANGED_YES, NULL,
         "changed"},
        {"other content is changed", TOTAL_FAILED, SUB_HASH_FAILURE, CHANGED_UNKNOWN, NULL, "changed"},
        {"a forged value is changed", TOTAL_FAILED, SUB_SIG_CRYPTO_FAILURE, CHANGED_UNKNOWN, NULL, "changed"},
        {"an unknown issuer is unknown", INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND, CHANGED_NO, NULL,
         "unknown"},
        {"a certificate of tomorrow is unknown", TOTAL_FAILED, SUB_NOT_YET_VALID, CHANGED_NO, NULL,
         "unknown"},
        {"no signature is unsigned", NOBODY, SUB_NONE, CHANGED_UNKNOWN, &TEXT_NO_SIGNATURE, "unsigned"},
        {"a check that was stopped is unknown", NOBODY, SUB_NONE, CHANGED_UNKNOWN, &TEXT_CHECK_DEADLINE,
         "unknown"},
        {"nothing at all is unknown", NOBODY, SUB_NONE, CHANGED_UNKNOWN, NULL, "unknown"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct verdict verdict CLEANUP(verdict_clear) = verdict_with(rows[i].indication, rows[i].sub);
        verdict.changed_after_signing = rows[i].changed;
        if (rows[i].said)
            verdict_reason(&verdict, rows[i].said, NULL);
        check_row(strcmp(report_conclusion(&verdict), rows[i].word) == 0, rows[i].sentence);
    }
}

/* What was filled in as the signatures allow is vouched for by none of them. */
static void a_document_that_was_continued_is_not_called_genuine(void **state)
{
    (void)state;
    static const struct {
        enum revision_change kind;
        const char *word;
    } rows[] = {{REVISION_SIGNATURE, "genuine"},
                {REVISION_TIMESTAMP, "genuine"},
                {REVISION_METADATA, "genuine"},
                {REVISION_FORM, "unknown"},
                {REVISION_ANNOTATION, "unknown"}};
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct verdict verdict CLEANUP(verdict_clear) = verdict_with(TOTAL_PASSED, SUB_NONE);
        struct revision *first = verdict_add_revision(&verdict);
        assert_non_null(first);
        first->changes = 1u << REVISION_FORM; /* before it was signed */
        struct revision *second = verdict_add_revision(&verdict);
        assert_non_null(second);
        second->changes = 1u << rows[i].kind;
        check_row(strcmp(report_conclusion(&verdict), rows[i].word) == 0, revision_change_name(rows[i].kind));
    }
}

static void the_json_has_the_contracts_fields(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) =
        verdict_with(INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND);
    verdict.changed_after_signing = CHANGED_NO;
    json_t *report CLEANUP(json_clear) = report_json("k\xFFt qu\xE1.pdf", &verdict);
    struct buffer text CLEANUP(buffer_clear) = {0};
    json_write(report, &text);
    assert_string_equal(
        buffer_string(&text),
        "{\"file\":\"k\xEF\xBF\xBDt "
        "qu\xEF\xBF\xBD.pdf\",\"conclusion\":\"unknown\",\"signatures\":[{\"type\":\"signature\","
        "\"format\":\"PAdES-BASELINE-B\",\"field\":null,\"indication\":\"INDETERMINATE\",\"sub_indication\":"
        "\"NO_CERTIFICATE_CHAIN_FOUND\","
        "\"signer\":{\"subject\":\"CN=Nguyễn Văn Mẫu,O=Sở Nội vụ tỉnh Mẫu\",\"common_name\":\"Nguyễn Văn "
        "Mẫu\","
        "\"organization\":\"Sở Nội vụ tỉnh "
        "Mẫu\",\"title\":null,\"serial\":\"1001\",\"issuer\":\"\"},\"role\":null,\"tree\":null,"
        "\"claimed_time\":\"2025-03-14T10:05:00+07:00\",\"best_signature_time\":null,\"covers\":\"whole-"
        "file\",\"reasons\":[{"
        "\"code\":\"CHAIN_NOT_FOUND\",\"vi\":\"Chứng thư của người ký không dẫn tới gốc nào được tin. Nếu "
        "biết nơi cấp, hãy thêm chứng "
        "thư gốc của họ.\",\"en\":\"The signer's certificate does not lead to any trusted root. If you know "
        "its issuer, add the issuer's "
        "root.\"}],\"timestamps\":[],\"checks\":[],\"counter_signatures\":[]}],\"document\":{\"changed_after_"
        "signing\":false,\"reasons\":[],\"revisions\":[],\"profile\":null}}");
}

/* A verdict with everything in it: two signatures, a counter-signature, timestamps, checks, revisions, a profile. */
static struct verdict full_verdict(void)
{
    struct verdict verdict = verdict_with(TOTAL_PASSED, SUB_NONE);
    struct finding *counter = verdict_add(&verdict), *first = &verdict.findings[0];
    counter->kind = FINDING_COUNTER_SIGNATURE;
    strcpy(counter->common_name, "Trần <Thị> Thư");
    finding_worsen(counter, INDETERMINATE, SUB_TRY_LATER, &TEXT_CHAIN_NOT_FOUND, NULL);
    first->best_signature_time_ms = 1741921600000;
    first->role = ROLE_PERSON;
    strcpy(first->tree, "cong-vu");
    struct stamp_finding *stamp = finding_add_stamp(first, STAMP_SIGNATURE);
    stamp->indication = TOTAL_PASSED;
    stamp->time_ms = 1741921600000;
    strcpy(stamp->authority, "Dấu thời gian");
    finding_check(first, 0, CHECK_GOOD, &TEXT_STEP_FORMAT, NULL);
    finding_check(first, 1, CHECK_BAD, &TEXT_STEP_ALGORITHM, "Nguyễn & Mẫu");
    verdict.first_revision = 2;
    struct revision *revision = verdict_add_revision(&verdict);
    revision->end = 4096;
    revision = verdict_add_revision(&verdict);
    revision->end = 5000;
    revision->changes = 1u << REVISION_FORM | 1u << REVISION_METADATA;
    strcpy(verdict.profile_name, "văn bản");
    verdict.profile = CHECK_BAD;
    return verdict;
}

static void a_counter_signature_stands_inside_what_it_confirms(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) = full_verdict();
    json_t *report CLEANUP(json_clear) = report_json("a", &verdict);
    json_t *signatures = json_object_get(report, "signatures");
    assert_int_equal(json_array_size(signatures), 1);
    json_t *inside = json_object_get(json_array_get(signatures, 0), "counter_signatures");
    assert_int_equal(json_array_size(inside), 1);
    assert_string_equal(json_string_value(json_object_get(json_array_get(inside, 0), "type")),
                        "counter-signature");
    json_t *revisions = json_object_get(json_object_get(report, "document"), "revisions");
    assert_int_equal(json_integer_value(json_object_get(json_array_get(revisions, 1), "number")), 3);
    assert_string_equal(
        json_string_value(json_array_get(json_object_get(json_array_get(revisions, 1), "changes"), 1)),
        "metadata");
}

static void the_details_are_said_line_by_line(void **state)
{
    (void)state;
    static const char *const lines[] = {"✗ Thuật toán Nguyễn & Mẫu",
                                        "Dấu thời gian 14/03/2025 10:06, Dấu thời gian: TOTAL-PASSED",
                                        "xác nhận chữ ký số 1",
                                        "Phiên bản 3 (5000 byte): điền biểu mẫu, sửa thông tin mô tả",
                                        "CHƯA ĐÚNG yêu cầu về chữ ký của văn bản.",
                                        "hệ thống tin cậy: cong-vu",
                                        "được chứng minh là có từ 14/03/2025 10:06"};
    struct verdict verdict CLEANUP(verdict_clear) = full_verdict();
    struct buffer text CLEANUP(buffer_clear) = {0}, screen CLEANUP(buffer_clear) = {0};
    report_detailed("a", &verdict, LANGUAGE_VI, &text);
    report_simple("a", &verdict, LANGUAGE_VI, &screen);
    for (size_t i = 0; i < COUNT_OF(lines); i++)
        check_row(strstr(buffer_string(&text), lines[i]), lines[i]);
    assert_null(strstr(buffer_string(&screen), lines[0]));
    assert_non_null(strstr(buffer_string(&screen), lines[4]));
}

static void an_agency_is_named_once(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) = verdict_with(TOTAL_PASSED, SUB_NONE);
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct finding *finding = &verdict.findings[0];
    snprintf(finding->common_name, sizeof(finding->common_name), "%s", finding->organization);
    report_simple("a", &verdict, LANGUAGE_VI, &text);
    assert_non_null(strstr(buffer_string(&text), "  1. Sở Nội vụ tỉnh Mẫu\n"));
}

static bool is_valid(struct buffer *xml)
{
    xmlSchemaParserCtxt *parser = xmlSchemaNewParserCtxt(SOURCE_DIR "/schemas/validation-report.xsd");
    xmlSchema *schema = xmlSchemaParse(parser);
    assert_non_null(schema);
    xmlSchemaValidCtxt *validator = xmlSchemaNewValidCtxt(schema);
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct error err = {0};
    assert_true(xml_read(buffer_span(xml), &doc, &err));
    int result = xmlSchemaValidateDoc(validator, doc);
    xmlSchemaFreeValidCtxt(validator);
    xmlSchemaFree(schema);
    xmlSchemaFreeParserCtxt(parser);
    return result == 0;
}

static void the_etsi_report_is_valid_against_its_schema(void **state)
{
    (void)state;
    struct verdict full CLEANUP(verdict_clear) = full_verdict(),
                        none CLEANUP(verdict_clear) = verdict_with(NOBODY, SUB_NONE);
    const struct report_about about = {.file = "a.pdf",
                                       .digest = digest_of(DIGEST_SHA256, SPAN_LITERAL("a")),
                                       .at_ms = 1741921500000,
                                       .policy = "mặc định & hơn"};
    const struct verdict *verdicts[] = {&full, &none};
    for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
        struct buffer xml CLEANUP(buffer_clear) = {0};
        report_etsi(&about, verdicts[i], &xml);
        assert_true(is_valid(&xml));
    }
    struct buffer broken CLEANUP(buffer_clear) = {0};
    buffer_text(&broken, "<ValidationReport xmlns=\"http://uri.etsi.org/19102/v1.2.1#\"/>");
    assert_false(is_valid(&broken));
}

static void what_is_covered_is_said_in_three_ways(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) = verdict_with(TOTAL_PASSED, SUB_NONE);
    struct finding *finding = &verdict.findings[0];
    for (int kind = 0; kind < 3; kind++) {
        static const char *const expected[] = {"\"whole-file\"", "\"revision 1 of 2\"", "[\"/KetQua\"]"};
        finding->covers_whole_file = kind == 0;
        finding->revision = 1;
        finding->revisions = kind == 1 ? 2 : 0;
        strcpy(finding->covered[0], "/KetQua");
        finding->covered_count = 1;
        json_t *report CLEANUP(json_clear) = report_json("a", &verdict);
        struct buffer text CLEANUP(buffer_clear) = {0};
        json_write(json_object_get(json_array_get(json_object_get(report, "signatures"), 0), "covers"),
                   &text);
        assert_string_equal(buffer_string(&text), expected[kind]);
    }
}

static void a_file_that_could_not_be_looked_at_has_an_error(void **state)
{
    (void)state;
    struct error err = {0};
    fail(&err, ERR_UNSUPPORTED, &TEXT_KIND_UNKNOWN);
    json_t *report CLEANUP(json_clear) = report_error_json("a.txt", &err);
    assert_string_equal(json_string_value(json_object_get(json_object_get(report, "error"), "code")),
                        "UNSUPPORTED");
    assert_null(json_object_get(report, "signatures"));
}

static void one_screen_for_a_person(void **state)
{
    (void)state;
    struct verdict verdict CLEANUP(verdict_clear) =
        verdict_with(INDETERMINATE, SUB_NO_CERTIFICATE_CHAIN_FOUND);
    struct buffer text CLEANUP(buffer_clear) = {0};
    report_simple("ket-qua.pdf", &verdict, LANGUAGE_VI, &text);
    assert_string_equal(buffer_string(&text),
                        "ket-qua.pdf: CHƯA KẾT LUẬN ĐƯỢC. Lý do ở dưới.\n"
                        "  1. Nguyễn Văn Mẫu, Sở Nội vụ tỉnh Mẫu\n"
                        "     PAdES-BASELINE-B · INDETERMINATE / NO_CERTIFICATE_CHAIN_FOUND · ghi là ký lúc "
                        "14/03/2025 10:05 · toàn bộ tệp\n"
                        "     - Chứng thư của người ký không dẫn tới gốc nào được tin. Nếu biết nơi cấp, hãy "
                        "thêm chứng thư gốc của họ.\n");
}

static void the_pdf_says_it_in_both_languages(void **state)
{
    (void)state;
    static const char *const lines[] = {"KẾT QUẢ KIỂM TRA CHỮ KÝ SỐ", "CHƯA KẾT LUẬN ĐƯỢC", "CANNOT SAY",
                                        "Nguyễn Văn Mẫu", "a rất dài.pdf"};
    struct verdict verdict CLEANUP(verdict_clear) = full_verdict();
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    char path[] = "/tmp/report_test.XXXXXX", command[128];
    const struct report_about about = {.file = "a rất dài.pdf",
                                       .digest = digest_of(DIGEST_SHA256, SPAN_LITERAL("a")),
                                       .at_ms = 1741921500000,
                                       .policy = "mặc định"};
    for (size_t i = 0; i < 40; i++) /* more than one page */
        finding_worsen(&verdict.findings[1], INDETERMINATE, SUB_TRY_LATER, &TEXT_CHAIN_NOT_FOUND, NULL);
    assert_true(report_pdf(&about, &verdict, &pdf, &err));
    int fd = mkstemp(path);
    assert_true(fd >= 0 && fd_write_all(fd, buffer_span(&pdf), &err));
    close(fd);
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        snprintf(command, sizeof(command), "pdftotext %s - | grep -q '%s'", path, lines[i]);
        check_row(system(command) == 0, lines[i]);
    }
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_word_for_a_citizen),
        cmocka_unit_test(a_document_that_was_continued_is_not_called_genuine),
        cmocka_unit_test(the_json_has_the_contracts_fields),
        cmocka_unit_test(what_is_covered_is_said_in_three_ways),
        cmocka_unit_test(a_file_that_could_not_be_looked_at_has_an_error),
        cmocka_unit_test(one_screen_for_a_person),
        cmocka_unit_test(a_counter_signature_stands_inside_what_it_confirms),
        cmocka_unit_test(the_details_are_said_line_by_line),
        cmocka_unit_test(an_agency_is_named_once),
        cmocka_unit_test(the_pdf_says_it_in_both_languages),
        cmocka_unit_test(the_etsi_report_is_valid_against_its_schema),
    };
    return cmocka_run_group_tests_name("report", tests, NULL, NULL);
}
