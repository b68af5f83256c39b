/* What exchange/delivery, agency, route, status and check_code promise: who gets what, and what is said of it. */
#include "tests/check.h"

#include "exchange/exchange_text.h"
#include "tests/store_fixture.h"

#define HERE "00.99.W00"  /* the sending system */
#define THERE "00.98.W00" /* the receiving one */

static struct receipt send_one(struct store *store, const char *document_id, const char *to)
{
    struct words words = {.channel = CHANNEL_AXIS,
                          .from = "H99.05",
                          .document_id = document_id,
                          .text = document_id,
                          .to = {to}};
    struct receipt receipt;
    struct error err = {0};
    assert_true(accept_words(store, &words, &receipt, &err));
    route_everything(store);
    return receipt;
}

static size_t mailbox(struct store *store, const char *system, struct delivery_list *ret_list)
{
    struct error err = {0};
    uint64_t count;
    struct mailbox_query query = {.system = system, .kind = PACKAGE_EDOC};
    delivery_list_clear(ret_list);
    assert_true(delivery_received(store, &query, ret_list, &err));
    assert_true(delivery_received_count(store, &query, &count, &err));
    assert_int_equal(count, ret_list->count);
    return ret_list->count;
}

/* --- agencies --- */

static const struct {
    const char *sentence;
    struct agency agency; /* after H99.05 with the old form 000.00.05.H99 was registered under HERE */
    enum error_code code;
} register_rows[] = {
    {"another agency is registered", {.code = "H99.06", .name = "Sở Y tế", .system = HERE}, ERR_NONE},
    {"the same one may change its name",
     {.code = "H99.05", .name = "Sở Nội vụ mới", .system = HERE},
     ERR_NONE},
    {"a code belongs to one system", {.code = "H99.05", .name = "Kẻ khác", .system = THERE}, ERR_EXISTS},
    {"letter case and blanks make no other code",
     {.code = " h99.05 ", .name = "Kẻ khác", .system = THERE},
     ERR_EXISTS},
    {"the other form belongs to it too",
     {.code = "000.00.05.H99", .name = "Kẻ khác", .system = THERE},
     ERR_EXISTS},
    {"nobody takes it as their other form",
     {.code = "H98", .other_code = "H99.05", .name = "Kẻ khác", .system = THERE},
     ERR_EXISTS},
    {"a code of no known form is a code",
     {.code = "vxp.saas.03", .name = "Đơn vị thuê", .system = HERE},
     ERR_NONE},
    {"an empty code is refused", {.code = "  ", .name = "Không mã", .system = HERE}, ERR_MALFORMED},
    {"an agency has a name", {.code = "H99.07", .name = "", .system = HERE}, ERR_MALFORMED},
};

static void a_code_belongs_to_one_system(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct agency first = {
        .code = "H99.05", .other_code = "000.00.05.H99", .name = "Sở Nội vụ", .system = HERE};
    struct error err = {0};
    assert_true(agency_register(store, &first, &err));
    for (size_t i = 0; i < COUNT_OF(register_rows); i++) {
        err = (struct error){0};
        bool good = agency_register(store, &register_rows[i].agency, &err);
        check_row(good == (register_rows[i].code == ERR_NONE) && err.code == register_rows[i].code,
                  register_rows[i].sentence);
    }
}

static void a_sender_stands_under_the_calling_system(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct error err = {0};
    char line[256];
    register_agency(store, HERE, "H99.05");
    register_agency(store, HERE, "H99.06");
    assert_true(agency_require(store, HERE, "h99.05", &err));
    assert_false(agency_require(store, HERE, "G98", &err));
    assert_int_equal(err.code, ERR_FORBIDDEN);
    error_sentence(&err, LANGUAGE_VI, sizeof(line), line);
    assert_string_equal(line, "Đơn vị gửi G98 không đúng với mã đã đăng ký: H99.05, H99.06");
    assert_false(agency_require(store, THERE, "H99.05", &err));
}

static void the_list_has_what_changed_and_what_went(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct error err = {0};
    uint64_t before = 0, after = 0;
    struct agency_list living CLEANUP(agency_list_clear) = {0}, changed CLEANUP(agency_list_clear) = {0};
    register_agency(store, HERE, "H99.05");
    register_agency(store, THERE, "G98");
    assert_true(agency_version(store, &before, &err));
    assert_true(agency_remove(store, HERE, "H99.05", &err));
    assert_true(agency_version(store, &after, &err));
    assert_true(after > before);
    assert_true(agency_list(store, &(struct agency_query){0}, &living, &err));
    assert_int_equal(living.count, 1);
    assert_string_equal(living.agencies[0].code, "G98");
    assert_true(agency_list(store, &(struct agency_query){.deleted_too = true, .after_version = before},
                            &changed, &err));
    assert_int_equal(changed.count, 1);
    assert_true(changed.agencies[0].deleted);
    assert_false(agency_remove(store, HERE, "G98", &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    register_agency(store, THERE, "H99.05"); /* free again */
}

/* --- mailboxes --- */

static void a_mailbox_holds_what_is_for_its_agencies(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct error err = {0};
    struct agency both = {.code = "G98", .other_code = "000.00.00.G98", .name = "Bộ Thí dụ", .system = THERE};
    assert_true(agency_register(store, &both, &err));
    struct receipt new_form = send_one(store, "D1", "G98"), old_form = send_one(store, "D2", "000.00.00.G98");
    assert_int_equal(mailbox(store, THERE, &list), 2);
    assert_string_equal(list.deliveries[0].document, new_form.id);
    assert_string_equal(list.deliveries[1].document, old_form.id);
    assert_string_equal(list.deliveries[1].to, "000.00.00.G98");
    assert_string_not_equal(list.deliveries[0].id, list.deliveries[0].document);
    assert_string_equal(list.deliveries[0].why.code, "WAIT_MAILBOX");
    assert_int_equal(mailbox(store, HERE, &list), 0);
}

static void both_forms_of_a_code_are_one_recipient(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct error err = {0};
    struct receipt receipt;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct agency both = {.code = "G98", .other_code = "000.00.00.G98", .name = "Bộ Thí dụ", .system = THERE};
    struct words words = {.channel = CHANNEL_AXIS,
                          .from = "H99.05",
                          .document_id = "D1",
                          .text = "mot",
                          .to = {"G98", "000.00.00.G98", "g98"}};
    assert_true(agency_register(store, &both, &err));
    assert_true(accept_words(store, &words, &receipt, &err));
    assert_true(delivery_of_document(store, receipt.id, &list, &err));
    assert_int_equal(list.count, 1);
}

static void what_nobody_can_fetch_waits_and_goes_when_somebody_can(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct error err = {0};
    struct receipt receipt = send_one(store, "D1", "G98");
    assert_true(delivery_of_document(store, receipt.id, &list, &err));
    assert_int_equal(list.deliveries[0].state, DELIVERY_WAITING);
    assert_string_equal(list.deliveries[0].why.code, "WAIT_NO_AGENCY");
    assert_int_equal(list.deliveries[0].why.since_ms, fixture->clock.fixed_ms);
    assert_true(list.deliveries[0].why.next_ms > fixture->clock.fixed_ms);
    assert_int_equal(retry_everything(store), 0);

    register_agency(store, THERE, "G98");
    assert_int_equal(retry_everything(store), 1);
    assert_int_equal(mailbox(store, THERE, &list), 1);

    assert_true(agency_remove(store, THERE, "G98", &err));
    assert_int_equal(mailbox(store, THERE, &list), 0);
    delivery_list_clear(&list);
    assert_true(delivery_of_document(store, receipt.id, &list, &err));
    assert_string_equal(list.deliveries[0].why.code, "WAIT_AGENCY_GONE");

    register_agency(store, HERE,
                    "G98"); /* the route is looked up at each attempt: it moved to another system */
    assert_int_equal(retry_everything(store), 1);
    assert_int_equal(mailbox(store, HERE, &list), 1);
}

static const struct {
    const char *sentence;
    const char *words[4]; /* updateStatus, one after the other */
    enum delivery_state state;
    size_t listed;
} report_rows[] = {
    {"what was not fetched stays in the mailbox", {NULL}, DELIVERY_INITIAL, 1},
    {"processing keeps it there", {"processing"}, DELIVERY_PROCESSING, 1},
    {"done takes it out", {"done"}, DELIVERY_DONE, 0},
    {"fail takes it out", {"fail"}, DELIVERY_FAIL, 0},
    {"done is the end", {"done", "processing", "fail"}, DELIVERY_DONE, 0},
    {"fail may still become done", {"fail", "done"}, DELIVERY_DONE, 0},
    {"said twice is said once", {"done", "done"}, DELIVERY_DONE, 0},
    {"letter case does not matter", {"DONE"}, DELIVERY_DONE, 0},
};

static void transport_words_never_go_back(void **state)
{
    for (size_t i = 0; i < COUNT_OF(report_rows); i++) {
        struct delivery_list list CLEANUP(delivery_list_clear) = {0}, now CLEANUP(delivery_list_clear) = {0};
        struct error err = {0};
        fixture_close(state);
        fixture_open(state);
        struct store *store = ((struct fixture *)*state)->store;
        register_agency(store, THERE, "G98");
        struct receipt receipt = send_one(store, "D1", "G98");
        assert_int_equal(mailbox(store, THERE, &list), 1);
        for (size_t k = 0; k < COUNT_OF(report_rows[i].words) && report_rows[i].words[k]; k++)
            assert_true(delivery_report(store, THERE, list.deliveries[0].id,
                                        delivery_state_of(report_rows[i].words[k]), "", &err));
        assert_true(delivery_of_document(store, receipt.id, &now, &err));
        check_row(now.deliveries[0].state == report_rows[i].state, report_rows[i].sentence);
        check_row(mailbox(store, THERE, &list) == report_rows[i].listed, report_rows[i].sentence);
        check_row(now.deliveries[0].state == DELIVERY_DONE || now.deliveries[0].why.vi[0],
                  report_rows[i].sentence);
    }
}

static void only_its_own_system_fetches_a_copy(void **state)
{
    struct fixture *fixture = *state;
    struct store *store = fixture->store;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0}, copy CLEANUP(delivery_list_clear) = {0};
    struct error err = {0};
    register_agency(store, THERE, "G98");
    register_agency(store, HERE, "H99.05");
    struct receipt receipt = send_one(store, "D1", "G98");
    assert_int_equal(mailbox(store, THERE, &list), 1);
    assert_false(delivery_fetch(store, HERE, list.deliveries[0].id, &copy, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_false(
        delivery_fetch(store, THERE, receipt.id, &copy, &err)); /* the sender's id is not the receiver's */
    assert_false(delivery_report(store, HERE, list.deliveries[0].id, DELIVERY_DONE, "", &err));
    for (int twice = 0; twice < 2; twice++) {
        delivery_list_clear(&copy);
        assert_true(delivery_fetch(store, THERE, list.deliveries[0].id, &copy, &err));
        assert_int_equal(copy.deliveries[0].package_size, 2);
    }
    assert_int_equal(copy.deliveries[0].state, DELIVERY_PROCESSING);
    assert_int_equal(copy.deliveries[0].fetched_ms, fixture->clock.fixed_ms);
    assert_string_equal(copy.deliveries[0].why.code, "WAIT_TAKEN");
}

static void the_sender_sees_its_copies_and_nobody_elses(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct error err = {0};
    register_agency(store, THERE, "G98");
    struct receipt one = send_one(store, "D1", "G98");
    send_one(store, "D2", "G98");
    struct sent_query query = {.system = HERE, .kind = PACKAGE_EDOC};
    assert_true(delivery_sent(store, &query, &list, &err));
    assert_int_equal(list.count, 2);
    query.document = one.id;
    delivery_list_clear(&list);
    assert_true(delivery_sent(store, &query, &list, &err));
    assert_int_equal(list.count, 1);
    assert_string_equal(list.deliveries[0].number, "127");
    query.system = THERE;
    delivery_list_clear(&list);
    assert_true(delivery_sent(store, &query, &list, &err));
    assert_int_equal(list.count, 0);
}

/* --- business statuses --- */

static const struct {
    const char *sentence, *before, *after;
    bool follows;
} follow_rows[] = {
    {"01 is the first word", "", "01", true},
    {"codes can be skipped", "01", "05", true},
    {"a late lower code changes nothing", "05", "03", false},
    {"the same again changes nothing", "03", "03", false},
    {"a clerk may think again about 02", "02", "03", true},
    {"02 does not follow 03", "03", "02", false},
    {"13 is no word about the work", "03", "13", false},
    {"15 answers 13", "13", "15", true},
    {"after 15 there is no 16", "15", "16", false},
    {"an unknown code is no word", "01", "07", false},
};

static void statuses_only_rise(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(follow_rows); i++)
        check_row(status_may_follow(follow_rows[i].before, follow_rows[i].after) == follow_rows[i].follows,
                  follow_rows[i].sentence);
}

static struct receipt say(struct store *store, const char *code, const struct status_report *report)
{
    struct status_report said = *report;
    struct words words = {.channel = CHANNEL_AXIS,
                          .from = "G98",
                          .document_id = code, /* stands for (From, ResponseFor, code, timestamp) */
                          .text = code,
                          .to = {"H99.05"},
                          .status = &said};
    struct receipt receipt;
    struct error err = {0};
    said.code = code;
    said.description = code;
    said.timestamp = "2025/03/14 10:42:17";
    assert_true(accept_words(store, &words, &receipt, &err));
    route_everything(store);
    return receipt;
}

static void a_status_is_told_to_the_copy_and_brought_to_the_sender(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct error err = {0};
    register_agency(store, HERE, "H99.05");
    register_agency(store, THERE, "G98");
    struct receipt sent = send_one(store, "D1", "G98");
    const struct status_report by_id = {.about_from = "H99.05", .about_document_id = "D1", .receiver = "G98"};
    const struct status_report by_number = {.about_from = "H99.05",
                                            .about_document_id = "",
                                            .about_code = "127/SNV-VP",
                                            .about_date = "2025-03-14",
                                            .receiver = "G98"};
    struct receipt first = say(store, "01", &by_id), again = say(store, "01", &by_id);
    assert_string_equal(first.id, again.id);
    assert_true(again.repeat);
    say(store, "05", &by_number);
    say(store, "03", &by_id); /* late */
    say(store, "15", &by_id);
    assert_true(delivery_of_document(store, sent.id, &list, &err));
    assert_string_equal(list.deliveries[0].status, "05");
    assert_string_equal(list.deliveries[0].recall_status, "15");
    delivery_list_clear(&list);
    assert_true(delivery_received(store, &(struct mailbox_query){.system = HERE, .kind = PACKAGE_STATUS},
                                  &list, &err));
    assert_int_equal(list.count, 4);
}

/* --- check codes --- */

static void a_code_answers_until_it_is_revoked(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct error err = {0};
    struct receipt receipt;
    struct words words = {.channel = CHANNEL_API,
                          .from = "H99.05",
                          .document_id = "D1",
                          .text = "mot",
                          .repeat_key = "k",
                          .to = {"G98"}};
    struct check_answer answer CLEANUP(check_answer_clear) = {0};
    char typed[64];
    assert_true(accept_words(store, &words, &receipt, &err));
    assert_int_equal(strlen(receipt.check_code), CHECK_CODE_SIZE - 1);
    snprintf(typed, sizeof(typed), " %.8s-%s", receipt.check_code, receipt.check_code + 8);
    for (char *c = typed; *c; c++)
        *c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
    assert_true(check_code_find(store, typed, &answer, &err));
    assert_string_equal(answer.document.id, receipt.id);
    assert_string_equal(answer.state, "issued");
    assert_int_equal(answer.deliveries.count, 1);

    assert_true(check_code_revoke(store, receipt.check_code, "phát hành nhầm", &err));
    check_answer_clear(&answer);
    assert_false(check_code_find(store, receipt.check_code, &answer, &err));
    assert_ptr_equal(err.text, &TEXT_CHECK_CODE_REVOKED);
    assert_false(check_code_find(store, "AAAAAAAAAAAAAAAAAAAAAAAAAA", &answer, &err));
    assert_ptr_equal(err.text, &TEXT_CHECK_CODE_UNKNOWN);
    assert_false(check_code_find(store, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", &answer, &err));
}

static void the_state_shown_follows_the_furthest_copy(void **state)
{
    struct store *store = ((struct fixture *)*state)->store;
    struct error err = {0};
    struct receipt receipt;
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct words words = {.channel = CHANNEL_API,
                          .from = "H99.05",
                          .document_id = "D1",
                          .text = "mot",
                          .repeat_key = "k",
                          .to = {"G98", "H98"}};
    const struct status_report report = {
        .about_from = "H99.05", .about_document_id = "D1", .receiver = "G98"};
    static const char *const expected[] = {"sent", "delivered", "accepted", "recalled"};
    register_agency(store, HERE, "H99.05");
    register_agency(store, THERE, "G98");
    assert_true(accept_words(store, &words, &receipt, &err));
    route_everything(store);
    for (size_t i = 0; i < COUNT_OF(expected); i++) {
        struct check_answer answer CLEANUP(check_answer_clear) = {0};
        if (i == 1 && mailbox(store, THERE, &list) == 1)
            say(store, "01", &report);
        if (i > 1)
            say(store, i == 2 ? "03" : "15", &report);
        assert_true(check_code_find(store, receipt.check_code, &answer, &err));
        assert_string_equal(answer.state, expected[i]);
    }
}

#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_STORE(a_code_belongs_to_one_system),
        IN_A_STORE(a_sender_stands_under_the_calling_system),
        IN_A_STORE(the_list_has_what_changed_and_what_went),
        IN_A_STORE(a_mailbox_holds_what_is_for_its_agencies),
        IN_A_STORE(both_forms_of_a_code_are_one_recipient),
        IN_A_STORE(what_nobody_can_fetch_waits_and_goes_when_somebody_can),
        IN_A_STORE(transport_words_never_go_back),
        IN_A_STORE(only_its_own_system_fetches_a_copy),
        IN_A_STORE(the_sender_sees_its_copies_and_nobody_elses),
        cmocka_unit_test(statuses_only_rise),
        IN_A_STORE(a_status_is_told_to_the_copy_and_brought_to_the_sender),
        IN_A_STORE(a_code_answers_until_it_is_revoked),
        IN_A_STORE(the_state_shown_follows_the_furthest_copy),
    };
    return cmocka_run_group_tests_name("delivery", tests, NULL, NULL);
}
