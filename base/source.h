/* A source is a document as bytes that will not change while we look: the memory-mapped private copy of a file, or bytes
 * the caller keeps alive. Reading it costs no anonymous memory. Threads may read one source together. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"

struct source {
    struct span bytes;
    /* ours */
    int fd; /* of the private copy; -1 for borrowed bytes */
    bool mapped;
};

/* Copies the file (reflink or copy_file_range where the file system can; into memory below SOURCE_IN_MEMORY, else into an
 * unlinked temporary file in `spool`, or $TMPDIR-less "/var/tmp" when spool is NULL) and maps the copy: nobody can change or truncate it
 * under us. Errors: NOT_FOUND, TOO_LARGE above `limit` bytes, DISK. */
bool source_open(const char *path, const char *spool, uint64_t limit, struct source *ret_source,
                 struct error *err) MUST_USE;
/* The same from a descriptor that can be mapped (a regular file or memfd); the descriptor stays the caller's. */
bool source_copy_fd(int fd, const char *spool, uint64_t limit, struct source *ret_source, struct error *err)
    MUST_USE;
/* Maps a descriptor that is already private (sealed memfd, unlinked temporary file) without copying; takes it on success. */
bool source_map_fd(int fd, struct source *ret_source, struct error *err) MUST_USE;
/* Borrows bytes: no copy, no descriptor. */
struct source source_of(struct span bytes);
/* A descriptor that holds the bytes (for passing to another process): the source's own, or a new memfd. The caller closes it. */
bool source_dup_fd(const struct source *source, int *ret_fd, struct error *err) MUST_USE;
void source_close(struct source *source);

/* A new anonymous file for writing: memfd when `expected` is small, else unlinked in spool. */
bool spool_file(const char *spool, uint64_t expected, int *ret_fd, struct error *err) MUST_USE;
