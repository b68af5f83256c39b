/* The sentences about containers (ASiC: EN 319 162-1; ZIP: APPNOTE.TXT 6.3.3). Beside each refusal stands the rule it
 * enforces. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define ASIC_TEXTS(X) \
    /* what a member of a container holds */ \
    X(MEMBER_DAMAGED, "Tệp {0} trong gói bị hỏng, không giải nén được. Hãy xin lại bản gốc từ nơi gửi.", \
      "The file {0} in the container is damaged and cannot be unpacked. Ask the sender for the original.") \
    X(MEMBER_TOO_LARGE, "Tệp {0} trong gói lớn hơn mức có thể kiểm tra.", \
      "The file {0} in the container is larger than can be checked.")
/* clang-format on */

TEXTS_DECLARE(ASIC_TEXTS)
extern const struct text *const asic_texts[];
