/* The axis protocol against a running server, where the conformance run cannot look: what stays on the
 * disk, settings of a system, leaks. */
#include "tests/check.h"
#include "tests/server_fixture.h"

#include "exchange/package.h"
#include "service/axis_words.h"

#define HERE "00.91.W00"
#define THERE "00.92.W00"
#define STRICT "00.93.W00"
#define FAR_AWAY "00.94.W00"
#define NOW "21112025T220000+0000" /* the fixture's clock */
#define LONG_AGO "01022003T040506+0007"
enum { LARGE = 300 << 10, PACKAGE_LIMIT = 4 << 20 };

static struct server server;

/* --- the systems --- */

static int start(void **state)
{
    static const char *const elsewhere[] = {"192.0.2.0/24", NULL};
    static char secrets[4][128];
    static struct system_section systems[] = {
        {.id = HERE}, {.id = THERE}, {.id = STRICT, .window = 60}, {.id = FAR_AWAY, .addresses = elsewhere}};
    static const struct system_section *list[COUNT_OF(systems)];
    if (fixture_open(state) != 0)
        return -1;
    server.fixture = *state;
    for (size_t i = 0; i < COUNT_OF(systems); i++) { /* a system's secret is its id here */
        server_file(&server, systems[i].id, span_text(systems[i].id));
        snprintf(secrets[i], sizeof(secrets[i]), "%s/%s", server.fixture->directory, systems[i].id);
        systems[i].secret_file = secrets[i];
        list[i] = &systems[i];
    }
    server.settings.systems = list;
    server.settings.system_count = COUNT_OF(systems);
    server_start(&server);
    register_agency(server.fixture->store, HERE, "H99.05");
    register_agency(server.fixture->store, HERE, "H99.06");
    register_agency(server.fixture->store, THERE, "H99.12.03");
    return 0;
}

static int stop(void **state)
{
    server_stop(&server);
    return fixture_close(state);
}

/* --- a call --- */

struct asked {
    const char *system, *call;
    const char *parameters; /* JSON members behind a comma, or "" */
    const char *timestamp;  /* NULL: now */
    const char *body;       /* a file of the directory, with its hash-file; NULL: none */
    const char *secret;     /* NULL: the right one */
};

static void hash_file(const char *name, char ret_hex[static SHA256_HEX_SIZE])
{
    char path[256];
    struct source source CLEANUP(source_close) = {.fd = -1};
    struct error err = {0};
    snprintf(path, sizeof(path), "%s/%s", server.fixture->directory, name);
    assert_true(source_open(path, NULL, UINT64_MAX, &source, &err));
    struct digest_value digest = digest_of(DIGEST_SHA256, source.bytes);
    hex_text(digest_span(&digest), ret_hex);
}

static const char *ask(const struct asked *asked)
{
    struct buffer text CLEANUP(buffer_clear) = {0}, command CLEANUP(buffer_clear) = {0};
    char hash[SHA256_HEX_SIZE] = "", signature[2 * DIGEST_MAX + 1];
    if (asked->body)
        hash_file(asked->body, hash);
    buffer_format(
        &text,
        "{\"XroadVnpt-systemid\":\"%s\",\"XroadVnpt-timestamp\":\"%s\",\"XroadVnpt-hash-file\":\"%s\"%s}",
        asked->system, asked->timestamp ? asked->timestamp : NOW, hash, asked->parameters);
    const char *secret = asked->secret ? asked->secret : asked->system;
    struct digest_value hmac = hmac_sha256(span_text(secret), buffer_span(&text));
    hex_text(digest_span(&hmac), signature);
    buffer_format(&command, "-X POST -H 'XroadVnpt-sign-header: %s' -H 'XroadVnpt-hash-header: %s' ",
                  buffer_string(&text), signature);
    if (asked->body)
        buffer_format(&command, "-H 'Expect: 100-continue' --data-binary @DIR/%s ", asked->body);
    buffer_format(&command, "BASE/XrdAdapter/adapter/%s", asked->call);
    return server_ask(&server, buffer_string(&command));
}

static bool answered(const char *answer, const char *code, const char *words)
{
    char wanted[64];
    snprintf(wanted, sizeof(wanted), "\"ErrorCode\":\"%s\"", code);
    bool right = strstr(answer, wanted) && strstr(answer, words) && strstr(answer, "}|200");
    if (!right)
        print_error("answered: %.600s\n", answer);
    return right;
}

/* --- packages --- */

#define SUBJECT_MARK "TRICH YEU"

/* `subject` is put in afterwards: our own writer would refuse some of them. */
static void write_package(const char *name, const char *header_json, const char *subject, struct span content)
{
    struct header header CLEANUP(header_clear) = {0};
    struct attachment attachment = {.name = (char *)(uintptr_t) "ket-qua.pdf"};
    struct package package = {.attachments = {&attachment, content.size > 0}};
    struct content bytes = content_of_span(content);
    struct buffer wire CLEANUP(buffer_clear) = {0}, whole CLEANUP(buffer_clear) = {0};
    struct sink sink = sink_buffer(&wire);
    struct error err = {0};
    assert_true(header_json_read(span_text(header_json), &header, &err));
    if (header.kind == PACKAGE_EDOC)
        assert_true(header_complete(&header, server.service.clock, &err));
    package.header = header;
    assert_true(package_write(&package, &bytes, NULL, &sink, &err) && sink_finish(&sink, &err));
    size_t mark = span_find(buffer_span(&wire), span_text(SUBJECT_MARK), 0);
    buffer_append(&whole, span_slice(buffer_span(&wire), 0, mark));
    if (mark != SIZE_MAX)
        buffer_text(&whole, subject);
    buffer_append(&whole, span_slice(buffer_span(&wire),
                                     mark == SIZE_MAX ? mark : mark + strlen(SUBJECT_MARK), SIZE_MAX));
    server_file(&server, name, buffer_span(&whole));
}

static void write_edoc(const char *name, const char *from, const char *to, int number, const char *subject,
                       size_t size)
{
    struct buffer json CLEANUP(buffer_clear) = {0}, pdf CLEANUP(buffer_clear) = {0};
    buffer_format(
        &json,
        "{\"from\":{\"code\":\"%s\"},\"to\":[{\"code\":\"%s\"}],\"number\":\"%d\",\"notation\":\"SNV-VP\","
        "\"date\":\"2025-03-14\",\"subject\":\"" SUBJECT_MARK "\"}",
        from, to, number);
    buffer_format(&pdf, "%%PDF-1.7\n%d\n", number);
    while (pdf.size < size)
        buffer_u8(&pdf, (uint8_t)('a' + pdf.size % 26));
    write_package(name, buffer_string(&json), subject, buffer_span(&pdf));
}

#define SEND ",\"XroadVnpt-messagetype\":\"edoc\",\"XroadVnpt-from\":\"H99.05\""

static void a_package_is_kept_as_it_came_and_a_repeat_adds_nothing(void **state)
{
    (void)state;
    char id[128];
    write_edoc("good.edxml", "H99.05", "H99.12.03", 1, "V/v thử nghiệm", LARGE);
    const struct asked send = {.system = HERE, .call = "sendEdoc", .parameters = SEND, .body = "good.edxml"};
    const char *answer = ask(&send);
    assert_true(answered(answer, "0", "\"DocId\""));
    snprintf(id, sizeof(id), "%s", server_word(answer, "DocId"));
    assert_int_equal(server_blobs(&server), 2); /* the package and what was in it */
    assert_true(answered(ask(&send), "0", id));
    assert_int_equal(server_blobs(&server), 2);

    server_pass(&server);
    answer = ask(&(struct asked){
        .system = THERE, .call = "getReceivedEdocList", .parameters = ",\"XroadVnpt-messagetype\":\"edoc\""});
    const char *at = strstr(answer, "\"docId\":\"");
    assert_non_null(at);
    char parameters[128], copy[ID_SIZE], sent[SHA256_HEX_SIZE], got[SHA256_HEX_SIZE];
    snprintf(copy, sizeof(copy), "%s", at + strlen("\"docId\":\""));
    snprintf(parameters, sizeof(parameters), ",\"XroadVnpt-docId\":\"%s\"", copy);
    answer = ask(&(struct asked){.system = THERE, .call = "downloadEdoc", .parameters = parameters});
    server_file(&server, "got.edxml", span_of(answer, strlen(answer) - strlen("|200")));
    hash_file("good.edxml", sent);
    hash_file("got.edxml", got);
    assert_string_equal(sent, got);
}

static const struct {
    const char *sentence, *from, *to, *subject;
    const char *parameters, *code, *words;
} refusals[] = {
    {"an unknown receiver", "H99.05", "H98", "V/v thử nghiệm", SEND, "18", "H98"},
    {"a state secret", "H99.05", "H99.12.03", "[TỐI MẬT] Kế hoạch", SEND, "22", "TOI MAT"},
    {"another sender inside, of the same system", "H99.06", "H99.12.03", "V/v thử nghiệm", SEND, "19",
     "H99.06"},
    {"another sender inside, of another system", "H99.12.03", "H99.12.03", "V/v thử nghiệm", SEND, "19",
     "H99.12.03"},
    {"a document sent as a status", "H99.05", "H99.12.03", "V/v thử nghiệm",
     ",\"XroadVnpt-messagetype\":\"status\",\"XroadVnpt-from\":\"H99.05\"", "22",
     "messagetype la status nhung goi tin la edoc"},
};

static void of_what_is_refused_nothing_stays(void **state)
{
    (void)state;
    int before = server_blobs(&server);
    for (size_t i = 0; i < COUNT_OF(refusals); i++) {
        write_edoc("bad.edxml", refusals[i].from, refusals[i].to, 100 + (int)i, refusals[i].subject, LARGE);
        const struct asked send = {
            .system = HERE, .call = "sendEdoc", .parameters = refusals[i].parameters, .body = "bad.edxml"};
        check_row(answered(ask(&send), refusals[i].code, refusals[i].words), refusals[i].sentence);
        check_row(server_blobs(&server) == before, refusals[i].sentence);
    }
}

static void a_package_over_the_limit_is_refused(void **state)
{
    (void)state;
    write_edoc("huge.edxml", "H99.05", "H99.12.03", 7, "V/v thử nghiệm", PACKAGE_LIMIT);
    struct asked send = {.system = HERE, .call = "sendEdoc", .parameters = SEND, .body = "huge.edxml"};
    assert_true(answered(ask(&send), "10", "4194304"));
    send.secret = "sai"; /* and of who may not speak the body is not even looked at */
    assert_true(answered(ask(&send), "15", "Sai SystemId hoac SecretKey"));
}

/* The same header leaks into another package, which goes to whom it names. */
static void a_package_goes_to_whom_it_names(void **state)
{
    (void)state;
    write_edoc("stale.edxml", "H99.05", "H99.12.03", 9, "V/v thử nghiệm", LARGE);
    assert_true(answered(ask(&(struct asked){.system = HERE,
                                             .call = "sendEdoc",
                                             .parameters = SEND ",\"XroadVnpt-to\":\"[\\\"H99.06\\\"]\"",
                                             .body = "stale.edxml"}),
                         "0", "DocId"));
    server_pass(&server);
    const char *mailbox = ",\"XroadVnpt-messagetype\":\"edoc\"";
    const char *answer =
        ask(&(struct asked){.system = HERE, .call = "getReceivedEdocList", .parameters = mailbox});
    assert_true(answered(answer, "0", "\"data\":[]"));
}

/* And systems that keep no DocumentId answer with number and date. */
static void a_status_may_say_number_and_date(void **state)
{
    (void)state;
    write_package("number.edxml",
                  "{\"kind\":\"status\",\"from\":{\"code\":\"H99.12.03\"},\"status\":\"05\",\"time\":\"2025-"
                  "03-16T08:00:00+07:00\",\"response_for\":[{\"code\":\"H99.05\",\"number\":\"9/SNV-VP\","
                  "\"date\":\"2025-03-14\"}]}",
                  "", (struct span){0});
    assert_true(
        answered(ask(&(struct asked){.system = THERE,
                                     .call = "sendEdoc",
                                     .parameters = ",\"XroadVnpt-messagetype\":\"status\",\"XroadVnpt-from\":"
                                                   "\"H99.12.03\"",
                                     .body = "number.edxml"}),
                 "0", "DocId"));
}

/* The header `to` of an earlier sendEdoc leaks into a status, which goes to whom it answers all the same. */
static void a_status_goes_to_whom_it_answers(void **state)
{
    (void)state;
    write_package("status.edxml",
                  "{\"kind\":\"status\",\"from\":{\"code\":\"H99.12.03\"},\"status\":\"03\",\"time\":\"2025-"
                  "03-15T08:00:00+07:00\","
                  "\"response_for\":[{\"code\":\"H99.05\",\"number\":\"1/"
                  "SNV-VP\",\"document_id\":\"H99.05,2025/03/14,1/SNV-VP\"}]}",
                  "", (struct span){0});
    const char *leaked = ",\"XroadVnpt-messagetype\":\"status\",\"XroadVnpt-from\":\"H99.12.03\",\"XroadVnpt-"
                         "to\":\"[\\\"H99.12.03\\\"]\"";
    assert_true(
        answered(ask(&(struct asked){
                     .system = THERE, .call = "sendEdoc", .parameters = leaked, .body = "status.edxml"}),
                 "0", "DocId"));
    server_pass(&server);
    assert_true(answered(ask(&(struct asked){.system = HERE, .call = "countReceiveStatus", .parameters = ""}),
                         "0", "\"count\":1}"));
    assert_true(
        answered(ask(&(struct asked){.system = THERE, .call = "countReceiveStatus", .parameters = ""}), "0",
                 "\"count\":0}"));
}

static const struct {
    const char *sentence;
    struct asked asked;
    const char *code, *words;
} rows[] = {
    {"an old timestamp is taken by default",
     {HERE, "getAgenciesList", "", LONG_AGO, NULL, NULL},
     "0",
     "H99.12.03"},
    {"a timestamp in the window is taken",
     {STRICT, "getAgenciesList", "", NOW, NULL, NULL},
     "0",
     "H99.12.03"},
    {"one outside is refused",
     {STRICT, "getAgenciesList", "", LONG_AGO, NULL, NULL},
     "15",
     "lech qua 60 giay"},
    {"one that is none is refused where there is a window",
     {STRICT, "getAgenciesList", "", "now", NULL, NULL},
     "15",
     "timestamp now"},
    {"a system calls from where it may",
     {FAR_AWAY, "getAgenciesList", "", NULL, NULL, NULL},
     "15",
     "tu dia chi 127.0.0.1"},
    {"a call by nearly its name gets a hint",
     {HERE, "getEdocs", "", NULL, NULL, NULL},
     "10",
     "Co phai la getEdoc?"},
    {"a date that is none is refused",
     {HERE, "getReceivedEdocList", ",\"XroadVnpt-messagetype\":\"edoc\",\"XroadVnpt-fromDate\":\"hom qua\"",
      NULL, NULL, NULL},
     "10",
     "fromDate"},
    {"an empty date is none",
     {HERE, "getReceivedEdocList", ",\"XroadVnpt-messagetype\":\"edoc\",\"XroadVnpt-fromDate\":\"\"", NULL,
      NULL, NULL},
     "0",
     "data"},
    {"a list of what kind must be said",
     {HERE, "getReceivedEdocList", "", NULL, NULL, NULL},
     "10",
     "messagetype"},
    {"waiting is no word of a receiver's",
     {HERE, "updateStatus", ",\"XroadVnpt-docId\":\"1\",\"XroadVnpt-status\":\"waiting\"", NULL, NULL, NULL},
     "10",
     "waiting"},
};

static void calls_are_answered(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        check_row(answered(ask(&rows[i].asked), rows[i].code, rows[i].words), rows[i].sentence);
}

static void a_list_is_made_anew_when_the_registry_changes(void **state)
{
    (void)state;
    const struct asked list = {.system = HERE, .call = "getSynchronizeUnit", .parameters = ""};
    assert_null(strstr(ask(&list), "H99.77"));
    server_file(
        &server, "agency.json",
        SPAN_LITERAL("{\"id\":\"\",\"pcode\":\"H99\",\"code\":\"H99.77\",\"name\":\"Chi cục\",\"extra\":1}"));
    assert_true(
        answered(ask(&(struct asked){
                     .system = HERE, .call = "registerAgency", .parameters = "", .body = "agency.json"}),
                 "0", ""));
    assert_non_null(strstr(ask(&list), "\"pid\":\"H99\",\"code\":\"H99.77\""));
    assert_true(answered(ask(&(struct asked){.system = HERE,
                                             .call = "deleteAgency",
                                             .parameters = ",\"XroadVnpt-AgencyCode\":\"H99.77\""}),
                         "0", ""));
    const char *gone = strstr(ask(&list), "\"code\":\"H99.77\"");
    assert_non_null(gone); /* who synchronises is told that it went */
    assert_non_null(strstr(gone, "\"deleted\":true"));
    assert_null(
        strstr(ask(&(struct asked){.system = HERE, .call = "getAgenciesList", .parameters = ""}), "H99.77"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_is_kept_as_it_came_and_a_repeat_adds_nothing),
        cmocka_unit_test(of_what_is_refused_nothing_stays),
        cmocka_unit_test(a_package_over_the_limit_is_refused),
        cmocka_unit_test(a_status_goes_to_whom_it_answers),
        cmocka_unit_test(a_package_goes_to_whom_it_names),
        cmocka_unit_test(a_status_may_say_number_and_date),
        cmocka_unit_test(calls_are_answered),
        cmocka_unit_test(a_list_is_made_anew_when_the_registry_changes),
    };
    return cmocka_run_group_tests_name("axis_server", tests, start, stop);
}
