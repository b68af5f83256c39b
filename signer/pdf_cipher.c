#include "signer/pdf_cipher.h"

#include <openssl/evp.h>

#include "base/digest.h"

DEFINE_CLEANUP(EVP_CIPHER_CTX *, cipher_clear, EVP_CIPHER_CTX_free)

enum { BLOCK = 16 };

void pdf_md5(const struct span *parts, size_t count, uint8_t ret_digest[static PDF_MD5_SIZE])
{
    struct digest *digest CLEANUP(digest_free) = digest_new(DIGEST_MD5);
    for (size_t i = 0; i < count; i++)
        digest_add(digest, parts[i]);
    struct digest_value value = digest_finish(digest);
    memcpy(ret_digest, value.bytes, PDF_MD5_SIZE);
}

void pdf_rc4(struct span key, struct span bytes, uint8_t *ret_bytes)
{
    uint8_t state[256], swap;
    for (unsigned i = 0; i < sizeof(state); i++)
        state[i] = (uint8_t)i;
    for (unsigned i = 0, j = 0; i < sizeof(state); i++) {
        j = (j + state[i] + key.data[i % key.size]) & 0xFF;
        swap = state[i], state[i] = state[j], state[j] = swap;
    }
    uint8_t i = 0, j = 0;
    for (size_t at = 0; at < bytes.size; at++) {
        j = (uint8_t)(j + state[++i]);
        swap = state[i], state[i] = state[j], state[j] = swap;
        ret_bytes[at] = bytes.data[at] ^ state[(uint8_t)(state[i] + state[j])];
    }
}

/* CBC over whole blocks. */
static bool aes(const uint8_t *key, size_t key_size, const uint8_t *vector, bool encrypt, struct span bytes,
                uint8_t *ret_bytes)
{
    EVP_CIPHER_CTX *context CLEANUP(cipher_clear) = EVP_CIPHER_CTX_new();
    int size = 0;
    return context && bytes.size <= INT32_MAX
           && EVP_CipherInit_ex(context, key_size == 16 ? EVP_aes_128_cbc() : EVP_aes_256_cbc(), NULL, key,
                                vector, encrypt)
                  == 1
           && EVP_CIPHER_CTX_set_padding(context, 0) == 1
           && EVP_CipherUpdate(context, ret_bytes, &size, bytes.data, (int)bytes.size) == 1
           && (size_t)size == bytes.size;
}

/* What PKCS #7 padding leaves (RFC 8018, 6.1.1). Padding that is none is left: some writers forget it. */
static size_t without_padding(const uint8_t *plain, size_t size)
{
    uint8_t padding = size ? plain[size - 1] : 0;
    if (padding == 0 || padding > BLOCK)
        return size;
    for (size_t i = 1; i <= padding; i++)
        if (plain[size - i] != padding)
            return size;
    return size - padding;
}

bool pdf_decrypt(enum pdf_cipher cipher, const struct pdf_key *key, struct span bytes, struct buffer *buffer)
{
    uint8_t *plain = buffer_reserve(buffer, bytes.size + 1);
    if (!plain)
        return false;
    if (cipher == PDF_CIPHER_NONE || bytes.size == 0) {
        memcpy(plain, bytes.size ? bytes.data : plain, bytes.size);
        buffer->size += bytes.size;
        return true;
    }
    if (cipher == PDF_CIPHER_RC4) {
        pdf_rc4(span_of(key->bytes, key->size), bytes, plain);
        buffer->size += bytes.size;
        return true;
    }
    struct span text = span_slice(bytes, BLOCK, SIZE_MAX);
    if (bytes.size < BLOCK || text.size % BLOCK != 0
        || !aes(key->bytes, key->size, bytes.data, false, text, plain))
        return false;
    buffer->size += without_padding(plain, text.size);
    return true;
}

bool pdf_unwrap(const uint8_t key[static PDF_KEY_MAX], const uint8_t wrapped[static PDF_KEY_MAX],
                struct pdf_key *ret_key)
{
    static const uint8_t zeros[BLOCK];
    ret_key->size = PDF_KEY_MAX;
    return aes(key, PDF_KEY_MAX, zeros, false, span_of(wrapped, PDF_KEY_MAX), ret_key->bytes);
}

bool pdf_hash_r6(struct span salt, uint8_t ret_hash[static PDF_KEY_MAX])
{
    enum { ROUNDS = 64, REPEATS = 64, GIVE_UP = ROUNDS + 256 };
    static const enum digest_algorithm next[] = {DIGEST_SHA256, DIGEST_SHA384, DIGEST_SHA512};
    struct digest_value key = digest_of(DIGEST_SHA256, salt);
    uint8_t text[REPEATS * DIGEST_MAX], mixed[REPEATS * DIGEST_MAX];
    unsigned last = 0;
    for (unsigned round = 0; round < ROUNDS || last + 32 > round; round++) {
        if (round == GIVE_UP) /* a byte is at most 255: never */
            return false;
        for (size_t i = 0; i < REPEATS; i++)
            memcpy(text + i * key.size, key.bytes, key.size);
        struct span all = span_of(mixed, REPEATS * key.size);
        if (!aes(key.bytes, 16, key.bytes + 16, true, span_of(text, all.size), mixed))
            return false;
        unsigned sum = 0;
        for (size_t i = 0; i < BLOCK; i++)
            sum += mixed[i];
        key = digest_of(next[sum % 3], all);
        last = mixed[all.size - 1];
    }
    memcpy(ret_hash, key.bytes, PDF_KEY_MAX);
    return true;
}
