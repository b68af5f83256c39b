#include "signer/asic_manifest.h"

#include "base/base_text.h"
#include "base/xml.h"
#include "signer/asic_text.h"
#include "signer/xades_read.h"

#define NS_ASIC "http://uri.etsi.org/02918/" /* then v1.1.1# of TS 102 918 or v1.2.1# */
#define NS_ODF "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"

static bool is_asic(const xmlNode *node, const char *name)
{
    return xml_is(node, NULL, name) && node->ns
           && strncmp((const char *)node->ns->href, NS_ASIC, strlen(NS_ASIC)) == 0;
}

static xmlNode *next_asic(xmlNode *at, const char *name)
{
    while (at && !is_asic(at, name))
        at = xml_next(at, NULL, NULL);
    return at;
}

/* The file, or NULL when it is not well-formed: that is for the signature's verdict to say. */
static bool read_xml(const struct detached *file, xmlDoc **ret_doc, struct error *err)
{
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span bytes;
    if (!detached_bytes(file, ASIC_MAX_MANIFEST, &hold, &bytes, err))
        return false;
    if (xml_read(bytes, ret_doc, err))
        return true;
    if (err->code == ERR_TOO_LARGE || err->code == ERR_INTERNAL)
        return false;
    error_clear(err);
    return true;
}

static const struct detached *find_uri(const struct asic *asic, const xmlNode *element, const char **ret_uri)
{
    const char *uri = xml_attribute(element, "URI");
    *ret_uri = uri ? uri : "";
    return uri ? detached_find(asic->files, asic->count, span_text(uri)) : NULL;
}

/* A.4: the digest of one file. */
static void read_reference(const struct asic *asic, const xmlNode *element, struct asic_reference *reference)
{
    struct buffer value CLEANUP(buffer_clear) = {0};
    char *text CLEANUP(free_clear) = NULL;
    const char *uri;
    reference->file = find_uri(asic, element, &uri);
    text_clean(uri, strlen(uri), sizeof(reference->uri), reference->uri);
    const xmlNode *method = xml_first(element, NS_DSIG, "DigestMethod"),
                  *digest = xml_first(element, NS_DSIG, "DigestValue");
    const char *algorithm = method ? xml_attribute(method, "Algorithm") : NULL;
    reference->known =
        algorithm && digest_of_uri(algorithm, &reference->algorithm) && digest_is_known(reference->algorithm);
    if (digest && xml_text(digest, &text) && base64_read(span_text(text), &value) && value.size > 0
        && value.size <= DIGEST_MAX) {
        memcpy(reference->value.bytes, value.data, value.size);
        reference->value.size = value.size;
    }
}

/* Some writers put the references into SigReference: they are taken there too. */
static xmlNode *first_reference(const xmlNode *root)
{
    xmlNode *direct = next_asic(xml_first(root, NULL, NULL), "DataObjectReference");
    const xmlNode *signature = next_asic(xml_first(root, NULL, NULL), "SigReference");
    return direct || !signature ? direct : next_asic(xml_first(signature, NULL, NULL), "DataObjectReference");
}

static xmlNode *following_reference(xmlNode *at)
{
    return next_asic(xml_next(at, NULL, NULL), "DataObjectReference");
}

static bool read_references(const struct asic *asic, xmlNode *first, struct asic_manifest *manifest,
                            size_t *left, struct error *err)
{
    size_t count = 0;
    for (xmlNode *at = first; at; at = following_reference(at))
        count++;
    if (count > *left)
        return fail(err, ERR_TOO_LARGE, &TEXT_ASIC_MANY_REFERENCES);
    *left -= count;
    manifest->references = calloc(count + 1, sizeof(*manifest->references));
    if (!manifest->references)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (xmlNode *at = first; at; at = following_reference(at))
        read_reference(asic, at, &manifest->references[manifest->count++]);
    return true;
}

static bool read_manifest(const struct asic *asic, const struct detached *file,
                          struct asic_manifest *manifest, size_t *left, struct error *err)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    *manifest = (struct asic_manifest){.file = file};
    if (!read_xml(file, &doc, err))
        return false;
    const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
    if (!root || !is_asic(root, "ASiCManifest"))
        return true;
    xmlNode *signature = next_asic(xml_first(root, NULL, NULL), "SigReference");
    const char *uri;
    /* A.4: exactly one */
    if (signature && !next_asic(xml_next(signature, NULL, NULL), "SigReference"))
        manifest->signature = find_uri(asic, signature, &uri);
    return read_references(asic, first_reference(root), manifest, left, err);
}

bool asic_manifests_read(const struct asic *asic, struct asic_manifests *ret_manifests, struct error *err)
{
    struct asic_manifests manifests CLEANUP(asic_manifests_clear) = {0};
    size_t left = ASIC_MAX_REFERENCES;
    manifests.all = calloc(asic->roles[ASIC_MANIFEST] + 1, sizeof(*manifests.all));
    if (!manifests.all)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t i = 0; i < asic->count; i++)
        if (asic_role_of(asic->files[i].name) == ASIC_MANIFEST
            && !read_manifest(asic, &asic->files[i], &manifests.all[manifests.count++], &left, err))
            return false;
    *ret_manifests = manifests;
    manifests = (struct asic_manifests){0};
    return true;
}

void asic_manifests_clear(struct asic_manifests *manifests)
{
    for (size_t i = 0; i < manifests->count; i++)
        free(manifests->all[i].references);
    free(manifests->all);
    *manifests = (struct asic_manifests){0};
}

const struct asic_manifest *asic_manifest_of(const struct asic_manifests *manifests,
                                             const struct detached *signature)
{
    for (size_t i = 0; i < manifests->count; i++)
        if (manifests->all[i].signature == signature)
            return &manifests->all[i];
    return NULL;
}

static int by_file(const void *a, const void *b)
{
    const struct detached *x = ((const struct asic_manifest *)a)->file,
                          *y = ((const struct asic_manifest *)b)->file;
    return (x > y) - (x < y);
}

/* They stand in the order of the files. */
const struct asic_manifest *asic_manifest_in(const struct asic_manifests *manifests,
                                             const struct detached *file)
{
    struct asic_manifest wanted = {.file = file};
    return manifests->count ? bsearch(&wanted, manifests->all, manifests->count, sizeof(wanted), by_file)
                            : NULL;
}

/* ---- META-INF/manifest.xml */

/* Marks the file; names what is not there. Full paths are IRIs relative to the root; many writers leave them as they are. */
static void tick_entry(const struct asic *asic, const char *path, bool *ticked, struct verdict *verdict)
{
    size_t size = strlen(path);
    if (size == 0 || path[size - 1] == '/')
        return;
    const struct detached *file = asic_find(asic, path);
    if (!file)
        file = detached_find(asic->files, asic->count, span_text(path));
    if (file)
        ticked[file - asic->files] = true;
    else
        verdict_reason(verdict, &TEXT_ASIC_LISTED_MISSING, path, NULL);
}

bool asic_note_odf_manifest(const struct asic *asic, struct verdict *verdict, struct error *err)
{
    xmlDoc *doc CLEANUP(xml_doc_clear) = NULL;
    bool *ticked CLEANUP(free_clear) = calloc(asic->count + 1, sizeof(*ticked));
    const struct detached *file = asic_find(asic, "META-INF/manifest.xml");
    if (!ticked)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (!file)
        return true;
    if (!read_xml(file, &doc, err))
        return false;
    if (!doc || !xml_is(xmlDocGetRootElement(doc), NS_ODF, "manifest")) {
        verdict_reason(verdict, &TEXT_ASIC_LIST_BROKEN, NULL);
        return true;
    }
    for (const xmlNode *at = xml_first(xmlDocGetRootElement(doc), NS_ODF, "file-entry"); at;
         at = xml_next(at, NS_ODF, "file-entry")) {
        const char *path = xml_attribute(at, "full-path");
        tick_entry(asic, path ? path : "", ticked, verdict);
    }
    for (size_t i = 0; i < asic->count; i++)
        if (!ticked[i] && asic_role_of(asic->files[i].name) == ASIC_DATA)
            verdict_reason(verdict, &TEXT_ASIC_NOT_LISTED, asic->files[i].name, NULL);
    return true;
}
