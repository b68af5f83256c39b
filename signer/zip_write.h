/* The making of a ZIP (APPNOTE.TXT 6.3.3) whose members lie as they are, front to back: every header is whole before its
 * data, times are constant, so that the same members make the same bytes. Nothing of it ever needs ZIP64: all members
 * together stay below ZIP_MAX_TOTAL, which is the caller's to see to.
 *
 * Why not libzip: it writes to a file of its own choice that it seeks in, and gives no word on extra fields, which the
 * first member of a container must not have (EN 319 162-1, A.1). */
#pragma once

#include "base/sink.h"

struct zip_writer {
    struct sink *out;
    uint64_t from; /* out->written when it began */
    struct buffer directory;
    unsigned count;
};

struct zip_writer zip_writer_of(struct sink *out);
/* `checksum` is the CRC-32 of the content. */
void zip_write(struct zip_writer *writer, const char *name, struct span content, uint32_t checksum);
/* Likewise; the checksum is found out. */
void zip_write_small(struct zip_writer *writer, const char *name, struct span content);
/* The directory; what went wrong, if anything did, is the sink's to tell. */
void zip_write_end(struct zip_writer *writer);
void zip_writer_clear(struct zip_writer *writer);
