#include "signer/pdf_xref.h"

#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_section.h"
#include "signer/pdf_text.h"

/* What counts is whether anybody could read the file otherwise. */
static void note_slip(struct pdf_xref *xref, struct pdf_slip slip)
{
    if (slip.text && (!xref->slip.text || (slip.doubtful && !xref->slip.doubtful)))
        xref->slip = slip;
}

static bool check_header(struct pdf_xref *xref, struct error *err)
{
    struct span bytes = xref->bytes, head = span_slice(bytes, 0, PDF_HEAD);
    size_t at = span_find(head, SPAN_LITERAL("%PDF-"), 0);
    bool version = at != SIZE_MAX && bytes.size > at + 8 && bytes.data[at + 5] >= '1'
                   && bytes.data[at + 5] <= '9' && bytes.data[at + 6] == '.';
    if (span_starts(bytes, "PK\3\4"))
        return fail(err, ERR_UNSUPPORTED, &TEXT_PDF_IS_ZIP);
    if (!version)
        return fail(err, ERR_UNSUPPORTED, &TEXT_PDF_NOT_PDF); /* 7.5.2: a version follows */
    if (at > 0) /* readers count offsets from there, or from byte 0 as we do */
        note_slip(xref, (struct pdf_slip){&TEXT_PDF_HEADER_LATE, at, true});
    return true;
}

/* "startxref", a number and "%%EOF", with white space between, at the cursor. At the end of the bytes the
 * last may be missing: *ret_open says so. */
static bool take_startxref(struct pdf_cursor *cursor, uint64_t *ret_at, bool *ret_open)
{
    if (!span_starts(span_slice(cursor->bytes, cursor->at, 9), "startxref"))
        return false;
    cursor->at += 9;
    *ret_at = pdf_take_unsigned(cursor);
    pdf_skip_white(cursor);
    *ret_open = !cursor->failed && cursor->at == cursor->bytes.size;
    if (cursor->failed || (!*ret_open && !span_starts(span_slice(cursor->bytes, cursor->at, 5), "%%EOF")))
        return false;
    cursor->at += *ret_open ? 0 : 5;
    return true;
}

/* Behind one end of line, if one is there. */
static uint64_t behind_line(const struct pdf_cursor *cursor)
{
    struct span rest = span_slice(cursor->bytes, cursor->at, 2);
    if (span_starts(rest, "\r\n"))
        return cursor->at + 2;
    return cursor->at + (span_starts(rest, "\n") || span_starts(rest, "\r"));
}

/* The last startxref of the bytes: where it points, and where its revision ends. */
static bool last_startxref(struct span bytes, uint64_t *ret_at, uint64_t *ret_end, bool *ret_open,
                           struct error *err)
{
    size_t from = bytes.size > PDF_TAIL ? bytes.size - PDF_TAIL : 0, end = bytes.size;
    while (end > from) {
        const uint8_t *s = memrchr(bytes.data + from, 's', end - from);
        if (!s)
            break;
        end = (size_t)(s - bytes.data);
        if (!span_starts(span_slice(bytes, end, 9), "startxref"))
            continue;
        struct pdf_cursor cursor = pdf_cursor_at(bytes, end);
        if (!take_startxref(&cursor, ret_at, ret_open))
            return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_EOF_MISSING, end);
        *ret_end = behind_line(&cursor);
        return true;
    }
    return fail(err, ERR_MALFORMED, &TEXT_PDF_STARTXREF_MISSING);
}

static struct pdf_section *section_at(const struct pdf_xref *xref, uint64_t at)
{
    for (size_t i = 0; i < xref->count; i++)
        if (xref->sections[i].at == at)
            return &xref->sections[i];
    return NULL;
}

/* May a section start here: "xref" or a number, and not in the middle of a word? */
static bool may_start(struct span bytes, uint64_t at)
{
    if (at >= bytes.size || (at > 0 && !pdf_is_white(bytes, at - 1, at)))
        return false;
    return (bytes.data[at] >= '0' && bytes.data[at] <= '9') || span_starts(span_slice(bytes, at, 4), "xref");
}

/* The section at `at`. One that misses the place by a few bytes, the nearest, is taken: nothing but a section
 * can be read there, and the slip is named. */
static bool read_section(const struct pdf_xref *xref, uint64_t at, struct pdf_allowance *left,
                         struct pdf_section *section, struct error *err)
{
    struct error missed = {0}, ignored = {0};
    if (pdf_section_read(xref->bytes, at, left, section, &missed))
        return true;
    for (uint64_t by = 1; by <= PDF_NEAR && missed.text == &TEXT_PDF_SECTION_MISPLACED; by++)
        for (unsigned behind = 0; behind < 2; behind++) {
            uint64_t near = behind ? at + by : at - by;
            if ((!behind && by > at) || !may_start(xref->bytes, near)
                || !pdf_section_read(xref->bytes, near, left, section, &ignored))
                continue;
            section->at = at;
            section->slip = (struct pdf_slip){&TEXT_PDF_SECTION_NEAR, at, true};
            return true;
        }
    *err = missed;
    return false;
}

static bool is_known(const struct pdf_xref *xref, uint64_t from)
{
    for (size_t i = 0; i < xref->count; i++)
        if (xref->sections[i].from == from)
            return true;
    return false;
}

/* Reads the section at `at` behind those already read. Offsets normally fall, so that a loop cannot be;
 * when one rises (linearised files), all are compared. */
static bool add_section(struct pdf_xref *xref, uint64_t at, struct pdf_allowance *left, struct error *err)
{
    if (xref->count > 0 && at >= xref->sections[xref->count - 1].at && section_at(xref, at))
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_CHAIN_LOOP, at);
    if (xref->count == PDF_SECTIONS_MAX)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_TOO_MANY_SECTIONS, at);
    if ((xref->count & (xref->count - 1)) == 0) { /* 0, 1, 2, 4 …: full */
        void *grown = realloc(xref->sections, (xref->count ? 2 * xref->count : 1) * sizeof(*xref->sections));
        if (!grown)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        xref->sections = grown;
    }
    struct pdf_section *section = &xref->sections[xref->count];
    if (!read_section(xref, at, left, section, err))
        return false;
    if (section->slip.doubtful && is_known(xref, section->from)) {
        pdf_section_clear(section);
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_CHAIN_LOOP, at);
    }
    note_slip(xref, section->slip);
    xref->count++;
    return true;
}

/* An offset in a trailer: Prev or XRefStm. Prev 0 is how some writers say that there is none. */
static bool offset_in(const struct pdf_section *section, const char *key, uint64_t *ret_at, struct error *err)
{
    struct pdf_value value = pdf_get(&section->trailer, key);
    *ret_at = 0;
    if (value.kind == PDF_NULL)
        return true;
    if (value.kind != PDF_INTEGER || value.integer < 0)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_TRAILER_BROKEN, section->at);
    *ret_at = (uint64_t)value.integer;
    return true;
}

static bool add_hidden(struct pdf_xref *xref, struct pdf_allowance *left, struct error *err)
{
    uint64_t at;
    if (!offset_in(&xref->sections[xref->count - 1], "XRefStm", &at, err)
        || !add_section(xref, at, left, err))
        return false;
    return xref->sections[xref->count - 1].is_stream
               ? true
               : pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_SECTION_MISPLACED, at);
}

static bool read_chain(struct pdf_xref *xref, uint64_t at, struct error *err)
{
    struct pdf_allowance left = {PDF_SUBSECTIONS_MAX, PDF_INFLATED_MAX};
    do {
        if (!add_section(xref, at, &left, err))
            return false;
        const struct pdf_section *section = &xref->sections[xref->count - 1];
        if (!offset_in(section, "Prev", &at, err) || (section->hybrid && !add_hidden(xref, &left, err)))
            return false;
    } while (at != 0);
    for (size_t i = 0; i < xref->count / 2; i++) { /* oldest first from here on */
        struct pdf_section swap = xref->sections[i];
        xref->sections[i] = xref->sections[xref->count - 1 - i];
        xref->sections[xref->count - 1 - i] = swap;
    }
    return true;
}

/* Where a revision ends whose startxref follows this section and points at `head`; 0 when that is not so. */
static uint64_t end_behind(const struct pdf_xref *xref, const struct pdf_section *section, uint64_t head)
{
    struct pdf_cursor cursor = pdf_cursor_at(xref->bytes, section->end);
    uint64_t at = 0;
    bool open;
    pdf_skip(&cursor); /* programs sign their work with a comment in front of it */
    return take_startxref(&cursor, &at, &open) && at == head ? behind_line(&cursor) : 0;
}

/* How many sections, from `last` down, were written at one time, and where that revision ends. A
 * linearised file has its first-page section in front and its main one at the end; the main one is
 * followed by a startxref that points at the first (Annex F). */
static size_t sections_together(const struct pdf_xref *xref, size_t last, uint64_t *ret_end)
{
    const struct pdf_section *head = &xref->sections[last];
    size_t together = 1 + head->hybrid;
    *ret_end = end_behind(xref, head, head->at);
    if (*ret_end == 0 && last >= together) {
        const struct pdf_section *partner = &xref->sections[last - together];
        uint64_t end = partner->at > head->at ? end_behind(xref, partner, head->at) : 0;
        if (end != 0) {
            together += 1 + partner->hybrid;
            *ret_end = end;
        }
    }
    return together;
}

static bool find_revisions(struct pdf_xref *xref, uint64_t end, struct error *err)
{
    xref->revisions = calloc(xref->count, sizeof(*xref->revisions));
    if (!xref->revisions)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    size_t count = 0, spare = xref->count;
    for (size_t left = xref->count; left > 0; count++) { /* from the newest, filling the array from its end */
        struct pdf_revision *revision = &xref->revisions[--spare];
        size_t together = sections_together(xref, left - 1, &revision->end);
        revision->last = left - 1;
        revision->first = left - together;
        left -= together;
    }
    memmove(xref->revisions, xref->revisions + spare, count * sizeof(*xref->revisions));
    xref->revision_count = count;
    xref->revisions[count - 1].end = end;
    for (size_t r = 0; r < count; r++)
        for (size_t s = xref->revisions[r].first; s <= xref->revisions[r].last; s++)
            xref->sections[s].revision = r;
    return true;
}

static bool read_sections(struct pdf_xref *xref, struct error *err)
{
    uint64_t at, end;
    bool open;
    if (!last_startxref(xref->bytes, &at, &end, &open, err))
        return false;
    if (open)
        note_slip(xref, (struct pdf_slip){&TEXT_PDF_EOF_ABSENT, end, true});
    if (!read_chain(xref, at, err) || !find_revisions(xref, end, err))
        return false;
    struct pdf_value root = pdf_get(pdf_xref_trailer(xref), "Root");
    return root.kind == PDF_REFERENCE ? true : pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_TRAILER_BROKEN, at);
}

bool pdf_xref_read(struct span bytes, struct pdf_xref *ret_xref, struct error *err)
{
    struct pdf_xref xref CLEANUP(pdf_xref_clear) = {.bytes = bytes};
    if (!check_header(&xref, err))
        return false;
    if (!read_sections(&xref, err)) {
        if (err->code == ERR_MALFORMED && xref.slip.text == &TEXT_PDF_HEADER_LATE)
            pdf_defect(err, ERR_MALFORMED, xref.slip.text, xref.slip.at); /* they count from there */
        return false;
    }
    *ret_xref = xref;
    xref = (struct pdf_xref){0};
    return true;
}

void pdf_xref_clear(struct pdf_xref *xref)
{
    for (size_t i = 0; i < xref->count; i++)
        pdf_section_clear(&xref->sections[i]);
    free_clear(&xref->sections);
    free_clear(&xref->revisions);
    xref->count = xref->revision_count = 0;
}

struct pdf_place pdf_xref_find(const struct pdf_xref *xref, uint32_t object, size_t as_of)
{
    /* none where the structure could not be followed */
    for (size_t s = as_of < xref->count ? as_of + 1 : xref->count; s-- > 0;) {
        const struct pdf_section *section = &xref->sections[s];
        struct pdf_place place = pdf_section_find(xref->bytes, section, object);
        if (place.kind == PDF_PLACE_FREE && section->hybrid
            && s > 0) { /* 7.5.8.4: hidden objects are free in the table */
            struct pdf_place hidden = pdf_section_find(xref->bytes, &xref->sections[s - 1], object);
            if (hidden.kind != PDF_PLACE_NONE) {
                place = hidden;
                s--;
            }
        }
        if (place.kind == PDF_PLACE_NONE)
            continue;
        place.section = s;
        return place;
    }
    return (struct pdf_place){.kind = PDF_PLACE_NONE};
}

const struct pdf_value *pdf_xref_trailer(const struct pdf_xref *xref)
{
    return &xref->sections[xref->count - 1].trailer;
}

bool pdf_xref_revision_ending(const struct pdf_xref *xref, uint64_t end, size_t *ret_revision)
{
    struct error nothing = {0};
    uint64_t at, stops;
    bool open;
    if (end > xref->bytes.size
        || !last_startxref(span_slice(xref->bytes, 0, end), &at, &stops, &open, &nothing)
        || (open && !pdf_is_white(xref->bytes, end, xref->bytes.size)))
        return false;
    for (size_t r = xref->revision_count; r-- > 0;)
        if (xref->sections[xref->revisions[r].last].at == at && at < end) {
            *ret_revision = r;
            return true;
        }
    return false;
}

bool pdf_xref_next(const struct pdf_xref *xref, size_t section, struct pdf_entries *entries,
                   uint32_t *ret_object, struct pdf_place *ret_place)
{
    const struct pdf_section *from = &xref->sections[section];
    while (entries->subsection < from->subsection_count) {
        const struct pdf_subsection *subsection = &from->subsections[entries->subsection];
        if (entries->index < subsection->count) {
            *ret_object = subsection->first + entries->index;
            *ret_place = pdf_section_entry(xref->bytes, from, subsection, entries->index++);
            ret_place->section = section;
            return true;
        }
        entries->subsection++;
        entries->index = 0;
    }
    return false;
}
