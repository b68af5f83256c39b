/* What signer/detached promises: files found by reference, digested and read whether deflated or not. */
#include "tests/check.h"

#include <zlib.h>

#include "signer/detached.h"

static struct buffer deflated(struct span plain)
{
    struct buffer out = {0};
    z_stream stream = {.next_in = (Bytef *)plain.data, .avail_in = (uInt)plain.size};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t room = deflateBound(&stream, plain.size);
    stream.next_out = buffer_reserve(&out, room);
    stream.avail_out = (uInt)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    out.size = stream.total_out;
    deflateEnd(&stream);
    return out;
}

static const struct {
    const char *sentence;
    int more;    /* what is said about the size, beside the truth */
    int cut;     /* bytes missing at the end */
    bool behind; /* a byte follows the end */
    bool good;
} rows[] = {
    {"what is deflated is digested as if it stood there", 0, 0, false, true},
    {"one that says it is longer is damaged", 1, 0, false, false},
    {"one that says it is shorter is damaged", -1, 0, false, false},
    {"a bomb stops at the size that it admits", -900000, 0, false, false},
    {"one that is cut is damaged", 0, 3, false, false},
    {"bytes behind its end are damage", 0, 0, true, false},
};

static void a_member_is_inflated_in_pieces(void **state)
{
    (void)state;
    static uint8_t plain[1000000];
    for (size_t i = 0; i < sizeof(plain); i++)
        plain[i] = (uint8_t)(i * i >> 9);
    struct digest_value expected = digest_of(DIGEST_SHA256, span_of(plain, sizeof(plain)));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct buffer packed CLEANUP(buffer_clear) = deflated(span_of(plain, sizeof(plain)));
        struct buffer hold CLEANUP(buffer_clear) = {0};
        if (rows[i].behind)
            buffer_u8(&packed, 0);
        struct detached_memo memo = {0};
        struct detached file = {.name = "a",
                                .bytes =
                                    span_slice(buffer_span(&packed), 0, packed.size - (size_t)rows[i].cut),
                                .deflated = true,
                                .size = (uint64_t)((int)sizeof(plain) + rows[i].more),
                                .memo = &memo};
        struct digest_value digest = {0};
        struct span whole = {0};
        struct error err = {0}, other = {0};
        bool good = detached_digest(&file, DIGEST_SHA256, &digest, &err);
        check_row(good == rows[i].good && memo.known[DIGEST_SHA256] == good, rows[i].sentence);
        check_row(good ? span_equal(digest_span(&digest), digest_span(&expected)) : err.code == ERR_MALFORMED,
                  rows[i].sentence);
        check_row(detached_bytes(&file, sizeof(plain) + 1, &hold, &whole, &other) == good, rows[i].sentence);
        check_row(!good || span_equal(whole, span_of(plain, sizeof(plain))), rows[i].sentence);
    }
}

static void more_than_the_limit_is_not_unpacked(void **state)
{
    (void)state;
    struct detached file = {.name = "a", .bytes = SPAN_LITERAL("four")};
    struct buffer hold CLEANUP(buffer_clear) = {0};
    struct span whole;
    struct error err = {0};
    assert_true(detached_bytes(&file, 4, &hold, &whole, &err));
    assert_false(detached_bytes(&file, 3, &hold, &whole, &err));
    assert_int_equal(err.code, ERR_TOO_LARGE);
}

static const struct {
    const char *sentence, *uri, *name;
} references[] = {
    {"a name means itself", "a.txt", "a.txt"},
    {"a path means the file in the folder", "folder/b.txt", "folder/b.txt"},
    {"an absolute path leads to nothing", "/a.txt", NULL},
    {"a dot in front is where we are", "./a.txt", "a.txt"},
    {"percent-encoding is undone", "c%20d.txt", "c d.txt"},
    {"in UTF-8", "v%C4%83n%20th%C6%B0.pdf", "văn thư.pdf"},
    {"a name need not be encoded", "văn thư.pdf", "văn thư.pdf"},
    {"a plus is a plus", "e+f.txt", "e+f.txt"},
    {"and not a blank", "c+d.txt", NULL},
    {"a plus may be encoded", "e%2Bf.txt", "e+f.txt"},
    {"a percent sign that encodes nothing stands for itself", "100%.txt", "100%.txt"},
    {"and may be encoded", "100%25.txt", "100%.txt"},
    {"upper case is another name", "A.txt", NULL},
    {"what ends in an encoded NUL is another name", "a.txt%00", NULL},
    {"nothing means nothing", "", NULL},
    {"a file in a folder is not meant by its name alone", "b.txt", NULL},
};

static void a_reference_means_one_file(void **state)
{
    (void)state;
    struct detached files[] = {{.name = "văn thư.pdf"}, {.name = "a.txt"},   {.name = "folder/b.txt"},
                               {.name = "c d.txt"},     {.name = "e+f.txt"}, {.name = "100%.txt"}};
    detached_sort(files, COUNT_OF(files));
    for (size_t i = 0; i < COUNT_OF(references); i++) {
        const struct detached *found = detached_find(files, COUNT_OF(files), span_text(references[i].uri));
        check_row(references[i].name ? found && strcmp(found->name, references[i].name) == 0 : !found,
                  references[i].sentence);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_inflated_in_pieces),
        cmocka_unit_test(more_than_the_limit_is_not_unpacked),
        cmocka_unit_test(a_reference_means_one_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
