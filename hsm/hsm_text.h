/* The sentences of the room of keys. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define HSM_TEXTS(X)                                                                                         \
    X(KEY_URI_UNREADABLE,                                                                                    \
      "“{0}” không phải là tên khóa. Hãy viết pkcs11:token=…;object=… hoặc file:TÊN.p12.",                   \
      "“{0}” is not the name of a key. Write pkcs11:token=…;object=… or file:NAME.p12.")                     \
    X(KEY_URI_HAS_PIN,                                                                                       \
      "Không được ghi mã PIN trong tên khóa. Hãy lưu mã PIN vào một tệp và dùng --pin-file.",                \
      "A PIN does not belong in a key's name. Put it into a file and give --pin-file.")                      \
    X(KEY_URI_TOO_MANY,                                                                                      \
      "Một khóa chỉ có thể có tối đa {0} tên. Hãy bỏ bớt.",                                                  \
      "A key can have {0} names at most. Leave some out.")                                                   \
    X(KEY_NOT_FOUND,                                                                                         \
      "Không có khóa {0}. Các khóa hiện có: {1}. Hãy chọn một trong số đó.",                                 \
      "There is no key {0}. Keys that are here: {1}. Name one of them.")                                     \
    X(KEY_AMBIGUOUS,                                                                                         \
      "{0} ứng với nhiều khóa: {1}. Hãy thêm id=… hoặc serial=….",                                           \
      "{0} fits several keys: {1}. Add id=… or serial=….")                                                   \
    X(KEY_NO_PRIVATE,                                                                                        \
      "Thiết bị {0} có chứng thư “{1}” nhưng không có khóa bí mật của chứng thư đó. Hãy kiểm tra lại thiết bị.", \
      "The token {0} holds the certificate “{1}” but not its private key. Check that it is the right token.") \
    X(KEY_KIND,                                                                                              \
      "Khóa “{0}” thuộc loại {1}; chỉ dùng được RSA 2048 đến 4096 bit và ECDSA P-256.",                      \
      "The key “{0}” is {1}; only RSA of 2048 to 4096 bits and ECDSA P-256 can be used.")                    \
    X(KEY_REFUSED,                                                                                           \
      "Thiết bị {0} không cho phép ký bằng khóa này. Hãy kiểm tra quyền sử dụng của khóa.",                  \
      "{0} does not let this key sign. Check what the key may be used for.")                                 \
    X(KEY_CHANGED,                                                                                           \
      "{0} không còn là khóa đã dùng khi chuẩn bị văn bản. Hãy bắt đầu ký lại từ đầu.",                      \
      "{0} is no longer the key that the document was prepared for. Start signing again.")                   \
    X(KEYS_DIFFER,                                                                                           \
      "{0} và {1} là hai khóa khác nhau; chỉ các bản sao của cùng một khóa mới được ghi cùng nhau.",         \
      "{0} and {1} are different keys; only copies of one key may be named together.")                       \
    X(SIGNATURE_WRONG,                                                                                       \
      "Chữ ký do khóa “{0}” tạo ra không khớp với chứng thư. Không dùng chữ ký này; hãy kiểm tra thiết bị.", \
      "What the key “{0}” signed does not fit its certificate. It was thrown away; check the token.")        \
    X(DIGEST_UNFIT,                                                                                          \
      "Chỉ ký được giá trị băm SHA-256, SHA-384 hoặc SHA-512 đủ độ dài.",                                    \
      "Only whole SHA-256, SHA-384 and SHA-512 digests can be signed.")                                      \
    X(FILE_KEY_UNREADABLE,                                                                                   \
      "Tệp {0} không phải là tệp khóa PKCS #12. Hãy kiểm tra lại tệp.",                                      \
      "The file {0} is not a PKCS #12 key file. Check which file is meant.")                                 \
    X(FILE_KEY_PASSWORD,                                                                                     \
      "Mật khẩu trong {1} không mở được tệp khóa {0}. Hãy sửa mật khẩu.",                                    \
      "The password in {1} does not open the key file {0}. Correct it.")                                     \
    X(MODULE_UNLOADABLE,                                                                                     \
      "Không nạp được thư viện PKCS#11 {0}. Hãy cài trình điều khiển của thiết bị hoặc sửa --module.",       \
      "The PKCS#11 module {0} cannot be loaded. Install the token's driver, or correct --module.")           \
    X(MODULE_SILENT,                                                                                         \
      "Thư viện PKCS#11 {0} không khởi động được. Hãy kiểm tra dịch vụ của thiết bị (ví dụ pcscd) rồi thử lại.", \
      "The PKCS#11 module {0} does not start. Check the token's service (pcscd, for one) and try again.")    \
    X(TOKEN_ABSENT,                                                                                          \
      "Chưa cắm thiết bị ký của {0}. Thiết bị đang có: {1}. Hãy cắm thiết bị rồi thử lại.",                  \
      "The token of {0} is not plugged in. Tokens that are: {1}. Plug it in and try again.")                 \
    X(TOKEN_GONE,                                                                                            \
      "Thiết bị ký {0} không trả lời: đã bị rút ra hoặc gặp lỗi. Hãy cắm lại; việc ký sẽ tự tiếp tục.",      \
      "The token {0} does not answer: it was pulled out or failed. Plug it in again; signing goes on by itself.") \
    X(TOKEN_SLOW,                                                                                            \
      "Thiết bị ký không trả lời kịp thời hạn. Hãy thử lại; nếu vẫn vậy, rút thiết bị ra và cắm lại.",       \
      "The token did not answer in time. Try again; if it stays so, unplug the token and plug it in again.") \
    X(TOKEN_BUSY,                                                                                            \
      "Thiết bị {0} đang bận với các chương trình khác. Hãy thử lại sau giây lát.",                          \
      "The token {0} is busy with other programs. Try again in a moment.")                                   \
    X(PIN_NO_FILE,                                                                                           \
      "Khóa này cần mã PIN. Hãy lưu mã PIN vào một tệp chỉ mình bạn đọc được và dùng --pin-file.",           \
      "This key needs a PIN. Put it into a file that only you can read and give --pin-file.")                \
    X(PIN_FILE_UNREADABLE,                                                                                   \
      "Không đọc được tệp mã PIN {0}. Hãy kiểm tra đường dẫn và quyền truy cập.",                            \
      "The PIN file {0} cannot be read. Check its path and permissions.")                                    \
    X(PIN_FILE_OPEN,                                                                                         \
      "Ai cũng đọc được tệp mã PIN {0}. Hãy chạy: chmod o= {0}",                                             \
      "Everybody can read the PIN file {0}. Run: chmod o= {0}")                                              \
    X(PIN_FILE_EMPTY,                                                                                        \
      "Dòng đầu của tệp {0} phải là mã PIN, dài từ 1 đến 255 byte.",                                         \
      "The first line of {0} has to be the PIN, of 1 to 255 bytes.")                                         \
    X(PIN_NOT_LOCKED,                                                                                        \
      "Hệ thống không cho giữ mã PIN trong bộ nhớ khóa. Hãy tăng giới hạn RLIMIT_MEMLOCK.",                  \
      "The system does not let the PIN be kept out of swap. Raise RLIMIT_MEMLOCK.")                          \
    X(PIN_REFUSED,                                                                                           \
      "Thiết bị {0} từ chối mã PIN trong {1}; mã này không được thử lại để thiết bị khỏi bị khóa. "          \
      "Hãy ghi mã PIN đúng vào tệp; nếu chắc chắn mã vẫn đúng, hãy xóa {2}.",                                \
      "The token {0} refused the PIN in {1}; it is not tried again, so that the token does not lock itself. " \
      "Put the right PIN into the file; if you are sure it is right, remove {2}.")                           \
    X(PIN_UNSURE,                                                                                            \
      "Lần đăng nhập trước vào thiết bị {0} bằng mã PIN trong {1} chưa rõ kết quả; mã này không được thử lại " \
      "để thiết bị khỏi bị khóa. Nếu chắc chắn mã PIN đúng, hãy xóa {2}; nếu không, hãy sửa mã PIN.",        \
      "Nobody knows how the last login to the token {0} with the PIN in {1} ended; it is not tried again, so " \
      "that the token does not lock itself. If you are sure the PIN is right, remove {2}; else correct it.") \
    X(PIN_LOCKED,                                                                                            \
      "Thiết bị {0} đã bị khóa do nhập sai mã PIN. Hãy mở khóa bằng công cụ của nhà cung cấp.",              \
      "The token {0} is locked after wrong PINs. Unlock it with its vendor's tool.")                         \
    X(PIN_FINAL_TRY,                                                                                         \
      "Thiết bị {0} sẽ bị khóa nếu sai mã PIN thêm một lần, nên không đăng nhập tự động. Hãy đăng nhập một "  \
      "lần bằng công cụ của nhà cung cấp rồi thử lại.",                                                      \
      "One more wrong PIN would lock the token {0}, so no login is tried. Log in once with its vendor's tool, " \
      "then try again.")                                                                                     \
    X(PIN_NOTES_UNWRITABLE,                                                                                  \
      "Không ghi được sổ thử mã PIN vào {0}; không có sổ này, mã PIN sai có thể làm khóa thiết bị. Hãy cấp "  \
      "quyền ghi hoặc dùng --notes.",                                                                        \
      "Tries of a PIN cannot be noted in {0}, and without notes a wrong PIN could lock the token. Make it "  \
      "writable, or give --notes.")                                                                          \
    X(PIN_NOTES_LOCKED,                                                                                      \
      "Một chương trình khác đang đăng nhập ({0}). Hãy thử lại sau giây lát.",                               \
      "Another program is just logging in ({0}). Try again in a moment.")                                    \
    X(KEEPER_NO_MEMORY,                                                                                      \
      "Máy hết bộ nhớ khi làm việc với khóa ký. Hãy thử lại sau.",                                           \
      "There is no memory left for working with keys. Try again later.")                                     \
    X(KEEPER_FRAME,                                                                                          \
      "Tiến trình giữ khóa nhận được dữ liệu không hiểu được.",                                              \
      "The key keeper was told something it does not understand.")                                           \
    X(KEEPER_NOT_STARTED,                                                                                    \
      "Không khởi động được tiến trình giữ khóa. Hãy kiểm tra bản cài đặt.",                                 \
      "The key keeper cannot be started. Check the installation.")                                           \
    X(KEEPER_AWAY,                                                                                           \
      "Tiến trình giữ khóa chưa sẵn sàng; nó đang được khởi động lại. Hãy thử lại sau giây lát.",            \
      "The key keeper is not ready; it is being started again. Try again in a moment.")                      \
    X(KEEPER_LOST,                                                                                           \
      "Tiến trình giữ khóa dừng giữa chừng và đang được khởi động lại. Hãy thử lại sau giây lát.",           \
      "The key keeper stopped in the middle and is being started again. Try again in a moment.")             \
    X(KEEPER_NONSENSE,                                                                                       \
      "Tiến trình giữ khóa trả lời không đúng khuôn dạng; kết nối đã bị cắt. Hãy thử lại.",                  \
      "The key keeper's answer made no sense; the connection was cut. Try again.")                           \
    X(KEEPER_FULL,                                                                                           \
      "Quá nhiều yêu cầu ký cùng lúc. Hãy thử lại sau giây lát.",                                            \
      "Too many want to sign at once. Try again in a moment.")                                               \
    X(KEEPER_STRANGER,                                                                                       \
      "Tiến trình của người dùng khác đang chiếm {0}. Hãy kiểm tra máy chủ.",                                \
      "Another user's process sits at {0}. Check the server.")                                               \
    X(TOO_MANY_KEEPERS,                                                                                      \
      "Dùng quá nhiều thư viện và tệp khóa cùng lúc. Hãy chia thành nhiều lần.",                             \
      "Too many modules and key files at once. Do it in several goes.")                                      \
    X(OPTION_UNKNOWN,                                                                                        \
      "Không có tùy chọn {0}. Có phải ý bạn là {1}?",                                                        \
      "There is no option {0}. Did you mean {1}?")                                                           \
    X(OPTION_NO_VALUE,                                                                                       \
      "Tùy chọn {0} thiếu giá trị. Xem --help.",                                                             \
      "The option {0} lacks its value. See --help.")                                                         \
    X(OPTION_TOO_OFTEN,                                                                                      \
      "Tùy chọn {0} được ghi quá nhiều lần. Xem --help.",                                                    \
      "The option {0} is given too often. See --help.")                                                      \
    X(OPTION_NEEDED,                                                                                         \
      "Thiếu tùy chọn {0}. Xem --help.",                                                                     \
      "The option {0} is needed. See --help.")
/* clang-format on */

TEXTS_DECLARE(HSM_TEXTS)
extern const struct text *const hsm_texts[];
