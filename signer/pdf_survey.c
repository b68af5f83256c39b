#include "signer/pdf_survey.h"

#include "base/base_text.h"
#include "signer/pdf_text.h"

enum { KEPT_MAX = PDF_INFLATED_MAX / 4 }; /* bytes of object streams, after which the walk forgets them */

struct walk {
    struct pdf_document *document;
    const struct pdf_stretch *stretch;
    struct pdf_survey *survey;
    struct pdf_references references;
    struct pdf_set sections; /* numbers of cross-reference streams */
    struct pdf_set seen;     /* named by a newer section */
    struct pdf_set roots;    /* named by trailers, which say the same again in every section */
};

/* A cross-reference stream carries a trailer; what that refers to is noted once, for the section
 * (count_roots). */
static void note_sections(struct walk *walk)
{
    for (size_t s = walk->stretch->first; s <= walk->stretch->last; s++)
        if (walk->document->xref.sections[s].is_stream)
            pdf_set_add(&walk->sections, walk->document->xref.sections[s].object);
}

static bool survey_object(struct walk *walk, uint32_t number, struct pdf_place place, struct error *err)
{
    struct pdf_object object = {0};
    struct error unreadable = {0};
    walk->document->references = pdf_set_has(&walk->sections, number) ? NULL : &walk->references;
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

static void note_root(struct walk *walk, const struct pdf_value *trailer, const char *key)
{
    struct pdf_value value = pdf_get(trailer, key);
    if (value.kind == PDF_REFERENCE)
        pdf_set_add(&walk->roots, value.object);
}

/* What a trailer names is referred to once, however many trailers say so. */
static void count_roots(struct walk *walk)
{
    for (uint32_t number = 0; number < walk->roots.room; number++) {
        if (!pdf_set_has(&walk->roots, number))
            continue;
        if (walk->references.again && pdf_set_has(walk->references.once, number))
            pdf_set_add(walk->references.again, number);
        pdf_set_add(walk->references.once, number);
    }
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
    walk.references.once = &survey->referenced;
    walk.references.again = stretch->first == 0 ? &survey->shared : NULL;
    note_sections(&walk);
    for (size_t s = stretch->last + 1; s-- > stretch->first && sound;)
        sound = survey_section(&walk, s, err);
    document->references = NULL;
    count_roots(&walk);
    bool failed = walk.roots.failed || walk.seen.failed || walk.sections.failed || survey->used.failed
                  || survey->referenced.failed || survey->shared.failed;
    pdf_set_clear(&walk.seen);
    pdf_set_clear(&walk.sections);
    pdf_set_clear(&walk.roots);
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
    pdf_set_clear(&survey->shared);
}
