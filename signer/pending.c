/* A pending signature as bytes that can be stored. Read back it is checked like any frame: it may have lain
 * in a database for a week. */
#include "base/base_text.h"
#include "signer/format.h"
#include "signer/signer_text.h"

enum { PENDING_VERSION = 3, PENDING_MAX = 256 << 20 };

void pending_write(const struct pending *pending, struct buffer *buffer)
{
    buffer_u8(buffer, PENDING_VERSION);
    buffer_u8(buffer, (uint8_t)pending->format);
    buffer_u8(buffer, (uint8_t)pending->packaging);
    buffer_u8(buffer, (uint8_t)pending->digest_algorithm);
    buffer_sized(buffer, digest_span(&pending->to_sign));
    buffer_sized(buffer, digest_span(&pending->document_digest));
    buffer_u64(buffer, pending->document_size);
    buffer_sized(buffer, buffer_span(&pending->signed_attributes));
    buffer_sized(buffer, buffer_span(&pending->certificate));
    buffer_u16(buffer, (uint16_t)pending->chain.count);
    for (size_t i = 0; i < pending->chain.count; i++)
        buffer_sized(buffer, buffer_span(&pending->chain.der[i]));
    buffer_sized(buffer, buffer_span(&pending->addition));
    buffer_u64(buffer, pending->insert_at);
    buffer_u64(buffer, pending->hole_at);
    buffer_u64(buffer, pending->hole_size);
    buffer_sized(buffer, buffer_span(&pending->document_name));
    buffer_u32(buffer, pending->checksum);
    buffer_u64(buffer, pending->unsigned_at);
    buffer_u8(buffer, (uint8_t)pending->level);
    buffer_sized(buffer, buffer_span(&pending->token));
}

static void read_digest(struct reader *r, size_t size, struct digest_value *ret_digest)
{
    struct span bytes = read_sized(r, DIGEST_MAX);
    if (bytes.size != size)
        r->failed = true;
    if (r->failed)
        return;
    memcpy(ret_digest->bytes, bytes.data, bytes.size);
    ret_digest->size = bytes.size;
}

static void read_buffer(struct reader *r, struct buffer *ret_buffer)
{
    buffer_append(ret_buffer, read_sized(r, PENDING_MAX));
    r->failed |= ret_buffer->failed;
}

static void read_chain(struct reader *r, struct certificates *chain)
{
    struct error why = {0};
    for (size_t left = read_u16(r); left > 0 && !r->failed; left--)
        r->failed |= !certificates_add(chain, read_sized(r, CERTIFICATE_MAX), &why);
}

/* A number from outside that must be one of an enumeration's, from `first`. */
static int read_kind(struct reader *r, int first, int end)
{
    int kind = read_u8(r);
    if (kind < first || kind >= end)
        r->failed = true;
    return r->failed ? first : kind;
}

bool pending_read(struct span bytes, struct pending **ret_pending, struct error *err)
{
    struct pending *pending CLEANUP(pending_free) = calloc(1, sizeof(*pending));
    if (!pending)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    struct reader r = reader_of(bytes);
    if (read_u8(&r) != PENDING_VERSION)
        r.failed = true;
    pending->format = (enum signature_format)read_kind(&r, FORMAT_AUTO + 1, SIGNATURE_FORMATS);
    pending->packaging = (enum signature_packaging)read_kind(&r, PACKAGING_AUTO + 1, SIGNATURE_PACKAGINGS);
    pending->digest_algorithm = (enum digest_algorithm)read_kind(&r, 0, DIGEST_SHA1);
    read_digest(&r, digest_size(pending->digest_algorithm), &pending->to_sign);
    read_digest(&r, SHA256_SIZE, &pending->document_digest);
    pending->document_size = read_u64(&r);
    read_buffer(&r, &pending->signed_attributes);
    read_buffer(&r, &pending->certificate);
    read_chain(&r, &pending->chain);
    read_buffer(&r, &pending->addition);
    pending->insert_at = read_u64(&r);
    pending->hole_at = read_u64(&r);
    pending->hole_size = read_u64(&r);
    read_buffer(&r, &pending->document_name);
    pending->checksum = read_u32(&r);
    pending->unsigned_at = read_u64(&r);
    pending->level = (enum signature_level)read_kind(&r, 0, SIGNATURE_LEVELS);
    buffer_append(&pending->token, read_sized(&r, TIMESTAMP_MAX_TOKEN));
    bool inside = pending->insert_at <= pending->document_size && pending->hole_at <= pending->addition.size
                  && pending->hole_size <= pending->addition.size - pending->hole_at
                  && pending->unsigned_at <= pending->addition.size
                  && (pending->format != FORMAT_XADES || pending->unsigned_at >= pending->hole_at);
    if (r.failed || r.left.size != 0 || !inside || pending->token.failed)
        return fail(err, ERR_MALFORMED, &TEXT_PENDING_DAMAGED);
    *ret_pending = TAKE(pending);
    return true;
}
