/* The sentences about containers (ASiC: EN 319 162-1; ZIP: APPNOTE.TXT 6.3.3). Beside each refusal stands the rule it
 * enforces. */
#pragma once

#include "base/text.h"

/* clang-format off */
#define ASIC_TEXTS(X) \
    /* what a member of a container holds */ \
    X(MEMBER_DAMAGED, "Tệp {0} trong gói bị hỏng, không giải nén được. Hãy xin lại bản gốc từ nơi gửi.", \
      "The file {0} in the container is damaged and cannot be unpacked. Ask the sender for the original.") \
    X(MEMBER_TOO_LARGE, "Tệp {0} trong gói lớn hơn mức có thể kiểm tra.", \
      "The file {0} in the container is larger than can be checked.") \
    /* the structure of a ZIP: APPNOTE.TXT 6.3.3 */ \
    X(ZIP_BROKEN, "Gói ZIP bị hỏng, không đọc được danh mục tệp. Hãy xin lại bản gốc từ nơi gửi.", \
      "The ZIP is broken: its directory cannot be read. Ask the sender for the original.") \
    X(ZIP_TOO_MANY, "Gói có hơn {0} tệp, nhiều hơn mức có thể kiểm tra.", "The container holds more than {0} files, more than can be checked.") \
    X(ZIP_NAME_LONG, "Gói có tên tệp dài quá mức có thể kiểm tra.", "The container has a file name longer than can be checked.") \
    X(ZIP_BOMB, "Gói nở ra quá {0} lần hoặc quá {1} GB khi giải nén nên không được kiểm tra.", \
      "The container swells more than {0} times, or beyond {1} GB, when it is unpacked, and is not checked.") \
    /* 4.3.16: one end of the directory, at the end of the file */ \
    X(ZIP_TWO_DIRECTORIES, "Gói có hai danh mục tệp: mỗi phần mềm có thể thấy nội dung khác nhau.", \
      "The container has two directories: one program may see other contents than the next.") \
    X(ZIP_TRAILING, "Có dữ liệu lạ sau phần cuối của gói.", "There is data behind the end of the container.") \
    X(ZIP_LEADING, "Có dữ liệu lạ trước tệp đầu tiên của gói.", "There is data in front of the first file of the container.") \
    X(ZIP_GAP, "Giữa các tệp trong gói có dữ liệu không thuộc về tệp nào.", "Between the files of the container there is data that belongs to none of them.") \
    X(ZIP_OVERLAP, "Các tệp trong gói nằm chồng lên nhau ({0}).", "Files of the container overlap ({0}).") \
    /* 4.3.7, 4.3.12: both headers of a file say the same */ \
    X(ZIP_HEADERS_DIFFER, "Thông tin về tệp {0} ở đầu tệp và trong danh mục của gói mâu thuẫn nhau.", \
      "What the container says about the file {0} in front of it and in its directory differs.") \
    X(ZIP_TWO_NAMES, "Tệp {0} trong gói mang hai tên khác nhau.", "The file {0} in the container has two different names.") \
    X(ZIP_NAME_TWICE, "Gói có hai tệp cùng tên {0}.", "The container holds two files of the name {0}.") \
    /* EN 319 162-1, 4.2: readable by everybody who got it */ \
    X(ZIP_ENCRYPTED, "Tệp {0} trong gói bị mã hóa nên không kiểm tra được.", "The file {0} in the container is encrypted and cannot be checked.") \
    X(ZIP_METHOD, "Tệp {0} trong gói dùng cách nén không được chấp nhận.", "The file {0} in the container is packed in a way that is not accepted.") \
    /* 4.4.17.1: names are relative, with forward slashes; what would be written outside the folder or hidden from view is refused */ \
    X(ZIP_NAME_PATH, "Tên tệp {0} trong gói trỏ ra ngoài thư mục hoặc không hợp lệ.", \
      "The file name {0} in the container leads out of the folder or is not valid.") \
    X(ZIP_NAME_CONTROL, "Tên tệp {0} trong gói chứa ký tự điều khiển.", "The file name {0} in the container has control characters.") \
    X(ZIP_NAME_ENCODING, "Tên tệp {0} trong gói không phải UTF-8 như đã khai.", "The file name {0} in the container is not the UTF-8 that it claims to be.") \
    X(ZIP_LINK, "{0} trong gói là liên kết chứ không phải tệp.", "{0} in the container is a link, not a file.") \
    X(ZIP_FOLDER_HOLDS, "Thư mục {0} trong gói lại chứa dữ liệu như một tệp.", "The folder {0} in the container holds data like a file.") \
    /* EN 319 162-1, A.1: the media type is the first member, stored, without extra fields; a hint to programs, not protected */ \
    X(ASIC_NO_MIMETYPE, "Gói không có tệp mimetype cho biết loại gói.", "The container has no mimetype file that says what kind it is.") \
    X(ASIC_MIMETYPE_WRONG, "Tệp mimetype của gói không ghi loại gói ASiC.", "The mimetype file of the container does not name a kind of ASiC.") \
    X(ASIC_MIMETYPE_PLACE, "Tệp mimetype không nằm đầu gói hoặc bị nén.", "The mimetype file is not the first of the container, or is packed.") \
    /* 4.3.3.2: ASiC-S */ \
    X(ASIC_SIMPLE_ONE_FILE, "Gói ASiC-S phải chứa đúng một tài liệu, ở đây thiếu hoặc có tệp thêm vào.", \
      "An ASiC-S container holds exactly one document; here it is missing or files were added.") \
    X(ASIC_SIMPLE_FOLDER, "Tài liệu {0} của gói ASiC-S phải nằm ở thư mục gốc.", "The document {0} of an ASiC-S container must lie in its root folder.") \
    X(ASIC_SIMPLE_ONE_SIGNATURE, "Gói ASiC-S chỉ được có một tệp chữ ký hoặc dấu thời gian.", \
      "An ASiC-S container has one signature or timestamp file.") \
    X(ASIC_SIMPLE_NAME, "Tệp {0} không mang tên mà chuẩn ASiC-S quy định cho tệp chữ ký.", \
      "The file {0} does not have the name that ASiC-S gives a signature file.") \
    X(ASIC_SIMPLE_MANIFEST, "Gói ASiC-S không được ký qua bảng kê ({0}).", "An ASiC-S container is not signed by way of a manifest ({0}).") \
    /* 4.4.1: ASiC-E */ \
    X(ASIC_NO_DATA, "Gói có chữ ký nhưng không có tài liệu nào.", "The container holds signatures but no document.") \
    /* 4.4.1; EN 319 102-1, 5.2.8 */ \
    X(ASIC_UNSIGNED, "Tệp {0} trong gói không được ký: có thể đã bị thêm vào sau khi ký.", \
      "The file {0} in the container is not signed: it may have been added after signing.") \
    X(ASIC_NOT_BY_THIS, "Chữ ký này không bao gồm tệp {0}.", "This signature does not cover the file {0}.") \
    /* 4.4.3.2 (4) */ \
    X(ASIC_ROOT, "Tệp chữ ký {0} không có phần tử gốc theo chuẩn ASiC.", "The signature file {0} does not have the root element that ASiC asks for.") \
    X(ASIC_SIGNATURE_FILE, "Tệp chữ ký {0} trong gói bị hỏng. Hãy xin lại bản gốc từ nơi gửi.", \
      "The signature file {0} in the container is broken. Ask the sender for the original.") \
    X(ASIC_FILE_WITHOUT_SIGNATURE, "Tệp {0} không chứa chữ ký nào.", "The file {0} holds no signature.") \
    /* 4.4.4.2 (a), (d); A.4: the manifest says what is signed */ \
    X(ASIC_NO_MANIFEST, "Không có gì trong gói cho biết {0} ký cho tài liệu nào.", "Nothing in the container says which documents {0} is about.") \
    X(ASIC_MANIFEST_EMPTY, "Bảng kê {0} không nêu tài liệu nào.", "The manifest {0} names no document.") \
    X(ASIC_FILE_CHANGED, "Tệp {0} đã bị thay đổi sau khi ký.", "The file {0} was changed after it was signed.") \
    X(ASIC_SIGNED_MISSING, "Tệp đã ký {0} không còn trong gói.", "The signed file {0} is not in the container any more.") \
    X(ASIC_DIGEST_UNKNOWN, "Bảng kê dùng thuật toán băm không được hỗ trợ cho tệp {0}.", \
      "The manifest uses a digest algorithm that is not supported for the file {0}.") \
    X(ASIC_MANY_REFERENCES, "Các bảng kê của gói nêu nhiều tệp hơn mức có thể kiểm tra.", \
      "The manifests of the container name more files than can be checked.") \
    X(ASIC_OTHER, "Tệp {0} trong gói không phải chữ ký cũng không được ký.", "The file {0} in the container is neither a signature nor signed.") \
    X(ASIC_MUCH, "Chữ ký, dấu thời gian và bảng kê của gói lớn hơn mức có thể kiểm tra.", \
      "The signatures, timestamps and manifests of the container are larger than can be checked.") \
    /* OpenDocument 1.2 part 3, 3.2: what META-INF/manifest.xml lists; not protected */ \
    X(ASIC_LIST_BROKEN, "Danh sách tệp META-INF/manifest.xml bị hỏng.", "The list of files META-INF/manifest.xml is broken.") \
    X(ASIC_LISTED_MISSING, "Danh sách tệp của gói nêu {0} nhưng gói không có tệp này.", "The container's list of files names {0}, which is not there.") \
    X(ASIC_NOT_LISTED, "Danh sách tệp của gói không nêu {0}.", "The container's list of files leaves out {0}.") \
    X(ASIC_EVIDENCE_RECORD, "Gói có bản ghi bằng chứng lưu trữ (evidence record), không được xét tới.", \
      "The container has evidence records; they are not looked at.") \
    X(ASIC_CHECK_CONTAINER, "Gói theo EN 319 162-1: {0}", "Container after EN 319 162-1: {0}")
/* clang-format on */

TEXTS_DECLARE(ASIC_TEXTS)
extern const struct text *const asic_texts[];
