#include "signer/detached.h"

#include <zlib.h>

#include "base/base_text.h"
#include "signer/asic_text.h"

enum {
    INFLATE_STEP = 64 << 10, /* bytes at a time */
    FEED_STEP = 1 << 20,     /* bytes of input at a time: zlib counts in 32 bits */
    NAME_MAX_SIZE = 4096     /* bytes of a reference */
};

uint64_t detached_size(const struct detached *file)
{
    return file->deflated ? file->size : file->bytes.size;
}

static bool damaged(const struct detached *file, struct error *err)
{
    return fail(err, ERR_MALFORMED, &TEXT_MEMBER_DAMAGED, file->name);
}

/* Where what comes out goes. */
struct outlet {
    struct digest *digest; /* or */
    struct buffer *buffer;
};

static void let_out(const struct outlet *outlet, struct span piece)
{
    if (outlet->digest)
        digest_add(outlet->digest, piece);
    else
        buffer_append(outlet->buffer, piece);
}

/* What is said about the size binds: a byte more or less is damage, so that no bomb goes off. */
static bool inflate_pieces(const struct detached *file, z_stream *stream, uint8_t *piece,
                           const struct outlet *outlet, struct error *err)
{
    struct span left = file->bytes;
    uint64_t size = 0;
    for (int said = Z_OK; said != Z_STREAM_END;) {
        struct span feed = span_slice(left, 0, FEED_STEP);
        stream->next_in = (Bytef *)feed.data;
        stream->avail_in = (uInt)feed.size;
        stream->next_out = piece;
        stream->avail_out = INFLATE_STEP;
        said = inflate(stream, Z_NO_FLUSH);
        size_t used = feed.size - stream->avail_in, came = INFLATE_STEP - stream->avail_out;
        left = span_slice(left, used, SIZE_MAX);
        size += came;
        if ((said != Z_OK && said != Z_STREAM_END) || size > file->size
            || (used == 0 && came == 0 && said == Z_OK))
            return damaged(file, err);
        let_out(outlet, span_of(piece, came));
    }
    return (size == file->size && left.size == 0) || damaged(file, err);
}

static bool inflate_all(const struct detached *file, const struct outlet *outlet, struct error *err)
{
    z_stream stream = {0};
    uint8_t *piece CLEANUP(free_clear) = malloc(INFLATE_STEP);
    if (!piece || inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    bool good = inflate_pieces(file, &stream, piece, outlet, err);
    inflateEnd(&stream);
    return good;
}

bool detached_digest(const struct detached *file, enum digest_algorithm algorithm,
                     struct digest_value *ret_digest, struct error *err)
{
    if (file->memo && file->memo->known[algorithm]) {
        *ret_digest = file->memo->value[algorithm];
        return true;
    }
    struct digest *digest CLEANUP(digest_free) = digest_new(algorithm);
    if (!file->deflated)
        digest_add(digest, file->bytes);
    else if (!inflate_all(file, &(struct outlet){.digest = digest}, err))
        return false;
    *ret_digest = digest_finish(digest);
    if (file->memo) {
        file->memo->value[algorithm] = *ret_digest;
        file->memo->known[algorithm] = true;
    }
    return true;
}

bool detached_bytes(const struct detached *file, size_t limit, struct buffer *hold, struct span *ret_bytes,
                    struct error *err)
{
    if (detached_size(file) > limit)
        return fail(err, ERR_TOO_LARGE, &TEXT_MEMBER_TOO_LARGE, file->name);
    if (file->deflated && !inflate_all(file, &(struct outlet){.buffer = hold}, err))
        return false;
    if (hold->failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *ret_bytes = file->deflated ? buffer_span(hold) : file->bytes;
    return true;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct detached *)a)->name, ((const struct detached *)b)->name);
}

void detached_sort(struct detached *files, size_t count)
{
    if (count > 1)
        qsort(files, count, sizeof(*files), by_name);
}

const struct detached *detached_named(const struct detached *files, size_t count, const char *name)
{
    struct detached wanted = {.name = name};
    return count ? bsearch(&wanted, files, count, sizeof(*files), by_name) : NULL;
}

/* RFC 3986, 2.1. False when a '%' encodes nothing, or a NUL. */
static bool undo_percent(struct span text, char *ret_name)
{
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++, size++) {
        ret_name[size] = (char)text.data[i];
        if (text.data[i] != '%')
            continue;
        if (i + 2 >= text.size || !hex_read(span_slice(text, i + 1, 2), 1, (uint8_t *)&ret_name[size])
            || !ret_name[size])
            return false;
        i += 2;
    }
    ret_name[size] = '\0';
    return true;
}

const struct detached *detached_find(const struct detached *files, size_t count, struct span uri)
{
    char name[NAME_MAX_SIZE + 1];
    while (span_starts(uri, "./"))
        uri = span_slice(uri, 2, SIZE_MAX);
    if (uri.size > NAME_MAX_SIZE || (uri.size && memchr(uri.data, '\0', uri.size)))
        return NULL;
    if (!undo_percent(uri, name)) {
        memcpy(name, uri.data, uri.size);
        name[uri.size] = '\0';
    }
    return detached_named(files, count, name);
}
