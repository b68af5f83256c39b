/* The sentences about revocation: why nothing can be said, and what could not be fetched. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define REVOCATION_TEXTS(X) \
    /* EN 319 102-1, 5.2.6.4 (2): no revocation status information at all */ \
    X(REVOCATION_NOTHING, "Chưa biết chứng thư có bị thu hồi hay không: không có danh sách thu hồi hay trả lời OCSP nào về nó. Hãy kiểm tra lại khi có mạng.", \
      "Whether the certificate was revoked is not known: no revocation list and no OCSP answer is about it. Check again with a network.") \
    /* RFC 6960, 2.2: "unknown" is not "good" */ \
    X(REVOCATION_NOT_ISSUED, "Máy chủ OCSP trả lời rằng không biết chứng thư này.", "The OCSP responder answers that it does not know the certificate.") \
    /* RFC 5280, 6.3.3 (g); RFC 6960, 3.2 (3) */ \
    X(REVOCATION_SIGNATURE, "Danh sách thu hồi hoặc trả lời OCSP có chữ ký sai nên không dùng được.", \
      "A revocation list or OCSP answer is wrongly signed and was not used.") \
    /* RFC 5280, 6.3.3 (f); RFC 6960, 4.2.2.2 */ \
    X(REVOCATION_SIGNER, "Người ký danh sách thu hồi hoặc trả lời OCSP không được quyền làm việc đó ({0}).", \
      "Whoever signed the revocation list or OCSP answer may not do so ({0}).") \
    /* RFC 5280, 5.2 and 5.3; RFC 6960, 4.4: what is critical and not understood */ \
    X(REVOCATION_CRITICAL, "Danh sách thu hồi hoặc trả lời OCSP có phần bắt buộc mà chương trình không hiểu.", \
      "A revocation list or OCSP answer has a critical part that is not understood.") \
    /* RFC 5280, 6.3.3 (b) and (l): not about this certificate, or not about every reason */ \
    X(REVOCATION_PARTLY, "Các danh sách thu hồi hiện có không nói đủ về chứng thư này.", \
      "The revocation lists at hand do not say enough about this certificate.") \
    /* RFC 5280, 5; X.509, 8.6.2.9 (expiredCertsOnCRL); RFC 6960, 4.4.4 (archive cutoff) */ \
    X(REVOCATION_AFTER_END, "Thông tin thu hồi có sẵn được lập sau khi chứng thư hết hạn nên không chứng minh được gì.", \
      "The revocation data at hand were made after the certificate expired and prove nothing.") \
    /* TS 119 312 */ \
    X(REVOCATION_ALGORITHM, "Danh sách thu hồi hoặc trả lời OCSP được ký bằng thuật toán không được hỗ trợ.", \
      "A revocation list or OCSP answer is signed with an algorithm that is not supported.") \
    /* RFC 6960, 4.4.1 */ \
    X(REVOCATION_NONCE, "Máy chủ OCSP {0} trả lời cho câu hỏi của người khác. Hãy thử lại.", \
      "The OCSP responder {0} answered somebody else's question. Try again.") \
    X(REVOCATION_ANSWER, "Máy chủ {0} không trả về danh sách thu hồi, trả lời OCSP hay chứng thư nào đọc được.", \
      "The server {0} returned no revocation list, OCSP answer or certificate that can be read.") \
    /* what is not fetched */ \
    X(LOOKUP_OFFLINE, "Đang kiểm tra ngoại tuyến: chưa hỏi {0} về tình trạng thu hồi.", \
      "Checking offline: {0} was not asked about revocation.") \
    X(LOOKUP_AS_OF, "Thông tin thu hồi mới nhất trong máy được lập lúc {0}.", "The newest revocation data at hand were made at {0}.") \
    X(LOOKUP_FAILED, "Không lấy được thông tin thu hồi từ {0}. Hãy thử lại sau.", "No revocation data could be had from {0}. Try again later.")
/* clang-format on */

TEXTS_DECLARE(REVOCATION_TEXTS)
extern const struct text *const revocation_texts[];
