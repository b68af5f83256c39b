/* The offline bundle: written, read back, put in force, refused. Signatures: trust_command_test.sh. */
#include "tests/check.h"

#include "tests/scratch.h"

#include <stdio.h>

#include "base/xml.h"
#include "signer/trust.h"
#include "signer/trust_bundle.h"
#include "signer/trust_text.h"

static struct {
    struct pki_person root, other;
    struct buffer root_pem, other_pem;
    char directory[SCRATCH_NAME];
} world;

static void read_back(const char *path, struct buffer *ret_bytes)
{
    FILE *file = fopen(path, "r");
    uint8_t bytes[4096];
    assert_non_null(file);
    buffer_append(ret_bytes, span_of(bytes, fread(bytes, 1, sizeof(bytes), file)));
    fclose(file);
}

static void make_anchor(const char *name, struct pki_person *ret_person, struct buffer *ret_pem)
{
    char path[128];
    const struct pki_person *people[] = {ret_person};
    pki_make(&(struct pki_wish){.name = name, .key = "p256", .ca = true, .key_usage = "keyCertSign"},
             ret_person);
    snprintf(path, sizeof(path), "%s/made.pem", world.directory);
    pki_save(path, people, 1, (struct span){0});
    read_back(path, ret_pem);
    unlink(path);
}

static int make_world(void **state)
{
    (void)state;
    xml_init();
    scratch_make("trust_bundle", world.directory);
    make_anchor("Gốc", &world.root, &world.root_pem);
    make_anchor("Gốc khác", &world.other, &world.other_pem);
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    scratch_remove(world.directory);
    pki_clear(&world.root);
    pki_clear(&world.other);
    buffer_clear(&world.root_pem);
    buffer_clear(&world.other_pem);
    return 0;
}

static const struct {
    const char *name;
    bool fits;
} names[] = {
    {"root.crt", true},
    {"anchors.conf", true},
    {"lists/vn.xml", true},
    {"revocation/a1", true},
    {"", false},
    {"lists/", false},
    {"../root.crt", false},
    {"lists/../a", false},
    {"/etc/passwd", false},
    {".hidden", false},
    {"a b", false},
    {"lists/revocation/a", false},
    {"other/a", false},
    {"bundle.conf", false},
    {"lists/.a", false},
    {"a\n", false},
    {"bundle-1/a.crt", false},
    {"\xC3\xA1", false},
};

static void only_plain_names_are_taken(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct trust_bundle bundle CLEANUP(trust_bundle_clear) = {0};
        struct error err = {0};
        check_row(trust_bundle_name_fits(names[i].name) == names[i].fits, names[i].name);
        check_row(trust_bundle_add(&bundle, names[i].name, SPAN_LITERAL("x"), &err) == names[i].fits,
                  names[i].name);
        if (names[i].fits)
            assert_false(trust_bundle_add(&bundle, names[i].name, SPAN_LITERAL("x"), &err)); /* twice */
    }
}

static void what_is_written_is_read_back(void **state)
{
    (void)state;
    struct trust_bundle bundle CLEANUP(trust_bundle_clear) = {.number = 7, .made_ms = 1700000000000};
    struct trust_bundle again CLEANUP(trust_bundle_clear) = {0};
    struct buffer xml CLEANUP(buffer_clear) = {0}, large CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    for (size_t i = 0; i < 100001; i++)
        buffer_u8(&large, (uint8_t)(i * 7));
    assert_true(trust_bundle_add(&bundle, "large.crl", buffer_span(&large), &err));
    assert_true(trust_bundle_add(&bundle, "revocation/empty", (struct span){0}, &err));
    trust_bundle_write(&bundle, &xml);
    assert_true(trust_bundle_read(buffer_span(&xml), &again, &err));
    assert_int_equal(again.number, 7);
    assert_int_equal(again.made_ms, bundle.made_ms);
    assert_int_equal(again.count, 2);
    assert_string_equal(again.files[1].name, "revocation/empty");
    assert_true(span_equal(buffer_span(&again.files[0].bytes), buffer_span(&large)));
    assert_int_equal(again.files[1].bytes.size, 0);
}

#define OPEN "<trust-bundle xmlns=\"urn:vanthu:trust-bundle:1\" number=\"7\" made=\"2025-01-01T00:00:00Z\">"
#define CLOSE "</trust-bundle>"

static const struct {
    const char *sentence, *xml;
    bool good;
} texts[] = {
    {"a bundle of nothing", OPEN CLOSE, true},
    {"another root", "<a xmlns=\"urn:vanthu:trust-bundle:1\" number=\"7\" made=\"2025-01-01\"/>", false},
    {"another name space", "<trust-bundle number=\"7\" made=\"2025-01-01\"></trust-bundle>", false},
    {"no number", "<trust-bundle xmlns=\"urn:vanthu:trust-bundle:1\" made=\"2025-01-01\"></trust-bundle>",
     false},
    {"a number that is none",
     "<trust-bundle xmlns=\"urn:vanthu:trust-bundle:1\" number=\"7x\" made=\"2025-01-01\"></trust-bundle>",
     false},
    {"a number below one",
     "<trust-bundle xmlns=\"urn:vanthu:trust-bundle:1\" number=\"-7\" made=\"2025-01-01\"></trust-bundle>",
     false},
    {"a number too great",
     "<trust-bundle xmlns=\"urn:vanthu:trust-bundle:1\" number=\"99999999999999999999\" "
     "made=\"2025-01-01\">" CLOSE,
     false},
    {"no day", "<trust-bundle xmlns=\"urn:vanthu:trust-bundle:1\" number=\"7\"></trust-bundle>", false},
    {"a file without a name", OPEN "<file><part>AA==</part></file>" CLOSE, false},
    {"a file elsewhere", OPEN "<file name=\"../a\"><part>AA==</part></file>" CLOSE, false},
    {"one name for two", OPEN "<file name=\"a\"></file><file name=\"a\"></file>" CLOSE, false},
    {"what is no base64", OPEN "<file name=\"a\"><part>!</part></file>" CLOSE, false},
};

static void what_is_malformed_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct trust_bundle bundle CLEANUP(trust_bundle_clear) = {0};
        struct error err = {0};
        check_row(trust_bundle_read(span_text(texts[i].xml), &bundle, &err) == texts[i].good
                      && (texts[i].good || err.code == ERR_MALFORMED),
                  texts[i].sentence);
    }
}

static bool install(int64_t number, struct span pem, bool older_too, struct error *err)
{
    struct trust_bundle bundle CLEANUP(trust_bundle_clear) = {.number = number, .made_ms = 1700000000000};
    return trust_bundle_add(&bundle, "root.crt", pem, err)
           && trust_bundle_install(&bundle, world.directory, older_too, err);
}

static bool trusts(const struct pki_person *person)
{
    struct trust *trust CLEANUP(trust_free) = NULL;
    struct error err = {0};
    const char *paths[] = {world.directory};
    if (!trust_load(paths, 1, &trust, &err))
        return false;
    return trust_anchor_count(trust) == 1
           && X509_cmp(trust_anchor_at(trust, 0)->certificate, person->certificate) == 0;
}

static int64_t number_in_force(void)
{
    int64_t number = -1;
    struct error err = {0};
    assert_true(trust_bundle_number(world.directory, &number, &err));
    return number;
}

static void one_is_in_force_and_replaced_in_one_step(void **state)
{
    (void)state;
    struct error err = {0};
    assert_int_equal(number_in_force(), 0);
    assert_true(install(7, buffer_span(&world.root_pem), false, &err));
    assert_true(trusts(&world.root));
    assert_int_equal(number_in_force(), 7);
    assert_true(install(8, buffer_span(&world.other_pem), false, &err));
    assert_true(trusts(&world.other));
    /* an older one only when asked */
    assert_false(install(7, buffer_span(&world.root_pem), false, &err));
    assert_ptr_equal(err.text, &TEXT_BUNDLE_OLDER);
    assert_true(trusts(&world.other));
    assert_true(install(7, buffer_span(&world.root_pem), true, &err));
    assert_true(trusts(&world.root));
    /* one that does not hold changes nothing, and leaves nothing */
    assert_false(install(9, SPAN_LITERAL("no certificate"), false, &err));
    assert_true(trusts(&world.root));
    assert_int_equal(number_in_force(), 7);
    char command[256];
    snprintf(command, sizeof(command), "test \"$(ls -A %s | wc -l)\" = 2", world.directory);
    assert_int_equal(system(command), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_plain_names_are_taken),
        cmocka_unit_test(what_is_written_is_read_back),
        cmocka_unit_test(what_is_malformed_is_refused),
        cmocka_unit_test(one_is_in_force_and_replaced_in_one_step),
    };
    return cmocka_run_group_tests_name("trust_bundle", tests, make_world, end_world);
}
