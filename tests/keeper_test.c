/* What happens to those who sign when the token, its module or the keeper fails: they get a signature a little later, or an
 * answer in time, and afterwards signing goes on. Always with several callers. */
#include "tests/check.h"

#include <p11-kit/pkcs11.h>

#include "base/clock.h"
#include "hsm/hsm_text.h"
#include "tests/crowd.h"
#include "tests/token_world.h"

enum { DEADLINE_MS = 4000 };

/* ---- faults */

static const struct fault {
    const char *sentence;
    enum shim_call call;
    CK_RV rv;
    int count, hang, crash, spare_keepers; /* spare_keepers: how many more may start than the first */
    enum error_code expected;
} faults[] = {
    {"a session that is invalid is a matter of milliseconds", SHIM_SIGN, CKR_SESSION_HANDLE_INVALID, 5, 0, 0,
     6, ERR_NONE},
    {"so is a device error", SHIM_SIGN, CKR_DEVICE_ERROR, 3, 0, 0, 4, ERR_NONE},
    {"and a device that is removed for one call", SHIM_SIGN_INIT, CKR_DEVICE_REMOVED, 1, 0, 0, 1, ERR_NONE},
    {"and a module that forgot it was initialised", SHIM_SIGN_INIT, CKR_CRYPTOKI_NOT_INITIALIZED, 2, 0, 0, 3,
     ERR_NONE},
    {"and a login that is gone", SHIM_SIGN, CKR_USER_NOT_LOGGED_IN, 1, 0, 0, 2, ERR_NONE},
    {"a fault nobody understands is answered, and cured by the third", SHIM_SIGN, CKR_FUNCTION_FAILED, 6, 0,
     0, 4, ERR_NONE},
    {"a module that crashes takes nobody with it", SHIM_SIGN, 0, 0, 0, 2, 2, ERR_NONE},
    {"a module that hangs is answered at the deadline", SHIM_SIGN, 0, 0, 1, 0, 1, ERR_TIMEOUT},
    {"a module that hangs at opening a session too", SHIM_OPEN_SESSION, 0, 0, 1, 0, 2, ERR_TIMEOUT},
    {"no session to be had is waited for", SHIM_OPEN_SESSION, CKR_SESSION_COUNT, 2, 0, 0, 0, ERR_NONE},
};

static void inject(const struct fault *fault)
{
    struct shim_fault *call = &token.control->call[fault->call];
    atomic_store(&call->rv, fault->rv);
    atomic_store(&call->count, fault->count);
    atomic_store(&call->hang, fault->hang);
    atomic_store(&call->crash, fault->crash);
}

static bool fault_was_met(const struct fault *fault)
{
    struct shim_fault *call = &token.control->call[fault->call];
    return atomic_load(&call->count) <= 0 && atomic_load(&call->hang) <= 0 && atomic_load(&call->crash) <= 0;
}

static void after_any_fault_signing_goes_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(faults); i++) {
        const struct fault *fault = &faults[i];
        bool opening = fault->call == SHIM_OPEN_SESSION;
        dev_token_heal(&token);
        struct crowd crowd = {.uri = token.ec,
                              .hsm = dev_token_hsm(&token, fault->hang ? 1000 : DEADLINE_MS),
                              .expected = fault->expected};
        if (opening) { /* sessions are opened once and kept: between looking at the token and the first signature */
            struct key_description key CLEANUP(key_description_clear) = {0};
            struct error err = {0};
            check_row(hsm_describe(crowd.hsm, token.ec, &key, &err), fault->sentence);
            inject(fault);
        }
        crowd_start(&crowd);
        bool began = opening || signs_on(&crowd, 5000);
        if (!opening)
            inject(fault);
        int64_t until = clock_monotonic_ms() + 8000;
        while (!fault_was_met(fault) && clock_monotonic_ms() < until)
            pause_ms(5);
        /* somebody who hangs does not keep the others from signing; the keeper is replaced all the same */
        until = clock_monotonic_ms() + 4000;
        while (fault->hang && atomic_load(&token.control->initialised) < 2 && clock_monotonic_ms() < until)
            pause_ms(5);
        bool goes_on = signs_on(&crowd, 8000);
        crowd_stop(&crowd);

        check_row(!fault->hang || atomic_load(&token.control->initialised) == 2, fault->sentence);
        check_row(began && goes_on, fault->sentence);
        check_row(fault_was_met(fault), fault->sentence);
        check_row(atomic_load(&crowd.unexpected) == 0, fault->sentence);
        check_row(atomic_load(&crowd.longest_ms) < (fault->hang ? 1500 : DEADLINE_MS), fault->sentence);
        check_row(fault->expected == ERR_NONE || atomic_load(&crowd.failures) > 0, fault->sentence);
        check_row(atomic_load(&token.control->initialised) <= 1 + fault->spare_keepers, fault->sentence);
        print_message("  %-66s %5d signatures, longest %4ld ms, %d keepers\n", fault->sentence,
                      atomic_load(&crowd.signatures), atomic_load(&crowd.longest_ms),
                      atomic_load(&token.control->initialised));
    }
}

static void a_token_that_is_back_is_used_again(void **state)
{
    (void)state;
    struct crowd crowd = {.uri = token.ec, .hsm = dev_token_hsm(&token, 5000)};
    crowd_start(&crowd);
    bool began = signs_on(&crowd, 5000);
    atomic_store(&token.control->removed, 1);
    pause_ms(1000);
    int away = atomic_load(&crowd.signatures);
    pause_ms(1000);
    bool none_while_away = atomic_load(&crowd.signatures) == away;
    atomic_store(&token.control->removed, 0);
    int64_t back_ms = clock_monotonic_ms();
    bool goes_on = signs_on(&crowd, 3000);
    int64_t took_ms = clock_monotonic_ms() - back_ms;
    crowd_stop(&crowd);
    print_message("  signed again %jd ms after the token was back\n", (intmax_t)took_ms);
    assert_true(began && none_while_away && goes_on);
    assert_int_equal(atomic_load(&crowd.failures), 0); /* two seconds are waited out */
}

static void a_token_away_past_the_deadline_is_said_in_time(void **state)
{
    (void)state;
    struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 1000);
    struct error err = {0};
    assert_true(sign_with(hsm, token.leader, &err));
    atomic_store(&token.control->removed, 1);
    int64_t from = clock_monotonic_ms();
    assert_false(sign_with(hsm, token.leader, &err));
    assert_int_equal(err.code, ERR_TOKEN_AWAY);
    assert_in_range(clock_monotonic_ms() - from, 500, 1100);
    atomic_store(&token.control->removed, 0);
    assert_true(sign_with(hsm, token.leader, &err));
}

static void a_token_never_seen_is_not_waited_for(void **state)
{
    (void)state;
    for (int removed = 1; removed <= 2; removed++) { /* without token, without reader */
        struct hsm *hsm CLEANUP(hsm_close) = dev_token_hsm(&token, 5000);
        struct error err = {0};
        atomic_store(&token.control->removed, removed);
        int64_t from = clock_monotonic_ms();
        assert_false(sign_with(hsm, token.leader, &err));
        assert_int_equal(err.code, ERR_TOKEN_AWAY);
        assert_ptr_equal(err.text, &TEXT_TOKEN_ABSENT);
        assert_true(clock_monotonic_ms() - from < 2500);
        atomic_store(&token.control->removed, 0); /* plugged in: the next one finds it */
        assert_true(sign_with(hsm, token.leader, &err));
    }
}

static void callers_sign_at_the_same_time(void **state)
{
    (void)state;
    atomic_store(&token.control->call[SHIM_SIGN].latency_us, 20000);
    struct crowd crowd = {.uri = token.ec, .hsm = dev_token_hsm(&token, DEADLINE_MS)};
    crowd_start(&crowd);
    bool served = signs_on(&crowd, 5000);
    crowd_stop(&crowd);
    assert_true(served);
    assert_int_equal(atomic_load(&token.control->most_at_once), CALLERS);
    assert_int_equal(atomic_load(&crowd.failures), 0);
    assert_int_equal(atomic_load(&token.control->call[SHIM_LOGIN].calls), 1); /* one login serves all */
}

static void a_card_that_does_one_thing_at_a_time_serves_all(void **state)
{
    (void)state;
    atomic_store(&token.control->one_at_a_time, 1);
    atomic_store(&token.control->sessions_max, 5); /* one a token for libp11, the anchor, two for callers */
    atomic_store(&token.control->call[SHIM_SIGN].latency_us, 30000);
    struct crowd crowd = {.uri = token.ec, .hsm = dev_token_hsm(&token, DEADLINE_MS)};
    crowd_start(&crowd);
    bool served = signs_on(&crowd, 8000);
    crowd_stop(&crowd);
    assert_true(served);
    assert_int_equal(atomic_load(&crowd.failures), 0);
    assert_int_equal(atomic_load(&token.control->initialised), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(after_any_fault_signing_goes_on, token_heal),
        cmocka_unit_test_setup(a_token_that_is_back_is_used_again, token_heal),
        cmocka_unit_test_setup(a_token_away_past_the_deadline_is_said_in_time, token_heal),
        cmocka_unit_test_setup(a_token_never_seen_is_not_waited_for, token_heal),
        cmocka_unit_test_setup(callers_sign_at_the_same_time, token_heal),
        cmocka_unit_test_setup(a_card_that_does_one_thing_at_a_time_serves_all, token_heal),
    };
    return cmocka_run_group_tests(tests, token_make, token_drop);
}
