/* The sentences about PDF: what is wrong with one, why it is not signed, what was found out about its
 * signatures. {0} is mostly a byte offset or an object number, so that whoever made the file can look. */
#pragma once

#include <inttypes.h>
#include <stdio.h>

#include "base/error.h"

#define PDF_REPAIR_VI " Hãy xuất lại tệp PDF từ phần mềm đã tạo ra nó rồi thử lại."
#define PDF_REPAIR_EN " Export the PDF again from the program that made it."
#define PDF_ASK_VI " Đừng tin nội dung này; hãy xin lại bản gốc từ nơi phát hành."
#define PDF_ASK_EN " Do not rely on it; ask the issuer for the original."

// clang-format off
/* A file that is not a PDF, or not a sound one */
#define PDF_TEXTS_DEFECTS(X) \
    X(PDF_NOT_PDF, "Đây không phải là tệp PDF: tệp PDF phải bắt đầu bằng %PDF-.", \
      "This is not a PDF: a PDF starts with %PDF-.") \
    X(PDF_IS_ZIP, "Đây là tệp nén (ZIP, DOCX, XLSX…) chứ không phải PDF. Hãy xuất ra PDF rồi thử lại.", \
      "This is a ZIP archive (DOCX, XLSX …), not a PDF. Export it as PDF first.") \
    X(PDF_HEADER_LATE, "Có dữ liệu lạ đứng trước %PDF- ở đầu tệp." PDF_REPAIR_VI, \
      "Something stands before %PDF- at the start of the file." PDF_REPAIR_EN) \
    X(PDF_STARTXREF_MISSING, "Tệp PDF bị cụt: không có startxref ở cuối." PDF_REPAIR_VI, \
      "The PDF is cut off: there is no startxref at its end." PDF_REPAIR_EN) \
    X(PDF_EOF_MISSING, "Tệp PDF bị cụt: sau startxref ở byte {0} không có %%EOF." PDF_REPAIR_VI, \
      "The PDF is cut off: no %%EOF follows the startxref at byte {0}." PDF_REPAIR_EN) \
    X(PDF_SECTION_MISPLACED, "Tệp PDF hỏng: ở byte {0} phải có bảng tham chiếu nhưng không có." PDF_REPAIR_VI, \
      "The PDF is damaged: there is no cross-reference section at byte {0} where one is announced." PDF_REPAIR_EN) \
    X(PDF_SECTION_NEAR, "Bảng tham chiếu không nằm đúng ở byte {0} như tệp PDF ghi mà lệch vài byte; phần mềm khác có thể đọc ra nội dung khác." PDF_REPAIR_VI, \
      "The cross-reference section misses byte {0}, where the PDF says it is, by a few bytes; others may read another document." PDF_REPAIR_EN) \
    X(PDF_TABLE_SHIFTED, "Bảng tham chiếu ở byte {0} đánh số đối tượng lệch một; phần mềm khác có thể đọc ra nội dung khác." PDF_REPAIR_VI, \
      "The cross-reference table at byte {0} numbers its objects one too high; others may read another document." PDF_REPAIR_EN) \
    X(PDF_ENTRY_WIDTH, "Các dòng của bảng tham chiếu ở byte {0} không dài đúng 20 byte; mọi phần mềm vẫn đọc như nhau.", \
      "The lines of the cross-reference table at byte {0} are not 20 bytes long; all programs still read them alike.") \
    X(PDF_EOF_ABSENT, "Tệp PDF thiếu %%EOF ở cuối (byte {0})." PDF_REPAIR_VI, \
      "The PDF lacks the %%EOF at its end (byte {0})." PDF_REPAIR_EN) \
    X(PDF_TABLE_BROKEN, "Tệp PDF hỏng: bảng tham chiếu ở byte {0} không đúng cú pháp." PDF_REPAIR_VI, \
      "The PDF is damaged: the cross-reference section at byte {0} is not well-formed." PDF_REPAIR_EN) \
    X(PDF_TRAILER_BROKEN, "Tệp PDF hỏng: từ điển trailer ở byte {0} thiếu hoặc sai." PDF_REPAIR_VI, \
      "The PDF is damaged: the trailer dictionary at byte {0} is missing or wrong." PDF_REPAIR_EN) \
    X(PDF_CHAIN_LOOP, "Tệp PDF hỏng: chuỗi bảng tham chiếu quay lại byte {0}." PDF_REPAIR_VI, \
      "The PDF is damaged: the chain of cross-reference sections leads back to byte {0}." PDF_REPAIR_EN) \
    X(PDF_TOO_MANY_SECTIONS, "Tệp PDF có quá nhiều bảng tham chiếu (ở byte {0})." PDF_REPAIR_VI, \
      "The PDF has too many cross-reference sections (at byte {0})." PDF_REPAIR_EN) \
    X(PDF_TOO_MANY_OBJECTS, "Tệp PDF có số đối tượng vượt giới hạn 8388607 (ở byte {0})." PDF_REPAIR_VI, \
      "The PDF numbers objects above the limit of 8388607 (at byte {0})." PDF_REPAIR_EN) \
    X(PDF_OBJECT_TWICE, "Tệp PDF hỏng: bảng tham chiếu ở byte {0} nêu một đối tượng hai lần." PDF_REPAIR_VI, \
      "The PDF is damaged: the cross-reference section at byte {0} names an object twice." PDF_REPAIR_EN) \
    X(PDF_INFLATED, "Dữ liệu nén ở byte {0} bung ra vượt giới hạn bộ nhớ." PDF_REPAIR_VI, \
      "The compressed data at byte {0} grows over the memory limit." PDF_REPAIR_EN) \
    X(PDF_STREAM_BROKEN, "Tệp PDF hỏng: dữ liệu nén ở byte {0} không giải nén được." PDF_REPAIR_VI, \
      "The PDF is damaged: the compressed data at byte {0} cannot be read." PDF_REPAIR_EN) \
    X(PDF_FILTER, "Kiểu nén ở byte {0} không được dùng cho bảng tham chiếu và khối đối tượng." PDF_REPAIR_VI, \
      "The filter at byte {0} is not one for cross-reference and object streams." PDF_REPAIR_EN) \
    X(PDF_ENTRY_BROKEN, "Tệp PDF hỏng: bảng tham chiếu ghi sai chỗ của đối tượng {0}." PDF_REPAIR_VI, \
      "The PDF is damaged: the cross-reference entry of object {0} is wrong." PDF_REPAIR_EN) \
    X(PDF_OBJECT_BROKEN, "Tệp PDF hỏng: đối tượng {0} không đúng cú pháp." PDF_REPAIR_VI, \
      "The PDF is damaged: object {0} is not well-formed." PDF_REPAIR_EN) \
    X(PDF_OBJECT_BEHIND_END, "Tệp PDF hỏng: đối tượng {0} nằm sau chỗ kết thúc bản của nó." PDF_REPAIR_VI, \
      "The PDF is damaged: object {0} lies behind the end of its revision." PDF_REPAIR_EN) \
    X(PDF_TOO_MANY_FIELDS, "Biểu mẫu của tệp PDF có hơn {0} trường." PDF_REPAIR_VI, \
      "The form of the PDF has more than {0} fields." PDF_REPAIR_EN) \
    X(PDF_OBJECT_SERVES_TWO, "Tệp PDF hỏng: đối tượng {0} được dùng cho hai việc khác nhau." PDF_REPAIR_VI, \
      "The PDF is damaged: object {0} serves two purposes." PDF_REPAIR_EN) \
    X(PDF_CATALOG_BROKEN, "Tệp PDF hỏng: thư mục gốc (Catalog) của tài liệu thiếu hoặc sai." PDF_REPAIR_VI, \
      "The PDF is damaged: the document catalog is missing or wrong." PDF_REPAIR_EN) \
    X(PDF_PAGES_BROKEN, "Tệp PDF hỏng: cây trang sai ở đối tượng {0}." PDF_REPAIR_VI, \
      "The PDF is damaged: the page tree is wrong at object {0}." PDF_REPAIR_EN) \
    X(PDF_PAGES_CIRCULAR, "Tệp PDF hỏng: cây trang đi vòng qua đối tượng {0}." PDF_REPAIR_VI, \
      "The PDF is damaged: the page tree goes round in a circle through object {0}." PDF_REPAIR_EN) \
    X(PDF_FIELDS_BROKEN, "Tệp PDF hỏng: cây trường biểu mẫu sai ở đối tượng {0}." PDF_REPAIR_VI, \
      "The PDF is damaged: the tree of form fields is wrong at object {0}." PDF_REPAIR_EN)
/* Why a document is not signed */
#define PDF_TEXTS_REFUSALS(X) \
    X(PDF_ENCRYPTED, "Tệp PDF được mã hóa nên không ký được. Hãy bỏ mật khẩu, lưu lại rồi ký.", \
      "The PDF is encrypted and cannot be signed. Remove the password, save it, then sign.") \
    X(PDF_HYBRID, "Tệp PDF có bảng tham chiếu lai (XRefStm) nên không ký được." PDF_REPAIR_VI, \
      "The PDF has a hybrid cross-reference (XRefStm) and cannot be signed." PDF_REPAIR_EN) \
    X(PDF_XFA, "Tệp PDF chứa biểu mẫu XFA nên không ký được. Hãy in ra PDF thường rồi ký.", \
      "The PDF holds an XFA form and cannot be signed. Print it to a plain PDF first.") \
    X(PDF_CERTIFIED, "Chữ ký {0} đã cấm mọi thay đổi về sau (DocMDP), nên không ký thêm được. Hãy ký trên bản chưa khóa.", \
      "The signature {0} forbids every later change (DocMDP), so none can be added. Sign a copy that is not locked.") \
    X(PDF_LOCKED, "Chữ ký {0} đã khóa các trường biểu mẫu (FieldMDP), nên không ký thêm được. Hãy ký trên bản chưa khóa.", \
      "The signature {0} locks the form fields (FieldMDP), so none can be added. Sign a copy that is not locked.") \
    X(PDF_OFFSET_TOO_LARGE, "Tệp PDF lớn hơn mức mà bảng tham chiếu của nó ghi được (10 chữ số).", \
      "The PDF is larger than its cross-reference table can express (10 digits).") \
    X(PDF_HOLE_TOO_SMALL, "Chữ ký dài {0} byte, chỗ dành sẵn chỉ có {1} byte. Hãy ký lại với chuỗi chứng thư ngắn hơn.", \
      "The signature is {0} bytes, the room kept for it {1} bytes. Sign again with a shorter chain.") \
    X(PDF_NOT_THE_DOCUMENT, "Tài liệu đã khác với bản được chuẩn bị để ký. Hãy ký lại từ đầu.", \
      "The document is not the one that was prepared for signing. Start again.")
/* What was found out about a signature. ISO 32000-1, 12.8.1: ByteRange; EN 319 142-1, 5.2 */
#define PDF_TEXTS_FINDINGS(X) \
    X(PDF_TOO_MANY_SIGNATURES, "Tệp PDF có hơn {0} chữ ký.", "The PDF has more than {0} signatures.") \
    X(PDF_CONTENTS_MISSING, "Chữ ký không có nội dung (/Contents), hoặc nội dung không phải chuỗi thập lục phân trong tệp." PDF_ASK_VI, \
      "The signature has no /Contents, or it is not a hexadecimal string in the file." PDF_ASK_EN) \
    X(PDF_RANGE_MISSING, "Chữ ký không ghi đúng phần được ký (/ByteRange)." PDF_ASK_VI, \
      "The signature does not say which bytes it covers (/ByteRange)." PDF_ASK_EN) \
    X(PDF_RANGE_START, "Phần được ký bắt đầu ở byte {0} chứ không phải từ đầu tệp." PDF_ASK_VI, \
      "The signed part starts at byte {0}, not at the start of the file." PDF_ASK_EN) \
    X(PDF_RANGE_GAP, "Phần được ký bỏ trống chỗ khác ngoài chính chữ ký ở byte {0}." PDF_ASK_VI, \
      "The signed part leaves out more, or other, than the signature itself at byte {0}." PDF_ASK_EN) \
    X(PDF_RANGE_END, "Phần được ký vượt quá cuối tệp ({0} byte): tệp đã bị cắt bớt." PDF_ASK_VI, \
      "The signed part reaches beyond the end of the file ({0} bytes): the file was cut." PDF_ASK_EN) \
    X(PDF_RANGE_REVISION, "Phần được ký kết thúc ở byte {0}, không trùng với cuối một bản nào của tài liệu." PDF_ASK_VI, \
      "The signed part ends at byte {0}, which is not where a revision of the document ends." PDF_ASK_EN) \
    X(PDF_SIGNATURE_REPLACED, "Từ điển chữ ký (đối tượng {0}) đã bị thay sau khi ký." PDF_ASK_VI, \
      "The signature dictionary (object {0}) was replaced after signing." PDF_ASK_EN) \
    X(PDF_SIGNATURE_DROPPED, "Một bản sau đã bỏ chữ ký {0} ra khỏi tài liệu." PDF_ASK_VI, \
      "A later revision dropped the signature {0} from the document." PDF_ASK_EN) \
    X(PDF_FIELD_TWICE, "Trường chữ ký {0} trùng tên hoặc trùng chữ ký với trường khác." PDF_ASK_VI, \
      "The signature field {0} shares its name or its signature with another field." PDF_ASK_EN) \
    X(PDF_SIGNATURE_GONE, "Trong tệp có dấu vết chữ ký số, nhưng tài liệu không còn nêu chữ ký nào." PDF_ASK_VI, \
      "There are traces of a signature in the file, but the document names none any more." PDF_ASK_EN) \
    X(PDF_PREPARED, "Trường chữ ký {0} đã được chuẩn bị nhưng chưa ai ký vào: chỗ dành cho chữ ký còn trống.", \
      "The signature field {0} was prepared, but nobody has signed: the room for the signature is empty.") \
    X(PDF_CHECK_PASSWORD, "Tệp PDF có mật khẩu mở tệp nên không kiểm tra được chữ ký. Hãy xin bản không có mật khẩu.", \
      "The PDF needs the password to be opened, so its signatures cannot be checked. Ask for a copy without one.") \
    X(PDF_CHECK_ENCRYPTED, "Tệp PDF được mã hóa cho người nhận riêng hoặc theo cách lạ, nên không kiểm tra được chữ ký. Hãy xin bản không mã hóa.", \
      "The PDF is encrypted for certain recipients, or in an unknown way: its signatures cannot be checked. Ask for a plain copy.") \
    X(PDF_STAMP_TYPE, "Dấu thời gian ghi kiểu của chữ ký (/Sig) thay vì /DocTimeStamp; nó vẫn được đọc là dấu thời gian.", \
      "The timestamp calls itself a signature (/Sig) instead of /DocTimeStamp; it is read as a timestamp all the same.") \
    X(PDF_FILTER_UNKNOWN, "Loại chữ ký (/SubFilter) này chưa được hỗ trợ. Hãy kiểm tra bằng phần mềm đã tạo ra nó.", \
      "This kind of signature (/SubFilter) is not supported. Check it with the program that made it.") \
    X(PDF_CHANGED, "Sau khi ký, bản {0} của tài liệu đã thay đổi đối tượng {1} ({2})." PDF_ASK_VI, \
      "After signing, revision {0} of the document changed object {1} ({2})." PDF_ASK_EN) \
    X(PDF_CHANGED_KEY, "Sau khi ký, bản {0} của tài liệu đã thay đổi mục {2} của đối tượng {1}." PDF_ASK_VI, \
      "After signing, revision {0} of the document changed the entry {2} of object {1}." PDF_ASK_EN) \
    X(PDF_CHANGED_UNREADABLE, "Sau khi ký, bản {0} thêm vào tài liệu, trong khi phần đã ký có đối tượng {1} không đọc được." PDF_ASK_VI, \
      "After signing, revision {0} adds to the document, whose signed part has an object that cannot be read: {1}." PDF_ASK_EN) \
    X(PDF_CHANGED_CERTIFIED, "Bản {0} thêm chữ ký dù chữ ký {2} đã cấm mọi thay đổi (DocMDP)." PDF_ASK_VI, \
      "Revision {0} adds a signature although the signature {2} forbids every change (DocMDP)." PDF_ASK_EN) \
    X(PDF_CHANGED_BACK, "Sau khi ký, bản {0} trỏ ngược vào dữ liệu cũ cho đối tượng {1}." PDF_ASK_VI, \
      "After signing, revision {0} points back into earlier bytes for object {1}." PDF_ASK_EN) \
    X(PDF_CHANGED_HIDDEN, "Sau khi ký, bản {0} giấu thêm dữ liệu không thuộc đối tượng nào." PDF_ASK_VI, \
      "After signing, revision {0} hides bytes that belong to no object." PDF_ASK_EN) \
    X(PDF_CHANGED_BEHIND, "Sau khi ký, có dữ liệu lạ được nối vào cuối tệp." PDF_ASK_VI, \
      "After signing, something was appended to the end of the file." PDF_ASK_EN) \
    X(PDF_TOO_MANY_CHANGES, "Một bản sau khi ký thay đổi hơn {0} đối tượng.", \
      "One revision after signing changes more than {0} objects.")
// clang-format on

#define PDF_TEXTS(X) PDF_TEXTS_DEFECTS(X) PDF_TEXTS_REFUSALS(X) PDF_TEXTS_FINDINGS(X)

TEXTS_DECLARE(PDF_TEXTS)
extern const struct text *const pdf_texts[];

/* fail() with a number: an offset, an object. Always false. */
static inline bool pdf_defect(struct error *err, enum error_code code, const struct text *text,
                              uint64_t number)
{
    char digits[24];
    snprintf(digits, sizeof(digits), "%" PRIu64, number);
    fail(err, code, text, digits);
    return false;
}
