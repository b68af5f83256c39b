/* The sentences about anchors, trusted lists and bundles. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define TRUST_TEXTS(X) \
    /* the trees that are known by name */ \
    X(TREE_CONG_VU, "chữ ký số chuyên dùng công vụ (Ban Cơ yếu Chính phủ)", "official-duty signatures (Government Cipher Committee)") \
    X(TREE_CONG_CONG, "chữ ký số công cộng (tổ chức chứng thực điện tử quốc gia)", "public signatures (the national root)") \
    /* anchors.conf */ \
    X(TRUST_NO_FILE, "{0} nói về tệp {1}, nhưng thư mục không có tệp đó. Hãy chép lại tệp, hoặc xóa mục ấy.", \
      "{0} speaks of the file {1}, which is not in the directory. Put it back, or remove its section.") \
    X(TRUST_WORD, "Trong {0}, {1} không hiểu được {2}. Hãy xem docs/operating.md, phần tin cậy.", \
      "In {0}, {1} does not take {2}. See docs/operating.md, on trust.") \
    X(TRUST_TOO_MANY, "Có hơn {0} chứng thư được tin, nhiều hơn mức có thể dùng.", "More than {0} certificates are trusted, more than can be used.") \
    /* ETSI TS 119 612 */ \
    X(LIST_UNPINNED, "{0} là danh sách tin cậy: chỉ dùng được khi biết ai ký nó. Hãy dùng vanthu trust import --signer.", \
      "{0} is a trusted list: it counts only when its signer is known. Use vanthu trust import --signer.") \
    X(LIST_MALFORMED, "Danh sách tin cậy không đúng ETSI TS 119 612 (tại {0}).", "The trusted list does not follow ETSI TS 119 612 (at {0}).") \
    /* TS 119 612, 5.7.1: signed as a whole, by somebody who is known */ \
    X(PINNED_UNSIGNED, "{0} không được ký trọn vẹn bởi chứng thư đã ghim.", "{0} is not signed as a whole by a pinned certificate.") \
    X(PINNED_BROKEN, "{0} đã bị sửa sau khi ký, hoặc chữ ký bị hỏng.", "{0} was changed after it was signed, or its signature is broken.") \
    /* TS 119 612, 5.3.15 */ \
    X(LIST_EXPIRED, "Danh sách tin cậy {0} lẽ ra đã được thay ngày {1}. Vẫn dùng bản này; hãy chạy vanthu trust update.", \
      "The trusted list {0} was to be replaced on {1}. This copy is used still; run vanthu trust update.") \
    /* the offline bundle */ \
    X(BUNDLE_MALFORMED, "Tệp không phải gói tin cậy ngoại tuyến đúng quy cách (tại {0}).", "The file is no well-formed offline bundle (at {0}).") \
    X(BUNDLE_NAME, "Gói tin cậy có tệp tên {0}, không hợp lệ hoặc bị lặp.", "The bundle has a file named {0}, which is not allowed or stands twice.") \
    X(BUNDLE_TOO_LARGE, "Gói tin cậy quá lớn (tối đa 22 MB và 1024 tệp).", "The bundle is too large (22 MB and 1024 files at most).") \
    X(BUNDLE_OLDER, "Gói tin cậy số {0} cũ hơn gói đang dùng (số {1}). Thêm --force nếu thật sự muốn quay lại.", \
      "The bundle {0} is older than the one in force ({1}). Add --force if you really want to go back.")
/* clang-format on */

TEXTS_DECLARE(TRUST_TEXTS)
extern const struct text *const trust_texts[];
