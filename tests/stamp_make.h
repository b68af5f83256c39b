/* Timestamp tokens made when a test runs, at any time one likes (RFC 3161). */
#pragma once

#include "tests/pki.h"

/* A ContentInfo in DER by that authority, whose certificate it carries, over an imprint. Ends the test when OpenSSL
 * refuses. */
void stamp_make(const struct pki_person *authority, enum digest_algorithm algorithm, struct span imprint,
                int64_t time_ms, struct buffer *ret_token);
