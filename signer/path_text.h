/* The sentences about certification paths. Beside each refusal stands the rule it enforces. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define PATH_TEXTS(X) \
    /* RFC 5280, 6.1.3 (b) and (c), 4.2.1.10 */ \
    X(PATH_NAMES, "Tên trong chứng thư {0} nằm ngoài phạm vi mà nơi cấp cấp trên cho phép (nameConstraints).", \
      "The certificate {0} bears names that an authority above it does not permit (nameConstraints).") \
    /* RFC 5280, 6.1.3 (f), 6.1.5 (g) */ \
    X(PATH_POLICY, "Đường dẫn chứng thư không có chính sách chứng thư nào được chấp nhận (certificatePolicies).", \
      "The certificate path has no certificate policy in common that is accepted (certificatePolicies).") \
    /* RFC 5280, 6.1.4 (a) */ \
    X(PATH_MAPPING, "Chứng thư {0} ánh xạ chính sách không hợp lệ (policyMappings).", "The certificate {0} maps policies in a way that is not allowed (policyMappings).") \
    /* RFC 5280, 6.1.4 (o), 6.1.5 (f) */ \
    X(PATH_EXTENSION, "Chứng thư {0} có phần mở rộng bắt buộc mà chương trình này không hiểu ({1}).", \
      "The certificate {0} has a critical extension that this program does not understand ({1}).") \
    /* RFC 5280, 4.2: at most one of each */ \
    X(PATH_EXTENSIONS_BROKEN, "Các phần mở rộng của chứng thư {0} bị lặp hoặc hỏng.", "The extensions of the certificate {0} are repeated or broken.") \
    /* RFC 5280, 6.1.4 (l) and (m) */ \
    X(PATH_TOO_LONG, "Đường dẫn chứng thư dài hơn mức mà {0} cho phép (pathLenConstraint).", "The certificate path is longer than {0} permits (pathLenConstraint).") \
    /* RFC 5280, 6.1.4 (n) */ \
    X(PATH_CERT_SIGN, "{0} không được cấp để ký chứng thư (keyUsage).", "{0} was not issued for signing certificates (keyUsage).") \
    X(PATH_CRL_SIGN, "Chứng thư {0} không được cấp để ký danh sách thu hồi (keyUsage).", "The certificate {0} was not issued for signing revocation lists (keyUsage).") \
    /* RFC 6960, 4.2.2.2 */ \
    X(PATH_OCSP_PURPOSE, "Chứng thư {0} không được cấp để trả lời OCSP (extKeyUsage).", "The certificate {0} was not issued for answering OCSP (extKeyUsage).") \
    /* RFC 5280, 6.1.3 (a) (1), where the key's parameters come from further up */ \
    X(PATH_SIGNATURE, "Chữ ký trên chứng thư {0} không do nơi cấp của nó tạo ra.", "The signature on the certificate {0} was not made by its issuer.") \
    /* EN 319 102-1, 5.2.6.4: what the anchor is trusted for */ \
    X(PATH_ANCHOR_USE, "Gốc {0} được tin, nhưng không phải cho việc này.", "The root {0} is trusted, but not for this.")
/* clang-format on */

TEXTS_DECLARE(PATH_TEXTS)
extern const struct text *const path_texts[];
