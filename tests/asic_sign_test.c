/* Any file signed in a container of its own (EN 319 162-1): it passes our verifier, unzip unpacks it, OpenSSL accepts the
 * signature inside, and the media type lies where programs look for it. */
#include "tests/check.h"

#include "tests/sign_world.h"

#include <stdio.h>
#include <sys/mman.h>

#include "signer/signer_text.h"
#include "signer/signing_text.h"
#include "tests/zip_make.h"

#define LETTER SPAN_LITERAL("Số liệu quý 3;1,2,3\r\n")
static const struct signing simple = {.format = FORMAT_ASIC_S}, extended = {.format = FORMAT_ASIC_E};

static struct signing called(struct signing how, const char *name)
{
    how.document_name = name;
    return how;
}

static const struct {
    const char *sentence;
    enum signature_format format;
    const struct pki_person *person;
    enum digest_algorithm digest;
} signed_rows[] = {
    {"a simple container", FORMAT_ASIC_S, &sign_world.leader, DIGEST_SHA256},
    {"with SHA-384", FORMAT_ASIC_S, &sign_world.leader, DIGEST_SHA384},
    {"with a key on a curve", FORMAT_ASIC_S, &sign_world.agency, DIGEST_SHA256},
    {"an extended container", FORMAT_ASIC_E, &sign_world.leader, DIGEST_SHA256},
    {"with SHA-512", FORMAT_ASIC_E, &sign_world.leader, DIGEST_SHA512},
    {"with a key on a curve too", FORMAT_ASIC_E, &sign_world.agency, DIGEST_SHA384},
};

/* A.1: "mimetype" at 30, its content at 38, neither packed nor with an extra field. */
static bool begins_with_its_type(struct span product, const char *type)
{
    return span_starts(product, "PK\3\4") && product.data[8] == 0 && product.data[28] == 0
           && span_starts(span_slice(product, 30, SIZE_MAX), "mimetype")
           && span_starts(span_slice(product, 38, SIZE_MAX), type);
}

static bool others_accept(struct span product, bool is_simple)
{
    sign_save("product.zip", product);
    sign_save("document", LETTER);
    return sign_runs(
               "rm -rf in && mkdir in && cd in && unzip -q ../product.zip && cmp 'số liệu.csv' ../document")
           && sign_runs(is_simple
                            ? "cd in && openssl cms -verify -binary -inform DER -in META-INF/signature.p7s "
                              "-content 'số liệu.csv' -CAfile ../root.pem -purpose any"
                            : "cd in && openssl cms -verify -binary -inform DER -in "
                              "META-INF/signature001.p7s -content META-INF/ASiCManifest.xml "
                              "-CAfile ../root.pem -purpose any");
}

static void what_we_sign_we_and_others_accept(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(signed_rows); i++) {
        const char *sentence = signed_rows[i].sentence;
        struct buffer product CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        bool is_simple = signed_rows[i].format == FORMAT_ASIC_S;
        sign_must((struct signing){.format = signed_rows[i].format,
                                   .digest = signed_rows[i].digest,
                                   .document_name = "số liệu.csv"},
                  signed_rows[i].person, LETTER, &product, sentence);
        sign_judge(buffer_span(&product), (struct span){0}, &verdict);
        check_row(verdict.count == 1 && verdict_overall(&verdict) == TOTAL_PASSED, sentence);
        check_row(verdict.reason_count == 0 && verdict.changed_after_signing == CHANGED_NO, sentence);
        const struct finding *finding = &verdict.findings[0];
        check_row(strcmp(finding->format, "CAdES-BASELINE-B") == 0 && finding->covers_whole_file, sentence);
        check_row(strcmp(finding->covered[0], "số liệu.csv") == 0, sentence);
        check_row(finding->claimed_time_ms == (int64_t)SIGN_WORLD_TIME * 1000, sentence);
        check_row(begins_with_its_type(buffer_span(&product), is_simple
                                                                  ? "application/vnd.etsi.asic-s+zipPK"
                                                                  : "application/vnd.etsi.asic-e+zipPK"),
                  sentence);
        check_row(others_accept(buffer_span(&product), is_simple), sentence);
    }
}

/* The signature of an RSA key is the same each time, and nothing else of a container comes from chance or the calendar. */
static void the_same_is_made_twice(void **state)
{
    (void)state;
    const struct signing hows[] = {simple, extended};
    for (size_t i = 0; i < COUNT_OF(hows); i++) {
        struct buffer one CLEANUP(buffer_clear) = {0}, two CLEANUP(buffer_clear) = {0};
        sign_must(hows[i], &sign_world.leader, LETTER, &one, "once");
        sign_must(hows[i], &sign_world.leader, LETTER, &two, "twice");
        assert_true(span_equal(buffer_span(&one), buffer_span(&two)));
    }
}

/* ---- names */

static char long_name[1026];

static const struct {
    const char *sentence, *name;
    bool fits;
} name_rows[] = {
    {"a name may have blanks and signs", "công văn số 1 & 2 <nháp> \"x\".pdf", true},
    {"percent signs stay what they are", "100%.txt", true},
    {"also where they look encoded", "a%20b.txt", true},
    {"a plus is a plus", "a+b.txt", true},
    {"a hash ends nothing", "a#b?c.txt", true},
    {"a name may begin with a dot", ".ghi chú", true},
    {"a long one fits up to a limit", long_name + 1, true},
    {"not beyond it", long_name, false},
    {"without a name it gets one", NULL, true},
    {"the media type's name is taken", "mimetype", false},
    {"in capitals too", "MimeType", false},
    {"the folder's name is taken", "META-INF", false},
    {"in small letters too", "meta-inf", false},
    {"a document lies in the root", "a/b.txt", false},
    {"an absolute path leads out", "/a.txt", false},
    {"so does the folder above", "..", false},
    {"a backslash is a slash to some", "a\\b.txt", false},
    {"a drive is no name", "C:a.txt", false},
    {"nor is nothing", "", false},
    {"nor what has control characters", "a\nb.txt", false},
    {"nor what is not UTF-8", "a\xFF.txt", false},
};

static void a_document_keeps_its_name_or_is_refused(void **state)
{
    (void)state;
    const struct signing hows[] = {simple, extended};
    memset(long_name, 'a', sizeof(long_name) - 1);
    for (size_t i = 0; i < 2 * COUNT_OF(name_rows); i++) {
        const char *sentence = name_rows[i / 2].sentence, *name = name_rows[i / 2].name;
        struct buffer product CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        struct error err = {0};
        bool done = sign_any(called(hows[i % 2], name), &sign_world.leader, LETTER, &product, &err);
        check_row(done == name_rows[i / 2].fits && (done || err.text == &TEXT_SIGNING_NAME), sentence);
        if (!done)
            continue;
        sign_judge(buffer_span(&product), (struct span){0}, &verdict);
        check_row(verdict_overall(&verdict) == TOTAL_PASSED, sentence);
        check_row(strncmp(verdict.findings[0].covered[0], name ? name : "document.bin", 100) == 0, sentence);
    }
}

/* What lay in a database for a week is not believed. */
static void a_stored_name_is_looked_at_again(void **state)
{
    (void)state;
    struct pending *prepared CLEANUP(pending_free) = NULL, *pending CLEANUP(pending_free) = NULL;
    struct buffer stored CLEANUP(buffer_clear) = {0}, product CLEANUP(buffer_clear) = {0},
                         signature CLEANUP(buffer_clear) = {0};
    struct source document = source_of(LETTER);
    struct sink sink = sink_buffer(&product);
    enum digest_algorithm algorithm;
    struct error err = {0};
    struct signing how = called(simple, "abcdefgh.txt");
    how.certificate = buffer_span(&sign_world.leader.der);
    how.clock = &clock_system;
    assert_true(signer_prepare(&how, &document, &prepared, &err));
    pending_write(prepared, &stored);
    size_t at = span_find(buffer_span(&stored), SPAN_LITERAL("abcdefgh.txt"), 0);
    assert_true(at != SIZE_MAX);
    memcpy(stored.data + at, "../", 3);
    assert_true(pending_read(buffer_span(&stored), &pending, &err));
    pki_sign(&sign_world.leader, DIGEST_SHA256, pending_digest(pending, &algorithm), &signature);
    assert_false(signer_complete(pending, &document, buffer_span(&signature), &sink, &err));
    assert_ptr_equal(err.text, &TEXT_PENDING_DAMAGED);
}

/* ---- what is a container already */

static const struct {
    const char *sentence;
    struct zip_member members[3];
    bool refused;
} zip_rows[] = {
    {"a document of an office program is a file like any other",
     {{.name = "[Content_Types].xml", .text = "<Types/>"},
      {.name = "word/document.xml", .text = "<document/>"}},
     false},
    {"one that was signed inside itself too",
     {{.name = "content.xml", .text = "<a/>"}, {.name = "META-INF/documentsignatures.xml", .text = "<a/>"}},
     false},
    {"a container without a signature too",
     {{.name = "mimetype", .text = "application/vnd.etsi.asic-e+zip"}, {.name = "a.txt", .text = "a"}},
     false},
    {"one with a CAdES signature is signed already",
     {{.name = "a.txt", .text = "a"}, {.name = "META-INF/signature.p7s", .text = "a"}},
     true},
    {"one with XAdES",
     {{.name = "a.txt", .text = "a"}, {.name = "META-INF/signatures0.xml", .text = "<a/>"}},
     true},
    {"one with a timestamp",
     {{.name = "a.txt", .text = "a"}, {.name = "META-INF/timestamp.tst", .text = "a"}},
     true},
    {"one with a manifest",
     {{.name = "a.txt", .text = "a"}, {.name = "META-INF/ASiCManifest1.xml", .text = "<a/>"}},
     true},
};

static void a_signed_container_is_not_signed_again(void **state)
{
    (void)state;
    const struct signing hows[] = {simple, extended, {.format = FORMAT_CADES}};
    for (size_t i = 0; i < COUNT_OF(zip_rows); i++)
        for (size_t k = 0; k < COUNT_OF(hows); k++) {
            struct buffer zip CLEANUP(buffer_clear) = {0}, product CLEANUP(buffer_clear) = {0};
            struct error err = {0};
            zip_make(zip_rows[i].members, 2, NULL, &zip);
            bool done = sign_any(hows[k], &sign_world.leader, buffer_span(&zip), &product, &err);
            check_row(done == !zip_rows[i].refused, zip_rows[i].sentence);
            check_row(done || err.text == &TEXT_SIGNING_CONTAINER_ALREADY, zip_rows[i].sentence);
        }
}

static void our_own_containers_are_not_signed_again(void **state)
{
    (void)state;
    const struct signing hows[] = {simple, extended};
    for (size_t i = 0; i < COUNT_OF(hows); i++) {
        struct buffer once CLEANUP(buffer_clear) = {0}, again CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        sign_must(hows[i], &sign_world.leader, LETTER, &once, "once");
        assert_false(sign_any(extended, &sign_world.agency, buffer_span(&once), &again, &err));
        assert_ptr_equal(err.text, &TEXT_SIGNING_CONTAINER_ALREADY);
        assert_false(sign_any((struct signing){0}, &sign_world.agency, buffer_span(&once), &again, &err));
        assert_ptr_equal(err.text, &TEXT_SIGNING_CONTAINER_ALREADY);
    }
}

/* Its pages are never touched: it is refused for its size alone. */
static void what_could_not_be_verified_is_not_made(void **state)
{
    (void)state;
    const struct signing hows[] = {simple, extended};
    const size_t size = (size_t)4 << 30;
    void *nothing = mmap(NULL, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    assert_true(nothing != MAP_FAILED);
    for (size_t i = 0; i < COUNT_OF(hows); i++) {
        struct buffer product CLEANUP(buffer_clear) = {0};
        struct error err = {0};
        assert_false(sign_any(hows[i], &sign_world.leader, span_of(nothing, size), &product, &err));
        assert_ptr_equal(err.text, &TEXT_SIGNING_CONTAINER_LARGE);
    }
    munmap(nothing, size);
}

/* In both kinds, whatever byte of the document changes. */
static void no_changed_byte_passes(void **state)
{
    (void)state;
    const struct signing hows[] = {simple, extended};
    for (size_t i = 0; i < COUNT_OF(hows); i++) {
        struct buffer product CLEANUP(buffer_clear) = {0};
        sign_must(hows[i], &sign_world.leader, LETTER, &product, "signed");
        size_t at = span_find(buffer_span(&product), LETTER, 0);
        for (size_t k = 0; k < LETTER.size; k++) {
            struct verdict verdict CLEANUP(verdict_clear) = {0};
            product.data[at + k] ^= 1;
            sign_judge(buffer_span(&product), (struct span){0}, &verdict);
            assert_int_equal(verdict_overall(&verdict), TOTAL_FAILED);
            product.data[at + k] ^= 1;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_we_sign_we_and_others_accept),
        cmocka_unit_test(the_same_is_made_twice),
        cmocka_unit_test(a_document_keeps_its_name_or_is_refused),
        cmocka_unit_test(a_stored_name_is_looked_at_again),
        cmocka_unit_test(a_signed_container_is_not_signed_again),
        cmocka_unit_test(our_own_containers_are_not_signed_again),
        cmocka_unit_test(what_could_not_be_verified_is_not_made),
        cmocka_unit_test(no_changed_byte_passes),
    };
    return cmocka_run_group_tests(tests, sign_world_make, sign_world_end);
}
