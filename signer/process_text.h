/* The sentences of the validation process (EN 319 102-1 V1.3.1): the lines of the tree of checks, and the reasons of
 * its later steps. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define PROCESS_TEXTS(X) \
    /* the tree, clause by clause; the first four are written by the formats, whose work they are */ \
    X(STEP_FORMAT, "Cấu trúc và thuộc tính của chữ ký (EN 319 102-1, 5.2.2)", \
      "Structure and attributes of the signature (EN 319 102-1, 5.2.2)") \
    X(STEP_SIGNER, "Chứng thư của người ký được xác định và gắn với chữ ký (5.2.3)", \
      "The signer's certificate is identified and bound (5.2.3)") \
    X(STEP_CONTENT, "Giá trị băm của nội dung (5.2.7)", "Digest of the content (5.2.7)") \
    X(STEP_VALUE, "Giá trị chữ ký (5.2.7)", "Signature value (5.2.7)") \
    X(STEP_TIME, "Thời điểm được chứng minh là chữ ký đã tồn tại: {0} (5.5.4)", "The signature is proved to have existed at {0} (5.5.4)") \
    X(STEP_X509, "Đường dẫn chứng thư (5.2.6)", "The certificate path (5.2.6)") \
    X(STEP_ANCHOR, "Dẫn tới gốc tin cậy: {0}", "It leads to the trusted root: {0}") \
    X(STEP_ANCHOR_USE, "Gốc tin cậy được dùng cho loại chữ ký này vào thời điểm đó", \
      "The trusted root counts for this kind of signature at that time") \
    X(STEP_CERTIFICATE, "Chứng thư: {0}", "Certificate: {0}") \
    X(STEP_VALIDITY, "Còn hiệu lực vào thời điểm xét ({0})", "Valid at the time in question ({0})") \
    X(STEP_REVOCATION, "Chưa bị thu hồi, theo dữ liệu ngày {0} (5.2.5)", "Not revoked, according to data of {0} (5.2.5)") \
    X(STEP_REVOCATION_UNKNOWN, "Không rõ đã bị thu hồi hay chưa (5.2.5)", "Whether it was revoked is not known (5.2.5)") \
    X(STEP_REVOCATION_LATER, "Bị thu hồi ngày {0}, sau khi ký (5.5.4)", "Revoked on {0}, after it signed (5.5.4)") \
    X(STEP_REVOKED, "Đã bị thu hồi ngày {0}", "Revoked on {0}") \
    X(STEP_ALGORITHMS, "Thuật toán đủ mạnh vào thời điểm xét (5.2.8.4.2)", "The algorithms were strong enough at the time in question (5.2.8.4.2)") \
    X(STEP_ALGORITHM, "Thuật toán {0}", "Algorithm {0}") \
    X(STEP_ACCEPTANCE, "Đáp ứng chính sách kiểm tra: {0} (5.2.8)", "The validation policy is met: {0} (5.2.8)") \
    X(STEP_STAMP, "Dấu thời gian: {0} (5.4)", "Timestamp: {0} (5.4)") \
    X(STEP_ORDER, "Các dấu thời gian đúng thứ tự (5.5.4)", "The timestamps are in order (5.5.4)") \
    X(STEP_CONCLUSION, "Kết luận: {0}", "Conclusion: {0}") \
    /* 5.2.5: revocation freshness; 5.2.6.4 */ \
    X(REVOCATION_UNKNOWN, "Không rõ chứng thư {0} có bị thu hồi hay không. Hãy thử lại khi có mạng, hoặc nạp danh sách thu hồi mới.", \
      "Whether the certificate {0} was revoked is not known. Try again online, or import a current revocation list.") \
    X(REVOCATION_NOT_OFFERED, "Chứng thư {0} không cho biết nơi hỏi về thu hồi, nên việc thu hồi chưa được kiểm tra.", \
      "The certificate {0} names no place to ask about revocation, so revocation was not checked.") \
    X(REVOCATION_STALE, "Dữ liệu thu hồi mới nhất là của ngày {0}, nay đã quá hạn.", "The newest revocation data is of {0} and out of date by now.") \
    /* 5.6.2.1: what says so could have been made up later */ \
    X(REVOCATION_NO_PROOF, "Dữ liệu thu hồi của {0} do một chứng thư đã hết hạn ký, và không có bằng chứng nó có từ trước.", \
      "The revocation data about {0} was signed by a certificate that has ended, and nothing proves that it is older.") \
    /* 5.5.4 */ \
    X(SIGNED_AFTER_EXPIRY, "Chứng thư hết hạn ngày {0}, nhưng chữ ký chỉ được chứng minh là có từ {1}.", \
      "The certificate expired on {0}; the signature is proved to exist only since {1}.") \
    X(SIGNED_BEFORE_VALIDITY, "Chữ ký có từ {1}, trước khi chứng thư có hiệu lực ({0}).", \
      "The signature existed at {1}, before its certificate became valid ({0}).") \
    X(STAMP_ORDER, "Các dấu thời gian mâu thuẫn về thứ tự.", "The timestamps contradict each other's order.") \
    X(STAMP_NOT_BELIEVED, "Dấu thời gian ({0}) không được tính. Lý do ở câu sau.", "The timestamp ({0}) does not count. The next sentence says why.") \
    /* 5.2.8.4.2, with proof of existence: legacy signatures are said for what they are */ \
    X(VALID_THEN_WEAK_NOW, "Hợp lệ vào lúc ký; thuật toán {0} ngày nay đã yếu, giá trị của chữ ký dựa vào dấu thời gian.", \
      "Valid when it was made; {0} is weak today, so the signature stands by its timestamp.") \
    /* TS 119 612, 5.5: what the service was trusted for, and when */ \
    X(ANCHOR_USE, "Gốc tin cậy {0} không được công nhận cho loại chữ ký này.", "The trusted root {0} does not count for this kind of signature.") \
    X(ANCHOR_PERIOD, "Gốc tin cậy {0} không được công nhận vào thời điểm {1}.", "The trusted root {0} did not count at {1}.") \
    X(ANCHOR_ISSUED, "Gốc tin cậy {0} chưa hoặc không còn được công nhận khi cấp chứng thư hoặc dấu thời gian này.", \
      "The trusted root {0} did not count when it issued this certificate or timestamp.")
/* clang-format on */

TEXTS_DECLARE(PROCESS_TEXTS)
extern const struct text *const process_texts[];
