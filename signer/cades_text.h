/* The sentences about CMS and CAdES signatures and timestamp tokens. Beside each stands the rule. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define CADES_TEXTS(X) \
    /* EN 319 122-1, 5.2 */ \
    X(CADES_ATTRIBUTE_DEVIATES, "Thuộc tính {0} bị lặp, thừa hoặc sai quy cách (EN 319 122-1, 5.2)", \
      "The attribute {0} is repeated, out of place or malformed (EN 319 122-1, 5.2)") \
    X(CADES_ATTRIBUTES_UNORDERED, "Các thuộc tính được ký không theo thứ tự DER (RFC 5652, 5.4)", \
      "The signed attributes are not in DER's order (RFC 5652, 5.4)") \
    X(CADES_TWO_DIGESTS, "Nội dung và các thuộc tính được băm bằng hai thuật toán khác nhau (RFC 8933, 3)", \
      "Content and attributes are digested with two different algorithms (RFC 8933, 3)") \
    /* RFC 5652, 5.4 */ \
    X(CADES_ATTRIBUTES_AS_CONTENT, "Nội dung là các thuộc tính lấy ra từ một chữ ký khác: người ký chưa hề ký nội dung này.", \
      "The content is the attributes of another signature, taken out of it: the signer never signed this content.") \
    /* EN 319 102-1, 5.2.7.4: SIGNED_DATA_NOT_FOUND */ \
    X(CADES_CONTENT_ABSENT, "Chữ ký đứng riêng, chưa có nội dung được ký để đối chiếu. Hãy đưa kèm tệp đó (--content).", \
      "The signature stands apart and what it signs is not here. Hand that file in too (--content).") \
    /* what this verifier leaves out, said */ \
    X(CADES_POLICY_NAMED, "Chữ ký nêu chính sách ký {0}, không được xét ở đây.", \
      "The signature names the signature policy {0}, which is not judged here.") \
    X(CADES_EVIDENCE_RECORD, "Bản ghi bằng chứng (RFC 4998) trong chữ ký không được xét.", \
      "The evidence record (RFC 4998) in the signature is not judged.") \
    X(CADES_STAMPS_MANY, "Chữ ký có hơn {0} dấu thời gian; số còn lại không được xét.", \
      "The signature has more than {0} timestamps; the others are not judged.") \
    X(CADES_STAMP_UNREAD, "Dấu thời gian này thuộc dạng không kiểm tra được.", \
      "This timestamp is of a form that cannot be checked.") \
    X(CADES_TOO_LARGE, "Chữ ký cùng nội dung bên trong lớn hơn {0} MB, nhiều hơn mức có thể kiểm tra.", \
      "The signature and its content are larger than {0} MB, more than can be checked.") \
    X(CADES_NOT_BASE64, "Tệp chữ ký không phải base64 hợp lệ.", "The signature file is not valid base64.") \
    X(CADES_TOO_DEEP, "Chữ ký xác nhận lồng nhau quá {0} tầng.", "Counter-signatures are nested more than {0} deep.") \
    /* timestamp tokens: RFC 3161, 2.4; RFC 5816 */ \
    X(STAMP_NOT_BOUND, "Dấu thời gian không ghi dấu chứng thư của nơi đóng dấu.", \
      "The timestamp does not name its authority's certificate (signing-certificate attribute).") \
    X(STAMP_OF_OTHER, "Dấu thời gian được đóng cho dữ liệu khác.", "The timestamp is about other data.")
/* clang-format on */

TEXTS_DECLARE(CADES_TEXTS)
extern const struct text *const cades_texts[];
