#include "signer/pdf_section.h"

#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_stream.h"
#include "signer/pdf_text.h"

enum {
    ENTRY_TEXT = 18,  /* "nnnnnnnnnn ggggg n" … */
    TABLE_ENTRY = 20, /* … and two bytes that end the line: ISO 32000-1, 7.5.4 */
    ENTRY_MAX = 21,   /* some writers end it with one byte, some with three */
    MAX_FIELD = 8,    /* bytes of one field of a cross-reference stream's entry */
    FIELDS = 3
};

static bool add_subsection(struct pdf_section *section, uint64_t first, uint64_t count, uint64_t entries,
                           size_t width, struct pdf_allowance *left, struct error *err)
{
    if (first > PDF_OBJECTS_MAX || count > PDF_OBJECTS_MAX + 1 - first)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_TOO_MANY_OBJECTS, section->at);
    if (count == 0)
        return true;
    if (left->subsections == 0)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_TOO_MANY_SECTIONS, section->at);
    left->subsections--;
    size_t have = section->subsection_count;
    if ((have & (have - 1)) == 0) { /* 0, 1, 2, 4, 8 …: full */
        void *grown = realloc(section->subsections, (have ? 2 * have : 1) * sizeof(*section->subsections));
        if (!grown)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        section->subsections = grown;
    }
    section->subsections[section->subsection_count++] =
        (struct pdf_subsection){(uint32_t)first, (uint32_t)count, entries, (uint8_t)width};
    return true;
}

static int by_first(const void *a, const void *b)
{
    const struct pdf_subsection *left = a, *right = b;
    return left->first < right->first ? -1 : left->first > right->first;
}

/* In order, so that an object is found by halving; an object named twice could be read either way. */
static bool order_subsections(struct pdf_section *section, struct error *err)
{
    struct pdf_subsection *all = section->subsections;
    bool ordered = true;
    for (size_t i = 1; i < section->subsection_count; i++)
        ordered &= all[i - 1].first < all[i].first;
    if (!ordered)
        qsort(all, section->subsection_count, sizeof(*all), by_first);
    for (size_t i = 1; i < section->subsection_count; i++)
        if (all[i].first - all[i - 1].first < all[i - 1].count)
            return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_OBJECT_TWICE, section->at);
    return true;
}

/* How many bytes an entry takes, told from the first: all of a subsection must have the same. White space
 * behind the only one belongs to nobody. */
static size_t entry_width(struct span bytes, size_t at, uint64_t count)
{
    size_t width = ENTRY_TEXT, most = count > 1 ? ENTRY_MAX : TABLE_ENTRY;
    while (width < most && at + width < bytes.size && pdf_is_white(bytes, at + width, at + width + 1))
        width++;
    return width == ENTRY_TEXT ? TABLE_ENTRY : width;
}

/* Some writers count the entry of object 0, which can be no other, as object 1. */
static bool starts_too_high(struct span bytes, uint64_t first, uint64_t count, size_t at)
{
    return first == 1 && count > 0 && span_starts(span_slice(bytes, at, ENTRY_TEXT), "0000000000 65535 f");
}

static bool read_table(struct span bytes, struct pdf_cursor *cursor, struct pdf_allowance *left,
                       struct pdf_section *section, struct error *err)
{
    while (!pdf_take_word(cursor, "trailer")) {
        uint64_t first = pdf_take_unsigned(cursor), count = pdf_take_unsigned(cursor);
        pdf_skip_white(cursor);
        size_t width = entry_width(bytes, cursor->at, count);
        uint64_t size = count * width; /* count < 2^60 / 10 */
        if (cursor->failed || count > PDF_OBJECTS_MAX + 1 || size > bytes.size - cursor->at)
            return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_TABLE_BROKEN, cursor->at);
        if (width != TABLE_ENTRY && !section->slip.text)
            section->slip = (struct pdf_slip){&TEXT_PDF_ENTRY_WIDTH, cursor->at, false};
        if (starts_too_high(bytes, first, count, cursor->at)) {
            section->slip = (struct pdf_slip){&TEXT_PDF_TABLE_SHIFTED, cursor->at, true};
            first = 0;
        }
        if (!add_subsection(section, first, count, cursor->at, width, left, err))
            return false;
        cursor->at += size;
    }
    if (!pdf_take_value(cursor, &section->trailer) || section->trailer.kind != PDF_DICTIONARY)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_TRAILER_BROKEN, cursor->at);
    section->end = cursor->at;
    section->hybrid = pdf_get(&section->trailer, "XRefStm").kind != PDF_NULL;
    return true;
}

/* W: three small sizes (7.5.8.2, table 17). */
static bool read_widths(struct pdf_section *section)
{
    struct pdf_value widths = pdf_get(&section->trailer, "W");
    unsigned sum = 0;
    for (size_t i = 0; i < FIELDS; i++) {
        struct pdf_value width = pdf_item(&widths, i);
        if (width.kind != PDF_INTEGER || width.integer < 0 || width.integer > MAX_FIELD)
            return false;
        section->width[i] = (uint8_t)width.integer;
        sum += section->width[i];
    }
    return sum > 0 && section->width[1] > 0 && pdf_count(&widths) == FIELDS;
}

static size_t record_size(const struct pdf_section *section)
{
    return (size_t)section->width[0] + section->width[1] + section->width[2];
}

/* Index: pairs of first object and count; by default all from 0 to Size. */
static bool read_index(struct pdf_section *section, struct pdf_allowance *left, struct error *err)
{
    struct pdf_value index = pdf_get(&section->trailer, "Index"), size = pdf_get(&section->trailer, "Size"),
                     first, count;
    uint64_t at = 0;
    if (size.kind != PDF_INTEGER || size.integer < 1 || (index.kind != PDF_NULL && index.kind != PDF_ARRAY))
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_TRAILER_BROKEN, section->at);
    if (index.kind == PDF_NULL)
        return add_subsection(section, 0, (uint64_t)size.integer, 0, record_size(section), left, err);
    for (struct pdf_cursor inside = pdf_inside(&index); pdf_next_item(&inside, &first);) {
        if (!pdf_next_item(&inside, &count) || first.kind != PDF_INTEGER || count.kind != PDF_INTEGER
            || first.integer < 0 || count.integer < 0)
            return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_TRAILER_BROKEN, section->at);
        if (!add_subsection(section, (uint64_t)first.integer, (uint64_t)count.integer, at,
                            record_size(section), left, err))
            return false;
        at += (uint64_t)count.integer * record_size(section);
    }
    return true;
}

/* The stream's bytes: its Length stands in it as a number, because a reference could not be followed yet. */
static bool stream_bytes(struct pdf_cursor *cursor, const struct pdf_section *section, struct span *ret_raw)
{
    struct pdf_value length = pdf_get(&section->trailer, "Length");
    if (length.kind != PDF_INTEGER || length.integer < 0
        || !pdf_take_stream(cursor, (uint64_t)length.integer, ret_raw))
        return false;
    return pdf_take_word(cursor, "endobj");
}

static bool decode_records(struct pdf_section *section, struct span raw, struct pdf_allowance *left,
                           struct error *err)
{
    struct buffer records CLEANUP(buffer_clear) = {0};
    uint64_t need = 0;
    for (size_t i = 0; i < section->subsection_count; i++)
        need += (uint64_t)section->subsections[i].count * record_size(section);
    if (!pdf_stream_decode(&section->trailer, raw, left->inflated, section->at, &records, err))
        return false;
    if (records.size < need)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_TABLE_BROKEN, section->at);
    left->inflated -= records.size;
    section->records = records;
    records = (struct buffer){0};
    return true;
}

static bool read_stream(struct pdf_cursor *cursor, struct pdf_allowance *left, struct pdf_section *section,
                        struct error *err)
{
    struct span raw;
    uint32_t generation;
    section->is_stream = true;
    if (!pdf_take_header(cursor, &section->object, &generation) || !pdf_take_value(cursor, &section->trailer))
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_SECTION_MISPLACED, section->at);
    struct pdf_value type = pdf_get(&section->trailer, "Type");
    if (!pdf_is_name(&type, "XRef"))
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_SECTION_MISPLACED, section->at);
    if (!stream_bytes(cursor, section, &raw) || !read_widths(section))
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_TABLE_BROKEN, section->at);
    section->end = cursor->at;
    return read_index(section, left, err) && decode_records(section, raw, left, err);
}

/* In the middle of a number there is another number. */
static bool may_follow(uint8_t before)
{
    return before < '0' || before > '9';
}

bool pdf_section_read(struct span bytes, uint64_t at, struct pdf_allowance *left,
                      struct pdf_section *ret_section, struct error *err)
{
    struct pdf_section section CLEANUP(pdf_section_clear) = {.at = at};
    struct pdf_cursor cursor = pdf_cursor_at(bytes, at);
    pdf_skip_white(&cursor);
    section.displaced = cursor.at != at;
    section.from = cursor.at;
    if (at > 0 && at < bytes.size && !section.displaced && !may_follow(bytes.data[at - 1]))
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_SECTION_MISPLACED, at);
    uint8_t first = cursor.at < bytes.size ? bytes.data[cursor.at] : 0;
    if (first != 'x' && (first < '0' || first > '9'))
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_SECTION_MISPLACED, at);
    bool read = pdf_take_word(&cursor, "xref") ? read_table(bytes, &cursor, left, &section, err)
                                               : read_stream(&cursor, left, &section, err);
    if (!read || !order_subsections(&section, err))
        return false;
    *ret_section = section;
    section = (struct pdf_section){0};
    return true;
}

void pdf_section_clear(struct pdf_section *section)
{
    free_clear(&section->subsections);
    buffer_clear(&section->records);
}

static bool digits(const uint8_t *at, size_t count, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return false;
        value = value * 10 + (uint64_t)(at[i] - '0');
    }
    *ret_value = value;
    return true;
}

/* Blanks and at least one end of line. */
static bool ends_line(const uint8_t *at, size_t size)
{
    bool line = false;
    for (size_t i = 0; i < size; i++) {
        if (at[i] != ' ' && at[i] != '\r' && at[i] != '\n')
            return false;
        line |= at[i] != ' ';
    }
    return line;
}

static struct pdf_place table_entry(const uint8_t *at, size_t width)
{
    struct pdf_place place = {.kind = PDF_PLACE_BROKEN};
    uint64_t offset, generation;
    if (!digits(at, 10, &offset) || at[10] != ' ' || !digits(at + 11, 5, &generation) || at[16] != ' '
        || generation > UINT16_MAX || !ends_line(at + ENTRY_TEXT, width - ENTRY_TEXT))
        return place;
    if (at[17] == 'f')
        place.kind = PDF_PLACE_FREE;
    else if (at[17] == 'n')
        place.kind = PDF_PLACE_PLAIN;
    place.offset = offset;
    place.generation = (uint32_t)generation;
    return place;
}

static struct pdf_place stream_entry(const struct pdf_section *section, const uint8_t *at)
{
    uint64_t field[FIELDS] = {section->width[0] == 0, 0, 0}; /* a missing type is 1 */
    for (size_t f = 0; f < FIELDS; f++)
        for (size_t i = 0; i < section->width[f]; i++)
            field[f] = field[f] << 8 | *at++;
    struct pdf_place place = {.kind = PDF_PLACE_FREE}; /* 7.5.8.3: an unknown type is null */
    if (field[0] == 1 && field[2] <= UINT16_MAX) {
        place.kind = PDF_PLACE_PLAIN;
        place.offset = field[1];
        place.generation = (uint32_t)field[2];
    } else if (field[0] == 2 && field[1] <= PDF_OBJECTS_MAX && field[2] <= PDF_OBJECTS_MAX) {
        place.kind = PDF_PLACE_PACKED;
        place.container = (uint32_t)field[1];
        place.index = (uint32_t)field[2];
    } else if (field[0] == 1 || field[0] == 2) {
        place.kind = PDF_PLACE_BROKEN;
    }
    return place;
}

struct pdf_place pdf_section_entry(struct span bytes, const struct pdf_section *section,
                                   const struct pdf_subsection *subsection, uint32_t index)
{
    if (section->is_stream)
        return stream_entry(section, section->records.data + subsection->entries + index * subsection->width);
    return table_entry(bytes.data + subsection->entries + (uint64_t)index * subsection->width,
                       subsection->width);
}

struct pdf_place pdf_section_find(struct span bytes, const struct pdf_section *section, uint32_t object)
{
    size_t low = 0, high = section->subsection_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct pdf_subsection *at = &section->subsections[middle];
        if (object < at->first)
            high = middle;
        else if (object - at->first >= at->count)
            low = middle + 1;
        else
            return pdf_section_entry(bytes, section, at, object - at->first);
    }
    return (struct pdf_place){.kind = PDF_PLACE_NONE};
}
