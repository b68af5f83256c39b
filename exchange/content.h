/* Bytes that will be read in order, once or several times, and never all at once: memory that stays, or a descriptor's. */
#pragma once

#include "base/source.h"

struct content {
    struct span bytes; /* when fd < 0 */
    int fd;            /* read in place with pread; stays the caller's */
    uint64_t size;
};
struct content content_of_span(struct span bytes);
struct content content_of_source(const struct source *source);
/* MALFORMED when it is not a regular file. */
bool content_of_fd(int fd, struct content *ret_content, struct error *err) MUST_USE;

/* The next bytes at `offset` (below the size, unless it is 0), at most `room`: borrowed from memory, or read into `buffer`. REFUSED when the file was
 * cut under us. */
bool content_read(const struct content *content, uint64_t offset, uint8_t *buffer, size_t room,
                  struct span *ret_piece, struct error *err) MUST_USE;
