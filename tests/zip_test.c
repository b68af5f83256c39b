/* What signer/zip promises: whole ZIPs are read, and whatever two readers could see differently is named. */
#include "tests/check.h"

#include "tests/zip_make.h"

#include "signer/asic_text.h"
#include "signer/zip.h"

#define ONE                                                                                                  \
    {                                                                                                        \
        .name = "a.txt", .text = "một"                                                                     \
    }

static const struct {
    const char *sentence;
    struct zip_member members[3];
    struct zip_lies lies;
    const struct text *defect; /* NULL: none */
    enum error_code error;
} rows[] = {
    {"stored and deflated members are read",
     {ONE, {.name = "b.txt", .text = "hai hai hai", .deflate = true}},
     .defect = NULL},
    {"a descriptor may follow the data",
     {{.name = "a.txt", .text = "một", .deflate = true, .descriptor = true}},
     .defect = NULL},
    {"also of what is stored",
     {{.name = "a.txt", .text = "một", .descriptor = true}, ONE},
     .defect = &TEXT_ZIP_NAME_TWICE},
    {"sizes may stand in a ZIP64 field", {{.name = "a.txt", .text = "một", .wide = true}}, .defect = NULL},
    {"and so may the end", {ONE}, .lies = {.wide = true}},
    {"a comment is harmless", {ONE}, .lies = {.comment = "ghi chú"}},
    {"folders are members", {{.name = "f/", .text = ""}, {.name = "f/a.txt", .text = "một"}}, .defect = NULL},
    {"an empty ZIP is one", {{0}}, .defect = NULL},
    {"a name in UTF-8 may say so",
     {{.name = "văn thư.txt", .text = "một", .flags = ZIP_MAKE_UTF8}},
     .defect = NULL},

    {"one entry more than there are is refused", {ONE}, .lies = {.count_more = 1}, .error = ERR_MALFORMED},
    {"one entry less is refused",
     {ONE, {.name = "b.txt", .text = "hai"}},
     .lies = {.count_more = -1},
     .error = ERR_MALFORMED},
    {"bytes behind the end are named", {ONE}, .lies = {.trail = "thừa"}, .defect = &TEXT_ZIP_TRAILING},
    {"a second end is named", {ONE}, .lies = {.second_end = true}, .defect = &TEXT_ZIP_TWO_DIRECTORIES},
    {"bytes in front are named",
     {{.name = "a.txt", .text = "một", .gap = "MZ"}},
     .defect = &TEXT_ZIP_LEADING},
    {"bytes between members are named",
     {ONE, {.name = "b.txt", .text = "hai", .gap = "giấu"}},
     .defect = &TEXT_ZIP_GAP},
    {"a member that the directory leaves out is named",
     {ONE, {.name = "b.txt", .text = "hai", .hidden = true}},
     .defect = &TEXT_ZIP_GAP},
    {"members on the same bytes are named",
     {ONE, {.name = "b.txt", .text = "", .on_the_one_before = true}},
     .defect = &TEXT_ZIP_HEADERS_DIFFER},
    {"also under the same name",
     {ONE, {.name = "a.txt", .text = "", .on_the_one_before = true}},
     .defect = &TEXT_ZIP_OVERLAP},
    {"two members of one name are named",
     {ONE, {.name = "a.txt", .text = "hai"}},
     .defect = &TEXT_ZIP_NAME_TWICE},
    {"another name in front of the data is named",
     {{.name = "a.txt", .text = "một", .local_name = "b.txt"}},
     .defect = &TEXT_ZIP_HEADERS_DIFFER},
    {"another checksum is named",
     {{.name = "a.txt", .text = "một", .local_crc = 7}},
     .defect = &TEXT_ZIP_HEADERS_DIFFER},
    {"a size that is not the size is named",
     {{.name = "a.txt", .text = "một", .claimed_size = 2}},
     .defect = &TEXT_ZIP_HEADERS_DIFFER},
    {"a second name is named",
     {{.name = "a.txt", .text = "một", .unicode_name = "b.txt"}},
     .defect = &TEXT_ZIP_TWO_NAMES},
    {"the same name again is harmless",
     {{.name = "a.txt", .text = "một", .unicode_name = "a.txt"}},
     .defect = NULL},
    {"an encrypted member is named",
     {{.name = "a.txt", .text = "một", .flags = ZIP_MAKE_ENCRYPTED}},
     .defect = &TEXT_ZIP_ENCRYPTED},
    {"another way of packing is named",
     {{.name = "a.txt", .text = "một", .method = 14}},
     .defect = &TEXT_ZIP_METHOD},
    {"a link is named", {{.name = "a.txt", .text = "/etc/passwd", .link = true}}, .defect = &TEXT_ZIP_LINK},
    {"a folder that holds something is named",
     {{.name = "a/", .text = "một"}},
     .defect = &TEXT_ZIP_FOLDER_HOLDS},
    {"a way out of the folder is named",
     {{.name = "../a.txt", .text = "một"}},
     .defect = &TEXT_ZIP_NAME_PATH},
    {"also inside a path", {{.name = "f/../../a.txt", .text = "một"}}, .defect = &TEXT_ZIP_NAME_PATH},
    {"and at its end", {{.name = "f/..", .text = "một"}}, .defect = &TEXT_ZIP_NAME_PATH},
    {"a dot alone is named", {{.name = ".", .text = "một"}}, .defect = &TEXT_ZIP_NAME_PATH},
    {"dots in a name are harmless", {{.name = "..a..txt", .text = "một"}}, .defect = NULL},
    {"an absolute path is named", {{.name = "/etc/passwd", .text = "một"}}, .defect = &TEXT_ZIP_NAME_PATH},
    {"a drive is named", {{.name = "C:a.txt", .text = "một"}}, .defect = &TEXT_ZIP_NAME_PATH},
    {"a backslash is named", {{.name = "f\\a.txt", .text = "một"}}, .defect = &TEXT_ZIP_NAME_PATH},
    {"an empty step is named", {{.name = "f//a.txt", .text = "một"}}, .defect = &TEXT_ZIP_NAME_PATH},
    {"no name at all is named", {{.name = "", .text = "một"}}, .defect = &TEXT_ZIP_NAME_PATH},
    {"a control character is named", {{.name = "a\n.txt", .text = "một"}}, .defect = &TEXT_ZIP_NAME_CONTROL},
    {"a name that is not the UTF-8 it claims is named",
     {{.name = "v\x83n.txt", .text = "một", .flags = ZIP_MAKE_UTF8}},
     .defect = &TEXT_ZIP_NAME_ENCODING},

    {"a bomb is refused by what it says",
     {{.name = "a", .text = "x", .deflate = true, .claimed_size = 100 << 20}},
     .error = ERR_TOO_LARGE},
};

static size_t count_members(const struct zip_member *members)
{
    size_t count = 0;
    while (count < COUNT_OF(rows[0].members) && members[count].name)
        count++;
    return count;
}

static void what_readers_could_see_differently_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer bytes CLEANUP(buffer_clear) = {0};
        struct zip zip CLEANUP(zip_clear) = {0};
        struct error err = {0};
        zip_make(rows[i].members, count_members(rows[i].members), &rows[i].lies, &bytes);
        bool read = zip_read(buffer_span(&bytes), &zip, &err);
        check_row(read == (rows[i].error == ERR_NONE) && err.code == rows[i].error, rows[i].sentence);
        check_row(!read || zip.defect.text == rows[i].defect, rows[i].sentence);
    }
}

static void members_are_where_they_lie(void **state)
{
    (void)state;
    struct zip_member members[] = {
        {.name = "mimetype", .text = "x"},
        {.name = "b.txt", .text = "hai hai hai", .deflate = true, .descriptor = true},
        {.name = "f/", .text = ""}};
    struct buffer bytes CLEANUP(buffer_clear) = {0}, hold CLEANUP(buffer_clear) = {0};
    struct zip zip CLEANUP(zip_clear) = {0};
    struct error err = {0};
    struct span whole;
    zip_make(members, COUNT_OF(members), NULL, &bytes);
    assert_true(zip_read(buffer_span(&bytes), &zip, &err));
    assert_int_equal(zip.count, 3);
    assert_true(zip.entries[0].plain && zip.entries[0].at == 0 && !zip.entries[0].folder);
    assert_true(!zip.entries[1].plain && zip.entries[1].at == zip.entries[0].end);
    assert_true(zip.entries[2].folder);
    assert_true(detached_bytes(&zip.entries[1].file, 100, &hold, &whole, &err));
    assert_true(span_is(whole, "hai hai hai"));
}

static const struct {
    const char *sentence, *raw, *name;
} names[] = {
    {"UTF-8 is taken as it stands, said or not", "văn thư", "văn thư"},
    {"what is not UTF-8 is code page 437", "\x82t\x82.txt", "été.txt"},
    {"up to its end", "\xFF\x80\xE0", "\xC2\xA0Çα"},
};

static void names_are_read_in_both_encodings(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char *name CLEANUP(free_clear) = zip_name_read(span_text(names[i].raw), false);
        check_row(name && strcmp(name, names[i].name) == 0, names[i].sentence);
    }
}

/* Every beginning of a ZIP, and every byte of it changed: read, refused or named, never more. */
static void damage_is_survived(void **state)
{
    (void)state;
    struct zip_member members[] = {
        {.name = "a.txt", .text = "một một một", .deflate = true, .descriptor = true},
        {.name = "b.txt", .text = "hai", .wide = true, .unicode_name = "b.txt"}};
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    zip_make(members, COUNT_OF(members), &(struct zip_lies){.wide = true}, &bytes);
    for (size_t i = 0; i < bytes.size; i++) {
        struct zip zip CLEANUP(zip_clear) = {0}, cut CLEANUP(zip_clear) = {0};
        struct error err = {0};
        bytes.data[i] ^= 0x81;
        if (zip_read(buffer_span(&bytes), &zip, &err))
            assert_int_equal(zip.count, 2);
        bytes.data[i] ^= 0x81;
        assert_false(zip_read(span_slice(buffer_span(&bytes), 0, i), &cut, &err));
    }
}

static void more_members_than_the_limit_are_refused(void **state)
{
    (void)state;
    struct zip_member *members CLEANUP(free_clear) = calloc(ZIP_MAX_ENTRIES + 1, sizeof(*members));
    struct buffer bytes CLEANUP(buffer_clear) = {0};
    struct zip zip CLEANUP(zip_clear) = {0};
    struct error err = {0};
    for (size_t i = 0; i <= ZIP_MAX_ENTRIES; i++)
        members[i] = (struct zip_member)ONE;
    zip_make(members, ZIP_MAX_ENTRIES + 1, NULL, &bytes);
    assert_false(zip_read(buffer_span(&bytes), &zip, &err));
    assert_int_equal(err.code, ERR_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_readers_could_see_differently_is_named),
        cmocka_unit_test(members_are_where_they_lie),
        cmocka_unit_test(names_are_read_in_both_encodings),
        cmocka_unit_test(damage_is_survived),
        cmocka_unit_test(more_members_than_the_limit_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
