/* The sentences of vanthu trust. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define TRUST_COMMAND_TEXTS(X) \
    X(TRUST_NO_PLACE, "Không biết thư mục tin cậy ở đâu. Hãy ghi --dir.", "Where the directory of trust is cannot be known. Say it with --dir.") \
    X(TRUST_EMPTY, "{0} chưa có chứng thư nào được tin. Hãy thêm bằng vanthu trust import.", "{0} holds nothing that is trusted yet. Add some with vanthu trust import.") \
    X(TRUST_ASK, "Chưa nhập gì. So dấu vân tay với nơi công bố, rồi chạy lại với --fingerprint (hoặc --yes nếu đã so).", \
      "Nothing was imported. Compare the fingerprint with where it is published, then run again with --fingerprint (or --yes when you have).") \
    X(TRUST_FINGERPRINT, "Dấu vân tay của {0} không phải là dấu đã ghi. Không nhập.", "The fingerprint of {0} is not the one that was given. Nothing was imported.") \
    X(TRUST_NAME, "{0} không dùng làm tên được: chỉ chữ, số, dấu chấm, gạch nối.", "{0} is no usable name: letters, digits, dots and dashes alone.") \
    X(TRUST_ONE, "Với --name, --url, --signer chỉ nhập một tệp mỗi lần.", "With --name, --url or --signer, import one file at a time.") \
    X(TRUST_KNOWN, "Đã có {0} trong thư mục tin cậy. Chọn tên khác bằng --name.", "{0} is in the directory of trust already. Choose another name with --name.") \
    X(TRUST_KIND, "{0} không phải chứng thư, danh sách thu hồi hay danh sách tin cậy.", "{0} is no certificate, revocation list or trusted list.") \
    X(TRUST_SIGNER_NEEDED, "{0} là danh sách tin cậy: hãy ghi chứng thư của người ký nó bằng --signer.", "{0} is a trusted list: say whose signature it must bear with --signer.") \
    X(TRUST_NOTHING_TO_UPDATE, "Không có mục nào trong {0} ghi địa chỉ (url) để tải bản mới.", "Nothing in {0} names an address (url) for its successors.") \
    X(TRUST_HTTP, "{0} trả lời HTTP {1} thay vì gửi tệp.", "{0} answers HTTP {1} instead of the file.") \
    X(TRUST_ROLLBACK, "{0} ở máy chủ cũ hơn bản đang có; giữ nguyên bản đang có.", "{0} on the server is older than the copy at hand, which stays.") \
    X(TRUST_BAD_CRL, "{0} không phải danh sách thu hồi do nơi cấp của bản đang có ký.", "{0} is no revocation list signed by the issuer of the copy at hand.") \
    X(TRUST_BUNDLE_SIGNER, "Chưa biết gói tin cậy phải do ai ký. Hãy ghi chứng thư của nơi lập gói bằng --signer (chỉ cần lần đầu).", \
      "Whose signature a bundle must bear is not known yet. Give its maker's certificate with --signer (the first time only).")
/* clang-format on */

TEXTS_DECLARE(TRUST_COMMAND_TEXTS)
extern const struct text *const trust_command_texts[];
