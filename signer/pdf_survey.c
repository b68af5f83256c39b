#include "signer/pdf_survey.h"

#include "base/base_text.h"
#include "signer/pdf_text.h"

enum { KEPT_MAX = PDF_INFLATED_MAX / 4 }; /* bytes of object streams, after which the walk forgets them */

struct walk {
    struct pdf_document *document;
    const struct pdf_stretch *stretch;
    struct pdf_survey *survey;
    struct pdf_references references;
    struct pdf_set seen; /* named by a newer section */
};

/* A cross-reference stream carries a trailer; what that refers to is noted once, for the section
 * (note_root). */
static void note_sections(struct walk *walk)
{
    for (size_t s = walk->stretch->first; s <= walk->stretch->last; s++)
        if (walk->document->xref.sections[s].is_stream)
            pdf_set_add(&walk->survey->sections, walk->document->xref.sections[s].object);
}

/* What an object said before it was written again is named no more. */
static void take_away(struct walk *walk, uint32_t number)
{
    struct pdf_object object;
    struct error ignored = {0};
    struct pdf_place place = {0};
    if (walk->stretch->first > 0)
        place = pdf_xref_find(&walk->document->xref, number, walk->stretch->first - 1);
    if (place.kind != PDF_PLACE_PLAIN && place.kind != PDF_PLACE_PACKED)
        return;
    walk->references.taken = true;
    bool whole = pdf_object_read(walk->document, number, place, walk->stretch->first - 1, &object, &ignored);
    (void)whole; /* as far as it can be read it was counted, and is taken back */
    walk->references.taken = false;
}

static bool survey_object(struct walk *walk, uint32_t number, struct pdf_place place, struct error *err)
{
    struct pdf_object object = {0};
    struct error unreadable = {0};
    bool is_section = pdf_set_has(&walk->survey->sections, number);
    walk->document->references = is_section ? NULL : &walk->references;
    if (!is_section)
        take_away(walk, number);
    bool behind = place.kind == PDF_PLACE_PLAIN && place.offset >= walk->stretch->end;
    bool read =
        !behind && pdf_object_read(walk->document, number, place, walk->stretch->last, &object, &unreadable);
    if (behind || object.end > walk->stretch->end)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_OBJECT_BEHIND_END, number);
    if (!read && (!walk->stretch->tolerant || unreadable.code != ERR_MALFORMED)) {
        *err = unreadable;
        return false;
    }
    if (!read)
        walk->survey->unreadable = number;
    pdf_set_add(&walk->survey->used, number);
    if (number > walk->survey->highest_used)
        walk->survey->highest_used = number;
    if (walk->document->inflated > KEPT_MAX)
        pdf_forget(walk->document);
    return true;
}

/* The place counts only when no newer section has spoken about the object. In a hybrid file the table has
 * called a hidden object free just before. */
static bool is_newest(const struct walk *walk, uint32_t number, struct pdf_place place)
{
    const struct pdf_xref *xref = &walk->document->xref;
    if (!pdf_set_has(&walk->seen, number))
        return true;
    return place.section < walk->stretch->last && xref->sections[place.section + 1].hybrid
           && pdf_xref_find(xref, number, walk->stretch->last).section == place.section;
}

/* What a trailer names is referred to once, however many trailers say so. */
static void note_root(struct walk *walk, const struct pdf_value *trailer, const char *key)
{
    struct pdf_value value = pdf_get(trailer, key);
    if (value.kind != PDF_REFERENCE || pdf_set_has(&walk->survey->roots, value.object))
        return;
    pdf_set_add(&walk->survey->roots, value.object);
    pdf_set_add(walk->references.named, value.object);
    pdf_counts_add(walk->references.counts, value.object);
}

static bool survey_section(struct walk *walk, size_t section, struct error *err)
{
    const struct pdf_xref *xref = &walk->document->xref;
    struct pdf_entries entries = {0};
    struct pdf_place place;
    uint32_t number;
    while (pdf_xref_next(xref, section, &entries, &number, &place)) {
        bool newest = is_newest(walk, number, place);
        pdf_set_add(&walk->seen, number);
        if (newest && place.kind != PDF_PLACE_FREE && number != 0 && !survey_object(walk, number, place, err))
            return false;
    }
    note_root(walk, &xref->sections[section].trailer, "Root");
    note_root(walk, &xref->sections[section].trailer, "Info");
    note_root(walk, &xref->sections[section].trailer, "Encrypt");
    return true;
}

static uint32_t highest_in(const struct pdf_set *set)
{
    for (uint32_t byte = set->room / 8; byte-- > 0;)
        for (uint32_t bit = 8; bit-- > 0 && set->bits[byte];)
            if (set->bits[byte] >> bit & 1)
                return byte * 8 + bit;
    return 0;
}

bool pdf_survey(struct pdf_document *document, const struct pdf_stretch *stretch, struct pdf_survey *survey,
                struct error *err)
{
    struct walk walk = {.document = document, .stretch = stretch, .survey = survey};
    bool sound = true;
    walk.references.named = &survey->referenced;
    walk.references.counts = &survey->counts;
    note_sections(&walk);
    for (size_t s = stretch->last + 1; s-- > stretch->first && sound;)
        sound = survey_section(&walk, s, err);
    document->references = NULL;
    bool failed = walk.seen.failed || survey->sections.failed || survey->roots.failed || survey->used.failed
                  || survey->referenced.failed || survey->counts.failed;
    pdf_set_clear(&walk.seen);
    if (!sound)
        return false;
    if (failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    uint32_t referenced = highest_in(&survey->referenced);
    survey->highest = referenced > survey->highest_used ? referenced : survey->highest_used;
    return true;
}

bool pdf_survey_dangling(const struct pdf_survey *survey, uint32_t number)
{
    return pdf_set_has(&survey->referenced, number) && !pdf_set_has(&survey->used, number);
}

void pdf_survey_clear(struct pdf_survey *survey)
{
    pdf_set_clear(&survey->used);
    pdf_set_clear(&survey->referenced);
    pdf_set_clear(&survey->sections);
    pdf_set_clear(&survey->roots);
    pdf_counts_clear(&survey->counts);
}
