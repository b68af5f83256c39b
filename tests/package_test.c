/* What exchange/header, exchange/secret, package_identity and the packages of the command line promise. */
#include "tests/check.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

#include "exchange/edxml_table.h"
#include "exchange/secret.h"
#include "tests/packages.h"

/* --- the header as JSON --- */

#define EDOC                                                                                                 \
    "\"from\":{\"code\":\"H97.11\"},\"to\":[{\"code\":\"G97\"}],\"number\":\"1\",\"notation\":\"A\","        \
    "\"date\":\"2025-06-02\",\"subject\":\"V/v\""
#define STATUS                                                                                               \
    "\"kind\":\"status\",\"from\":{\"code\":\"G97\"},\"status\":\"03\",\"time\":\"2025-06-02T08:30:00+07:"   \
    "00\""
#define RESPONSE "\"response_for\":[{\"code\":\"H97.11\",\"number\":\"1/A\",\"document_id\":\"x\"}]"

static const struct {
    const char *sentence, *json;
    const char *refusal, *place; /* NULL: it is taken */
} json_rows[] = {
    {"the least document is taken", "{" EDOC "}", NULL, NULL},
    {"the least status is taken", "{" STATUS "," RESPONSE "}", NULL, NULL},
    {"an unknown member suggests the nearest", "{" EDOC ",\"sumary\":\"x\"}", "HEADER_UNKNOWN_NEAR",
     "sumary"},
    {"one that is near to nothing is named", "{" EDOC ",\"colour\":\"x\"}", "HEADER_UNKNOWN", "colour"},
    {"an unknown member inside is named with its path", "{\"from\":{\"cod\":\"x\"}}", "HEADER_UNKNOWN_NEAR",
     "from.cod"},
    {"an unknown kind is refused", "{\"kind\":\"letter\"}", "HEADER_MEMBER", "kind"},
    {"a date of the wire is refused", "{\"date\":\"2025/06/02\"}", "HEADER_MEMBER", "date"},
    {"a day that does not exist is refused", "{\"date\":\"2025-02-30\"}", "HEADER_MEMBER", "date"},
    {"a code with a space is refused with its path", "{\"to\":[{\"code\":\"G97\"},{\"code\":\"G 7\"}]}",
     "HEADER_MEMBER", "to[1].code"},
    {"a number as text is refused", "{\"pages\":\"4\"}", "HEADER_MEMBER", "pages"},
    {"an urgency beyond the list is refused", "{\"urgency\":5}", "HEADER_MEMBER", "urgency"},
    {"a kind of business beyond the list is refused", "{\"business\":{\"type\":4}}", "HEADER_MEMBER",
     "business.type"},
    {"a control character is refused", "{\"subject\":\"a\\u0001\"}", "HEADER_MEMBER", "subject"},
    {"a blank in a list is refused", "{\"places\":[\"A\",\" \"]}", "HEADER_MEMBER", "places[1]"},
    {"a list that is none is refused", "{\"to\":{\"code\":\"G97\"}}", "HEADER_MEMBER", "to"},
    {"a member of a status has no place in a document", "{" EDOC ",\"time\":\"2025-06-02T08:30:00+07:00\"}",
     "HEADER_ONLY_STATUS", "time"},
    {"no sender is named", "{}", "HEADER_MISSING", "from.code"},
    {"no recipient is named", "{\"from\":{\"code\":\"H97.11\"}}", "HEADER_MISSING", "to"},
    {"a recipient without code is named",
     "{\"from\":{\"code\":\"H97.11\"},\"to\":[{\"code\":\"G97\"},{\"name\":\"x\"}]}", "HEADER_MISSING",
     "to[1].code"},
    {"a missing subject is named",
     "{\"from\":{\"code\":\"H97.11\"},\"to\":[{\"code\":\"G97\"}],\"number\":\"1\",\"notation\":\"A\","
     "\"date\":\"2025-06-02\"}",
     "HEADER_MISSING", "subject"},
    {"a status about nothing is named", "{" STATUS "}", "HEADER_MISSING", "response_for"},
    {"a subject that bears a marking is refused",
     "{\"from\":{\"code\":\"H97.11\"},\"to\":[{\"code\":\"G97\"}],\"number\":\"1\",\"notation\":\"A\","
     "\"date\":\"2025-06-02\",\"subject\":\"TỐI MẬT. V/v\"}",
     "PACKAGE_SECRET", "Subject"},
    {"what is not JSON is refused", "{", "JSON_MALFORMED", NULL},
};

static void headers_are_read_strictly(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(json_rows); i++) {
        struct header header CLEANUP(header_clear) = {0};
        struct error err = {0};
        bool taken =
            header_json_read(span_text(json_rows[i].json), &header, &err) && header_check(&header, &err);
        const char *refusal = taken ? "" : err.text->name,
                   *expected = json_rows[i].refusal ? json_rows[i].refusal : "";
        if (strcmp(refusal, expected) != 0)
            print_error("found %s (%s | %s)\n", refusal, err.arg[0], err.arg[1]);
        check_row(strcmp(refusal, expected) == 0, json_rows[i].sentence);
        check_row(taken || !json_rows[i].place || strcmp(err.arg[0], json_rows[i].place) == 0,
                  json_rows[i].sentence);
    }
}

static void an_outgoing_document_is_completed(void **state)
{
    (void)state;
    static const struct clock clock = {.fixed_ms = 1748827800000};
    struct header header CLEANUP(header_clear) = {0};
    struct buffer json CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    assert_true(header_json_read(SPAN_LITERAL("{" EDOC "}"), &header, &err)
                && header_complete(&header, &clock, &err));
    header_json_write(&header, &json);
    assert_string_equal(buffer_string(&json),
                        "{\"from\":{\"code\":\"H97.11\"},\"to\":[{\"code\":\"G97\"}],\"document_id\":\"H97."
                        "11,2025/06/02,1/A\","
                        "\"number\":\"1\",\"notation\":\"A\",\"date\":\"2025-06-02\",\"subject\":\"V/"
                        "v\",\"urgency\":0,\"copies\":1,\"pages\":1,"
                        "\"direction\":false,\"steering\":0,\"business\":{\"type\":0,\"paper\":0},"
                        "\"trace\":[{\"code\":\"H97.11\",\"time\":\"2025-06-02T08:30:00+07:00\"}]}");
}

/* --- markings --- */

static const struct {
    const char *text;
    enum secret_field field;
    const char *marking;
} secret_rows[] = {
    {"MẬT", SECRET_SENTENCE, "MẬT"},
    {"Mật: V/v kế hoạch", SECRET_SENTENCE, "MẬT"},
    {"MẬT V/v kế hoạch", SECRET_SENTENCE, "MẬT"},
    {"[TỐI MẬT] V/v kế hoạch", SECRET_SENTENCE, "TỐI MẬT"},
    {"V/v kế hoạch ( Tuyệt  mật )", SECRET_SENTENCE, "TUYỆT MẬT"},
    {"Tuyệt mật kế hoạch phòng thủ", SECRET_SENTENCE, "TUYỆT MẬT"},
    {"Báo cáo tình hình – MẬT", SECRET_SENTENCE, "MẬT"},
    {"Độ mật: Tối mật. V/v kế hoạch", SECRET_SENTENCE, "TỐI MẬT"},
    {"[TUYET MAT] V/v ke hoach", SECRET_SENTENCE, "TUYỆT MẬT"},
    {"M\x41\xCC\x82\xCC\xA3T: V/v", SECRET_SENTENCE, "MẬT"},
    {"(M\xE1\xBA\xA0\xCC\x82T) V/v", SECRET_SENTENCE, "MẬT"},
    {"V/v bảo vệ bí mật nhà nước", SECRET_SENTENCE, NULL},
    {"Quy định về bảo vệ tài liệu tối mật, tuyệt mật", SECRET_SENTENCE, NULL},
    {"V/v xác định độ mật của văn bản", SECRET_SENTENCE, NULL},
    {"Bí mật đời tư và bí mật kinh doanh", SECRET_SENTENCE, NULL},
    {"Mật ong rừng", SECRET_SENTENCE, NULL},
    {"MẬT ONG - sản phẩm OCOP", SECRET_SENTENCE, NULL},
    {"V/v cơ sở nuôi ong mật", SECRET_SENTENCE, NULL},
    {"V/v phòng chống bệnh sỏi mật", SECRET_SENTENCE, NULL},
    {"Mất, mặt, mát: V/v", SECRET_SENTENCE, NULL},
    {"MAT: V/v", SECRET_SENTENCE, NULL},
    {"", SECRET_SENTENCE, NULL},
    {"Công văn mật", SECRET_WORDS, "MẬT"},
    {"Quyết định (Tối mật)", SECRET_WORDS, "TỐI MẬT"},
    {"UBND-MẬT", SECRET_WORDS, "MẬT"},
    {"Thỏa thuận bảo mật", SECRET_WORDS, NULL},
    {"Quy chế mật mã", SECRET_WORDS, NULL},
    {"Công văn", SECRET_WORDS, NULL},
    {"[MẬT] ke-hoach.pdf", SECRET_FILE, "MẬT"},
    {"TỐI_MẬT_ke_hoach.pdf", SECRET_FILE, "TỐI MẬT"},
    {"MẬT.pdf", SECRET_FILE, "MẬT"},
    {"quy_chế_bảo_mật.pdf", SECRET_FILE, NULL},
    {"mật_ong.pdf", SECRET_FILE, NULL},
    {"Tối mật", SECRET_DEGREE, "TỐI MẬT"},
    {"3", SECRET_DEGREE, "MẬT"},
    {"0", SECRET_DEGREE, NULL},
    {"Thường", SECRET_DEGREE, NULL},
};

static void markings_are_stamps_not_words(void **state)
{
    (void)state;
    assert_null(secret_marking(NULL, SECRET_SENTENCE));
    for (size_t i = 0; i < COUNT_OF(secret_rows); i++) {
        const char *marking = secret_marking(secret_rows[i].text, secret_rows[i].field);
        bool same = marking && secret_rows[i].marking ? strcmp(marking, secret_rows[i].marking) == 0
                                                      : marking == secret_rows[i].marking;
        check_row(same, secret_rows[i].text);
    }
}

/* --- identity --- */

enum change { SAME, OTHER_CONTENT, OTHER_DOCUMENT };
static const struct {
    const char *sentence, *from, *to;
    enum change change;
} identity_rows[] = {
    {"a hop more is the same", "</edXML:TraceHeader>",
     "</edXML:TraceHeader><edXML:TraceHeader><edXML:Timestamp>2025/06/02 "
     "08:31:00</edXML:Timestamp></edXML:TraceHeader>",
     SAME},
    {"another direction is the same", "<edXML:Direction>false", "<edXML:Direction>true", SAME},
    {"other recipients are the same document", "000.00.07.H96", "000.00.08.H96", SAME},
    {"numbers with defaults are left to the axis", "<edXML:PageAmount>4</edXML:PageAmount>", "", SAME},
    {"an empty ResponseFor is none", "<edXML:SteeringType>", "<edXML:ResponseFor/><edXML:SteeringType>",
     SAME},
    {"a sender in other letters is the same", "<edXML:OrganId>H97.11", "<edXML:OrganId>h97.11", SAME},
    {"another name of the sender is the same", "Sở Thử nghiệm tỉnh Ví Dụ", "Sở Thử nghiệm", SAME},
    {"line breaks in base64 are the same", "JVBERi0x", "JVBE\r\nRi0x", SAME},
    {"another subject is other content", "trao đổi văn bản", "trao đổi giấy tờ", OTHER_CONTENT},
    {"another signer is other content", "Đỗ Thị Thí Dụ", "Đỗ Thị Ví Dụ", OTHER_CONTENT},
    {"another byte in a file is other content", "JVBERi0xLjQK", "JVBERi0xLjUK", OTHER_CONTENT},
    {"another DocumentId is another document", "H97.11,2025/06/02,58/STN-TH", "H97.11,2025/06/02,59/STN-TH",
     OTHER_DOCUMENT},
    {"another sender is another document", "<edXML:OrganId>H97.11", "<edXML:OrganId>H97.12", OTHER_DOCUMENT},
    {"another kind of business is another document", "<edXML:BussinessDocType>0", "<edXML:BussinessDocType>2",
     OTHER_DOCUMENT},
};

static void identify(const char *message, const char *from, const char *to,
                     struct package_identity *ret_identity)
{
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    packages_load(message, &wire);
    if (from)
        packages_replace(&wire, span_text(from), span_text(to));
    assert_true(blobs_open_scratch(packages_directory, BLOB_SMALL, &blobs, &err));
    assert_true(package_read(buffer_span(&wire), blobs, NULL, &package, &err));
    package_identity(&package, ret_identity);
}

static void what_the_axis_rewrites_changes_no_identity(void **state)
{
    (void)state;
    struct package_identity first, other;
    identify("new", NULL, NULL, &first);
    assert_string_equal(first.from.text, "H97.11");
    assert_string_equal(first.document_id, "H97.11,2025/06/02,58/STN-TH");
    assert_int_equal(first.type, BUSINESS_NEW);
    for (size_t i = 0; i < COUNT_OF(identity_rows); i++) {
        identify("new", identity_rows[i].from, identity_rows[i].to, &other);
        bool same_key = strcmp(first.key, other.key) == 0,
             same_content = strcmp(first.content, other.content) == 0;
        enum change change = !same_key ? OTHER_DOCUMENT : same_content ? SAME : OTHER_CONTENT;
        check_row(change == identity_rows[i].change, identity_rows[i].sentence);
    }
}

static void a_status_is_known_by_who_what_and_when(void **state)
{
    (void)state;
    struct package_identity first, other;
    identify("status", NULL, NULL, &first);
    identify("status", "Đã vào sổ", "Đã ghi sổ", &other);
    assert_string_equal(first.key, other.key);
    identify("status", "09:12:45", "09:12:46", &other);
    assert_string_not_equal(first.key, other.key);
    identify("status", "<edXML:StatusCode>03", "<edXML:StatusCode>04", &other);
    assert_string_not_equal(first.key, other.key);
}

/* --- files --- */

static void path_of(const char *name, char ret_path[static 160])
{
    snprintf(ret_path, 160, "%s/%s", packages_directory, name);
}

static void put(const char *name, struct span bytes)
{
    struct out_file file CLEANUP(out_file_close) = {.fd = -1};
    struct error err = {0};
    char path[160];
    path_of(name, path);
    assert_true(out_file_open(path, true, &file, &err) && fd_write_all(file.fd, bytes, &err)
                && out_file_commit(&file, &err));
}

static bool holds(const char *name, const char *expected)
{
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    struct error err = {0};
    char path[160];
    path_of(name, path);
    return file_read(path, 1 << 20, &bytes, &err) && (!expected || span_is(buffer_span(&bytes), expected));
}

static bool make(const char *header, const char *const *names, size_t count, const char *out,
                 struct error *err)
{
    char header_path[160], out_path[160], paths[8][160];
    const char *pointers[8];
    path_of(header, header_path);
    path_of(out, out_path);
    for (size_t i = 0; i < count; i++) {
        path_of(names[i], paths[i]);
        pointers[i] = paths[i];
    }
    int fd CLEANUP(fd_close) = open(out_path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
    struct sink sink = sink_fd(fd);
    return package_make(header_path, pointers, count, &clock_system, &sink, NULL, err)
           && sink_finish(&sink, err);
}

static bool open_into(const char *name, const char *directory, bool replace, struct package *package,
                      struct error *err)
{
    char path[160], into[160];
    path_of(name, path);
    path_of(directory, into);
    return package_open_file(path, into, replace, NULL, package, err);
}

static void what_was_made_is_opened(void **state)
{
    (void)state;
    static const char *const names[] = {"cong-van.pdf", "bieu.csv"};
    struct package package CLEANUP(package_clear) = {0}, checked CLEANUP(package_clear) = {0};
    struct error err = {0};
    char path[160];
    put("header", SPAN_LITERAL("{" EDOC ",\"to\":[{\"code\":\"G97\"}]}"));
    assert_false(make("header", names, 2, "made.edxml", &err)); /* a member twice */
    put("header", SPAN_LITERAL("{" EDOC "}"));
    put("cong-van.pdf", SPAN_LITERAL("%PDF-1.4\n"));
    put("bieu.csv", SPAN_LITERAL("1,2\n"));
    assert_true(make("header", names, 2, "made.edxml", &err));

    path_of("made.edxml", path);
    assert_true(package_check(path, NULL, &checked, &err));
    assert_int_equal(checked.deviations.count, 2); /* the names of sender and recipient */

    assert_true(open_into("made.edxml", "out", false, &package, &err));
    assert_true(holds("out/cong-van.pdf", "%PDF-1.4\n") && holds("out/bieu.csv", "1,2\n")
                && holds("out/header.json", NULL));
    package_clear(&package);
    assert_false(open_into("made.edxml", "out", false, &package, &err));
    assert_int_equal(err.code, ERR_EXISTS);
    assert_true(open_into("made.edxml", "out", true, &package, &err));

    static const char *const opened[] = {"out/cong-van.pdf", "out/bieu.csv"};
    assert_true(make("out/header.json", opened, 2, "again.edxml", &err));
    struct buffer first CLEANUP(buffer_clear) = {0}, second CLEANUP(buffer_clear) = {0};
    assert_true(file_read(path, 1 << 20, &first, &err));
    path_of("again.edxml", path);
    assert_true(file_read(path, 1 << 20, &second, &err));
    assert_true(span_equal(buffer_span(&first), buffer_span(&second)));
}

static void opened_files_have_names_of_their_own(void **state)
{
    (void)state;
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    packages_load("new", &wire);
    packages_replace(&wire, SPAN_LITERAL("58-stn-th.signed.pdf"), SPAN_LITERAL(".header.PDF"));
    packages_replace(&wire, SPAN_LITERAL("application/zip"), SPAN_LITERAL("application/pdf"));
    packages_replace(&wire, SPAN_LITERAL("bieu-mau-01.csv"), SPAN_LITERAL("HEADER.json"));
    put("names.edxml", buffer_span(&wire));
    assert_true(open_into("names.edxml", "names", false, &package, &err));
    assert_string_equal(package.attachments.items[0].name, "_header.PDF");
    assert_string_equal(package.attachments.items[1].name, "HEADER-2.json");
    assert_true(holds("names/_header.PDF", NULL) && holds("names/HEADER-2.json", "stt,ten\n1,Mau\n"));
}

static void a_refused_package_leaves_no_directory(void **state)
{
    (void)state;
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    char path[160];
    put("bad.edxml", SPAN_LITERAL("<edXML"));
    assert_false(open_into("bad.edxml", "bad", false, &package, &err));
    path_of("bad", path);
    assert_int_not_equal(access(path, F_OK), 0);
    assert_false(open_into("nowhere.edxml", "bad", false, &package, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_int_not_equal(access(path, F_OK), 0);
    put("empty.edxml", SPAN_LITERAL(""));
    assert_false(open_into("empty.edxml", "bad", false, &package, &err));
    assert_string_equal(err.text->name, "PACKAGE_EMPTY");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_read_strictly),
        cmocka_unit_test(an_outgoing_document_is_completed),
        cmocka_unit_test(markings_are_stamps_not_words),
        cmocka_unit_test(what_the_axis_rewrites_changes_no_identity),
        cmocka_unit_test(a_status_is_known_by_who_what_and_when),
        cmocka_unit_test(what_was_made_is_opened),
        cmocka_unit_test(opened_files_have_names_of_their_own),
        cmocka_unit_test(a_refused_package_leaves_no_directory),
    };
    return cmocka_run_group_tests_name("package", tests, packages_make_directory, packages_remove_directory);
}
