#include "tests/check.h"

#include "tests/asic_make.h"

#include <stdio.h>

#include "signer/cms.h"
#include "signer/xades_write.h"
#include "tests/stamp_make.h"

#define NS_ASIC "http://uri.etsi.org/02918/v1.2.1#"
#define SHA256_URI "http://www.w3.org/2001/04/xmlenc#sha256"

void container_put(struct container *container, const char *name, struct span bytes)
{
    assert_true(container->count < ASIC_MAKE_MAX);
    struct buffer *owned = &container->owned[container->count];
    buffer_append(owned, bytes);
    container->members[container->count++] =
        (struct zip_member){.name = name, .text = buffer_string(owned), .size = owned->size};
}

void container_put_mimetype(struct container *container, char kind)
{
    char type[64];
    snprintf(type, sizeof(type), "application/vnd.etsi.asic-%c+zip", kind);
    container_put(container, "mimetype", span_text(type));
}

struct zip_member *container_member(struct container *container, const char *name)
{
    for (size_t i = 0; i < container->count; i++)
        if (strcmp(container->members[i].name, name) == 0)
            return &container->members[i];
    _fail(name, 0);
    return NULL;
}

static struct span bytes_of(struct container *container, const char *name)
{
    const struct zip_member *member = container_member(container, name);
    return span_of(member->text, member->size);
}

void container_put_cades(struct container *container, const char *name, const struct pki_person *signer,
                         const char *about)
{
    struct buffer attributes CLEANUP(buffer_clear) = {0}, signature CLEANUP(buffer_clear) = {0},
                             cms CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    struct digest_value digest = digest_of(DIGEST_SHA256, bytes_of(container, about));
    assert_true(
        cms_attributes(digest_span(&digest), buffer_span(&signer->der), 1763700000000, &attributes, &err));
    digest = digest_of(DIGEST_SHA256, buffer_span(&attributes));
    pki_sign(signer, DIGEST_SHA256, digest_span(&digest), &signature);
    assert_true(cms_assemble(DIGEST_SHA256, buffer_span(&attributes), buffer_span(&signature),
                             buffer_span(&signer->der), NULL, (struct span){0}, &cms, &err));
    container_put(container, name, buffer_span(&cms));
}

void container_put_token(struct container *container, const char *name, const struct pki_person *authority,
                         const char *about, int64_t time_ms)
{
    struct buffer token CLEANUP(buffer_clear) = {0};
    struct digest_value digest = digest_of(DIGEST_SHA256, bytes_of(container, about));
    stamp_make(authority, DIGEST_SHA256, digest_span(&digest), time_ms, &token);
    container_put(container, name, buffer_span(&token));
}

static void write_digest(struct buffer *out, struct span bytes)
{
    struct digest_value digest = digest_of(DIGEST_SHA256, bytes);
    buffer_text(out, "<ds:DigestMethod Algorithm=\"" SHA256_URI "\"></ds:DigestMethod><ds:DigestValue>");
    base64_append(out, digest_span(&digest));
    buffer_text(out, "</ds:DigestValue>");
}

void container_put_manifest(struct container *container, const char *name, const char *signature,
                            const char *const *files)
{
    struct buffer out CLEANUP(buffer_clear) = {0};
    buffer_format(&out,
                  "<asic:ASiCManifest xmlns:asic=\"" NS_ASIC "\" xmlns:ds=\"" NS_DSIG
                  "\"><asic:SigReference URI=\"%s\"/>",
                  signature);
    for (; *files; files++) {
        buffer_format(&out, "<asic:DataObjectReference URI=\"%s\">", *files);
        write_digest(&out, bytes_of(container, *files));
        buffer_text(&out, "</asic:DataObjectReference>");
    }
    buffer_text(&out, "</asic:ASiCManifest>");
    container_put(container, name, buffer_span(&out));
}

/* In exclusive canonical form, as xades_write does it. */
static void write_signed_info(struct container *container, const struct xades_wish *wish,
                              const struct xades_words *words, struct span properties, struct buffer *out)
{
    buffer_format(out,
                  "<ds:SignedInfo xmlns:ds=\"" NS_DSIG
                  "\"><ds:CanonicalizationMethod Algorithm=\"" URI_EXC_C14N
                  "\"></ds:CanonicalizationMethod><ds:SignatureMethod Algorithm=\"%s\"></ds:SignatureMethod>",
                  signature_uri(SCHEME_RSA, DIGEST_SHA256));
    for (size_t i = 0; wish->uris[i]; i++) {
        buffer_format(out, "<ds:Reference Id=\"%s-%zu\" URI=\"%s\">", words->id, i, wish->uris[i]);
        bool undone = wish->base64 && i == 0;
        if (undone)
            buffer_text(out, "<ds:Transforms><ds:Transform Algorithm=\"" URI_BASE64
                             "\"></ds:Transform></ds:Transforms>");
        write_digest(out, undone ? span_text(wish->base64)
                                 : bytes_of(container, wish->files[i] ? wish->files[i] : wish->uris[i]));
        buffer_text(out, "</ds:Reference>");
    }
    buffer_format(out,
                  "<ds:Reference Type=\"" TYPE_SIGNED_PROPERTIES
                  "\" URI=\"#%s-SP\"><ds:Transforms><ds:Transform Algorithm=\"" URI_EXC_C14N
                  "\"></ds:Transform></ds:Transforms>",
                  words->id);
    write_digest(out, properties);
    buffer_text(out, "</ds:Reference></ds:SignedInfo>");
}

static void write_xades(struct container *container, const struct xades_wish *wish, size_t number,
                        struct buffer *out)
{
    struct signing how = {.digest = DIGEST_SHA256, .certificate = buffer_span(&wish->signer->der)};
    struct xades_words words = {.how = &how, .scheme = SCHEME_RSA};
    struct buffer properties CLEANUP(buffer_clear) = {0}, info CLEANUP(buffer_clear) = {0},
                             signature CLEANUP(buffer_clear) = {0}, whole CLEANUP(buffer_clear) = {0};
    uint64_t hole, unsigned_at;
    snprintf(words.id, sizeof(words.id), "S%zu", number);
    snprintf(words.now, sizeof(words.now), "2025-11-21T04:40:00Z");
    /* what the writer says of the document's own format it says of the first file */
    xades_write_properties(&words, &properties);
    char *text CLEANUP(free_clear) = span_string(buffer_span(&properties));
    char *at = strstr(text, "-R\">");
    assert_non_null(at);
    at[1] = '0';
    write_signed_info(container, wish, &words, span_text(text), &info);
    struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(&info));
    pki_sign(wish->signer, DIGEST_SHA256, digest_span(&digest), &signature);
    xades_write(&words, buffer_span(&info), span_text(text), &whole, &hole, &unsigned_at);
    buffer_append(out, span_slice(buffer_span(&whole), 0, hole));
    base64_append(out, buffer_span(&signature));
    buffer_append(out, span_slice(buffer_span(&whole), hole, SIZE_MAX));
}

void container_put_xades(struct container *container, const char *name, const struct xades_wish *wishes,
                         size_t count, const char *root)
{
    struct buffer out CLEANUP(buffer_clear) = {0};
    root = root ? root : "asic:XAdESSignatures";
    buffer_format(&out, "<%s xmlns:asic=\"" NS_ASIC "\">", root);
    for (size_t i = 0; i < count; i++)
        write_xades(container, &wishes[i], container->count + i, &out);
    buffer_format(&out, "</%s>", root);
    container_put(container, name, buffer_span(&out));
}

void container_drop(struct container *container, const char *name)
{
    size_t at = (size_t)(container_member(container, name) - container->members);
    buffer_clear(&container->owned[at]);
    container->count--;
    for (; at < container->count; at++) {
        container->members[at] = container->members[at + 1];
        container->owned[at] = container->owned[at + 1];
    }
    container->owned[at] = (struct buffer){0};
}

void container_write(const struct container *container, struct buffer *ret_zip)
{
    zip_make(container->members, container->count, &container->lies, ret_zip);
}

void container_clear(struct container *container)
{
    for (size_t i = 0; i < container->count; i++)
        buffer_clear(&container->owned[i]);
    *container = (struct container){0};
}
