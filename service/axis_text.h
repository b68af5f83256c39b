/* The sentences of the axis protocol. The axis speaks Vietnamese without marks (service/axis_answer.h
 * takes them off). */
#pragma once

#include "base/text.h"

/* clang-format off */
#define AXIS_TEXTS(X)                                                                                        \
    X(AXIS_UNSIGNED, "Thiếu {0}: yêu cầu phải được ký bằng khóa của hệ thống.",                              \
      "{0} is missing: a request is signed with the system's secret.")                                       \
    X(AXIS_SIGNED_TEXT, "sign-header không phải đối tượng JSON dùng được: {0}",                              \
      "sign-header is not a usable JSON object: {0}")                                                        \
    X(AXIS_STRANGER, "Sai SystemId hoặc SecretKey. Hãy kiểm tra cấu hình kết nối.",                          \
      "The SystemId or the SecretKey is wrong. Check the connection's settings.")                            \
    X(AXIS_ADDRESS, "Hệ thống {0} không được phép gọi từ địa chỉ {1}.",                                      \
      "The system {0} may not call from the address {1}.")                                                   \
    X(AXIS_TIMESTAMP, "timestamp {0} lệch quá {1} giây so với giờ máy chủ. Hãy chỉnh đồng hồ, hoặc tạo lại đối tượng dịch vụ.", \
      "The timestamp {0} is more than {1} seconds off the server's clock. Set the clock, or make the service object anew.") \
    X(AXIS_NO_CALL, "Không có hàm {0}.", "There is no call {0}.")                                            \
    X(AXIS_NO_CALL_NEAR, "Không có hàm {0}. Có phải là {1}?", "There is no call {0}. Did you mean {1}?")     \
    X(AXIS_METHOD, "Hàm {0} không nhận phương thức {1}.", "The call {0} does not take the method {1}.")      \
    X(AXIS_IDS_DIFFER, "docId {0} và docid {1} khác nhau: không rõ văn bản nào được nói đến. Hãy gửi một trong hai.", \
      "docId {0} and docid {1} differ: which document is meant is not clear. Send one of them.")             \
    X(AXIS_HASH_FILE, "hash-file không khớp với gói tin nhận được. Hãy gửi lại.",                            \
      "hash-file does not fit the package that came. Send it again.")                                        \
    X(AXIS_TO, "Tham số to không phải danh sách JSON các mã định danh, ví dụ [\"H99.05\"].",               \
      "The parameter to is not a JSON list of agency codes, e.g. [\"H99.05\"].")                           \
    X(AXIS_KIND, "messagetype là {0} nhưng gói tin là {1}.", "messagetype is {0}, but the package is {1}.")  \
    X(AXIS_FROM, "Đơn vị gửi trong gói tin là {0}, khác với tham số from: {1}",                              \
      "The package's sender is {0}, another than the parameter from: {1}")
/* clang-format on */

TEXTS_DECLARE(AXIS_TEXTS)
extern const struct text *const axis_texts[];
