#include "base/certificate.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "base/digest.h"
#include "base/sink.h"

/* Open addressing, four neighbours looked at; the least used of a full neighbourhood gives way. */
enum { NEIGHBOURS = 4, FILE_LIMIT = 16 << 20 };

struct slot {
    uint8_t key[SHA256_SIZE];
    X509 *certificate;
    uint64_t used;
};

static struct {
    pthread_mutex_t lock;
    struct slot slots[CERTIFICATE_CACHE];
    uint64_t clock;
} cache = {.lock = PTHREAD_MUTEX_INITIALIZER};

static struct slot *slot_at(const uint8_t *key, size_t neighbour)
{
    uint32_t start = (uint32_t)key[0] << 24 | (uint32_t)key[1] << 16 | (uint32_t)key[2] << 8 | key[3];
    return &cache.slots[(start + neighbour) % CERTIFICATE_CACHE];
}

static X509 *cache_find(const uint8_t *key)
{
    X509 *found = NULL;
    pthread_mutex_lock(&cache.lock);
    for (size_t i = 0; i < NEIGHBOURS && !found; i++) {
        struct slot *slot = slot_at(key, i);
        if (slot->certificate && memcmp(slot->key, key, SHA256_SIZE) == 0) {
            slot->used = ++cache.clock;
            X509_up_ref(slot->certificate);
            found = slot->certificate;
        }
    }
    pthread_mutex_unlock(&cache.lock);
    return found;
}

static void cache_put(const uint8_t *key, X509 *certificate)
{
    pthread_mutex_lock(&cache.lock);
    struct slot *worst = slot_at(key, 0);
    for (size_t i = 1; i < NEIGHBOURS && worst->certificate; i++) {
        struct slot *slot = slot_at(key, i);
        if (!slot->certificate || slot->used < worst->used)
            worst = slot;
    }
    X509_free(worst->certificate);
    X509_up_ref(certificate);
    memcpy(worst->key, key, SHA256_SIZE);
    worst->certificate = certificate;
    worst->used = ++cache.clock;
    pthread_mutex_unlock(&cache.lock);
}

bool certificate_read(struct span der, X509 **ret_certificate, struct error *err)
{
    if (der.size == 0 || der.size > CERTIFICATE_MAX)
        return fail(err, ERR_MALFORMED, &TEXT_NOT_A_CERTIFICATE);
    struct digest_value key = digest_of(DIGEST_SHA256, der);
    X509 *certificate CLEANUP(x509_clear) = cache_find(key.bytes);
    if (!certificate) {
        const unsigned char *at = der.data;
        certificate = d2i_X509(NULL, &at, (long)der.size);
        if (!certificate || at != der.data + der.size) {
            fail(err, ERR_MALFORMED, &TEXT_NOT_A_CERTIFICATE);
            return error_openssl(err, "d2i_X509");
        }
        /* parses the extensions now, while one thread owns it; decodes the key */
        X509_check_purpose(certificate, -1, 0);
        X509_get0_pubkey(certificate);
        cache_put(key.bytes, certificate);
    }
    *ret_certificate = TAKE(certificate);
    return true;
}

void certificate_name(const X509_NAME *name, size_t room, char *ret_text)
{
    ret_text[0] = '\0';
    BIO *memory = BIO_new(BIO_s_mem());
    if (memory && X509_NAME_print_ex(memory, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB) >= 0) {
        char *text = NULL;
        long size = BIO_get_mem_data(memory, &text);
        text_clean(text, size > 0 ? (size_t)size : 0, room, ret_text);
    }
    BIO_free(memory);
}

void certificate_short_name(const X509_NAME *name, size_t room, char *ret_text)
{
    int at = X509_NAME_get_index_by_NID((X509_NAME *)name, NID_commonName, -1);
    unsigned char *text = NULL;
    int size =
        at < 0 ? -1 : ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size > 0)
        text_clean((const char *)text, (size_t)size, room, ret_text);
    else
        certificate_name(name, room, ret_text);
    OPENSSL_free(text);
}

bool certificates_add(struct certificates *list, struct span der, struct error *err)
{
    if (list->count >= CERTIFICATES_MAX)
        return fail(err, ERR_TOO_LARGE, &TEXT_TOO_MANY_CERTIFICATES);
    struct buffer *grown = realloc(list->der, (list->count + 1) * sizeof(*grown));
    if (!grown)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    list->der = grown;
    struct buffer *last = &list->der[list->count++];
    *last = (struct buffer){0};
    buffer_append(last, der);
    return last->failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
}

static bool add_checked(struct certificates *list, struct span der, const char *path, struct error *err)
{
    X509 *parsed CLEANUP(x509_clear) = NULL;
    if (!certificate_read(der, &parsed, err))
        return fail(err, ERR_MALFORMED, &TEXT_NOT_A_CERTIFICATE_FILE, path);
    return certificates_add(list, der, err);
}

static bool load_pem(struct span text, const char *path, struct certificates *list, struct error *err)
{
    BIO *bio = BIO_new_mem_buf(text.data, (int)text.size);
    bool good = bio != NULL;
    size_t before = list->count;
    char *name, *header;
    unsigned char *der;
    long size;
    while (good && PEM_read_bio(bio, &name, &header, &der, &size)) {
        if (strcmp(name, PEM_STRING_X509) == 0 || strcmp(name, PEM_STRING_X509_TRUSTED) == 0)
            good = add_checked(list, span_of(der, (size_t)size), path, err);
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    BIO_free(bio);
    ERR_clear_error();
    return good && list->count == before ? fail(err, ERR_MALFORMED, &TEXT_NOT_A_CERTIFICATE_FILE, path)
                                         : good;
}

static bool load_file(const char *path, struct certificates *list, struct error *err)
{
    struct buffer whole CLEANUP(buffer_clear) = {0};
    if (!file_read(path, FILE_LIMIT, &whole, err))
        return false;
    if (span_find(buffer_span(&whole), SPAN_LITERAL("-----BEGIN "), 0) != SIZE_MAX)
        return load_pem(buffer_span(&whole), path, list, err);
    return add_checked(list, buffer_span(&whole), path, err);
}

static bool is_certificate_name(const char *name)
{
    static const char *const endings[] = {".crt", ".pem", ".cer", ".der"};
    size_t size = strlen(name);
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        if (size > 4 && name[0] != '.' && strcasecmp(name + size - 4, endings[i]) == 0)
            return true;
    return false;
}

static int wanted(const struct dirent *entry)
{
    return is_certificate_name(entry->d_name);
}

static bool load_directory(const char *path, struct certificates *list, struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, wanted, alphasort);
    bool good = true;
    for (int i = 0; i < count; i++) {
        char *file CLEANUP(free_clear) = NULL;
        if (good && asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0) {
            file = NULL;
            good = fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        }
        good = good && load_file(file, list, err);
        free(entries[i]);
    }
    free(entries);
    return count < 0 ? fail(err, ERR_NOT_FOUND, &TEXT_FILE_UNREADABLE, path) : good;
}

bool certificates_load(const char *path, struct certificates *list, struct error *err)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        fail(err, ERR_NOT_FOUND, &TEXT_FILE_NOT_FOUND, path);
        return error_errno(err, "stat");
    }
    return S_ISDIR(about.st_mode) ? load_directory(path, list, err) : load_file(path, list, err);
}

void certificates_clear(struct certificates *list)
{
    for (size_t i = 0; i < list->count; i++)
        buffer_clear(&list->der[i]);
    free(list->der);
    *list = (struct certificates){0};
}
