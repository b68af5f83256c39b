#include "base/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>

static const struct {
    const char *name, *fetch;
    size_t size;
    bool weak;
} kinds[DIGEST_ALGORITHMS] = {
    [DIGEST_SHA256] = {"sha256", "SHA2-256", .size = 32},
    [DIGEST_SHA384] = {"sha384", "SHA2-384", .size = 48},
    [DIGEST_SHA512] = {"sha512", "SHA2-512", .size = 64},
    [DIGEST_SHA1] = {"sha1", "SHA1", 20, .weak = true},
    [DIGEST_SHA224] = {"sha224", "SHA2-224", .size = 28},
    [DIGEST_SHA3_224] = {"sha3-224", "SHA3-224", .size = 28},
    [DIGEST_SHA3_256] = {"sha3-256", "SHA3-256", .size = 32},
    [DIGEST_SHA3_384] = {"sha3-384", "SHA3-384", .size = 48},
    [DIGEST_SHA3_512] = {"sha3-512", "SHA3-512", .size = 64},
    [DIGEST_MD5] = {"md5", "MD5", 16, .weak = true},
    [DIGEST_RIPEMD160] = {"ripemd160", "RIPEMD-160", 20, .weak = true},
};

static EVP_MD *fetched[DIGEST_ALGORITHMS]; /* set once under `once`, then read-only */
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void fetch_all(void)
{
    for (size_t i = 0; i < DIGEST_ALGORITHMS; i++)
        fetched[i] = EVP_MD_fetch(NULL, kinds[i].fetch, NULL);
}

const void *digest_evp(enum digest_algorithm algorithm)
{
    pthread_once(&once, fetch_all);
    return fetched[algorithm];
}

size_t digest_size(enum digest_algorithm algorithm)
{
    return kinds[algorithm].size;
}

bool digest_is_weak(enum digest_algorithm algorithm)
{
    return kinds[algorithm].weak;
}

bool digest_is_known(enum digest_algorithm algorithm)
{
    return digest_evp(algorithm) != NULL;
}

const char *digest_name(enum digest_algorithm algorithm)
{
    return kinds[algorithm].name;
}

struct digest_value digest_of(enum digest_algorithm algorithm, struct span bytes)
{
    struct digest_value value = {.size = kinds[algorithm].size};
    unsigned size = 0;
    if (EVP_Digest(bytes.data, bytes.size, value.bytes, &size, digest_evp(algorithm), NULL) != 1)
        abort();
    return value;
}

struct digest {
    EVP_MD_CTX *context;
    enum digest_algorithm algorithm;
};

struct digest *digest_new(enum digest_algorithm algorithm)
{
    struct digest *digest = calloc(1, sizeof(*digest));
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    if (!digest || !context || EVP_DigestInit_ex(context, digest_evp(algorithm), NULL) != 1)
        abort();
    digest->context = context;
    digest->algorithm = algorithm;
    return digest;
}

void digest_add(struct digest *digest, struct span bytes)
{
    if (EVP_DigestUpdate(digest->context, bytes.data, bytes.size) != 1)
        abort();
}

struct digest_value digest_finish(struct digest *digest)
{
    struct digest_value value = {.size = kinds[digest->algorithm].size};
    unsigned size = 0;
    if (EVP_DigestFinal_ex(digest->context, value.bytes, &size) != 1)
        abort();
    return value;
}

struct digest *digest_copy(const struct digest *digest)
{
    struct digest *copy = digest_new(digest->algorithm);
    if (EVP_MD_CTX_copy_ex(copy->context, digest->context) != 1)
        abort();
    return copy;
}

void digest_free(struct digest **digest)
{
    if (!*digest)
        return;
    EVP_MD_CTX_free((*digest)->context);
    free(*digest);
    *digest = NULL;
}

struct digest_value hmac_sha256(struct span key, struct span message)
{
    struct digest_value value = {.size = SHA256_SIZE};
    unsigned size = 0;
    static const uint8_t nothing[1];
    if (!HMAC(digest_evp(DIGEST_SHA256), key.size ? key.data : nothing, (int)key.size, message.data,
              message.size, value.bytes, &size))
        abort();
    return value;
}

void hex_text(struct span bytes, char *ret_text)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < bytes.size; i++) {
        ret_text[2 * i] = digits[bytes.data[i] >> 4];
        ret_text[2 * i + 1] = digits[bytes.data[i] & 15];
    }
    ret_text[2 * bytes.size] = '\0';
}

static int hex_digit(uint8_t c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_read(struct span text, size_t size, uint8_t *ret_bytes)
{
    if (text.size != 2 * size)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_digit(text.data[2 * i]), low = hex_digit(text.data[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        ret_bytes[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

void random_bytes(uint8_t *ret_bytes, size_t size)
{
    for (size_t at = 0; at < size;) {
        ssize_t got = getrandom(ret_bytes + at, size - at, 0);
        if (got <= 0)
            abort();
        at += (size_t)got;
    }
}

void base64_append(struct buffer *buffer, struct span bytes)
{
    uint8_t *room = buffer_reserve(buffer, (bytes.size + 2) / 3 * 4 + 1);
    if (room)
        buffer->size += (size_t)EVP_EncodeBlock(room, bytes.data, (int)bytes.size);
}

enum { BASE64_SPACE = 64, BASE64_PAD = 65, BASE64_BAD = 66 };

/* clang-format off */
/* The value XOR BASE64_BAD, so that what is not named is bad. */
static const uint8_t base64_bad_xor[256] = {
#define V(c, v) [c] = (v) ^ BASE64_BAD
#define V4(c, v) V(c, v), V((c) + 1, (v) + 1), V((c) + 2, (v) + 2), V((c) + 3, (v) + 3)
    V4('A', 0), V4('E', 4), V4('I', 8), V4('M', 12), V4('Q', 16), V4('U', 20), V('Y', 24), V('Z', 25),
    V4('a', 26), V4('e', 30), V4('i', 34), V4('m', 38), V4('q', 42), V4('u', 46), V('y', 50), V('z', 51),
    V4('0', 52), V4('4', 56), V('8', 60), V('9', 61), V('+', 62), V('/', 63),
    V(' ', BASE64_SPACE), V('\t', BASE64_SPACE), V('\r', BASE64_SPACE), V('\n', BASE64_SPACE), V('=', BASE64_PAD),
#undef V4
#undef V
};
/* clang-format on */

static inline uint32_t base64_value(uint8_t c)
{
    return base64_bad_xor[c] ^ BASE64_BAD;
}

/* Whole groups of four letters, the fast way; returns how many characters were taken. */
static size_t decode_run(const uint8_t *text, size_t size, uint8_t *out)
{
    size_t at = 0;
    for (; at + 4 <= size; at += 4, out += 3) {
        uint32_t a = base64_value(text[at]), b = base64_value(text[at + 1]), c = base64_value(text[at + 2]),
                 d = base64_value(text[at + 3]);
        if ((a | b | c | d) >= BASE64_SPACE)
            break;
        uint32_t bits = a << 18 | b << 12 | c << 6 | d;
        out[0] = (uint8_t)(bits >> 16);
        out[1] = (uint8_t)(bits >> 8);
        out[2] = (uint8_t)bits;
    }
    return at;
}

size_t base64_decode(struct base64_decoder *decoder, struct span text, uint8_t *ret_bytes)
{
    size_t written = 0;
    for (size_t at = 0; at < text.size && !decoder->failed;) {
        if (decoder->held == 0 && decoder->padded == 0) {
            size_t taken = decode_run(text.data + at, text.size - at, ret_bytes + written);
            written += taken / 4 * 3;
            at += taken;
            if (at == text.size)
                break;
        }
        uint32_t value = base64_value(text.data[at++]);
        if (value == BASE64_SPACE)
            continue;
        if (value == BASE64_PAD) {
            decoder->padded++;
            decoder->failed = decoder->held < 2 || decoder->held + decoder->padded > 4;
            continue;
        }
        if (value == BASE64_BAD || decoder->padded) {
            decoder->failed = true;
            continue;
        }
        decoder->bits = decoder->bits << 6 | value;
        if (++decoder->held == 4) {
            ret_bytes[written++] = (uint8_t)(decoder->bits >> 16);
            ret_bytes[written++] = (uint8_t)(decoder->bits >> 8);
            ret_bytes[written++] = (uint8_t)decoder->bits;
            decoder->held = 0;
            decoder->bits = 0;
        }
    }
    return written;
}

bool base64_decode_end(struct base64_decoder *decoder, uint8_t ret_bytes[static 2], size_t *ret_size)
{
    *ret_size = 0;
    if (decoder->failed || decoder->held == 1 || (decoder->padded && decoder->held + decoder->padded != 4))
        return false;
    if (decoder->held == 2)
        ret_bytes[(*ret_size)++] = (uint8_t)(decoder->bits >> 4);
    if (decoder->held == 3) {
        ret_bytes[(*ret_size)++] = (uint8_t)(decoder->bits >> 10);
        ret_bytes[(*ret_size)++] = (uint8_t)(decoder->bits >> 2);
    }
    return true;
}

bool base64_read(struct span text, struct buffer *ret_bytes)
{
    struct base64_decoder decoder = {0};
    uint8_t *room = buffer_reserve(ret_bytes, text.size / 4 * 3 + 3);
    if (!room)
        return false;
    ret_bytes->size += base64_decode(&decoder, text, room);
    uint8_t last[2];
    size_t size;
    if (!base64_decode_end(&decoder, last, &size))
        return false;
    buffer_append(ret_bytes, span_of(last, size));
    return !ret_bytes->failed;
}
