/* What a stranger can put into the headers of an axis call: the first line is hash-header, the second
 * hash-file, the rest sign-header. Nothing may crash; what is read means what it says. */
#include <stdlib.h>

#include "service/axis_answer.h"
#include "service/axis_words.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at_times(const char *text)
{
    int64_t from, until, told;
    if (axis_time_read(text, &from, &until) && until <= from)
        abort(); /* a period has a length */
    if (axis_timestamp_read(text, &told))
        (void)told;
}

static void look_at_words(const json_t *parameters)
{
    const char *key, *id;
    json_t *value;
    struct error err = {0};
    if (axis_reported_id(parameters, &id, &err) && !id)
        abort(); /* an id that is meant is there */
    json_object_foreach((json_t *)(uintptr_t)parameters, key, value)
    {
        const char *text = json_string_value(value);
        struct buffer plain CLEANUP(buffer_clear) = {0};
        if (!text)
            continue;
        look_at_times(text);
        axis_address_listed((const char *const[]){text, NULL}, text);
        axis_unaccented(text, &plain);
        for (size_t i = 0; i < plain.size; i++)
            if (plain.data[i] >= 0x80)
                abort(); /* the axis's words are ASCII */
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct reader reader = reader_of(span_of(data, size));
    char *hash CLEANUP(free_clear) = span_string(read_until(&reader, '\n'));
    char *hash_file CLEANUP(free_clear) = span_string(read_until(&reader, '\n'));
    json_t *parameters CLEANUP(json_clear) = NULL;
    struct error err = {0};
    struct digest_value digest = digest_of(DIGEST_SHA256, reader.left);
    if (reader.failed || !hash || !hash_file)
        return 0;
    axis_hash_fits(SPAN_LITERAL("khoa-bi-mat-vi-du"), reader.left, hash);
    axis_digest_fits(&digest, hash_file);
    if (axis_signed_read(reader.left, &parameters, &err))
        look_at_words(parameters);
    else if (err.code == ERR_NONE)
        abort(); /* a refusal says why */
    return 0;
}
