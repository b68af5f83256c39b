/* What the tests of a document's way share: one header, one result, the steps taken until nothing moves, and the receiver's
 * mailbox. Include after tests/check.h. */
#pragma once

#include "exchange/intake.h"
#include "exchange/passage.h"
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

/* What the last step said. */
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

/* Without checkers. */
static UNUSED size_t go(struct store *store, struct hsm *hsm)
{
    return go_with(store, hsm, NULL);
}

static UNUSED size_t mailbox(struct store *store, enum package_kind kind, struct delivery_list *ret_list)
{
    struct error err = {0};
    delivery_list_clear(ret_list);
    assert_true(
        delivery_received(store, &(struct mailbox_query){.system = THERE, .kind = kind}, ret_list, &err));
    return ret_list->count;
}
