/* Blobs: bytes named by their SHA-256, written once and never changed. A store is a directory (blobs/sha256/ab/…); a scratch is a
 * directory in which nothing ever gets a name: for commands, which link the files where they want them, and for looking only.
 *
 *     begin → add … → commit or abort
 *
 * A writer hashes while it writes. Up to `small` bytes stay in memory and never become a file: such bodies live in the database. commit of a
 * store has fdatasynced the file, linked it under its name and fsynced the directories when it returns; an fsync error is final (DISK; the
 * kernel may already have dropped the pages, trying again would lie) and the blob does not exist. Without commit nothing is left behind.
 *
 * Threads may share a struct blobs; a writer belongs to one thread at a time. A crash may leave a blob that nobody
 * points at: it costs room and harms nothing; one that is pointed at is always there. */
#pragma once

#include "base/digest.h"
#include "base/sink.h"
#include "base/source.h"

enum { BLOB_SMALL = 64 << 10 }; /* bytes: up to here bodies live in the database (design, promise 1) */

struct blobs; /* read-only after open: any thread */

/* The store in `directory` (made when absent). `small`: bodies up to that size are given back in memory; 0: never. */
bool blobs_open(const char *directory, size_t small, struct blobs **ret_blobs, struct error *err) MUST_USE;
/* A scratch whose files live in `directory`, which exists, as long as their struct blob. */
bool blobs_open_scratch(const char *directory, size_t small, struct blobs **ret_blobs, struct error *err)
    MUST_USE;
void blobs_close(struct blobs **blobs);

/* What was written. In a store: .bytes when small, else the file of that digest. In a scratch: .bytes when small, else .fd. */
struct blob {
    char sha256[SHA256_HEX_SIZE]; /* lower-case; empty: no blob */
    uint64_t size;
    struct buffer bytes;
    int fd; /* of a scratch, readable; 0 or less: none */
};
void blob_clear(struct blob *blob);

struct blob_writer;
bool blob_begin(struct blobs *blobs, struct blob_writer **ret_writer, struct error *err) MUST_USE;
bool blob_add(struct blob_writer *writer, struct span bytes, struct error *err) MUST_USE;
/* How much was added. */
uint64_t blob_written(const struct blob_writer *writer);
/* What was added so far, for looking at before commit. Valid until the next call with this writer. */
bool blob_peek(struct blob_writer *writer, struct source *ret_source, struct error *err) MUST_USE;
/* Takes the writer in every case. */
bool blob_commit(struct blob_writer **writer, struct blob *ret_blob, struct error *err) MUST_USE;
void blob_abort(struct blob_writer **writer);
/* Takes what a scratch holds into a store, durably, under its digest: what has been looked at and found good is kept without being copied,
 * where both are on one file system. Bytes in memory stay there. */
bool blob_adopt(struct blobs *blobs, struct blob *blob, struct error *err) MUST_USE;
/* Everything written to the sink is added; the writer stays the caller's. */
struct sink blob_sink(struct blob_writer *writer);

/* A blob of the store by its digest, mapped. NOT_FOUND. */
bool blob_open(const struct blobs *blobs, const char *sha256, struct source *ret_source, struct error *err)
    MUST_USE;
/* The bytes of a blob wherever they are (memory, scratch or store), mapped or borrowed: the blob stays. */
bool blob_source(const struct blobs *blobs, const struct blob *blob, struct source *ret_source,
                 struct error *err) MUST_USE;
/* Reads all of it: INTERNAL when it is not what its name says. */
bool blob_verify(const struct source *source, const char *sha256, struct error *err) MUST_USE;
/* Gives a scratch's file, or the bytes in memory, the name `path`, durably. EXISTS when there is one, unless `replace`. */
bool blob_link(const struct blob *blob, const char *path, bool replace, struct error *err) MUST_USE;
