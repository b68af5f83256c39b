/* The sentences of the ground floor. */
#pragma once

#include "base/text.h"

#define BASE_TEXTS(X)                                                                                        \
    X(NO_MEMORY, "Máy chủ hết bộ nhớ. Hãy thử lại sau.", "The server is out of memory. Try again later.")    \
    X(FILE_NOT_FOUND, "Không có tệp {0}. Hãy kiểm tra lại đường dẫn.", "There is no file {0}. Check the path.") \
    X(FILE_UNREADABLE, "Không đọc được tệp {0}. Hãy kiểm tra quyền truy cập.",                               \
      "The file {0} cannot be read. Check its permissions.")                                                 \
    X(FILE_TOO_LARGE, "Tệp {0} lớn hơn giới hạn {1} byte.", "The file {0} is larger than the limit of {1} bytes.") \
    X(FILE_EXISTS, "Tệp {0} đã có. Thêm --force để ghi đè.", "{0} exists already. Add --force to replace it.") \
    X(FILE_UNWRITABLE, "Không ghi được {0}. Hãy kiểm tra đĩa và quyền truy cập.",                            \
      "{0} cannot be written. Check the disk and the permissions.")                                          \
    X(NOT_A_FILE, "{0} không phải là tệp thường.", "{0} is not a regular file.")

TEXTS_DECLARE(BASE_TEXTS)
extern const struct text *const base_texts[];
