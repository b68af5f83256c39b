#include "exchange/attachment.h"

#include <ctype.h>
#include <stdio.h>

#include "exchange/package_text.h"
#include "exchange/wrap.h"

enum {
    PDF_HEADER_WITHIN = 1024, /* ISO 32000-1, annex H, note 13: readers look that far */
    DAMAGE_LOOK = 1 << 20,    /* bytes looked at for damage: it is everywhere or nowhere */
    DAMAGE_SHARE = 64,        /* one replacement in so many bytes is no accident … */
    DAMAGE_LEAST = 4, /* … from this many on: the four bytes of the binary comment in the second line */
    DAMAGE_NEAR = 64, /* where that comment stands */
};

/* --- what bytes are --- */

enum nature nature_of(struct span bytes)
{
    if (bytes.size == 0)
        return NATURE_EMPTY;
    if (span_starts(bytes, "PK\3\4") || span_starts(bytes, "PK\5\6"))
        return NATURE_ZIP;
    if (span_starts(bytes, "\xD0\xCF\x11\xE0"))
        return NATURE_OLE2;
    return span_find(span_slice(bytes, 0, PDF_HEADER_WITHIN), SPAN_LITERAL("%PDF-"), 0) != SIZE_MAX
               ? NATURE_PDF
               : NATURE_OTHER;
}

const char *nature_name(enum nature nature)
{
    static const char *const names[] = {"(empty)", "PDF", "ZIP", "OLE2", "(other)"};
    return names[nature];
}

static size_t replacements(struct span bytes)
{
    size_t count = 0;
    for (size_t at = 0; (at = span_find(bytes, SPAN_LITERAL("\xEF\xBF\xBD"), at)) != SIZE_MAX; at += 3)
        count++;
    return count;
}

/* Binary that somebody decoded as UTF-8: every byte that was none became U+FFFD. */
static bool is_damaged(struct span pdf)
{
    struct span look = span_slice(pdf, 0, DAMAGE_LOOK);
    size_t count = replacements(look);
    return count >= DAMAGE_LEAST
           && (count > look.size / DAMAGE_SHARE
               || replacements(span_slice(look, 0, DAMAGE_NEAR)) >= DAMAGE_LEAST);
}

/* --- what names say --- */

void name_extension(const char *name, char ret_extension[static EXTENSION_SIZE])
{
    const char *dot = strrchr(name, '.');
    ret_extension[0] = '\0';
    if (!dot || dot == name || strlen(dot + 1) >= EXTENSION_SIZE)
        return;
    for (size_t i = 1; dot[i]; i++)
        if (!isalnum((unsigned char)dot[i]))
            return;
    for (size_t i = 0; i <= strlen(dot + 1); i++)
        ret_extension[i] = (char)tolower((unsigned char)dot[1 + i]);
}

/* U+202A … U+202E, U+2066 … U+2069: they make "fdp.exe" look like "exe.pdf". */
static bool turns_direction(const uint8_t *at)
{
    return (at[0] == 0xE2 && at[1] == 0x80 && at[2] >= 0xAA && at[2] <= 0xAE)
           || (at[0] == 0xE2 && at[1] == 0x81 && at[2] >= 0xA6 && at[2] <= 0xA9);
}

bool name_is_safe(const char *name)
{
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return false;
    for (const uint8_t *at = (const uint8_t *)name; *at; at++) {
        bool control = *at < 0x20 || *at == 0x7F || (at[0] == 0xC2 && at[1] >= 0x80 && at[1] <= 0x9F);
        if (control || *at == '/' || *at == '\\' || turns_direction(at))
            return false;
    }
    return *name != '\0';
}

enum expectation {
    EXPECT_PDF,
    EXPECT_ZIP,   /* a ZIP is what it is */
    EXPECT_PLAIN, /* never a ZIP: one around it is a wrapper */
    EXPECT_ANY    /* may be ZIP-based, as Office files are: a wrapper holds an entry of the same extension */
};

static enum expectation expectation_of(const char *extension, const char *content_type)
{
    static const char *const plain[] = {"doc", "xls",  "ppt", "rtf",  "txt",  "csv",  "tsv", "xml",   "json",
                                        "htm", "html", "md",  "log",  "jpg",  "jpeg", "png", "gif",   "bmp",
                                        "tif", "tiff", "svg", "webp", "heic", "mp3",  "mp4", "avi",   "mov",
                                        "wav", "mpeg", "p7m", "p7s",  "p7b",  "eml",  "msg", "edxml", "sig"};
    if (strcmp(extension, "pdf") == 0)
        return EXPECT_PDF;
    if (strcmp(extension, "zip") == 0)
        return EXPECT_ZIP;
    for (size_t i = 0; i < COUNT_OF(plain); i++)
        if (strcmp(extension, plain[i]) == 0)
            return EXPECT_PLAIN;
    bool says_pdf = content_type && strcasecmp(content_type, "application/pdf") == 0;
    return says_pdf && extension[0] == '\0' ? EXPECT_PDF : EXPECT_ANY;
}

/* --- settling --- */

static bool is_wrapper(enum expectation expectation, const char *extension, const struct wrap_look *look)
{
    if (look->entries != 1 || expectation == EXPECT_ZIP)
        return false;
    if (expectation == EXPECT_ANY)
        return strcmp(look->extension, extension[0] ? extension : "unk")
               == 0; /* "unk": what the library calls a file without one */
    return true;
}

static bool check_kept(const struct attachment *attachment, enum expectation expectation, enum nature nature,
                       struct span bytes, struct error *err)
{
    if (expectation == EXPECT_ZIP && nature != NATURE_ZIP)
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NOT_ZIP, attachment->name, nature_name(nature));
    if (expectation == EXPECT_PDF && nature != NATURE_PDF)
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NOT_PDF, attachment->name);
    if (nature == NATURE_PDF && is_damaged(bytes))
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_PDF_DAMAGED, attachment->name);
    return true;
}

static bool refuse_many(const struct attachment *attachment, enum expectation expectation, uint64_t entries,
                        struct error *err)
{
    char count[24];
    snprintf(count, sizeof(count), "%llu", (unsigned long long)entries);
    return fail(err, ERR_REFUSED,
                expectation == EXPECT_PDF ? &TEXT_PACKAGE_PDF_IS_ZIP : &TEXT_PACKAGE_ZIP_MANY,
                attachment->name, count);
}

/* Unwraps into a new writer, looks at what came out, and puts the new one in the old one's place. */
static bool settle_wrapper(struct blobs *blobs, const struct attachment *attachment,
                           enum expectation expectation, uint64_t limit, struct span wrapper,
                           struct blob_writer **writer, struct error *err)
{
    struct blob_writer *inner CLEANUP(blob_abort) = NULL;
    struct source source CLEANUP(source_close) = {.fd = -1};
    if (!blob_begin(blobs, &inner, err) || !wrap_unwrap(wrapper, attachment->name, limit, inner, err)
        || !blob_peek(inner, &source, err)
        || !check_kept(attachment, expectation, nature_of(source.bytes), source.bytes, err))
        return false;
    blob_abort(writer);
    *writer = TAKE(inner);
    return true;
}

bool attachment_settle(struct blobs *blobs, const struct attachment *attachment, uint64_t limit,
                       struct blob_writer **writer, enum nature *ret_nature, bool *ret_unwrapped,
                       struct error *err)
{
    struct source source CLEANUP(source_close) = {.fd = -1};
    char extension[EXTENSION_SIZE];
    struct wrap_look look = {0};
    if (!blob_peek(*writer, &source, err))
        return false;
    name_extension(attachment->name, extension);
    enum expectation expectation = expectation_of(extension, attachment->content_type);
    *ret_nature = nature_of(source.bytes);
    *ret_unwrapped = false;
    if (*ret_nature != NATURE_ZIP)
        return check_kept(attachment, expectation, *ret_nature, source.bytes, err);

    wrap_look(source.bytes, &look);
    if (is_wrapper(expectation, extension, &look)) {
        *ret_unwrapped = true;
        return settle_wrapper(blobs, attachment, expectation, limit, source.bytes, writer, err);
    }
    if (expectation == EXPECT_PDF || expectation == EXPECT_PLAIN)
        return refuse_many(attachment, expectation, look.entries, err);
    return true;
}

bool attachment_check(const struct attachment *attachment, struct span bytes, struct error *err)
{
    char extension[EXTENSION_SIZE];
    struct wrap_look look = {0};
    if (!name_is_safe(attachment->name) || !text_is_utf8(attachment->name, strlen(attachment->name)))
        return fail(err, ERR_REFUSED, &TEXT_PACKAGE_NAME_PATH, "file", attachment->name);
    name_extension(attachment->name, extension);
    enum expectation expectation = expectation_of(extension, attachment->content_type);
    enum nature nature = nature_of(bytes);
    if (nature != NATURE_ZIP || (expectation != EXPECT_PDF && expectation != EXPECT_PLAIN))
        return check_kept(attachment, expectation, nature, bytes, err);
    wrap_look(bytes, &look);
    return refuse_many(attachment, expectation, look.entries, err);
}
