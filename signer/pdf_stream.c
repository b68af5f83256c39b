#include "signer/pdf_stream.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/base_text.h"
#include "signer/pdf_text.h"

enum {
    INFLATE_STEP = 16 << 10,
    PREDICTOR_NONE = 1,
    PREDICTOR_TIFF = 2,
    PREDICTOR_PNG = 10,
    MAX_ROW = 1 << 16, /* bytes of one row that is predicted */
    MAX_FILTERS = 4    /* one after the other */
};

static bool broken(struct error *err, uint64_t at)
{
    return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_STREAM_BROKEN, at);
}

static bool inflate_all(z_stream *z, size_t limit, uint64_t at, struct buffer *out, struct error *err)
{
    for (;;) {
        uint8_t *room = buffer_reserve(out, INFLATE_STEP);
        if (!room)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        z->next_out = room;
        z->avail_out = INFLATE_STEP;
        int state = inflate(z, Z_NO_FLUSH);
        out->size += INFLATE_STEP - z->avail_out;
        if (out->size > limit)
            return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_INFLATED, at);
        if (state == Z_STREAM_END)
            return true;
        if (state != Z_OK || (z->avail_in == 0 && z->avail_out != 0))
            return broken(err, at);
    }
}

static bool flate(struct span raw, size_t limit, uint64_t at, struct buffer *out, struct error *err)
{
    if (raw.size > UINT32_MAX)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_INFLATED, at);
    z_stream z = {.next_in = (Bytef *)(uintptr_t)raw.data, .avail_in = (uInt)raw.size};
    if (inflateInit(&z) != Z_OK)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    bool done = inflate_all(&z, limit, at, out, err);
    inflateEnd(&z);
    return done;
}

static uint8_t paeth(int left, int up, int corner)
{
    int estimate = left + up - corner;
    int d_left = abs(estimate - left), d_up = abs(estimate - up), d_corner = abs(estimate - corner);
    if (d_left <= d_up && d_left <= d_corner)
        return (uint8_t)left;
    return (uint8_t)(d_up <= d_corner ? up : corner);
}

/* One row of a PNG filter (RFC 2083, section 6), in place; `above` is the row before, or zeros. */
static bool unfilter_row(unsigned filter, uint8_t *row, const uint8_t *above, size_t width, size_t pixel)
{
    for (size_t i = 0; i < width; i++) {
        int left = i >= pixel ? row[i - pixel] : 0, corner = i >= pixel ? above[i - pixel] : 0, up = above[i];
        switch (filter) {
        case 0:
            break;
        case 1:
            row[i] = (uint8_t)(row[i] + left);
            break;
        case 2:
            row[i] = (uint8_t)(row[i] + up);
            break;
        case 3:
            row[i] = (uint8_t)(row[i] + (left + up) / 2);
            break;
        case 4:
            row[i] = (uint8_t)(row[i] + paeth(left, up, corner));
            break;
        default:
            return false;
        }
    }
    return true;
}

/* Rows of one filter byte and `width` bytes become rows of `width` bytes. */
static bool unpredict(struct buffer *bytes, size_t width, size_t pixel)
{
    static const uint8_t zeros[MAX_ROW];
    if (bytes->size % (width + 1) != 0)
        return false;
    size_t rows = bytes->size / (width + 1);
    for (size_t r = 0; r < rows; r++) {
        uint8_t *from = bytes->data + r * (width + 1), *to = bytes->data + r * width;
        unsigned filter = from[0];
        memmove(to, from + 1, width);
        if (!unfilter_row(filter, to, r ? to - width : zeros, width, pixel))
            return false;
    }
    bytes->size = rows * width;
    return true;
}

/* TIFF 6.0, section 14: each byte is the difference to the same component of the pixel before. */
static bool unpredict_tiff(struct buffer *bytes, size_t width, size_t pixel)
{
    if (bytes->size % width != 0)
        return false;
    for (size_t i = 0; i < bytes->size; i++)
        if (i % width >= pixel)
            bytes->data[i] = (uint8_t)(bytes->data[i] + bytes->data[i - pixel]);
    return true;
}

static int64_t parameter(const struct pdf_value *parameters, const char *key, int64_t by_default)
{
    struct pdf_value value = pdf_get(parameters, key);
    return value.kind == PDF_INTEGER ? value.integer : value.kind == PDF_NULL ? by_default : -1;
}

static bool apply_predictor(const struct pdf_value *parameters, uint64_t at, struct buffer *bytes,
                            struct error *err)
{
    int64_t predictor = parameter(parameters, "Predictor", PREDICTOR_NONE);
    if (predictor == PREDICTOR_NONE)
        return true;
    int64_t columns = parameter(parameters, "Columns", 1), colors = parameter(parameters, "Colors", 1);
    int64_t bits = parameter(parameters, "BitsPerComponent", 8);
    bool known_bits =
        bits == 8 || (predictor >= PREDICTOR_PNG && (bits == 1 || bits == 2 || bits == 4 || bits == 16));
    if ((predictor != PREDICTOR_TIFF && predictor < PREDICTOR_PNG) || columns < 1 || columns > MAX_ROW
        || colors < 1 || colors > 4 || !known_bits || columns * colors * bits > (int64_t)8 * MAX_ROW)
        return pdf_defect(err, ERR_UNSUPPORTED, &TEXT_PDF_FILTER, at);
    size_t width = (size_t)(columns * colors * bits + 7) / 8, pixel = (size_t)(colors * bits + 7) / 8;
    bool undone =
        predictor == PREDICTOR_TIFF ? unpredict_tiff(bytes, width, pixel) : unpredict(bytes, width, pixel);
    return undone || broken(err, at);
}

/* 7.4.2: pairs of digits up to ">"; white space does not count, a missing last digit is 0. */
static bool ascii_hex(struct span text, uint64_t at, struct buffer *out, struct error *err)
{
    const uint8_t *end = text.size ? memchr(text.data, '>', text.size) : NULL;
    struct buffer string CLEANUP(buffer_clear) = {0};
    buffer_u8(&string, '<');
    buffer_append(&string, span_slice(text, 0, end ? (size_t)(end - text.data) : text.size));
    buffer_u8(&string, '>');
    if (string.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    struct pdf_cursor cursor = pdf_cursor_at(buffer_span(&string), 0);
    struct pdf_value value;
    if (!pdf_take_value(&cursor, &value) || value.kind != PDF_HEX_STRING)
        return broken(err, at);
    return pdf_string_bytes(&value, out) ? true : fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

/* The bytes of one group of `count` digits in base 85, those that are missing taken for the largest. */
static bool end_group(const uint8_t *digits, size_t count, struct buffer *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < 5; i++)
        value = value * 85 + (i < count ? digits[i] : 84);
    if (count == 1 || value > UINT32_MAX)
        return false;
    for (size_t i = 0; i + 1 < count; i++)
        buffer_u8(out, (uint8_t)(value >> (24 - 8 * i)));
    return true;
}

/* 7.4.3: five characters stand for four bytes, "z" for four zeros, up to "~>". */
static bool ascii_85(struct span text, uint64_t at, struct buffer *out, struct error *err)
{
    uint8_t digits[5];
    size_t count = 0;
    for (size_t i = 0; i < text.size && text.data[i] != '~'; i++) {
        uint8_t c = text.data[i];
        if (pdf_is_white(text, i, i + 1))
            continue;
        if (c == 'z' && count == 0) {
            buffer_u32(out, 0);
            continue;
        }
        if (c < '!' || c > 'u')
            return broken(err, at);
        digits[count++] = (uint8_t)(c - '!');
        if (count == sizeof(digits)) {
            if (!end_group(digits, count, out))
                return broken(err, at);
            count = 0;
        }
    }
    if (count && !end_group(digits, count, out))
        return broken(err, at);
    return out->failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
}

static bool decode_one(const struct pdf_value *filter, const struct pdf_value *parameters, struct span raw,
                       size_t limit, uint64_t at, struct buffer *out, struct error *err)
{
    bool is_flate = pdf_is_name(filter, "FlateDecode");
    if ((parameters->kind != PDF_NULL && parameters->kind != PDF_DICTIONARY) || raw.size > UINT32_MAX)
        return pdf_defect(err, ERR_UNSUPPORTED, &TEXT_PDF_FILTER, at);
    if (is_flate)
        return flate(raw, limit, at, out, err) && apply_predictor(parameters, at, out, err);
    if (raw.size > limit)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_INFLATED, at);
    struct pdf_value crypt = pdf_get(parameters, "Name");
    if (pdf_is_name(filter, "Crypt") && (crypt.kind == PDF_NULL || pdf_is_name(&crypt, "Identity"))) {
        buffer_append(out, raw);
        return out->failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
    }
    if (pdf_is_name(filter, "ASCIIHexDecode"))
        return ascii_hex(raw, at, out, err);
    if (pdf_is_name(filter, "ASCII85Decode"))
        return ascii_85(raw, at, out, err);
    return pdf_defect(err, ERR_UNSUPPORTED, &TEXT_PDF_FILTER, at);
}

/* Item `index` of what may stand alone or in an array. */
static struct pdf_value nth(const struct pdf_value *value, size_t index)
{
    return value->kind == PDF_ARRAY ? pdf_item(value, index) : index == 0 ? *value : (struct pdf_value){0};
}

bool pdf_stream_decode(const struct pdf_value *dictionary, struct span raw, size_t limit, uint64_t at,
                       struct buffer *ret_bytes, struct error *err)
{
    struct pdf_value filters = pdf_get(dictionary, "Filter"), parameters = pdf_get(dictionary, "DecodeParms");
    size_t count = filters.kind == PDF_NULL ? 0 : filters.kind == PDF_ARRAY ? pdf_count(&filters) : 1;
    struct buffer before CLEANUP(buffer_clear) = {0};
    if (count > MAX_FILTERS)
        return pdf_defect(err, ERR_UNSUPPORTED, &TEXT_PDF_FILTER, at);
    for (size_t i = 0; i < count; i++) {
        struct buffer after CLEANUP(buffer_clear) = {0};
        struct pdf_value filter = nth(&filters, i), with = nth(&parameters, i);
        if (!decode_one(&filter, &with, i ? buffer_span(&before) : raw, limit, at, &after, err))
            return false;
        buffer_clear(&before);
        before = after;
        after = (struct buffer){0};
    }
    if (count > 0) {
        *ret_bytes = before;
        before = (struct buffer){0};
        return true;
    }
    if (raw.size > limit)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_INFLATED, at);
    buffer_append(ret_bytes, raw);
    return ret_bytes->failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
}
