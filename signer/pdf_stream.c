#include "signer/pdf_stream.h"

#include <stdlib.h>
#include <zlib.h>

#include "base/base_text.h"
#include "signer/pdf_text.h"

enum { INFLATE_STEP = 16 << 10, PREDICTOR_NONE = 1, PREDICTOR_PNG = 10, MAX_COLUMNS = 1 << 16 };

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
            return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_STREAM_BROKEN, at);
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
    static const uint8_t zeros[MAX_COLUMNS];
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
    if (predictor < PREDICTOR_PNG || columns < 1 || columns > MAX_COLUMNS || colors < 1 || colors > 4
        || bits != 8 || columns * colors > MAX_COLUMNS)
        return pdf_defect(err, ERR_UNSUPPORTED, &TEXT_PDF_FILTER, at);
    return unpredict(bytes, (size_t)(columns * colors), (size_t)colors)
               ? true
               : pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_STREAM_BROKEN, at);
}

/* The one filter and its parameters: both may stand alone or as an array of one. */
static bool only_one(struct pdf_value *value)
{
    if (value->kind != PDF_ARRAY)
        return value->kind != PDF_AMBIGUOUS;
    size_t count = pdf_count(value);
    *value = pdf_item(value, 0);
    return count <= 1;
}

bool pdf_stream_decode(const struct pdf_value *dictionary, struct span raw, size_t limit, uint64_t at,
                       struct buffer *ret_bytes, struct error *err)
{
    struct pdf_value filter = pdf_get(dictionary, "Filter"), parameters = pdf_get(dictionary, "DecodeParms");
    if (!only_one(&filter) || !only_one(&parameters)
        || (filter.kind != PDF_NULL && !pdf_is_name(&filter, "FlateDecode"))
        || (parameters.kind != PDF_NULL && parameters.kind != PDF_DICTIONARY))
        return pdf_defect(err, ERR_UNSUPPORTED, &TEXT_PDF_FILTER, at);
    if (filter.kind != PDF_NULL)
        return flate(raw, limit, at, ret_bytes, err) && apply_predictor(&parameters, at, ret_bytes, err);
    if (raw.size > limit)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_INFLATED, at);
    buffer_append(ret_bytes, raw);
    return ret_bytes->failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
}
