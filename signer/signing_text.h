/* The sentences about signing any file: CAdES and containers. Beside each stands the rule. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define SIGNING_TEXTS(X) \
    X(SIGNING_EMPTY, "Tệp rỗng, không có gì để ký.", "The file is empty: there is nothing to sign.") \
    /* EN 319 122-1, EN 319 162-1: what is there is one signature; further ones stand beside it in the same CMS or container */ \
    X(SIGNING_CMS_ALREADY, "Tệp này đã là chữ ký CMS; chưa hỗ trợ thêm chữ ký thứ hai vào đó. Hãy ký chính tài liệu gốc.", \
      "This file is a CMS signature already, and a second one cannot be added to it. Sign the document itself.") \
    X(SIGNING_CONTAINER_ALREADY, "Gói này đã có chữ ký; chưa hỗ trợ thêm chữ ký thứ hai vào đó. Hãy lấy tài liệu trong gói ra rồi ký.", \
      "This container is signed already, and a second signature cannot be added to it. Take the document out and sign that.") \
    X(SIGNING_PACKAGING, "Định dạng chữ ký {0} không có kiểu đóng gói này. Hãy bỏ tùy chọn packaging để tự chọn.", \
      "The signature format {0} does not have this packaging. Leave the packaging out to have it chosen.") \
    X(SIGNING_ATTACHED_LARGE, "Tệp cùng chữ ký lớn hơn {0} MB nên không đặt được vào trong chữ ký. Hãy ký tách rời (packaging detached).", \
      "The file and its signature are larger than {0} MB, too large for a signature around it. Sign it detached.") \
    X(SIGNING_CONTAINER_LARGE, "Tệp lớn hơn {0} MB nên không đặt được vào gói. Hãy ký tách rời (cades, packaging detached).", \
      "The file is larger than {0} MB, too large for a container. Sign it detached (cades).") \
    /* EN 319 162-1, 4.2, A.1: META-INF and mimetype are the container's own; APPNOTE.TXT, 4.4.17.1 */ \
    X(SIGNING_NAME, "Tên tệp {0} không dùng được trong gói. Hãy đổi tên tệp trước khi ký.", \
      "The file name {0} cannot be used in a container. Rename the file before signing.")
/* clang-format on */

TEXTS_DECLARE(SIGNING_TEXTS)
extern const struct text *const signing_texts[];
