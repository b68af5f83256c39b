/* What packages are taken, what is said about them, and what is refused. */
#include "tests/check.h"

#include "exchange/edxml_table.h"
#include "tests/packages.h"

#define CONTENT "<edXML:ContentTransferEncoded xmlns:edXML=\"" EDXML_NAMESPACE "\">"

/* --- one message, edited --- */

struct row {
    const char *sentence, *message, *from, *to;
    const char *outcome; /* "clean", deviations, or the refusal */
};

/* `small`: contents up to there are no files (and wait for no disk); 0: all are, so that what is left behind can be counted. */
static void check_rows(const struct row *rows, size_t count, size_t small)
{
    for (size_t i = 0; i < count; i++) {
        struct buffer wire CLEANUP(buffer_clear) = {0}, room CLEANUP(buffer_clear) = {0};
        struct blobs *blobs CLEANUP(blobs_close) = NULL;
        struct package package CLEANUP(package_clear) = {0};
        struct error err = {0};
        packages_load(rows[i].message, &wire);
        if (rows[i].from)
            packages_replace(&wire, span_text(rows[i].from), span_text(rows[i].to));
        assert_true(blobs_open(packages_directory, small, &blobs, &err));
        int before = packages_count();
        bool read = package_read(buffer_span(&wire), blobs, NULL, &package, &err);
        const char *outcome = packages_outcome(read, &package, &err, &room);
        if (strcmp(outcome, rows[i].outcome) != 0)
            print_error("found %s (%s | %s), expected %s\n", outcome, err.arg[0], err.arg[1],
                        rows[i].outcome);
        check_row(strcmp(outcome, rows[i].outcome) == 0, rows[i].sentence);
        check_row(read || packages_count() == before, "a refused package leaves nothing behind");
    }
}

/* clang-format off */
static const struct row variant_rows[] = {
    {"a new document is clean", "new", NULL, NULL, "clean"},
    {"a recall is clean", "recall", NULL, NULL, "clean"},
    {"an update is clean", "update", NULL, NULL, "clean"},
    {"a replacement is clean", "replacement", NULL, NULL, "clean"},
    {"a status is clean", "status", NULL, NULL, "clean"},
    {"line feeds alone are as good as CRLF", "new", "\r\n", "\n", "clean"},
    {"no indentation at all is as good", "new", "\r\n", "", "clean"},
    {"CRLF after the root, as the kit sends it, is nothing", "new", "</edXML>\r\n", "</edXML>\r\n\r\n", "clean"},
    {"a hop without OrganId, as the axis adds it", "new", "<edXML:OrganId>H97.11</edXML:OrganId>\r\n          <edXML:Timestamp>", "<edXML:Timestamp>", "clean"},
    {"no Bussiness at all means type 0", "new", "Bussiness>", "Bussines>", "DEVIATION_ELEMENT"},
    {"a byte order mark is said", "new", "<?xml", "\xEF\xBB\xBF<?xml", "DEVIATION_BOM"},
    {"a missing XML declaration is said", "new", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n", "", "DEVIATION_DECLARATION"},
    {"an unknown element is passed over and said", "new", "<edXML:Subject>", "<edXML:Color><edXML:Red/>red</edXML:Color><edXML:Subject>", "DEVIATION_ELEMENT"},
    {"text between elements is said", "new", "<edXML:Subject>", "stray<edXML:Subject>", "DEVIATION_TEXT"},
    {"Manifest stands for edXMLManifest", "new", "edXMLManifest", "Manifest", "DEVIATION_MANIFEST_NAME"},
    {"Paper outside Bussiness is taken", "new", "<edXML:TraceHeaderList>", "<edXML:TraceHeaderList><edXML:Paper>1</edXML:Paper>", "DEVIATION_PAPER_PLACE"},
    {"an empty ResponseFor goes", "new", "<edXML:SteeringType>", "<edXML:ResponseFor /><edXML:SteeringType>", "DEVIATION_EMPTY"},
    {"an empty SteeringType is said, the library dies of it", "new", "<edXML:SteeringType>1<", "<edXML:SteeringType><", "DEVIATION_EMPTY"},
    {"a number that is none is said", "new", "<edXML:PageAmount>4<", "<edXML:PageAmount>bốn<", "DEVIATION_NUMBER"},
    {"a priority beyond the list is said", "new", "<edXML:Priority>2<", "<edXML:Priority>5<", "DEVIATION_VALUE"},
    {"an ISO date is dropped and said", "new", "<edXML:DueDate>2025/06/20<", "<edXML:DueDate>2025-06-20<", "DEVIATION_DATE"},
    {"a day-first date is dropped and said, not read as the year 20", "new", "<edXML:DueDate>2025/06/20<", "<edXML:DueDate>20/06/2025<", "DEVIATION_DATE"},
    {"a day that does not exist is said", "new", "<edXML:DueDate>2025/06/20<", "<edXML:DueDate>2025/06/31<", "DEVIATION_DATE"},
    {"the year 33 is no year", "new", "<edXML:DueDate>2025/06/20<", "<edXML:DueDate>0033/09/15<", "DEVIATION_DATE"},
    {"an ISO time is dropped and said", "status", "2025/06/02 09:12:45", "2025-06-02T09:12:45+07:00", "DEVIATION_DATE DEVIATION_MISSING"},
    {"a missing subject is said", "new", "Subject", "Subjekt", "DEVIATION_ELEMENT DEVIATION_MISSING"},
    {"a missing number and notation are said", "new", "edXML:Code>", "edXML:Kode>", "DEVIATION_ELEMENT DEVIATION_MISSING DEVIATION_MISSING"},
    {"a missing name of a recipient is said, as the axis delivers it", "new", "<edXML:OrganName>UBND xã Giả Thiết</edXML:OrganName>", "", "DEVIATION_MISSING"},
    {"a code of no lawful form is taken and said", "new", "000.00.07.H96", "vxp.saas.03", "DEVIATION_CODE"},
    {"the same recipient twice is said, in any case of letters", "new", "000.00.07.H96", "g97", "DEVIATION_CODE DEVIATION_RECIPIENT_TWICE"},
    {"the hop `null` has no code", "new", "<edXML:OrganId>H97.11</edXML:OrganId>\r\n          <edXML:Timestamp>", "<edXML:OrganId>null</edXML:OrganId>\r\n          <edXML:Timestamp>", "DEVIATION_CODE_DROPPED"},
    {"cid: twice is one cid", "new", "cid:", "cid:cid:", "DEVIATION_CONTENT_ID DEVIATION_CONTENT_ID DEVIATION_CONTENT_ID DEVIATION_CONTENT_ID"},
    {"no cid: in Attachment, as the .NET kit writes", "new", "<ContentId>cid:", "<ContentId>", "DEVIATION_CONTENT_ID DEVIATION_CONTENT_ID"},
    {"a name that differs in the manifest is said", "new", "<edXML:AttachmentName>bieu-mau-01.csv", "<edXML:AttachmentName>khac.csv", "DEVIATION_REFERENCE"},
    {"a file that the manifest does not name is said", "new", "<edXML:ContentId>cid:5d1c0f6a-8b27-4a0e-9e53-6c2f7d9a1b02", "<edXML:ContentId>cid:x", "DEVIATION_UNATTACHED DEVIATION_UNREFERENCED"},
    {"a package without a body still gives its files", "recall", "edXMLBody", "edXMLBodi", "DEVIATION_ELEMENT DEVIATION_UNREFERENCED"},
    {"a nameless file takes its name from the manifest", "recall", "<AttachmentName>61-stn-th.signed.pdf</AttachmentName>", "", "clean"},
    {"a PDF that is declared a ZIP is known by its bytes", "recall", "<ContentType>application/pdf", "<ContentType>application/zip", "DEVIATION_REFERENCE DEVIATION_CONTENT_TYPE"},
    {"OrganName before OrganizationInCharge, as in hand samples", "status", "<edXML:OrganizationInCharge>UBND tỉnh Tưởng Tượng</edXML:OrganizationInCharge>\r\n          <edXML:OrganName>UBND xã Giả Thiết</edXML:OrganName>",
     "<edXML:OrganName>UBND xã Giả Thiết</edXML:OrganName><edXML:OrganizationInCharge>UBND tỉnh Tưởng Tượng</edXML:OrganizationInCharge>", "clean"},
    {"an order that nobody documents is said once", "status", "<edXML:Department>Văn phòng</edXML:Department>\r\n          <edXML:Staff>Ngô Thị Nhận</edXML:Staff>", "<edXML:Staff>Ngô Thị Nhận</edXML:Staff><edXML:Department>Văn phòng</edXML:Department>", "DEVIATION_ORDER"},
    {"DocumentId at the end, as the .NET kit writes", "replacement", "<edXML:DocumentId>H97.11,2025/06/09,66/STN-TH</edXML:DocumentId>", "", "DEVIATION_MISSING"},
    {"a dummy Signature is passed over", "new", "</edXML:TraceHeaderList>", "</edXML:TraceHeaderList><Signature><SignedInfo><Reference URI=\"\"/></SignedInfo><SignatureValue>AA==</SignatureValue></Signature>", "clean"},
    {"an empty DigitalSignature is said", "new", "</edXML:TraceHeaderList>", "</edXML:TraceHeaderList><edXML:DigitalSignature/>", "DEVIATION_ELEMENT"},
    {"a namespace of its own on some element is said once", "new", "<edXML:Subject>", "<edXML:Subject xmlns:edXML=\"http://elsewhere.example\">", "DEVIATION_NAMESPACE"},
    {"an unknown status code is kept and said", "status", "<edXML:StatusCode>03<", "<edXML:StatusCode>07<", "DEVIATION_VALUE"},
    {"a status code without its zero is said", "status", "<edXML:StatusCode>03<", "<edXML:StatusCode>3<", "DEVIATION_VALUE"},
    {"a text longer than its column is said", "new", "Phó Giám đốc", "Phó Giám đốc phụ trách các công việc mà không ai muốn nhận và cũng chẳng ai biết là có tồn tại trên đời này", "DEVIATION_LENGTH"},
    {"a recall without a target is said", "recall", "H97.11,2025/06/02,58/STN-TH", "", "DEVIATION_MISSING"},
    {"base64 in lines is read", "recall", "JVBERi0xLjQK", "JVBE\r\nRi0x\r\n  LjQK\r\n", "clean"},
    {"base64 with the line ends of .NET is read", "recall", "JVBERi0xLjQK", "JVBE&#xD;\nRi0x&#13;&#10;LjQK", "clean"},
    {"base64 in CDATA is read", "recall", "JVBERi0xLjQK", "<![CDATA[JVBERi0x]]>LjQK", "clean"},
    {"an unprefixed ContentTransferEncoded is the same", "recall", "edXML:ContentTransferEncoded", "ContentTransferEncoded", "clean"},
    {"a comment may stand in the header", "new", "<edXML:Subject>", "<!-- <ContentTransferEncoded> --><edXML:Subject>", "clean"},
    {"bí mật in a sentence is no marking", "new", "V/v phối hợp thử nghiệm", "V/v bảo vệ bí mật đời tư", "clean"},
    {"mật ong is no marking", "new", "V/v phối hợp thử nghiệm", "Mật ong rừng và các sản phẩm", "clean"},
    {"a degree of none in the old Secret is no marking", "new", "<edXML:Direction>", "<edXML:Secret>0</edXML:Secret><edXML:Direction>", "DEVIATION_ELEMENT"},
};

static const struct row refused_rows[] = {
    {"a prefix that nobody bound is refused", "status", "edXML:", "q:", "PACKAGE_NOT_XML"},
    {"a DOCTYPE is refused", "new", "<edXML xmlns", "<!DOCTYPE edXML [<!ENTITY a \"b\">]><edXML xmlns", "XML_DOCTYPE"},
    {"an entity nobody declared is refused", "new", "<edXML:Subject>", "<edXML:Subject>&boom;", "PACKAGE_NOT_XML"},
    {"invalid UTF-8 is refused", "new", "<edXML:Subject>", "<edXML:Subject>\xC3(", "XML_NOT_UTF8"},
    {"another encoding is refused", "new", "encoding=\"UTF-8\"", "encoding=\"ISO-8859-1\"", "PACKAGE_ENCODING"},
    {"digits before the declaration are refused", "new", "<?xml", "12<?xml", "PACKAGE_NOT_XML"},
    {"another root is refused", "new", "edXML xmlns=", "edXMLS xmlns=", "PACKAGE_ROOT"},
    {"an envelope in another namespace is refused", "new", "xmlns:edXML=\"" EDXML_NAMESPACE "\">\r\n    <edXML:edXMLHeader>", "xmlns:edXML=\"http://www.go.vn/eDoc\">\r\n    <edXML:edXMLHeader>", "PACKAGE_NAMESPACE"},
    {"the older generation is refused by its name", "new", EDXML_NAMESPACE, "http://www.e-doc.vn/Schema/", "PACKAGE_OLD_GENERATION"},
    {"a second From is refused", "new", "</edXML:From>", "</edXML:From><edXML:From><edXML:OrganId>H95</edXML:OrganId></edXML:From>", "PACKAGE_TWICE"},
    {"a second Subject is refused", "new", "<edXML:Subject>", "<edXML:Subject>A</edXML:Subject><edXML:Subject>", "PACKAGE_TWICE"},
    {"a second MessageHeader is refused", "status", "</edXML:MessageHeader>", "</edXML:MessageHeader><edXML:MessageHeader/>", "PACKAGE_TWICE"},
    {"no From is refused", "new", "edXML:From>", "edXML:Frm>", "PACKAGE_NO_SENDER"},
    {"a From without OrganId is refused", "status", "<edXML:OrganId>000.00.07.H96</edXML:OrganId>", "", "PACKAGE_NO_SENDER"},
    {"no recipient is refused", "new", "edXML:To>", "edXML:Too>", "PACKAGE_NO_RECIPIENT"},
    {"a recipient without OrganId is refused", "new", "<edXML:OrganId>000.00.07.H96</edXML:OrganId>", "", "PACKAGE_NO_RECIPIENT"},
    {"a recipient `null` is refused", "new", "000.00.07.H96", "null", "PACKAGE_NO_RECIPIENT"},
    {"a code with a space is refused", "new", "000.00.07.H96", "H96 07", "PACKAGE_ORGAN_ID"},
    {"neither document nor status is refused", "status", "StatusCode>", "StatusKode>", "PACKAGE_KIND"},
    {"document and status at once is refused", "status", "<edXML:StatusCode>", "<edXML:To><edXML:OrganId>H95</edXML:OrganId></edXML:To><edXML:StatusCode>", "PACKAGE_BOTH_KINDS"},
    {"a status about nothing is refused", "status", "ResponseFor>", "ResponseFore>", "PACKAGE_NO_RESPONSE"},
    {"a status about two documents is refused", "status", "</edXML:ResponseFor>", "</edXML:ResponseFor><edXML:ResponseFor><edXML:OrganId>H95</edXML:OrganId></edXML:ResponseFor>", "PACKAGE_TWICE"},
    {"a status code that is a word is refused", "status", "<edXML:StatusCode>03<", "<edXML:StatusCode>xong<", "PACKAGE_STATUS_CODE"},
    {"an unknown kind of business is refused", "new", "<edXML:BussinessDocType>0<", "<edXML:BussinessDocType>7<", "PACKAGE_BUSINESS_TYPE"},
    {"an element inside a text is refused", "new", "<edXML:Subject>", "<edXML:Subject><edXML:b/>", "PACKAGE_INSIDE_TEXT"},
    {"base64 that was cut short is refused", "recall", "KJSVFT0YK</edXML:ContentTransferEncoded>", "KJSVFT</edXML:ContentTransferEncoded>", "PACKAGE_BASE64"},
    {"base64 with foreign characters is refused", "recall", "JVBERi0xLjQK", "JVBE*i0xLjQK", "PACKAGE_BASE64"},
    {"an element inside a content is refused", "recall", "JVBERi0xLjQK", "JVBE<b/>Ri0xLjQK", "PACKAGE_INSIDE_TEXT"},
    {"a content outside Attachment is refused", "recall", "</AttachmentEncoded>", "<ContentTransferEncoded>AA==</ContentTransferEncoded></AttachmentEncoded>", "PACKAGE_STRAY_CONTENT"},
    {"a package cut in the middle of a content is refused", "recall", "LjQK", "LjQK<", "PACKAGE_INSIDE_TEXT"},
    {"a package without its end is refused", "recall", "</edXML>", "", "PACKAGE_NOT_XML"},
    {"a name that climbs is refused", "recall", "<AttachmentName>61-stn-th", "<AttachmentName>../../61-stn-th", "PACKAGE_NAME_PATH"},
    {"a name that climbs in the manifest alone is refused", "recall", "<edXML:AttachmentName>61-stn-th", "<edXML:AttachmentName>../61-stn-th", "PACKAGE_NAME_PATH"},
    {"a name with a backslash is refused", "recall", "<AttachmentName>61", "<AttachmentName>C:\\61", "PACKAGE_NAME_PATH"},
    {"the name .. is refused", "recall", "<AttachmentName>61-stn-th.signed.pdf<", "<AttachmentName>..<", "PACKAGE_NAME_PATH"},
    {"a name that turns direction is refused", "recall", "<AttachmentName>61", "<AttachmentName>\xE2\x80\xAE" "61", "PACKAGE_NAME_PATH"},
    {"a name with a line break inside is refused", "recall", "<AttachmentName>61-", "<AttachmentName>61&#10;-", "PACKAGE_NAME_PATH"},
    {"MẬT before the subject is refused", "new", "<edXML:Subject>V/v", "<edXML:Subject>MẬT: V/v", "PACKAGE_SECRET"},
    {"TUYỆT MẬT in brackets is refused", "new", "<edXML:Subject>V/v", "<edXML:Subject>[Tuyệt mật] V/v", "PACKAGE_SECRET"},
    {"decomposed letters are the same letters", "new", "<edXML:Subject>V/v", "<edXML:Subject>(M\x41\xCC\xA3\xCC\x82T) V/v", "PACKAGE_SECRET"},
    {"a type marked secret is refused", "new", "<edXML:TypeName>Công văn<", "<edXML:TypeName>Công văn mật<", "PACKAGE_SECRET"},
    {"a notation marked secret is refused", "new", "<edXML:CodeNotation>STN-TH<", "<edXML:CodeNotation>STN-MẬT<", "PACKAGE_SECRET"},
    {"a degree in the old Secret is refused", "new", "<edXML:Direction>", "<edXML:Secret>Tối mật</edXML:Secret><edXML:Direction>", "PACKAGE_SECRET"},
    {"a degree as a number in the old Secret is refused", "new", "<edXML:Direction>", "<edXML:Secret>2</edXML:Secret><edXML:Direction>", "PACKAGE_SECRET"},
    {"a file whose name is a marking is refused", "recall", "<AttachmentName>61-stn-th", "<AttachmentName>[MẬT] 61-stn-th", "PACKAGE_SECRET"},
};
/* clang-format on */

/* --- attachments: the bytes decide --- */

enum bytes {
    BYTES_PDF,
    BYTES_BROKEN_PDF,
    BYTES_TEXT,
    BYTES_OLE2,
    BYTES_NONE,
    ZIP_OF_PDF,
    ZIP_OF_TEXT,
    ZIP_OF_CSV,
    ZIP_OF_DOCX,
    ZIP_OF_UNK,
    ZIP_OF_TWO,
    ZIP_CLIMBING,
    ZIP_CUT,
    ZIP_ENCRYPTED,
    ZIP_BOMB
};

static const char pdf[] =
    "%PDF-1.4\n%\xE2\xE3\xCF\xD3\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n";
static const char broken_pdf[] =
    "%PDF-1.4\n%\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\n1 0 obj<</Type/Catalog>>endobj\n%%EOF\n";

static void make_zip(enum bytes kind, struct buffer *out)
{
    static const char *const names[][3] = {
        [ZIP_OF_PDF] = {"a.pdf"},
        [ZIP_OF_TEXT] = {"a.txt"},
        [ZIP_OF_CSV] = {"a.CSV"},
        [ZIP_OF_DOCX] = {"a.docx"},
        [ZIP_OF_UNK] = {"a.unk"},
        [ZIP_OF_TWO] = {"a.pdf", "b.pdf"},
        [ZIP_CLIMBING] = {"../../../tmp/a.pdf"},
        [ZIP_CUT] = {"a.pdf"},
        [ZIP_ENCRYPTED] = {"a.pdf"},
        [ZIP_BOMB] = {"a.pdf"},
    };
    struct buffer zeros CLEANUP(buffer_clear) = {0};
    struct span content =
        kind == ZIP_OF_TEXT || kind == ZIP_OF_CSV || kind == ZIP_OF_DOCX || kind == ZIP_OF_UNK
            ? SPAN_LITERAL("a,b\n1,2\n")
            : SPAN_LITERAL(pdf);
    if (kind == ZIP_BOMB) {
        size_t size = 2 * PACKAGE_RATIO_FREE;
        uint8_t *room = buffer_reserve(&zeros, size);
        assert_non_null(room);
        memset(room, 0, size);
        zeros.size = size;
        content = buffer_span(&zeros);
    }
    packages_zip(names[kind], content, out);
    if (kind == ZIP_CUT) /* the middle goes, its end stays */
        memset(out->data + 40, 0x55, 20);
    if (kind == ZIP_ENCRYPTED) {
        size_t central = span_find(buffer_span(out), SPAN_LITERAL("PK\1\2"), 0);
        out->data[6] |= 1;
        out->data[central + 8] |= 1;
    }
}

static void make_bytes(enum bytes kind, struct buffer *out)
{
    switch (kind) {
    case BYTES_PDF:
        buffer_append(out, SPAN_LITERAL(pdf));
        break;
    case BYTES_BROKEN_PDF:
        buffer_append(out, SPAN_LITERAL(broken_pdf));
        break;
    case BYTES_TEXT:
        buffer_append(out, SPAN_LITERAL("a,b\n1,2\n"));
        break;
    case BYTES_OLE2:
        buffer_append(out, SPAN_LITERAL("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 an old document"));
        break;
    case BYTES_NONE:
        break;
    default:
        make_zip(kind, out);
        break;
    }
}

/* clang-format off */
static const struct {
    const char *sentence, *name, *type;
    enum bytes bytes;
    const char *outcome;
    bool unwrapped;
} file_rows[] = {
    {"a PDF is a PDF", "a.pdf", "application/pdf", BYTES_PDF, "clean", false},
    {"a ZIP around a PDF under application/zip, as the axis delivered in 2019, is unwrapped", "a.SIGNED.PDF", "application/zip", ZIP_OF_PDF, "clean", true},
    {"a ZIP around a PDF under application/pdf, as the axis delivered in 2025, is unwrapped and said", "a.pdf", "application/pdf", ZIP_OF_PDF, "DEVIATION_CONTENT_TYPE", true},
    {"a PDF decoded as UTF-8 text on its way is refused", "a.pdf", "application/pdf", BYTES_BROKEN_PDF, "PACKAGE_PDF_DAMAGED", false},
    {"a ZIP of two files under a PDF's name is refused", "a.pdf", "application/pdf", ZIP_OF_TWO, "PACKAGE_PDF_IS_ZIP", false},
    {"a ZIP around a text under a PDF's name is refused", "a.pdf", "application/zip", ZIP_OF_TEXT, "PACKAGE_NOT_PDF", false},
    {"a text under a PDF's name is refused", "a.pdf", "application/pdf", BYTES_TEXT, "PACKAGE_NOT_PDF", false},
    {"nothing under a PDF's name is refused", "a.pdf", "application/pdf", BYTES_NONE, "PACKAGE_NOT_PDF", false},
    {"a nameless kind under application/pdf is held to be a PDF", "cong van", "application/pdf", BYTES_TEXT, "PACKAGE_NOT_PDF", false},
    {"a PDF under a ZIP's name is refused", "a.zip", "application/zip", BYTES_PDF, "PACKAGE_NOT_ZIP", false},
    {"a ZIP under its own name is kept as it is", "a.zip", "application/zip", ZIP_OF_PDF, "clean", false},
    {"a PDF declared a ZIP is taken and said", "a.pdf", "application/zip", BYTES_PDF, "DEVIATION_CONTENT_TYPE", false},
    {"a wrapped CSV is unwrapped", "bieu.csv", "application/zip", ZIP_OF_CSV, "clean", true},
    {"a text around which nothing was wrapped is kept and said", "bieu.csv", "application/zip", BYTES_TEXT, "DEVIATION_CONTENT_TYPE", false},
    {"a ZIP of two files under a text's name is refused", "bieu.csv", "application/zip", ZIP_OF_TWO, "PACKAGE_ZIP_MANY", false},
    {"a wrapped .docx is unwrapped: its entry has the same extension", "a.docx", "application/zip", ZIP_OF_DOCX, "clean", true},
    {"a .docx is itself a ZIP and kept", "a.docx", "application/docx", ZIP_OF_TWO, "clean", false},
    {"a .docx with one entry of another name is kept", "a.docx", "application/zip", ZIP_OF_PDF, "clean", false},
    {"a file without extension was wrapped as unk", "a", "application/zip", ZIP_OF_UNK, "clean", true},
    {"an old Office document is kept", "a.doc", "application/doc", BYTES_OLE2, "clean", false},
    {"an empty file is taken and said", "a.txt", "application/zip", BYTES_NONE, "DEVIATION_CONTENT_EMPTY", false},
    {"an entry name that climbs is never used", "a.pdf", "application/zip", ZIP_CLIMBING, "clean", true},
    {"a damaged wrapper is refused", "a.pdf", "application/zip", ZIP_CUT, "PACKAGE_ZIP_BROKEN", false},
    {"an encrypted wrapper is refused", "a.pdf", "application/zip", ZIP_ENCRYPTED, "PACKAGE_ZIP_BROKEN", false},
    {"a wrapper that swells beyond measure is refused", "a.pdf", "application/zip", ZIP_BOMB, "PACKAGE_ZIP_BOMB", false},
};
/* clang-format on */

static void put_file(struct buffer *wire, const char *name, const char *type, struct span bytes)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    base64_append(&text, bytes);
    size_t from = span_find(buffer_span(wire), SPAN_LITERAL("JVBERi0xLjQK"), 0),
           to = span_find(buffer_span(wire), SPAN_LITERAL("</edXML:Content"), from);
    char *old CLEANUP(free_clear) = span_string(span_slice(buffer_span(wire), from, to - from));
    packages_replace(wire, span_text(old), buffer_span(&text));
    packages_replace(wire, SPAN_LITERAL("61-stn-th.signed.pdf"), span_text(name));
    packages_replace(wire, SPAN_LITERAL("application/pdf"), span_text(type));
}

static void the_bytes_of_an_attachment_decide(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(file_rows); i++) {
        struct buffer wire CLEANUP(buffer_clear) = {0}, bytes CLEANUP(buffer_clear) = {0},
                           room CLEANUP(buffer_clear) = {0};
        struct blobs *blobs CLEANUP(blobs_close) = NULL;
        struct package package CLEANUP(package_clear) = {0};
        struct error err = {0};
        packages_load("recall", &wire);
        make_bytes(file_rows[i].bytes, &bytes);
        put_file(&wire, file_rows[i].name, file_rows[i].type, buffer_span(&bytes));
        assert_true(blobs_open(packages_directory, i % 2 ? BLOB_SMALL : 0, &blobs, &err));
        int before = packages_count();
        bool read = package_read(buffer_span(&wire), blobs, NULL, &package, &err);
        const char *outcome = packages_outcome(read, &package, &err, &room);
        if (strcmp(outcome, file_rows[i].outcome) != 0)
            print_error("found %s (%s | %s), expected %s\n", outcome, err.arg[0], err.arg[1],
                        file_rows[i].outcome);
        check_row(strcmp(outcome, file_rows[i].outcome) == 0, file_rows[i].sentence);
        check_row(read || packages_count() == before, "a refused package leaves nothing behind");
        check_row(!read || package.attachments.items[0].unwrapped == file_rows[i].unwrapped,
                  file_rows[i].sentence);
    }
}

/* --- pieces --- */

static void read_in_pieces(struct blobs *blobs, struct span wire, size_t cut, size_t step,
                           struct package_identity *ret_identity, struct buffer *json)
{
    struct package_reader *reader CLEANUP(package_reader_free) = NULL;
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    assert_true(package_reader_new(blobs, NULL, &reader, &err));
    assert_true(package_reader_feed(reader, span_slice(wire, 0, cut), &err));
    for (size_t at = cut; at < wire.size; at += step)
        assert_true(package_reader_feed(reader, span_slice(wire, at, step), &err));
    assert_true(package_reader_finish(reader, &package, &err));
    assert_int_equal(package.deviations.count, 0);
    package_identity(&package, ret_identity);
    header_json_write(&package.header, json);
}

static void every_split_reads_the_same(void **state)
{
    (void)state;
    struct buffer wire CLEANUP(buffer_clear) = {0}, whole CLEANUP(buffer_clear) = {0};
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct package_identity identity, again;
    struct error err = {0};
    packages_load("new", &wire);
    packages_replace(&wire, SPAN_LITERAL("JVBERi0xLjQK"),
                     SPAN_LITERAL("<![CDATA[JVBE]]>&#xD;\r\nRi0x&#10;LjQK"));
    assert_true(blobs_open_scratch(packages_directory, BLOB_SMALL, &blobs, &err));
    read_in_pieces(blobs, buffer_span(&wire), wire.size, 1, &identity, &whole);
    for (size_t cut = 0; cut <= wire.size; cut++) {
        struct buffer json CLEANUP(buffer_clear) = {0};
        read_in_pieces(blobs, buffer_span(&wire), cut, cut % 97 == 0 ? 1 : SIZE_MAX / 2, &again, &json);
        assert_string_equal(identity.content, again.content);
        assert_true(span_equal(buffer_span(&whole), buffer_span(&json)));
    }
}

/* Whatever is cut off, the package is refused, quietly or not at all; never a crash, never half a package. */
static void every_truncation_is_refused(void **state)
{
    (void)state;
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct error err = {0};
    packages_load("new", &wire);
    assert_true(blobs_open(packages_directory, 0, &blobs, &err));
    int before = packages_count();
    for (size_t size = 0; size + 3 <= wire.size; size++) {
        struct package package CLEANUP(package_clear) = {0};
        assert_false(package_read(span_slice(buffer_span(&wire), 0, size), blobs, NULL, &package, &err));
        assert_non_null(err.text);
    }
    assert_int_equal(packages_count(), before);
}

/* --- limits --- */

static void repeat(struct buffer *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        buffer_text(out, text);
}

static const struct {
    const char *sentence, *message, *where, *piece;
    size_t times;
    const char *outcome;
} limit_rows[] = {
    {"2001 recipients are refused", "new", "<edXML:DocumentId>",
     "<edXML:To><edXML:OrganId>H95</edXML:OrganId></edXML:To>", 1999, "PACKAGE_TOO_MANY"},
    {"a text of more than 64 KiB is refused", "new", "</edXML:Subject>", "0123456789abcdef", 4096,
     "PACKAGE_TEXT_LIMIT"},
    {"more than a megabyte of header is refused", "new", "</edXML:Appendixes>",
     "<edXML:Appendix>0123456789abcdef0123456789abcdef</edXML:Appendix>", 33000, "PACKAGE_TOO_MANY"},
    {"more than a megabyte of recipients' texts is refused", "new", "</edXML:Appendixes>", NULL, 0,
     "PACKAGE_HEADER_LIMIT"},
    {"more than eight megabytes of markup are refused", "new", "<edXML:Subject>", "<edXML:X/>       ", 600000,
     "PACKAGE_MARKUP_LIMIT"},
    {"201 attachments are refused", "recall", "</AttachmentEncoded>",
     "<Attachment><ContentTransferEncoded>AAAA</ContentTransferEncoded></Attachment>", 200,
     "PACKAGE_TOO_MANY"},
    {"a million elements inside each other are refused", "new", "<edXML:Subject>", "<edXML:X>", 1000000,
     "XML_TOO_DEEP"},
    {"a tag of more than 64 KiB is refused", "new", "<edXML:Subject>", NULL, 1, "XML_MONSTER_TAG"},
};

static void limits_are_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(limit_rows); i++) {
        struct buffer wire CLEANUP(buffer_clear) = {0}, more CLEANUP(buffer_clear) = {0},
                           room CLEANUP(buffer_clear) = {0};
        struct blobs *blobs CLEANUP(blobs_close) = NULL;
        struct package package CLEANUP(package_clear) = {0};
        struct error err = {0};
        packages_load(limit_rows[i].message, &wire);
        if (limit_rows[i].piece)
            repeat(&more, limit_rows[i].piece, limit_rows[i].times);
        else if (limit_rows[i].times) {
            buffer_text(&more, "<edXML:X a='");
            repeat(&more, "0123456789abcdef", 5000);
            buffer_text(&more, "'/>");
        } else
            for (size_t k = 0; k < 20; k++) {
                buffer_text(&more, "<edXML:Appendix>");
                repeat(&more, "0123456789abcde\n", 3900);
                buffer_text(&more, "</edXML:Appendix>");
            }
        buffer_text(&more, limit_rows[i].where);
        packages_replace(&wire, span_text(limit_rows[i].where), buffer_span(&more));
        assert_true(blobs_open(packages_directory, 0, &blobs, &err));
        int before = packages_count();
        bool read = package_read(buffer_span(&wire), blobs, NULL, &package, &err);
        const char *outcome = packages_outcome(read, &package, &err, &room);
        if (strcmp(outcome, limit_rows[i].outcome) != 0)
            print_error("found %s (%s | %s), expected %s\n", outcome, err.arg[0], err.arg[1],
                        limit_rows[i].outcome);
        check_row(!read && strcmp(outcome, limit_rows[i].outcome) == 0 && packages_count() == before,
                  limit_rows[i].sentence);
    }
}

static void an_attachment_over_the_callers_limit_is_refused(void **state)
{
    (void)state;
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    static const struct package_limits one = {.attachment = 40}, all = {.attachments = 80},
                                       unwrapped = {.attachments = 270};
    packages_load("new", &wire);
    assert_true(blobs_open(packages_directory, 0, &blobs, &err));
    assert_false(package_read(buffer_span(&wire), blobs, &one, &package, &err));
    assert_string_equal(err.text->name, "PACKAGE_ATTACHMENT_LIMIT");
    assert_false(package_read(buffer_span(&wire), blobs, &all, &package, &err));
    assert_string_equal(err.text->name, "PACKAGE_ATTACHMENTS_LIMIT");
    assert_false(package_read(buffer_span(&wire), blobs, &unwrapped, &package, &err));
    assert_string_equal(err.text->name, "PACKAGE_ZIP_BOMB");
}

static void a_refusal_names_its_place(void **state)
{
    (void)state;
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    char line[512];
    packages_load("new", &wire);
    packages_replace(&wire, SPAN_LITERAL("000.00.07.H96"), SPAN_LITERAL("H96 07"));
    assert_true(blobs_open(packages_directory, 0, &blobs, &err));
    assert_false(package_read(buffer_span(&wire), blobs, NULL, &package, &err));
    assert_string_equal(err.arg[0], "MessageHeader/To[2]/OrganId");
    assert_string_equal(error_sentence(&err, LANGUAGE_EN, sizeof(line), line),
                        "MessageHeader/To[2]/OrganId is not a usable agency code: \"H96 07\" (at most 50 "
                        "ASCII characters, no spaces).");
}

static void variants_are_taken_and_said(void **state)
{
    (void)state;
    check_rows(variant_rows, COUNT_OF(variant_rows), BLOB_SMALL);
}

static void bad_packages_are_refused_by_their_rule(void **state)
{
    (void)state;
    check_rows(refused_rows, COUNT_OF(refused_rows), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(variants_are_taken_and_said),
        cmocka_unit_test(bad_packages_are_refused_by_their_rule),
        cmocka_unit_test(the_bytes_of_an_attachment_decide),
        cmocka_unit_test(every_split_reads_the_same),
        cmocka_unit_test(every_truncation_is_refused),
        cmocka_unit_test(limits_are_named),
        cmocka_unit_test(an_attachment_over_the_callers_limit_is_refused),
        cmocka_unit_test(a_refusal_names_its_place),
    };
    return cmocka_run_group_tests_name("edxml_read", tests, packages_make_directory,
                                       packages_remove_directory);
}
