#include "signer/pdf_measure.h"

#include <inttypes.h>
#include <stdio.h>

#include "signer/pdf_text.h"

enum {
    RANGES = 4,
    LINE_END = 2 /* bytes that some writers count behind the end of the file: an end of line never written */
};

bool pdf_measure_defect(struct pdf_signature *signature, const struct text *text, uint64_t number)
{
    signature->defect = (struct reason){.text = text};
    snprintf(signature->defect.arg[0], TEXT_ARG_SIZE, "%" PRIu64, number);
    return false;
}

enum pdf_sub_filter pdf_sub_filter_of(const struct pdf_value *filter)
{
    static const char *const names[] = {[PDF_FILTER_CADES] = "ETSI.CAdES.detached",
                                        [PDF_FILTER_DETACHED] = "adbe.pkcs7.detached",
                                        [PDF_FILTER_SHA1] = "adbe.pkcs7.sha1",
                                        [PDF_FILTER_X509] = "adbe.x509.rsa_sha1",
                                        [PDF_FILTER_TIMESTAMP] = "ETSI.RFC3161"};
    for (size_t i = 1; i < COUNT_OF(names); i++)
        if (pdf_is_name(filter, names[i]))
            return (enum pdf_sub_filter)i;
    return PDF_FILTER_OTHER;
}

void pdf_measure_date(const struct pdf_value *dictionary, struct pdf_signature *signature)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    struct pdf_value date = pdf_get(dictionary, "M");
    if (pdf_string_text(&date, &text) && text.size < sizeof(signature->date))
        memcpy(signature->date, text.data, text.size);
}

/* Room that was made for a signature and never filled: all zeros. */
bool pdf_measure_prepared(const struct pdf_value *dictionary)
{
    struct pdf_value contents = pdf_get(dictionary, "Contents");
    if (contents.kind != PDF_HEX_STRING)
        return false;
    for (size_t i = 1; i + 1 < contents.raw.size; i++)
        if (contents.raw.data[i] != '0' && !pdf_is_white(contents.raw, i, i + 1))
            return false;
    return true;
}

/* ByteRange: four numbers, none negative. */
static bool read_ranges(struct pdf_document *document, size_t as_of, const struct pdf_value *dictionary,
                        uint64_t ret_range[static RANGES])
{
    struct error unreadable = {0};
    struct pdf_value ranges;
    if (!pdf_follow(document, as_of, dictionary, "ByteRange", &ranges, &unreadable)
        || ranges.kind != PDF_ARRAY || pdf_count(&ranges) != RANGES)
        return false;
    for (size_t i = 0; i < RANGES; i++) {
        struct pdf_value number = pdf_item(&ranges, i);
        if (!pdf_resolve(document, as_of, &number, &unreadable) || number.kind != PDF_INTEGER
            || number.integer < 0)
            return false;
        ret_range[i] = (uint64_t)number.integer;
    }
    return true;
}

/* The digits of the signature: a hexadecimal string in the file. */
static bool read_contents(struct pdf_document *document, size_t as_of, const struct pdf_value *dictionary,
                          struct pdf_value *ret_contents, uint64_t *ret_at)
{
    struct error unreadable = {0};
    return pdf_follow(document, as_of, dictionary, "Contents", ret_contents, &unreadable)
           && ret_contents->kind == PDF_HEX_STRING && pdf_offset_of(document, ret_contents, ret_at);
}

/* The signed revision must have shown this very dictionary, with what it refers to: not one that a later
 * section put in its place. */
static bool stood_in_revision(struct pdf_document *document, const struct pdf_signature *signature,
                              const uint64_t range[static RANGES])
{
    const struct pdf_xref *xref = &document->xref;
    size_t as_of = xref->revisions[signature->revision].last;
    uint32_t number = signature->object ? signature->object : signature->field;
    struct pdf_place then = pdf_xref_find(xref, number, as_of);
    struct pdf_place now = pdf_xref_find(xref, number, xref->count - 1);
    struct pdf_value contents;
    uint64_t range_then[RANGES], at;
    return then.kind == PDF_PLACE_PLAIN && now.kind == PDF_PLACE_PLAIN && then.offset == now.offset
           && read_ranges(document, as_of, &signature->dictionary, range_then)
           && memcmp(range_then, range, sizeof(range_then)) == 0
           && read_contents(document, as_of, &signature->dictionary, &contents, &at)
           && contents.raw.data == signature->contents.raw.data;
}

/* What the ranges name, where it lies in the file in order: even when it is not exact, it can be said
 * whether that is what was signed. */
static void take_spans(const struct pdf_document *document, struct pdf_signature *signature,
                       const uint64_t range[static RANGES])
{
    uint64_t size = document->bytes.size;
    if (range[0] != 0 || range[1] > range[2] || range[2] > size || range[3] > size - range[2] + LINE_END)
        return;
    signature->before = span_slice(document->bytes, 0, range[1]);
    signature->after = span_slice(document->bytes, range[2], range[3]);
}

bool pdf_measure(struct pdf_document *document, size_t as_of, struct pdf_signature *signature)
{
    uint64_t range[RANGES], at;
    if (!read_contents(document, as_of, &signature->dictionary, &signature->contents, &at))
        return pdf_measure_defect(signature, &TEXT_PDF_CONTENTS_MISSING, 0);
    if (!read_ranges(document, as_of, &signature->dictionary, range))
        return pdf_measure_defect(signature, &TEXT_PDF_RANGE_MISSING, 0);
    take_spans(document, signature, range);
    if (range[0] != 0)
        return pdf_measure_defect(signature, &TEXT_PDF_RANGE_START, range[0]);
    if (range[1] != at || range[2] != at + signature->contents.raw.size)
        return pdf_measure_defect(signature, &TEXT_PDF_RANGE_GAP, at);
    if (range[3] > document->bytes.size - range[2] + LINE_END)
        return pdf_measure_defect(signature, &TEXT_PDF_RANGE_END, document->bytes.size);
    signature->end = range[2] + signature->after.size;
    if (signature->after.size < range[3]) { /* if more was signed, the digest says so */
        signature->doubt = (struct reason){.text = &TEXT_PDF_RANGE_END};
        snprintf(signature->doubt.arg[0], TEXT_ARG_SIZE, "%zu", document->bytes.size);
    }
    if (!pdf_xref_revision_ending(&document->xref, signature->end, &signature->revision))
        return pdf_measure_defect(signature, &TEXT_PDF_RANGE_REVISION, signature->end);
    if (!stood_in_revision(document, signature, range))
        return pdf_measure_defect(signature, &TEXT_PDF_SIGNATURE_REPLACED, signature->object);
    return true;
}

void pdf_measure_alone(struct pdf_document *document, struct pdf_signature *signature)
{
    uint64_t range[RANGES], at;
    if (!read_contents(document, 0, &signature->dictionary, &signature->contents, &at)
        || !read_ranges(document, 0, &signature->dictionary, range))
        return;
    take_spans(document, signature, range);
    bool exact = signature->before.size == at && range[2] == at + signature->contents.raw.size
                 && range[3] <= document->bytes.size - range[2];
    signature->end = range[2] + range[3];
    if (exact && pdf_is_white(document->bytes, signature->end, document->bytes.size))
        signature->defect = (struct reason){0};
}
