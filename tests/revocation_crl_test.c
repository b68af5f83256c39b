/* Whether a certificate was revoked, from lists of every kind: whole, partial, delta, on hold, forgotten, signed by those
 * who may and by those who may not. */
#include "tests/check.h"

#include "tests/revocation_world.h"

enum { REASONS_KEY = 1 << 1 | 1 << 2, REASONS_REST = 0x1F8 };

static const struct {
    const char *sentence;
    const struct pki_person *about;
    struct list lists[3];
    enum revocation_status status;
    bool stale;
} list_rows[] = {
    {"nothing at hand is unknown", PERSON, {{0}}, REVOCATION_UNKNOWN, false},
    {"who is not listed is good", PERSON, {{LIST(ROOT, -1, 7), .number = 1}}, REVOCATION_GOOD, false},
    {"who is listed is revoked", PERSON, {{LIST(ROOT, -1, 7), .listed = PERSON}}, REVOCATION_REVOKED, false},
    {"somebody else listed is nothing",
     PERSON,
     {{LIST(ROOT, -1, 7), .listed = EXPIRED}},
     REVOCATION_GOOD,
     false},
    {"a list past its next update is not fresh", PERSON, {{LIST(ROOT, -9, -1)}}, REVOCATION_GOOD, true},
    {"without a next update it is not either", PERSON, {{LIST(ROOT, -1, 0)}}, REVOCATION_GOOD, true},
    {"a list of tomorrow is not looked at", PERSON, {{LIST(ROOT, 1, 7)}}, REVOCATION_UNKNOWN, false},
    {"a key of the same name signs for nobody",
     PERSON,
     {{LIST(&world.twin, -1, 7)}},
     REVOCATION_UNKNOWN,
     false},
    {"the newest list decides about a hold",
     PERSON,
     {{LIST(ROOT, -3, 7), .listed = PERSON, .reason = 6}, {LIST(ROOT, -1, 7)}},
     REVOCATION_GOOD,
     false},
    {"on hold is revoked for now",
     PERSON,
     {{LIST(ROOT, -3, 7)}, {LIST(ROOT, -1, 7), .listed = PERSON, .reason = 6}},
     REVOCATION_REVOKED,
     false},
    {"what a newer list has forgotten stays revoked",
     PERSON,
     {{LIST(ROOT, -3, 7), .listed = PERSON, .reason = 1}, {LIST(ROOT, -1, 7)}},
     REVOCATION_REVOKED,
     false},
    {"a list of the named place counts",
     PERSON,
     {{LIST(ROOT, -1, 7), .place = PLACE}},
     REVOCATION_GOOD,
     false},
    {"one of another place does not",
     PERSON,
     {{LIST(ROOT, -1, 7), .place = "http://b/"}},
     REVOCATION_UNKNOWN,
     false},
    {"a list for authorities says nothing of people",
     PERSON,
     {{LIST(ROOT, -1, 7), .only_authorities = true}},
     REVOCATION_UNKNOWN,
     false},
    {"but of an authority",
     &world.authority,
     {{LIST(ROOT, -1, 7), .only_authorities = true}},
     REVOCATION_GOOD,
     false},
    {"a list for people says nothing of an authority",
     &world.authority,
     {{LIST(ROOT, -1, 7), .only_users = true}},
     REVOCATION_UNKNOWN,
     false},
    {"one for attributes of nobody",
     PERSON,
     {{LIST(ROOT, -1, 7), .only_attributes = true}},
     REVOCATION_UNKNOWN,
     false},
    {"some reasons are not all",
     PERSON,
     {{LIST(ROOT, -1, 7), .reasons = REASONS_KEY}},
     REVOCATION_UNKNOWN,
     false},
    {"two lists together may be",
     PERSON,
     {{LIST(ROOT, -1, 7), .reasons = REASONS_KEY}, {LIST(ROOT, -2, 7), .reasons = REASONS_REST}},
     REVOCATION_GOOD,
     false},
    {"one old part makes the whole old",
     PERSON,
     {{LIST(ROOT, -1, 7), .reasons = REASONS_KEY}, {LIST(ROOT, -9, -2), .reasons = REASONS_REST}},
     REVOCATION_GOOD,
     true},
    {"revoked for some reason is revoked",
     PERSON,
     {{LIST(ROOT, -1, 7), .reasons = REASONS_KEY, .listed = PERSON},
      {LIST(ROOT, -1, 7), .reasons = REASONS_REST}},
     REVOCATION_REVOKED,
     false},
    {"an unknown critical extension spoils a list",
     PERSON,
     {{LIST(ROOT, -1, 7), .critical_list = true}},
     REVOCATION_UNKNOWN,
     false},
    {"in anybody's entry too",
     PERSON,
     {{LIST(ROOT, -1, 7), .listed = EXPIRED, .critical_entry = true}},
     REVOCATION_UNKNOWN,
     false},
    {"a delta alone says nothing",
     PERSON,
     {{LIST(ROOT, -1, 7), .number = 2, .base = 1}},
     REVOCATION_UNKNOWN,
     false},
    {"a delta revokes",
     PERSON,
     {{LIST(ROOT, -3, 7), .number = 1}, {LIST(ROOT, -1, 7), .number = 2, .base = 1, .listed = PERSON}},
     REVOCATION_REVOKED,
     false},
    {"a delta takes off hold",
     PERSON,
     {{LIST(ROOT, -3, 7), .number = 1, .listed = PERSON, .reason = 6},
      {LIST(ROOT, -1, 7), .number = 2, .base = 1, .listed = PERSON, .reason = 8}},
     REVOCATION_GOOD,
     false},
    {"a delta to a later list does not belong to this one",
     PERSON,
     {{LIST(ROOT, -3, 7), .number = 1}, {LIST(ROOT, -1, 7), .number = 6, .base = 5, .listed = PERSON}},
     REVOCATION_GOOD,
     false},
    {"a delta refreshes",
     PERSON,
     {{LIST(ROOT, -9, -2), .number = 1}, {LIST(ROOT, -1, 7), .number = 2, .base = 1}},
     REVOCATION_GOOD,
     false},
    {"after a certificate's end silence means nothing",
     EXPIRED,
     {{LIST(ROOT, -1, 7)}},
     REVOCATION_UNKNOWN,
     false},
    {"unless the list remembers", EXPIRED, {{LIST(ROOT, -1, 7), .remembers = -50}}, REVOCATION_GOOD, false},
    {"not only those who expired later",
     EXPIRED,
     {{LIST(ROOT, -1, 7), .remembers = -5}},
     REVOCATION_UNKNOWN,
     false},
    {"listed after its end it is revoked all the same",
     EXPIRED,
     {{LIST(ROOT, -1, 7), .listed = EXPIRED}},
     REVOCATION_REVOKED,
     false},
};

static void lists_say_what_they_are_about(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(list_rows); i++) {
        struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
        struct revocation answer;
        for (size_t k = 0; k < COUNT_OF(list_rows[i].lists); k++)
            add_list(evidence, &list_rows[i].lists[k]);
        ask(evidence, list_rows[i].about, &answer);
        bool good = answer.status == list_rows[i].status
                    && (answer.status != REVOCATION_GOOD || answer.fresh == !list_rows[i].stale)
                    && (answer.status != REVOCATION_UNKNOWN || answer.why);
        if (!good)
            print_error("status %d, fresh %d, %s\n", answer.status, answer.fresh,
                        answer.why ? answer.why->en : "");
        check_row(good, list_rows[i].sentence);
    }
}

static void a_policy_may_want_younger_data(void **state)
{
    (void)state;
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct revocation answer;
    struct error err = {0};
    add_list(evidence, &(struct list){LIST(ROOT, -3, 30)});
    struct revocation_search search = {
        .evidence = evidence, .at_ms = world.now_ms, .max_age_ms = INT64_C(2) * DAY_MS};
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_true(answer.status == REVOCATION_GOOD && !answer.fresh);
    search.max_age_ms = INT64_C(4) * DAY_MS;
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_true(answer.fresh);
}

/* EN 319 102-1, 5.6.2.2.4: what cannot be proved to have been there then does not count. */
static void proof_is_asked_for_where_it_matters(void **state)
{
    (void)state;
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct revocation answer;
    struct error err = {0};
    add_list(evidence, &(struct list){LIST(ROOT, -3, 30)});
    const struct revocation_search search = {
        .evidence = evidence, .at_ms = world.now_ms - DAY_MS, .proved = true};
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_int_equal(answer.status, REVOCATION_UNKNOWN);
    assert_true(
        evidence_prove(evidence, evidence_at(evidence, 0)->der, world.now_ms - INT64_C(2) * DAY_MS, &err));
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_int_equal(answer.status, REVOCATION_GOOD);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_say_what_they_are_about),
        cmocka_unit_test(a_policy_may_want_younger_data),
        cmocka_unit_test(proof_is_asked_for_where_it_matters),
    };
    return cmocka_run_group_tests_name("revocation_crl", tests, revocation_world_make, revocation_world_end);
}
