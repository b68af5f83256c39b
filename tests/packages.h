/* What the tests of packages share: the invented messages of tests/packages, edited; a blob directory that can be counted; ZIPs made by
 * libzip, which is not what writes ours. Include after tests/check.h. */
#pragma once

#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <zip.h>

#include "base/xml.h"
#include "exchange/package.h"

static char packages_directory[64];
static int packages_files;

static inline int packages_make_directory(void **state)
{
    (void)state;
    xml_init();
    snprintf(packages_directory, sizeof(packages_directory), "/tmp/package_test.XXXXXX");
    return mkdtemp(packages_directory) ? 0 : -1;
}

static inline int packages_remove_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about, (void)kind, (void)walk;
    return remove(path);
}

static inline int packages_remove_directory(void **state)
{
    (void)state;
    return nftw(packages_directory, packages_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static inline int packages_count_one(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)path, (void)about, (void)walk;
    packages_files += kind == FTW_F;
    return 0;
}

/* Files anywhere under the directory of the test. */
static inline int packages_count(void)
{
    packages_files = 0;
    nftw(packages_directory, packages_count_one, 8, FTW_PHYS);
    return packages_files;
}

/* One of new, recall, update, replacement, status; ends in NUL. */
static inline void packages_load(const char *name, struct buffer *wire)
{
    char path[512];
    struct error err = {0};
    snprintf(path, sizeof(path), SOURCE_DIR "/tests/packages/%s.edxml", name);
    assert_true(file_read(path, 1 << 20, wire, &err));
    assert_non_null(buffer_string(wire));
}

/* Every `from` becomes `to`; there is at least one. */
static inline void packages_replace(struct buffer *wire, struct span from, struct span to)
{
    struct buffer edited = {0};
    size_t at = 0, found, count = 0;
    for (; (found = span_find(buffer_span(wire), from, at)) != SIZE_MAX; at = found + from.size, count++) {
        buffer_append(&edited, span_slice(buffer_span(wire), at, found - at));
        buffer_append(&edited, to);
    }
    assert_true(count > 0);
    buffer_append(&edited, span_slice(buffer_span(wire), at, SIZE_MAX));
    buffer_clear(wire);
    *wire = edited;
}

/* A ZIP with these entries; `names` ends in NULL, every entry holds `content`. */
static inline void packages_zip(const char *const *names, struct span content, struct buffer *ret_zip)
{
    zip_error_t said;
    zip_error_init(&said);
    zip_source_t *target = zip_source_buffer_create(NULL, 0, 0, &said);
    zip_source_keep(target);
    zip_t *zip = zip_open_from_source(target, ZIP_TRUNCATE, &said);
    assert_non_null(zip);
    for (; *names; names++)
        assert_true(
            zip_file_add(zip, *names, zip_source_buffer(zip, content.data, content.size, 0), ZIP_FL_ENC_UTF_8)
            >= 0);
    assert_int_equal(zip_close(zip), 0);
    assert_int_equal(zip_source_open(target), 0);
    zip_source_seek(target, 0, SEEK_END);
    size_t size = (size_t)zip_source_tell(target);
    zip_source_seek(target, 0, SEEK_SET);
    uint8_t *room = buffer_reserve(ret_zip, size);
    assert_non_null(room);
    ret_zip->size += (size_t)zip_source_read(target, room, size);
    zip_source_close(target);
    zip_source_free(target);
    zip_error_fini(&said);
}

/* "clean", the names of the deviations, or the name of the refusal. */
static inline const char *packages_outcome(bool read, const struct package *package, const struct error *err,
                                           struct buffer *room)
{
    if (!read)
        return err->text->name;
    for (size_t i = 0; i < package->deviations.count; i++)
        buffer_format(room, "%s%s", i ? " " : "", package->deviations.items[i].text->name);
    return package->deviations.count ? buffer_string(room) : "clean";
}
