/* /api/v1/documents as callers use it: handed in once, shown to those it concerns, refused with the rule
 * and then nowhere to be found. */
#include "tests/check.h"
#include "tests/server_fixture.h"

#define SAME_BYTES "%PDF-1.7\n%\xe2\xe3\xcf\xd3\nket qua\n%%EOF\n"
enum { LARGE = 200 << 10 /* of a file that stands in blobs/, not in the database */ };

static const char *const every_right[] = {"submit", "read", NULL}, *const reading[] = {"read", NULL};
static const char *const department[] = {"H99.05", NULL}, *const commune[] = {"h99.12.03", NULL},
                         *const nobody[] = {"H97", NULL};
static const char *const keys[] = {"pkcs11:token=leader", NULL};

static struct server server;

/* Tokens are their own names here. */
static void write_token(const char *name)
{
    struct digest_value hash = digest_of(DIGEST_SHA256, span_text(name));
    char hex[2 * DIGEST_MAX + 1];
    hex_text(digest_span(&hash), hex);
    server_file(&server, name, span_text(hex));
}

static void write_header(const char *name, const char *change, const char *to)
{
    struct buffer json CLEANUP(buffer_clear) = {0};
    buffer_format(&json,
                  "{\"from\":{\"code\":\"H99.05\",\"name\":\"Sở Nội "
                  "vụ\"},\"to\":[%s],\"number\":\"127\",\"notation\":\"SNV-VP\","
                  "\"date\":\"2025-03-14\",\"subject\":\"V/v thử nghiệm\"%s}",
                  to, change);
    server_file(&server, name, buffer_span(&json));
}

static void write_files(void)
{
    struct buffer large CLEANUP(buffer_clear) = {0};
    buffer_text(&large, SAME_BYTES);
    for (int i = 0; i < LARGE; i++)
        buffer_u8(&large, (uint8_t)('a' + i % 26));
    server_file(&server, "small.pdf", span_text(SAME_BYTES));
    server_file(&server, "large.pdf", buffer_span(&large));
    server_file(&server, "zip.bin", SPAN_LITERAL("PK\3\4 and so on, and so on, and so on"));
    server_file(&server, "text.bin", SPAN_LITERAL("plain words"));
    const char *to = "{\"code\":\"H99.12.03\",\"name\":\"UBND xã\"}";
    write_header("header.json", "", to);
    write_header("other.json", ",\"summary\":\"khác\"", to);
    write_header("typo.json", ",\"subjekt\":\"x\"", to);
    write_header("secret.json", ",\"document_id\":\"mat\",\"summary\":\"(TUYỆT MẬT) Kế hoạch\"", to);
    write_header("nobody.json", ",\"document_id\":\"khong-ai\"", "");
    write_header("status.json", ",\"kind\":\"status\"", to);
    write_header("foreign.json", ",\"document_id\":\"la\",\"from2\":0", to);
    write_header("deep.json", ",\"document_id\":\"sau\"", to);
    write_header("large.json", ",\"document_id\":\"lon\"", to);
}

static int start(void **state)
{
    static char hashes[4][128];
    static struct token_section tokens[] = {
        {.name = "mot-cua", .rights = every_right, .keys = keys, .agencies = department},
        {.name = "xa", .rights = reading, .agencies = commune},
        {.name = "la", .rights = every_right, .agencies = nobody},
        {.name = "khong-quyen"},
    };
    static const struct token_section *list[COUNT_OF(tokens)];
    if (fixture_open(state) != 0)
        return -1;
    server.fixture = *state;
    for (size_t i = 0; i < COUNT_OF(tokens); i++) {
        write_token(tokens[i].name);
        snprintf(hashes[i], sizeof(hashes[i]), "%s/%s", server.fixture->directory, tokens[i].name);
        tokens[i].hash_file = hashes[i];
        list[i] = &tokens[i];
    }
    server.settings.tokens = list;
    server.settings.token_count = COUNT_OF(tokens);
    write_files();
    server_start(&server);
    return 0;
}

static int stop(void **state)
{
    server_stop(&server);
    return fixture_close(state);
}

#define AS(token) "-H 'Authorization: Bearer " token "' "
#define SUBMIT(token, key) AS(token) "-H 'Idempotency-Key: " key "' BASE/api/v1/documents "
#define FORM(header) "-F header=@DIR/" header " "
#define FILE_AS(file, name) "-F 'file=@DIR/" file ";filename=" name "' "

static bool answered(const char *answer, const char *status, const char *words)
{
    const char *bar = strrchr(answer, '|');
    bool right = bar && strcmp(bar + 1, status) == 0 && strstr(answer, words);
    if (!right)
        print_error("answered: %.600s … %s\n", answer, bar ? bar : "");
    return right;
}

static const struct {
    const char *sentence, *arguments, *status, *words;
} refusals[] = {
    {"without a token nobody hands anything in", "-X POST BASE/api/v1/documents", "401", "A token is needed"},
    {"nor with one that may not", SUBMIT("khong-quyen", "r0") FORM("header.json"), "403",
     "does not have the right submit"},
    {"nor one that only reads", SUBMIT("xa", "r0") FORM("header.json"), "403",
     "does not have the right submit"},
    {"Idempotency-Key is required",
     AS("mot-cua") "BASE/api/v1/documents " FORM("header.json") FILE_AS("small.pdf", "a.pdf"), "400",
     "no Idempotency-Key"},
    {"a form without header is refused", SUBMIT("mot-cua", "r1") FILE_AS("small.pdf", "a.pdf"), "400",
     "The parameter header is missing"},
    {"a form without file is refused", SUBMIT("mot-cua", "r1") FORM("header.json"), "400",
     "There is no file"},
    {"a file without a name is refused", SUBMIT("mot-cua", "r1") FORM("header.json") "-F file=abc", "400",
     "number 1 has no file name"},
    {"an unknown field is refused by name",
     SUBMIT("mot-cua", "r1") FORM("header.json") FILE_AS("small.pdf", "a.pdf") "-F files=1", "400",
     "unknown field \\\"files\\\""},
    {"two headers are refused",
     SUBMIT("mot-cua", "r1") FORM("header.json") FORM("header.json") FILE_AS("small.pdf", "a.pdf"), "400",
     "The field header is there twice"},
    {"a body that is no form is refused", SUBMIT("mot-cua", "r1") "-d abc", "400",
     "The parameter header is missing"},
    {"a header that is no JSON is refused",
     SUBMIT("mot-cua", "r1") FORM("text.bin") FILE_AS("small.pdf", "a.pdf"), "400", "line 1"},
    {"an unknown member of the header gets the nearest name",
     SUBMIT("mot-cua", "r1") FORM("typo.json") FILE_AS("small.pdf", "a.pdf"), "400",
     "Did you mean \\\"subject\\\""},
    {"a header without recipients is refused",
     SUBMIT("mot-cua", "r1") FORM("nobody.json") FILE_AS("large.pdf", "a.pdf"), "422", "to"},
    {"a status is no document", SUBMIT("mot-cua", "r1") FORM("status.json") FILE_AS("small.pdf", "a.pdf"),
     "400", ""},
    {"a sender the token may not send for is refused",
     SUBMIT("la", "r1") FORM("header.json") FILE_AS("small.pdf", "a.pdf"), "403",
     "may not send for the agency H99.05"},
    {"a key the token does not list is refused",
     SUBMIT("mot-cua", "r1") FORM("header.json") FILE_AS("small.pdf", "a.pdf") "-F seal=pkcs11:token=agency",
     "403", "may not use the key pkcs11:token=agency"},
    {"a document marked TUYỆT MẬT is refused",
     SUBMIT("mot-cua", "r1") FORM("secret.json") FILE_AS("large.pdf", "a.pdf"), "422",
     "takes no state secrets"},
    {"a file marked MẬT in its name too",
     SUBMIT("mot-cua", "r1") FORM("large.json") FILE_AS("large.pdf", "[MẬT] kế hoạch.pdf"), "422",
     "takes no state secrets"},
    {"a name that climbs is refused",
     SUBMIT("mot-cua", "r1") FORM("large.json") FILE_AS("large.pdf", "../../etc/passwd.pdf"), "422",
     "cannot be used: a name has no /"},
    {"a name with backslashes too",
     SUBMIT("mot-cua", "r1") FORM("large.json") FILE_AS("large.pdf", "C:\\\\\\\\a.pdf"), "422",
     "cannot be used"},
    {"a ZIP under the name of a PDF is refused",
     SUBMIT("mot-cua", "r1") FORM("header.json") FILE_AS("zip.bin", "a.pdf"), "422",
     "claims to be a PDF but is a ZIP"},
    {"text under the name of a PDF is refused",
     SUBMIT("mot-cua", "r1") FORM("header.json") FILE_AS("text.bin", "a.pdf"), "422",
     "claims to be a PDF but is none"},
    {"a PDF under the name of a ZIP is refused",
     SUBMIT("mot-cua", "r1") FORM("header.json") FILE_AS("small.pdf", "a.zip"), "422",
     "claims to be a ZIP but is PDF"},
    {"a ZIP under the name of a text is refused",
     SUBMIT("mot-cua", "r1") FORM("header.json") FILE_AS("zip.bin", "a.txt"), "422", "ZIP"},
    {"the second of two files is looked at too",
     SUBMIT("mot-cua", "r1") FORM("large.json") FILE_AS("large.pdf", "a.pdf") FILE_AS("text.bin", "b.pdf"),
     "422", "The file b.pdf claims to be a PDF"},
};

static void what_is_refused_names_the_rule_and_leaves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(refusals); i++)
        check_row(answered(server_ask(&server, refusals[i].arguments), refusals[i].status, refusals[i].words),
                  refusals[i].sentence);
    assert_int_equal(server_blobs(&server), 0);
    struct store_figures figures;
    struct error err = {0};
    assert_true(store_figures(server.fixture->store, &figures, &err));
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        assert_int_equal(figures.stages[stage], 0);
}

#define GOOD(key)                                                                                            \
    SUBMIT("mot-cua", key)                                                                                   \
    FORM("header.json") FILE_AS("large.pdf", "ket-qua.pdf") FILE_AS("text.bin", "biểu số liệu.txt")

static void a_document_is_handed_in_once(void **state)
{
    (void)state;
    char id[128], url[128];
    const char *answer = server_ask(&server, GOOD("k1"));
    assert_true(answered(answer, "202", "\"check_url\":\"https://kiemtra.mau.example/k/"));
    snprintf(id, sizeof(id), "%s", server_word(answer, "id"));
    snprintf(url, sizeof(url), "%s", server_word(answer, "check_url"));
    assert_int_equal(strlen(server_word(answer, "check_code")), CHECK_CODE_SIZE - 1);
    assert_int_equal(server_blobs(&server), 1);

    answer = server_ask(&server, GOOD("k1"));
    assert_true(answered(answer, "202", id));
    assert_string_equal(server_word(answer, "check_url"), url);
    answer = server_ask(&server, GOOD("k2")); /* another key, the same document */
    assert_true(answered(answer, "202", id));
    assert_int_equal(server_blobs(&server), 1);

    answer =
        server_ask(&server, SUBMIT("mot-cua", "k1") FORM("other.json") FILE_AS("large.pdf", "ket-qua.pdf"));
    assert_true(answered(answer, "409", "used for another request"));
    answer =
        server_ask(&server, SUBMIT("mot-cua", "k3") FORM("header.json") FILE_AS("small.pdf", "ket-qua.pdf"));
    assert_true(answered(answer, "409", "received before with other content"));
    assert_int_equal(server_blobs(&server), 1);
}

static const char *ask_about(const char *token, const char *id, const char *what)
{
    char arguments[512];
    snprintf(arguments, sizeof(arguments), AS("%s") "BASE/api/v1/documents/%s%s", token, id, what);
    return server_ask(&server, arguments);
}

static void it_is_shown_to_those_it_concerns(void **state)
{
    (void)state;
    char id[128];
    snprintf(id, sizeof(id), "%s", server_word(server_ask(&server, GOOD("k1")), "id"));
    assert_true(answered(ask_about("mot-cua", id, "/package"), "404", "is not made yet"));
    assert_true(answered(ask_about("mot-cua", id, ""), "200", "\"stage\":\"received\""));
    server_pass(&server);

    const char *answer = ask_about("mot-cua", id, "");
    assert_true(answered(answer, "200", "\"stage\":\"routed\""));
    assert_non_null(
        strstr(answer, "\"to\":{\"code\":\"H99.12.03\",\"name\":\"UBND xã\"},\"state\":\"waiting\""));
    assert_non_null(strstr(answer, "\"code\":\"WAIT_NO_AGENCY\""));
    assert_non_null(strstr(answer, "\"name\":\"biểu số liệu.txt\""));
    assert_true(answered(ask_about("xa", id, ""), "200", id));
    assert_true(answered(ask_about("la", id, ""), "404", "There is no document"));
    assert_true(answered(ask_about("la", id, "/package"), "404", "There is no document"));
    assert_true(answered(ask_about("mot-cua", "khong-co", ""), "404", "There is no document"));
    assert_true(answered(ask_about("mot-cua", "9999999999999999999999999999999999999999999999999999", ""),
                         "404", "There is no document"));
    assert_true(answered(ask_about("xa", id, "/package"), "200",
                         "<edXML:DocumentId>H99.05,2025/03/14,127/SNV-VP</edXML:DocumentId>"));

    register_agency(server.fixture->store, "00.92.W00", "H99.12.03");
    server_pass(&server);
    assert_true(answered(ask_about("xa", id, ""), "200", "\"state\":\"initial\""));
}

static const struct {
    const char *sentence, *arguments, *status, *words;
    bool has_it;
} lists[] = {
    {"its caller lists it", AS("mot-cua") "BASE/api/v1/documents", "200", "", true},
    {"as going out", AS("mot-cua") "'BASE/api/v1/documents?direction=out'", "200", "", true},
    {"not as coming in", AS("mot-cua") "'BASE/api/v1/documents?direction=in'", "200", "\"documents\":[]",
     false},
    {"its receiver lists it as coming in", AS("xa") "'BASE/api/v1/documents?direction=in'", "200", "", true},
    {"not as going out", AS("xa") "'BASE/api/v1/documents?direction=out'", "200", "\"documents\":[]", false},
    {"a stranger lists nothing", AS("la") "BASE/api/v1/documents", "200", "\"documents\":[],\"next\":null",
     false},
    {"an agency of the token's can be asked for", AS("mot-cua") "'BASE/api/v1/documents?agency=H99.05'",
     "200", "", true},
    {"no other one", AS("mot-cua") "'BASE/api/v1/documents?agency=H99.12.03'", "403", "may not send for",
     false},
    {"since leaves out what is older", AS("mot-cua") "'BASE/api/v1/documents?since=2030-01-01'", "200",
     "\"documents\":[]", false},
    {"and takes what is newer", AS("mot-cua") "'BASE/api/v1/documents?since=2025-03-14T00:00:00%2B07:00'",
     "200", "", true},
    {"a page that is full names the next", AS("mot-cua") "'BASE/api/v1/documents?limit=1'", "200",
     "\"next\":\"", true},
    {"a stage can be asked for", AS("mot-cua") "'BASE/api/v1/documents?stage=routed'", "200", "", true},
    {"another is empty", AS("mot-cua") "'BASE/api/v1/documents?stage=refused'", "200", "\"documents\":[]",
     false},
    {"a stage nobody knows is refused", AS("mot-cua") "'BASE/api/v1/documents?stage=lost'", "400", "stage",
     false},
    {"a time that is none is refused", AS("mot-cua") "'BASE/api/v1/documents?since=14/03/2025'", "400",
     "since", false},
    {"a direction that is none too", AS("mot-cua") "'BASE/api/v1/documents?direction=up'", "400", "direction",
     false},
    {"and a limit", AS("mot-cua") "'BASE/api/v1/documents?limit=0'", "400", "limit", false},
    {"a token without rights lists nothing", AS("khong-quyen") "BASE/api/v1/documents", "403", "read", false},
};

static void lists_are_those_of_the_caller(void **state)
{
    (void)state;
    char id[128];
    snprintf(id, sizeof(id), "%s", server_word(server_ask(&server, GOOD("k1")), "id"));
    for (size_t i = 0; i < COUNT_OF(lists); i++) {
        const char *answer = server_ask(&server, lists[i].arguments);
        check_row(answered(answer, lists[i].status, lists[i].words)
                      && (strstr(answer, id) != NULL) == lists[i].has_it,
                  lists[i].sentence);
    }
}

/* Pages' own files and the axis's protocol are nobody's API. */
static bool needs_no_description(const char *path)
{
    static const char *const others[] = {"/", "/assets/{file}", "/favicon.ico", "/robots.txt"};
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (strcmp(others[i], path) == 0)
            return true;
    return strncmp(path, "/XrdAdapter/", strlen("/XrdAdapter/")) == 0;
}

static void the_description_names_every_route_and_every_error(void **state)
{
    (void)state;
    const char *description = server_ask(&server, "BASE/api/v1/openapi.yaml");
    assert_true(answered(description, "200", "openapi: 3.1.0"));
    for (size_t i = 0; i < public_route_count; i++) {
        char line[128];
        snprintf(line, sizeof(line), "\n  %s:\n", public_routes[i].path);
        check_row(needs_no_description(public_routes[i].path) || strstr(description, line),
                  public_routes[i].path);
    }
    for (int code = ERR_NONE + 1; code < ERROR_CODES; code++) {
        const char *name = error_meaning((enum error_code)code)->name,
                   *codes = strstr(description, "enum: [USAGE");
        check_row(codes && strstr(codes, name), name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused_names_the_rule_and_leaves_nothing),
        cmocka_unit_test(a_document_is_handed_in_once),
        cmocka_unit_test(it_is_shown_to_those_it_concerns),
        cmocka_unit_test(lists_are_those_of_the_caller),
        cmocka_unit_test(the_description_names_every_route_and_every_error),
    };
    return cmocka_run_group_tests_name("document_api", tests, start, stop);
}
