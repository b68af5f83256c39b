/* Streams that this program must read itself: cross-reference streams, object streams, validation data.
 * FlateDecode with predictors (ISO 32000-1, 7.4.4), ASCIIHexDecode, ASCII85Decode, one after the other, or no
 * filter at all; the caller says how large the result may grow. */
#pragma once

#include "base/error.h"
#include "signer/pdf_objects.h"

/* The decoded bytes of a stream, into a cleared buffer. `at` is the stream's place in the file, for the
 * error. MALFORMED, UNSUPPORTED, TOO_LARGE above `limit`. */
bool pdf_stream_decode(const struct pdf_value *dictionary, struct span raw, size_t limit, uint64_t at,
                       struct buffer *ret_bytes, struct error *err) MUST_USE;
