/* What exchange/passage promises: the way of a document from the door to the receiver's mailbox, with real keys, through
 * everything that may fail on it. */
#include "tests/check.h"

#include "base/xml.h"
#include "exchange/backoff.h"
#include "exchange/exchange_text.h"
#include "exchange/passage_steps.h"
#include "tests/dev_token.h"
#include "tests/hand_in.h"
#include "tests/passage_ways.h"
#include "tests/pdf_make.h"

static struct dev_token token;
static struct trust *trust; /* who issued the token's certificates */

/* Real checkers: this very program, started again. */
static struct checker_pool *checkers_of_token(void)
{
    struct checker_pool *checkers = NULL;
    struct error err = {0};
    assert_true(checker_pool_open(&(struct checker_settings){.count = 1, .trust = trust}, &checkers, &err));
    return checkers;
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
        IN_A_STORE(workers_carry_what_is_handed_in),
    };
    return cmocka_run_group_tests_name("passage", tests, make_token, drop_token);
}
