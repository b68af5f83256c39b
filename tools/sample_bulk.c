#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "tools/sample_pdf.h"

/* ISO 32000-1, 7.5.4: what cairo ends its file with. The lines below are taken apart and written anew around
 * one more object, so that the result is one revision, as a scanner or an office program would have written it.
 *
 *     xref            0 N, N entries of 20 bytes
 *     trailer         << /Size N … >>
 *     startxref       offset of xref
 */
enum { ENTRY_SIZE = 20 };

struct ending {
    uint64_t xref;       /* where the table starts */
    unsigned long count; /* entries in it */
    struct span entries; /* the table's lines */
    struct span trailer; /* what the trailer says after /Size N */
};

static struct span after(struct span text, const char *word)
{
    const uint8_t *found = memmem(text.data, text.size, word, strlen(word));
    if (!found)
        return (struct span){0};
    found += strlen(word);
    return span_of(found, text.size - (size_t)(found - text.data));
}

/* The number at the front of `text`, which is moved behind it. */
static unsigned long number(struct span *text)
{
    unsigned long value = 0;
    while (text->size && (*text->data == ' ' || *text->data == '\n'))
        *text = span_of(text->data + 1, text->size - 1);
    for (; text->size && *text->data >= '0' && *text->data <= '9';
         *text = span_of(text->data + 1, text->size - 1))
        value = value * 10 + (unsigned long)(*text->data - '0');
    return value;
}

static bool ending_read(struct span pdf, struct ending *ret_ending)
{
    enum { TAIL = 64 };
    struct span tail = pdf.size > TAIL ? span_of(pdf.data + pdf.size - TAIL, TAIL) : pdf;
    struct span where = after(tail, "startxref");
    struct ending ending = {.xref = number(&where)};
    if (ending.xref == 0 || ending.xref >= pdf.size)
        return false;

    struct span table = after(span_of(pdf.data + ending.xref, pdf.size - ending.xref), "xref\n0 ");
    ending.count = number(&table);
    if (table.size == 0 || ending.count >= (table.size - 1) / ENTRY_SIZE)
        return false;
    ending.entries = span_of(table.data + 1, ending.count * ENTRY_SIZE);

    struct span trailer = after(table, "/Size");
    number(&trailer);
    if (trailer.size == 0)
        return false;
    const uint8_t *end = memmem(trailer.data, trailer.size, "startxref", strlen("startxref"));
    if (!end)
        return false;
    ending.trailer = span_of(trailer.data, (size_t)(end - trailer.data));
    *ret_ending = ending;
    return true;
}

/* xorshift64 from a fixed seed: nothing that a compressor or a sparse file could make small. */
static void write_noise(uint64_t size, struct sink *sink)
{
    enum { BLOCK_WORDS = 8192 };
    static uint64_t block[BLOCK_WORDS];
    uint64_t state = 0x9e3779b97f4a7c15;
    while (size > 0 && !sink->failed) {
        for (size_t i = 0; i < BLOCK_WORDS; i++) {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            block[i] = state;
        }
        size_t part = size < sizeof(block) ? (size_t)size : sizeof(block);
        sink_write(sink, span_of(block, part));
        size -= part;
    }
}

bool sample_write(struct span pdf, uint64_t bytes, struct sink *sink, struct error *err)
{
    static const struct text no_table = {
        "SAMPLE_TABLE", "PDF không kết thúc bằng bảng tham chiếu chéo.",
        "The PDF does not end in a cross-reference table: cairo writes it differently now."};
    struct ending ending;
    if (bytes <= pdf.size) {
        sink_write(sink, pdf);
        return sink_finish(sink, err);
    }
    if (!ending_read(pdf, &ending))
        return fail(err, ERR_INTERNAL, &no_table);

    /* The frame around the noise is about as long as what it replaces; a few bytes more or less do not matter. */
    uint64_t noise = bytes - pdf.size;
    sink_write(sink, span_of(pdf.data, ending.xref));
    uint64_t object = sink->written;
    sink_format(sink, "%lu 0 obj\n<< /Length %" PRIu64 " >>\nstream\n", ending.count, noise);
    write_noise(noise, sink);
    sink_text(sink, "\nendstream\nendobj\n");

    uint64_t xref = sink->written;
    sink_format(sink, "xref\n0 %lu\n", ending.count + 1);
    sink_write(sink, ending.entries);
    sink_format(sink, "%010" PRIu64 " 00000 n \ntrailer\n<< /Size %lu", object, ending.count + 1);
    sink_write(sink, ending.trailer);
    sink_format(sink, "startxref\n%" PRIu64 "\n%%%%EOF\n", xref);
    return sink_finish(sink, err);
}
