/* CMS and CAdES documents: they are judged; none are made. */
#include "signer/cades_check.h"
#include "signer/format.h"

const struct format_ops format_cades = {
    .name = "cades",
    .kind = DOCUMENT_CMS,
    .check = cades_check,
};
