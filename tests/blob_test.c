/* What exchange/blob and exchange/agency_code promise. */
#include "tests/check.h"

#include <dirent.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/sink.h"
#include "exchange/agency_code.h"
#include "exchange/blob.h"

static char directory[64];

static int make_directory(void **state)
{
    (void)state;
    snprintf(directory, sizeof(directory), "/tmp/blob_test.XXXXXX");
    return mkdtemp(directory) ? 0 : -1;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about, (void)kind, (void)walk;
    return remove(path);
}

static int remove_directory(void **state)
{
    (void)state;
    return nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static int files;

static int count_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)path, (void)about, (void)walk;
    files += kind == FTW_F;
    return 0;
}

static int count_files(void)
{
    files = 0;
    nftw(directory, count_one, 8, FTW_PHYS);
    return files;
}

static void put(struct blobs *blobs, struct span bytes, size_t step, struct blob *ret_blob)
{
    struct blob_writer *writer CLEANUP(blob_abort) = NULL;
    struct error err = {0};
    assert_true(blob_begin(blobs, &writer, &err));
    for (size_t at = 0; at < bytes.size; at += step)
        assert_true(blob_add(writer, span_slice(bytes, at, step), &err));
    assert_true(blob_commit(&writer, ret_blob, &err));
    assert_null(writer);
}

static void what_was_written_is_found_by_its_digest(void **state)
{
    (void)state;
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct blob blob CLEANUP(blob_clear) = {0}, again CLEANUP(blob_clear) = {0};
    struct source source CLEANUP(source_close) = {.fd = -1};
    struct error err = {0};
    assert_true(blobs_open(directory, 0, &blobs, &err));
    put(blobs, SPAN_LITERAL("abc"), 2, &blob);
    assert_string_equal(blob.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_int_equal(blob.size, 3);
    put(blobs, SPAN_LITERAL("abc"), 3, &again);
    assert_string_equal(again.sha256, blob.sha256);
    assert_int_equal(count_files(), 1);

    assert_true(blob_open(blobs, blob.sha256, &source, &err));
    assert_true(span_is(source.bytes, "abc"));
    assert_true(blob_verify(&source, blob.sha256, &err));
}

static void small_bodies_stay_in_memory_and_larger_become_files(void **state)
{
    (void)state;
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct error err = {0};
    uint8_t bytes[20] = "0123456789abcdefghij";
    assert_true(blobs_open(directory, 10, &blobs, &err));
    for (size_t size = 0; size <= sizeof(bytes); size++) {
        struct blob blob CLEANUP(blob_clear) = {0};
        struct source source CLEANUP(source_close) = {.fd = -1};
        put(blobs, span_of(bytes, size), 3, &blob);
        assert_int_equal(blob.bytes.size, size <= 10 ? size : 0);
        assert_true(blob_source(blobs, &blob, &source, &err));
        assert_true(span_equal(source.bytes, span_of(bytes, size)));
        assert_int_equal(count_files(), size <= 10 ? 0 : (int)size - 10);
    }
}

static void an_aborted_writer_leaves_nothing_behind(void **state)
{
    (void)state;
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct blob_writer *writer CLEANUP(blob_abort) = NULL;
    struct error err = {0};
    assert_true(blobs_open(directory, 0, &blobs, &err));
    assert_true(blob_begin(blobs, &writer, &err));
    assert_true(blob_add(writer, SPAN_LITERAL("half a document"), &err));
    blob_abort(&writer);
    assert_int_equal(count_files(), 0);
}

static void a_damaged_or_missing_blob_is_named(void **state)
{
    (void)state;
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct source source CLEANUP(source_close) = {.fd = -1};
    struct error err = {0};
    assert_true(blobs_open(directory, 0, &blobs, &err));
    assert_false(blob_open(blobs, "../../etc/passwd", &source, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_false(
        blob_open(blobs, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", &source, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    struct source other = source_of(SPAN_LITERAL("abd"));
    assert_false(
        blob_verify(&other, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", &err));
    assert_string_equal(err.text->name, "BLOB_DAMAGED");
}

static void a_scratch_names_nothing_until_it_is_linked(void **state)
{
    (void)state;
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct blob blob CLEANUP(blob_clear) = {0};
    struct source source CLEANUP(source_close) = {.fd = -1};
    struct error err = {0};
    char path[96];
    snprintf(path, sizeof(path), "%s/named", directory);
    assert_true(blobs_open_scratch(directory, 0, &blobs, &err));
    put(blobs, SPAN_LITERAL("abc"), 1, &blob);
    assert_int_equal(count_files(), 0);
    assert_true(blob_source(blobs, &blob, &source, &err));
    assert_true(span_is(source.bytes, "abc"));
    assert_true(blob_link(&blob, path, false, &err));
    assert_int_equal(count_files(), 1);
    assert_false(blob_link(&blob, path, false, &err));
    assert_int_equal(err.code, ERR_EXISTS);
    assert_true(blob_link(&blob, path, true, &err));
    assert_int_equal(count_files(), 1);
}

static void what_a_scratch_holds_can_be_kept_by_a_store(void **state)
{
    (void)state;
    struct blobs *store CLEANUP(blobs_close) = NULL, *scratch CLEANUP(blobs_close) = NULL;
    struct error err = {0};
    assert_true(blobs_open(directory, 0, &store, &err) && blobs_open_scratch(directory, 0, &scratch, &err));
    for (int elsewhere = 0; elsewhere < 2; elsewhere++) { /* a memfd stands on no disk: it is copied */
        struct blob blob CLEANUP(blob_clear) = {0};
        struct source source CLEANUP(source_close) = {.fd = -1};
        char sha256[SHA256_HEX_SIZE];
        put(scratch, elsewhere ? SPAN_LITERAL("abd") : SPAN_LITERAL("abc"), 1, &blob);
        memcpy(sha256, blob.sha256, sizeof(sha256));
        if (elsewhere) {
            int fd = -1;
            assert_true(spool_file(NULL, 0, &fd, &err) && fd_write_all(fd, SPAN_LITERAL("abd"), &err));
            close(blob.fd);
            blob.fd = fd;
        }
        assert_int_equal(count_files(), elsewhere);
        assert_true(blob_adopt(store, &blob, &err));
        assert_int_equal(count_files(), elsewhere + 1);
        assert_true(blob.fd <= 0);
        assert_true(blob_open(store, sha256, &source, &err));
        assert_true(blob_verify(&source, sha256, &err));
    }
}

static const struct {
    const char *sentence, *text;
    bool read, conforms;
} code_rows[] = {
    {"the form of QCVN 102:2016 conforms", "000.00.13.H53", true, true},
    {"the form of Quyết định 20/2020 conforms", "H21.02.01", true, true},
    {"a level-1 code conforms", "G98", true, true},
    {"white space around is trimmed", "\r\n H99.05 \t", true, true},
    {"a reversed code is taken but does not conform", "28.22.H17", true, false},
    {"letters inside a group conform", "H37.DN.001", true, true},
    {"a tenant of the shared adapter is taken but does not conform", "vxp.saas.03", true, false},
    {"a group of one character does not conform", "H21.2", true, false},
    {"a trailing point does not conform", "H21.", true, false},
    {"36 characters are above the lawful 35", "H21.0123456789.0123456789.0123456789", true, false},
    {"50 characters are taken", "H2101234567890123456789012345678901234567890123456", true, false},
    {"51 are refused", "H21012345678901234567890123456789012345678901234567", false, false},
    {"nothing is no code", " \n", false, false},
    {"a space inside is refused", "H99 05", false, false},
    {"letters beyond ASCII are refused", "Đ99", false, false},
};

static void agency_codes_are_opaque(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(code_rows); i++) {
        struct agency_code code = {0};
        bool read = agency_code_read(span_text(code_rows[i].text), &code);
        check_row(read == code_rows[i].read
                      && (!read || agency_code_conforms(&code) == code_rows[i].conforms),
                  code_rows[i].sentence);
    }
    struct agency_code a, b;
    assert_true(agency_code_read(SPAN_LITERAL("vxp.saas.03"), &a)
                && agency_code_read(SPAN_LITERAL("VXP.SAAS.03"), &b));
    assert_true(agency_code_equal(&a, &b));
    assert_string_equal(a.text, "vxp.saas.03");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_found_by_its_digest, make_directory,
                                        remove_directory),
        cmocka_unit_test_setup_teardown(small_bodies_stay_in_memory_and_larger_become_files, make_directory,
                                        remove_directory),
        cmocka_unit_test_setup_teardown(an_aborted_writer_leaves_nothing_behind, make_directory,
                                        remove_directory),
        cmocka_unit_test_setup_teardown(a_damaged_or_missing_blob_is_named, make_directory, remove_directory),
        cmocka_unit_test_setup_teardown(what_a_scratch_holds_can_be_kept_by_a_store, make_directory,
                                        remove_directory),
        cmocka_unit_test_setup_teardown(a_scratch_names_nothing_until_it_is_linked, make_directory,
                                        remove_directory),
        cmocka_unit_test(agency_codes_are_opaque),
    };
    return cmocka_run_group_tests_name("blob", tests, NULL, NULL);
}
