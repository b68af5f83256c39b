#include "base/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "base/sink.h"

enum { SOURCE_IN_MEMORY = 8 << 20, COPY_CHUNK = 256 << 10 };

static const char DEFAULT_SPOOL[] = "/var/tmp";

bool spool_file(const char *spool, uint64_t expected, int *ret_fd, struct error *err)
{
    const char *directory = spool ? spool : DEFAULT_SPOOL;
    int fd = expected <= SOURCE_IN_MEMORY ? memfd_create("vanthu", MFD_CLOEXEC | MFD_ALLOW_SEALING)
                                          : open(directory, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {
        fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, directory);
        return error_errno(err, "open spool");
    }
    *ret_fd = fd;
    return true;
}

static bool copy_by_reading(int from, int to, struct error *err)
{
    char *chunk CLEANUP(free_clear) = malloc(COPY_CHUNK);
    if (!chunk)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (off_t at = 0;;) {
        ssize_t got = pread(from, chunk, COPY_CHUNK, at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fail(err, ERR_DISK, &TEXT_FILE_UNREADABLE, "");
            return error_errno(err, "read");
        }
        if (got == 0)
            return true;
        at += got;
        if (!fd_write_all(to, span_of(chunk, (size_t)got), err))
            return false;
    }
}

static bool copy_all(int from, int to, uint64_t size, struct error *err)
{
    loff_t at = 0;
    while ((uint64_t)at < size) {
        ssize_t copied = copy_file_range(from, &at, to, NULL, size - (uint64_t)at, 0);
        if (copied > 0 || (copied < 0 && errno == EINTR))
            continue;
        if (copied == 0)
            return true; /* it shrank: what is there is the document */
        if (at == 0)
            return copy_by_reading(from, to, err);
        fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, "");
        return error_errno(err, "copy_file_range");
    }
    return true;
}

bool source_map_fd(int fd, struct source *ret_source, struct error *err)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(err, ERR_MALFORMED, &TEXT_NOT_A_FILE, "");
    struct source source = {.fd = fd};
    if (about.st_size > 0) {
        void *data = mmap(NULL, (size_t)about.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
        if (data == MAP_FAILED) {
            fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
            return error_errno(err, "mmap");
        }
        source.bytes = span_of(data, (size_t)about.st_size);
        source.mapped = true;
    }
    *ret_source = source;
    return true;
}

static bool copy_named(int fd, const char *name, const char *spool, uint64_t limit, struct source *ret_source,
                       struct error *err)
{
    struct stat about;
    if (fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        return fail(err, ERR_MALFORMED, &TEXT_NOT_A_FILE, name);
    uint64_t size = (uint64_t)about.st_size;
    if (size > limit) {
        char text[24];
        snprintf(text, sizeof(text), "%llu", (unsigned long long)limit);
        return fail(err, ERR_TOO_LARGE, &TEXT_FILE_TOO_LARGE, name, text);
    }

    int copy CLEANUP(fd_close) = -1;
    if (!spool_file(spool, size, &copy, err) || !copy_all(fd, copy, size, err)
        || !source_map_fd(copy, ret_source, err))
        return false;
    copy = -1; /* the source has it now */
    return true;
}

bool source_copy_fd(int fd, const char *spool, uint64_t limit, struct source *ret_source, struct error *err)
{
    return copy_named(fd, "", spool, limit, ret_source, err);
}

bool source_open(const char *path, const char *spool, uint64_t limit, struct source *ret_source,
                 struct error *err)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        fail(err, errno == ENOENT || errno == ENOTDIR ? ERR_NOT_FOUND : ERR_MALFORMED,
             errno == ENOENT || errno == ENOTDIR ? &TEXT_FILE_NOT_FOUND : &TEXT_FILE_UNREADABLE, path);
        return error_errno(err, "open");
    }
    return copy_named(fd, path, spool, limit, ret_source, err);
}

struct source source_of(struct span bytes)
{
    return (struct source){.bytes = bytes, .fd = -1};
}

bool source_dup_fd(const struct source *source, int *ret_fd, struct error *err)
{
    int fd CLEANUP(fd_close) = -1;
    if (source->fd >= 0) {
        fd = fcntl(source->fd, F_DUPFD_CLOEXEC, 3);
        if (fd < 0) {
            fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
            return error_errno(err, "dup");
        }
    } else if (!spool_file(NULL, source->bytes.size, &fd, err) || !fd_write_all(fd, source->bytes, err)) {
        return false;
    }
    *ret_fd = fd_take(&fd);
    return true;
}

void source_close(struct source *source)
{
    if (source->mapped)
        munmap((void *)(uintptr_t)source->bytes.data, source->bytes.size);
    if (source->fd > 0)
        close(source->fd);
    *source = (struct source){.fd = -1};
}
