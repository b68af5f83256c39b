/* The sentences of policies and profiles. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define POLICY_TEXTS(X) \
    X(POLICY_UNKNOWN, "Không có chính sách kiểm tra nào tên {0}, cũng không có tệp nào như vậy. Có sẵn: {1}.", \
      "There is no validation policy named {0}, and no such file. Built in: {1}.") \
    X(POLICY_VALUE, "Tệp chính sách: mục {0} không nhận giá trị {1}. Dùng: {2}.", \
      "The policy file: {0} does not take the value {1}. Use: {2}.") \
    X(POLICY_DAMAGED, "Bản sao chính sách kiểm tra bị hỏng. Hãy khởi động lại dịch vụ.", \
      "The copy of the validation policy is damaged. Restart the service.") \
    /* Nghị định 30/2020/NĐ-CP, annex I, II.7 and II.8: signature of the competent person, then the agency's seal */ \
    X(PROFILE_SIGNER_MISSING, "Theo loại tài liệu {0}, còn thiếu chữ ký số hợp lệ của {1}.", \
      "For a document of the kind {0}, the valid signature of {1} is missing.") \
    X(PROFILE_ORDER, "Theo loại tài liệu {0}, chữ ký của {1} phải có trước chữ ký sau nó.", \
      "For a document of the kind {0}, the signature of {1} must come before the next.") \
    /* Nghị định 68/2024/NĐ-CP: signatures for official duty come from the civil-service tree */ \
    X(PROFILE_TREE, "Theo loại tài liệu {0}, chứng thư của {1} phải thuộc hệ thống {2}.", \
      "For a document of the kind {0}, the certificate of {1} must belong to the tree {2}.") \
    X(PROFILE_MET, "Đủ chữ ký theo loại tài liệu {0}.", "All signatures that a document of the kind {0} needs are there.") \
    /* EN 319 102-1, 5.2.8: signature acceptance */ \
    X(POLICY_LEVEL, "Chữ ký ở mức {0}, chính sách kiểm tra đòi mức {1}.", \
      "The signature is of level {0}; the validation policy wants {1}.") \
    X(POLICY_UNBOUND, "Chữ ký không ghi dấu chứng thư của người ký, chính sách kiểm tra không chấp nhận.", \
      "The signature does not bind its signer's certificate, which the validation policy does not accept.")
/* clang-format on */

TEXTS_DECLARE(POLICY_TEXTS)
extern const struct text *const policy_texts[];
