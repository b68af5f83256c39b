/* The words of the axis protocol: signatures, digests, ids, times, bodies and envelopes, as the published
 * SDK writes them. */
#include "tests/check.h"

#include <stdio.h>

#include "base/clock.h"
#include "base/sink.h"
#include "exchange/exchange_text.h"
#include "exchange/package_text.h"
#include "service/axis_answer.h"
#include "service/axis_text.h"
#include "service/axis_wire.h"
#include "service/axis_words.h"
#include "service/body_blob.h"

/* --- the signed text --- */

#define SECRET "khoa-bi-mat-vi-du"
#define LIST_CALL                                                                                            \
    "{\"XroadVnpt-systemid\":\"00.99.W00\",\"XroadVnpt-servicetype\":\"eDoc\",\"XroadVnpt-messagetype\":"    \
    "\"edoc\","                                                                                              \
    "\"XroadVnpt-timestamp\":\"14032025T101500+0042\",\"XroadVnpt-Content-Type\":\"application/json\"}"
#define LIST_HASH "db3742f9a84d651e2a032a6a38e17b99c51e4a9688211770e756ee0ccb4476ed"
#define DELETE_CALL                                                                                          \
    "{\"XroadVnpt-systemid\":\"00.99.W00\",\"XroadVnpt-AgencyCode\":\"H99.77\",\"XroadVnpt-timestamp\":"     \
    "\"21112026T201514+0244\",\"XroadVnpt-Content-Type\":\"application/json\"}"
#define DELETE_HASH "f69c00cdad4df6262d6528ed602f47e8ff6fc86e1b04b21f6ce558cb5fdb03da"

static const struct {
    const char *sentence, *secret, *text, *hash;
    bool fits;
} hash_rows[] = {
    {"a list call's captured signature fits", SECRET, LIST_CALL, LIST_HASH, true},
    {"deleteAgency's captured signature fits", SECRET, DELETE_CALL, DELETE_HASH, true},
    {"capital letters are the same digits", SECRET, DELETE_CALL,
     "F69C00CDAD4DF6262D6528ED602F47E8FF6FC86E1B04B21F6CE558CB5FDB03DA", true},
    {"another call's signature does not fit", SECRET, LIST_CALL, DELETE_HASH, false},
    {"another secret's does not fit", "khoa-khac", LIST_CALL, LIST_HASH, false},
    {"a space more in the text breaks it: the text is hashed as it came", SECRET, LIST_CALL " ", LIST_HASH,
     false},
    {"an empty signature does not fit", SECRET, LIST_CALL, "", false},
    {"one that is cut does not fit", SECRET, LIST_CALL, "db3742f9a84d651e2a032a6a38e17b99", false},
    {"one that goes on does not fit", SECRET, LIST_CALL, LIST_HASH "00", false},
    {"zeros do not fit", SECRET, LIST_CALL,
     "0000000000000000000000000000000000000000000000000000000000000000", false},
};

static void a_signature_fits_the_text_as_it_came(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(hash_rows); i++)
        check_row(
            axis_hash_fits(span_text(hash_rows[i].secret), span_text(hash_rows[i].text), hash_rows[i].hash)
                == hash_rows[i].fits,
            hash_rows[i].sentence);
}

static const struct {
    const char *sentence, *text, *key, *value; /* value NULL: no such word; key NULL: refused */
} word_rows[] = {
    {"a parameter is read by its key", LIST_CALL, "messagetype", "edoc"},
    {"keys are case-sensitive: docid is not docId", "{\"XroadVnpt-docId\":\"1\",\"XroadVnpt-docid\":\"2\"}",
     "docid", "2"},
    {"and docId is not docid", "{\"XroadVnpt-docid\":\"2\",\"XroadVnpt-docId\":\"1\"}", "docId", "1"},
    {"a key without the prefix is no parameter", "{\"docId\":\"1\"}", "docId", NULL},
    {"escapes are read", "{\"XroadVnpt-a\":\"e\\u0044oc\\/\"}", "a", "eDoc/"},
    {"raw UTF-8 is read", "{\"XroadVnpt-a\":\"Gửi kèm\"}", "a", "Gửi kèm"},
    {"a number is no text", "{\"XroadVnpt-a\":1}", "a", NULL},
    {"null is no text", "{\"XroadVnpt-a\":null}", "a", NULL},
    {"the same key twice is refused", "{\"XroadVnpt-a\":\"1\",\"XroadVnpt-a\":\"2\"}", NULL, NULL},
    {"what is no JSON is refused", "systemid=1", NULL, NULL},
    {"a list is refused", "[\"XroadVnpt-a\"]", NULL, NULL},
    {"nothing is refused", "", NULL, NULL},
    {"characters cut to their low byte are refused", "{\"XroadVnpt-a\":\"\x10\xe3 nh\xadn\"}", NULL, NULL},
    {"text behind the object is refused", "{} {}", NULL, NULL},
};

static void parameters_are_read_from_the_signed_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(word_rows); i++) {
        json_t *parameters CLEANUP(json_clear) = NULL;
        struct error err = {0};
        bool read = axis_signed_read(span_text(word_rows[i].text), &parameters, &err);
        if (!word_rows[i].key) {
            check_row(!read && strcmp(axis_error_code(&err), "15") == 0, word_rows[i].sentence);
            continue;
        }
        const char *value = read ? axis_word(parameters, word_rows[i].key) : "refused";
        check_row(value && word_rows[i].value ? strcmp(value, word_rows[i].value) == 0
                                              : value == word_rows[i].value,
                  word_rows[i].sentence);
    }
}

static const struct {
    const char *sentence, *text, *id; /* NULL: refused */
} id_rows[] = {
    {"docid alone is meant", "{\"XroadVnpt-docid\":\"7\"}", "7"},
    {"docId alone is meant", "{\"XroadVnpt-docId\":\"7\"}", "7"},
    {"both with one value are that value", "{\"XroadVnpt-docid\":\"7\",\"XroadVnpt-docId\":\"7\"}", "7"},
    {"both with two values are refused", "{\"XroadVnpt-docid\":\"7\",\"XroadVnpt-docId\":\"8\"}", NULL},
    {"neither is refused", "{\"XroadVnpt-status\":\"done\"}", NULL},
};

static void an_acknowledgement_names_one_document(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(id_rows); i++) {
        json_t *parameters CLEANUP(json_clear) = NULL;
        struct error err = {0};
        const char *id = NULL;
        assert_true(axis_signed_read(span_text(id_rows[i].text), &parameters, &err));
        bool read = axis_reported_id(parameters, &id, &err);
        check_row(id_rows[i].id ? read && strcmp(id, id_rows[i].id) == 0 : !read, id_rows[i].sentence);
    }
}

/* --- digests --- */

static const struct {
    const char *sentence, *hash_file;
    bool fits;
} digest_rows[] = {
    {"the digest written rightly fits", "a1b6ab4313534f53255814290f79d74e559a5aa49c35ef7e5f4e06413f73de52",
     true},
    {"the SDK's form without padding fits", "a1b6ab4313534f5325581429f79d74e559a5aa49c35ef7e5f4e6413f73de52",
     true},
    {"in capitals too", "A1B6AB4313534F5325581429F79D74E559A5AA49C35EF7E5F4E6413F73DE52", true},
    {"half padded does not fit", "a1b6ab4313534f53255814290f79d74e559a5aa49c35ef7e5f4e6413f73de52", false},
    {"another digest does not fit", "a1b6ab4313534f53255814290f79d74e559a5aa49c35ef7e5f4e06413f73de53",
     false},
    {"the beginning alone does not fit", "a1b6ab43", false},
    {"nothing does not fit", "", false},
};

static void hash_file_fits_in_both_of_its_forms(void **state)
{
    (void)state;
    struct digest_value digest = digest_of(DIGEST_SHA256, SPAN_LITERAL("edxml-2"));
    for (size_t i = 0; i < COUNT_OF(digest_rows); i++)
        check_row(axis_digest_fits(&digest, digest_rows[i].hash_file) == digest_rows[i].fits,
                  digest_rows[i].sentence);
}

/* SHA-256 of what the rows below call the package. */
#define WIRE "<edXML/>"
#define WIRE_CRLF "<edXML/>\r\n"
#define WIRE_BASE64 "PGVkWE1MLz4="

static const struct {
    const char *sentence, *body, *hashed, *wire; /* wire NULL: refused */
} wire_rows[] = {
    {"the SDK's CRLF behind the package is no part of it", WIRE "\r\n", WIRE, WIRE},
    {"a package without CRLF is taken", WIRE, WIRE, WIRE},
    {"a package that ends in CRLF, with the SDK's behind it, keeps its own", WIRE_CRLF "\r\n", WIRE_CRLF,
     WIRE_CRLF},
    {"a package that ends in CRLF, without another, keeps it", WIRE_CRLF, WIRE_CRLF, WIRE_CRLF},
    {"base64 with the digest of the package is decoded", WIRE_BASE64, WIRE, WIRE},
    {"base64 with the digest of the text is decoded", WIRE_BASE64, WIRE_BASE64, WIRE},
    {"base64 and CRLF with the digest of the text is decoded", WIRE_BASE64 "\r\n", WIRE_BASE64, WIRE},
    {"base64 in lines is decoded", "PGVk\r\nWE1M\r\nLz4=\r\n", WIRE, WIRE},
    {"what only looks like base64 is taken as it is", "1<edXML/>", "1<edXML/>", "1<edXML/>"},
    {"a digest of something else is refused", WIRE "\r\n", "<edxml/>", NULL},
    {"a package that changed on its way is refused", "<edXMl/>\r\n", WIRE, NULL},
    {"an empty body is refused", "", "", NULL},
    {"a CRLF alone is empty", "\r\n", "", NULL},
};

static bool body_of(const char *text, bool spooled, struct http_body *ret_body)
{
    struct error err = {0};
    *ret_body = (struct http_body){.fd = -1, .size = strlen(text)};
    if (spooled)
        return spool_file(NULL, 0, &ret_body->fd, &err) && fd_write_all(ret_body->fd, span_text(text), &err);
    buffer_text(&ret_body->memory, text);
    return true;
}

static void the_package_is_what_its_digest_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * COUNT_OF(wire_rows); i++) {
        __typeof__(wire_rows[0]) *row = &wire_rows[i / 2];
        struct http_body body;
        struct axis_wire wire CLEANUP(axis_wire_close) = {.source.fd = -1, .fd = -1};
        struct digest_value digest = digest_of(DIGEST_SHA256, span_text(row->hashed));
        char hash_file[SHA256_HEX_SIZE];
        struct error err = {0};
        hex_text(digest_span(&digest), hash_file);
        if (!*row->body && i % 2 == 1) /* an empty file cannot be mapped, and never comes */
            continue;
        assert_true(body_of(row->body, i % 2 == 1, &body));
        bool opened = axis_wire_open(&body, NULL, hash_file, &wire, &err);
        check_row(row->wire ? opened && span_is(wire.bytes, row->wire) : !opened, row->sentence);
        check_row(row->wire
                      || strcmp(axis_error_code(&err), err.text == &TEXT_PACKAGE_EMPTY ? "22" : "10") == 0,
                  row->sentence);
        buffer_clear(&body.memory);
        fd_close(&body.fd);
    }
}

static void a_large_body_becomes_a_blob_without_its_line_end(void **state)
{
    (void)state;
    enum { SIZE = BLOB_SMALL + 1000 };
    struct http_body body = {.fd = -1};
    struct axis_wire wire CLEANUP(axis_wire_close) = {.source.fd = -1, .fd = -1};
    struct blob blob CLEANUP(blob_clear) = {.fd = -1};
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    for (size_t i = 0; i < SIZE; i++)
        buffer_u8(&text, '<');
    struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(&text));
    char hash_file[SHA256_HEX_SIZE];
    hex_text(digest_span(&digest), hash_file);
    buffer_text(&text, "\r\n");
    assert_true(spool_file(NULL, UINT64_MAX, &body.fd, &err)
                && fd_write_all(body.fd, buffer_span(&text), &err));
    assert_true(axis_wire_open(&body, NULL, hash_file, &wire, &err));
    assert_true(body_blob(wire.bytes, wire.fd, &wire.sha256, &blob, &err));
    assert_int_equal(blob.size, SIZE);
    assert_int_equal(lseek(blob.fd, 0, SEEK_END), SIZE);
    assert_string_equal(blob.sha256, hash_file);
    fd_close(&body.fd);
}

/* --- times --- */

static const struct {
    const char *sentence, *text, *from; /* from NULL: refused */
    int64_t seconds;
} time_rows[] = {
    {"a date in Lạng Sơn's form is its whole day", "2025/03/14", "2025-03-14T00:00:00+07:00", 86400},
    {"so is one written the other way round", "14/03/2025", "2025-03-14T00:00:00+07:00", 86400},
    {"and one with dashes", "2025-03-14", "2025-03-14T00:00:00+07:00", 86400},
    {"a time in the C# form is its second", "14/03/2025 10:05:09", "2025-03-14T10:05:09+07:00", 1},
    {"year first, with a time", "2025/03/14 23:59:59", "2025-03-14T23:59:59+07:00", 1},
    {"30 February is no day", "2025/02/30", NULL, 0},
    {"month and day may not be mixed up", "03/14/2025", NULL, 0},
    {"25 o'clock is no time", "14/03/2025 25:00:00", NULL, 0},
    {"half a date is refused", "2025/03", NULL, 0},
    {"text behind it is refused", "2025/03/14 10:05:09 ", NULL, 0},
    {"one digit for a month is refused", "2025/3/14", NULL, 0},
    {"words are refused", "today", NULL, 0},
};

static void both_forms_of_a_date_are_understood(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(time_rows); i++) {
        int64_t from = 0, until = 0, wanted = 0;
        bool read = axis_time_read(time_rows[i].text, &from, &until);
        if (time_rows[i].from)
            assert_true(clock_read(time_rows[i].from, &wanted));
        check_row(time_rows[i].from ? read && from == wanted && until - from == time_rows[i].seconds * 1000
                                    : !read,
                  time_rows[i].sentence);
    }
}

static void a_timestamp_ends_in_milliseconds_not_in_a_zone(void **state)
{
    (void)state;
    int64_t read, wanted;
    assert_true(clock_read("2025-03-14T10:15:00+07:00", &wanted));
    assert_true(axis_timestamp_read("14032025T101500+0042", &read));
    assert_int_equal(read, wanted + 42);
    assert_false(axis_timestamp_read("14032025T101500", &read));
    assert_false(axis_timestamp_read("2025-03-14T10:15:00Z", &read));
    assert_false(axis_timestamp_read("32032025T101500+0042", &read));
}

/* --- addresses --- */

static const struct {
    const char *sentence, *listed, *address;
    bool allowed;
} address_rows[] = {
    {"an address of the list may call", "10.1.2.3", "10.1.2.3", true},
    {"another may not", "10.1.2.3", "10.1.2.4", false},
    {"an address of a network may call", "10.1.0.0/16", "10.1.200.4", true},
    {"one outside may not", "10.1.0.0/16", "10.2.0.1", false},
    {"an IPv4 address seen by an IPv6 socket is the same", "10.1.0.0/16", "::ffff:10.1.200.4", true},
    {"IPv6 has networks too", "2001:db8::/32", "2001:db8:1::7", true},
    {"and strangers", "2001:db8::/32", "2001:db9::7", false},
    {"/0 is everybody", "0.0.0.0/0", "192.0.2.1", true},
    {"what is no address allows nobody", "localhost", "127.0.0.1", false},
};

static void systems_call_from_where_they_may(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(address_rows); i++) {
        const char *const list[] = {"192.168.7.7", address_rows[i].listed, NULL};
        check_row(axis_address_listed(list, address_rows[i].address) == address_rows[i].allowed,
                  address_rows[i].sentence);
    }
    assert_true(axis_address_listed(NULL, "192.0.2.1"));
}

/* --- envelopes --- */

static const struct {
    const char *sentence;
    enum error_code code;
    const struct text *text;
    const char *axis;
} code_rows[] = {
    {"a wrong secret is 15", ERR_UNAUTHENTICATED, &TEXT_AXIS_STRANGER, "15"},
    {"a wrong digest is 10", ERR_MALFORMED, &TEXT_AXIS_HASH_FILE, "10"},
    {"an unknown receiver is 18", ERR_NOT_FOUND, &TEXT_RECEIVER_UNKNOWN, "18"},
    {"a foreign sender is 19", ERR_FORBIDDEN, &TEXT_SENDER_NOT_REGISTERED, "19"},
    {"another sender inside is 19", ERR_FORBIDDEN, &TEXT_AXIS_FROM, "19"},
    {"a package that is none is 22", ERR_MALFORMED, &TEXT_PACKAGE_ROOT, "22"},
    {"a state secret is 22", ERR_REFUSED, &TEXT_PACKAGE_SECRET, "22"},
    {"a status for a document is 22", ERR_REFUSED, &TEXT_AXIS_KIND, "22"},
    {"a full disk is 21, for a later try", ERR_DISK, &TEXT_BLOB_UNWRITABLE, "21"},
    {"being busy is 20, for a later try", ERR_BUSY, NULL, "20"},
    {"our own fault is 20", ERR_INTERNAL, &TEXT_STORE_FAULT, "20"},
    {"a missing copy is 10", ERR_NOT_FOUND, &TEXT_DELIVERY_UNKNOWN, "10"},
};

static void every_refusal_has_the_axis_s_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(code_rows); i++) {
        struct error err = {.code = code_rows[i].code, .text = code_rows[i].text};
        check_row(strcmp(axis_error_code(&err), code_rows[i].axis) == 0, code_rows[i].sentence);
    }
}

static void refusals_are_one_line_in_the_axis_s_own_words(void **state)
{
    (void)state;
    struct http_reply reply = {.fd = -1};
    struct error err = {0};
    fail(&err, ERR_FORBIDDEN, &TEXT_SENDER_NOT_REGISTERED, "H98.12", "H99.05, H99.77");
    buffer_text(&reply.body, "{\"half an ans");
    axis_refusal(&err, &reply);
    assert_int_equal(reply.status, 200);
    assert_string_equal(buffer_string(&reply.body),
                        "{\"status\":\"FAIL\",\"ErrorCode\":\"19\",\"ErrorDesc\":"
                        "\"Don vi gui H98.12 khong dung voi ma da dang ky: H99.05, H99.77\"}");
    buffer_clear(&reply.body);
}

static void answers_are_one_line_with_what_the_sdk_looks_for(void **state)
{
    (void)state;
    struct http_reply reply = {.fd = -1};
    axis_answer(json_pack("{s:s}", "DocId", "018f"), &reply);
    assert_string_equal(
        buffer_string(&reply.body),
        "{\"status\":\"OK\",\"ErrorCode\":\"0\",\"ErrorDesc\":\"Thanh cong\",\"DocId\":\"018f\"}");
    buffer_clear(&reply.body);

    axis_list_begin(&reply.body);
    axis_list_reply(&reply);
    assert_string_equal(buffer_string(&reply.body), AXIS_ANSWER_OPEN ",\"data\":[]}");
    buffer_clear(&reply.body);

    axis_list_begin(&reply.body);
    axis_list_add(&reply.body, json_pack("{s:s}", "code", "H99\r\n\""));
    axis_list_add(&reply.body, json_pack("{s:i}", "n", 2));
    axis_list_reply(&reply);
    assert_string_equal(buffer_string(&reply.body),
                        AXIS_ANSWER_OPEN ",\"data\":[{\"code\":\"H99\\r\\n\\\"\"},{\"n\":2}]}");
    buffer_clear(&reply.body);
}

static const struct {
    const char *sentence, *text, *plain;
} plain_rows[] = {
    {"every letter of Vietnamese has its plain one", "ĐẶNG Ửu đỡ lấy Ỷ, ơn nghĩa ă ĩ ũ Ý",
     "DANG Uu do lay Y, on nghia a i u Y"},
    {"decomposed letters too", "Tie\xcc\x82\xcc\x81ng Vie\xcc\xa3\xcc\x82t", "Tieng Viet"},
    {"what has no plain form is a question mark", "hạn – 5 €", "han ? 5 ?"},
    {"quotation marks stay", "“MẬT”", "\"MAT\""},
    {"broken UTF-8 does no harm", "a\xe1\xba", "a?"},
};

static void words_lose_their_marks(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(plain_rows); i++) {
        struct buffer plain CLEANUP(buffer_clear) = {0};
        axis_unaccented(plain_rows[i].text, &plain);
        check_row(strcmp(buffer_string(&plain), plain_rows[i].plain) == 0, plain_rows[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_signature_fits_the_text_as_it_came),
        cmocka_unit_test(parameters_are_read_from_the_signed_text),
        cmocka_unit_test(an_acknowledgement_names_one_document),
        cmocka_unit_test(hash_file_fits_in_both_of_its_forms),
        cmocka_unit_test(the_package_is_what_its_digest_says),
        cmocka_unit_test(a_large_body_becomes_a_blob_without_its_line_end),
        cmocka_unit_test(both_forms_of_a_date_are_understood),
        cmocka_unit_test(a_timestamp_ends_in_milliseconds_not_in_a_zone),
        cmocka_unit_test(systems_call_from_where_they_may),
        cmocka_unit_test(every_refusal_has_the_axis_s_code),
        cmocka_unit_test(refusals_are_one_line_in_the_axis_s_own_words),
        cmocka_unit_test(answers_are_one_line_with_what_the_sdk_looks_for),
        cmocka_unit_test(words_lose_their_marks),
    };
    return cmocka_run_group_tests_name("axis", tests, NULL, NULL);
}
