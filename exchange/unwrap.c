/* Reading a ZIP that came from outside: how many files it has is asked of its end alone before libzip may look at it, so that a
 * directory of a million entries costs nothing. */
#include <ctype.h>
#include <stdio.h>
#include <zip.h>

#include "base/base_text.h"
#include "exchange/package_text.h"
#include "exchange/wrap.h"

enum {
    END_SIZE = 22, /* APPNOTE.TXT 4.3.16: end of central directory, without its comment */
    END_COMMENT = 65535,
    END_ENTRIES = 10, /* where the number of entries stands in it */
    UNWRAP_STEP = 256 << 10,
};

DEFINE_CLEANUP(zip_t *, zip_clear, zip_discard)

static void file_clear(zip_file_t **file)
{
    if (*file)
        zip_fclose(*file);
    *file = NULL;
}

static uint64_t entries_by_the_end(struct span zip)
{
    if (zip.size < END_SIZE)
        return 0;
    size_t least = zip.size > END_SIZE + END_COMMENT ? zip.size - END_SIZE - END_COMMENT : 0;
    for (size_t at = zip.size - END_SIZE + 1; at-- > least;) {
        const uint8_t *end = zip.data + at;
        if (end[0] == 'P' && memcmp(end, "PK\5\6", 4) == 0)
            return (uint64_t)end[END_ENTRIES] | (uint64_t)end[END_ENTRIES + 1] << 8;
    }
    return 0;
}

/* Reads the bytes where they are; nothing is copied. */
static bool open_zip(struct span zip, const char *name, zip_t **ret_zip, struct error *err)
{
    zip_error_t said;
    zip_error_init(&said);
    zip_source_t *source = zip_source_buffer_create(zip.data, zip.size, 0, &said);
    zip_t *opened = source ? zip_open_from_source(source, ZIP_RDONLY, &said) : NULL;
    if (!opened) {
        fail(err, ERR_MALFORMED, &TEXT_PACKAGE_ZIP_BROKEN, name, zip_error_strerror(&said));
        if (source)
            zip_source_free(source);
    }
    zip_error_fini(&said);
    *ret_zip = opened;
    return opened != NULL;
}

static void take_extension(const char *name, char ret_extension[static 16])
{
    const char *dot = strrchr(name, '.');
    ret_extension[0] = '\0';
    if (!dot || strlen(dot + 1) >= 16 || strpbrk(dot, "/\\"))
        return;
    for (size_t i = 0; i <= strlen(dot + 1); i++)
        ret_extension[i] = (char)tolower((unsigned char)dot[1 + i]);
}

void wrap_look(struct span bytes, struct wrap_look *ret_look)
{
    *ret_look = (struct wrap_look){.entries = entries_by_the_end(bytes)};
    zip_t *zip CLEANUP(zip_clear) = NULL;
    struct error err = {0};
    if (ret_look->entries != 1 || !open_zip(bytes, "", &zip, &err))
        return;
    const char *name = zip_get_name(zip, 0, ZIP_FL_ENC_RAW);
    if (name)
        take_extension(name, ret_look->extension);
}

static bool bomb(const char *name, uint64_t limit, struct error *err)
{
    char ratio[16], bytes[24];
    snprintf(ratio, sizeof(ratio), "%d", PACKAGE_MAX_RATIO);
    snprintf(bytes, sizeof(bytes), "%llu", (unsigned long long)limit);
    return fail(err, ERR_TOO_LARGE, &TEXT_PACKAGE_ZIP_BOMB, name, ratio, bytes);
}

/* Counted while it swells: what the ZIP says about its sizes binds nobody. */
static bool unwrap_file(zip_file_t *file, struct span zip, const char *name, uint64_t limit,
                        struct blob_writer *writer, struct error *err)
{
    uint8_t *piece CLEANUP(free_clear) = malloc(UNWRAP_STEP);
    if (!piece)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (;;) {
        zip_int64_t got = zip_fread(file, piece, UNWRAP_STEP);
        if (got < 0)
            return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_ZIP_BROKEN, name, zip_file_strerror(file));
        if (got == 0)
            return true;
        uint64_t size = blob_written(writer) + (uint64_t)got;
        if (size > limit || (size > PACKAGE_RATIO_FREE && size / PACKAGE_MAX_RATIO > zip.size))
            return bomb(name, limit, err);
        if (!blob_add(writer, span_of(piece, (size_t)got), err))
            return false;
    }
}

bool wrap_unwrap(struct span bytes, const char *name, uint64_t limit, struct blob_writer *writer,
                 struct error *err)
{
    zip_t *zip CLEANUP(zip_clear) = NULL;
    if (!open_zip(bytes, name, &zip, err))
        return false;
    zip_file_t *file CLEANUP(file_clear) =
        zip_get_num_entries(zip, 0) == 1 ? zip_fopen_index(zip, 0, 0) : NULL;
    if (!file)
        return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_ZIP_BROKEN, name, zip_strerror(zip));
    return unwrap_file(file, bytes, name, limit, writer, err);
}
