/* Files that a signature is about and that stand outside it: given beside the document, or members of its
 * container. A member may be deflated: it is inflated piece by piece, never as a whole, so that memory does not
 * grow with it. Borrowed bytes; one thread at a time (digests are remembered). */
#pragma once

#include "base/digest.h"

/* The digests of one file, so that a hundred signatures read it once. */
struct detached_memo {
    bool known[DIGEST_ALGORITHMS];
    struct digest_value value[DIGEST_ALGORITHMS];
};

struct detached {
    const char *name;  /* UTF-8; in a container the path from its root, else the name without folders */
    struct span bytes; /* as they lie: the file itself, or what it was deflated to */
    bool deflated;     /* RFC 1951, without a header */
    uint64_t size;     /* of the file, when deflated: what inflating must give, to the byte */
    struct detached_memo *memo; /* may be NULL */
};

uint64_t detached_size(const struct detached *file);
/* False: MALFORMED when what is deflated is damaged (a container has found that out before it lets a signature be
 * judged), INTERNAL. The algorithm must be known (digest_is_known). */
bool detached_digest(const struct detached *file, enum digest_algorithm algorithm,
                     struct digest_value *ret_digest, struct error *err) MUST_USE;
/* The whole of it, for what is read rather than digested: the file's own bytes, or inflated into `hold`, a cleared
 * buffer that the caller clears later. False: TOO_LARGE above `limit`, MALFORMED, INTERNAL. */
bool detached_bytes(const struct detached *file, size_t limit, struct buffer *hold, struct span *ret_bytes,
                    struct error *err) MUST_USE;

/* In the order that detached_find looks them up in. */
void detached_sort(struct detached *files, size_t count);
/* The file that a reference means (RFC 3986, relative to where the files are): percent-encoding undone, "./" in
 * front ignored; an absolute path leads out of it, to nothing. Text with a '%' that encodes nothing is taken as it stands, "+" is a plus. NULL: there is none of that
 * name. The files are sorted. */
const struct detached *detached_find(const struct detached *files, size_t count, struct span uri);
/* The file of exactly that name. */
const struct detached *detached_named(const struct detached *files, size_t count, const char *name);
