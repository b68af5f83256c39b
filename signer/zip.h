/* The structure of a ZIP (APPNOTE.TXT 6.3.3) as it lies, strictly: what two readers could read differently is a defect
 * that is named. Nothing is unpacked here, nothing copied but names: members are spans of the bytes. Knows nothing of
 * signatures.
 *
 * Why not libzip: it shows members by name and hides where they lie, so that overlaps, gaps, a local header that
 * contradicts the directory, or bytes in front cannot be seen through it; and it is a parser more inside the sandbox.
 * zlib alone inflates (signer/detached). */
#pragma once

#include "signer/detached.h"
#include "signer/verdict.h"

enum {
    ZIP_MAX_ENTRIES = 4096,
    ZIP_MAX_NAME = 1024, /* bytes of a name */
    ZIP_MAX_RATIO =
        200, /* all members unpacked beside the file itself, and each beside what it was packed to … */
    ZIP_RATIO_FREE = 16 << 20, /* … beyond so many bytes: above that it is a bomb */
};
#define ZIP_MAX_TOTAL ((uint64_t)4 << 30) /* bytes of all members unpacked */

struct zip_entry {
    struct detached file; /* the name in UTF-8, owned */
    bool folder;          /* its name ends in '/' */
    bool plain;           /* stored, without descriptor and extra field in its local header */
    uint64_t at, end;     /* from its local header to behind its data and descriptor */
};

struct zip {
    struct zip_entry *entries; /* as they lie, by `at` */
    size_t count;
    struct detached_memo *memos;
    /* The first thing in which readers could differ, or that would harm whoever unpacks it; .text is NULL when there is
     * none. */
    struct reason defect;
};

/* False: MALFORMED (no directory, or one that does not hold together), TOO_LARGE (a limit above, a bomb), INTERNAL. The
 * bytes outlive the zip. */
bool zip_read(struct span bytes, struct zip *ret_zip, struct error *err) MUST_USE;
void zip_clear(struct zip *zip);
/* Notes a defect that was found later; the first one stays. */
void zip_set_defect(struct zip *zip, const struct text *text, const char *name);

/* For zip.c alone.
 *
 * A member's name as UTF-8: as it stands when it says so or happens to be, else from code page 437 (APPNOTE.TXT,
 * appendix D). NULL without memory. */
char *zip_name_read(struct span raw, bool utf8) MUST_USE;
/* What is wrong with a name that would be unpacked (APPNOTE.TXT, 4.4.17.1: relative, forward slashes): the sentence, or
 * NULL. */
const struct text *zip_name_defect(const char *name);
