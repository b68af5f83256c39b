/* Exclusive canonical XML without comments (W3C xml-exc-c14n): what our XML signatures digest. */
#pragma once

#include <libxml/tree.h>

#include "base/bytes.h"
#include "base/digest.h"

/* One element and what is in it. Walks the element's whole document, so keep that small. */
bool c14n_element(xmlNode *element, struct buffer *ret_bytes) MUST_USE;
/* The digest of a whole document. */
bool c14n_digest(xmlDoc *doc, enum digest_algorithm algorithm, struct digest_value *ret_digest) MUST_USE;
