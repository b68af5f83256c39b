/* The sentences about timestamps that are asked for: {0} is the authority's address. Beside each stands the rule. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define TIMESTAMP_TEXTS(X) \
    X(TSA_NONE, "Mức {0} cần máy chủ cấp dấu thời gian nhưng chưa có địa chỉ nào. Hãy thêm bằng --tsa hoặc mục [timestamp] của cấu hình.", \
      "Level {0} needs a timestamp authority and none is named. Add one with --tsa or in the [timestamp] section of the settings.") \
    X(TSA_POLICY_UNREADABLE, "{0} không phải là định danh chính sách (OID). Viết như 1.2.3.4.", \
      "{0} is no policy identifier (OID). Write it like 1.2.3.4.") \
    X(TSA_HTTP, "Máy chủ dấu thời gian {0} trả lời HTTP {1} thay vì cấp dấu.", \
      "The timestamp authority {0} answers HTTP {1} instead of a timestamp.") \
    /* RFC 3161, 2.4.2: TimeStampResp */ \
    X(TSA_ANSWER_MALFORMED, "Máy chủ dấu thời gian {0} trả lời không đúng quy cách (RFC 3161). Hãy kiểm tra lại địa chỉ.", \
      "The timestamp authority {0} answers something that is no timestamp (RFC 3161). Check the address.") \
    /* RFC 3161, 2.4.2: PKIStatus is granted or grantedWithMods, or there is no token */ \
    X(TSA_REFUSED, "Máy chủ dấu thời gian {0} từ chối cấp dấu (trạng thái {1}).", \
      "The timestamp authority {0} refuses to stamp (status {1}).") \
    X(TSA_TOKEN_TOO_LARGE, "Dấu thời gian của {0} lớn hơn {1} byte.", "The timestamp of {0} is larger than {1} bytes.") \
    /* RFC 3161, 2.2: what comes back is about what was sent */ \
    X(TSA_OTHER_IMPRINT, "Dấu thời gian của {0} được cấp cho nội dung khác.", "The timestamp of {0} is about something else.") \
    X(TSA_OTHER_NONCE, "Dấu thời gian của {0} không phải dành cho yêu cầu này: có thể là bản cũ được gửi lại.", \
      "The timestamp of {0} does not answer this request: it may be an old one sent again.") \
    X(TSA_OTHER_POLICY, "Dấu thời gian của {0} theo chính sách khác với chính sách đã yêu cầu.", \
      "The timestamp of {0} is under another policy than was asked for.") \
    /* RFC 3161, 2.4.1: certReq */ \
    X(TSA_SIGNER_ABSENT, "Dấu thời gian của {0} không kèm chứng thư của nơi cấp dấu.", \
      "The timestamp of {0} does not hold its authority's certificate.") \
    /* RFC 3161, 2.3: extKeyUsage is timeStamping alone, and critical */ \
    X(TSA_SIGNER_PURPOSE, "Dấu thời gian của {0} do chứng thư không được cấp để đóng dấu thời gian tạo ra.", \
      "The timestamp of {0} was made with a certificate that was not issued for timestamps.") \
    X(TSA_SIGNER_OUT_OF_DATE, "Dấu thời gian của {0} do chứng thư đã hết hạn hoặc chưa có hiệu lực tạo ra.", \
      "The timestamp of {0} was made with a certificate that is not valid at its time.") \
    X(TSA_SIGNER_UNKNOWN, "Dấu thời gian của {0} không dẫn tới gốc nào được tin để cấp dấu thời gian.", \
      "The timestamp of {0} does not lead to any root that is trusted for timestamps.") \
    X(TSA_FORGED, "Chữ ký trên dấu thời gian của {0} sai.", "The signature on the timestamp of {0} is wrong.") \
    /* ETSI TS 119 312: a timestamp is to last */ \
    X(TSA_WEAK, "Dấu thời gian của {0} dùng thuật toán {1}, nay không còn đủ an toàn.", \
      "The timestamp of {0} uses {1}, which is too weak today.") \
    X(TSA_TOKEN_BROKEN, "Dấu thời gian của {0} không dùng được ({1}).", "The timestamp of {0} cannot be used ({1}).")
/* clang-format on */

TEXTS_DECLARE(TIMESTAMP_TEXTS)
extern const struct text *const timestamp_texts[];
