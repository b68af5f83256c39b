/* Trust from files: certificates and lists in PEM or DER, directories with their anchors.conf, signed lists. */
#include <dirent.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "base/sink.h"
#include "signer/signer_text.h"
#include "signer/trust_build.h"
#include "signer/trust_bundle.h"
#include "signer/trust_conf.h"
#include "signer/trust_text.h"
#include "signer/trusted_list.h"

static bool no_memory(struct error *err)
{
    return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

/* ---- anchors.conf */

static const struct setting anchor_settings[] = {
    SETTING(trust_conf_anchor, tree, TEXT, NULL,
            "the tree of authorities it belongs to: cong-vu, cong-cong, …"),
    SETTING(trust_conf_anchor, use, LIST, NULL,
            "what it is trusted for: signatures, seals, timestamps, ocsp"),
    SETTING(trust_conf_anchor, from, TEXT, NULL, "trusted for what was signed from that day"),
    SETTING(trust_conf_anchor, until, TEXT, NULL, "up to that day, not including"),
    SETTING(trust_conf_anchor, note, TEXT, NULL, "for people"),
    SETTING(trust_conf_anchor, anchor, SWITCH, "no", "an anchor even when it is not self-signed"),
};
static const struct setting list_settings[] = {
    SETTING(trust_conf_list, file, PATH, SETTING_REQUIRED, "the signed trusted list (ETSI TS 119 612)"),
    SETTING(trust_conf_list, signer, PATH, SETTING_REQUIRED,
            "the certificates one of which must have signed it"),
    SETTING(trust_conf_list, url, TEXT, NULL, "where its successors are"),
    SETTING(trust_conf_list, tree, TEXT, NULL, "the tree of authorities it speaks of"),
    SETTING(trust_conf_list, use, LIST, NULL, "no more than this, whatever the list says"),
};
static const struct setting crl_settings[] = {
    SETTING(trust_conf_crl, url, TEXT, SETTING_REQUIRED, "where its successors are"),
};
static const struct settings_section sections[] = {
    {"anchor", true, sizeof(struct trust_conf_anchor), anchor_settings, COUNT_OF(anchor_settings)},
    {"list", true, sizeof(struct trust_conf_list), list_settings, COUNT_OF(list_settings)},
    {"crl", true, sizeof(struct trust_conf_crl), crl_settings, COUNT_OF(crl_settings)},
};

void trust_conf_manual(struct buffer *ret_text)
{
    settings_manual(sections, COUNT_OF(sections), ret_text);
}

static bool path_in(const char *directory, const char *name, char **ret_path, struct error *err)
{
    if (asprintf(ret_path, "%s/%s", directory, name) >= 0)
        return true;
    *ret_path = NULL;
    return no_memory(err);
}

bool trust_conf_read(const char *directory, struct settings **ret_conf, struct error *err)
{
    char *path CLEANUP(free_clear) = NULL;
    *ret_conf = NULL;
    if (!path_in(directory, TRUST_CONF, &path, err))
        return false;
    return access(path, F_OK) != 0 || settings_read(path, sections, COUNT_OF(sections), ret_conf, err);
}

static bool read_day(const char *text, const char *file, int64_t *ret_ms, struct error *err)
{
    return !text || clock_read(text, ret_ms)
           || fail(err, ERR_USAGE, &TEXT_TRUST_WORD, TRUST_CONF, file, text);
}

static bool read_uses(const char *const *words, const char *file, unsigned *ret_uses, struct error *err)
{
    unsigned uses = words ? 0 : TRUST_MAY_ALL;
    for (; words && *words; words++) {
        unsigned before = uses;
        for (int use = 0; use < TRUST_USE_COUNT; use++)
            if (strcmp(*words, trust_use_name((enum trust_use)use)) == 0)
                uses |= 1u << use;
        if (uses == before)
            return fail(err, ERR_USAGE, &TEXT_TRUST_WORD, TRUST_CONF, file, *words);
    }
    *ret_uses = uses;
    return true;
}

/* ---- files */

/* What is known of the file that is being read. */
struct file {
    struct trust *trust;
    struct trust_anchor anchor; /* without its certificate */
    struct trust_period period;
    bool anchors_all;
    size_t added;
};

static bool file_of(struct trust *trust, const char *name, const struct trust_conf_anchor *conf,
                    struct file *ret_file, struct error *err)
{
    struct file file = {.trust = trust, .period.uses = TRUST_MAY_ALL};
    text_clean(name, strlen(name), sizeof(file.anchor.source), file.anchor.source);
    if (conf) {
        if (!read_uses(conf->use, name, &file.period.uses, err)
            || !read_day(conf->from, name, &file.period.from_ms, err)
            || !read_day(conf->until, name, &file.period.until_ms, err))
            return false;
        if (conf->tree)
            text_clean(conf->tree, strlen(conf->tree), sizeof(file.anchor.tree), file.anchor.tree);
        if (conf->note)
            text_clean(conf->note, strlen(conf->note), sizeof(file.anchor.note), file.anchor.note);
        file.anchors_all = conf->anchor;
    }
    *ret_file = file;
    return true;
}

static bool add_certificate(struct file *file, struct span der, struct error *err)
{
    X509 *certificate CLEANUP(x509_clear) = NULL;
    if (!certificate_read(der, &certificate, err))
        return false;
    if (!file->anchors_all && X509_self_signed(certificate, 0) != 1)
        return trust_add_intermediate(file->trust, certificate, err);
    struct trust_anchor anchor = file->anchor;
    anchor.certificate = certificate;
    anchor.periods = &file->period;
    anchor.period_count = 1;
    return trust_add_anchor(file->trust, &anchor, err);
}

/* PEM names what it holds; DER is one or the other. */
static bool add_der(struct file *file, struct span der, struct error *err)
{
    struct error not_a_crl = {0};
    return trust_add_crl(file->trust, der, &not_a_crl) || add_certificate(file, der, err);
}

static bool add_pem(struct file *file, struct span text, struct error *err)
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
            good = is_crl ? trust_add_crl(file->trust, bytes, err) : add_certificate(file, bytes, err);
            file->added += good;
        }
        OPENSSL_free(name);
        OPENSSL_free(header);
        OPENSSL_free(der);
    }
    BIO_free(bio);
    ERR_clear_error();
    return good;
}

static bool load_file(struct file *file, const char *path, struct error *err)
{
    struct buffer whole CLEANUP(buffer_clear) = {0};
    if (!file_read(path, TRUST_MAX_FILE, &whole, err))
        return false;
    struct span bytes = buffer_span(&whole);
    bool pem = span_find(bytes, SPAN_LITERAL("-----BEGIN "), 0) != SIZE_MAX;
    struct error why = {0};
    if (!pem && span_starts(span_trimmed(bytes), "<"))
        return fail(err, ERR_USAGE, &TEXT_LIST_UNPINNED, path);
    if (pem ? add_pem(file, bytes, &why) && file->added > 0 : add_der(file, bytes, &why))
        return true;
    if (why.code != ERR_NONE && why.code != ERR_MALFORMED) {
        *err = why;
        return false;
    }
    fail(err, ERR_MALFORMED, &TEXT_TRUST_NOTHING, path);
    return error_cause(err, "%s", why.cause);
}

/* ---- lists */

static bool add_service(struct trust *trust, const struct trusted_service *service,
                        const struct trust_anchor *like, unsigned most, struct error *err)
{
    struct trust_period periods[TRUST_MAX_PERIODS];
    struct trust_anchor anchor = *like;
    memcpy(periods, service->periods, service->period_count * sizeof(*periods));
    for (size_t i = 0; i < service->period_count; i++)
        periods[i].uses &= most;
    anchor.periods = periods;
    anchor.period_count = service->period_count;
    snprintf(anchor.note, sizeof(anchor.note), "%s", service->name);
    for (size_t i = 0; i < service->certificates.count; i++) {
        X509 *certificate CLEANUP(x509_clear) = NULL;
        if (!certificate_read(buffer_span(&service->certificates.der[i]), &certificate, err))
            return false;
        anchor.certificate = certificate;
        if (!trust_add_anchor(trust, &anchor, err))
            return false;
    }
    return true;
}

static bool load_list(struct trust *trust, const struct trust_conf_list *conf, struct error *err)
{
    struct buffer xml CLEANUP(buffer_clear) = {0};
    struct certificates signers CLEANUP(certificates_clear) = {0};
    struct trusted_list list CLEANUP(trusted_list_clear) = {0};
    struct trust_anchor like = {0};
    unsigned most;
    if (!read_uses(conf->use, conf->label, &most, err) || !file_read(conf->file, TRUST_MAX_FILE, &xml, err)
        || !certificates_load(conf->signer, &signers, err)
        || !trusted_list_open(buffer_span(&xml), &signers, conf->label, &list, err))
        return false;
    text_clean(conf->label, strlen(conf->label), sizeof(like.source), like.source);
    if (conf->tree)
        text_clean(conf->tree, strlen(conf->tree), sizeof(like.tree), like.tree);
    like.listed = true;
    like.next_update_ms = list.next_update_ms;
    size_t before = trust_anchor_count(trust);
    for (size_t i = 0; i < list.service_count; i++)
        if (!add_service(trust, &list.services[i], &like, most, err))
            return false;
    struct trust_list about = {.issued_ms = list.issued_ms,
                               .next_update_ms = list.next_update_ms,
                               .anchors = trust_anchor_count(trust) - before};
    memcpy(about.name, like.source, sizeof(about.name));
    return trust_add_list(trust, &about, err);
}

static bool load_lists(struct trust *trust, const struct settings *conf, struct error *err)
{
    const void *const *lists;
    size_t count = settings_repeated(conf, "list", &lists);
    for (size_t i = 0; i < count; i++)
        if (!load_list(trust, lists[i], err))
            return false;
    return true;
}

/* ---- directories */

static int is_trust_file(const struct dirent *entry)
{
    static const char *const endings[] = {".crt", ".pem", ".cer", ".der", ".crl"};
    const char *dot = strrchr(entry->d_name, '.');
    for (size_t i = 0; dot && i < COUNT_OF(endings); i++)
        if (entry->d_name[0] != '.' && strcasecmp(dot, endings[i]) == 0)
            return 1;
    return 0;
}

static const struct trust_conf_anchor *conf_of(const struct settings *conf, const char *name)
{
    const void *const *anchors;
    size_t count = conf ? settings_repeated(conf, "anchor", &anchors) : 0;
    for (size_t i = 0; i < count; i++) {
        const struct trust_conf_anchor *anchor = anchors[i];
        if (strcmp(anchor->file, name) == 0)
            return anchor;
    }
    return NULL;
}

static bool load_entry(struct trust *trust, const struct settings *conf, const char *directory,
                       const char *name, struct error *err)
{
    char *path CLEANUP(free_clear) = NULL;
    struct file file;
    if (!path_in(directory, name, &path, err))
        return false;
    return file_of(trust, name, conf_of(conf, name), &file, err) && load_file(&file, path, err);
}

/* A slip in a name must not leave an anchor without its limits. */
static bool check_names(const struct settings *conf, const char *directory, struct error *err)
{
    const void *const *anchors;
    size_t count = settings_repeated(conf, "anchor", &anchors);
    for (size_t i = 0; i < count; i++) {
        char *path CLEANUP(free_clear) = NULL;
        const struct trust_conf_anchor *anchor = anchors[i];
        if (!path_in(directory, anchor->file, &path, err))
            return false;
        if (strchr(anchor->file, '/') || access(path, F_OK) != 0)
            return fail(err, ERR_MALFORMED, &TEXT_TRUST_NO_FILE, TRUST_CONF, anchor->file);
    }
    return true;
}

static bool load_entries(struct trust *trust, const struct settings *conf, const char *directory,
                         struct error *err)
{
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_trust_file, alphasort);
    bool good = count > 0 || conf || fail(err, ERR_NOT_FOUND, &TEXT_TRUST_NOTHING, directory);
    for (int i = 0; i < count; i++) {
        good = good && load_entry(trust, conf, directory, entries[i]->d_name, err);
        free(entries[i]);
    }
    free(entries);
    return good;
}

static bool load_folder(struct trust *trust, const char *directory, struct error *err)
{
    struct settings *conf CLEANUP(settings_free) = NULL;
    return trust_conf_read(directory, &conf, err) && (!conf || check_names(conf, directory, err))
           && load_entries(trust, conf, directory, err) && (!conf || load_lists(trust, conf, err));
}

/* The directory, and the offline bundle that is in force in it. */
static bool load_directory(struct trust *trust, const char *directory, struct error *err)
{
    char *bundle CLEANUP(free_clear) = NULL;
    struct stat about;
    if (!path_in(directory, TRUST_BUNDLE_FOLDER, &bundle, err))
        return false;
    bool bundled = stat(bundle, &about) == 0 && S_ISDIR(about.st_mode);
    struct error empty = {0};
    if (bundled && !load_folder(trust, bundle, err))
        return false;
    if (load_folder(trust, directory, &empty))
        return true;
    if (bundled && empty.text == &TEXT_TRUST_NOTHING && empty.code == ERR_NOT_FOUND)
        return true; /* nothing but the bundle */
    *err = empty;
    return false;
}

static bool load_path(struct trust *trust, const char *path, struct error *err)
{
    struct stat about;
    struct file file;
    if (stat(path, &about) != 0) {
        fail(err, ERR_NOT_FOUND, &TEXT_FILE_NOT_FOUND, path);
        return error_errno(err, "stat");
    }
    if (S_ISDIR(about.st_mode))
        return load_directory(trust, path, err);
    return file_of(trust, path, NULL, &file, err) && load_file(&file, path, err);
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
