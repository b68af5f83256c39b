#include "service/axis_wire.h"

#include <ctype.h>
#include <fcntl.h>

#include "base/base_text.h"
#include "exchange/package_text.h"
#include "service/axis_text.h"
#include "service/axis_words.h"

enum { DECODE_STEP = 256 << 10 };

static struct span without_line_end(struct span bytes)
{
    bool ends = bytes.size >= 2 && bytes.data[bytes.size - 2] == '\r' && bytes.data[bytes.size - 1] == '\n';
    return span_slice(bytes, 0, ends ? bytes.size - 2 : bytes.size);
}

/* XML begins with <, a byte order mark or a blank; none of them is of base64. */
static bool may_be_base64(struct span bytes)
{
    return bytes.size > 0 && (isalnum(bytes.data[0]) || bytes.data[0] == '+' || bytes.data[0] == '/');
}

static bool fits(struct axis_wire *wire, struct span bytes, const char *hash_file)
{
    wire->bytes = bytes;
    wire->sha256 = digest_of(DIGEST_SHA256, bytes);
    return axis_digest_fits(&wire->sha256, hash_file);
}

/* Both readings of the end: the SDK's CRLF behind the package, or none. */
static bool fits_as_it_is(struct axis_wire *wire, const char *hash_file)
{
    struct span whole = wire->source.bytes, cut = without_line_end(whole);
    return fits(wire, cut, hash_file) || (cut.size < whole.size && fits(wire, whole, hash_file));
}

static bool decode_into(struct span text, int fd, bool *ret_base64, struct error *err)
{
    struct base64_decoder decoder = {0};
    uint8_t *room CLEANUP(free_clear) = malloc(DECODE_STEP / 4 * 3 + 3), rest[2];
    size_t size;
    if (!room)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t at = 0; at < text.size && !decoder.failed; at += DECODE_STEP) {
        size = base64_decode(&decoder, span_slice(text, at, DECODE_STEP), room);
        if (!fd_write_all(fd, span_of(room, size), err))
            return false;
    }
    *ret_base64 = base64_decode_end(&decoder, rest, &size);
    return !*ret_base64 || fd_write_all(fd, span_of(rest, size), err);
}

/* ret_wire stays empty when the text is no base64. */
static bool decode(struct span text, const char *spool, struct axis_wire *ret_wire, struct error *err)
{
    struct axis_wire wire CLEANUP(axis_wire_close) = {.source.fd = -1, .fd = -1};
    bool base64;
    if (!spool_file(spool, text.size / 4 * 3, &wire.fd, err) || !decode_into(text, wire.fd, &base64, err))
        return false;
    if (!base64)
        return true;
    int mapped = fcntl(wire.fd, F_DUPFD_CLOEXEC, 3);
    if (mapped < 0 || !source_map_fd(mapped, &wire.source, err)) {
        fd_close(&mapped);
        return false;
    }
    wire.bytes = wire.source.bytes;
    wire.sha256 = digest_of(DIGEST_SHA256, wire.bytes);
    *ret_wire = wire;
    wire = (struct axis_wire){.source.fd = -1, .fd = -1};
    return true;
}

static bool open_body(const struct http_body *body, struct axis_wire *wire, struct error *err)
{
    if (!http_body_source(body, &wire->source, err))
        return false;
    wire->fd = body->fd < 0 ? -1 : fcntl(body->fd, F_DUPFD_CLOEXEC, 3);
    if (without_line_end(wire->source.bytes).size == 0)
        return fail(err, ERR_MALFORMED, &TEXT_PACKAGE_EMPTY);
    return body->fd < 0 || wire->fd >= 0 ? true : fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

bool axis_wire_open(const struct http_body *body, const char *spool, const char *hash_file,
                    struct axis_wire *ret_wire, struct error *err)
{
    struct axis_wire wire CLEANUP(axis_wire_close) = {.source.fd = -1, .fd = -1};
    struct axis_wire decoded CLEANUP(axis_wire_close) = {.source.fd = -1, .fd = -1};
    if (!open_body(body, &wire, err))
        return false;
    bool fitting = fits_as_it_is(&wire, hash_file);
    struct span text = without_line_end(wire.source.bytes);
    if (may_be_base64(text) && !decode(text, spool, &decoded, err))
        return false;
    bool meant = decoded.bytes.size > 0 && (fitting || axis_digest_fits(&decoded.sha256, hash_file));
    if (!fitting && !meant)
        return fail(err, ERR_MALFORMED, &TEXT_AXIS_HASH_FILE);

    struct axis_wire *chosen = meant ? &decoded : &wire;
    *ret_wire = *chosen;
    *chosen = (struct axis_wire){.source.fd = -1, .fd = -1};
    return true;
}

void axis_wire_close(struct axis_wire *wire)
{
    source_close(&wire->source);
    fd_close(&wire->fd);
    *wire = (struct axis_wire){.source.fd = -1, .fd = -1};
}
