/* The sentences about what later revisions did to a signed document, beside those of pdf_text.h: what was
 * refused, and what was allowed but must be said. {0} is the revision. */
#pragma once

#include "base/error.h"

#define PDF_CHANGE_ASK_VI " Đừng tin nội dung này; hãy xin lại bản gốc từ nơi phát hành."
#define PDF_CHANGE_ASK_EN " Do not rely on it; ask the issuer for the original."
#define PDF_CHANGE_SEE_VI " Chữ ký không bảo đảm phần đó; hãy xem bản mà người ký đã thấy."
#define PDF_CHANGE_SEE_EN " The signature does not vouch for that; look at the revision that was signed."

// clang-format off
#define PDF_CHANGE_TEXTS(X) \
    /* ISO 32000-2, 12.8.2.2.2, table 257: what P does not permit */ \
    X(PDF_FORBIDDEN_FORM, "Bản {0} điền biểu mẫu dù chữ ký {2} không cho phép (DocMDP)." PDF_CHANGE_ASK_VI, \
      "Revision {0} fills in the form although the signature {2} does not permit it (DocMDP)." PDF_CHANGE_ASK_EN) \
    X(PDF_FORBIDDEN_ANNOTATION, "Bản {0} thêm hoặc sửa chú thích dù chữ ký {2} không cho phép (DocMDP)." PDF_CHANGE_ASK_VI, \
      "Revision {0} changes annotations although the signature {2} does not permit it (DocMDP)." PDF_CHANGE_ASK_EN) \
    X(PDF_FORBIDDEN_METADATA, "Bản {0} đổi thông tin mô tả dù chữ ký {2} đã cấm mọi thay đổi (DocMDP)." PDF_CHANGE_ASK_VI, \
      "Revision {0} changes the description of the document although the signature {2} forbids every change (DocMDP)." PDF_CHANGE_ASK_EN) \
    /* 12.8.2.4, tables 236 and 258 */ \
    X(PDF_FIELD_LOCKED, "Bản {0} thay đổi trường {1} mà chữ ký {2} đã khóa." PDF_CHANGE_ASK_VI, \
      "Revision {0} changes the field {1}, which the signature {2} has locked." PDF_CHANGE_ASK_EN) \
    X(PDF_TOO_MANY_LOCKED, "Chữ ký khóa hơn {0} trường biểu mẫu.", "The signature locks more than {0} form fields.") \
    X(PDF_FACE_CHANGED, "Bản {0} đổi hình của trường {2} (đối tượng {1}) trong khi giá trị vẫn như cũ." PDF_CHANGE_ASK_VI, \
      "Revision {0} changes how the field {2} looks (object {1}) while its value stays the same." PDF_CHANGE_ASK_EN) \
    X(PDF_FACE_COVERS, "Bản {0} che phần lớn trang bằng hình của đối tượng {1} ({2})." PDF_CHANGE_ASK_VI, \
      "Revision {0} covers most of a page with what object {1} shows ({2})." PDF_CHANGE_ASK_EN) \
    X(PDF_FACE_CERTIFIED, "Bản {0} thêm ô chữ ký nhìn thấy được (đối tượng {1}, {2}) vào tài liệu đã chứng nhận." PDF_CHANGE_ASK_VI, \
      "Revision {0} adds a visible signature field (object {1}, {2}) to a certified document." PDF_CHANGE_ASK_EN) \
    X(PDF_NOTE_HIDES, "Bản {0} thêm hoặc sửa chú thích loại {2} (đối tượng {1}), loại có thể che hoặc giả nội dung." PDF_CHANGE_ASK_VI, \
      "Revision {0} changes an annotation of the kind {2} (object {1}), which can hide or imitate content." PDF_CHANGE_ASK_EN) \
    X(PDF_METADATA_BOGUS, "Bản {0} thay dữ liệu mô tả (đối tượng {1}) bằng thứ không phải XMP." PDF_CHANGE_ASK_VI, \
      "Revision {0} puts something else than XMP in place of the metadata (object {1})." PDF_CHANGE_ASK_EN) \
    /* Allowed, and said */ \
    X(PDF_FILLED_IN, "Sau khi ký, bản {0} đã điền biểu mẫu (trường {1})." PDF_CHANGE_SEE_VI, \
      "After signing, revision {0} filled in the form (field {1})." PDF_CHANGE_SEE_EN) \
    X(PDF_ANNOTATED, "Sau khi ký, bản {0} đã thêm, sửa hoặc bỏ chú thích (loại {1})." PDF_CHANGE_SEE_VI, \
      "After signing, revision {0} changed annotations (of the kind {1})." PDF_CHANGE_SEE_EN) \
    /* For the tree of checks: ISO 32000-2, 12.8.2.2; EN 319 142-1, 5.4 and 5.5 */ \
    X(CHECK_PDF_CHANGES, "Những thay đổi sau khi ký đều được phép (ISO 32000-2, 12.8.2.2)", \
      "What changed after signing is permitted (ISO 32000-2, 12.8.2.2)") \
    X(CHECK_PDF_FORM, "Biểu mẫu được điền sau khi ký, từ bản {0}", "The form was filled in after signing, from revision {0} on") \
    X(CHECK_PDF_ANNOTATION, "Chú thích thay đổi sau khi ký, từ bản {0}", "Annotations changed after signing, from revision {0} on") \
    X(CHECK_PDF_METADATA, "Thông tin mô tả thay đổi sau khi ký, từ bản {0}", "The description of the document changed after signing, from revision {0} on") \
    X(CHECK_PDF_FACE, "Hình chữ ký được thêm lên trang sau khi ký: bản {0}", "The face of a signature was put on a page after signing: revision {0}")
// clang-format on

TEXTS_DECLARE(PDF_CHANGE_TEXTS)
extern const struct text *const pdf_change_texts[];
