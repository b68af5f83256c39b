#include "tests/check.h"

#include "tests/zip_make.h"

#include <zlib.h>

static void put(struct buffer *out, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        buffer_u8(out, (uint8_t)(value >> (8 * i)));
}

static void pack(const struct zip_member *member, struct span plain, struct buffer *ret_packed)
{
    if (!member->deflate) {
        buffer_append(ret_packed, plain);
        return;
    }
    z_stream stream = {.next_in = (Bytef *)plain.data, .avail_in = (uInt)plain.size};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&stream, plain.size);
    stream.next_out = buffer_reserve(ret_packed, room);
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    ret_packed->size += stream.total_out;
    deflateEnd(&stream);
}

/* What both headers say of a member. */
struct facts {
    unsigned flags, method;
    uint32_t crc;
    uint64_t packed, size;
    uint64_t at;
};

static void put_facts(struct buffer *out, const struct facts *facts, bool sizes, bool wide)
{
    put(out, 20, 2); /* version needed */
    put(out, facts->flags, 2);
    put(out, facts->method, 2);
    put(out, 0x5A210000, 4); /* date and time */
    put(out, sizes ? facts->crc : 0, 4);
    put(out, wide ? 0xFFFFFFFF : sizes ? facts->packed : 0, 4);
    put(out, wide ? 0xFFFFFFFF : sizes ? facts->size : 0, 4);
}

static void put_local(struct buffer *out, const struct zip_member *member, const struct facts *facts,
                      struct span packed)
{
    const char *name = member->local_name ? member->local_name : member->name;
    struct facts said = *facts;
    if (member->local_crc)
        said.crc = member->local_crc;
    buffer_text(out, "PK\3\4");
    put_facts(out, &said, !member->descriptor, false);
    put(out, strlen(name), 2);
    put(out, member->extra ? 8 : 0, 2);
    buffer_text(out, name);
    if (member->extra)
        buffer_append(out, SPAN_LITERAL("\xFE\xCA\4\0abcd"));
    buffer_append(out, packed);
    if (!member->descriptor)
        return;
    buffer_text(out, "PK\7\10");
    put(out, facts->crc, 4);
    put(out, facts->packed, 4);
    put(out, facts->size, 4);
}

static void put_directory(struct buffer *out, const struct zip_member *member, const struct facts *facts)
{
    size_t unicode = member->unicode_name ? 9 + strlen(member->unicode_name) : 0;
    buffer_text(out, "PK\1\2");
    put(out, 3 << 8 | 20, 2); /* made by: Unix */
    put_facts(out, facts, true, member->wide);
    put(out, strlen(member->name), 2);
    put(out, unicode + (member->wide ? 20 : 0), 2);
    put(out, 0, 2); /* comment */
    put(out, 0, 2); /* disk */
    put(out, 0, 2);
    put(out, (uint32_t)(member->link ? 0120777u : 0100644u) << 16, 4);
    put(out, facts->at, 4);
    buffer_text(out, member->name);
    if (member->wide) {
        put(out, 0x0001, 2);
        put(out, 16, 2);
        put(out, facts->size, 8);
        put(out, facts->packed, 8);
    }
    if (unicode) {
        put(out, 0x7075, 2);
        put(out, unicode - 4, 2);
        put(out, 1, 1);
        put(out, crc32(0, (const Bytef *)member->name, (uInt)strlen(member->name)), 4);
        buffer_text(out, member->unicode_name);
    }
}

static void put_end(struct buffer *out, uint64_t count, uint64_t at, uint64_t size,
                    const struct zip_lies *lies)
{
    if (lies->wide) {
        uint64_t end64 = out->size;
        buffer_text(out, "PK\6\6");
        put(out, 44, 8);
        put(out, 45, 2);
        put(out, 45, 2);
        put(out, 0, 4);
        put(out, 0, 4);
        put(out, count, 8);
        put(out, count, 8);
        put(out, size, 8);
        put(out, at, 8);
        buffer_text(out, "PK\6\7");
        put(out, 0, 4);
        put(out, end64, 8);
        put(out, 1, 4);
    }
    buffer_text(out, "PK\5\6");
    put(out, 0, 4);
    put(out, lies->wide ? 0xFFFF : count, 2);
    put(out, lies->wide ? 0xFFFF : count, 2);
    put(out, lies->wide ? 0xFFFFFFFF : size, 4);
    put(out, lies->wide ? 0xFFFFFFFF : at, 4);
    put(out, lies->second_end ? 22 : lies->comment ? strlen(lies->comment) : 0, 2);
    buffer_text(out, lies->comment ? lies->comment : "");
}

static struct facts put_member(struct buffer *out, const struct zip_member *member,
                               const struct facts *before)
{
    struct buffer packed CLEANUP(buffer_clear) = {0};
    struct span plain = member->size ? span_of(member->text, member->size) : span_text(member->text);
    pack(member, plain, &packed);
    buffer_text(out, member->gap ? member->gap : "");
    struct facts facts = {.flags = member->flags | (member->descriptor ? 8u : 0u),
                          .method = member->method    ? member->method
                                    : member->deflate ? 8
                                                      : 0,
                          .crc = (uint32_t)crc32(0, plain.data, (uInt)plain.size),
                          .packed = packed.size,
                          .size = member->claimed_size ? member->claimed_size : plain.size,
                          .at = out->size};
    if (member->on_the_one_before)
        facts = *before;
    else
        put_local(out, member, &facts, buffer_span(&packed));
    return facts;
}

void zip_make(const struct zip_member *members, size_t count, const struct zip_lies *lies,
              struct buffer *ret_zip)
{
    static const struct zip_lies none = {0};
    struct buffer directory CLEANUP(buffer_clear) = {0};
    struct facts before = {0};
    uint64_t listed = 0;
    lies = lies ? lies : &none;
    for (size_t i = 0; i < count; i++) {
        before = put_member(ret_zip, &members[i], &before);
        if (members[i].hidden)
            continue;
        put_directory(&directory, &members[i], &before);
        listed++;
    }
    uint64_t at = ret_zip->size;
    buffer_append(ret_zip, buffer_span(&directory));
    put_end(ret_zip, listed + (uint64_t)lies->count_more, at, directory.size, lies);
    if (lies->second_end)
        put_end(ret_zip, listed, at, directory.size, &none);
    buffer_text(ret_zip, lies->trail ? lies->trail : "");
    assert_false(ret_zip->failed);
}
