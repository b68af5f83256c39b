#pragma once

#include <libxml/tree.h>

#include "base/digest.h"

/* The digest of a whole document in exclusive canonical form, without comments (W3C xml-exc-c14n). False
 * when it has none. */
bool c14n_digest(xmlDoc *doc, enum digest_algorithm algorithm, struct digest_value *ret_digest) MUST_USE;
