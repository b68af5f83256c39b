/* Packages from outside: whatever is taken can be written back, and is then the same document. */
#include <stdlib.h>
#include <string.h>

#include "base/xml.h"
#include "exchange/package.h"

enum { IN_MEMORY = 64 << 20 }; /* contents never become files here */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct blobs *scratch(void)
{
    static struct blobs *blobs;
    struct error err = {0};
    if (!blobs) {
        xml_init();
        if (!blobs_open_scratch("/tmp", IN_MEMORY, &blobs, &err))
            abort();
    }
    return blobs;
}

static void write_back(const struct package *package, struct buffer *wire, struct error *err)
{
    struct content contents[PACKAGE_MAX_ATTACHMENTS];
    struct sink sink = sink_buffer(wire);
    for (size_t i = 0; i < package->attachments.count; i++)
        contents[i] = content_of_span(buffer_span(&package->attachments.items[i].blob.bytes));
    if (!package_write(package, contents, NULL, &sink, err))
        wire->size = 0; /* what misses a number or a date is taken but not sent */
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct package package CLEANUP(package_clear) = {0}, again CLEANUP(package_clear) = {0};
    struct buffer wire CLEANUP(buffer_clear) = {0};
    struct package_identity first, second;
    struct error err = {0};
    if (!package_read(span_of(data, size), scratch(), NULL, &package, &err)) {
        if (!err.text)
            abort(); /* a refusal says why */
        return 0;
    }
    write_back(&package, &wire, &err);
    if (wire.size == 0)
        return 0;
    if (!package_read(buffer_span(&wire), scratch(), NULL, &again, &err))
        abort();
    package_identity(&package, &first);
    package_identity(&again, &second);
    if (strcmp(first.key, second.key) != 0 || strcmp(first.content, second.content) != 0)
        abort();
    return 0;
}
