/* What exchange/intake promises: whom and what the door lets in, from our API and from systems that send packages, and to
 * whom a package goes. */
#include "tests/check.h"

#include "exchange/exchange_text.h"
#include "tests/hand_in.h"
#include "tests/passage_ways.h"

static const struct {
    const char *sentence;
    const char *header, *name, *repeat_key;
    enum error_code code;
} submission_rows[] = {
    {"a whole document is accepted", header_text, "ket-qua.xml", "k1", ERR_NONE},
    {"a recipient nobody registered is waited for", HEADER("{\"code\":\"X99\"}"), "ket-qua.xml", "k1",
     ERR_NONE},
    {"a document needs its own key against repeats", header_text, "ket-qua.xml", "", ERR_USAGE},
    {"a document has a recipient", HEADER(""), "ket-qua.xml", "k1", ERR_REFUSED},
    {"a state secret is refused by its subject",
     "{\"from\":{\"code\":\"H99.05\"},\"to\":[" TO_G98
     "],\"number\":\"1\",\"notation\":\"SNV\",\"date\":\"2025-03-14\","
     "\"subject\":\"[TỐI MẬT] Kế hoạch\"}",
     "ket-qua.xml", "k1", ERR_REFUSED},
    {"a state secret is refused by a file's name", header_text, "Tối mật - kế hoạch.pdf", "k1", ERR_REFUSED},
};

static void the_door_refuses_before_anything_is_kept(void **state)
{
    for (size_t i = 0; i < COUNT_OF(submission_rows); i++) {
        struct store_figures figures;
        struct receipt receipt;
        struct error err = {0};
        uint64_t kept = 0;
        fixture_close(state);
        fixture_open(state);
        struct store *store = ((struct fixture *)*state)->store;
        struct hand_in what = {submission_rows[i].header,    submission_rows[i].name, RESULT, NULL, NULL,
                               submission_rows[i].repeat_key};
        bool good = hand_in(store, &what, &receipt, &err);
        check_row(good == (submission_rows[i].code == ERR_NONE) && err.code == submission_rows[i].code,
                  submission_rows[i].sentence);
        assert_true(store_figures(store, &figures, &err));
        for (int stage = 0; stage < STAGE_COUNT; stage++)
            kept += figures.stages[stage];
        check_row(kept == good, submission_rows[i].sentence);
    }
}

static bool consign(struct store *store, const char *system, const char *header, const char *const *to,
                    struct receipt *ret_receipt, struct error *err)
{
    struct package package CLEANUP(package_clear) = {0};
    struct blob wire CLEANUP(blob_clear) = {0};
    struct agency_code codes[4];
    struct consignment consignment = {.system = system, .to = codes, .wire = &wire, .package = &package};
    blob_of(store, span_text(header), &wire); /* stands for the package's bytes */
    for (; to && to[consignment.to_count]; consignment.to_count++)
        assert_true(agency_code_read(span_text(to[consignment.to_count]), &codes[consignment.to_count]));
    return header_json_read(span_text(header), &package.header, err)
           && intake_consignment(store, &consignment, ret_receipt, err);
}

static const char status_text[] =
    "{\"kind\":\"status\",\"from\":{\"code\":\"G98\"},\"response_for\":[{\"code\":\"H99.05\",\"number\":"
    "\"127/SNV-VP\","
    "\"document_id\":\"H99.05,2025/03/14,127/"
    "SNV-VP\",\"date\":\"2025-03-14\"}],\"status\":\"03\",\"time\":\"2025-03-14T10:42:17+07:00\"}";

/* A system that keeps no DocumentId answers with number and date. */
static const char status_by_number[] =
    "{\"kind\":\"status\",\"from\":{\"code\":\"G98\"},\"response_for\":[{\"code\":\"H99.05\",\"number\":"
    "\"127/SNV-VP\",\"date\":\"2025-03-14\"}],\"status\":\"05\",\"time\":\"2025-03-15T10:42:17+07:00\"}";

static const struct {
    const char *sentence;
    const char *system, *header, *to[3];
    enum error_code code;
    const struct text *text;
} consignment_rows[] = {
    {"a package from a registered agency is accepted", HERE, header_text, {NULL}, ERR_NONE, NULL},
    {"the package's recipients count, not a call's that it does not name",
     HERE,
     HEADER("{\"code\":\"X99\"}"),
     {"G98"},
     ERR_NOT_FOUND,
     &TEXT_RECEIVER_UNKNOWN},
    {"a call may leave out some of them",
     HERE,
     HEADER("{\"code\":\"X99\"},{\"code\":\"G98\"}"),
     {"g98"},
     ERR_NONE,
     NULL},
    {"a sender of another system is refused",
     THERE,
     header_text,
     {NULL},
     ERR_FORBIDDEN,
     &TEXT_SENDER_NOT_REGISTERED},
    {"a recipient nobody registered is refused",
     HERE,
     HEADER("{\"code\":\"X99\"}"),
     {NULL},
     ERR_NOT_FOUND,
     &TEXT_RECEIVER_UNKNOWN},
    {"one unknown among several refuses all",
     HERE,
     HEADER("{\"code\":\"X99\"},{\"code\":\"G98\"}"),
     {NULL},
     ERR_NOT_FOUND,
     &TEXT_RECEIVER_UNKNOWN},
    {"a status goes to whom it answers", THERE, status_text, {NULL}, ERR_NONE, NULL},
};

static void a_system_sends_for_its_agencies_to_known_ones(void **state)
{
    for (size_t i = 0; i < COUNT_OF(consignment_rows); i++) {
        struct receipt receipt;
        struct error err = {0};
        fixture_close(state);
        fixture_open(state);
        struct store *store = ((struct fixture *)*state)->store;
        register_agency(store, HERE, "H99.05");
        register_agency(store, THERE, "G98");
        bool good = consign(store, consignment_rows[i].system, consignment_rows[i].header,
                            consignment_rows[i].to, &receipt, &err);
        check_row(good == (consignment_rows[i].code == ERR_NONE) && err.code == consignment_rows[i].code,
                  consignment_rows[i].sentence);
        check_row(good || err.text == consignment_rows[i].text, consignment_rows[i].sentence);
    }
}

static void a_package_comes_through_byte_for_byte_with_a_code_and_its_status_comes_back(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct document document CLEANUP(document_clear) = {0};
    struct body body CLEANUP(body_close) = {.source = {.fd = -1}};
    struct receipt receipt, status;
    struct error err = {0};
    register_agency(store, HERE, "H99.05");
    register_agency(store, THERE, "G98");
    assert_true(consign(store, HERE, header_text, NULL, &receipt, &err));
    assert_int_equal(go(store, NULL), 3);
    assert_int_equal(mailbox(store, PACKAGE_EDOC, &list), 1);
    assert_true(store_body(store, list.deliveries[0].package, &body, &err));
    assert_true(span_is(body.source.bytes, header_text));
    assert_true(store_document(store, receipt.id, &document, &err));
    assert_int_equal(strlen(document.check_code), CHECK_CODE_SIZE - 1);

    assert_true(consign(store, THERE, status_text, NULL, &status, &err));
    assert_int_equal(go(store, NULL), 1);
    delivery_list_clear(&list);
    assert_true(delivery_of_document(store, receipt.id, &list, &err));
    assert_string_equal(list.deliveries[0].status, "03");
    delivery_list_clear(&list);
    assert_true(delivery_received(store, &(struct mailbox_query){.system = HERE, .kind = PACKAGE_STATUS},
                                  &list, &err));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.deliveries[0].document, status.id);

    assert_true(consign(store, THERE, status_by_number, NULL, &status, &err));
    assert_int_equal(go(store, NULL), 1);
    delivery_list_clear(&list);
    assert_true(delivery_of_document(store, receipt.id, &list, &err));
    assert_string_equal(list.deliveries[0].status, "05");
}

static const struct {
    const char *sentence, *to[3];
    size_t copies;
} narrowed[] = {
    {"without a wish of the call all recipients get it", {NULL}, 2},
    {"a call that names one sends to that one", {"X98"}, 1},
    {"its other code names it as well", {"000.00.00.X98"}, 1},
    {"whom the package does not name the call cannot add", {"X98", "H99.05"}, 1},
    {"a list that names nobody of the package was left over", {"H99.05", "K01"}, 2},
};

static void the_package_says_to_whom_and_the_call_may_narrow_it(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    const struct agency two_codes = {
        .code = "X98", .other_code = "000.00.00.X98", .name = "Bộ Hai mã", .system = THERE};
    struct error err = {0};
    register_agency(store, HERE, "H99.05");
    register_agency(store, THERE, "G98");
    assert_true(agency_register(store, &two_codes, &err));
    for (size_t i = 0; i < COUNT_OF(narrowed); i++) {
        struct delivery_list list CLEANUP(delivery_list_clear) = {0};
        struct receipt receipt;
        char *header CLEANUP(free_clear) = NULL;
        assert_true(asprintf(&header,
                             "{\"from\":{\"code\":\"H99.05\"},\"to\":[" TO_G98
                             ",{\"code\":\"X98\"}],\"number\":\"%zu\",\"notation\":\"SNV-VP\","
                             "\"date\":\"2025-03-14\",\"subject\":\"V/v thử nghiệm\"}",
                             200 + i)
                    > 0);
        check_row(consign(store, HERE, header, narrowed[i].to, &receipt, &err), narrowed[i].sentence);
        assert_true(delivery_of_document(store, receipt.id, &list, &err));
        check_row(list.count == narrowed[i].copies, narrowed[i].sentence);
    }
}

#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_STORE(the_door_refuses_before_anything_is_kept),
        IN_A_STORE(a_system_sends_for_its_agencies_to_known_ones),
        IN_A_STORE(a_package_comes_through_byte_for_byte_with_a_code_and_its_status_comes_back),
        IN_A_STORE(the_package_says_to_whom_and_the_call_may_narrow_it),
    };
    return cmocka_run_group_tests_name("intake", tests, NULL, NULL);
}
