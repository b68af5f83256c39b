/* The sentences of the service floor. */
#pragma once

#include "base/text.h"

#define SERVICE_TEXTS(X)                                                                                     \
    X(HTTP_LISTEN, "Không lắng nghe được ở {0}. Cổng đang được dùng, hoặc địa chỉ sai.",                     \
      "Cannot listen on {0}. The port is taken, or the address is wrong.")                                   \
    X(HTTP_TLS, "Không đọc được chứng thư hoặc khóa TLS {0}.",                                               \
      "The TLS certificate or key {0} cannot be used.")                                                      \
    X(HTTP_NO_PATH, "Không có địa chỉ {0}. Xem /api/v1/openapi.yaml.",                                       \
      "There is nothing at {0}. See /api/v1/openapi.yaml.")                                                  \
    X(HTTP_METHOD, "Địa chỉ {0} không nhận phương thức {1}.", "{0} does not take the method {1}.")           \
    X(HTTP_TOO_LARGE, "Dữ liệu gửi lên vượt giới hạn {0} byte.", "The body is over the limit of {0} bytes.") \
    X(HTTP_BUSY, "Máy chủ đang bận. Hãy thử lại sau vài giây.",                                              \
      "The server is busy. Try again in a few seconds.")                                                     \
    X(HTTP_TOO_MANY, "Bạn gửi quá nhiều yêu cầu. Hãy chờ một phút rồi thử lại.",                             \
      "Too many requests. Wait a minute, then try again.")                                                   \
    X(HTTP_PARTS, "Biểu mẫu có quá nhiều phần hoặc một trường quá dài.",                                     \
      "The form has too many parts, or a field is too long.")                                                \
    X(HTTP_FRAMING,                                                                                          \
      "Yêu cầu ghi độ dài thân hai lần. Hãy chỉ gửi một Content-Length hoặc một Transfer-Encoding.",         \
      "The request tells the length of its body twice. Send one Content-Length or one Transfer-Encoding.")   \
    X(HTTP_BODY, "Thân yêu cầu không đọc được.", "The body of the request cannot be read.")                  \
    X(TOKEN_MISSING, "Cần mã truy cập: Authorization: Bearer …",                                             \
      "A token is needed: Authorization: Bearer …")                                                          \
    X(TOKEN_UNKNOWN, "Mã truy cập không đúng.", "The token is not known.")                                   \
    X(TOKEN_RIGHT, "Mã truy cập {0} không có quyền {1}.", "The token {0} does not have the right {1}.")      \
    X(TOKEN_KEY, "Mã truy cập {0} không được dùng khóa {1}. Hãy thêm khóa vào mục [token].",                 \
      "The token {0} may not use the key {1}. Add the key to its [token] section.")                          \
    X(TOKEN_AGENCY, "Mã truy cập {0} không được gửi thay cơ quan {1}. Hãy thêm mã cơ quan vào mục [token].", \
      "The token {0} may not send for the agency {1}. Add the agency's code to its [token] section.")        \
    X(FORM_FIELD, "Biểu mẫu có trường lạ \"{0}\". Dùng header, file, sign, seal.",                           \
      "The form has an unknown field \"{0}\". Use header, file, sign, seal.")                                \
    X(FORM_TWICE, "Trường {0} có hai lần; chỉ được một.",                                                    \
      "The field {0} is there twice; it can be there once.")                                                 \
    X(FORM_NO_FILE, "Chưa có tệp nào: gửi ít nhất một phần \"file\".",                                       \
      "There is no file: send at least one part \"file\".")                                                  \
    X(FORM_NAMELESS, "Phần \"file\" thứ {0} không có tên tệp.",                                              \
      "The part \"file\" number {0} has no file name.")                                                      \
    X(DOCUMENT_KIND, "Ở đây chỉ nhận văn bản (kind = edoc), không nhận gói tin {0}.",                        \
      "Documents alone are taken here (kind = edoc), no {0}.")                                               \
    X(PACKAGE_NOT_YET, "Gói tin của văn bản {0} chưa được tạo. Xem lý do ở /api/v1/documents/{0}.",          \
      "The package of the document {0} is not made yet. See why at /api/v1/documents/{0}.")                  \
    X(PARAMETER_MISSING, "Thiếu tham số {0}.", "The parameter {0} is missing.")                              \
    X(PARAMETER_VALUE, "Tham số {0} có giá trị không dùng được: {1}.",                                       \
      "The parameter {0} has an unusable value: {1}.")

TEXTS_DECLARE(SERVICE_TEXTS)
extern const struct text *const service_texts[];
