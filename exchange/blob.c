#include "exchange/blob.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include "base/base_text.h"
#include "exchange/package_text.h"

enum {
    BLOB_NAME = 128,      /* "sha256/ab/" and a digest, or a temporary name */
    BLOB_FLUSH = 8 << 20, /* bytes after which the kernel is asked to begin writing */
    BLOB_FIRST_ROOM = 4 << 10,
    BLOB_VERIFY_STEP = 1 << 20,
};

struct blobs {
    /* set by open, never changed */
    int directory;
    char *path;
    size_t small;
    bool scratch;
    bool nameless; /* the file system knows O_TMPFILE */
};

struct blob_writer {
    struct blobs *blobs;
    struct digest *digest;
    struct buffer head;        /* everything, while it is small */
    int fd;                    /* -1 while everything is in head */
    char temporary[BLOB_NAME]; /* of fd, when it has a name */
    uint64_t size, flushed;
};

static bool unwritable(const struct blobs *blobs, const char *call, struct error *err)
{
    fail(err, ERR_DISK, &TEXT_BLOB_UNWRITABLE, blobs->path);
    return error_errno(err, call);
}

/* --- the directory --- */

static bool make_directory(int at, const char *name, bool *ret_made)
{
    *ret_made = mkdirat(at, name, 0700) == 0;
    return *ret_made || errno == EEXIST;
}

static bool open_at(const char *directory, size_t small, bool scratch, struct blobs **ret_blobs,
                    struct error *err)
{
    struct blobs *blobs CLEANUP(blobs_close) = calloc(1, sizeof(*blobs));
    if (!blobs)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *blobs = (struct blobs){.directory = -1, .small = small, .scratch = scratch, .path = strdup(directory)};
    if (!blobs->path)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    blobs->directory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (blobs->directory < 0)
        return unwritable(blobs, "open directory", err);

    int probe CLEANUP(fd_close) = openat(blobs->directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    blobs->nameless = probe >= 0;
    *ret_blobs = TAKE(blobs);
    return true;
}

bool blobs_open(const char *directory, size_t small, struct blobs **ret_blobs, struct error *err)
{
    if (mkdir(directory, 0700) != 0 && errno != EEXIST) {
        fail(err, ERR_DISK, &TEXT_BLOB_UNWRITABLE, directory);
        return error_errno(err, "mkdir");
    }
    struct blobs *blobs CLEANUP(blobs_close) = NULL;
    bool made;
    if (!open_at(directory, small, false, &blobs, err))
        return false;
    if (!make_directory(blobs->directory, "sha256", &made) || (made && fsync(blobs->directory) != 0))
        return unwritable(blobs, "mkdir sha256", err);
    *ret_blobs = TAKE(blobs);
    return true;
}

bool blobs_open_scratch(const char *directory, size_t small, struct blobs **ret_blobs, struct error *err)
{
    return open_at(directory, small, true, ret_blobs, err);
}

void blobs_close(struct blobs **blobs)
{
    if (!*blobs)
        return;
    fd_close(&(*blobs)->directory);
    free((*blobs)->path);
    free(*blobs);
    *blobs = NULL;
}

/* --- writing --- */

bool blob_begin(struct blobs *blobs, struct blob_writer **ret_writer, struct error *err)
{
    struct blob_writer *writer = calloc(1, sizeof(*writer));
    if (!writer)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *writer = (struct blob_writer){.blobs = blobs, .fd = -1, .digest = digest_new(DIGEST_SHA256)};
    *ret_writer = writer;
    return true;
}

/* A file without a name where the file system has such; else one that is unlinked when it is not wanted. */
static bool open_file(struct blob_writer *writer, struct error *err)
{
    const struct blobs *blobs = writer->blobs;
    mode_t mode =
        blobs->scratch ? 0666 : 0600; /* a scratch's files become the caller's, under the caller's umask */
    if (blobs->nameless) {
        writer->fd = openat(blobs->directory, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, mode);
        return writer->fd >= 0 || unwritable(blobs, "open", err);
    }
    uint8_t chance[8];
    char hex[2 * sizeof(chance) + 1];
    random_bytes(chance, sizeof(chance));
    hex_text(span_of(chance, sizeof(chance)), hex);
    snprintf(writer->temporary, sizeof(writer->temporary), ".%s.tmp", hex);
    writer->fd = openat(blobs->directory, writer->temporary, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, mode);
    if (writer->fd < 0) {
        writer->temporary[0] = '\0';
        return unwritable(blobs, "open", err);
    }
    return true;
}

static bool write_file(struct blob_writer *writer, struct span bytes, struct error *err)
{
    struct error said = {0};
    if (!fd_write_all(writer->fd, bytes, &said)) {
        fail(err, ERR_DISK, &TEXT_BLOB_UNWRITABLE, writer->blobs->path);
        return error_cause(err, "%s", said.cause);
    }
    return true;
}

static bool spill(struct blob_writer *writer, struct error *err)
{
    if (!open_file(writer, err) || !write_file(writer, buffer_span(&writer->head), err))
        return false;
    buffer_clear(&writer->head);
    return true;
}

bool blob_add(struct blob_writer *writer, struct span bytes, struct error *err)
{
    if (bytes.size == 0)
        return true;
    digest_add(writer->digest, bytes);
    writer->size += bytes.size;
    if (writer->fd < 0 && writer->size <= writer->blobs->small) {
        buffer_append(&writer->head, bytes);
        return writer->head.failed ? fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY) : true;
    }
    if (writer->fd < 0 && !spill(writer, err))
        return false;
    if (!write_file(writer, bytes, err))
        return false;
    if (writer->size - writer->flushed >= BLOB_FLUSH) { /* the disk works while we go on computing */
        sync_file_range(writer->fd, (off_t)writer->flushed, (off_t)(writer->size - writer->flushed),
                        SYNC_FILE_RANGE_WRITE);
        writer->flushed = writer->size;
    }
    return true;
}

uint64_t blob_written(const struct blob_writer *writer)
{
    return writer->size;
}

bool blob_peek(struct blob_writer *writer, struct source *ret_source, struct error *err)
{
    if (writer->fd < 0) {
        *ret_source = source_of(buffer_span(&writer->head));
        return true;
    }
    int fd CLEANUP(fd_close) = fcntl(writer->fd, F_DUPFD_CLOEXEC, 3);
    if (fd < 0 || !source_map_fd(fd, ret_source, err))
        return unwritable(writer->blobs, "map", err);
    fd = -1; /* the source has it now */
    return true;
}

void blob_abort(struct blob_writer **writer)
{
    if (!*writer)
        return;
    digest_free(&(*writer)->digest);
    buffer_clear(&(*writer)->head);
    fd_close(&(*writer)->fd);
    if ((*writer)->temporary[0])
        unlinkat((*writer)->blobs->directory, (*writer)->temporary, 0);
    free(*writer);
    *writer = NULL;
}

/* --- commit --- */

static void blob_name(const char *sha256, char ret_name[static BLOB_NAME])
{
    snprintf(ret_name, BLOB_NAME, "sha256/%.2s/%s", sha256, sha256);
}

/* linkat: AT_EMPTY_PATH wants a capability, the /proc name does not. */
static bool link_fd(int fd, int directory, const char *name)
{
    char self[64];
    snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
    return linkat(AT_FDCWD, self, directory, name, AT_SYMLINK_FOLLOW) == 0;
}

static bool sync_directory(int at, const char *name)
{
    int fd CLEANUP(fd_close) = openat(at, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0;
}

/* Makes room for the name, then gives it to the file. */
static bool name_file(const struct blobs *blobs, int fd, const char *temporary, const char *sha256)
{
    char name[BLOB_NAME], fan[] = "sha256/xx";
    bool made;
    memcpy(fan + sizeof("sha256/") - 1, sha256, 2);
    blob_name(sha256, name);
    if (!make_directory(blobs->directory, fan, &made)
        || (made && !sync_directory(blobs->directory, "sha256")))
        return false;
    bool linked = temporary[0] ? linkat(blobs->directory, temporary, blobs->directory, name, 0) == 0
                               : link_fd(fd, blobs->directory, name);
    return (linked || errno == EEXIST) /* there already: the same bytes, by their name */
           && sync_directory(blobs->directory, fan);
}

/* The file first, then its name, then the directory: what has a name is whole. */
static bool commit_file(struct blob_writer *writer, const char *sha256, struct error *err)
{
    if (fdatasync(writer->fd) != 0)
        return unwritable(writer->blobs, "fdatasync", err);
    return name_file(writer->blobs, writer->fd, writer->temporary, sha256)
           || unwritable(writer->blobs, "link", err);
}

bool blob_commit(struct blob_writer **writer_owner, struct blob *ret_blob, struct error *err)
{
    struct blob_writer *writer CLEANUP(blob_abort) = TAKE(*writer_owner);
    struct blob blob = {.size = writer->size, .fd = -1};
    struct digest_value digest = digest_finish(writer->digest);
    hex_text(digest_span(&digest), blob.sha256);

    bool small = writer->fd < 0 && writer->blobs->small > 0;
    if (writer->fd < 0 && !small && !spill(writer, err))
        return false;
    if (small) {
        blob.bytes = writer->head;
        writer->head = (struct buffer){0};
    } else if (writer->blobs->scratch) {
        blob.fd = fd_take(&writer->fd);
    } else if (!commit_file(writer, blob.sha256, err)) {
        return false;
    }
    *ret_blob = blob;
    return true;
}

static bool copy_in(struct blobs *blobs, int from, struct blob *ret_blob, struct error *err)
{
    struct source source CLEANUP(source_close) = {.fd = -1};
    struct blob_writer *writer CLEANUP(blob_abort) = NULL;
    int fd CLEANUP(fd_close) = fcntl(from, F_DUPFD_CLOEXEC, 3);
    if (fd < 0 || !source_map_fd(fd, &source, err))
        return unwritable(blobs, "map", err);
    fd = -1;
    return blob_begin(blobs, &writer, err) && blob_add(writer, source.bytes, err)
           && blob_commit(&writer, ret_blob, err);
}

bool blob_adopt(struct blobs *blobs, struct blob *blob, struct error *err)
{
    struct blob kept CLEANUP(blob_clear) = {.size = blob->size, .fd = -1};
    if (blob->fd <= 0)
        return true;
    memcpy(kept.sha256, blob->sha256, sizeof(kept.sha256));
    if (fchmod(blob->fd, 0600) != 0 || fdatasync(blob->fd) != 0)
        return unwritable(blobs, "fdatasync", err);
    if (!name_file(blobs, blob->fd, "", kept.sha256)) {
        bool elsewhere =
            errno == EXDEV || errno == ENOENT; /* another file system, or a file that had a name once */
        if (!elsewhere)
            return unwritable(blobs, "link", err);
        if (!copy_in(blobs, blob->fd, &kept, err))
            return false;
    }
    blob_clear(blob);
    *blob = kept;
    kept = (struct blob){.fd = -1};
    return true;
}

static bool add_from_sink(struct sink *sink, struct span bytes, struct error *err)
{
    return blob_add(sink->target, bytes, err);
}

struct sink blob_sink(struct blob_writer *writer)
{
    return sink_call(add_from_sink, writer);
}

void blob_clear(struct blob *blob)
{
    buffer_clear(&blob->bytes);
    if (blob->fd > 0)
        close(blob->fd);
    *blob = (struct blob){.fd = -1};
}

/* --- reading --- */

static bool is_digest(const char *sha256)
{
    uint8_t bytes[SHA256_SIZE];
    return hex_read(span_text(sha256), SHA256_SIZE, bytes);
}

bool blob_open(const struct blobs *blobs, const char *sha256, struct source *ret_source, struct error *err)
{
    char name[BLOB_NAME];
    if (!is_digest(sha256))
        return fail(err, ERR_NOT_FOUND, &TEXT_BLOB_MISSING, sha256);
    blob_name(sha256, name);
    int fd CLEANUP(fd_close) = openat(blobs->directory, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) {
        fail(err, ERR_NOT_FOUND, &TEXT_BLOB_MISSING, sha256);
        return error_errno(err, "open");
    }
    if (!source_map_fd(fd, ret_source, err)) /* ours, and never changed: no private copy is needed */
        return false;
    fd = -1;
    return true;
}

bool blob_source(const struct blobs *blobs, const struct blob *blob, struct source *ret_source,
                 struct error *err)
{
    if (blob->bytes.size == blob->size) {
        *ret_source = source_of(buffer_span(&blob->bytes));
        return true;
    }
    if (blob->fd <= 0)
        return blob_open(blobs, blob->sha256, ret_source, err);
    int fd CLEANUP(fd_close) = fcntl(blob->fd, F_DUPFD_CLOEXEC, 3);
    if (fd < 0 || !source_map_fd(fd, ret_source, err))
        return unwritable(blobs, "map", err);
    fd = -1;
    return true;
}

bool blob_verify(const struct source *source, const char *sha256, struct error *err)
{
    struct digest *digest CLEANUP(digest_free) = digest_new(DIGEST_SHA256);
    for (size_t at = 0; at < source->bytes.size; at += BLOB_VERIFY_STEP)
        digest_add(digest, span_slice(source->bytes, at, BLOB_VERIFY_STEP));
    struct digest_value value = digest_finish(digest);
    char hex[SHA256_HEX_SIZE];
    hex_text(digest_span(&value), hex);
    return strcmp(hex, sha256) == 0 ? true : fail(err, ERR_INTERNAL, &TEXT_BLOB_DAMAGED, sha256);
}

static bool unlinkable(const char *path, struct error *err)
{
    if (errno == EEXIST)
        return fail(err, ERR_EXISTS, &TEXT_FILE_EXISTS, path);
    fail(err, ERR_DISK, &TEXT_FILE_UNWRITABLE, path);
    return error_errno(err, "link");
}

static bool write_out(struct span bytes, const char *path, bool replace, struct error *err)
{
    struct out_file file CLEANUP(out_file_close) = {.fd = -1};
    return out_file_open(path, replace, &file, err) && fd_write_all(file.fd, bytes, err)
           && out_file_commit(&file, err);
}

/* Where the file system has no nameless files, ours was unlinked and cannot be linked again. */
static bool copy_out(int from, const char *path, bool replace, struct error *err)
{
    struct source source CLEANUP(source_close) = {.fd = -1};
    int fd CLEANUP(fd_close) = fcntl(from, F_DUPFD_CLOEXEC, 3);
    if (fd < 0 || !source_map_fd(fd, &source, err))
        return false;
    fd = -1;
    return write_out(source.bytes, path, replace, err);
}

/* A name beside the path, then over it: whoever looks sees the old file or the new one. */
static bool link_over(int fd, const char *path)
{
    char *beside CLEANUP(free_clear) = NULL;
    uint8_t chance[6];
    char hex[2 * sizeof(chance) + 1];
    random_bytes(chance, sizeof(chance));
    hex_text(span_of(chance, sizeof(chance)), hex);
    if (asprintf(&beside, "%s.%s.tmp", path, hex) < 0) {
        beside = NULL;
        return false;
    }
    if (!link_fd(fd, AT_FDCWD, beside))
        return false;
    bool renamed = rename(beside, path) == 0;
    unlink(beside); /* still there when it failed, or when both were names of this very file */
    return renamed;
}

bool blob_link(const struct blob *blob, const char *path, bool replace, struct error *err)
{
    if (blob->fd <= 0)
        return write_out(buffer_span(&blob->bytes), path, replace, err);
    if (fdatasync(blob->fd) != 0)
        return unlinkable(path, err);
    if (!(replace ? link_over(blob->fd, path) : link_fd(blob->fd, AT_FDCWD, path)))
        return errno == ENOENT ? copy_out(blob->fd, path, replace, err) : unlinkable(path, err);
    const char *slash = strrchr(path, '/');
    char *directory CLEANUP(free_clear) = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    return directory && sync_directory(AT_FDCWD, directory) ? true : unlinkable(path, err);
}
