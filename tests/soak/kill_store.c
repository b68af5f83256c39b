/* kill -9 at any moment loses nothing and doubles nothing.
 *
 *     kill_store [KILLS [SEED]]
 *
 * A child accepts documents from several threads, signs some with a token's key, moves them on and delivers them; whatever was
 * promised it says on a pipe, after the promise. The parent kills it at a random moment, KILLS times (10 unless named), on the same data. Then every promise must hold. */
#include "tests/check.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "base/xml.h"
#include "exchange/passage.h"
#include "tests/dev_token.h"
#include "tests/hand_in.h"
#include "tests/store_fixture.h"

enum {
    SENDERS = 4,
    COPIES = 2,
    LINE = 96,
    LIFE_FROM_MS = 20,
    LIFE_TO_MS = 800,
    SIGNING_PAUSE_US = 5000,
    WORKERS = 8
};
#define HERE "00.99.W00"
#define THERE "00.98.W00"

static struct dev_token token;

/* --- the child --- */

struct child {
    struct store *store;
    int round, pipe;
    int sender;
};

static struct words words_of(const char *document_id)
{
    return (struct words){.channel = CHANNEL_AXIS,
                          .from = "H99.05",
                          .document_id = document_id,
                          .text = document_id,
                          .to = {"G98", "H98"},
                          .known = true};
}

/* One write(2) below PIPE_BUF: a line is there whole or not at all. */
static void say(const struct child *child, char what, const char *a, const char *b)
{
    char line[LINE];
    int size = snprintf(line, sizeof(line), "%c %s %s\n", what, a, b);
    if (write(child->pipe, line, (size_t)size) != size)
        _exit(2);
}

static void *send_on(void *context)
{
    const struct child *child = context;
    for (int i = 0;; i++) {
        char id[32];
        struct receipt receipt;
        struct error err = {0};
        snprintf(id, sizeof(id), "R%d.%d.%d", child->round, child->sender, i);
        struct words words = words_of(id);
        if (!accept_words(child->store, &words, &receipt, &err))
            _exit(3);
        say(child, 'A', id, receipt.id);
    }
    return NULL;
}

/* From our API, to be signed on the way. */
static bool hand_in_numbered(struct store *store, const char *number, struct receipt *ret_receipt,
                             struct error *err)
{
    char header[512];
    snprintf(
        header, sizeof(header),
        "{\"from\":{\"code\":\"H99.05\"},\"to\":[{\"code\":\"G98\"},{\"code\":\"H98\"}],\"number\":\"%s\","
        "\"notation\":\"SNV\",\"date\":\"2025-03-14\",\"subject\":\"Kết quả\"}",
        number);
    return hand_in(store,
                   &(struct hand_in){.header = header,
                                     .name = "ket-qua.xml",
                                     .bytes = SPAN_LITERAL("<KetQua><So>127</So></KetQua>"),
                                     .sign_key = token.leader,
                                     .repeat_key = number},
                   ret_receipt, err);
}

static void *hand_in_on(void *context)
{
    const struct child *child = context;
    for (int i = 0;; i++) {
        char number[32];
        struct receipt receipt;
        struct error err = {0};
        snprintf(number, sizeof(number), "%d.%d", child->round, i);
        if (!hand_in_numbered(child->store, number, &receipt, &err))
            _exit(9);
        say(child, 'S', number, receipt.id);
        usleep(SIGNING_PAUSE_US);
    }
    return NULL;
}

static void *receive_on(void *context)
{
    const struct child *child = context;
    for (;;) {
        struct delivery_list list = {0};
        struct mailbox_query query = {.system = THERE, .kind = PACKAGE_EDOC, .limit = 50};
        struct error err = {0};
        if (!delivery_received(child->store, &query, &list, &err))
            _exit(4);
        for (size_t i = 0; i < list.count; i++) {
            struct delivery_list copy = {0};
            const char *id = list.deliveries[i].id;
            if (!delivery_fetch(child->store, THERE, id, &copy, &err)
                || !delivery_report(child->store, THERE, id, DELIVERY_DONE, "", &err))
                _exit(5);
            say(child, 'D', id, list.deliveries[i].document);
            delivery_list_clear(&copy);
        }
        delivery_list_clear(&list);
    }
    return NULL;
}

static void live(const char *directory, int round, int pipe)
{
    struct error err = {0};
    struct child child = {.round = round, .pipe = pipe};
    struct child senders[SENDERS];
    struct passage *passage = NULL;
    pthread_t thread;
    if (!store_open(&(struct store_settings){directory, NULL}, &child.store, &err))
        _exit(6);
    struct passage_settings settings = {.store = child.store, .hsm = dev_token_hsm(&token, 0)};
    if (!passage_open(&settings, &passage, &err) || !passage_start(passage, WORKERS, &err))
        _exit(7);
    for (int i = 0; i < SENDERS; i++) {
        senders[i] = child;
        senders[i].sender = i;
        if (pthread_create(&thread, NULL, i == 0 ? hand_in_on : send_on, &senders[i]) != 0)
            _exit(8);
    }
    receive_on(&child);
}

/* --- the parent --- */

struct promise {
    char what, a[ID_SIZE], b[ID_SIZE];
};
struct promises {
    struct promise *items;
    size_t count, room;
};

static void promise_add(struct promises *promises, const char *line)
{
    struct promise promise = {0};
    if (sscanf(line, "%c %36s %36s", &promise.what, promise.a, promise.b) != 3)
        return;
    if (promises->count == promises->room) {
        promises->room = promises->room ? 2 * promises->room : 1024;
        promises->items = reallocarray(promises->items, promises->room, sizeof(*promises->items));
        assert_non_null(promises->items);
    }
    promises->items[promises->count++] = promise;
}

static int64_t life_ms(unsigned *seed)
{
    return LIFE_FROM_MS + rand_r(seed) % (LIFE_TO_MS - LIFE_FROM_MS);
}

/* The life begins with the first promise: opening takes its time. */
static void kill_once(struct fixture *fixture, int round, unsigned *seed, struct promises *promises)
{
    int ends[2], status = 0;
    char line[LINE];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0); /* a keeper does not hold it open */
    pid_t child = fork();
    if (child == 0)
        live(fixture->directory, round, ends[1]);
    close(ends[1]);
    FILE *said = fdopen(ends[0], "r");
    int64_t end = 0;
    while (fgets(line, sizeof(line), said)) {
        promise_add(promises, line);
        if (end == 0)
            end = clock_monotonic_ms() + life_ms(seed);
        else if (end > 0 && clock_monotonic_ms() >= end) {
            kill(child, SIGKILL);
            end = -1;
        }
    }
    fclose(said);
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status)); /* it did not end by itself */
}

static void signed_once(struct store *store, const char *id)
{
    struct document document CLEANUP(document_clear) = {0};
    struct body body CLEANUP(body_close) = {.source = {.fd = -1}};
    struct error err = {0};
    static const char mark[] = "<ds:SignatureValue";
    assert_true(store_document(store, id, &document, &err));
    assert_true(store_body(store, document.parts[0].blob, &body, &err));
    size_t first = span_find(body.source.bytes, span_text(mark), 0);
    assert_true(first != SIZE_MAX);
    assert_true(span_find(body.source.bytes, span_text(mark), first + 1) == SIZE_MAX);
}

static void promises_hold(struct store *store, const struct promises *promises)
{
    for (size_t i = 0; i < promises->count; i++) {
        const struct promise *promise = &promises->items[i];
        struct receipt receipt = {0};
        struct error err = {0};
        struct words words = words_of(promise->a);
        if (promise->what == 'D')
            continue;
        if (promise->what == 'S')
            signed_once(store, promise->b);
        assert_true(promise->what == 'S' ? hand_in_numbered(store, promise->a, &receipt, &err)
                                         : accept_words(store, &words, &receipt, &err));
        assert_true(receipt.repeat);
        assert_string_equal(receipt.id, promise->b);
    }
}

/* Every document once, at its end, each with its copies, in one of the states a sent copy has. */
static size_t documents_hold(struct store *store)
{
    size_t seen = 0;
    char after[ID_SIZE] = "";
    for (;;) {
        struct document_list list CLEANUP(document_list_clear) = {0};
        struct document_query query = {.stage = STAGE_COUNT, .after = after};
        struct error err = {0};
        assert_true(store_documents(store, &query, &list, &err));
        if (list.count == 0)
            return seen;
        for (size_t i = 0; i < list.count; i++) {
            struct delivery_list copies CLEANUP(delivery_list_clear) = {0};
            assert_int_equal(list.documents[i].stage, STAGE_ROUTED);
            assert_int_equal(strlen(list.documents[i].check_code), CHECK_CODE_SIZE - 1);
            assert_true(delivery_of_document(store, list.documents[i].id, &copies, &err));
            assert_int_equal(copies.count, COPIES);
            for (size_t k = 0; k < copies.count; k++)
                assert_true(copies.deliveries[k].state != DELIVERY_WAITING);
        }
        seen += list.count;
        snprintf(after, sizeof(after), "%s", list.documents[list.count - 1].id);
    }
}

static void done_stays_done(struct store *store, const struct promises *promises)
{
    struct store_figures figures;
    struct error err = {0};
    size_t done = 0;
    for (size_t i = 0; i < promises->count; i++)
        done += promises->items[i].what == 'D';
    assert_true(store_figures(store, &figures, &err));
    assert_true(figures.deliveries[DELIVERY_DONE] >= done);
}

/* What the kills left behind goes to its end. */
static void drain(struct store *store)
{
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 0);
    struct passage *passage CLEANUP(passage_close) = NULL;
    struct store_figures figures;
    struct error err = {0};
    uint64_t left;
    assert_true(passage_open(&(struct passage_settings){.store = store, .hsm = hsm}, &passage, &err));
    assert_true(passage_start(passage, WORKERS, &err));
    do {
        usleep(10000);
        assert_true(store_figures(store, &figures, &err));
        left = figures.deliveries[DELIVERY_WAITING];
        for (int stage = 0; stage < STAGE_ROUTED; stage++)
            left += figures.stages[stage];
    } while (left > 0);
}

static int kills = 10;
static unsigned seed = 1;

static void nothing_is_lost_and_nothing_doubled(void **state)
{
    struct fixture *fixture = *state;
    struct promises promises = {0};
    fixture->clock.fixed_ms = 0; /* the child's clock runs too */
    register_agency(fixture->store, HERE, "H99.05");
    register_agency(fixture->store, THERE, "G98");
    register_agency(fixture->store, THERE, "H98");
    store_close(&fixture->store);
    for (int round = 0; round < kills; round++)
        kill_once(fixture, round, &seed, &promises);

    fixture_reopen(fixture);
    drain(fixture->store);
    promises_hold(fixture->store, &promises);
    done_stays_done(fixture->store, &promises);
    size_t documents = documents_hold(fixture->store);
    print_message("%d kills, %zu promises, %zu documents\n", kills, promises.count, documents);
    assert_true(promises.count > 0);
    free(promises.items);
}

int main(int argc, char **argv)
{
    if (argc > 1)
        kills = atoi(argv[1]);
    if (argc > 2)
        seed = (unsigned)atoi(argv[2]);
    xml_init();
    dev_token_make(&token);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_is_lost_and_nothing_doubled, fixture_open, fixture_close),
    };
    int failed = cmocka_run_group_tests_name("kill_store", tests, NULL, NULL);
    dev_token_remove(&token);
    return failed;
}
