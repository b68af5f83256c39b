/* ZIPs that wrap one file, as packages carry everything but PDF: looking inside, unwrapping, wrapping. Names inside a ZIP are never used for
 * anything but their extension, and nothing is unwrapped beyond its limits. */
#pragma once

#include "exchange/package.h"

struct wrap_look {
    uint64_t entries;   /* as the end of the ZIP says; 0: not even that can be read */
    char extension[16]; /* of the only entry, lower-case without the dot */
};
/* What is in the ZIP. Never fails: what cannot be read holds nothing. */
void wrap_look(struct span zip, struct wrap_look *ret_look);

/* Writes the only entry's bytes. `name` is for the error. TOO_LARGE above `limit` or PACKAGE_MAX_RATIO, MALFORMED when damaged. */
bool wrap_unwrap(struct span zip, const char *name, uint64_t limit, struct blob_writer *writer,
                 struct error *err) MUST_USE;

/* A ZIP with one entry, ready to be written: `before`, then `body`, then `after`. What gets no smaller by compression is stored and
 * `body` is the content itself; else `body` is a spool file. */
struct wrapping {
    struct buffer before, after;
    struct content body;
    int spool; /* -1: none */
};
bool wrap_prepare(const struct content *content, const char *entry_name, const char *spool,
                  struct wrapping *ret_wrapping, struct error *err) MUST_USE;
void wrapping_clear(struct wrapping *wrapping);
