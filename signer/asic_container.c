#include "signer/asic_container.h"

#include <strings.h>

#include "base/base_text.h"
#include "signer/asic_text.h"

#define FOLDER "META-INF/"
enum { MIMETYPE_MAX = 128 /* bytes */ };

static bool ends_in(const char *name, const char *end)
{
    size_t size = strlen(name), wanted = strlen(end);
    return size >= wanted && strcmp(name + size - wanted, end) == 0;
}

enum asic_role asic_role_of(const char *name)
{
    if (strcmp(name, "mimetype") == 0)
        return ASIC_MIMETYPE;
    if (strncmp(name, FOLDER, strlen(FOLDER)) != 0)
        return ASIC_DATA;
    name += strlen(FOLDER);
    if (strcmp(name, "manifest.xml") == 0)
        return ASIC_ODF;
    if (strncmp(name, "ASiCEvidenceRecordManifest", 26) == 0 || strstr(name, "evidencerecord"))
        return ASIC_EVIDENCE;
    if ((strncmp(name, "ASiCManifest", 12) == 0 || strncmp(name, "ASiCArchiveManifest", 19) == 0)
        && ends_in(name, ".xml"))
        return ASIC_MANIFEST;
    if (strstr(name, "signatures") && ends_in(name, ".xml"))
        return ASIC_XADES;
    if (strstr(name, "signature") && ends_in(name, ".p7s"))
        return ASIC_CADES;
    return strstr(name, "timestamp") && ends_in(name, ".tst") ? ASIC_TIMESTAMP : ASIC_OTHER;
}

const struct detached *asic_find(const struct asic *asic, const char *name)
{
    return detached_named(asic->files, asic->count, name);
}

/* Unpacked once, so that whoever judges a signature finds only what is whole; the digest is remembered. */
static bool is_damaged(const struct detached *file, bool *ret_damaged, struct error *err)
{
    struct digest_value digest;
    *ret_damaged = file->deflated && !detached_digest(file, DIGEST_SHA256, &digest, err);
    if (*ret_damaged && err->code != ERR_MALFORMED)
        return false;
    error_clear(err);
    return true;
}

/* Of two members of one name (a defect of the ZIP) the one that lies first is looked at. */
static void drop_twins(struct asic *asic)
{
    size_t kept = 0;
    for (size_t i = 0; i < asic->count; i++) {
        struct detached *last = kept ? &asic->files[kept - 1] : NULL;
        if (!last || strcmp(last->name, asic->files[i].name) != 0)
            asic->files[kept++] = asic->files[i];
        else if (asic->files[i].bytes.data < last->bytes.data)
            *last = asic->files[i];
    }
    asic->count = kept;
    for (size_t i = 0; i < kept; i++)
        asic->roles[asic_role_of(asic->files[i].name)]++;
}

static bool take_files(struct asic *asic, struct error *err)
{
    asic->files = calloc(asic->zip.count + 1, sizeof(*asic->files));
    if (!asic->files)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t i = 0; i < asic->zip.count; i++) {
        const struct zip_entry *entry = &asic->zip.entries[i];
        bool damaged;
        if (entry->folder)
            continue;
        if (!is_damaged(&entry->file, &damaged, err))
            return false;
        if (damaged) {
            zip_set_defect(&asic->zip, &TEXT_MEMBER_DAMAGED, entry->file.name);
            continue;
        }
        asic->files[asic->count++] = entry->file;
    }
    detached_sort(asic->files, asic->count);
    drop_twins(asic);
    return true;
}

/* ---- the media type (A.1) */

/* Without what careless writers put around it. */
static bool read_mimetype(const struct asic *asic, struct buffer *hold, struct span *ret_type)
{
    struct error err = {0};
    const struct detached *file = asic_find(asic, "mimetype");
    return file && detached_bytes(file, MIMETYPE_MAX, hold, ret_type, &err);
}

static bool is_type(struct span type, const char *name)
{
    if (span_starts(type, "\xEF\xBB\xBF"))
        type = span_slice(type, 3, SIZE_MAX);
    return span_is(span_trimmed(type), name);
}

#define TYPE_SIMPLE "application/vnd.etsi.asic-s+zip"
#define TYPE_EXTENDED "application/vnd.etsi.asic-e+zip"

/* Without a media type: one document with a signature of the name that ASiC-S gives it is ASiC-S. */
static enum asic_kind guess_kind(const struct asic *asic)
{
    bool named = asic_find(asic, FOLDER "signatures.xml") || asic_find(asic, FOLDER "signature.p7s")
                 || asic_find(asic, FOLDER "timestamp.tst");
    for (size_t i = 0; i < asic->count; i++)
        if (strncmp(asic->files[i].name, FOLDER "ASiCManifest", strlen(FOLDER "ASiCManifest")) == 0)
            return ASIC_EXTENDED;
    return named && asic->roles[ASIC_DATA] == 1 ? ASIC_SIMPLE : ASIC_EXTENDED;
}

static void find_kind(struct asic *asic)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span type;
    bool read = read_mimetype(asic, &hold, &type), simple = read && is_type(type, TYPE_SIMPLE);
    asic->says_kind = simple || (read && is_type(type, TYPE_EXTENDED));
    asic->kind = simple ? ASIC_SIMPLE : asic->says_kind ? ASIC_EXTENDED : guess_kind(asic);
}

void asic_note_mimetype(const struct asic *asic, struct verdict *verdict)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span type;
    const struct zip_entry *first = asic->zip.count ? &asic->zip.entries[0] : NULL;
    if (asic->roles[ASIC_MIMETYPE] == 0)
        verdict_reason(verdict, &TEXT_ASIC_NO_MIMETYPE, NULL);
    else if (!read_mimetype(asic, &hold, &type) || !asic->says_kind
             || (!span_is(type, TYPE_SIMPLE) && !span_is(type, TYPE_EXTENDED)))
        verdict_reason(verdict, &TEXT_ASIC_MIMETYPE_WRONG, NULL);
    else if (!first || strcmp(first->file.name, "mimetype") != 0 || !first->plain)
        verdict_reason(verdict, &TEXT_ASIC_MIMETYPE_PLACE, NULL);
}

bool asic_open(struct span bytes, struct asic *ret_asic, struct error *err)
{
    struct asic asic CLEANUP(asic_close) = {0};
    if (!zip_read(bytes, &asic.zip, err) || !take_files(&asic, err))
        return false;
    find_kind(&asic);
    *ret_asic = asic;
    asic = (struct asic){0};
    return true;
}

/* OpenDocument signs inside its own file (OpenDocument 1.2 part 3, 4): such a one is a document like any other. */
static bool is_signature_of_asic(const char *name)
{
    enum asic_role role = asic_role_of(name);
    return role == ASIC_CADES || role == ASIC_TIMESTAMP || role == ASIC_MANIFEST
           || (role == ASIC_XADES && strcmp(name, FOLDER "documentsignatures.xml") != 0
               && strcmp(name, FOLDER "macrosignatures.xml") != 0);
}

bool asic_is_signed(struct span bytes)
{
    struct zip zip CLEANUP(zip_clear) = {0};
    struct error unread = {0};
    if (!zip_read(bytes, &zip, &unread))
        return false;
    for (size_t i = 0; i < zip.count; i++)
        if (is_signature_of_asic(zip.entries[i].file.name))
            return true;
    return false;
}

void asic_close(struct asic *asic)
{
    free(asic->files);
    zip_clear(&asic->zip);
    *asic = (struct asic){0};
}
