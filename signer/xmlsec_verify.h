/* xmlsec, locked in: it digests references inside the document and verifies with the key it is given. It
 * looks up no key, opens no file and no address, and runs no transform that xades_read.c has not seen. */
#pragma once

#include <libxml/tree.h>
#include <openssl/evp.h>

#include "base/bytes.h"

enum xmlsec_answer { XMLSEC_GOOD, XMLSEC_DIGEST_DIFFERS, XMLSEC_SIGNATURE_DIFFERS, XMLSEC_CANNOT };

enum { XMLSEC_CAUSE_SIZE = 96 };

/* Once per process, before xmlsec_verify; safe to repeat and from any thread. */
bool xmlsec_init(void) MUST_USE;
/* ret_cause says what xmlsec complained about first when it cannot. */
enum xmlsec_answer xmlsec_verify(xmlNode *signature, EVP_PKEY *key, char ret_cause[static XMLSEC_CAUSE_SIZE]);
