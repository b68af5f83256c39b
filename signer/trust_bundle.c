#include "signer/trust_bundle.h"

#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "base/settings.h"
#include "base/sink.h"
#include "base/xml.h"
#include "signer/pinned.h"
#include "signer/trust.h"
#include "signer/trust_text.h"

enum { PART_SIZE = 48 << 10 /* bytes in one element: far from what a parser finds long */ };

static const char ns[] = "urn:vanthu:trust-bundle:1";
#define BUNDLE_CONF "bundle.conf"

static bool no_memory(struct error *err)
{
    return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

void trust_bundle_clear(struct trust_bundle *bundle)
{
    for (size_t i = 0; i < bundle->count; i++)
        buffer_clear(&bundle->files[i].bytes);
    free(bundle->files);
    *bundle = (struct trust_bundle){0};
}

bool trust_bundle_name_fits(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    static const char *const folders[] = {"lists/", "revocation/"};
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        if (strncmp(name, folders[i], strlen(folders[i])) == 0) {
            name += strlen(folders[i]);
            break;
        }
    size_t size = strlen(name), plain = 0;
    while (plain < size && (strchr(letters, name[plain]) || strchr("._-", name[plain])))
        plain++;
    return size > 0 && size < TRUST_BUNDLE_NAME - 16 && plain == size && strchr(letters, name[0])
           && strcmp(name, BUNDLE_CONF) != 0;
}

bool trust_bundle_add(struct trust_bundle *bundle, const char *name, struct span bytes, struct error *err)
{
    if (!trust_bundle_name_fits(name))
        return fail(err, ERR_MALFORMED, &TEXT_BUNDLE_NAME, name);
    for (size_t i = 0; i < bundle->count; i++)
        if (strcmp(bundle->files[i].name, name) == 0)
            return fail(err, ERR_MALFORMED, &TEXT_BUNDLE_NAME, name);
    if (bundle->count == TRUST_BUNDLE_MAX_FILES || bytes.size > TRUST_BUNDLE_MAX_BYTES - bundle->size)
        return fail(err, ERR_TOO_LARGE, &TEXT_BUNDLE_TOO_LARGE);
    if (!bundle->files)
        bundle->files = calloc(TRUST_BUNDLE_MAX_FILES, sizeof(*bundle->files));
    if (!bundle->files)
        return no_memory(err);
    struct trust_bundle_file *file = &bundle->files[bundle->count++];
    snprintf(file->name, sizeof(file->name), "%s", name);
    buffer_append(&file->bytes, bytes);
    bundle->size += bytes.size;
    return !file->bytes.failed || no_memory(err);
}

/* ---- as XML */

void trust_bundle_write(const struct trust_bundle *bundle, struct buffer *ret_xml)
{
    char made[CLOCK_TEXT_SIZE];
    clock_iso_utc(bundle->made_ms, made);
    buffer_format(ret_xml, "<trust-bundle xmlns=\"%s\" number=\"%" PRId64 "\" made=\"%s\">\n", ns,
                  bundle->number, made);
    for (size_t i = 0; i < bundle->count; i++) {
        struct span left = buffer_span(&bundle->files[i].bytes);
        buffer_format(ret_xml, "<file name=\"%s\">", bundle->files[i].name);
        while (left.size > 0) {
            struct span part = span_slice(left, 0, PART_SIZE);
            buffer_text(ret_xml, "<part>");
            base64_append(ret_xml, part);
            buffer_text(ret_xml, "</part>\n");
            left = span_slice(left, part.size, SIZE_MAX);
        }
        buffer_text(ret_xml, "</file>\n");
    }
    buffer_text(ret_xml, "</trust-bundle>\n");
}

static bool malformed(struct error *err, const char *where)
{
    return fail(err, ERR_MALFORMED, &TEXT_BUNDLE_MALFORMED, where);
}

static bool read_file(struct trust_bundle *bundle, xmlNode *element, struct error *err)
{
    xmlChar *name CLEANUP(xml_char_clear) = xmlGetNoNsProp(element, (const xmlChar *)"name");
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    for (const xmlNode *part = xml_first(element, ns, "part"); part; part = xml_next(part, ns, "part")) {
        char *text CLEANUP(free_clear) = NULL;
        struct buffer piece CLEANUP(buffer_clear) = {0};
        if (!xml_text(part, &text) || !base64_read(span_text(text), &piece))
            return malformed(err, "part");
        buffer_append(&bytes, buffer_span(&piece));
    }
    if (bytes.failed)
        return no_memory(err);
    return name ? trust_bundle_add(bundle, (const char *)name, buffer_span(&bytes), err)
                : malformed(err, "file");
}

static bool read_head(struct trust_bundle *bundle, xmlNode *root, struct error *err)
{
    xmlChar *number CLEANUP(xml_char_clear) = xmlGetNoNsProp(root, (const xmlChar *)"number");
    xmlChar *made CLEANUP(xml_char_clear) = xmlGetNoNsProp(root, (const xmlChar *)"made");
    char *end = NULL;
    if (!number || !made || !clock_read((const char *)made, &bundle->made_ms))
        return malformed(err, "made");
    errno = 0;
    bundle->number = strtoll((const char *)number, &end, 10);
    return (errno == 0 && *number && !*end && bundle->number > 0) || malformed(err, "number");
}

bool trust_bundle_read(struct span xml, struct trust_bundle *ret_bundle, struct error *err)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    struct trust_bundle bundle CLEANUP(trust_bundle_clear) = {0};
    if (!xml_read(xml, &doc, err))
        return false;
    xmlNode *root = xmlDocGetRootElement(doc);
    if (!xml_is(root, ns, "trust-bundle"))
        return malformed(err, "trust-bundle");
    if (!read_head(&bundle, root, err))
        return false;
    for (xmlNode *file = xml_first(root, ns, "file"); file; file = xml_next(file, ns, "file"))
        if (!read_file(&bundle, file, err))
            return false;
    *ret_bundle = bundle;
    bundle = (struct trust_bundle){0};
    return true;
}

bool trust_bundle_open(struct span xml, const struct certificates *signers, const char *name,
                       struct trust_bundle *ret_bundle, struct error *err)
{
    struct trust_bundle bundle CLEANUP(trust_bundle_clear) = {0};
    if (!trust_bundle_read(xml, &bundle, err) || !pinned_signed(xml, signers, bundle.made_ms, name, err))
        return false;
    *ret_bundle = bundle;
    bundle = (struct trust_bundle){0};
    return true;
}

/* ---- in force */

struct bundle_conf {
    int64_t number;
    const char *made;
};
static const struct setting conf_settings[] = {
    SETTING(bundle_conf, number, NUMBER, SETTING_REQUIRED, "the bundle's number"),
    SETTING(bundle_conf, made, TEXT, NULL, "when it was made"),
};
static const struct settings_section conf_sections[] = {
    {"bundle", false, sizeof(struct bundle_conf), conf_settings, COUNT_OF(conf_settings)},
};

static bool path_in(char **ret_path, struct error *err, const char *directory, const char *name)
{
    if (asprintf(ret_path, "%s/%s", directory, name) >= 0)
        return true;
    *ret_path = NULL;
    return no_memory(err);
}

bool trust_bundle_number(const char *directory, int64_t *ret_number, struct error *err)
{
    char *path CLEANUP(free_clear) = NULL;
    struct settings *conf CLEANUP(settings_free) = NULL;
    if (!path_in(&path, err, directory, TRUST_BUNDLE_FOLDER "/" BUNDLE_CONF))
        return false;
    *ret_number = 0;
    if (access(path, F_OK) != 0)
        return true;
    if (!settings_read(path, conf_sections, COUNT_OF(conf_sections), &conf, err))
        return false;
    *ret_number = ((const struct bundle_conf *)settings_section(conf, "bundle"))->number;
    return true;
}

static bool make_directory(const char *path, struct error *err)
{
    if (mkdir(path, 0755) == 0 || errno == EEXIST)
        return true;
    fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, path);
    return error_errno(err, "mkdir");
}

static bool write_file(const char *folder, const char *name, struct span bytes, struct error *err)
{
    char *path CLEANUP(free_clear) = NULL;
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    return path_in(&path, err, folder, name) && out_file_open(path, false, &out, err)
           && fd_write_all(out.fd, bytes, err) && out_file_commit(&out, err);
}

static bool write_conf(const struct trust_bundle *bundle, const char *folder, struct error *err)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    char made[CLOCK_TEXT_SIZE];
    clock_iso_utc(bundle->made_ms, made);
    buffer_format(&text, "[bundle]\nnumber = %" PRId64 "\nmade = %s\n", bundle->number, made);
    return write_file(folder, BUNDLE_CONF, buffer_span(&text), err);
}

static bool write_all(const struct trust_bundle *bundle, const char *folder, struct error *err)
{
    static const char *const below[] = {"lists", "revocation"};
    if (!make_directory(folder, err))
        return false;
    for (size_t i = 0; i < COUNT_OF(below); i++) {
        char *path CLEANUP(free_clear) = NULL;
        if (!path_in(&path, err, folder, below[i]) || !make_directory(path, err))
            return false;
    }
    for (size_t i = 0; i < bundle->count; i++)
        if (!write_file(folder, bundle->files[i].name, buffer_span(&bundle->files[i].bytes), err))
            return false;
    return write_conf(bundle, folder, err);
}

/* What must not be in force is given back: the folder, and the two below it. */
static void remove_folder(const char *folder, int depth)
{
    struct dirent **entries = NULL;
    int count = scandir(folder, &entries, NULL, NULL);
    for (int i = 0; i < count; i++) {
        char *path CLEANUP(free_clear) = NULL;
        struct error err = {0};
        const char *name = entries[i]->d_name;
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0 && path_in(&path, &err, folder, name)
            && unlink(path) != 0 && depth > 0)
            remove_folder(path, depth - 1);
        free(entries[i]);
    }
    free(entries);
    rmdir(folder);
}

/* The link is made anew under another name and moved: there is always one of the two. */
static bool point_at(const char *directory, const char *name, struct error *err)
{
    char *link CLEANUP(free_clear) = NULL, *fresh CLEANUP(free_clear) = NULL;
    if (!path_in(&link, err, directory, TRUST_BUNDLE_FOLDER)
        || !path_in(&fresh, err, directory, "." TRUST_BUNDLE_FOLDER))
        return false;
    unlink(fresh);
    if (symlink(name, fresh) == 0 && rename(fresh, link) == 0)
        return true;
    fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, link);
    return error_errno(err, "symlink");
}

static bool old_folder(const char *directory, char **ret_folder, struct error *err)
{
    char *link CLEANUP(free_clear) = NULL;
    char name[256];
    if (!path_in(&link, err, directory, TRUST_BUNDLE_FOLDER))
        return false;
    ssize_t size = readlink(link, name, sizeof(name) - 1);
    if (size <= 0 || memchr(name, '/', (size_t)size))
        return true;
    name[size] = '\0';
    return path_in(ret_folder, err, directory, name);
}

static bool put_in_force(const struct trust_bundle *bundle, const char *directory, const char *name,
                         const char *folder, struct error *err)
{
    struct trust *looked CLEANUP(trust_free) = NULL;
    char *old CLEANUP(free_clear) = NULL;
    const char *paths[] = {folder};
    if (!write_all(bundle, folder, err) || !trust_load(paths, 1, &looked, err)
        || !old_folder(directory, &old, err) || !point_at(directory, name, err)) {
        remove_folder(folder, 1);
        return false;
    }
    if (old)
        remove_folder(old, 1);
    return true;
}

bool trust_bundle_install(const struct trust_bundle *bundle, const char *directory, bool older_too,
                          struct error *err)
{
    int64_t present;
    uint8_t random[4];
    char name[64], suffix[sizeof(random) * 2 + 1], numbers[2][24];
    char *folder CLEANUP(free_clear) = NULL;
    if (!trust_bundle_number(directory, &present, err))
        return false;
    snprintf(numbers[0], sizeof(numbers[0]), "%" PRId64, bundle->number);
    snprintf(numbers[1], sizeof(numbers[1]), "%" PRId64, present);
    if (bundle->number < present && !older_too)
        return fail(err, ERR_CONFLICT, &TEXT_BUNDLE_OLDER, numbers[0], numbers[1]);
    random_bytes(random, sizeof(random));
    hex_text(span_of(random, sizeof(random)), suffix);
    snprintf(name, sizeof(name), "bundle-%s-%s", numbers[0], suffix);
    return make_directory(directory, err) && path_in(&folder, err, directory, name)
           && put_in_force(bundle, directory, name, folder, err);
}
