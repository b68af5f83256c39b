/* The encryption of a PDF (ISO 32000-2, 7.6), for documents that open without a password: the key that an
 * empty user password gives, and what it makes of strings and streams. Signatures' /Contents are never
 * encrypted. Read-only once read: threads may share it. */
#pragma once

#include "base/error.h"
#include "signer/pdf_cipher.h"
#include "signer/pdf_objects.h"

enum pdf_crypt_state {
    PDF_CRYPT_NONE,   /* not encrypted */
    PDF_CRYPT_OPEN,   /* an empty password opens it */
    PDF_CRYPT_LOCKED, /* it takes a password that we do not have */
    PDF_CRYPT_FOREIGN /* certificates, or a way that is not known to us */
};

struct pdf_crypt {
    enum pdf_crypt_state state;
    struct pdf_key key;
    enum pdf_cipher strings, streams;
    bool whole_key;      /* revision 5 and later: one key for all objects */
    bool metadata_plain; /* EncryptMetadata false */
};

/* From the encryption dictionary and the first string of the trailer's ID (may be empty). Never fails: a
 * dictionary that is none is FOREIGN. */
void pdf_crypt_read(const struct pdf_value *dictionary, struct span id, struct pdf_crypt *ret_crypt);
/* The sentence that says why it could not be opened; NULL when nothing is in the way. */
const struct text *pdf_crypt_why(const struct pdf_crypt *crypt);
/* The plain bytes of a string or stream of that object, added to the buffer; false when they cannot be had. */
bool pdf_crypt_open(const struct pdf_crypt *crypt, enum pdf_cipher cipher, uint32_t number,
                    uint32_t generation, struct span bytes, struct buffer *buffer) MUST_USE;
/* A value as it is written in an encrypted object, with its strings plain: as text, added to the buffer. */
bool pdf_crypt_plain(const struct pdf_crypt *crypt, uint32_t number, uint32_t generation,
                     const struct pdf_value *value, struct buffer *buffer) MUST_USE;
