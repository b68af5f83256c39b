/* The sentences of the commands. */
#pragma once

#include "base/text.h"

#define COMMAND_TEXTS(X)                                                                                     \
    X(OUT_DIRECTORY, "Có nhiều tệp vào nên {0} phải là thư mục (đã có, hoặc kết thúc bằng /).",              \
      "With several inputs {0} must be a directory (one that exists, or a name that ends in /).")            \
    X(OUT_IS_INPUT, "Không ghi đè lên chính tệp vào {0}. Hãy chọn tên khác.",                                \
      "{0} is the input itself and is never written over. Choose another name.")                             \
    X(SIGNED_LOWER, "Đã ký ở mức B-B: chưa lấy được dấu thời gian.",                                         \
      "Signed at level B-B: no timestamp was to be had.")                                                    \
    X(OUT_UNMADE, "Không tạo được thư mục {0}.", "The directory {0} cannot be made.")                        \
    X(PACKAGE_CLEAN, "Gói tin đúng như trục liên thông viết ra.", "The package is as the axis writes it.")   \
    X(NO_REVISION, "Tệp không có phiên bản {0} để lưu. Xem các phiên bản đã ký bằng --report detailed.",     \
      "The file has no revision {0} to save. --report detailed names those that were signed.")               \
    X(USAGE_COMMAND, "Không có lệnh {0}.", "There is no command {0}.")                                       \
    X(USAGE_COMMAND_NEAR, "Không có lệnh {0}; có phải là {1}?",                                              \
      "There is no command {0}; did you mean {1}?")                                                          \
    X(USAGE_WHICH, "Lệnh {0} gồm nhiều lệnh nhỏ; hãy ghi thêm một lệnh.",                                    \
      "{0} is several commands; say which one.")                                                             \
    X(USAGE_OPTION, "Không có tùy chọn {0}.", "There is no option {0}.")                                     \
    X(USAGE_OPTION_NEAR, "Không có tùy chọn {0}; có phải là {1}?",                                           \
      "There is no option {0}; did you mean {1}?")                                                           \
    X(USAGE_NEEDED, "Thiếu tùy chọn {0}.", "The option {0} is needed.")                                      \
    X(USAGE_NO_VALUE, "Thiếu giá trị sau {0}.", "A value is missing after {0}.")                             \
    X(USAGE_SWITCH, "Tùy chọn {0} không kèm giá trị.", "No value belongs to {0}.")                           \
    X(USAGE_TOO_OFTEN, "Tùy chọn {0} được ghi quá nhiều lần.", "The option {0} is given too often.")         \
    X(USAGE_TOO_LITTLE, "Câu lệnh còn thiếu.", "Something is missing.")                                      \
    X(USAGE_TOO_MUCH, "Câu lệnh có phần thừa.", "There is too much.")                                        \
    X(USAGE_ONE_FILE, "Với -o chỉ ghi một tệp vào, và chỉ một trong --report, --extract-revision.",          \
      "With -o, name one file, and one of --report and --extract-revision.")                                 \
    X(USAGE_VALUE, "Tùy chọn {0} không nhận giá trị {1}.", "The option {0} does not take {1}.")              \
    X(USAGE_TIME, "{1} không phải là thời điểm. Viết như 2025-03-14 hoặc 2025-03-14T10:05:00+07:00.",        \
      "{1} is not a time. Write 2025-03-14 or 2025-03-14T10:05:00+07:00.")

TEXTS_DECLARE(COMMAND_TEXTS)
extern const struct text *const command_texts[];
