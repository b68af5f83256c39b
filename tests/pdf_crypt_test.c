/* Encrypted documents, made by qpdf: without a password they are read like any other. */
#include "tests/check.h"

#include "tests/pades_craft.h"
#include "tests/verdict_says.h"

#include <stdio.h>

#include "signer/pdf_document.h"
#include "signer/pdf_text.h"

static const struct {
    const char *sentence, *arguments;
} ways[] = {
    {"RC4 with 40 bits", "--encrypt \"\" owner 40 --"},
    {"RC4 with 128 bits", "--encrypt \"\" owner 128 --use-aes=n --"},
    {"RC4 with 128 bits through crypt filters", "--encrypt \"\" owner 128 --use-aes=n --force-V4 --"},
    {"AES with 128 bits", "--encrypt \"\" owner 128 --use-aes=y --"},
    {"AES with 128 bits, metadata in the open",
     "--encrypt \"\" owner 128 --use-aes=y --cleartext-metadata --"},
    {"AES with 256 bits", "--encrypt \"\" owner 256 --"},
    {"AES with 256 bits as it first was", "--encrypt \"\" owner 256 --force-R5 --"},
    {"AES with 256 bits, metadata in the open", "--encrypt \"\" owner 256 --cleartext-metadata --"},
    {"no owner's password either", "--encrypt \"\" \"\" 256 --"},
};

static const char *const layouts[] = {"", "--object-streams=generate", "--linearize",
                                      "--linearize --object-streams=generate"};

static void encrypt(const struct pdf_plan *plan, const char *arguments, const char *layout,
                    struct buffer *ret_pdf)
{
    char command[256];
    pdf_make(plan, ret_pdf);
    snprintf(command, sizeof(command), "qpdf --allow-weak-crypto %s %s %%s %%s", arguments, layout);
    pdf_run(world.directory, command, ret_pdf);
}

/* Its signature passes, and its name and time are read. */
static bool reads(struct span pdf)
{
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    check(pdf, &verdict);
    const struct finding *finding = verdict.findings;
    return verdict.count == 1 && finding->indication == TOTAL_PASSED && finding->covers_whole_file
           && strcmp(finding->field, "Ký duyệt") == 0 && finding->claimed_time_ms == 1763701200000;
}

static void a_document_that_opens_without_a_password_is_read(void **state)
{
    (void)state;
    struct pdf_plan plan = craft_plan(CRAFT_SIGNATURE("ETSI.CAdES.detached"));
    for (size_t i = 0; i < COUNT_OF(ways) * COUNT_OF(layouts); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        encrypt(&plan, ways[i / COUNT_OF(layouts)].arguments, layouts[i % COUNT_OF(layouts)], &pdf);
        craft_sign(&world.leader, &pdf);
        check_row(reads(buffer_span(&pdf)), ways[i / COUNT_OF(layouts)].sentence);
    }
}

/* The stream that draws the page, whatever its number is. */
static bool finds_content(struct span bytes)
{
    struct pdf_document document CLEANUP(pdf_document_close) = {0};
    struct error err = {0};
    bool found = false;
    assert_true(pdf_document_open(bytes, &document, &err));
    for (uint32_t n = 1; n < PDF_MAKE_OBJECTS && !found; n++) {
        struct buffer text CLEANUP(buffer_clear) = {0};
        struct pdf_object object;
        found = pdf_object_find(&document, n, document.xref.count - 1, &object, &err) && object.is_stream
                && pdf_object_decode(&document, &object, 1 << 20, &text, &err)
                && span_find(buffer_span(&text), SPAN_LITERAL("Quyet dinh 127"), 0) != SIZE_MAX;
    }
    return found;
}

static void its_streams_are_decoded(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(ways); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        encrypt(&pdf_plain, ways[i].arguments, "", &pdf);
        check_row(finds_content(buffer_span(&pdf)), ways[i].sentence);
    }
}

static const struct {
    const char *sentence, *arguments, *layout;
    enum indication indication;
} locked[] = {
    {"behind a password the signature itself is still in the open", "--encrypt user owner 256 --", "",
     TOTAL_PASSED},
    {"… with older ciphers too", "--encrypt user owner 128 --use-aes=n --", "", TOTAL_PASSED},
    {"packed objects need the password: the signature is intact, what it says cannot be known",
     "--encrypt user owner 256 --", "--object-streams=generate", INDETERMINATE},
    {"… with older ciphers too", "--encrypt user owner 128 --use-aes=y --", "--object-streams=generate",
     INDETERMINATE},
};

static void what_needs_a_password_says_so(void **state)
{
    (void)state;
    struct pdf_plan plan = craft_plan(CRAFT_SIGNATURE("ETSI.CAdES.detached"));
    for (size_t i = 0; i < COUNT_OF(locked); i++) {
        struct buffer pdf CLEANUP(buffer_clear) = {0};
        struct verdict verdict CLEANUP(verdict_clear) = {0};
        encrypt(&plan, locked[i].arguments, locked[i].layout, &pdf);
        craft_sign(&world.leader, &pdf);
        check(buffer_span(&pdf), &verdict);
        const struct finding *finding = verdict.findings;
        bool told = verdict.count == 1 && finding->indication == locked[i].indication && !finding->field[0];
        check_row(
            told && (finding->indication == TOTAL_PASSED || finding_says(finding, &TEXT_PDF_CHECK_PASSWORD)),
            locked[i].sentence);
    }
}

/* Nothing can be told of it at all. */
static void a_locked_document_without_a_signature_is_an_error(void **state)
{
    (void)state;
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct verification how = {.trust = world.trust};
    struct error err = {0};
    encrypt(&pdf_plain, locked[2].arguments, locked[2].layout, &pdf);
    struct source source = source_of(buffer_span(&pdf));
    assert_false(verifier_check(&how, &source, &verdict, &err));
    assert_ptr_equal(err.text, &TEXT_PDF_CHECK_PASSWORD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_that_opens_without_a_password_is_read),
        cmocka_unit_test(its_streams_are_decoded),
        cmocka_unit_test(what_needs_a_password_says_so),
        cmocka_unit_test(a_locked_document_without_a_signature_is_an_error),
    };
    return cmocka_run_group_tests(tests, trust_world_make, trust_world_end);
}
