/* XML that is not UTF-8, made so for reading: UTF-16 with its mark in front, and the single-byte encodings of western
 * and central Europe, which signed documents of other countries come in. Nothing is guessed: the mark or the XML
 * declaration says what it is. */
#pragma once

#include "base/bytes.h"

/* False when the bytes are UTF-8, or not known, or not what they say: they are then read as they stand. */
bool xml_recode(struct span bytes, struct buffer *ret_utf8) MUST_USE;
