/* Anything may be called a ZIP: its structure, and what its members unpack to. */
#include <stdlib.h>

#include "signer/zip.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { UNPACK_MAX = 1 << 20 };

/* Members lie within the bytes; where nothing is wrong, one after the other. */
static void look_at(const struct zip *zip, size_t size)
{
    uint64_t end = 0;
    for (size_t i = 0; i < zip->count; i++) {
        const struct zip_entry *entry = &zip->entries[i];
        struct buffer hold CLEANUP(buffer_clear) = {0};
        struct span whole;
        struct error err = {0};
        if (entry->end > size || (!zip->defect.text && entry->at != end))
            abort();
        if (detached_bytes(&entry->file, UNPACK_MAX, &hold, &whole, &err)
            && whole.size != detached_size(&entry->file))
            abort();
        end = entry->end;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct zip zip CLEANUP(zip_clear) = {0};
    struct error err = {0};
    if (zip_read(span_of(data, size), &zip, &err))
        look_at(&zip, size);
    return 0;
}
