/* The sentences of reports that are not reasons. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define REPORT_TEXTS(X) \
    X(REPORT_PROVED, "được chứng minh là có từ {0}", "proved to exist since {0}") \
    X(REPORT_CONFIRMS, "xác nhận chữ ký số {0}", "confirms signature {0}") \
    X(REPORT_STAMP, "dấu thời gian của tài liệu", "timestamp of the document") \
    X(REPORT_TREE, "hệ thống tin cậy: {0}", "tree of trust: {0}") \
    X(REPORT_STAMPED, "Dấu thời gian {0}, {1}: {2}", "Timestamp {0}, {1}: {2}") \
    X(REPORT_CHECKS, "Các bước kiểm tra:", "The checks:") \
    X(REPORT_REVISIONS, "Các phiên bản của tài liệu:", "The revisions of the document:") \
    X(REPORT_REVISION_LINE, "Phiên bản {0} ({1} byte): {2}", "Revision {0} ({1} bytes): {2}") \
    X(REPORT_PROFILE_MET, "Đúng yêu cầu về chữ ký của {0}.", "Signed as {0} must be.") \
    X(REPORT_PROFILE_NOT_MET, "CHƯA ĐÚNG yêu cầu về chữ ký của {0}.", "NOT signed as {0} must be.") \
    X(REPORT_TITLE, "KẾT QUẢ KIỂM TRA CHỮ KÝ SỐ", "Result of checking digital signatures") \
    X(REPORT_CHECKED, "Kiểm tra lúc {0} (giờ Việt Nam), theo chính sách: {1}. Tệp được kiểm tra có giá trị băm:", \
      "Checked at {0} (Vietnam time) by the policy: {1}. The file that was checked has the digest:") \
    X(DRAWING_AWAY, "Máy này chưa có thư viện vẽ trang (pango). Hãy cài gói libpangocairo-1.0-0.", \
      "This machine lacks the library that draws pages (pango). Install the package libpangocairo-1.0-0.") \
    /* what a revision did */ \
    X(REVISION_DID_SIGNATURE, "thêm chữ ký", "signed") \
    X(REVISION_DID_TIMESTAMP, "thêm dấu thời gian", "timestamped") \
    X(REVISION_DID_VALIDATION_DATA, "thêm dữ liệu kiểm tra", "validation data added") \
    X(REVISION_DID_FORM, "điền biểu mẫu", "form filled in") \
    X(REVISION_DID_ANNOTATION, "thêm chú thích", "annotated") \
    X(REVISION_DID_METADATA, "sửa thông tin mô tả", "metadata changed") \
    X(REVISION_DID_OTHER, "sửa nội dung khác", "other content changed") \
    X(REVISION_DID_NOTHING, "bản được ký đầu tiên", "the first that was signed")
/* clang-format on */

TEXTS_DECLARE(REPORT_TEXTS)
extern const struct text *const report_texts[];
