#include "service/body_blob.h"

#include <fcntl.h>

#include "base/base_text.h"

static bool of_memory(struct span bytes, struct blob *blob, struct error *err)
{
    buffer_append(&blob->bytes, bytes);
    return blob->bytes.failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
}

static bool of_file(struct span bytes, int fd, struct blob *blob, struct error *err)
{
    blob->fd = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (blob->fd >= 0 && ftruncate(blob->fd, (off_t)bytes.size) == 0)
        return true;
    fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, "spool");
    return error_errno(err, "ftruncate");
}

bool body_blob(struct span bytes, int fd, const struct digest_value *sha256, struct blob *ret_blob,
               struct error *err)
{
    struct blob blob CLEANUP(blob_clear) = {.size = bytes.size, .fd = -1};
    hex_text(digest_span(sha256), blob.sha256);
    bool small = fd < 0 || bytes.size <= BLOB_SMALL;
    if (small ? !of_memory(bytes, &blob, err) : !of_file(bytes, fd, &blob, err))
        return false;
    *ret_blob = blob;
    blob = (struct blob){.fd = -1};
    return true;
}
