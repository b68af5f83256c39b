/* The ASiCManifest that a CAdES signature of an ASiC-E container signs (EN 319 162-1, 4.4.4.2, A.4). For asic.c. */
#pragma once

#include "base/digest.h"

struct asic_wish {
    const char *signature; /* the file it stands in */
    const char *document;  /* its name in the container */
    enum digest_algorithm algorithm;
    const struct digest_value *digest; /* of the document */
};
void asic_manifest_write(const struct asic_wish *wish, struct buffer *ret_xml);
