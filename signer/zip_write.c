#include "signer/zip_write.h"

#include <assert.h>
#include <sys/stat.h>
#include <zlib.h>

#include "base/base_text.h"
#include "signer/format.h"
#include "signer/zip.h"

/* APPNOTE.TXT, 4.4.2 to 4.4.6 */
enum { VERSION = 20, MADE_BY_UNIX = 3, FLAG_UTF8 = 1 << 11, FIRST_DAY = 1 << 5 | 1 /* 1980-01-01 */ };

/* Numbers are little-endian. */
static void put(struct buffer *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer_u8(out, (uint8_t)(value >> (8 * i)));
}

static bool is_ascii(const char *name)
{
    for (; *name; name++)
        if ((uint8_t)*name >= 0x80)
            return false;
    return true;
}

/* What both headers have in the same order: from the version that is needed to the length of the extra field. */
static void put_common(struct buffer *out, const char *name, size_t size, uint32_t checksum)
{
    put(out, VERSION, 2);
    put(out, is_ascii(name) ? 0 : FLAG_UTF8, 2);
    put(out, 0, 2); /* stored */
    put(out, 0, 2); /* midnight */
    put(out, FIRST_DAY, 2);
    put(out, checksum, 4);
    put(out, size, 4);
    put(out, size, 4);
    put(out, strlen(name), 2);
    put(out, 0, 2);
}

/* 4.3.12 */
static void put_directory(struct zip_writer *writer, const char *name, size_t size, uint32_t checksum)
{
    struct buffer *out = &writer->directory;
    buffer_text(out, "PK\1\2");
    put(out, MADE_BY_UNIX << 8 | VERSION, 2);
    put_common(out, name, size, checksum);
    put(out, 0, 2); /* comment */
    put(out, 0, 2); /* disk */
    put(out, 0, 2); /* binary */
    put(out, (uint64_t)(S_IFREG | 0644) << 16, 4);
    put(out, writer->out->written - writer->from, 4);
    buffer_text(out, name);
}

struct zip_writer zip_writer_of(struct sink *out)
{
    return (struct zip_writer){.out = out, .from = out->written};
}

static void put_to_sink(struct sink *out, const struct buffer *bytes)
{
    if (bytes->failed && !out->failed) {
        out->failed = true;
        fail(&out->error, ERR_INTERNAL, &TEXT_NO_MEMORY);
    }
    sink_write(out, buffer_span(bytes));
}

void zip_write(struct zip_writer *writer, const char *name, struct span content, uint32_t checksum)
{
    struct buffer local CLEANUP(buffer_clear) = {0};
    assert(strlen(name) <= ZIP_MAX_NAME && content.size < ZIP_MAX_TOTAL);
    put_directory(writer, name, content.size, checksum);
    buffer_text(&local, "PK\3\4"); /* 4.3.7 */
    put_common(&local, name, content.size, checksum);
    buffer_text(&local, name);
    put_to_sink(writer->out, &local);
    format_copy(content, writer->out);
    writer->count++;
}

void zip_write_small(struct zip_writer *writer, const char *name, struct span content)
{
    zip_write(writer, name, content, (uint32_t)crc32_z(crc32_z(0, NULL, 0), content.data, content.size));
}

/* 4.3.16 */
void zip_write_end(struct zip_writer *writer)
{
    struct buffer *out = &writer->directory;
    uint64_t at = writer->out->written - writer->from, size = out->size;
    buffer_text(out, "PK\5\6");
    put(out, 0, 4); /* disks */
    put(out, writer->count, 2);
    put(out, writer->count, 2);
    put(out, size, 4);
    put(out, at, 4);
    put(out, 0, 2);
    put_to_sink(writer->out, out);
}

void zip_writer_clear(struct zip_writer *writer)
{
    buffer_clear(&writer->directory);
}
