/* The sentences about XML signatures. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define XADES_TEXTS(X) \
    /* EN 319 102-1, 5.2.2: format checking */ \
    X(XML_UNEXPECTED, "Chữ ký XML có phần không được phép ({0}). Đừng tin nội dung này; hãy xin lại bản gốc từ nơi phát hành.", \
      "The XML signature holds something that has no place there ({0}). Do not rely on it; ask the issuer for the original.") \
    X(XML_HMAC, "Đây không phải chữ ký mà chỉ là mã xác thực ({0}): ai kiểm tra được nó cũng tự tạo ra được nó. Hãy yêu cầu nơi gửi ký bằng chứng thư.", \
      "This is no signature but a message authentication code ({0}): whoever can check it could have made it. Ask the sender to sign with a certificate.") \
    X(XML_TRUNCATED, "Chữ ký yêu cầu chỉ kiểm tra một phần giá trị của nó (HMACOutputLength). Đừng tin nội dung này.", \
      "The signature asks for only a part of its value to be checked (HMACOutputLength). Do not rely on it.") \
    X(XML_TOO_MANY_REFERENCES, "Chữ ký nhắc tới hơn {0} phần dữ liệu, nhiều hơn mức có thể kiểm tra.", \
      "The signature refers to more than {0} pieces of data, more than can be checked.") \
    /* 5.2.3: identification of the signing certificate */ \
    X(XML_KEY_ONLY, "Chữ ký đúng với khóa đi kèm, nhưng không có chứng thư nào cho biết khóa đó của ai. Hãy xin chứng thư của người ký.", \
      "The signature fits the key that comes with it, but no certificate says whose key that is. Ask for the signer's certificate.") \
    X(XML_SIGNER_UNPROVEN, "Chữ ký đúng với chứng thư đi kèm, nhưng người ký đã ghi một chứng thư khác là của mình.", \
      "The signature fits the certificate that comes with it, but its signer has named another one as theirs.") \
    X(XML_KEY_ELSEWHERE, "Chứng thư của người ký ở ngoài tài liệu ({0}) và không được lấy về. Hãy xin chứng thư từ nơi gửi.", \
      "The signer's certificate stands outside the document ({0}) and is not fetched. Ask the sender for it.") \
    /* 5.2.7: cryptographic verification */ \
    X(XML_REFERENCE_DIFFERS, "Nội dung đã bị thay đổi sau khi ký: phần “{0}” không còn như lúc ký.", \
      "The content was changed after it was signed: “{0}” is no longer what was signed.") \
    X(XML_FILE_MISSING, "Chữ ký bảo vệ tệp “{0}” không nằm trong tài liệu này. Hãy đưa tệp đó vào cùng (--content).", \
      "The signature protects the file “{0}”, which is not in this document. Hand it in beside it (--content).") \
    X(XML_TARGET_MISSING, "Phần mà chữ ký bảo vệ ({0}) không có trong tài liệu. Có thể nó đã bị lấy đi; hãy xin lại bản gốc.", \
      "What the signature protects ({0}) is not in the document. It may have been taken away; ask for the original.") \
    X(XML_NOTHING_FETCHED, "Chữ ký nhắc tới dữ liệu trên mạng hoặc trên máy khác ({0}). Dữ liệu đó không được lấy về.", \
      "The signature refers to data on a network or another machine ({0}). Nothing is fetched.") \
    /* xml-c14n, 2.1: comments are not signed */ \
    X(XML_COMMENT_SPLITS, "Trong {0} có chú thích chen vào giữa nội dung mà chữ ký không bảo vệ. Đừng tin nội dung này; hãy xin lại bản gốc.", \
      "A comment that the signature does not protect stands inside the text of {0}. Do not rely on it; ask for the original.") \
    /* xmldsig-core1, 5.1: a manifest lists further references */ \
    X(XML_MANIFEST_DIFFERS, "Danh mục đã ký có phần “{0}” không còn như lúc ký.", \
      "The signed manifest lists “{0}”, which is no longer what was signed.") \
    X(XML_MANIFEST_MISSING, "Danh mục đã ký có phần “{0}” không kiểm tra được vì không có ở đây.", \
      "The signed manifest lists “{0}”, which could not be checked: it is not here.") \
    X(XML_MANIFEST_UNREAD, "Danh mục đã ký có phần không kiểm tra được ({0}).", \
      "The signed manifest lists something that cannot be checked ({0}).") \
    /* EN 319 132-1 */ \
    X(XADES_POLICY_NOT_READ, "Chữ ký nêu một chính sách chữ ký riêng ({0}); việc kiểm tra theo chính sách của hệ thống này.", \
      "The signature names a signature policy of its own ({0}); it was judged by the policy of this system.") \
    X(XADES_COUNTERSIGNS_NOTHING, "Chữ ký xác nhận này không xác nhận chữ ký mà nó đi kèm. Đừng tin nó.", \
      "This counter-signature does not confirm the signature it stands in. Do not rely on it.") \
    X(XADES_TARGET_NOBODY, "Thuộc tính XAdES ghi rằng chúng thuộc về một chữ ký không có trong tài liệu; chúng được chính chữ ký này bảo vệ.", \
      "The XAdES properties say that they belong to a signature that is not there; this one protects them.") \
    X(XADES_TYPE_LIES, "Phần “{0}” mà chữ ký bảo vệ không nằm ở chỗ chữ ký nói. Đừng tin nội dung này; hãy xin lại bản gốc.", \
      "“{0}”, which the signature protects, does not stand where the signature says. Do not rely on it; ask for the original.")
/* clang-format on */

TEXTS_DECLARE(XADES_TEXTS)
extern const struct text *const xades_texts[];
