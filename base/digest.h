/* Digests, HMAC, hexadecimal and base64: thin words over OpenSSL (algorithms are fetched once, which matters for small
 * inputs) and one base64 coder for streams. Threads may use all of it; one struct digest belongs to one thread. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"

/* We sign with the first three; the others are met in what others have signed. */
enum digest_algorithm {
    DIGEST_SHA256,
    DIGEST_SHA384,
    DIGEST_SHA512,
    DIGEST_SHA1,
    DIGEST_SHA224,
    DIGEST_SHA3_224,
    DIGEST_SHA3_256,
    DIGEST_SHA3_384,
    DIGEST_SHA3_512,
    DIGEST_MD5,
    DIGEST_RIPEMD160,
    DIGEST_ALGORITHMS
};

enum { DIGEST_MAX = 64, SHA256_SIZE = 32, SHA256_HEX_SIZE = 65 };

struct digest_value {
    uint8_t bytes[DIGEST_MAX];
    size_t size;
};

size_t digest_size(enum digest_algorithm algorithm);
/* Whether it is broken: collisions of it are made in practice (SHA-1, MD5), or nearly. */
bool digest_is_weak(enum digest_algorithm algorithm);
/* Whether this OpenSSL has it; SHA-2 and SHA-1 always. The others must be asked about before they are used. */
bool digest_is_known(enum digest_algorithm algorithm);
/* "sha256" … */
const char *digest_name(enum digest_algorithm algorithm);
/* The fetched EVP_MD (const EVP_MD *), for OpenSSL calls that want one. Never freed by the caller. */
const void *digest_evp(enum digest_algorithm algorithm);

/* The digest of one span. Aborts only when OpenSSL has no such algorithm at all. */
struct digest_value digest_of(enum digest_algorithm algorithm, struct span bytes);

struct digest; /* a running digest */
struct digest *digest_new(enum digest_algorithm algorithm) MUST_USE;
void digest_add(struct digest *digest, struct span bytes);
struct digest_value digest_finish(struct digest *digest);
/* Another one that has seen the same so far. */
struct digest *digest_copy(const struct digest *digest) MUST_USE;
void digest_free(struct digest **digest);

struct digest_value hmac_sha256(struct span key, struct span message);

static inline struct span digest_span(const struct digest_value *value)
{
    return (struct span){value->bytes, value->size};
}

/* Lower-case; ret_text has room for 2 * size + 1. */
void hex_text(struct span bytes, char *ret_text);
/* Reads exactly 2 * size hexadecimal digits of either case. */
bool hex_read(struct span text, size_t size, uint8_t *ret_bytes) MUST_USE;

/* Random bytes from the system; never fails (aborts when the kernel gives none). */
void random_bytes(uint8_t *ret_bytes, size_t size);

/* RFC 4648 §4, no line breaks. */
void base64_append(struct buffer *buffer, struct span bytes);

/* A strict-enough streaming decoder for base64 in XML: white space is skipped, padding may be missing at the end, anything
 * else fails, a single left-over character fails, bytes after padding fail. Start with {0}. */
struct base64_decoder {
    uint32_t bits;
    uint8_t held; /* characters of the current group */
    uint8_t padded;
    bool failed;
};
/* Decodes into ret_bytes, which has room for text.size / 4 * 3 + 3; returns how many were written. */
size_t base64_decode(struct base64_decoder *decoder, struct span text, uint8_t *ret_bytes);
/* The last bytes (at most 2) when padding was missing; false when the text was not base64. */
bool base64_decode_end(struct base64_decoder *decoder, uint8_t ret_bytes[static 2], size_t *ret_size)
    MUST_USE;
/* The whole of it at once, into a cleared buffer. */
bool base64_read(struct span text, struct buffer *ret_bytes) MUST_USE;
