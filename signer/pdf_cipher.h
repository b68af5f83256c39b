/* The ciphers and digests of PDF encryption (ISO 32000-2, 7.6), over bytes: RC4, AES in CBC mode, MD5, and
 * the hash that revision 6 made out of them. RC4 is written here: where documents are looked at, OpenSSL can
 * no longer load the provider that has it. Threads may use all of it. */
#pragma once

#include "base/bytes.h"

enum pdf_cipher { PDF_CIPHER_NONE, PDF_CIPHER_RC4, PDF_CIPHER_AES };

enum { PDF_KEY_MAX = 32, PDF_MD5_SIZE = 16 };

struct pdf_key {
    uint8_t bytes[PDF_KEY_MAX];
    size_t size;
};

void pdf_md5(const struct span *parts, size_t count, uint8_t ret_digest[static PDF_MD5_SIZE]);
/* The same encrypts and decrypts. */
void pdf_rc4(struct span key, struct span bytes, uint8_t *ret_bytes);
/* Adds the plain bytes to the buffer. AES (7.6.3.1): the first block is the initialisation vector, padding
 * is taken off. False: no memory, or not as long as AES text is. */
bool pdf_decrypt(enum pdf_cipher cipher, const struct pdf_key *key, struct span bytes, struct buffer *buffer)
    MUST_USE;
/* AES-256 without padding and with a vector of zeros: how the file's key is wrapped (7.6.4.3.3). */
bool pdf_unwrap(const uint8_t key[static PDF_KEY_MAX], const uint8_t wrapped[static PDF_KEY_MAX],
                struct pdf_key *ret_key) MUST_USE;
/* Algorithm 2.B (7.6.4.3.4) for an empty user password. */
bool pdf_hash_r6(struct span salt, uint8_t ret_hash[static PDF_KEY_MAX]) MUST_USE;
