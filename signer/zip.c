#include "signer/zip.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "signer/asic_text.h"

/* APPNOTE.TXT, 4.3: records, their fixed sizes */
enum {
    LOCAL_SIZE = 30,
    DIRECTORY_SIZE = 46,
    END_SIZE = 22,
    END64_SIZE = 56,
    LOCATOR_SIZE = 20,
    COMMENT_MAX = 65535
};
/* 4.4.4: general purpose bits; 4.4.5: methods; 4.5: extra fields; 4.4.2: made by */
enum {
    FLAG_ENCRYPTED = 1 << 0,
    FLAG_DESCRIPTOR = 1 << 3,
    FLAG_STRONG = 1 << 6,
    FLAG_UTF8 = 1 << 11,
    FLAG_MASKED = 1 << 13,
    METHOD_STORED = 0,
    METHOD_DEFLATED = 8,
    EXTRA_ZIP64 = 0x0001,
    EXTRA_UNICODE_PATH = 0x7075,
    MADE_BY_UNIX = 3
};
#define ALL_16 0xFFFFu
#define ALL_32 0xFFFFFFFFu

/* Numbers are little-endian; bounds are the caller's. */
static uint64_t number(struct span from, size_t at, size_t size)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size; i++)
        value |= (uint64_t)from.data[at + i] << (8 * i);
    return value;
}

static bool broken(struct error *err)
{
    return fail(err, ERR_MALFORMED, &TEXT_ZIP_BROKEN);
}

void zip_set_defect(struct zip *zip, const struct text *text, const char *name)
{
    if (zip->defect.text)
        return;
    zip->defect.text = text;
    text_clean(name, strlen(name), sizeof(zip->defect.arg[0]), zip->defect.arg[0]);
}

/* ---- the end of the directory */

struct directory {
    uint64_t at, size, count;
    uint64_t end; /* where what follows the directory begins */
};

static bool is_end(struct span bytes, size_t at)
{
    return bytes.data[at] == 'P' && memcmp(bytes.data + at, "PK\5\6", 4) == 0;
}

/* 4.3.16: the one whose comment reaches to the end of the file. Another such one, or bytes behind it, and readers would
 * find different directories. */
static bool find_end(struct span bytes, size_t *ret_at, struct zip *zip)
{
    size_t found = SIZE_MAX, loose = SIZE_MAX;
    if (bytes.size < END_SIZE)
        return false;
    size_t least = bytes.size > END_SIZE + COMMENT_MAX ? bytes.size - END_SIZE - COMMENT_MAX : 0;
    for (size_t at = bytes.size - END_SIZE + 1; at-- > least;) {
        if (!is_end(bytes, at))
            continue;
        if (loose == SIZE_MAX)
            loose = at;
        if (at + END_SIZE + number(bytes, at + 20, 2) != bytes.size)
            continue;
        if (found != SIZE_MAX)
            zip_set_defect(zip, &TEXT_ZIP_TWO_DIRECTORIES, "");
        else
            found = at;
    }
    if (found == SIZE_MAX && loose != SIZE_MAX)
        zip_set_defect(zip, &TEXT_ZIP_TRAILING, "");
    *ret_at = found != SIZE_MAX ? found : loose;
    return *ret_at != SIZE_MAX;
}

/* 4.3.14, 4.3.15: counts and offsets that did not fit. */
static bool read_end64(struct span bytes, size_t end, struct directory *directory)
{
    if (end < LOCATOR_SIZE || memcmp(bytes.data + end - LOCATOR_SIZE, "PK\6\7", 4) != 0)
        return false;
    uint64_t at = number(bytes, end - LOCATOR_SIZE + 8, 8);
    if (at > bytes.size || bytes.size - at < END64_SIZE || memcmp(bytes.data + at, "PK\6\6", 4) != 0)
        return false;
    directory->count = number(bytes, at + 32, 8);
    directory->size = number(bytes, at + 40, 8);
    directory->at = number(bytes, at + 48, 8);
    directory->end = at;
    bool one_disk = number(bytes, at + 16, 4) == 0 && number(bytes, at + 20, 4) == 0
                    && number(bytes, at + 24, 8) == directory->count;
    return one_disk && at + 12 + number(bytes, at + 4, 8) == end - LOCATOR_SIZE;
}

static bool read_end(struct span bytes, struct directory *directory, struct zip *zip, struct error *err)
{
    size_t end;
    if (!find_end(bytes, &end, zip))
        return broken(err);
    *directory = (struct directory){.count = number(bytes, end + 10, 2),
                                    .size = number(bytes, end + 12, 4),
                                    .at = number(bytes, end + 16, 4),
                                    .end = end};
    bool one_disk = number(bytes, end + 4, 2) == 0 && number(bytes, end + 6, 2) == 0
                    && number(bytes, end + 8, 2) == directory->count;
    if (directory->count == ALL_16 || directory->size == ALL_32 || directory->at == ALL_32)
        one_disk = read_end64(bytes, end, directory);
    if (!one_disk || directory->at > directory->end || directory->size > directory->end - directory->at)
        return broken(err);
    if (directory->at + directory->size != directory->end)
        zip_set_defect(zip, &TEXT_ZIP_GAP, "");
    char limit[16];
    snprintf(limit, sizeof(limit), "%d", ZIP_MAX_ENTRIES);
    return directory->count <= ZIP_MAX_ENTRIES || fail(err, ERR_TOO_LARGE, &TEXT_ZIP_TOO_MANY, limit);
}

/* ---- entries */

/* A header, in the directory or in front of the data. */
struct header {
    unsigned flags, method;
    uint64_t crc, packed, size;
    uint64_t at;   /* of the local header: the directory's alone */
    unsigned mode; /* Unix file type and permissions; 0: unknown: the directory's alone */
    struct span name, extra;
    size_t length; /* of the header itself */
};

/* 4.5: an extra field's content; empty when there is none. */
static struct span find_extra(struct span extra, unsigned id)
{
    while (extra.size >= 4) {
        size_t size = (size_t)number(extra, 2, 2);
        if (number(extra, 0, 2) == id)
            return span_slice(extra, 4, size);
        extra = span_slice(extra, 4 + size, SIZE_MAX);
    }
    return (struct span){0};
}

/* 4.5.3: only those fields that did not fit, in this order. */
static bool widen(struct header *header)
{
    struct span wide = find_extra(header->extra, EXTRA_ZIP64);
    uint64_t *fields[] = {&header->size, &header->packed, &header->at};
    for (size_t i = 0; i < COUNT_OF(fields); i++) {
        if (*fields[i] != ALL_32)
            continue;
        if (wide.size < 8)
            return false;
        *fields[i] = number(wide, 0, 8);
        wide = span_slice(wide, 8, SIZE_MAX);
    }
    return true;
}

/* What both kinds of header have in the same order: flags to the lengths of name and extra field. */
static void read_common(struct span bytes, size_t flags_at, struct header *header)
{
    header->flags = (unsigned)number(bytes, flags_at, 2);
    header->method = (unsigned)number(bytes, flags_at + 2, 2);
    header->crc = number(bytes, flags_at + 8, 4);
    header->packed = number(bytes, flags_at + 12, 4);
    header->size = number(bytes, flags_at + 16, 4);
}

/* 4.3.12 */
static bool read_directory_header(struct span left, struct header *header)
{
    if (left.size < DIRECTORY_SIZE || memcmp(left.data, "PK\1\2", 4) != 0)
        return false;
    size_t name = (size_t)number(left, 28, 2), extra = (size_t)number(left, 30, 2),
           comment = (size_t)number(left, 32, 2);
    *header = (struct header){.length = DIRECTORY_SIZE + name + extra + comment, .at = number(left, 42, 4)};
    if (header->length > left.size || number(left, 34, 2) != 0)
        return false;
    read_common(left, 8, header);
    header->name = span_slice(left, DIRECTORY_SIZE, name);
    header->extra = span_slice(left, DIRECTORY_SIZE + name, extra);
    if (left.data[5] == MADE_BY_UNIX)
        header->mode = (unsigned)number(left, 40, 2);
    return widen(header);
}

/* 4.3.7 */
static bool read_local_header(struct span bytes, uint64_t at, struct header *header)
{
    if (at > bytes.size || bytes.size - at < LOCAL_SIZE || memcmp(bytes.data + at, "PK\3\4", 4) != 0)
        return false;
    struct span left = span_slice(bytes, at, SIZE_MAX);
    size_t name = (size_t)number(left, 26, 2), extra = (size_t)number(left, 28, 2);
    *header = (struct header){.length = LOCAL_SIZE + name + extra};
    if (header->length > left.size)
        return false;
    read_common(left, 6, header);
    header->name = span_slice(left, LOCAL_SIZE, name);
    header->extra = span_slice(left, LOCAL_SIZE + name, extra);
    return widen(header);
}

/* 4.3.9: checksum and sizes behind the data, of 4 or 8 bytes, with or without a signature. Returns its length; 0: none
 * of those says the same as the directory. */
static size_t descriptor_length(struct span behind, const struct header *header)
{
    size_t at = span_starts(behind, "PK\7\10") ? 4 : 0;
    for (size_t wide = 4; wide <= 8; wide += 4)
        if (behind.size >= at + 4 + 2 * wide && number(behind, at, 4) == header->crc
            && number(behind, at + 4, wide) == header->packed
            && number(behind, at + 4 + wide, wide) == header->size)
            return at + 4 + 2 * wide;
    return 0;
}

/* 4.4.4: with a descriptor the local header may leave checksum and sizes out. */
static bool headers_agree(const struct header *local, const struct header *header)
{
    unsigned compared = FLAG_ENCRYPTED | FLAG_DESCRIPTOR | FLAG_STRONG | FLAG_UTF8 | FLAG_MASKED;
    bool open = local->flags & FLAG_DESCRIPTOR;
    return span_equal(local->name, header->name) && local->method == header->method
           && (local->flags & compared) == (header->flags & compared)
           && (local->crc == header->crc || (open && local->crc == 0))
           && (local->packed == header->packed || (open && local->packed == 0))
           && (local->size == header->size || (open && local->size == 0));
}

/* 4.6.9: a second name, in UTF-8, which some readers take and some do not. */
static bool has_another_name(const struct header *header, const char *name)
{
    struct span other = find_extra(header->extra, EXTRA_UNICODE_PATH);
    return other.size > 5 && !span_is(span_slice(other, 5, SIZE_MAX), name);
}

static void look_for_defects(const struct header *header, const struct header *local,
                             const struct zip_entry *entry, struct zip *zip)
{
    const char *name = entry->file.name;
    const struct text *wrong = zip_name_defect(name);
    if (wrong)
        zip_set_defect(zip, wrong, name);
    if (!headers_agree(local, header))
        zip_set_defect(zip, &TEXT_ZIP_HEADERS_DIFFER, name);
    if (has_another_name(header, name) || has_another_name(local, name))
        zip_set_defect(zip, &TEXT_ZIP_TWO_NAMES, name);
    if (header->flags & (FLAG_ENCRYPTED | FLAG_STRONG | FLAG_MASKED))
        zip_set_defect(zip, &TEXT_ZIP_ENCRYPTED, name);
    if (header->method != METHOD_STORED && header->method != METHOD_DEFLATED)
        zip_set_defect(zip, &TEXT_ZIP_METHOD, name);
    else if (header->method == METHOD_STORED && header->packed != header->size)
        zip_set_defect(zip, &TEXT_ZIP_HEADERS_DIFFER, name);
    if (S_ISLNK(header->mode))
        zip_set_defect(zip, &TEXT_ZIP_LINK, name);
    if (entry->folder && header->size != 0)
        zip_set_defect(zip, &TEXT_ZIP_FOLDER_HOLDS, name);
}

/* What cannot be unpacked holds nothing for us; its defect is named. */
static bool read_entry(struct span bytes, const struct header *header, struct zip_entry *entry,
                       struct zip *zip, struct error *err)
{
    struct header local;
    if (!read_local_header(bytes, header->at, &local)
        || header->packed > bytes.size - header->at - local.length)
        return broken(err);
    entry->file.name = zip_name_read(header->name, header->flags & FLAG_UTF8);
    if (!entry->file.name)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    size_t name_size = strlen(entry->file.name);
    entry->folder = name_size > 0 && entry->file.name[name_size - 1] == '/';
    entry->plain =
        header->method == METHOD_STORED && local.extra.size == 0 && !(local.flags & FLAG_DESCRIPTOR);
    entry->at = header->at;
    entry->end = header->at + local.length + header->packed;
    if (header->method == METHOD_STORED || header->method == METHOD_DEFLATED) {
        entry->file.bytes = span_slice(bytes, header->at + local.length, header->packed);
        entry->file.deflated = header->method == METHOD_DEFLATED;
        entry->file.size = header->size;
    }
    look_for_defects(header, &local, entry, zip);
    if (local.flags & FLAG_DESCRIPTOR) {
        size_t length = descriptor_length(span_slice(bytes, entry->end, SIZE_MAX), header);
        if (length == 0)
            zip_set_defect(zip, &TEXT_ZIP_HEADERS_DIFFER, entry->file.name);
        entry->end += length;
    }
    return true;
}

static bool bomb(struct error *err)
{
    char ratio[16], gigabytes[16];
    snprintf(ratio, sizeof(ratio), "%d", ZIP_MAX_RATIO);
    snprintf(gigabytes, sizeof(gigabytes), "%" PRIu64, ZIP_MAX_TOTAL >> 30);
    return fail(err, ERR_TOO_LARGE, &TEXT_ZIP_BOMB, ratio, gigabytes);
}

static bool swells(uint64_t size, uint64_t packed)
{
    return size > ZIP_RATIO_FREE && size / ZIP_MAX_RATIO > packed;
}

/* What is said about the sizes: inflating never goes beyond it. */
static bool sizes_are_sane(const struct header *header, uint64_t *total, struct span bytes, struct error *err)
{
    if (header->name.size > ZIP_MAX_NAME)
        return fail(err, ERR_TOO_LARGE, &TEXT_ZIP_NAME_LONG);
    if (header->size > ZIP_MAX_TOTAL - *total)
        return bomb(err);
    *total += header->size;
    return (!swells(header->size, header->packed) && !swells(*total, bytes.size)) || bomb(err);
}

static bool read_entries(struct span bytes, const struct directory *directory, struct zip *zip,
                         struct error *err)
{
    struct span left = span_slice(bytes, directory->at, directory->size);
    uint64_t total = 0;
    for (; zip->count < directory->count; zip->count++) {
        struct header header;
        if (!read_directory_header(left, &header))
            return broken(err);
        struct zip_entry *entry = &zip->entries[zip->count];
        if (!sizes_are_sane(&header, &total, bytes, err) || !read_entry(bytes, &header, entry, zip, err)) {
            free((char *)entry->file.name);
            return false;
        }
        entry->file.memo = &zip->memos[zip->count];
        left = span_slice(left, header.length, SIZE_MAX);
    }
    return left.size == 0 || broken(err);
}

/* ---- all of them together */

static int by_place(const void *a, const void *b)
{
    const struct zip_entry *x = a, *y = b;
    return (x->at > y->at) - (x->at < y->at);
}

/* Every byte before the directory belongs to one entry: what lies between them, some readers find. */
static void check_places(const struct directory *directory, struct zip *zip)
{
    qsort(zip->entries, zip->count, sizeof(*zip->entries), by_place);
    uint64_t end = 0;
    for (size_t i = 0; i < zip->count; i++) {
        const struct zip_entry *entry = &zip->entries[i];
        if (entry->at < end)
            zip_set_defect(zip, &TEXT_ZIP_OVERLAP, entry->file.name);
        else if (entry->at > end)
            zip_set_defect(zip, i == 0 ? &TEXT_ZIP_LEADING : &TEXT_ZIP_GAP, "");
        end = entry->end > end ? entry->end : end;
    }
    if (end > directory->at)
        zip_set_defect(zip, &TEXT_ZIP_OVERLAP, zip->entries[zip->count - 1].file.name);
    else if (end < directory->at)
        zip_set_defect(zip, &TEXT_ZIP_GAP, "");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Two members of one name: readers take the first or the last. */
static bool check_names(struct zip *zip, struct error *err)
{
    const char **names CLEANUP(free_clear) = malloc((zip->count + 1) * sizeof(*names));
    if (!names)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t i = 0; i < zip->count; i++)
        names[i] = zip->entries[i].file.name;
    qsort(names, zip->count, sizeof(*names), by_name);
    for (size_t i = 1; i < zip->count; i++)
        if (strcmp(names[i - 1], names[i]) == 0)
            zip_set_defect(zip, &TEXT_ZIP_NAME_TWICE, names[i]);
    return true;
}

bool zip_read(struct span bytes, struct zip *ret_zip, struct error *err)
{
    struct zip zip CLEANUP(zip_clear) = {0};
    struct directory directory;
    if (!read_end(bytes, &directory, &zip, err))
        return false;
    zip.entries = calloc(directory.count + 1, sizeof(*zip.entries));
    zip.memos = calloc(directory.count + 1, sizeof(*zip.memos));
    if (!zip.entries || !zip.memos)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!read_entries(bytes, &directory, &zip, err))
        return false;
    check_places(&directory, &zip);
    if (!check_names(&zip, err))
        return false;
    *ret_zip = zip;
    zip = (struct zip){0};
    return true;
}

void zip_clear(struct zip *zip)
{
    for (size_t i = 0; i < zip->count; i++)
        free((char *)zip->entries[i].file.name);
    free(zip->entries);
    free(zip->memos);
    *zip = (struct zip){0};
}
