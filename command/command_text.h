/* The sentences of the commands. */
#pragma once

#include "base/text.h"

#define COMMAND_TEXTS(X)                                                                                     \
    X(OUT_DIRECTORY, "Có nhiều tệp vào nên {0} phải là thư mục (đã có, hoặc kết thúc bằng /).",              \
      "With several inputs {0} must be a directory (one that exists, or a name that ends in /).")            \
    X(OUT_IS_INPUT, "Không ghi đè lên chính tệp vào {0}. Hãy chọn tên khác.",                                \
      "{0} is the input itself and is never written over. Choose another name.")                             \
    X(OUT_UNMADE, "Không tạo được thư mục {0}.", "The directory {0} cannot be made.")

TEXTS_DECLARE(COMMAND_TEXTS)
extern const struct text *const command_texts[];
