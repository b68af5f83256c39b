/* What base/bytes, base/digest and base/text promise. */
#include "tests/check.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/text.h"

static void a_reader_fails_once_and_stays_failed(void **state)
{
    (void)state;
    struct reader r = reader_of(SPAN_LITERAL("\0\3abc\1"));
    assert_int_equal(read_u16(&r), 3);
    assert_true(span_is(read_span(&r, 3), "abc"));
    assert_int_equal(read_u32(&r), 0);
    assert_true(r.failed);
    assert_int_equal(read_u8(&r), 0);
}

/* An offset from a null pointer is undefined even when it is zero. */
static void an_empty_buffer_takes_nothing(void **state)
{
    (void)state;
    struct buffer buffer CLEANUP(buffer_clear) = {0};
    buffer_append(&buffer, (struct span){0});
    assert_int_equal(buffer.size, 0);
    assert_false(buffer.failed);
    assert_non_null(buffer_reserve(&buffer, 0));
}

static const struct {
    const char *sentence, *text, *decoded;
    bool good;
} base64_rows[] = {
    {"plain text is decoded", "YWJj", "abc", true},
    {"padding may be missing", "YWI", "ab", true},
    {"white space is skipped", " Y W\r\nJj\t", "abc", true},
    {"bytes after padding are refused", "YQ==YQ==", NULL, false},
    {"a single left-over letter is refused", "YWJjY", NULL, false},
    {"half a padding is refused", "YQ=", NULL, false},
    {"three paddings are refused", "Y===", NULL, false},
    {"a foreign character is refused", "YW*j", NULL, false},
    {"nothing is nothing", "", "", true},
};

static void base64_is_read_as_xml_carries_it(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(base64_rows); i++) {
        struct buffer out CLEANUP(buffer_clear) = {0};
        bool good = base64_read(span_text(base64_rows[i].text), &out);
        check_row(good == base64_rows[i].good
                      && (!good || span_is(buffer_span(&out), base64_rows[i].decoded)),
                  base64_rows[i].sentence);
    }
}

static void base64_split_anywhere_decodes_the_same(void **state)
{
    (void)state;
    uint8_t bytes[257];
    for (size_t i = 0; i < sizeof(bytes); i++)
        bytes[i] = (uint8_t)(i * 7);
    struct buffer text CLEANUP(buffer_clear) = {0};
    base64_append(&text, span_of(bytes, sizeof(bytes)));
    for (size_t cut = 0; cut <= text.size; cut++) {
        struct base64_decoder decoder = {0};
        uint8_t out[300];
        size_t size = base64_decode(&decoder, span_slice(buffer_span(&text), 0, cut), out), last;
        size += base64_decode(&decoder, span_slice(buffer_span(&text), cut, SIZE_MAX), out + size);
        assert_true(base64_decode_end(&decoder, out + size, &last));
        assert_int_equal(size + last, sizeof(bytes));
        assert_memory_equal(out, bytes, sizeof(bytes));
    }
}

static void the_axis_hmac_vector_is_met(void **state)
{
    (void)state;
    struct span text = SPAN_LITERAL(
        "{\"XroadVnpt-systemid\":\"00.99.W00\",\"XroadVnpt-AgencyCode\":\"H99.77\","
        "\"XroadVnpt-timestamp\":\"21112026T201514+0244\",\"XroadVnpt-Content-Type\":\"application/json\"}");
    struct digest_value value = hmac_sha256(SPAN_LITERAL("khoa-bi-mat-vi-du"), text);
    char hex[SHA256_HEX_SIZE];
    hex_text(digest_span(&value), hex);
    assert_string_equal(hex, "f69c00cdad4df6262d6528ed602f47e8ff6fc86e1b04b21f6ce558cb5fdb03da");
}

static void text_from_outside_is_cleaned_and_cut_at_a_character(void **state)
{
    (void)state;
    char clean[8];
    text_clean("a\n\xC3", 3, sizeof(clean), clean);
    assert_string_equal(clean, "a?\xEF\xBF\xBD");
    text_clean("Nguyễn", 8, 6, clean);
    assert_string_equal(clean, "Nguy");
    static const struct text greeting = {"GREETING", "Chào {0}", "Hello {0}"};
    static const char args[TEXT_ARGS][TEXT_ARG_SIZE] = {"Hạnh"};
    char line[32];
    assert_string_equal(text_render(&greeting, LANGUAGE_VI, args, sizeof(line), line), "Chào Hạnh");
    assert_string_equal(text_render(&greeting, LANGUAGE_VI, args, 10, line), "Chào H");
    assert_string_equal(text_render(&greeting, LANGUAGE_VI, args, 4, line), "Ch");
}

static void the_nearest_word_is_suggested_only_when_near(void **state)
{
    (void)state;
    static const char *const words[] = {"--level", "--reason", "--force"};
    assert_string_equal(text_nearest("--levle", words, 3), "--level");
    assert_null(text_nearest("--colour", words, 3));
}

static void times_are_read_strictly_and_shown_in_vietnam(void **state)
{
    (void)state;
    int64_t ms;
    char text[CLOCK_TEXT_SIZE];
    assert_true(clock_read("2025-03-14T03:05:00Z", &ms));
    clock_iso_vietnam(ms, text);
    assert_string_equal(text, "2025-03-14T10:05:00+07:00");
    clock_person(ms, text);
    assert_string_equal(text, "14/03/2025 10:05");
    assert_true(clock_read("2025-03-14", &ms));
    clock_iso_utc(ms, text);
    assert_string_equal(text, "2025-03-13T17:00:00Z");
    assert_false(clock_read("2025-02-30", &ms));
    assert_false(clock_read("28/03/2025", &ms));
    assert_false(clock_read("2025-03-14T10:05:00", &ms));
    assert_false(clock_read("2025-03-14T10:05:00+-7:00", &ms));
    assert_false(clock_read("2025-03-14T10:05:00+07:00x", &ms));
    assert_false(clock_read("2025-03-14T10:05:00+15:00", &ms));
    assert_true(clock_read("2025-03-14T10:05:00+07:00", &ms));
    assert_int_equal(ms, INT64_C(1741921500000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_fails_once_and_stays_failed),
        cmocka_unit_test(an_empty_buffer_takes_nothing),
        cmocka_unit_test(base64_is_read_as_xml_carries_it),
        cmocka_unit_test(base64_split_anywhere_decodes_the_same),
        cmocka_unit_test(the_axis_hmac_vector_is_met),
        cmocka_unit_test(text_from_outside_is_cleaned_and_cut_at_a_character),
        cmocka_unit_test(the_nearest_word_is_suggested_only_when_near),
        cmocka_unit_test(times_are_read_strictly_and_shown_in_vietnam),
    };
    return cmocka_run_group_tests_name("bytes", tests, NULL, NULL);
}
