/* XML signatures of any shape, made when a test runs: what an attacker wants signed, and what an honest program signs
 * that ours does not. A template is a document with its signatures, their values empty. */
#pragma once

#include "signer/detached.h"
#include "tests/pki.h"

/* Every DigestValue of a manifest, then of each SignedInfo in document order, is filled in with the digest of what its
 * Reference means (a reference that cannot be followed gets one of nothing), then its SignatureValue. @CERTIFICATE@
 * and @CERTIFICATE-DIGEST@ (SHA-256) in the template are the signer's. A SignatureMethod hmac-sha256 is done with the
 * signer's public key as the secret. Ends the test when the template is not XML. */
void xml_make(const struct pki_person *signer, const char *template, const struct detached *files,
              size_t file_count, struct buffer *ret_signed);
/* The part of a text from one mark to another, both included. */
struct span xml_cut(struct span text, const char *from, const char *to);
/* Replaces the first `from`, which must be there. */
void xml_replace(struct buffer *text, const char *from, const char *to);
