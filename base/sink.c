#include "base/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/base_text.h"

bool fd_write_all(int fd, struct span bytes, struct error *err)
{
    while (bytes.size > 0) {
        ssize_t written = write(fd, bytes.data, bytes.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0) {
            fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, "");
            return error_errno(err, "write");
        }
        bytes = span_slice(bytes, (size_t)written, SIZE_MAX);
    }
    return true;
}

static bool write_buffer(struct sink *sink, struct span bytes, struct error *err)
{
    struct buffer *buffer = sink->target;
    buffer_append(buffer, bytes);
    return buffer->failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
}

static bool write_fd(struct sink *sink, struct span bytes, struct error *err)
{
    return fd_write_all(sink->fd, bytes, err);
}

struct sink sink_buffer(struct buffer *buffer)
{
    return (struct sink){.write = write_buffer, .target = buffer, .fd = -1};
}

struct sink sink_fd(int fd)
{
    return (struct sink){.write = write_fd, .fd = fd};
}

struct sink sink_call(bool (*write)(struct sink *sink, struct span bytes, struct error *err), void *target)
{
    return (struct sink){.write = write, .target = target, .fd = -1};
}

void sink_write(struct sink *sink, struct span bytes)
{
    if (sink->failed || bytes.size == 0)
        return;
    if (!sink->write(sink, bytes, &sink->error)) {
        sink->failed = true;
        return;
    }
    if (sink->digest)
        digest_add(sink->digest, bytes);
    sink->written += bytes.size;
}

void sink_text(struct sink *sink, const char *text)
{
    sink_write(sink, span_text(text));
}

void sink_format(struct sink *sink, const char *format, ...)
{
    char *text CLEANUP(free_clear) = NULL;
    va_list args;
    va_start(args, format);
    int size = vasprintf(&text, format, args);
    va_end(args);
    if (size < 0) {
        text = NULL;
        sink->failed = true;
        fail(&sink->error, ERR_INTERNAL, &TEXT_NO_MEMORY);
        return;
    }
    sink_write(sink, span_of(text, (size_t)size));
}

bool sink_finish(struct sink *sink, struct error *err)
{
    if (sink->failed)
        *err = sink->error;
    return !sink->failed;
}

static bool is_empty_readable_file(int fd)
{
    struct stat about;
    int flags = fcntl(fd, F_GETFL);
    return flags >= 0 && (flags & O_ACCMODE) == O_RDWR && fstat(fd, &about) == 0 && S_ISREG(about.st_mode)
           && about.st_size == 0;
}

bool sink_can_read_back(const struct sink *sink)
{
    if (sink->write == write_buffer)
        return true;
    return sink->write == write_fd && is_empty_readable_file(sink->fd);
}

bool sink_read_back(const struct sink *sink, uint64_t from, struct source *ret_source, struct error *err)
{
    if (sink->write == write_buffer) {
        const struct buffer *buffer = sink->target;
        size_t size = (size_t)(sink->written - from);
        *ret_source = source_of(span_of(buffer->data + (buffer->size - size), size));
        return true;
    }
    int fd CLEANUP(fd_close) = fcntl(sink->fd, F_DUPFD_CLOEXEC, 3);
    if (fd < 0 || !source_map_fd(fd, ret_source, err))
        return fd < 0 ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : false;
    fd = -1;
    return true;
}

static bool unwritable(const char *path, const char *call, struct error *err)
{
    fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, path);
    return error_errno(err, call);
}

bool out_file_open(const char *path, bool replace, struct out_file *ret_file, struct error *err)
{
    struct stat about;
    if (!replace && lstat(path, &about) == 0)
        return fail(err, ERR_EXISTS, &TEXT_FILE_EXISTS, path);

    struct out_file file CLEANUP(out_file_close) = {.fd = -1, .replace = replace, .path = strdup(path)};
    uint8_t chance[6];
    char name[2 * sizeof(chance) + 1];
    random_bytes(chance, sizeof(chance));
    hex_text(span_of(chance, sizeof(chance)), name);
    if (!file.path || asprintf(&file.temporary, "%s.%s.tmp", path, name) < 0) {
        file.temporary = NULL;
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    }
    file.fd = open(file.temporary, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
    if (file.fd < 0) {
        free_clear(&file.temporary);
        return unwritable(path, "open", err);
    }
    *ret_file = file;
    file = (struct out_file){.fd = -1};
    return true;
}

static bool sync_directory_of(const char *path, struct error *err)
{
    const char *slash = strrchr(path, '/');
    char *directory CLEANUP(free_clear) =
        slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : strdup(".");
    int fd CLEANUP(fd_close) = directory ? open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    return fd >= 0 && fsync(fd) == 0 ? true : unwritable(path, "fsync directory", err);
}

bool out_file_commit(struct out_file *file, struct error *err)
{
    if (fsync(file->fd) != 0)
        return unwritable(file->path, "fsync", err);
    if (renameat2(AT_FDCWD, file->temporary, AT_FDCWD, file->path, file->replace ? 0 : RENAME_NOREPLACE) != 0)
        return errno == EEXIST ? fail(err, ERR_EXISTS, &TEXT_FILE_EXISTS, file->path)
                               : unwritable(file->path, "rename", err);
    free_clear(&file->temporary);
    return sync_directory_of(file->path, err);
}

void out_file_close(struct out_file *file)
{
    fd_close(&file->fd);
    if (file->temporary)
        unlink(file->temporary);
    free_clear(&file->temporary);
    free_clear(&file->path);
}

bool file_read(const char *path, size_t limit, struct buffer *ret_bytes, struct error *err)
{
    int fd CLEANUP(fd_close) = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        bool missing = errno == ENOENT || errno == ENOTDIR;
        fail(err, missing ? ERR_NOT_FOUND : ERR_MALFORMED,
             missing ? &TEXT_FILE_NOT_FOUND : &TEXT_FILE_UNREADABLE, path);
        return error_errno(err, "open");
    }
    for (;;) {
        uint8_t *room = buffer_reserve(ret_bytes, 16 << 10);
        if (!room)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        ssize_t got = read(fd, room, 16 << 10);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EISDIR)
            return fail(err, ERR_MALFORMED, &TEXT_NOT_A_FILE, path);
        if (got < 0) {
            fail(err, ERR_MALFORMED, &TEXT_FILE_UNREADABLE, path);
            return error_errno(err, "read");
        }
        if (got == 0)
            return true;
        ret_bytes->size += (size_t)got;
        if (ret_bytes->size > limit) {
            char text[24];
            snprintf(text, sizeof(text), "%zu", limit);
            return fail(err, ERR_TOO_LARGE, &TEXT_FILE_TOO_LARGE, path, text);
        }
    }
}
