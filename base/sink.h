/* Where bytes go. A sink counts and may digest what passes; it fails once and stays failed (`failed`, with the error kept
 * in `error`), so that a writer reads like its format and asks at the end with sink_finish. One thread at a time. */
#pragma once

#include "base/bytes.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/source.h"

struct sink {
    /* set by sink_*_open, never changed */
    bool (*write)(struct sink *sink, struct span bytes, struct error *err);
    void *target;
    int fd;
    struct digest *digest; /* borrowed: everything written goes through it when set */
    /* the writer's */
    uint64_t written;
    bool failed;
    struct error error;
};

/* Appends to a buffer the caller owns. */
struct sink sink_buffer(struct buffer *buffer);
/* Writes to a descriptor the caller owns. */
struct sink sink_fd(int fd);
/* Calls a function of the caller's. */
struct sink sink_call(bool (*write)(struct sink *sink, struct span bytes, struct error *err), void *target);

void sink_write(struct sink *sink, struct span bytes);
void sink_text(struct sink *sink, const char *text);
void sink_format(struct sink *sink, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What went wrong, if anything did. */
bool sink_finish(struct sink *sink, struct error *err) MUST_USE;

/* For checking one's own work: all that was written since `from` (a value of sink.written), borrowed from the buffer or
 * mapped from the file. Asked before the first byte: a buffer can give back, and a regular file that is open for reading too and
 * still empty. */
bool sink_can_read_back(const struct sink *sink);
bool sink_read_back(const struct sink *sink, uint64_t from, struct source *ret_source, struct error *err)
    MUST_USE;

/* A file that appears whole or not at all: written under a temporary name beside it, fsynced, renamed, its directory
 * fsynced. Until out_file_commit nothing stands under `path`. */
struct out_file {
    int fd;
    char *path, *temporary;
    bool replace;
};
/* EXISTS when the path is there and not `replace`. */
bool out_file_open(const char *path, bool replace, struct out_file *ret_file, struct error *err) MUST_USE;
bool out_file_commit(struct out_file *file, struct error *err) MUST_USE;
/* Without commit: the temporary file goes. */
void out_file_close(struct out_file *file);

/* All of it, through EINTR and short writes. */
bool fd_write_all(int fd, struct span bytes, struct error *err) MUST_USE;
/* Reads up to `limit` bytes of a small file (settings, PIN, certificate) into a cleared buffer. NOT_FOUND, TOO_LARGE. */
bool file_read(const char *path, size_t limit, struct buffer *ret_bytes, struct error *err) MUST_USE;
