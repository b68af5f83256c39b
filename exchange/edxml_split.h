/* Parts the stream of a package in two before any XML parser sees it: markup, and the base64 text of attachments, which is nearly all
 * of it and needs no parser. Only bytes are looked at: a start tag whose local name is ContentTransferEncoded begins a content, the next "</"
 * ends it; CDATA and character references inside (.NET writes line ends as &#xD;) are resolved. In the markup a number stands where
 * a content was, so that the parser says to which attachment it belongs. Works on pieces of any size; remembers a few bytes. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"

/* What is called with the parts, in order. `offset` is where the bytes stood in the package. */
struct edxml_split_calls {
    bool (*markup)(void *target, struct span bytes, uint64_t offset, struct error *err);
    bool (*begin)(void *target, struct error *err); /* a content begins; all markup before it was given */
    bool (*content)(void *target, struct span text, struct error *err);
    /* it ended; ret_number stands in the markup for it */
    bool (*end)(void *target, unsigned *ret_number, struct error *err);
    /* something other than text is inside a content */
    bool (*refuse)(void *target, const char *what, struct error *err);
};

struct edxml_split {
    const struct edxml_split_calls *calls;
    void *target;
    /* ours */
    uint64_t offset;
    unsigned state, match;
    uint8_t quote, previous;
    bool is_content;   /* the tag we are in opens a content */
    uint8_t name_size; /* of the local name so far */
    char name[32], reference[12];
};
struct edxml_split edxml_split_of(const struct edxml_split_calls *calls, void *target);
bool edxml_split_feed(struct edxml_split *split, struct span piece, struct error *err) MUST_USE;
/* Whether the stream stands inside a content: at its end, it was cut short. */
bool edxml_split_inside(const struct edxml_split *split);
