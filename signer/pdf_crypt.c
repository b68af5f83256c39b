#include "signer/pdf_crypt.h"

#include "base/digest.h"
#include "signer/pdf_text.h"

enum {
    STANDARD_SIZE = 32, /* bytes of O and U up to revision 4 */
    SALTED_SIZE = 48,   /* from revision 5 on: a hash, a salt for it, a salt for the key */
    SALT_SIZE = 8,
    HASH_SIZE = 32,
    KEY_SIZE_MIN = 5,
    KEY_SIZE_OLD_MAX = 16
};

/* Algorithm 2, step a: what an empty password is filled up with. */
static const uint8_t padding[STANDARD_SIZE] = {
    0x28, 0xBF, 0x4E, 0x5E, 0x4E, 0x75, 0x8A, 0x41, 0x64, 0x00, 0x4E, 0x56, 0xFF, 0xFA, 0x01, 0x08,
    0x2E, 0x2E, 0x00, 0xB6, 0xD0, 0x68, 0x3E, 0x80, 0x2F, 0x0C, 0xA9, 0xFE, 0x64, 0x53, 0x69, 0x7A};

/* Tables 20 and 21. */
struct standard {
    int64_t version, revision, permissions, length;
    uint8_t owner[SALTED_SIZE], user[SALTED_SIZE], user_key[HASH_SIZE];
    bool metadata_plain;
};

static int64_t number_of(const struct pdf_value *dictionary, const char *key, int64_t by_default)
{
    struct pdf_value value = pdf_get(dictionary, key);
    return value.kind == PDF_INTEGER ? value.integer : value.kind == PDF_NULL ? by_default : -1;
}

/* The first `size` bytes of a string; those behind do not count. */
static bool take_string(const struct pdf_value *dictionary, const char *key, size_t size, uint8_t *ret_bytes)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    struct pdf_value value = pdf_get(dictionary, key);
    if (!pdf_string_bytes(&value, &bytes) || bytes.size < size)
        return false;
    memcpy(ret_bytes, bytes.data, size);
    return true;
}

static bool read_standard(const struct pdf_value *dictionary, struct standard *s)
{
    struct pdf_value filter = pdf_get(dictionary, "Filter"),
                     metadata = pdf_get(dictionary, "EncryptMetadata");
    s->version = number_of(dictionary, "V", 0);
    s->revision = number_of(dictionary, "R", -1);
    s->length = number_of(dictionary, "Length", 40);
    struct pdf_value permissions = pdf_get(dictionary, "P");
    s->permissions = permissions.integer;
    s->metadata_plain = metadata.kind == PDF_BOOLEAN && metadata.integer == 0;
    bool salted = s->revision == 5 || s->revision == 6;
    size_t size = salted ? SALTED_SIZE : STANDARD_SIZE;
    return pdf_is_name(&filter, "Standard") && permissions.kind == PDF_INTEGER && s->revision >= 2
           && s->revision <= 6 && (salted == (s->version == 5))
           && take_string(dictionary, "O", size, s->owner) && take_string(dictionary, "U", size, s->user)
           && (!salted || take_string(dictionary, "UE", HASH_SIZE, s->user_key));
}

/* The cipher of a named crypt filter (7.6.6); false when it is not known. */
static bool cipher_of(const struct pdf_value *dictionary, const char *use, enum pdf_cipher *ret_cipher,
                      int64_t *ret_length)
{
    struct pdf_value name = pdf_get(dictionary, use), filters = pdf_get(dictionary, "CF");
    *ret_cipher = PDF_CIPHER_NONE;
    if (name.kind == PDF_NULL || pdf_is_name(&name, "Identity"))
        return true;
    if (name.kind != PDF_NAME)
        return false;
    struct pdf_value filter = pdf_get_like(&filters, &name), method = pdf_get(&filter, "CFM");
    *ret_length = number_of(&filter, "Length", *ret_length);
    bool aes = pdf_is_name(&method, "AESV2") || pdf_is_name(&method, "AESV3");
    *ret_cipher = aes ? PDF_CIPHER_AES : PDF_CIPHER_RC4;
    if (aes)
        *ret_length = KEY_SIZE_OLD_MAX;
    return aes || pdf_is_name(&method, "V2");
}

static bool read_ciphers(const struct pdf_value *dictionary, struct standard *s, struct pdf_crypt *crypt)
{
    crypt->strings = crypt->streams = PDF_CIPHER_RC4;
    if (s->version == 1) {
        s->length = 40;
        return true;
    }
    if (s->version == 2)
        return true;
    int64_t length = KEY_SIZE_OLD_MAX;
    if ((s->version != 4 && s->version != 5) /* 3 was never published */
        || !cipher_of(dictionary, "StmF", &crypt->streams, &length)
        || !cipher_of(dictionary, "StrF", &crypt->strings, &length))
        return false;
    s->length = length <= 32 ? length * 8 : length; /* table 25 says bytes, some writers mean bits */
    return true;
}

/* Algorithm 2: the key of revisions 2 to 4. */
static bool derive_old(const struct standard *s, struct span id, struct pdf_key *key)
{
    static const uint8_t plain[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    uint32_t p = (uint32_t)s->permissions;
    uint8_t permissions[4] = {(uint8_t)p, (uint8_t)(p >> 8), (uint8_t)(p >> 16), (uint8_t)(p >> 24)};
    uint8_t digest[PDF_MD5_SIZE];
    key->size = s->revision == 2 ? KEY_SIZE_MIN : (size_t)s->length / 8;
    if (s->length < 0 || key->size < KEY_SIZE_MIN || key->size > KEY_SIZE_OLD_MAX)
        return false;
    struct span parts[] = {span_of(padding, sizeof(padding)), span_of(s->owner, STANDARD_SIZE),
                           span_of(permissions, sizeof(permissions)), id, span_of(plain, sizeof(plain))};
    pdf_md5(parts, s->revision >= 4 && s->metadata_plain ? 5 : 4, digest);
    for (unsigned i = 0; i < 50 && s->revision >= 3; i++) {
        struct span again = span_of(digest, key->size);
        pdf_md5(&again, 1, digest);
    }
    memcpy(key->bytes, digest, key->size);
    return true;
}

/* Algorithms 4 and 5, read backwards: does this key make what U says? */
static bool is_user_key(const struct standard *s, struct span id, const struct pdf_key *key)
{
    uint8_t made[STANDARD_SIZE];
    if (s->revision == 2) {
        pdf_rc4(span_of(key->bytes, key->size), span_of(padding, sizeof(padding)), made);
        return memcmp(made, s->user, STANDARD_SIZE) == 0;
    }
    struct span parts[] = {span_of(padding, sizeof(padding)), id};
    pdf_md5(parts, 2, made);
    for (unsigned i = 0; i < 20; i++) {
        uint8_t with[PDF_KEY_MAX];
        for (size_t b = 0; b < key->size; b++)
            with[b] = (uint8_t)(key->bytes[b] ^ i);
        pdf_rc4(span_of(with, key->size), span_of(made, PDF_MD5_SIZE), made);
    }
    return memcmp(made, s->user, PDF_MD5_SIZE) == 0;
}

static bool hash_salted(const struct standard *s, size_t salt_at, uint8_t ret_hash[static HASH_SIZE])
{
    struct span salt = span_of(s->user + salt_at, SALT_SIZE);
    if (s->revision == 6)
        return pdf_hash_r6(salt, ret_hash);
    struct digest_value hash = digest_of(DIGEST_SHA256, salt);
    memcpy(ret_hash, hash.bytes, HASH_SIZE);
    return true;
}

/* Algorithm 2.A: the key of revisions 5 and 6. */
static bool open_salted(const struct standard *s, struct pdf_key *key)
{
    uint8_t hash[HASH_SIZE], wrapping[HASH_SIZE];
    return hash_salted(s, HASH_SIZE, hash) && memcmp(hash, s->user, HASH_SIZE) == 0
           && hash_salted(s, HASH_SIZE + SALT_SIZE, wrapping) && pdf_unwrap(wrapping, s->user_key, key);
}

void pdf_crypt_read(const struct pdf_value *dictionary, struct span id, struct pdf_crypt *ret_crypt)
{
    struct pdf_crypt crypt = {.state = PDF_CRYPT_FOREIGN};
    struct standard s;
    *ret_crypt = crypt;
    if (!read_standard(dictionary, &s) || !read_ciphers(dictionary, &s, &crypt))
        return;
    crypt.metadata_plain = s.metadata_plain;
    crypt.whole_key = s.revision >= 5;
    bool opened = crypt.whole_key ? open_salted(&s, &crypt.key)
                                  : derive_old(&s, id, &crypt.key) && is_user_key(&s, id, &crypt.key);
    crypt.state = opened ? PDF_CRYPT_OPEN : PDF_CRYPT_LOCKED;
    *ret_crypt = crypt;
}

const struct text *pdf_crypt_why(const struct pdf_crypt *crypt)
{
    if (crypt->state == PDF_CRYPT_LOCKED)
        return &TEXT_PDF_CHECK_PASSWORD;
    return crypt->state == PDF_CRYPT_FOREIGN ? &TEXT_PDF_CHECK_ENCRYPTED : NULL;
}

/* Algorithm 1: each object has a key of its own. */
static struct pdf_key key_of(const struct pdf_crypt *crypt, enum pdf_cipher cipher, uint32_t number,
                             uint32_t generation)
{
    struct pdf_key key = {.size = crypt->key.size + 5};
    uint8_t digest[PDF_MD5_SIZE],
        object[] = {(uint8_t)number, (uint8_t)(number >> 8), (uint8_t)(number >> 16), (uint8_t)generation,
                    (uint8_t)(generation >> 8)};
    struct span parts[] = {span_of(crypt->key.bytes, crypt->key.size), span_of(object, sizeof(object)),
                           SPAN_LITERAL("sAlT")};
    pdf_md5(parts, cipher == PDF_CIPHER_AES ? 3 : 2, digest);
    if (key.size > sizeof(digest))
        key.size = sizeof(digest);
    memcpy(key.bytes, digest, key.size);
    return key;
}

bool pdf_crypt_open(const struct pdf_crypt *crypt, enum pdf_cipher cipher, uint32_t number,
                    uint32_t generation, struct span bytes, struct buffer *buffer)
{
    if (crypt->whole_key)
        return pdf_decrypt(cipher, &crypt->key, bytes, buffer);
    struct pdf_key key = key_of(crypt, cipher, number, generation);
    return pdf_decrypt(cipher, &key, bytes, buffer);
}

static bool add_string(const struct pdf_crypt *crypt, uint32_t number, uint32_t generation,
                       const struct pdf_value *string, struct buffer *buffer)
{
    struct buffer sealed CLEANUP(buffer_clear) = {0}, plain CLEANUP(buffer_clear) = {0};
    if (!pdf_string_bytes(string, &sealed)
        || !pdf_crypt_open(crypt, crypt->strings, number, generation, buffer_span(&sealed), &plain)) {
        buffer_append(buffer, string->raw); /* as it is: it says nothing to anybody */
        return !buffer->failed;
    }
    buffer_u8(buffer, '<');
    char *digits = (char *)buffer_reserve(buffer, 2 * plain.size + 1);
    if (!digits)
        return false;
    hex_text(buffer_span(&plain), digits);
    buffer->size += 2 * plain.size;
    buffer_u8(buffer, '>');
    return !buffer->failed;
}

bool pdf_crypt_plain(const struct pdf_crypt *crypt, uint32_t number, uint32_t generation,
                     const struct pdf_value *value, struct buffer *buffer)
{
    struct pdf_cursor cursor = pdf_cursor_at(value->raw, 0);
    while (cursor.at < cursor.bytes.size) { /* the lexer has read it before: every token is whole */
        struct pdf_value string;
        const uint8_t *at = cursor.bytes.data + cursor.at;
        bool opens = *at == '<' && span_starts(span_slice(cursor.bytes, cursor.at, 2), "<<");
        if (*at == '%') {
            pdf_skip(&cursor);
            buffer_u8(buffer, ' ');
        } else if (*at == '(' || (*at == '<' && !opens)) {
            if (!pdf_take_value(&cursor, &string) || !add_string(crypt, number, generation, &string, buffer))
                return false;
        } else {
            buffer_append(buffer, span_of(at, opens ? 2 : 1));
            cursor.at += opens ? 2 : 1;
        }
    }
    return !buffer->failed;
}
