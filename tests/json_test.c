/* JSON through one door: duplicates and unknown members refused, kinds checked, nearest name suggested. */
#include "tests/check.h"

#include "base/base_text.h"
#include "base/json.h"

struct order {
    const char *name;
    int64_t copies;
    bool urgent;
};

static const struct json_member members[] = {
    {"name", JSON_KIND_TEXT, true, offsetof(struct order, name)},
    {"copies", JSON_KIND_INTEGER, false, offsetof(struct order, copies)},
    {"urgent", JSON_KIND_BOOLEAN, false, offsetof(struct order, urgent)},
};

static const struct {
    const char *sentence, *json;
    const struct text *refusal;
} rows[] = {
    {"all members are read", "{\"name\":\"Sở\",\"copies\":2,\"urgent\":true}", NULL},
    {"a duplicate is refused", "{\"name\":\"a\",\"name\":\"b\"}", &TEXT_JSON_MALFORMED},
    {"an unknown member suggests the nearest", "{\"name\":\"a\",\"copise\":1}", &TEXT_JSON_UNKNOWN_NEAR},
    {"an unknown member far from all is named", "{\"name\":\"a\",\"wholly\":1}", &TEXT_JSON_UNKNOWN},
    {"a wrong kind is refused", "{\"name\":\"a\",\"copies\":\"2\"}", &TEXT_JSON_WRONG_KIND},
    {"a missing member is named", "{\"copies\":2}", &TEXT_JSON_MISSING},
    {"a list is not an object", "[]", &TEXT_JSON_NOT_AN_OBJECT},
    {"rubbish after the end is refused", "{} x", &TEXT_JSON_MALFORMED},
    {"invalid UTF-8 is refused", "{\"name\":\"\xC0\xAF\"}", &TEXT_JSON_MALFORMED},
};

static void objects_are_read_or_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        json_t *value CLEANUP(json_clear) = NULL;
        struct error err = {0};
        struct order order = {0};
        bool read = json_read(span_text(rows[i].json), &value, &err)
                    && json_object_read(value, members, COUNT_OF(members), &order, &err);
        check_row(read == !rows[i].refusal && (read || err.text == rows[i].refusal), rows[i].sentence);
    }
}

static void deep_nesting_is_refused(void **state)
{
    (void)state;
    char deep[201];
    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    deep[200] = '\0';
    json_t *value CLEANUP(json_clear) = NULL;
    struct error err = {0};
    assert_false(json_read(span_text(deep), &value, &err));
    assert_ptr_equal(err.text, &TEXT_JSON_TOO_DEEP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_read_or_refused_by_name),
        cmocka_unit_test(deep_nesting_is_refused),
    };
    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
