/* The packages that tests/interop/samples.mjs writes: every variant the facts name and every attack, each with what must become of
 * it. They are made by another program than ours, from the same description. */
#include "tests/check.h"

#include "base/json.h"
#include "tests/packages.h"

struct sample {
    const char *file, *expect, *note, *kind;
    const json_t *attachments;
};

static bool read_sample(const json_t *value, struct sample *ret_sample)
{
    static const struct json_member members[] = {
        {"file", JSON_KIND_TEXT, true, offsetof(struct sample, file)},
        {"expect", JSON_KIND_TEXT, true, offsetof(struct sample, expect)},
        {"note", JSON_KIND_TEXT, true, offsetof(struct sample, note)},
        {"kind", JSON_KIND_TEXT, true, offsetof(struct sample, kind)},
        {"attachments", JSON_KIND_ARRAY, true, offsetof(struct sample, attachments)},
    };
    struct error err = {0};
    return json_object_read(value, members, COUNT_OF(members), ret_sample, &err);
}

static bool has_attachments(const struct package *package, const json_t *expected)
{
    bool same = package->attachments.count == json_array_size(expected);
    for (size_t i = 0; same && i < package->attachments.count; i++) {
        const struct attachment *attachment = &package->attachments.items[i];
        const json_t *one = json_array_get(expected, i);
        same = strcmp(attachment->name, json_string_value(json_object_get(one, "name"))) == 0
               && strcmp(attachment->blob.sha256, json_string_value(json_object_get(one, "sha256"))) == 0;
    }
    return same;
}

static void check_sample(const struct sample *sample, struct blobs *blobs)
{
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    char path[512];
    snprintf(path, sizeof(path), BUILD_DIR "/samples/edxml/%s", sample->file);
    assert_true(file_read(path, BUFFER_MAX, &wire, &err));
    int before = packages_count();
    bool read = package_read(buffer_span(&wire), blobs, NULL, &package, &err);
    check_row(read == (strcmp(sample->expect, "refuse") != 0), sample->note);
    check_row(read || (err.text && packages_count() == before), sample->note);
    check_row(strcmp(sample->expect, "deviation") != 0 || package.deviations.count > 0, sample->note);
    check_row(!read || has_attachments(&package, sample->attachments), sample->note);
    check_row(!read || strcmp(package_kind_name(package.header.kind), sample->kind) == 0, sample->note);
}

static void every_sample_becomes_what_it_should(void **state)
{
    (void)state;
    struct buffer index CLEANUP(buffer_clear) = {0};
    json_t *samples CLEANUP(json_clear) = NULL;
    struct blobs *kept CLEANUP(blobs_close) = NULL, *looked_at CLEANUP(blobs_close) = NULL;
    struct error err = {0};
    size_t number;
    json_t *value;
    assert_true(file_read(BUILD_DIR "/samples/edxml/index.json", JSON_MAX_SIZE, &index, &err));
    assert_true(json_read(buffer_span(&index), &samples, &err));
    assert_true(json_array_size(samples) > 200);
    assert_true(blobs_open(packages_directory, 0, &kept, &err));
    assert_true(blobs_open_scratch(packages_directory, BLOB_SMALL, &looked_at, &err));
    json_array_foreach(samples, number, value)
    {
        struct sample sample;
        assert_true(read_sample(value, &sample));
        check_sample(&sample, strcmp(sample.expect, "refuse") == 0 ? kept : looked_at);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_sample_becomes_what_it_should),
    };
    return cmocka_run_group_tests_name("edxml_samples", tests, packages_make_directory,
                                       packages_remove_directory);
}
