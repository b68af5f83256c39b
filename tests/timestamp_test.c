/* Timestamp tokens (RFC 3161, RFC 5816): opened whole, or with one thing wrong. */
#include "tests/check.h"

#include "tests/cms_make.h"
#include "tests/scratch.h"
#include "tests/signed_bytes.h"

#include <stdio.h>

#include "base/sink.h"
#include "signer/cades_text.h"
#include "signer/der.h"
#include "signer/signer_text.h"
#include "signer/timestamp.h"

static struct pki_person root, authority, many_purposes, uncritical, person;

static const char content_text[] = "Quyết định số 127/QĐ-UBND";

static void make_person(const char *name, const char *purpose, struct pki_person *ret_person)
{
    pki_make(
        &(struct pki_wish){
            .name = name, .issuer = &root, .key_usage = "digitalSignature", .purpose = purpose},
        ret_person);
}

static int make_world(void **state)
{
    (void)state;
    pki_make(&(struct pki_wish){.name = "Gốc", .ca = true, .key_usage = "keyCertSign"}, &root);
    make_person("Dấu thời gian", "critical,timeStamping", &authority);
    make_person("Nhiều việc", "critical,timeStamping,emailProtection", &many_purposes);
    make_person("Không nghiêm", "timeStamping", &uncritical);
    make_person("Cá nhân", NULL, &person);
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    struct pki_person *everybody[] = {&root, &authority, &many_purposes, &uncritical, &person};
    for (size_t i = 0; i < COUNT_OF(everybody); i++)
        pki_clear(everybody[i]);
    return 0;
}

/* What is said of a token that is asked about the content; the facts are the caller's. */
static struct finding open_token(struct span token, const char *about, struct timestamp_facts *ret_facts)
{
    struct process *process CLEANUP(process_free) = process_new(&(struct verification){0});
    struct span bytes = span_text(about ? about : "");
    struct signed_content content = {digest_signed_bytes, &bytes};
    struct finding finding = {.kind = FINDING_TIMESTAMP};
    struct error err = {0};
    assert_true(timestamp_open(token, about ? &content : NULL, process, ret_facts, &finding, &err));
    return finding;
}

static void a_token_is_opened_with_all_it_says(void **state)
{
    (void)state;
    static const enum digest_algorithm algorithms[] = {DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512,
                                                       DIGEST_SHA3_256, DIGEST_SHA1};
    for (size_t i = 0; i < COUNT_OF(algorithms); i++) {
        struct buffer token CLEANUP(buffer_clear) = {0};
        struct timestamp_facts facts CLEANUP(timestamp_facts_clear) = {0};
        struct token_wish wish = {.authority = &authority,
                                  .about = span_text(content_text),
                                  .digest = algorithms[i],
                                  .time = "20251121090000.5Z",
                                  .nonce = "\x12\x34"};
        cms_make_token(&wish, &token);
        struct finding finding = open_token(buffer_span(&token), content_text, &facts);
        assert_int_equal(finding.indication, INDETERMINATE);
        assert_int_equal(finding.sub, SUB_NONE);
        assert_string_equal(finding.common_name, "Dấu thời gian");
        assert_int_equal(finding.claimed_time_ms, 1763715600500);
        assert_int_equal(facts.says.time_ms, 1763715600500);
        assert_int_equal(facts.imprint, algorithms[i]);
        assert_true(span_is(facts.says.nonce, "\x12\x34") && span_is(facts.says.serial, "\x2A"));
        assert_true(facts.facts.bound && facts.facts.signer && facts.facts.use_count > 0);
        assert_int_equal(facts.facts.uses[0].digest, DIGEST_SHA256);
        assert_true(algorithms[i] == DIGEST_SHA256 || facts.facts.uses[1].digest == algorithms[i]);
    }
}

static const struct {
    const char *sentence;
    struct token_wish wish;
    const char *about;
    enum indication indication;
    enum sub_indication sub;
} refusals[] = {
    {"one about other content is refused", {.authority = &authority}, "khác", TOTAL_FAILED, SUB_HASH_FAILURE},
    {"one whose imprint is too short is no token",
     {.authority = &authority, .imprint = {(const uint8_t *)"0123456789", sizeof("0123456789") - 1}},
     content_text,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
    {"one of another digest than it names is refused",
     {.authority = &authority,
      .imprint = {(const uint8_t *)"0123456789ABCDEF0123456789ABCDEF",
                  sizeof("0123456789ABCDEF0123456789ABCDEF") - 1}},
     content_text,
     TOTAL_FAILED,
     SUB_HASH_FAILURE},
    {"one with two signers is no token",
     {.authority = &authority, .two_signers = true},
     content_text,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
    {"one that does not name its certificate is no token",
     {.authority = &authority, .unbound = true},
     content_text,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
    {"one by somebody who stamps nothing is doubtful",
     {.authority = &person},
     content_text,
     INDETERMINATE,
     SUB_CHAIN_CONSTRAINTS_FAILURE},
    {"one by an authority with other purposes too is doubtful",
     {.authority = &many_purposes},
     content_text,
     INDETERMINATE,
     SUB_CHAIN_CONSTRAINTS_FAILURE},
    {"one by an authority whose purpose is not critical is doubtful",
     {.authority = &uncritical},
     content_text,
     INDETERMINATE,
     SUB_CHAIN_CONSTRAINTS_FAILURE},
    {"content that is not at hand leaves it open",
     {.authority = &authority},
     NULL,
     INDETERMINATE,
     SUB_SIGNED_DATA_NOT_FOUND},
    {"a time without its zone is no time",
     {.authority = &authority, .time = "20251121090000"},
     content_text,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
    {"the thirty-first of November is no time",
     {.authority = &authority, .time = "20251131090000Z"},
     content_text,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
    {"a fraction of letters is no time",
     {.authority = &authority, .time = "20251121090000.xZ"},
     content_text,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
    {"something behind its end is refused",
     {.authority = &authority, .behind = {(const uint8_t *)"\x04\x01\x00", sizeof("\x04\x01\x00") - 1}},
     content_text,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
    {"an accuracy of a thousand milliseconds is none",
     {.authority = &authority,
      .behind = {(const uint8_t *)"\x30\x04\x80\x02\x03\xE8", sizeof("\x30\x04\x80\x02\x03\xE8") - 1}},
     content_text,
     TOTAL_FAILED,
     SUB_FORMAT_FAILURE},
};

static void a_token_with_one_thing_wrong_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        struct buffer token CLEANUP(buffer_clear) = {0};
        struct timestamp_facts facts CLEANUP(timestamp_facts_clear) = {0};
        struct token_wish wish = refusals[i].wish;
        wish.about = span_text(content_text);
        cms_make_token(&wish, &token);
        struct finding finding = open_token(buffer_span(&token), refusals[i].about, &facts);
        check_row(finding.indication == refusals[i].indication && finding.sub == refusals[i].sub,
                  refusals[i].sentence);
    }
}

/* TSTInfo ::= SEQUENCE { … genTime, accuracy OPTIONAL, ordering DEFAULT FALSE, nonce OPTIONAL, tsa [0] OPTIONAL,
 * extensions [1] OPTIONAL } (RFC 3161, 2.4.2) */
static void what_follows_the_time_is_read_in_its_order(void **state)
{
    (void)state;
    static const struct {
        const char *sentence, *behind;
        size_t size;
        bool good, ordering;
        int64_t accuracy_us;
    } rows[] = {
        {"nothing need follow", "", 0, true, false, 0},
        {"an accuracy of one second", "\x30\x03\x02\x01\x01", 5, true, false, 1000000},
        {"an accuracy of 500 milliseconds", "\x30\x04\x80\x02\x01\xF4", 6, true, false, 500000},
        {"an accuracy of a second and a microsecond", "\x30\x06\x02\x01\x01\x81\x01\x01", 8, true, false,
         1000001},
        {"ordering", "\x01\x01\xFF", 3, true, true, 0},
        {"an authority and extensions", "\xA0\x02\x86\x00\xA1\x00", 6, true, false, 0},
        {"ordering in front of the accuracy is out of order", "\x01\x01\xFF\x30\x00", 5, false, false, 0},
        {"a second nonce is one too many", "\x02\x01\x01\x02\x01\x01", 6, false, false, 0},
        {"an accuracy with a third part has no meaning", "\x30\x03\x82\x01\x01", 5, false, false, 0},
    };
    static const char front[] =
        "\x02\x01\x01\x06\x02\x2A\x03\x30\x11\x30\x07\x06\x05\x2B\x0E\x03\x02\x1A\x04\x06"
        "abcdef\x02\x01\x07\x18\x0F"
        "20251121090000Z";
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer info CLEANUP(buffer_clear) = {0};
        struct timestamp says = {0};
        size_t opened = der_open(&info, DER_SEQUENCE);
        buffer_append(&info, span_of(front, sizeof(front) - 1));
        buffer_append(&info, span_of(rows[i].behind, rows[i].size));
        der_close(&info, opened);
        bool good = timestamp_read(buffer_span(&info), &says);
        check_row(good == rows[i].good && says.ordering == rows[i].ordering
                      && says.accuracy_us == rows[i].accuracy_us,
                  rows[i].sentence);
    }
}

static void no_flipped_bit_in_a_token_goes_unnoticed(void **state)
{
    (void)state;
    struct buffer token CLEANUP(buffer_clear) = {0};
    struct token_wish wish = {.authority = &authority, .about = span_text(content_text)};
    cms_make_token(&wish, &token);
    struct span certificate = buffer_span(&authority.der);
    size_t from = span_find(buffer_span(&token), certificate, 0), announced = 64 + DIGEST_ALGORITHMS * 16;
    for (size_t at = announced; at < token.size; at++) {
        if (at >= from && at < from + certificate.size)
            continue; /* whether it is a good certificate is for path validation to say */
        struct timestamp_facts facts CLEANUP(timestamp_facts_clear) = {0};
        token.data[at] ^= 1;
        struct finding finding = open_token(buffer_span(&token), content_text, &facts);
        token.data[at] ^= 1;
        if (finding.sub == SUB_NONE)
            print_error("byte %zu\n", at);
        assert_int_not_equal(finding.sub, SUB_NONE);
    }
}

static void what_openssl_stamps_is_opened(void **state)
{
    (void)state;
    static const char settings[] =
        "[tsa]\ndefault_tsa = t\n[t]\nserial = serial\ndefault_policy = 1.2.3.4\ndigests = sha256\n"
        "signer_digest = sha256\ness_cert_id_alg = sha256\naccuracy = secs:1, millisecs:500, microsecs:100\n"
        "ordering = yes\ntsa_name = yes\n";
    char directory[SCRATCH_NAME], path[SCRATCH_PATH], command[640];
    struct error err = {0};
    struct buffer token CLEANUP(buffer_clear) = {0};
    struct timestamp_facts facts CLEANUP(timestamp_facts_clear) = {0};
    scratch_make("timestamp", directory);
    scratch_save_person(directory, "tsa", &authority);
    scratch_save(directory, "tsa.cnf", span_text(settings));
    scratch_save(directory, "content", span_text(content_text));
    snprintf(command, sizeof(command),
             "cd %s && openssl ts -query -data content -sha256 -cert -out q 2>/dev/null && openssl ts -reply "
             "-config tsa.cnf -queryfile q -inkey tsa.key -signer tsa.pem -token_out -out token 2>/dev/null",
             directory);
    assert_int_equal(system(command), 0);
    scratch_path(directory, "token", path);
    assert_true(file_read(path, 1 << 20, &token, &err));
    scratch_remove(directory);

    struct finding finding = open_token(buffer_span(&token), content_text, &facts);
    assert_int_equal(finding.sub, SUB_NONE);
    assert_int_equal(facts.says.accuracy_us, 1500100);
    assert_true(facts.says.ordering && facts.says.nonce.size > 0 && facts.says.authority.size > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_token_is_opened_with_all_it_says),
        cmocka_unit_test(a_token_with_one_thing_wrong_is_refused),
        cmocka_unit_test(what_follows_the_time_is_read_in_its_order),
        cmocka_unit_test(no_flipped_bit_in_a_token_goes_unnoticed),
        cmocka_unit_test(what_openssl_stamps_is_opened),
    };
    return cmocka_run_group_tests_name("timestamp", tests, make_world, end_world);
}
