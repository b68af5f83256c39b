/* ZIPs made when a test runs: whole ones, and ones that lie in every way that the format leaves open. */
#pragma once

#include "base/bytes.h"

enum { ZIP_MAKE_UTF8 = 1 << 11, ZIP_MAKE_ENCRYPTED = 1 << 0 };

struct zip_member {
    const char *name;
    const char *text;
    size_t size; /* of the text; 0: a string */
    bool deflate;
    bool descriptor; /* sizes behind the data, zeros in front */
    bool wide;       /* sizes in a ZIP64 field of the directory */
    bool link;       /* a symbolic link */
    unsigned flags;
    /* lies; NULL and 0: none */
    const char *local_name;   /* in front of the data another name */
    const char *unicode_name; /* and in an extra field of the directory a third */
    uint32_t local_crc, claimed_size;
    uint16_t method;
    const char *gap;        /* bytes that belong to nobody, in front */
    bool on_the_one_before; /* its directory entry means the data of the member before */
    bool extra;             /* an extra field in front of the data */
    bool hidden;            /* not in the directory */
};

struct zip_lies {
    const char *trail, *comment; /* behind the end */
    int count_more;              /* entries that the end claims beside the true ones */
    bool second_end;             /* another end of the directory, within the comment of the first */
    bool wide;                   /* the end in its ZIP64 form */
};

/* `lies` may be NULL. */
void zip_make(const struct zip_member *members, size_t count, const struct zip_lies *lies,
              struct buffer *ret_zip);
