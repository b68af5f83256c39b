#include "exchange/content.h"

#include <errno.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "exchange/package_text.h"

struct content content_of_span(struct span bytes)
{
    return (struct content){.bytes = bytes, .fd = -1, .size = bytes.size};
}

struct content content_of_source(const struct source *source)
{
    return content_of_span(source->bytes);
}

bool content_of_fd(int fd, struct content *ret_content, struct error *err)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(err, ERR_MALFORMED, &TEXT_NOT_A_FILE, "");
    *ret_content = (struct content){.fd = fd, .size = (uint64_t)about.st_size};
    return true;
}

bool content_read(const struct content *content, uint64_t offset, uint8_t *buffer, size_t room,
                  struct span *ret_piece, struct error *err)
{
    uint64_t left = content->size - offset;
    size_t size = left < room ? (size_t)left : room;
    if (content->fd < 0) {
        *ret_piece = span_slice(content->bytes, offset, size);
        return true;
    }
    for (;;) {
        ssize_t got = pread(content->fd, buffer, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fail(err, ERR_MALFORMED, &TEXT_FILE_UNREADABLE, "");
            return error_errno(err, "read");
        }
        if (got == 0 && size > 0)
            return fail(err, ERR_REFUSED, &TEXT_PACKAGE_CONTENT_CHANGED, "");
        *ret_piece = span_of(buffer, (size_t)got);
        return true;
    }
}
