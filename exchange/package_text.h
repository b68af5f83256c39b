/* What packages, headers and blobs say to people. Refusals name the rule and the place; deviations ({0} place, {1} what was found,
 * {2} what is expected) say what the axis or a peer may stumble over. The names never change: they stand in JSON. */
#pragma once

#include "base/text.h"

#define PACKAGE_TEXTS(X)                                                                                                                          \
    /* not a package, or not one that can be taken */                                                                                             \
    X(PACKAGE_EMPTY, "Gói tin rỗng. Hãy gửi lại tệp .edxml.",                                                                                     \
      "The package is empty. Send the .edxml file again.")                                                                                        \
    X(PACKAGE_NOT_XML, "Gói tin sai cú pháp XML tại {0}: {1}. Hãy đề nghị bên gửi xuất lại gói tin.",                                             \
      "The package is not well-formed XML at {0}: {1}. Ask the sender to export it again.")                                                       \
    X(PACKAGE_ENCODING, "Gói tin khai mã ký tự {0}; QCVN 102:2016 yêu cầu UTF-8.",                                                                \
      "The package declares the encoding {0}; QCVN 102:2016 requires UTF-8.")                                                                     \
    X(PACKAGE_ROOT, "Phần tử gốc là {0}, không phải edXML: đây không phải gói tin edXML.",                                                        \
      "The root element is {0}, not edXML: this is not an edXML package.")                                                                        \
    X(PACKAGE_NAMESPACE, "{0} thuộc không gian tên {1}; QCVN 102:2016 yêu cầu {2}.",                                                              \
      "{0} is in the namespace {1}; QCVN 102:2016 requires {2}.")                                                                                 \
    X(PACKAGE_OLD_GENERATION,                                                                                                                     \
      "Gói tin thuộc thế hệ cũ ({0}), trước QCVN 102:2016. Hãy đề nghị bên gửi nâng cấp phần mềm.",                                               \
      "The package is of the generation before QCVN 102:2016 ({0}). Ask the sender to upgrade.")                                                  \
    X(PACKAGE_NO_HEADER, "Gói tin không có {0}.", "The package has no {0}.")                                                                      \
    X(PACKAGE_KIND,                                                                                                                               \
      "Không nhận ra loại gói tin: MessageHeader không có To (văn bản) cũng không có StatusCode (trạng "                          \
      "thái).",                                                                                                                                   \
      "The kind of package is unknown: MessageHeader has neither To (a document) nor StatusCode (a "                                              \
      "status).")                                                                                                                                 \
    X(PACKAGE_BOTH_KINDS,                                                                                                                         \
      "MessageHeader vừa có To (văn bản) vừa có StatusCode (trạng thái); chỉ được một loại.",                                                     \
      "MessageHeader has both To (a document) and StatusCode (a status); it can be one of them only.")                                            \
    X(PACKAGE_TWICE, "{0} xuất hiện hai lần; chỉ được một.", "{0} appears twice; there can be one only.")                                         \
    X(PACKAGE_INSIDE_TEXT, "{0} chỉ được chứa chữ, nhưng bên trong có phần tử {1}.",                                                              \
      "{0} holds text only, but the element {1} is inside.")                                                                                      \
    X(PACKAGE_NO_SENDER,                                                                                                                          \
      "Gói tin không có nơi gửi: thiếu From/OrganId. Hãy đề nghị bên gửi bổ sung mã định danh.",                                                  \
      "The package has no sender: From/OrganId is missing. Ask the sender to add its code.")                                                      \
    X(PACKAGE_NO_RECIPIENT, "Văn bản không có nơi nhận: thiếu {0}.",                                                                              \
      "The document has no recipient: {0} is missing.")                                                                                           \
    X(PACKAGE_NO_RESPONSE, "Gói tin trạng thái thiếu {0}: không biết trạng thái của văn bản nào.",                                                \
      "The status lacks {0}: it does not say which document it is about.")                                                                        \
    X(PACKAGE_STATUS_CODE, "StatusCode “{0}” không phải mã trạng thái gồm hai chữ số.",                                                           \
      "StatusCode \"{0}\" is not a status code of two digits.")                                                                                   \
    X(PACKAGE_ORGAN_ID,                                                                                                                           \
      "{0} không phải mã định danh dùng được: “{1}” (tối đa {2} ký tự ASCII, không có dấu cách).",                                                \
      "{0} is not a usable agency code: \"{1}\" (at most {2} ASCII characters, no spaces).")                                                      \
    X(PACKAGE_BUSINESS_TYPE, "{0} là “{1}”; chỉ có 0 (mới), 1 (thu hồi), 2 (cập nhật), 3 (thay thế).",                                            \
      "{0} is \"{1}\"; there are only 0 (new), 1 (recall), 2 (update), 3 (replacement).")                                                         \
    X(PACKAGE_TOO_MANY, "Quá nhiều {0}: tối đa {1}.", "Too many of {0}: at most {1}.")                                                            \
    X(PACKAGE_TEXT_LIMIT, "{0} dài hơn giới hạn {1} byte.", "{0} is longer than the limit of {1} bytes.")                                         \
    X(PACKAGE_HEADER_LIMIT, "Các trường thông tin của gói tin dài hơn giới hạn {0} byte.",                                                        \
      "The fields of the package are longer than the limit of {0} bytes together.")                                                               \
    X(PACKAGE_MARKUP_LIMIT, "Phần không phải tệp đính kèm của gói tin lớn hơn giới hạn {0} byte.",                                                \
      "What is not attachments is larger than the limit of {0} bytes.")                                                                           \
    X(PACKAGE_SECRET,                                                                                                                             \
      "Văn bản mang dấu độ mật “{1}” tại {0}. Hệ thống này không nhận bí mật nhà nước và không lưu lại gì; " \
      "hãy gửi theo đường văn bản mật.",                                                                                                          \
      "The document is marked \"{1}\" at {0}. This system takes no state secrets and kept nothing of it; "                                        \
      "send it the way secret documents go.")                                                                                                     \
    /* attachments */                                                                                                                             \
    X(PACKAGE_STRAY_CONTENT, "{0} nằm ngoài AttachmentEncoded/Attachment nên không thuộc tệp nào.",                                               \
      "{0} stands outside AttachmentEncoded/Attachment and belongs to no file.")                                                                  \
    X(PACKAGE_BASE64,                                                                                                                             \
      "Nội dung của {0} không phải base64 trọn vẹn (bị cắt ngắn hoặc có ký tự lạ). Hãy đề nghị bên gửi gửi "  \
      "lại.",                                                                                                                                     \
      "The content of {0} is not whole base64 (cut short, or with foreign characters). Ask the sender to "                                        \
      "send it again.")                                                                                                                           \
    X(PACKAGE_NAME_PATH,                                                                                                                          \
      "Tên tệp “{1}” của {0} không dùng được: tên không được chứa / \\ .. hoặc ký tự điều khiển, đảo "        \
      "chiều.",                                                                                                                                   \
      "The file name \"{1}\" of {0} cannot be used: a name has no / \\ .. and no control or "                                                     \
      "direction-changing characters.")                                                                                                           \
    X(PACKAGE_ATTACHMENT_LIMIT, "Tệp đính kèm {0} lớn hơn giới hạn {1} byte.",                                                                    \
      "The attachment {0} is larger than the limit of {1} bytes.")                                                                                \
    X(PACKAGE_ATTACHMENTS_LIMIT, "Các tệp đính kèm cộng lại lớn hơn giới hạn {0} byte.",                                                          \
      "The attachments together are larger than the limit of {0} bytes.")                                                                         \
    X(PACKAGE_PDF_IS_ZIP,                                                                                                                         \
      "Tệp {0} khai là PDF nhưng nội dung là ZIP, và ZIP đó không phải vỏ bọc một tệp duy nhất: có {1} "                  \
      "tệp.",                                                                                                                                     \
      "The file {0} claims to be a PDF but is a ZIP, and not one that wraps a single file: it has {1}.")                                          \
    X(PACKAGE_PDF_DAMAGED,                                                                                                                        \
      "Tệp PDF {0} đã hỏng khi truyền: byte nhị phân bị thay bằng U+FFFD. Hãy đề nghị bên gửi gửi lại "               \
      "(trạng thái 02).",                                                                                                                         \
      "The PDF {0} was damaged on its way: binary bytes were replaced by U+FFFD. Ask the sender to send it "                                      \
      "again (status 02).")                                                                                                                       \
    X(PACKAGE_NOT_PDF, "Tệp {0} khai là PDF nhưng nội dung không phải PDF.",                                                                      \
      "The file {0} claims to be a PDF but is none.")                                                                                             \
    X(PACKAGE_NOT_ZIP, "Tệp {0} khai là ZIP nhưng nội dung là {1}.",                                                                              \
      "The file {0} claims to be a ZIP but is {1}.")                                                                                              \
    X(PACKAGE_ZIP_MANY, "Tệp {0} được bọc trong ZIP có {1} tệp; vỏ bọc chỉ được chứa đúng một tệp.",                                              \
      "The file {0} is wrapped in a ZIP of {1} files; a wrapper holds exactly one.")                                                              \
    X(PACKAGE_ZIP_BROKEN, "Tệp ZIP bọc {0} bị hỏng: {1}.", "The ZIP that wraps {0} is broken: {1}.")                                              \
    X(PACKAGE_ZIP_BOMB, "Tệp ZIP bọc {0} phình quá giới hạn (gấp {1} lần hoặc {2} byte).",                                                        \
      "The ZIP that wraps {0} swells beyond the limit ({1} times, or {2} bytes).")                                                                \
    X(PACKAGE_CONTENT_CHANGED, "Tệp {0} thay đổi trong khi đang đọc. Hãy thử lại.",                                                               \
      "The file {0} changed while it was read. Try again.")                                                                                       \
    /* a header of ours that cannot be sent */                                                                                                    \
    X(HEADER_MISSING, "Thiếu {0} trong thông tin văn bản. Hãy bổ sung rồi thử lại.",                                                              \
      "The header lacks {0}. Add it and try again.")                                                                                              \
    X(HEADER_MEMBER, "{0} trong thông tin văn bản không đúng: “{1}”; cần {2}.",                                                                   \
      "{0} of the header is not right: \"{1}\"; expected {2}.")                                                                                   \
    X(HEADER_UNKNOWN, "Thông tin văn bản không có mục “{0}”.", "The header knows no member \"{0}\".")                                             \
    X(HEADER_UNKNOWN_NEAR, "Thông tin văn bản không có mục “{0}”. Có phải ý bạn là “{1}”?",                                                       \
      "The header knows no member \"{0}\". Did you mean \"{1}\"?")                                                                                \
    X(HEADER_ONLY_STATUS,                                                                                                                         \
      "Mục “{0}” chỉ có trong gói tin trạng thái; hãy thêm \"kind\": \"status\" hoặc bỏ mục này.",                                                \
      "Only a status has the member \"{0}\"; add \"kind\": \"status\" or leave it out.")                                                          \
    /* blobs */                                                                                                                                   \
    X(BLOB_MISSING, "Kho tệp không có nội dung {0}. Hãy khôi phục từ bản sao lưu.",                                                               \
      "The blob {0} is not in the store. Restore it from a backup.")                                                                              \
    X(BLOB_DAMAGED, "Nội dung {0} trong kho tệp không còn nguyên vẹn. Hãy khôi phục từ bản sao lưu.",                                             \
      "The blob {0} is not what its name says. Restore it from a backup.")                                                                        \
    X(BLOB_UNWRITABLE, "Không ghi được vào kho tệp {0}. Hãy kiểm tra đĩa.",                                                                       \
      "The blob store {0} does not take writes. Check the disk.")                                                                                 \
    /* deviations: taken, but named */                                                                                                            \
    X(DEVIATION_BOM, "Gói tin bắt đầu bằng dấu BOM UTF-8.",                                                                                       \
      "The package begins with a UTF-8 byte order mark.")                                                                                         \
    X(DEVIATION_DECLARATION, "Gói tin không có khai báo XML.", "The package has no XML declaration.")                                             \
    X(DEVIATION_NAMESPACE, "{0} thuộc không gian tên “{1}” thay vì {2}.",                                                                         \
      "{0} is in the namespace \"{1}\" instead of {2}.")                                                                                          \
    X(DEVIATION_ELEMENT, "{0}: QCVN 102:2016 không có phần tử này; nội dung bị bỏ qua.",                                                          \
      "{0}: QCVN 102:2016 knows no such element; its content is left out.")                                                                       \
    X(DEVIATION_TEXT, "{0} có chữ “{1}” nằm giữa các phần tử; bị bỏ qua.",                                                                        \
      "{0} has the text \"{1}\" between its elements; it is left out.")                                                                           \
    X(DEVIATION_ORDER, "{0} đứng sai thứ tự.", "{0} stands out of order.")                                                                        \
    X(DEVIATION_MANIFEST_NAME, "{0} được dùng thay cho edXMLManifest.",                                                                           \
      "{0} is used instead of edXMLManifest.")                                                                                                    \
    X(DEVIATION_PAPER_PLACE, "{0} đứng ngoài Bussiness.", "{0} stands outside Bussiness.")                                                        \
    X(DEVIATION_MISSING, "Thiếu {0}.", "{0} is missing.")                                                                                         \
    X(DEVIATION_EMPTY, "{0} rỗng; bị bỏ qua.", "{0} is empty; it is left out.")                                                                   \
    X(DEVIATION_LENGTH, "{0} dài {1} ký tự; tối đa {2}.", "{0} is {1} characters long; at most {2}.")                                             \
    X(DEVIATION_NUMBER, "{0} là “{1}”, không phải số; bị bỏ qua.",                                                                                \
      "{0} is \"{1}\", not a number; it is left out.")                                                                                            \
    X(DEVIATION_VALUE, "{0} là “{1}”; QCVN 102:2016 chỉ biết {2}.",                                                                               \
      "{0} is \"{1}\"; QCVN 102:2016 knows {2} only.")                                                                                            \
    X(DEVIATION_DATE, "{0} là “{1}”, không theo dạng {2}; bị bỏ qua.",                                                                            \
      "{0} is \"{1}\", not of the form {2}; it is left out.")                                                                                     \
    X(DEVIATION_CODE, "{0} là “{1}”, không theo dạng mã định danh nào của pháp luật.",                                                            \
      "{0} is \"{1}\", which has no lawful form of an agency code.")                                                                              \
    X(DEVIATION_CODE_DROPPED, "{0} là “{1}”, không phải mã định danh; bị bỏ qua.",                                                                \
      "{0} is \"{1}\", not an agency code; it is left out.")                                                                                      \
    X(DEVIATION_RECIPIENT_TWICE, "{0}: cơ quan {1} đã có trong danh sách nơi nhận.",                                                              \
      "{0}: the agency {1} is among the recipients already.")                                                                                     \
    X(DEVIATION_TARGET, "{0} không nói rõ văn bản nào bị {1}.",                                                                                   \
      "{0} does not say which document is meant by the {1}.")                                                                                     \
    X(DEVIATION_CONTENT_ID, "{0} là “{1}”; ContentId có dạng cid:… một lần.",                                                                     \
      "{0} is \"{1}\"; a ContentId is cid:… once.")                                                                                               \
    X(DEVIATION_CONTENT_ID_TWICE, "{0}: ContentId {1} đã được tệp khác dùng.",                                                                    \
      "{0}: another file has the ContentId {1} already.")                                                                                         \
    X(DEVIATION_UNREFERENCED, "{0} ({1}) không có trong edXMLManifest.",                                                                          \
      "{0} ({1}) is not in edXMLManifest.")                                                                                                       \
    X(DEVIATION_UNATTACHED, "{0} nói đến tệp {1} không có trong gói tin.",                                                                        \
      "{0} names the file {1}, which is not in the package.")                                                                                     \
    X(DEVIATION_REFERENCE, "{0} là “{1}” nhưng tệp đính kèm ghi “{2}”.",                                                                          \
      "{0} is \"{1}\", but the attachment says \"{2}\".")                                                                                         \
    X(DEVIATION_NAMELESS, "{0} không có tên tệp; được đặt là {1}.",                                                                               \
      "{0} has no file name; it is called {1}.")                                                                                                  \
    X(DEVIATION_CONTENT_EMPTY, "{0} ({1}) không có nội dung.", "{0} ({1}) has no content.")                                                       \
    X(DEVIATION_CONTENT_TYPE, "{0} khai là {1} nhưng nội dung là {2}.",                                                                           \
      "{0} declares {1} but the content is {2}.")

TEXTS_DECLARE(PACKAGE_TEXTS)
extern const struct text *const package_texts[];
