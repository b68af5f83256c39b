/* What exchange/store promises: accepted is kept, once, whatever is repeated. */
#include "tests/check.h"

#include <pthread.h>
#include <sqlite3.h>

#include "exchange/exchange_text.h"
#include "tests/store_fixture.h"

/* --- opening --- */

static void one_process_at_a_time(void **state)
{
    struct fixture *fixture = *state;
    struct store *second = NULL;
    struct error err = {0};
    struct store_settings settings = {fixture->directory, NULL};
    assert_false(store_open(&settings, &second, &err));
    assert_int_equal(err.code, ERR_BUSY);
    assert_ptr_equal(err.text, &TEXT_STORE_IN_USE);
}

static void what_a_newer_program_wrote_is_refused(void **state)
{
    struct fixture *fixture = *state;
    char path[96];
    sqlite3 *db = NULL;
    struct store *again = NULL;
    struct error err = {0};
    store_close(&fixture->store);
    snprintf(path, sizeof(path), "%s/vanthu.db", fixture->directory);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, "INSERT INTO schema_version VALUES (99)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_false(store_open(&(struct store_settings){fixture->directory, NULL}, &again, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    assert_ptr_equal(err.text, &TEXT_STORE_NEWER);
    assert_string_equal(err.arg[0], "99");
}

/* --- repeats --- */

#define A1                                                                                                   \
    {                                                                                                        \
        .channel = CHANNEL_API, .from = "H99.05", .document_id = "D1", .text = "mot", .repeat_key = "k1",    \
        .to = {                                                                                              \
            "G98"                                                                                            \
        }                                                                                                    \
    }
static const struct {
    const char *sentence;
    struct words second; /* after A1 was accepted */
    enum error_code code;
    bool same_receipt;
    size_t copies; /* of the first document afterwards */
} repeat_rows[] = {
    {"the same request again gets the first receipt", A1, ERR_NONE, true, 1},
    {"the same document under a new key gets the first receipt",
     {.channel = CHANNEL_API,
      .from = "H99.05",
      .document_id = "D1",
      .text = "mot",
      .repeat_key = "k2",
      .to = {"G98"}},
     ERR_NONE,
     true,
     1},
    {"another recipient of the same document is one more copy of it",
     {.channel = CHANNEL_API,
      .from = "H99.05",
      .document_id = "D1",
      .text = "mot",
      .repeat_key = "k2",
      .to = {"G98", "H98"}},
     ERR_NONE,
     true,
     2},
    {"a used key with another request is refused",
     {.channel = CHANNEL_API,
      .from = "H99.05",
      .document_id = "D2",
      .text = "hai",
      .repeat_key = "k1",
      .to = {"G98"}},
     ERR_CONFLICT,
     false,
     1},
    {"other content under a known identity is refused",
     {.channel = CHANNEL_API,
      .from = "H99.05",
      .document_id = "D1",
      .text = "hai",
      .repeat_key = "k2",
      .to = {"G98"}},
     ERR_CONFLICT,
     false,
     1},
    {"an update with other content is a document of its own",
     {.channel = CHANNEL_API,
      .from = "H99.05",
      .document_id = "D1",
      .text = "hai",
      .type = BUSINESS_UPDATE,
      .repeat_key = "k2",
      .to = {"G98"}},
     ERR_NONE,
     false,
     1},
    {"another sender's document of that name is its own",
     {.channel = CHANNEL_API,
      .from = "H99.06",
      .document_id = "D1",
      .text = "hai",
      .repeat_key = "k2",
      .to = {"G98"}},
     ERR_NONE,
     false,
     1},
    {"a package with other content is kept and set aside",
     {.channel = CHANNEL_AXIS, .from = "H99.05", .document_id = "D1", .text = "hai", .to = {"G98"}},
     ERR_NONE,
     false,
     1},
};

static void a_document_is_taken_once(void **state)
{
    static const struct words first = A1;
    for (size_t i = 0; i < COUNT_OF(repeat_rows); i++) {
        struct receipt one = {0}, two = {0};
        struct error err = {0};
        struct delivery_list copies CLEANUP(delivery_list_clear) = {0};
        fixture_close(state);
        fixture_open(state);
        struct store *store = ((struct fixture *)*state)->store;
        assert_true(accept_words(store, &first, &one, &err));
        bool good = accept_words(store, &repeat_rows[i].second, &two, &err);
        check_row(good == (repeat_rows[i].code == ERR_NONE) && err.code == repeat_rows[i].code,
                  repeat_rows[i].sentence);
        check_row(!good || (strcmp(one.id, two.id) == 0) == repeat_rows[i].same_receipt,
                  repeat_rows[i].sentence);
        check_row(!good || two.repeat == repeat_rows[i].same_receipt, repeat_rows[i].sentence);
        check_row(!good || two.set_aside == (repeat_rows[i].second.channel == CHANNEL_AXIS),
                  repeat_rows[i].sentence);
        assert_true(delivery_of_document(store, one.id, &copies, &err));
        check_row(copies.count == repeat_rows[i].copies, repeat_rows[i].sentence);
    }
}

static void a_refusal_keeps_nothing(void **state)
{
    struct fixture *fixture = *state;
    const struct words words = {.channel = CHANNEL_AXIS,
                                .from = "H99.05",
                                .document_id = "D1",
                                .text = "mot",
                                .to = {"G98", "X"},
                                .known = true};
    struct receipt receipt;
    struct error err = {0};
    struct store_figures figures;
    bool named = true;
    char blob[SHA256_HEX_SIZE];
    struct digest_value digest = digest_of(DIGEST_SHA256, span_text("mot"));
    hex_text(digest_span(&digest), blob);
    register_agency(fixture->store, "00.98.W00", "G98");
    assert_false(accept_words(fixture->store, &words, &receipt, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_ptr_equal(err.text, &TEXT_RECEIVER_UNKNOWN);
    assert_string_equal(err.arg[0], "X");
    assert_true(store_figures(fixture->store, &figures, &err));
    for (int stage = 0; stage < STAGE_COUNT; stage++)
        assert_int_equal(figures.stages[stage], 0);
    assert_true(store_names_blob(fixture->store, blob, &named, &err));
    assert_false(named);
}

static void what_was_accepted_stands_after_the_end(void **state)
{
    struct fixture *fixture = *state;
    static const struct words words = A1;
    struct receipt receipt;
    struct error err = {0};
    struct document document CLEANUP(document_clear) = {0};
    struct body body CLEANUP(body_close) = {.source = {.fd = -1}};
    assert_true(accept_words(fixture->store, &words, &receipt, &err));
    fixture_reopen(fixture);
    assert_true(store_document(fixture->store, receipt.id, &document, &err));
    assert_string_equal(document.subject, "V/v thử nghiệm");
    assert_string_equal(document.check_code, receipt.check_code);
    assert_int_equal(document.part_count, 1);
    assert_true(store_body(fixture->store, document.parts[0].blob, &body, &err));
    assert_true(span_is(body.source.bytes, "mot"));
}

/* --- moving on --- */

static struct document claim_one(struct fixture *fixture)
{
    struct document *documents = NULL, document = {0};
    size_t count = 0;
    struct error err = {0};
    assert_true(store_claim(fixture->store, 8, 60000, &documents, &count, &err));
    if (count > 0)
        document = documents[0];
    free(documents);
    assert_true(count <= 1);
    return document;
}

static void who_lost_the_lease_moves_nothing(void **state)
{
    struct fixture *fixture = *state;
    static const struct words words = A1;
    struct receipt receipt;
    struct error err = {0};
    struct change done = {0};
    assert_true(accept_words(fixture->store, &words, &receipt, &err));
    struct document first CLEANUP(document_clear) = claim_one(fixture);
    assert_non_null(first.id);
    struct document none CLEANUP(document_clear) = claim_one(fixture);
    assert_null(none.id);
    fixture_pass(fixture, 60001);
    struct document second CLEANUP(document_clear) = claim_one(fixture);
    assert_non_null(second.id);
    assert_false(store_apply(fixture->store, &first, STAGE_SIGNED, &done, &err));
    assert_int_equal(err.code, ERR_BUSY);
    assert_true(store_apply(fixture->store, &second, STAGE_SIGNED, &done, &err));
    assert_int_equal(second.stage, STAGE_SIGNED);
    assert_true(second.lease[0] != '\0');
}

static void waiting_says_why_since_when_and_until_when(void **state)
{
    struct fixture *fixture = *state;
    static const struct words words = A1;
    struct receipt receipt;
    struct error err = {0};
    struct delivery_list copies CLEANUP(delivery_list_clear) = {0};
    assert_true(accept_words(fixture->store, &words, &receipt, &err));
    int64_t began = fixture->clock.fixed_ms;
    for (int attempt = 1; attempt <= 2; attempt++) {
        struct document document CLEANUP(document_clear) = claim_one(fixture);
        struct change wait = {.outcome = OUTCOME_WAIT, .not_before_ms = fixture->clock.fixed_ms + 5000};
        fail(&wait.reason, ERR_TOKEN_AWAY, &TEXT_WAIT_NO_KEYS);
        assert_true(store_apply(fixture->store, &document, STAGE_SIGNED, &wait, &err));
        assert_int_equal(document.attempts, attempt);
        fixture_pass(fixture, 5000);
    }
    assert_true(delivery_of_document(fixture->store, receipt.id, &copies, &err));
    assert_string_equal(copies.deliveries[0].why.code, "WAIT_NO_KEYS");
    assert_string_equal(copies.deliveries[0].why.vi, TEXT_WAIT_NO_KEYS.vi);
    assert_int_equal(copies.deliveries[0].why.since_ms, began);
    assert_int_equal(copies.deliveries[0].why.next_ms, began + 10000);
}

static void a_refused_document_makes_way_for_the_corrected_one(void **state)
{
    struct fixture *fixture = *state;
    static const struct words words = A1;
    struct words again = words, corrected = words;
    struct receipt receipt, second;
    struct error err = {0};
    struct delivery_list copies CLEANUP(delivery_list_clear) = {0};
    struct change refused = {.outcome = OUTCOME_REFUSED};
    fail(&refused.reason, ERR_REFUSED, &TEXT_NOTHING_TO_SIGN);
    assert_true(accept_words(fixture->store, &words, &receipt, &err));
    struct document document CLEANUP(document_clear) = claim_one(fixture);
    assert_true(store_apply(fixture->store, &document, STAGE_SIGNED, &refused, &err));
    assert_int_equal(document.stage, STAGE_REFUSED);
    assert_true(delivery_of_document(fixture->store, receipt.id, &copies, &err));
    assert_int_equal(copies.deliveries[0].state, DELIVERY_FAIL);
    assert_string_equal(copies.deliveries[0].why.code, "NOTHING_TO_SIGN");

    corrected.text = "da sua";
    corrected.repeat_key = "k3";
    assert_true(accept_words(fixture->store, &corrected, &second, &err));
    assert_string_not_equal(second.id, receipt.id);

    again.repeat_key = "k2"; /* but now it contradicts the corrected one */
    assert_false(accept_words(fixture->store, &again, &second, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
}

static void a_refused_document_gets_another_chance(void **state)
{
    struct fixture *fixture = *state;
    static const struct words words = A1;
    struct words again = words;
    struct receipt receipt, second;
    struct error err = {0};
    struct delivery_list copies CLEANUP(delivery_list_clear) = {0};
    struct change refused = {.outcome = OUTCOME_REFUSED};
    fail(&refused.reason, ERR_REFUSED, &TEXT_NOTHING_TO_SIGN);
    assert_true(accept_words(fixture->store, &words, &receipt, &err));
    struct document document CLEANUP(document_clear) = claim_one(fixture);
    assert_true(store_apply(fixture->store, &document, STAGE_SIGNED, &refused, &err));
    again.repeat_key = "k2";
    assert_true(accept_words(fixture->store, &again, &second, &err));
    assert_string_equal(second.id, receipt.id);
    assert_true(delivery_of_document(fixture->store, receipt.id, &copies, &err));
    assert_int_equal(copies.deliveries[0].state, DELIVERY_WAITING);
}

static void the_more_urgent_goes_first(void **state)
{
    struct fixture *fixture = *state;
    struct error err = {0};
    struct receipt receipt;
    struct document *documents = NULL;
    size_t count = 0;
    for (int i = 0; i < 3; i++) {
        char id[16], key[16];
        snprintf(id, sizeof(id), "D%d", i);
        snprintf(key, sizeof(key), "k%d", i);
        struct words words = {.channel = CHANNEL_API,
                              .from = "H99.05",
                              .document_id = id,
                              .text = id,
                              .repeat_key = key,
                              .urgency = i == 2 ? 3 : 0,
                              .to = {"G98"}};
        assert_true(accept_words(fixture->store, &words, &receipt, &err));
        fixture_pass(fixture, 1);
    }
    assert_true(store_claim(fixture->store, 8, 60000, &documents, &count, &err));
    assert_int_equal(count, 3);
    assert_string_equal(documents[0].document_id, "D2");
    for (size_t i = 0; i < count; i++)
        document_clear(&documents[i]);
    free(documents);
}

/* --- many at once --- */

enum { THREADS = 16, EACH = 40 };

struct crowd {
    struct store *store;
    int number;
    int accepted;
};

/* Every thread hands in the same documents: each must be there once. */
static void *crowd_run(void *context)
{
    struct crowd *crowd = context;
    for (int i = 0; i < EACH; i++) {
        char id[32], key[32];
        struct receipt receipt;
        struct error err = {0};
        snprintf(id, sizeof(id), "D%d", i);
        snprintf(key, sizeof(key), "k%d-%d", crowd->number, i);
        struct words words = {.channel = CHANNEL_API,
                              .from = "H99.05",
                              .document_id = id,
                              .text = id,
                              .repeat_key = key,
                              .to = {"G98", "H98"}};
        crowd->accepted += accept_words(crowd->store, &words, &receipt, &err) && !receipt.repeat;
    }
    return NULL;
}

static void a_crowd_with_the_same_documents_leaves_each_once(void **state)
{
    struct fixture *fixture = *state;
    pthread_t threads[THREADS];
    struct crowd crowds[THREADS];
    struct store_figures figures;
    struct error err = {0};
    int accepted = 0;
    for (int i = 0; i < THREADS; i++) {
        crowds[i] = (struct crowd){fixture->store, i, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_run, &crowds[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        accepted += crowds[i].accepted;
    }
    assert_int_equal(accepted, EACH);
    assert_true(store_figures(fixture->store, &figures, &err));
    assert_int_equal(figures.stages[STAGE_RECEIVED], EACH);
    assert_int_equal(figures.deliveries[DELIVERY_WAITING], 2 * EACH);
}

#define IN_A_STORE(test) cmocka_unit_test_setup_teardown(test, fixture_open, fixture_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_A_STORE(one_process_at_a_time),
        IN_A_STORE(what_a_newer_program_wrote_is_refused),
        IN_A_STORE(a_document_is_taken_once),
        IN_A_STORE(a_refusal_keeps_nothing),
        IN_A_STORE(what_was_accepted_stands_after_the_end),
        IN_A_STORE(who_lost_the_lease_moves_nothing),
        IN_A_STORE(waiting_says_why_since_when_and_until_when),
        IN_A_STORE(a_refused_document_makes_way_for_the_corrected_one),
        IN_A_STORE(a_refused_document_gets_another_chance),
        IN_A_STORE(the_more_urgent_goes_first),
        IN_A_STORE(a_crowd_with_the_same_documents_leaves_each_once),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
