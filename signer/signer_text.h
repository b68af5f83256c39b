/* The sentences of the signer. A reason in a verdict travels between processes by its sentence's name, so
 * the names never change. Beside each refusal stands the rule it enforces. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define SIGNER_TEXTS(X) \
    /* verdicts between processes */ \
    X(VERDICT_FRAME, "Bộ phận kiểm tra trả lời sai quy cách. Hãy thử lại; nếu lặp lại, báo cho quản trị.", \
      "The checking process answered nonsense. Try again; if it repeats, tell the operator.") \
    X(TOO_MANY_SIGNATURES, "Tài liệu có hơn {0} chữ ký, nhiều hơn mức có thể kiểm tra.", \
      "The document holds more than {0} signatures, more than can be checked.") \
    X(KIND_UNKNOWN, "Tệp không phải PDF, XML, CMS (.p7m, .p7s) hoặc gói ASiC nên không kiểm tra được chữ ký.", \
      "The file is not PDF, XML, CMS (.p7m, .p7s) or an ASiC container: no signature in it can be checked.") \
    X(NO_SIGNATURE, "Tài liệu không có chữ ký số nào.", "The document holds no digital signature.") \
    X(EVIDENCE_TOO_MUCH, "Tài liệu mang theo quá nhiều chứng thư và dữ liệu thu hồi.", \
      "The document carries more certificates and revocation data than can be looked at.") \
    /* signing */ \
    X(CANNOT_SIGN_KIND, "Chỉ PDF và XML được tự chọn định dạng chữ ký. Hãy nêu định dạng: cades, asic-s hoặc asic-e.", \
      "A format is chosen for PDF and XML alone. Name one for other files: cades, asic-s or asic-e.") \
    X(FORMAT_DOES_NOT_FIT, "Định dạng chữ ký {0} không dùng được cho loại tệp này. Mọi tệp đều ký được theo cades, asic-s hoặc asic-e.", \
      "The signature format {0} does not fit this kind of file. Any file can be signed as cades, asic-s or asic-e.") \
    X(SIGNING_NO_CERTIFICATE, "Khóa {0} không có chứng thư đi kèm. Hãy nạp chứng thư vào thiết bị.", \
      "The key {0} has no certificate. Load its certificate into the token.") \
    X(SIGNING_NOT_YET, "Chứng thư ký chỉ có hiệu lực từ {0}. Hãy kiểm tra đồng hồ máy hoặc chờ tới ngày đó.", \
      "The signing certificate is valid from {0} only. Check the clock, or wait.") \
    X(SIGNING_EXPIRED, "Chứng thư ký đã hết hạn ngày {0}. Hãy gia hạn trước khi ký.", \
      "The signing certificate expired on {0}. Renew it before signing.") \
    X(SIGNING_KEY_WEAK, "Khóa ký quá ngắn hoặc thuộc loại không được hỗ trợ. Hãy dùng RSA từ 2048 bit hoặc ECDSA P-256.", \
      "The signing key is too short or of an unsupported kind. Use RSA of 2048 bits or more, or ECDSA P-256.") \
    X(ANOTHER_DOCUMENT, "Tài liệu này không phải tài liệu đã chuẩn bị để ký. Hãy chuẩn bị lại.", \
      "This is not the document that was prepared for signing. Prepare it again.") \
    X(PENDING_DAMAGED, "Bản ghi chữ ký chờ bị hỏng. Hãy chuẩn bị ký lại.", "The stored pending signature is damaged. Prepare it again.") \
    X(PRODUCT_BROKEN, "Không ký: sau khi ký, chữ ký {0} trong tài liệu không còn hợp lệ hoặc vốn đã hỏng.", \
      "Not signed: the signature {0} in the document would be, or already is, broken.") \
    X(PRODUCT_UNSOUND, "Bản ký vừa tạo không qua được bước tự kiểm tra nên đã bị bỏ. Hãy báo cho quản trị.", \
      "The signed document did not pass our own check and was thrown away. Tell the operator.") \
    /* trust */ \
    X(TRUST_NOTHING, "{0} không có chứng thư hay danh sách thu hồi nào đọc được. Hãy dùng tệp PEM hoặc DER.", \
      "{0} holds no certificate and no revocation list that can be read. Use PEM or DER files.") \
    X(TRUST_SNAPSHOT, "Bản sao danh sách tin cậy bị hỏng. Hãy khởi động lại dịch vụ.", \
      "The copy of the trust list is damaged. Restart the service.") \
    /* RFC 5652: structure */ \
    X(CMS_MALFORMED, "Chữ ký bị hỏng cấu trúc tại {0}. Hãy xin lại bản gốc từ nơi gửi.", \
      "The signature's structure is broken at {0}. Ask the sender for the original.") \
    /* RFC 5652, 5.1 */ \
    X(CMS_NOT_SIGNED_DATA, "Nội dung chữ ký không phải là dữ liệu ký CMS.", "The signature is not CMS signed data.") \
    /* EN 319 142-1, 6.3 (d): one SignerInfo */ \
    X(CMS_ONE_SIGNER, "Chữ ký phải có đúng một người ký, ở đây có {0}.", "A signature must have exactly one signer; this one has {0}.") \
    /* RFC 5652, 5.1 and 5.3: the version follows the content */ \
    X(CMS_VERSION, "Số phiên bản trong chữ ký không khớp nội dung.", "The version number in the signature does not fit its content.") \
    /* RFC 5652, 5.3: the digest algorithms are listed once and agree */ \
    X(CMS_DIGEST_DISAGREES, "Các thuật toán băm nêu trong chữ ký mâu thuẫn nhau.", "The digest algorithms named in the signature contradict each other.") \
    /* RFC 5754, 2 and 3: the parameters are absent or NULL */ \
    X(CMS_ALGORITHM, "Tham số của thuật toán trong chữ ký không hợp lệ.", "The parameters of an algorithm in the signature are not valid.") \
    /* RFC 5652, 11.1: content-type, once, the type of what is signed */ \
    X(CMS_CONTENT_TYPE, "Thuộc tính loại nội dung của chữ ký thiếu, thừa hoặc sai.", "The signature's content-type attribute is missing, repeated or wrong.") \
    /* RFC 5652, 11.2: message-digest appears once and holds one value */ \
    X(CMS_ONE_DIGEST, "Thuộc tính giá trị băm phải có đúng một lần và một giá trị.", "The message-digest attribute must appear once and hold one value.") \
    /* RFC 5652, 5.3: signed attributes are DER; RFC 5035, 3: each at most once */ \
    X(CMS_ATTRIBUTES, "Các thuộc tính được ký không đúng mã hóa DER hoặc bị lặp.", "The signed attributes are not DER or are repeated.") \
    /* ISO 32000-1, 12.8.3.3: nothing is encapsulated in a detached signature; RFC 5652, 5.2 */ \
    X(CMS_ENCAPSULATED, "Nội dung nằm trong chữ ký không đúng với loại chữ ký này.", "What is encapsulated in the signature does not fit this kind of signature.") \
    X(CMS_TRAILING, "Có dữ liệu thừa sau chữ ký.", "There is data behind the end of the signature.") \
    /* XML signatures: W3C xmldsig-core1, 4 */ \
    X(XML_SIGNATURE_MALFORMED, "Chữ ký XML bị hỏng cấu trúc ({0}). Hãy xin lại bản gốc từ nơi gửi.", \
      "The XML signature's structure is broken ({0}). Ask the sender for the original.") \
    /* xmldsig-core1, 4.4.3.2: a same-document reference means one element */ \
    X(XML_ID_TWICE, "Định danh {0} mà chữ ký nhắc tới xuất hiện nhiều lần trong tài liệu.", \
      "The identifier {0} that the signature refers to occurs more than once in the document.") \
    X(XML_TRANSFORM, "Chữ ký dùng phép biến đổi không được chấp nhận ({0}).", "The signature uses a transform that is not accepted ({0}).") \
    X(XML_PARTLY_COVERED, "Chữ ký chỉ bảo vệ một phần tài liệu: {0} không được bảo vệ.", \
      "The signature protects only a part of the document: {0} is not protected.") \
    /* EN 319 132-1, 4.3.1: QualifyingProperties once, Target names this signature */ \
    X(XADES_PROPERTIES_TWICE, "Chữ ký có nhiều bộ thuộc tính XAdES.", "The signature has more than one set of XAdES properties.") \
    X(XADES_TARGET, "Thuộc tính XAdES thuộc về một chữ ký khác.", "The XAdES properties belong to another signature.") \
    /* EN 319 132-1, 4.4.2: one reference signs them */ \
    X(XADES_PROPERTIES_ELSEWHERE, "Chữ ký nhắc tới thuộc tính XAdES không phải của chính nó.", "The signature refers to XAdES properties that are not its own.") \
    X(XADES_PROPERTIES_UNSIGNED, "Thuộc tính XAdES không được ký đúng một lần.", "The XAdES properties are not signed exactly once.") \
    /* signing XML */ \
    X(XML_ROOT_EMPTY, "Không ký được: phần tử gốc của XML rỗng (<{0}/>), không có chỗ đặt chữ ký. Hãy viết thành <{0}></{0}>.", \
      "Not signed: the XML's root element is empty (<{0}/>) and has no place for a signature. Write it as <{0}></{0}>.") \
    X(XML_NOT_CANONICAL, "Không ký được: XML này không có dạng chuẩn tắc (không gian tên tương đối?).", \
      "Not signed: this XML has no canonical form (relative namespace names?).") \
    /* EN 319 102-1, 5.2.7.4 (1) */ \
    X(HASH_DIFFERS, "Nội dung đã bị thay đổi sau khi ký.", "The content was changed after it was signed.") \
    /* EN 319 102-1, 5.2.7.4 (2) */ \
    X(SIGNATURE_DIFFERS, "Giá trị chữ ký không do khóa của người ký tạo ra.", "The signature value was not made by the signer's key.") \
    /* EN 319 102-1, 5.2.8.4.2 and ETSI TS 119 312: algorithms and key sizes */ \
    X(ALGORITHM_UNKNOWN, "Chữ ký dùng thuật toán không được hỗ trợ ({0}).", "The signature uses an algorithm that is not supported ({0}).") \
    X(ALGORITHM_WEAK, "Chữ ký dùng thuật toán {0}, nay không còn đủ an toàn để chứng minh gì.", \
      "The signature uses {0}, which is too weak today to prove anything.") \
    X(KEY_WEAK, "Khóa ký dài {0} bit, ngắn hơn mức an toàn hiện nay.", "The signing key has {0} bits, fewer than is safe today.") \
    /* EN 319 102-1, 5.2.3.4 */ \
    X(SIGNER_NOT_FOUND, "Trong chữ ký không có chứng thư của người ký.", "The signature does not hold its signer's certificate.") \
    X(SIGNER_BOUND_TO_OTHER, "Chữ ký gắn với một chứng thư khác với chứng thư kèm theo.", "The signature is bound to another certificate than the one it comes with.") \
    /* EN 319 122-1, 5.2.2; without it the certificate is not bound: no AdES, but still a signature */ \
    X(SIGNER_NOT_BOUND, "Chữ ký không ghi dấu chứng thư của người ký (không phải chữ ký AdES).", \
      "The signature does not bind its signer's certificate (it is not an AdES signature).") \
    /* EN 319 102-1, 5.2.6: certification path */ \
    X(NO_ANCHORS, "Chưa có chứng thư gốc nào được tin. Hãy thêm bằng vanthu trust import, --trust hoặc mục [trust] của cấu hình.", \
      "No root certificate is trusted yet. Add some with vanthu trust import, --trust or in the settings.") \
    X(CHAIN_NOT_FOUND, "Chứng thư của người ký không dẫn tới gốc nào được tin. Nếu biết nơi cấp, hãy thêm chứng thư gốc của họ.", \
      "The signer's certificate does not lead to any trusted root. If you know its issuer, add the issuer's root.") \
    X(CHAIN_BROKEN, "Đường dẫn chứng thư tới gốc tin cậy không hợp lệ ({0}).", "The certificate path to the trusted root is not valid ({0}).") \
    /* RFC 5280, 4.2.1.9: an issuer is a CA */ \
    X(CHAIN_NOT_A_CA, "Một chứng thư trên đường dẫn không được phép cấp chứng thư ({0}).", "A certificate on the path may not issue certificates ({0}).") \
    /* RFC 5280, 4.1.2.5; EN 319 102-1, 5.3: no proof that the signature existed before */ \
    X(CERTIFICATE_EXPIRED, "Chứng thư hết hạn ngày {0} và không có dấu thời gian chứng minh đã ký trước đó.", \
      "The certificate expired on {0} and no timestamp proves that the signature is older.") \
    X(CERTIFICATE_NOT_YET, "Chứng thư chỉ có hiệu lực từ {0}.", "The certificate is valid from {0} only.") \
    X(AUTHORITY_OUT_OF_DATE, "Chứng thư của nơi cấp không còn hoặc chưa có hiệu lực ({0}).", "An issuer's certificate is not valid at this time ({0}).") \
    /* RFC 5280, 4.2.1.3 */ \
    X(KEY_USAGE, "Chứng thư này không được cấp để ký (keyUsage).", "This certificate was not issued for signing (keyUsage).") \
    /* RFC 5280, 4.2.1.12; RFC 9336 */ \
    X(KEY_PURPOSE, "Chứng thư này chỉ dùng cho máy chủ hoặc dịch vụ, không phải để ký tài liệu (extKeyUsage).", \
      "This certificate is for servers or services alone, not for signing documents (extKeyUsage).") \
    X(STAMP_PURPOSE, "Chứng thư này không được cấp để đóng dấu thời gian (extKeyUsage).",                    \
      "This certificate was not issued for timestamps (extKeyUsage).")                                       \
    X(SIGNER_IS_CA, "Người ký dùng chứng thư của một nơi cấp chứng thư.", "The signer used the certificate of a certificate authority.") \
    /* EN 319 102-1, 5.2.6.4 and 5.3 */ \
    X(CERTIFICATE_REVOKED, "Chứng thư của người ký đã bị thu hồi ngày {0}.", "The signer's certificate was revoked on {0}.") \
    X(AUTHORITY_REVOKED, "Chứng thư của nơi cấp đã bị thu hồi ({0}).", "An issuer's certificate was revoked ({0}).") \
    X(REVOCATION_NOT_CHECKED, "Chưa kiểm tra được chứng thư có bị thu hồi hay không: thiếu danh sách thu hồi còn hiệu lực.", \
      "Whether the certificate was revoked could not be checked: no current revocation list is at hand.") \
    X(REVOCATION_BROKEN, "Danh sách thu hồi có sẵn không dùng được ({0}). Hãy lấy bản mới.", \
      "The revocation list at hand cannot be used ({0}). Get a new one.") \
    /* the checking processes */ \
    X(CHECK_DEADLINE, "Kiểm tra quá thời hạn nên đã dừng. Tài liệu quá phức tạp, hoặc máy đang quá tải.", \
      "The check took too long and was stopped. The document is too complex, or the machine too busy.") \
    X(CHECK_DIED, "Bộ phận kiểm tra dừng đột ngột khi đọc tài liệu này ({0}), nên không kết luận được.", \
      "The checking process died while reading this document ({0}), so nothing can be said.") \
    X(CHECK_NONSENSE, "Bộ phận kiểm tra trả lời sai quy cách về tài liệu này, nên không kết luận được.", \
      "The checking process answered nonsense about this document, so nothing can be said.") \
    X(CHECK_MEMORY, "Tài liệu cần nhiều bộ nhớ hơn mức cho phép để kiểm tra.", \
      "Checking the document takes more memory than is allowed.") \
    X(CHECK_CONTENTS, "Chỉ đưa được tối đa {0} tệp nội dung kèm một lần kiểm tra.", \
      "At most {0} content files can be given with one check.") \
    X(CHECK_BUSY, "Mọi bộ phận kiểm tra đều đang bận. Hãy thử lại sau ít phút.", "Every checking process is busy. Try again in a few minutes.") \
    X(CHECK_NOT_STARTED, "Không khởi động được bộ phận kiểm tra. Hãy xem nhật ký của máy chủ.", \
      "The checking process does not start. See the server's log.") \
    /* reports */ \
    X(REPORT_GENUINE, "CHỮ KÝ HỢP LỆ, nội dung không bị thay đổi.", "GENUINE: validly signed, and not changed since.") \
    X(REPORT_CHANGED, "ĐÃ BỊ THAY ĐỔI sau khi ký, hoặc chữ ký bị hỏng. Đừng tin tài liệu này.", \
      "CHANGED after signing, or the signature is broken. Do not rely on this document.") \
    X(REPORT_UNSIGNED, "KHÔNG CÓ CHỮ KÝ SỐ nào trong tài liệu.", "UNSIGNED: the document holds no digital signature.") \
    X(REPORT_UNKNOWN, "CHƯA KẾT LUẬN ĐƯỢC. Lý do ở dưới.", "CANNOT SAY. The reasons are below.") \
    X(REPORT_VOID, "CHỮ KÝ KHÔNG HỢP LỆ. Lý do ở dưới. Đừng tin tài liệu này.", \
      "NOT VALID: a signature does not count. The reasons are below. Do not rely on this document.") \
    X(REPORT_NOBODY, "(không rõ người ký)", "(signer unknown)") \
    X(REPORT_CLAIMED, "ghi là ký lúc {0}", "says it was signed at {0}") \
    X(REPORT_WHOLE, "toàn bộ tệp", "whole file") \
    X(REPORT_REVISION, "phiên bản {0} trên {1}", "revision {0} of {1}")
/* clang-format on */

TEXTS_DECLARE(SIGNER_TEXTS)
extern const struct text *const signer_texts[];
