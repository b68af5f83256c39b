/* One later revision beside the one before: which objects it names, and how they are found. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_text.h"

enum {
    REDEFINED_MAX = 1 << 16
}; /* objects of one later revision; a signature brings a dozen, validation data some hundreds */

bool pdf_step_refused(struct pdf_step *step, const struct text *text, const char *which, const char *what)
{
    struct reason *refused = &step->happened.refused;
    if (refused->text)
        return false;
    refused->text = text;
    snprintf(refused->arg[0], TEXT_ARG_SIZE, "%zu", step->revision + 1);
    text_clean(which, strlen(which), TEXT_ARG_SIZE, refused->arg[1]);
    text_clean(what, strlen(what), TEXT_ARG_SIZE, refused->arg[2]);
    pdf_step_kind(step, REVISION_OTHER);
    return false;
}

bool pdf_step_changed(struct pdf_step *step, const struct text *text, uint32_t number, const char *what)
{
    char digits[16];
    snprintf(digits, sizeof(digits), "%" PRIu32, number);
    return pdf_step_refused(step, text, digits, what);
}

void pdf_step_kind(struct pdf_step *step, enum revision_change kind)
{
    step->happened.kinds |= 1u << kind;
}

static int by_number(const void *a, const void *b)
{
    const struct pdf_redefined *left = a, *right = b;
    return left->number < right->number ? -1 : left->number > right->number;
}

struct pdf_redefined *pdf_step_find(const struct pdf_step *step, uint32_t number)
{
    struct pdf_redefined key = {.number = number};
    return step->count ? bsearch(&key, step->objects, step->count, sizeof(key), by_number) : NULL;
}

bool pdf_step_in_use(struct pdf_place place)
{
    return place.kind != PDF_PLACE_NONE && place.kind != PDF_PLACE_FREE;
}

bool pdf_step_is_fresh(const struct pdf_step *step, const struct pdf_redefined *object)
{
    return !pdf_step_in_use(object->before) && pdf_step_in_use(object->after)
           && !pdf_survey_dangling(step->survey, object->number);
}

bool pdf_step_is_fresh_number(const struct pdf_step *step, uint32_t number)
{
    const struct pdf_redefined *object = pdf_step_find(step, number);
    return object && pdf_step_is_fresh(step, object);
}

static bool same_place(const struct pdf_step *step, struct pdf_place before, struct pdf_place after)
{
    const struct pdf_xref *xref = &step->document->xref;
    if (!pdf_step_in_use(before) || !pdf_step_in_use(after))
        return !pdf_step_in_use(before) && !pdf_step_in_use(after);
    if (before.kind != after.kind || before.generation != after.generation)
        return false;
    if (before.kind == PDF_PLACE_PLAIN)
        return before.offset == after.offset;
    return before.container == after.container && before.index == after.index
           && pdf_xref_find(xref, before.container, step->old).offset
                  == pdf_xref_find(xref, after.container, step->now).offset;
}

static bool note_object(struct pdf_step *step, uint32_t number, struct error *err)
{
    const struct pdf_xref *xref = &step->document->xref;
    struct pdf_redefined object = {number, pdf_xref_find(xref, number, step->old),
                                   pdf_xref_find(xref, number, step->now), false};
    if (number == 0 || same_place(step, object.before, object.after))
        return true;
    if (step->count == REDEFINED_MAX)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_TOO_MANY_CHANGES, REDEFINED_MAX);
    if ((step->count & (step->count - 1)) == 0) { /* 0, 1, 2, 4 …: full */
        void *grown = realloc(step->objects, (step->count ? 2 * step->count : 1) * sizeof(*step->objects));
        if (!grown)
            return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        step->objects = grown;
    }
    step->objects[step->count++] = object;
    return true;
}

bool pdf_step_collect(struct pdf_step *step, struct error *err)
{
    const struct pdf_xref *xref = &step->document->xref;
    const struct pdf_revision *revision = &xref->revisions[step->revision];
    for (size_t s = revision->first; s <= revision->last; s++) {
        struct pdf_entries entries = {0};
        struct pdf_place place;
        uint32_t number;
        while (pdf_xref_next(xref, s, &entries, &number, &place))
            if (!note_object(step, number, err))
                return false;
    }
    if (step->count)
        qsort(step->objects, step->count, sizeof(*step->objects), by_number);
    size_t kept = 0;
    for (size_t i = 0; i < step->count; i++)
        if (kept == 0 || step->objects[i].number != step->objects[kept - 1].number)
            step->objects[kept++] = step->objects[i];
    step->count = kept;
    return true;
}

bool pdf_step_is_shared(const struct pdf_step *step, uint32_t number)
{
    return pdf_counts_of(&step->survey->counts, number) > 1;
}

void pdf_step_clear(struct pdf_step *step)
{
    free_clear(&step->objects);
    pdf_set_clear(&step->widgets);
    pdf_set_clear(&step->waiting);
    pdf_set_clear(&step->pages);
}
