/* The sentences of the passage of a document: what happened, and what to do next. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define EXCHANGE_TEXTS(X)                                                                                    \
    /* the store */                                                                                          \
    X(STORE_IN_USE, "Thư mục dữ liệu {0} đang được tiến trình khác dùng. Hãy dừng tiến trình ấy trước.",     \
      "Another process is using the data directory {0}. Stop it first.")                                     \
    X(STORE_NEWER, "Cơ sở dữ liệu thuộc phiên bản mới hơn ({0}, chương trình này biết đến {1}). Hãy cài bản mới hơn.", \
      "The database was written by a newer version ({0}; this program knows {1}). Install the newer program.") \
    X(STORE_UNREADABLE, "Không mở được cơ sở dữ liệu trong {0}. Hãy kiểm tra quyền truy cập và đĩa.",        \
      "The database in {0} cannot be opened. Check the permissions and the disk.")                           \
    X(STORE_DISK, "Đĩa không nhận dữ liệu; chưa có gì được lưu. Hãy kiểm tra dung lượng rồi gửi lại.",        \
      "The disk does not take it; nothing was kept. Check the free space and send it again.")                \
    X(STORE_BROKEN, "Không ghi chắc được xuống đĩa. Chương trình phải khởi động lại.",                       \
      "Writes to the disk can no longer be trusted. The program must be started anew.")                      \
    X(STORE_FAULT, "Cơ sở dữ liệu báo lỗi. Hãy xem nhật ký.", "The database reports a fault. See the log.")  \
    X(STORE_CLOSING, "Máy chủ đang dừng. Hãy gửi lại sau.", "The server is stopping. Send it again later.")  \
    X(MOVED_ON, "Văn bản {0} đã được xử lý ở nơi khác.", "The document {0} was moved on by somebody else.")  \
    X(DOCUMENT_UNKNOWN, "Không có văn bản {0}.", "There is no document {0}.")                                \
    X(DELIVERY_UNKNOWN, "Không có bản gửi {0} cho hệ thống này.", "There is no copy {0} for this system.")   \
    X(DELIVERY_WORD_UNKNOWN, "Trạng thái {0} không có; hãy dùng initial, processing, done hoặc fail.",       \
      "There is no status {0}; use initial, processing, done or fail.")                                      \
    /* agencies */                                                                                           \
    X(AGENCY_CODE_MALFORMED, "Mã định danh {0} không dùng được: để trống, quá dài hoặc có ký tự lạ.",        \
      "The code {0} is not usable: empty, too long or with strange characters.")                             \
    X(AGENCY_NAME_MISSING, "Cơ quan {0} chưa có tên. Hãy điền tên.", "The agency {0} has no name. Give it one.") \
    X(AGENCY_ELSEWHERE, "Mã {0} đã được đăng ký dưới hệ thống khác.", "The code {0} is registered under another system.") \
    X(AGENCY_UNKNOWN, "Không có cơ quan mang mã {0}.", "There is no agency with the code {0}.")              \
    X(SENDER_NOT_REGISTERED, "Đơn vị gửi {0} không đúng với mã đã đăng ký: {1}",                             \
      "The sender {0} is not registered under this system, which has: {1}")                                  \
    X(RECEIVER_UNKNOWN, "Đơn vị nhận {0} chưa được đăng ký. Hãy kiểm tra lại mã.",                           \
      "Nobody registered the receiver {0}. Check the code.")                                                 \
    X(RECIPIENT_MISSING, "Văn bản không có nơi nhận. Hãy ghi ít nhất một nơi nhận.",                         \
      "The document has no recipient. Name at least one.")                                                   \
    X(RECIPIENTS_TOO_MANY, "Có quá {0} nơi nhận. Hãy chia làm nhiều lần gửi.",                               \
      "There are more than {0} recipients. Send it in several parts.")                                       \
    /* repeats */                                                                                            \
    X(REPEAT_KEY_MISSING, "Thiếu Idempotency-Key. Hãy gửi kèm một khóa riêng cho mỗi văn bản.",              \
      "There is no Idempotency-Key. Send one, its own for each document.")                                   \
    X(REPEAT_KEY_REUSED, "Idempotency-Key {0} đã dùng cho một yêu cầu khác. Hãy dùng khóa mới.",             \
      "The Idempotency-Key {0} was used for another request. Use a new one.")                                \
    X(CONTENT_CONFLICT, "Văn bản {0} của {1} đã được nhận với nội dung khác. Hãy gửi bản cập nhật hoặc thay thế.", \
      "The document {0} of {1} was received before with other content. Send an update or a replacement.")    \
    /* why something waits */                                                                                \
    X(WAIT_DOCUMENT, "Văn bản đang được xử lý; bản gửi này sẽ đi ngay sau đó.",                              \
      "The document is still being worked on; this copy follows at once.")                                   \
    X(WAIT_MAILBOX, "Đã ở hộp thư của hệ thống bên nhận, chờ hệ thống ấy đến lấy.",                          \
      "In the mailbox of the receiver's system, which has not fetched it yet.")                              \
    X(WAIT_TAKEN, "Hệ thống bên nhận đã lấy, chờ xác nhận đã xử lý xong.",                                   \
      "The receiver's system fetched it and has not yet said that it is done.")                              \
    X(WAIT_NO_AGENCY, "Chưa có cơ quan mang mã {0}. Sẽ gửi ngay khi mã được đăng ký.",                       \
      "Nobody registered the code {0}. It goes as soon as somebody does.")                                   \
    X(WAIT_AGENCY_GONE, "Cơ quan {0} đã thôi đăng ký. Sẽ gửi ngay khi mã được đăng ký lại.",                 \
      "The agency {0} is no longer registered. It goes as soon as it is again.")                             \
    X(WAIT_CLERK, "Đã có văn bản cùng số hiệu với nội dung khác. Văn thư cần xem và quyết định.",            \
      "Another document with this identity has other content. A clerk must look and decide.")                \
    X(WAIT_NO_KEYS, "Máy chủ chưa được cấu hình khóa ký. Hãy khai báo thiết bị ký.",                         \
      "The server has no signing keys. Configure the token.")                                                \
    X(NOT_SENT, "Văn bản bị từ chối ở bước {0} nên không gửi.", "Not sent: the document was refused at the step {0}.") \
    X(RECEIVER_FAILED, "Bên nhận báo không xử lý được: {0}", "The receiver says that it could not take it: {0}") \
    /* steps */                                                                                              \
    X(PART_DAMAGED, "Tệp {0} trong kho không còn nguyên vẹn. Hãy gửi lại văn bản.",                          \
      "The stored file {0} is damaged. Send the document again.")                                            \
    X(NOTHING_TO_SIGN, "Văn bản không có tệp PDF hoặc XML nào để ký.",                                       \
      "The document has no PDF or XML file to sign.")                                                        \
    /* check codes */                                                                                        \
    X(CHECK_CODE_UNKNOWN, "Mã tra cứu này không có. Hãy kiểm tra lại mã hoặc quét lại.",                     \
      "There is no such code. Check it, or scan it again.")                                                  \
    X(CHECK_CODE_REVOKED, "Mã tra cứu này đã bị thu hồi. Hãy hỏi cơ quan phát hành.",                        \
      "This code was revoked. Ask the agency that issued it.")
/* clang-format on */

TEXTS_DECLARE(EXCHANGE_TEXTS)
extern const struct text *const exchange_texts[];
