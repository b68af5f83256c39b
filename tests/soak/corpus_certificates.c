/* Certificates wherever they stand in a sample: DER as it is (CMS), in hexadecimal (PDF), in base64 (XML), and all of
 * that inside a container. No parser of ours is used: what they miss must not be missed here too. */
#include <ctype.h>
#include <openssl/pem.h>
#include <zlib.h>

#include "tests/soak/corpus.h"

enum { SHORTEST = 128, LARGEST_ENTRY = 4 << 20, MAX_FOUND = 256, ZIP_HEADER = 30 };

struct search {
    FILE *pem;
    size_t found;
};

static void in_der(struct search *search, struct span bytes)
{
    for (size_t at = 0; at + SHORTEST < bytes.size && search->found < MAX_FOUND;) {
        const uint8_t *from = bytes.data + at, *end = from;
        X509 *certificate = from[0] == 0x30 && from[1] == 0x82 && from[4] == 0x30
                                ? d2i_X509(NULL, &end, (long)(bytes.size - at))
                                : NULL;
        if (certificate)
            search->found += (size_t)(PEM_write_X509(search->pem, certificate) == 1);
        at += certificate ? (size_t)(end - from) : 1;
        X509_free(certificate);
    }
}

static int hex(int c)
{
    return isdigit(c) ? c - '0' : isxdigit(c) ? tolower(c) - 'a' + 10 : -1;
}

static void in_hex(struct search *search, struct span text)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    for (size_t i = 0; i + 1 < text.size;) {
        int high = hex(text.data[i]), low = hex(text.data[i + 1]);
        if (high >= 0 && low >= 0) {
            buffer_u8(&bytes, (uint8_t)(high * 16 + low));
            i += 2;
            continue;
        }
        in_der(search, buffer_span(&bytes));
        bytes.size = 0;
        i++;
    }
    in_der(search, buffer_span(&bytes));
}

/* "MII" begins every SEQUENCE of 256 to 65535 bytes. */
static void in_base64(struct search *search, struct span text)
{
    struct buffer letters CLEANUP(buffer_clear) = {0};
    size_t at = 0;
    while ((at = span_find(text, SPAN_LITERAL("MII"), at)) != SIZE_MAX) {
        letters.size = 0;
        for (; at < text.size; at++) {
            uint8_t c = text.data[at];
            if (isalnum(c) || c == '+' || c == '/')
                buffer_u8(&letters, c);
            else if (!isspace(c))
                break;
        }
        letters.size -= letters.size % 4; /* a part of the last group says nothing of a certificate's end */
        struct buffer bytes CLEANUP(buffer_clear) = {0};
        uint8_t *out = buffer_reserve(&bytes, letters.size / 4 * 3 + 3);
        int size = out ? EVP_DecodeBlock(out, letters.data, (int)letters.size) : 0;
        if (size > 0)
            memset(out + size, 0, 3);
        in_der(search, span_of(out, size > 0 ? (size_t)size + 3 : 0));
    }
}

static void in_text(struct search *search, struct span bytes)
{
    in_der(search, bytes);
    in_hex(search, bytes);
    in_base64(search, bytes);
}

static void in_deflated(struct search *search, struct span packed)
{
    struct buffer entry CLEANUP(buffer_clear) = {0};
    uint8_t *out = buffer_reserve(&entry, LARGEST_ENTRY);
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed.data,
                       .avail_in = (uInt)packed.size,
                       .next_out = out,
                       .avail_out = LARGEST_ENTRY};
    if (!out || inflateInit2(&stream, -MAX_WBITS) != Z_OK)
        return;
    inflate(&stream, Z_FINISH);
    in_text(search, span_of(out, stream.total_out));
    inflateEnd(&stream);
}

static void in_container(struct search *search, struct span zip)
{
    size_t at = 0;
    while ((at = span_find(zip, SPAN_LITERAL("PK\003\004"), at)) != SIZE_MAX && zip.size - at > ZIP_HEADER) {
        const uint8_t *header = zip.data + at;
        size_t names = header[26] + 256U * header[27] + header[28] + 256U * header[29];
        if (header[8] == 8)
            in_deflated(search, span_slice(zip, at + ZIP_HEADER + names, zip.size));
        at += ZIP_HEADER;
    }
}

struct trust *sample_trust(const struct sample *sample)
{
    char path[] = "/tmp/vanthu-corpus.XXXXXX";
    struct trust *trust = NULL;
    struct error err = {0};
    const char *paths[] = {path};
    int fd = mkstemp(path);
    struct search search = {.pem = fd < 0 ? NULL : fdopen(fd, "w")};
    if (!search.pem)
        return NULL;
    in_text(&search, buffer_span(&sample->bytes));
    if (document_kind_of(buffer_span(&sample->bytes)) == DOCUMENT_ZIP)
        in_container(&search, buffer_span(&sample->bytes));
    fclose(search.pem);
    if (search.found > 0 && !trust_load(paths, 1, &trust, &err))
        trust = NULL;
    unlink(path);
    return trust;
}
