/* ASiC containers (EN 319 162-1): they are judged; none are made. */
#include "signer/asic_check.h"
#include "signer/format.h"

const struct format_ops format_asic = {
    .name = "asic",
    .kind = DOCUMENT_ZIP,
    .check = asic_check,
};
