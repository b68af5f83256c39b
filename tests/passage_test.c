/* What exchange/intake and exchange/passage promise: the way of a document from the door to the receiver's mailbox, with real keys, through
 * everything that may fail on it. */
#include "tests/check.h"

#include "base/xml.h"
#include "exchange/backoff.h"
#include "exchange/exchange_text.h"
#include "exchange/passage_steps.h"
#include "tests/dev_token.h"
#include "tests/hand_in.h"
#include "tests/pdf_make.h"
#include "tests/store_fixture.h"

#define HERE "00.99.W00"  /* the sending system */
#define THERE "00.98.W00" /* the receiving one */

#define HEADER_OF(number, to)                                                                                \
    "{\"from\":{\"code\":\"H99.05\",\"name\":\"Sở Nội vụ tỉnh Mẫu\"},\"to\":[" to "],\"number\":\"" number   \
    "\",\"notation\":\"SNV-VP\","                                                                            \
    "\"date\":\"2025-03-14\",\"subject\":\"V/v cung cấp số liệu thử nghiệm\",\"place\":\"tỉnh Mẫu\"}"
#define HEADER(to) HEADER_OF("127", to)
#define HEADER_NUMBERED(number) HEADER_OF(number, TO_G98)
#define TO_G98 "{\"code\":\"G98\",\"name\":\"Bộ Thí dụ\"}"
static const char header_text[] = HEADER(TO_G98);

static const char result_text[] =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<KetQua xmlns=\"urn:mau\"><So>127</So></KetQua>\n";

#define RESULT span_text(result_text)

static struct dev_token token;
static struct trust *trust; /* who issued the token's certificates */

/* --- the ways --- */

static struct error last_reason;
static char last_step[16];

static void remember(void *context, const struct passage_event *event)
{
    (void)context;
    snprintf(last_step, sizeof(last_step), "%s", event->step);
    if (event->reason)
        last_reason = *event->reason;
}

static size_t go_with(struct store *store, struct hsm *hsm, struct checker_pool *checkers)
{
    struct passage *passage CLEANUP(passage_close) = NULL;
    struct passage_settings settings = {.store = store, .hsm = hsm, .checkers = checkers, .event = remember};
    struct error err = {0};
    size_t steps = 0, all = 0;
    assert_true(passage_open(&settings, &passage, &err));
    do {
        assert_true(passage_turn(passage, &steps, &err));
        all += steps;
    } while (steps > 0);
    return all;
}

static size_t go(struct store *store, struct hsm *hsm)
{
    return go_with(store, hsm, NULL);
}

/* Real checkers: this very program, started again. */
static struct checker_pool *checkers_of_token(void)
{
    struct checker_pool *checkers = NULL;
    struct error err = {0};
    assert_true(checker_pool_open(&(struct checker_settings){.count = 1, .trust = trust}, &checkers, &err));
    return checkers;
}

static size_t mailbox(struct store *store, enum package_kind kind, struct delivery_list *ret_list)
{
    struct error err = {0};
    delivery_list_clear(ret_list);
    assert_true(
        delivery_received(store, &(struct mailbox_query){.system = THERE, .kind = kind}, ret_list, &err));
    return ret_list->count;
}

static void package_of(struct store *store, const char *blob, struct package *ret_package)
{
    struct body body CLEANUP(body_close) = {.source = {.fd = -1}};
    struct error err = {0};
    assert_true(store_body(store, blob, &body, &err));
    assert_true(package_read(body.source.bytes, store_blobs(store), NULL, ret_package, &err));
}

static size_t count_of(struct span text, const char *word)
{
    size_t count = 0, at = 0;
    while ((at = span_find(text, span_text(word), at)) != SIZE_MAX) {
        count++;
        at++;
    }
    return count;
}

static void a_document_without_keys_arrives_as_a_package(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct hand_in what = {header_text, "ket-qua.xml", RESULT, NULL, NULL, "k1"};
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct package package CLEANUP(package_clear) = {0};
    struct receipt receipt;
    struct error err = {0};
    register_agency(store, THERE, "G98");
    assert_true(hand_in(store, &what, &receipt, &err));
    assert_int_equal(go(store, NULL), 4);
    assert_int_equal(mailbox(store, PACKAGE_EDOC, &list), 1);
    assert_string_equal(list.deliveries[0].document, receipt.id);
    package_of(store, list.deliveries[0].package, &package);
    assert_string_equal(package.header.subject, "V/v cung cấp số liệu thử nghiệm");
    assert_string_equal(package.header.document_id, "H99.05,2025/03/14,127/SNV-VP");
    assert_string_equal(package.attachments.items[0].name, "ket-qua.xml");
    assert_true(span_is(buffer_span(&package.attachments.items[0].blob.bytes), result_text));
}

/* Leader's and agency's signatures on each kind of file, looked at by the checkers before the package is made. */
static void signed_sealed_and_found_genuine(struct fixture *fixture, const char *name, struct span text)
{
    struct store *store = fixture->store;
    struct hand_in what = {header_text, name, text, token.leader, token.agency, name};
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    struct checker_pool *checkers CLEANUP(checker_pool_close) = checkers_of_token();
    struct document document CLEANUP(document_clear) = {0};
    struct package package CLEANUP(package_clear) = {0};
    struct receipt receipt;
    struct error err = {0};
    register_agency(store, THERE, "G98");
    assert_true(hand_in(store, &what, &receipt, &err));
    check_row(go_with(store, hsm, checkers) == 4, name);
    assert_true(store_document(store, receipt.id, &document, &err));
    check_row(document.stage == STAGE_ROUTED, name);
    check_row(document.parts[0].has_signature && document.parts[0].has_seal, name);
    check_row(strcmp(document.parts[0].blob, document.parts[0].original) != 0, name);
    check_row(strcmp(document.conclusion, "genuine") == 0, name);
    check_row(count_of(span_text(document.verdict), "\"indication\":\"TOTAL-PASSED\"") == 2, name);
    package_of(store, document.package, &package);
    check_row(strcmp(package.attachments.items[0].blob.sha256, document.parts[0].blob) == 0, name);
}

static void a_pdf_is_signed_sealed_and_found_genuine(void **state)
{
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    pdf_make(&pdf_plain, &pdf);
    signed_sealed_and_found_genuine(*state, "ket-qua.pdf", buffer_span(&pdf));
}

static void an_xml_file_is_signed_sealed_and_found_genuine(void **state)
{
    signed_sealed_and_found_genuine(*state, "ket-qua.xml", RESULT);
}

static void a_token_that_is_away_is_waited_for(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct hand_in first = {header_text, "ket-qua.xml", RESULT, token.leader, NULL, "k1"};
    struct hand_in second = {HEADER_NUMBERED("128"), "ket-qua.xml", RESULT, token.leader, NULL, "k2"};
    struct hsm *patient CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 5000);
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct receipt receipt;
    struct error err = {0};
    register_agency(store, THERE, "G98");
    assert_true(hand_in(store, &first, &receipt, &err));
    go(store, patient);
    assert_int_equal(mailbox(store, PACKAGE_EDOC, &list), 1);

    atomic_store(&token.control->removed, 1);
    assert_true(hand_in(store, &second, &receipt, &err));
    go(store, hsm);
    assert_string_equal(last_step, "sign");
    assert_true(last_reason.code == ERR_TOKEN_AWAY
                || last_reason.code == ERR_TIMEOUT); /* on a busy machine */
    delivery_list_clear(&list);
    assert_true(delivery_of_document(store, receipt.id, &list, &err));
    assert_int_equal(list.deliveries[0].state, DELIVERY_WAITING);
    assert_string_equal(list.deliveries[0].why.code, last_reason.text->name);
    assert_in_range(list.deliveries[0].why.next_ms - fixture->clock.fixed_ms, 1000, BACKOFF_TOKEN_MS);
    assert_int_equal(go(store, hsm), 0);

    dev_token_heal(&token);
    for (int tries = 0; tries < 20 && mailbox(store, PACKAGE_EDOC, &list) < 2; tries++) {
        usleep(250000); /* a keeper that saw the token go is being replaced */
        fixture_pass(fixture, BACKOFF_TOKEN_MS);
        go(store, hsm);
    }
    assert_int_equal(list.count, 2);
    assert_string_equal(list.deliveries[1].document, receipt.id);
}

static const struct {
    const char *sentence;
    const char *name, *text;
    const char *step;
    enum outcome outcome;
} step_rows[] = {
    {"a file that is no PDF or XML cannot be signed", "bang.csv", "a;b\n", "sign", OUTCOME_REFUSED},
    {"an XML file that is broken is refused", "ket-qua.xml", "<KetQua><So>127</KetQua>", "sign",
     OUTCOME_REFUSED},
    {"a good one goes through", "ket-qua.xml", result_text, "route", OUTCOME_DONE},
};

static void a_step_says_never_or_not_yet(void **state)
{
    for (size_t i = 0; i < COUNT_OF(step_rows); i++) {
        struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
        struct document document CLEANUP(document_clear) = {0};
        struct receipt receipt;
        struct error err = {0};
        fixture_close(state);
        fixture_open(state);
        struct store *store = ((struct fixture *)*state)->store;
        struct hand_in what = {
            header_text, step_rows[i].name, span_text(step_rows[i].text), token.leader, NULL, "k1"};
        assert_true(hand_in(store, &what, &receipt, &err));
        go(store, hsm);
        assert_true(store_document(store, receipt.id, &document, &err));
        check_row(strcmp(last_step, step_rows[i].step) == 0, step_rows[i].sentence);
        check_row((document.stage == STAGE_REFUSED) == (step_rows[i].outcome == OUTCOME_REFUSED),
                  step_rows[i].sentence);
        check_row(document.stage != STAGE_REFUSED || document.why.vi[0], step_rows[i].sentence);
    }
}

/* Killed after the work and before the commit: the step runs again, and makes the same. */
static void a_step_may_run_twice(void **state)
{
    struct fixture *fixture = *state;
    struct hand_in what = {header_text, "ket-qua.xml", RESULT, NULL, NULL, "k1"};
    struct passage *passage CLEANUP(passage_close) = NULL;
    struct document *documents = NULL;
    char packages[2][SHA256_HEX_SIZE];
    struct receipt receipt;
    struct error err = {0};
    size_t count = 0;
    assert_true(hand_in(fixture->store, &what, &receipt, &err));
    assert_true(passage_open(&(struct passage_settings){.store = fixture->store}, &passage, &err));
    assert_true(store_claim(fixture->store, 1, PASSAGE_LEASE_MS, &documents, &count, &err));
    while (documents[0].stage != STAGE_SEALED)
        assert_true(passage_advance(passage, &documents[0], &err));
    for (int i = 0; i < 2; i++) {
        struct change change CLEANUP(change_clear) = {0};
        assert_true(step_wrap(passage, &documents[0], &change, &err));
        memcpy(packages[i], change.package.sha256, SHA256_HEX_SIZE);
        fixture_pass(fixture, 60000);
    }
    assert_string_equal(packages[0], packages[1]);
    document_clear(&documents[0]);
    free(documents);
}

/* A full disk takes neither the end of a step nor the lease back. */
static void what_a_batch_held_goes_back_by_its_lease(void **state)
{
    struct fixture *fixture = *state;
    struct hand_in what = {header_text, "ket-qua.xml", RESULT, NULL, NULL, "k1"};
    struct document *held = NULL, *again = NULL;
    struct receipt receipt;
    struct error err = {0};
    size_t count = 0;
    assert_true(hand_in(fixture->store, &what, &receipt, &err));
    assert_true(store_claim(fixture->store, 1, PASSAGE_LEASE_MS, &held, &count, &err));
    assert_true(store_give_back(fixture->store, "another lease", &err));
    assert_true(store_claim(fixture->store, 1, PASSAGE_LEASE_MS, &again, &count, &err));
    assert_int_equal(count, 0);
    free(again);
    assert_true(store_give_back(fixture->store, held[0].lease, &err));
    assert_true(store_claim(fixture->store, 1, PASSAGE_LEASE_MS, &again, &count, &err));
    assert_int_equal(count, 1);
    document_clear(&held[0]);
    document_clear(&again[0]);
    free(held);
    free(again);
}

/* --- the door for our API --- */

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

/* --- the door for systems --- */

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

/* --- workers --- */

static void workers_carry_what_is_handed_in(void **state)
{
    enum { DOCUMENTS = 60 };
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct passage *passage CLEANUP(passage_close) = NULL;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct error err = {0};
    fixture->clock.fixed_ms = 0;
    register_agency(store, HERE, "H99.05");
    register_agency(store, THERE, "G98");
    assert_true(passage_open(&(struct passage_settings){.store = store}, &passage, &err));
    assert_true(passage_start(passage, 3, &err));
    for (int i = 0; i < DOCUMENTS; i++) {
        char id[16];
        struct receipt receipt;
        snprintf(id, sizeof(id), "D%d", i);
        struct words words = {
            .channel = CHANNEL_AXIS, .from = "H99.05", .document_id = id, .text = id, .to = {"G98"}};
        assert_true(accept_words(store, &words, &receipt, &err));
    }
    int64_t patience = clock_monotonic_ms() + 20000;
    while (mailbox(store, PACKAGE_EDOC, &list) < DOCUMENTS && clock_monotonic_ms() < patience)
        usleep(2000);
    assert_int_equal(list.count, DOCUMENTS);
}

static int make_token(void **state)
{
    char pki[160];
    const char *paths[] = {pki};
    struct error err = {0};
    (void)state;
    xml_init();
    dev_token_make(&token);
    snprintf(pki, sizeof(pki), "%s/pki", token.dir);
    return trust_load(paths, 1, &trust, &err) ? 0 : 1;
}

static int drop_token(void **state)
{
    (void)state;
    trust_free(&trust);
    dev_token_remove(&token);
    return 0;
}

static int open_all(void **state)
{
    dev_token_heal(&token);
    return fixture_open(state);
}

#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, open_all, fixture_close)

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "checker") == 0)
        return checker_main();
    const struct CMUnitTest tests[] = {
        IN_A_STORE(a_document_without_keys_arrives_as_a_package),
        IN_A_STORE(a_pdf_is_signed_sealed_and_found_genuine),
        IN_A_STORE(an_xml_file_is_signed_sealed_and_found_genuine),
        IN_A_STORE(a_token_that_is_away_is_waited_for),
        IN_A_STORE(a_step_says_never_or_not_yet),
        IN_A_STORE(a_step_may_run_twice),
        IN_A_STORE(what_a_batch_held_goes_back_by_its_lease),
        IN_A_STORE(the_door_refuses_before_anything_is_kept),
        IN_A_STORE(a_system_sends_for_its_agencies_to_known_ones),
        IN_A_STORE(a_package_comes_through_byte_for_byte_with_a_code_and_its_status_comes_back),
        IN_A_STORE(the_package_says_to_whom_and_the_call_may_narrow_it),
        IN_A_STORE(workers_carry_what_is_handed_in),
    };
    return cmocka_run_group_tests_name("passage", tests, make_token, drop_token);
}
