/* The sentences of the ground floor. */
#pragma once

#include "base/text.h"

#define BASE_TEXTS(X)                                                                                        \
    X(NO_MEMORY, "Máy chủ hết bộ nhớ. Hãy thử lại sau.", "The server is out of memory. Try again later.")    \
    X(FILE_NOT_FOUND, "Không có tệp {0}. Hãy kiểm tra lại đường dẫn.",                                       \
      "There is no file {0}. Check the path.")                                                               \
    X(FILE_UNREADABLE, "Không đọc được tệp {0}. Hãy kiểm tra quyền truy cập.",                               \
      "The file {0} cannot be read. Check its permissions.")                                                 \
    X(FILE_TOO_LARGE, "Tệp {0} lớn hơn giới hạn {1} byte.",                                                  \
      "The file {0} is larger than the limit of {1} bytes.")                                                 \
    X(FILE_EXISTS, "Tệp {0} đã có. Thêm --force để ghi đè.",                                                 \
      "{0} exists already. Add --force to replace it.")                                                      \
    X(FILE_UNWRITABLE, "Không ghi được {0}. Hãy kiểm tra đĩa và quyền truy cập.",                            \
      "{0} cannot be written. Check the disk and the permissions.")                                          \
    X(NOT_A_FILE, "{0} không phải là tệp thường. Hãy ghi tên một tệp, không phải thư mục.",                  \
      "{0} is not a regular file. Name a file, not a folder.")                                               \
    X(CHILD_NOT_STARTED, "Không khởi động được tiến trình {0}. Hãy xem nhật ký của máy chủ.",                \
      "The process {0} does not start. See the server's log.")                                               \
    X(NOT_A_CERTIFICATE, "Không phải chứng thư số X.509 hợp lệ (DER).",                                      \
      "Not one valid X.509 certificate (DER).")                                                              \
    X(NOT_A_CERTIFICATE_FILE, "Tệp {0} không chứa chứng thư số hợp lệ (PEM hoặc DER).",                      \
      "The file {0} holds no valid certificate (PEM or DER).")                                               \
    X(TOO_MANY_CERTIFICATES, "Quá nhiều chứng thư số (tối đa 512).", "Too many certificates (512 at most).") \
    X(JSON_TOO_LARGE, "JSON vượt quá 4 MB.", "The JSON is over 4 MB.")                                       \
    X(JSON_TOO_DEEP, "JSON lồng nhau quá sâu (tối đa 32 mức).",                                              \
      "The JSON is nested too deep (32 levels at most).")                                                    \
    X(JSON_MALFORMED, "JSON sai ở dòng {0}, cột {1}: {2}.",                                                  \
      "The JSON is malformed at line {0}, column {1}: {2}.")                                                 \
    X(JSON_NOT_AN_OBJECT, "JSON phải là một đối tượng.", "The JSON must be an object.")                      \
    X(JSON_UNKNOWN, "JSON có thành phần lạ \"{0}\".", "The JSON has an unknown member \"{0}\".")             \
    X(JSON_UNKNOWN_NEAR, "JSON có thành phần lạ \"{0}\"; có phải là \"{1}\"?",                               \
      "The JSON has an unknown member \"{0}\"; did you mean \"{1}\"?")                                       \
    X(JSON_WRONG_KIND, "Thành phần \"{0}\" của JSON phải là {1}.",                                           \
      "The JSON member \"{0}\" must be of kind {1}.")                                                        \
    X(JSON_MISSING, "JSON thiếu thành phần bắt buộc \"{0}\".", "The JSON lacks the member \"{0}\".")         \
    X(XML_TOO_LARGE, "XML vượt quá 32 MB.", "The XML is over 32 MB.")                                        \
    X(XML_MALFORMED, "XML không đúng cú pháp.", "The XML is not well-formed.")                               \
    X(XML_MALFORMED_AT, "XML sai cú pháp ở byte {0}.", "The XML is not well-formed at byte {0}.")            \
    X(XML_DOCTYPE, "XML không được có DTD (DOCTYPE, byte {0}).",                                             \
      "XML with a DTD is refused (DOCTYPE, byte {0}).")                                                      \
    X(XML_TOO_DEEP, "XML lồng nhau quá sâu ở byte {0}.", "The XML is nested too deep at byte {0}.")          \
    X(XML_MONSTER_TAG, "Một thẻ XML dài quá 64 KB ở byte {0}.", "An XML tag is over 64 KB at byte {0}.")     \
    X(XML_MANY_ATTRIBUTES, "Một thẻ XML có quá 256 thuộc tính ở byte {0}.",                                  \
      "An XML tag has more than 256 attributes at byte {0}.")                                                \
    X(XML_NOT_UTF8, "XML không phải UTF-8 hợp lệ ở byte {0}.", "The XML is not valid UTF-8 at byte {0}.")    \
    X(XML_ENCODING, "XML khai mã {0}; chỉ nhận UTF-8.", "The XML says it is {0}; only UTF-8 is taken.")      \
    X(XML_CONTROL, "XML có ký tự điều khiển bị cấm ở byte {0}.",                                             \
      "The XML has a forbidden control character at byte {0}.")                                              \
    X(SETTING_SECTION, "Cấu hình có mục lạ [{0}].", "The settings have an unknown section [{0}].")           \
    X(SETTING_SECTION_NEAR, "Cấu hình có mục lạ [{0}]; có phải là [{1}]?",                                   \
      "The settings have an unknown section [{0}]; did you mean [{1}]?")                                     \
    X(SETTING_KEY, "Cấu hình có khóa lạ \"{0}\".", "The settings have an unknown key \"{0}\".")              \
    X(SETTING_KEY_NEAR, "Cấu hình có khóa lạ \"{0}\"; có phải là \"{1}\"?",                                  \
      "The settings have an unknown key \"{0}\"; did you mean \"{1}\"?")                                     \
    X(SETTING_VALUE, "Giá trị của \"{0}\" không hợp lệ: \"{1}\" (cần kiểu {2}).",                            \
      "The value of \"{0}\" is not usable: \"{1}\" (it must be of kind {2}).")                               \
    X(SETTING_HEADING, "Tiêu đề mục không hợp lệ: {0}. Viết [mục] hoặc [mục \"tên\"].",                      \
      "Not a section heading: {0}. Write [section] or [section \"name\"].")                                  \
    X(SETTING_LABEL, "Mục [{0}] cần một tên: [{0} \"tên\"].",                                                \
      "The section [{0}] needs a name: [{0} \"name\"].")                                                     \
    X(SETTING_NO_LABEL, "Mục [{0}] không có tên.", "The section [{0}] takes no name.")                       \
    X(SETTING_TWICE, "\"{0}\" được đặt hai lần.", "\"{0}\" is set twice.")                                   \
    X(SETTING_LINE, "Dòng không hợp lệ: {0}. Viết khóa = giá trị.",                                          \
      "Not a setting: {0}. Write key = value.")                                                              \
    X(SETTING_OUTSIDE, "\"{0}\" đứng trước mục đầu tiên.", "\"{0}\" stands before the first section.")       \
    X(SETTING_MISSING, "Thiếu thiết lập bắt buộc [{0}] {1}: {2}.",                                           \
      "The setting [{0}] {1} is required: {2}.")                                                             \
    X(FETCH_URL, "Địa chỉ {0} không dùng được: chỉ nhận http và https.",                                     \
      "The address {0} cannot be used: http and https alone.")                                               \
    X(FETCH_PRIVATE, "Không được gọi tới địa chỉ nội bộ: {0}.", "Private addresses are not fetched: {0}.")   \
    X(FETCH_AWAY, "Máy chủ {0} không trả lời. Hãy kiểm tra mạng rồi thử lại.",                               \
      "The server of {0} does not answer. Check the network and try again.")                                 \
    X(FETCH_LATE, "Máy chủ {0} trả lời quá chậm.", "The server of {0} is too slow.")                         \
    X(FETCH_TOO_LARGE, "Máy chủ {0} gửi quá nhiều dữ liệu.", "The server of {0} sends too much.")            \
    X(FETCH_NO_LIBRARY, "Máy thiếu thư viện libcurl. Hãy cài libcurl4.",                                     \
      "libcurl is missing here. Install libcurl4.")

TEXTS_DECLARE(BASE_TEXTS)
extern const struct text *const base_texts[];
