#include "signer/trust.h"

#include <dirent.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "base/sink.h"
#include "signer/signer_text.h"

enum { SNAPSHOT_VERSION = 1 };

struct trust {
    struct trust_anchor *anchors;
    size_t anchor_count;
    struct certificates roots, intermediates; /* as they came */
    struct buffer crls[TRUST_MAX_CRLS];
    struct evidence_item lists[TRUST_MAX_CRLS]; /* the same, parsed */
    size_t crl_count;
    X509_STORE *store;        /* the anchors and CRLs, parsed */
    STACK_OF(X509) * between; /* the intermediates, parsed */
};

DEFINE_CLEANUP(X509_CRL *, crl_clear, X509_CRL_free)

static bool no_memory(struct error *err)
{
    return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

static bool add_anchor(struct trust *trust, X509 *certificate, struct error *err)
{
    struct trust_anchor *grown = realloc(trust->anchors, (trust->anchor_count + 1) * sizeof(*grown));
    if (!grown)
        return no_memory(err);
    trust->anchors = grown;
    X509_up_ref(certificate);
    trust->anchors[trust->anchor_count++] = (struct trust_anchor){
        .certificate = certificate, .periods = {{.uses = TRUST_MAY_ALL}}, .period_count = 1};
    return true;
}

static bool add_certificate(struct trust *trust, struct span der, struct error *err)
{
    X509 *certificate CLEANUP(x509_clear) = NULL;
    if (!certificate_read(der, &certificate, err))
        return false;
    if (X509_self_signed(certificate, 0) != 1)
        return certificates_add(&trust->intermediates, der, err)
               && (X509_add_cert(trust->between, certificate, X509_ADD_FLAG_UP_REF) == 1 || no_memory(err));
    return certificates_add(&trust->roots, der, err)
           && (X509_STORE_add_cert(trust->store, certificate) == 1 || no_memory(err))
           && add_anchor(trust, certificate, err);
}

static bool add_crl(struct trust *trust, struct span der, struct error *err)
{
    const unsigned char *at = der.data;
    X509_CRL *crl CLEANUP(crl_clear) = d2i_X509_CRL(NULL, &at, (long)der.size);
    if (!crl || at != der.data + der.size) {
        fail(err, ERR_MALFORMED, &TEXT_TRUST_NOTHING, "CRL");
        return error_openssl(err, "d2i_X509_CRL");
    }
    if (trust->crl_count >= TRUST_MAX_CRLS)
        return fail(err, ERR_TOO_LARGE, &TEXT_TOO_MANY_CERTIFICATES);
    struct buffer *kept = &trust->crls[trust->crl_count];
    buffer_append(kept, der);
    if (kept->failed || X509_STORE_add_crl(trust->store, crl) != 1) {
        buffer_clear(kept);
        return no_memory(err);
    }
    trust->lists[trust->crl_count++] =
        (struct evidence_item){.kind = EVIDENCE_CRL, .der = buffer_span(kept), .crl = TAKE(crl)};
    return true;
}

/* PEM names what it holds; DER is one or the other. */
static bool add_der(struct trust *trust, struct span der, struct error *err)
{
    struct error not_a_crl = {0};
    return add_crl(trust, der, &not_a_crl) || add_certificate(trust, der, err);
}

static bool add_pem(struct trust *trust, struct span text, size_t *ret_added, struct error *err)
{
    BIO *bio = BIO_new_mem_buf(text.data, (int)text.size);
    bool good = bio != NULL || no_memory(err);
    char *name, *header;
    unsigned char *der;
    long size;
    while (good && PEM_read_bio(bio, &name, &header, &der, &size)) {
        struct span bytes = span_of(der, (size_t)size);
        bool is_crl = strcmp(name, PEM_STRING_X509_CRL) == 0;
        if (is_crl || strcmp(name, PEM_STRING_X509) == 0) {
            good = is_crl ? add_crl(trust, bytes, err) : add_certificate(trust, bytes, err);
            *ret_added += good;
        }
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    BIO_free(bio);
    ERR_clear_error();
    return good;
}

static bool load_file(struct trust *trust, const char *path, struct error *err)
{
    struct buffer whole CLEANUP(buffer_clear) = {0};
    if (!file_read(path, TRUST_MAX_FILE, &whole, err))
        return false;
    struct span bytes = buffer_span(&whole);
    bool pem = span_find(bytes, SPAN_LITERAL("-----BEGIN "), 0) != SIZE_MAX;
    size_t added = 0;
    struct error why = {0};
    if (pem ? add_pem(trust, bytes, &added, &why) && added > 0 : add_der(trust, bytes, &why))
        return true;
    if (why.code != ERR_NONE && why.code != ERR_MALFORMED) {
        *err = why;
        return false;
    }
    fail(err, ERR_MALFORMED, &TEXT_TRUST_NOTHING, path);
    return error_cause(err, "%s", why.cause);
}

static int is_trust_file(const struct dirent *entry)
{
    static const char *const endings[] = {".crt", ".pem", ".cer", ".der", ".crl"};
    const char *dot = strrchr(entry->d_name, '.');
    for (size_t i = 0; dot && i < COUNT_OF(endings); i++)
        if (entry->d_name[0] != '.' && strcasecmp(dot, endings[i]) == 0)
            return 1;
    return 0;
}

static bool load_directory(struct trust *trust, const char *path, struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, is_trust_file, alphasort);
    bool good = count > 0 || fail(err, ERR_NOT_FOUND, &TEXT_TRUST_NOTHING, path);
    for (int i = 0; i < count; i++) {
        char *file CLEANUP(free_clear) = NULL;
        if (good && asprintf(&file, "%s/%s", path, entries[i]->d_name) < 0) {
            file = NULL;
            good = no_memory(err);
        }
        good = good && load_file(trust, file, err);
        free(entries[i]);
    }
    free(entries);
    return good;
}

static bool load_path(struct trust *trust, const char *path, struct error *err)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        fail(err, ERR_NOT_FOUND, &TEXT_FILE_NOT_FOUND, path);
        return error_errno(err, "stat");
    }
    return S_ISDIR(about.st_mode) ? load_directory(trust, path, err) : load_file(trust, path, err);
}

static struct trust *trust_new(void)
{
    struct trust *trust = calloc(1, sizeof(*trust));
    if (!trust)
        return NULL;
    trust->store = X509_STORE_new();
    trust->between = sk_X509_new_null();
    if (!trust->store || !trust->between)
        trust_free(&trust);
    return trust;
}

bool trust_load(const char *const *paths, size_t count, struct trust **ret_trust, struct error *err)
{
    struct trust *trust CLEANUP(trust_free) = trust_new();
    if (!trust)
        return no_memory(err);
    for (size_t i = 0; i < count; i++)
        if (!load_path(trust, paths[i], err))
            return false;
    *ret_trust = TAKE(trust);
    return true;
}

void trust_free(struct trust **trust)
{
    if (!*trust)
        return;
    for (size_t i = 0; i < (*trust)->anchor_count; i++)
        X509_free((*trust)->anchors[i].certificate);
    free((*trust)->anchors);
    certificates_clear(&(*trust)->roots);
    certificates_clear(&(*trust)->intermediates);
    for (size_t i = 0; i < (*trust)->crl_count; i++) {
        X509_CRL_free((*trust)->lists[i].crl);
        buffer_clear(&(*trust)->crls[i]);
    }
    X509_STORE_free((*trust)->store);
    sk_X509_pop_free((*trust)->between, X509_free);
    free(*trust);
    *trust = NULL;
}

size_t trust_anchor_count(const struct trust *trust)
{
    return trust->anchor_count;
}

const struct trust_anchor *trust_anchor_at(const struct trust *trust, size_t index)
{
    return &trust->anchors[index];
}

bool trust_anchor_for(const struct trust_anchor *anchor, unsigned uses)
{
    for (size_t i = 0; i < anchor->period_count; i++)
        if (anchor->periods[i].uses & uses)
            return true;
    return false;
}

bool trust_anchor_in_force(const struct trust_anchor *anchor, unsigned uses, int64_t at_ms)
{
    for (size_t i = 0; i < anchor->period_count; i++) {
        const struct trust_period *period = &anchor->periods[i];
        if (period->uses & uses && period->from_ms <= at_ms
            && (period->until_ms == 0 || at_ms < period->until_ms))
            return true;
    }
    return false;
}

X509_STORE *trust_store(const struct trust *trust)
{
    return trust->store;
}

bool trust_has_crls(const struct trust *trust)
{
    return trust->crl_count > 0;
}

size_t trust_crl_count(const struct trust *trust)
{
    return trust->crl_count;
}

const struct evidence_item *trust_crl_at(const struct trust *trust, size_t index)
{
    return &trust->lists[index];
}

const STACK_OF(X509) * trust_intermediates(const struct trust *trust)
{
    return trust->between;
}

static void write_list(const struct buffer *der, size_t count, struct buffer *buffer)
{
    buffer_u16(buffer, (uint16_t)count);
    for (size_t i = 0; i < count; i++)
        buffer_sized(buffer, buffer_span(&der[i]));
}

void trust_write(const struct trust *trust, struct buffer *buffer)
{
    buffer_u8(buffer, SNAPSHOT_VERSION);
    write_list(trust->roots.der, trust->roots.count, buffer);
    write_list(trust->intermediates.der, trust->intermediates.count, buffer);
    write_list(trust->crls, trust->crl_count, buffer);
}

static bool read_list(struct reader *r, struct trust *trust,
                      bool (*add)(struct trust *trust, struct span der, struct error *err), struct error *err)
{
    for (size_t left = read_u16(r); left > 0; left--) {
        struct span der = read_sized(r, TRUST_MAX_FILE);
        if (r->failed || !add(trust, der, err))
            return fail(err, ERR_INTERNAL, &TEXT_TRUST_SNAPSHOT);
    }
    return true;
}

bool trust_read(struct span snapshot, struct trust **ret_trust, struct error *err)
{
    struct trust *trust CLEANUP(trust_free) = trust_new();
    if (!trust)
        return no_memory(err);
    struct reader r = reader_of(snapshot);
    if (read_u8(&r) != SNAPSHOT_VERSION)
        r.failed = true;
    if (!read_list(&r, trust, add_certificate, err) || !read_list(&r, trust, add_certificate, err)
        || !read_list(&r, trust, add_crl, err))
        return false;
    if (r.failed || r.left.size != 0)
        return fail(err, ERR_INTERNAL, &TEXT_TRUST_SNAPSHOT);
    *ret_trust = TAKE(trust);
    return true;
}
