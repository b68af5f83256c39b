/* Where the objects of a PDF lie and which revision wrote what: the chain of cross-reference sections (ISO
 * 32000-1, 7.5.4 to 7.5.8), read from the end of the file with byte offsets. The authority on revisions.
 * Reads the tail, the sections and nothing else; tables stay where they are in the mapped file and cost no
 * memory. Strict: a section that does not stand where it is announced is a named defect, never searched for
 * through the file; a Prev that leads back is refused. A few slips that every reader takes the same way are
 * read over and named (pdf_slip). Everything borrows the bytes. Read-only once read: threads may share it. */
#pragma once

#include "base/error.h"
#include "signer/pdf_objects.h"

enum {
    PDF_SECTIONS_MAX = 2048,       /* cross-reference sections of one file */
    PDF_SUBSECTIONS_MAX = 1 << 19, /* runs of object numbers, all sections together */
    PDF_INFLATED_MAX = 24 << 20,   /* bytes: cross-reference streams; object streams kept at once */
    PDF_TAIL = 64 << 10,           /* bytes before an end in which its startxref must stand */
    PDF_HEAD = 1 << 10,            /* bytes in which "%PDF-" must stand */
    PDF_NEAR = 16                  /* bytes by which a section may miss the place where it is announced */
};

enum pdf_place_kind {
    PDF_PLACE_NONE,   /* no section names it */
    PDF_PLACE_FREE,   /* named as free */
    PDF_PLACE_PLAIN,  /* at `offset` */
    PDF_PLACE_PACKED, /* item `index` of the object stream `container` */
    PDF_PLACE_BROKEN  /* the entry is not one */
};

struct pdf_place {
    enum pdf_place_kind kind;
    uint32_t generation, container, index;
    uint64_t offset;
    size_t section; /* which names it */
};

struct pdf_subsection {
    uint32_t first, count;
    uint64_t entries; /* where the first entry stands: in the file (table) or in `records` (stream) */
    uint8_t width;    /* bytes of one entry */
};

/* Something that is not as the standard wants it, and yet not left to a guess. */
struct pdf_slip {
    const struct text *text; /* names it, {0} is `at`; NULL: nothing */
    uint64_t at;
    bool doubtful; /* some readers would have to repair the file, and may then see another document */
};

struct pdf_section {
    uint64_t at;        /* where it is announced */
    uint64_t from, end; /* from "xref" or "N G obj" to behind the trailer dictionary or "endobj" */
    bool is_stream;     /* a cross-reference stream; else a table */
    bool displaced;     /* white space stood where it was announced: read, but nothing is signed behind it */
    bool hybrid;        /* a table that hides objects in the section just before it here (XRefStm) */
    uint32_t object;    /* the stream's own number */
    struct pdf_value trailer;
    struct pdf_subsection *subsections; /* by first object, never overlapping */
    size_t subsection_count;
    struct buffer records;
    uint8_t width[3];
    size_t revision;
    struct pdf_slip slip;
};

/* What was written at one time: one section, two in a linearised or hybrid file. */
struct pdf_revision {
    size_t first, last; /* its sections */
    uint64_t end;       /* behind its %%EOF and end of line; 0 when no startxref follows its sections */
};

struct pdf_xref {
    struct span bytes;
    struct pdf_section *sections; /* oldest first */
    size_t count;
    struct pdf_revision *revisions; /* oldest first */
    size_t revision_count;
    struct pdf_slip slip; /* the first doubtful one, else the first */
};

/* UNSUPPORTED: not a PDF. MALFORMED: a defect. TOO_LARGE: over a limit above. */
bool pdf_xref_read(struct span bytes, struct pdf_xref *ret_xref, struct error *err) MUST_USE;
void pdf_xref_clear(struct pdf_xref *xref);

/* Where an object lies for one who reads the sections up to `as_of` and no later. */
struct pdf_place pdf_xref_find(const struct pdf_xref *xref, uint32_t object, size_t as_of);
/* The trailer of the newest section of the file. */
const struct pdf_value *pdf_xref_trailer(const struct pdf_xref *xref);
/* The revision that one who has only the first `end` bytes takes for the last: named by the last startxref
 * before `end`. */
bool pdf_xref_revision_ending(const struct pdf_xref *xref, uint64_t end, size_t *ret_revision) MUST_USE;

/* Every entry of one section, one after the other; start with {0}. */
struct pdf_entries {
    size_t subsection;
    uint32_t index;
};
bool pdf_xref_next(const struct pdf_xref *xref, size_t section, struct pdf_entries *entries,
                   uint32_t *ret_object, struct pdf_place *ret_place);
