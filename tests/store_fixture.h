/* What the tests of the exchange share: a data directory of their own, a clock that stands, and documents made of a few words.
 * Include after tests/check.h. */
#pragma once

#include <ftw.h>
#include <stdio.h>

#include "exchange/agency.h"
#include "exchange/check_code.h"
#include "exchange/route.h"
#include "exchange/store.h"

enum { FIXTURE_TIME = 1763737200 /* 2025-11-21T22:00:00+07:00, seconds */ };

struct fixture {
    char directory[64];
    struct clock clock;
    struct store *store;
};

static UNUSED void fixture_reopen(struct fixture *fixture)
{
    struct error err = {0};
    struct store_settings settings = {fixture->directory, &fixture->clock};
    store_close(&fixture->store);
    if (!store_open(&settings, &fixture->store, &err))
        print_error("store_open: %s\n", err.cause);
    assert_non_null(fixture->store);
}

static UNUSED int fixture_open(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    assert_non_null(fixture);
    strcpy(fixture->directory, "/tmp/vanthu-store-XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    fixture->clock.fixed_ms = FIXTURE_TIME * 1000LL;
    fixture_reopen(fixture);
    *state = fixture;
    return 0;
}

static int fixture_remove(const char *path, const struct stat *about, int kind, struct FTW *walk)
{
    (void)about, (void)kind, (void)walk;
    return remove(path);
}

static UNUSED int fixture_close(void **state)
{
    struct fixture *fixture = *state;
    store_close(&fixture->store);
    nftw(fixture->directory, fixture_remove, 16, FTW_DEPTH | FTW_PHYS);
    free(fixture);
    return 0;
}

static UNUSED void fixture_pass(struct fixture *fixture, int64_t ms)
{
    fixture->clock.fixed_ms += ms;
}

static UNUSED void register_agency(struct store *store, const char *system, const char *code)
{
    struct error err = {0};
    struct agency agency = {.code = code, .name = "Cơ quan mẫu", .system = system};
    assert_true(agency_register(store, &agency, &err));
}

/* A document in a few words. */
struct words {
    enum channel channel;
    const char *from, *document_id, *text; /* text: the content, and the bytes of its only part */
    int type;
    const char *repeat_key;
    const char *to[4];
    bool known;
    int urgency;
    const struct status_report *status;
};

static UNUSED void words_digest(const char *a, const char *b, int c, char ret_hex[static SHA256_HEX_SIZE])
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    buffer_format(&text, "%s|%s|%d", a, b, c);
    struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(&text));
    hex_text(digest_span(&digest), ret_hex);
}

static UNUSED bool accept_words(struct store *store, const struct words *words, struct receipt *ret_receipt,
                                struct error *err)
{
    char identity[SHA256_HEX_SIZE], content[SHA256_HEX_SIZE], request[SHA256_HEX_SIZE];
    struct digest_value digest = digest_of(DIGEST_SHA256, span_text(words->text));
    struct blob blob = {.size = strlen(words->text), .fd = -1};
    const struct blob *bodies[] = {&blob};
    hex_text(digest_span(&digest), blob.sha256);
    buffer_text(&blob.bytes, words->text);
    words_digest(words->from, words->document_id, words->type, identity);
    words_digest(words->text, "", 0, content);
    words_digest(words->text, words->to[0] ? words->to[0] : "", 1, request);

    bool api = words->channel == CHANNEL_API;
    struct part part = {.name = "van-ban.pdf",
                        .content_type = "application/pdf",
                        .description = "",
                        .original = blob.sha256,
                        .blob = blob.sha256,
                        .size = blob.size};
    struct document document = {.channel = words->channel,
                                .kind = words->status ? PACKAGE_STATUS : PACKAGE_EDOC,
                                .stage = api             ? STAGE_RECEIVED
                                         : words->status ? STAGE_FILED
                                                         : STAGE_ARRIVED,
                                .caller = api ? "mot-cua" : "",
                                .system = api ? "" : "00.99.W00",
                                .from = words->from,
                                .from_name = "Sở Nội vụ",
                                .document_id = words->document_id,
                                .business_type = words->type,
                                .number = "127",
                                .notation = "SNV-VP",
                                .date = "2025-03-14",
                                .subject = "V/v thử nghiệm",
                                .header = "{}",
                                .package = api ? "" : blob.sha256,
                                .package_size = api ? 0 : blob.size,
                                .sign_key = "",
                                .seal_key = "",
                                .parts = &part,
                                .part_count = 1};
    struct recipient recipients[COUNT_OF(words->to)];
    struct acceptance acceptance = {.document = &document,
                                    .identity = identity,
                                    .content = content,
                                    .from_key = words->from,
                                    .urgency = words->urgency,
                                    .repeat_key = words->repeat_key,
                                    .request = request,
                                    .recipients = recipients,
                                    .recipients_known = words->known,
                                    .status = words->status,
                                    .bodies = bodies,
                                    .body_count = 1};
    for (; acceptance.recipient_count < COUNT_OF(words->to) && words->to[acceptance.recipient_count];
         acceptance.recipient_count++)
        recipients[acceptance.recipient_count] =
            (struct recipient){words->to[acceptance.recipient_count], "Nơi nhận"};
    bool good = store_accept(store, &acceptance, ret_receipt, err);
    buffer_clear(&blob.bytes);
    return good;
}

/* Every document that is due goes straight to its end: each copy to its mailbox, or waiting for its agency. */
static UNUSED void route_everything(struct store *store)
{
    struct document *documents = NULL;
    size_t count = 0;
    struct error err = {0};
    assert_true(store_claim(store, 64, 60000, &documents, &count, &err));
    for (size_t i = 0; i < count; i++) {
        struct delivery_list copies CLEANUP(delivery_list_clear) = {0};
        struct change change CLEANUP(change_clear) = {0};
        assert_true(delivery_of_document(store, documents[i].id, &copies, &err));
        change.deliveries = calloc(copies.count + 1, sizeof(*change.deliveries));
        change.delivery_count = copies.count;
        for (size_t k = 0; k < copies.count; k++)
            assert_true(route_delivery(store, &copies.deliveries[k], &change.deliveries[k], &err));
        assert_true(store_apply(store, &documents[i], STAGE_ROUTED, &change, &err));
        document_clear(&documents[i]);
    }
    free(documents);
}

/* Every copy that is due is tried once. */
static UNUSED size_t retry_everything(struct store *store)
{
    struct delivery_list list CLEANUP(delivery_list_clear) = {0};
    struct delivery_change changes[64];
    char lease[LEASE_SIZE];
    struct error err = {0};
    assert_true(store_claim_deliveries(store, COUNT_OF(changes), 60000, &list, lease, &err));
    for (size_t i = 0; i < list.count; i++)
        assert_true(route_delivery(store, &list.deliveries[i], &changes[i], &err));
    assert_true(store_settle(store, lease, changes, list.count, &err));
    return list.count;
}
