#include "signer/pdf_diff.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_text.h"

enum {
    REDEFINED_MAX = 1 << 16
}; /* objects of one later revision; a signature brings a dozen, validation data some hundreds */

bool pdf_step_changed(struct pdf_step *step, const struct text *text, uint32_t number, const char *what)
{
    if (!step->change.text) {
        step->change.text = text;
        snprintf(step->change.arg[0], TEXT_ARG_SIZE, "%zu", step->revision + 1);
        snprintf(step->change.arg[1], TEXT_ARG_SIZE, "%" PRIu32, number);
        text_clean(what, strlen(what), TEXT_ARG_SIZE, step->change.arg[2]);
    }
    return false;
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

static bool in_use(struct pdf_place place)
{
    return place.kind != PDF_PLACE_NONE && place.kind != PDF_PLACE_FREE;
}

bool pdf_step_is_fresh(const struct pdf_step *step, const struct pdf_redefined *object)
{
    return !in_use(object->before) && in_use(object->after)
           && !pdf_survey_dangling(step->survey, object->number);
}

static bool same_place(const struct pdf_step *step, struct pdf_place before, struct pdf_place after)
{
    const struct pdf_xref *xref = &step->document->xref;
    if (!in_use(before) || !in_use(after))
        return !in_use(before) && !in_use(after);
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

/* Every object that the revision's sections put elsewhere than it was, once, in order. */
static bool collect(struct pdf_step *step, struct error *err)
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
    return pdf_set_has(&step->survey->shared, number);
}

static bool is_section(const struct pdf_xref *xref, struct pdf_place place)
{
    for (size_t s = 0; s < xref->count && place.kind == PDF_PLACE_PLAIN; s++)
        if (xref->sections[s].is_stream && xref->sections[s].at == place.offset)
            return true;
    return false;
}

/* Written again as it was: nothing changed (the signed bytes are still there, and say the same). */
static bool is_identical(struct pdf_step *step, const struct pdf_redefined *object, bool *ret_identical,
                         struct error *err)
{
    struct pdf_object before, after;
    *ret_identical = false;
    if (!in_use(object->before) || !in_use(object->after)
        || object->before.generation != object->after.generation)
        return true;
    if (!pdf_object_read(step->document, object->number, object->before, step->old, &before, err)
        || !pdf_object_read(step->document, object->number, object->after, step->now, &after, err))
        return false;
    *ret_identical = before.is_stream == after.is_stream && span_equal(before.stream, after.stream)
                     && pdf_same(&before.value, &after.value);
    return true;
}

/* What is new, what is written again unchanged, and cross-reference streams that take the number of an
 * earlier one. */
static bool explain_machinery(struct pdf_step *step, struct error *err)
{
    const struct pdf_xref *xref = &step->document->xref;
    for (size_t i = 0; i < step->count; i++) {
        struct pdf_redefined *object = &step->objects[i];
        bool identical = false;
        object->explained = pdf_step_is_fresh(step, object)
                            || (is_section(xref, object->before) && is_section(xref, object->after));
        if (!object->explained && !is_identical(step, object, &identical, err))
            return false;
        object->explained |= identical;
    }
    return true;
}

static bool check_trailer(struct pdf_step *step)
{
    const struct pdf_value *old = &step->document->xref.sections[step->old].trailer;
    const struct pdf_value *now = &step->document->xref.sections[step->now].trailer;
    static const char *const fixed[] = {"Root", "Encrypt"};
    for (size_t i = 0; i < COUNT_OF(fixed); i++) {
        struct pdf_value before = pdf_get(old, fixed[i]), after = pdf_get(now, fixed[i]);
        if (!pdf_same(&before, &after))
            return pdf_step_changed(step, &TEXT_PDF_CHANGED, after.object, fixed[i]);
    }
    return true;
}

/* 7.5.5, table 15: what lies at or above Size is no object. Lowered, it takes objects away; raised over
 * objects that are there, it brings them to life. */
static bool check_size(struct pdf_step *step)
{
    struct pdf_value before = pdf_get(&step->document->xref.sections[step->old].trailer, "Size"),
                     after = pdf_get(&step->document->xref.sections[step->now].trailer, "Size");
    bool sizes = before.kind == PDF_INTEGER && after.kind == PDF_INTEGER;
    if (sizes
        && (after.integer == before.integer
            || (after.integer > before.integer && before.integer > step->survey->highest_used)))
        return true;
    return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, 0, "/Size");
}

/* What an unreadable object refers to is not known to us; another reader may know, and show what is put
 * there. */
static bool check_readable(struct pdf_step *step)
{
    if (step->count == 0 || step->survey->unreadable == 0)
        return true;
    return pdf_step_changed(step, &TEXT_PDF_CHANGED_UNREADABLE, step->survey->unreadable, "");
}

/* What an object is called in a report: its Type, or what kind of value it is. */
static void name_object(struct pdf_step *step, const struct pdf_redefined *object,
                        char ret_what[static TEXT_ARG_SIZE])
{
    struct error unreadable = {0};
    struct pdf_object read = {0};
    struct pdf_place place = in_use(object->after) ? object->after : object->before;
    size_t as_of = in_use(object->after) ? step->now : step->old;
    bool known = pdf_object_read(step->document, object->number, place, as_of, &read, &unreadable);
    struct pdf_value type = pdf_get(&read.value, "Type");
    if (known && type.kind == PDF_NAME)
        snprintf(ret_what, TEXT_ARG_SIZE, "%.*s", (int)type.raw.size, (const char *)type.raw.data);
    else
        snprintf(ret_what, TEXT_ARG_SIZE, "%s",
                 !in_use(object->after) ? "free"
                 : read.is_stream       ? "stream"
                                        : "object");
}

static bool report_unexplained(struct pdf_step *step)
{
    char what[TEXT_ARG_SIZE];
    for (size_t i = 0; i < step->count; i++) {
        if (step->objects[i].explained)
            continue;
        name_object(step, &step->objects[i], what);
        return pdf_step_changed(step, &TEXT_PDF_CHANGED, step->objects[i].number, what);
    }
    return true;
}

/* 12.8.2.2 and 12.8.2.4: what an earlier signature forbade. Validation data and timestamps are always
 * allowed (EN 319 142-1, 5.5). */
static bool check_permissions(struct pdf_step *step)
{
    bool signs = false;
    for (size_t i = 0; i < step->signatures->count; i++) {
        const struct pdf_signature *signature = &step->signatures->all[i];
        signs |= !signature->defect.text && signature->revision == step->revision
                 && signature->filter != PDF_FILTER_TIMESTAMP;
    }
    for (size_t i = 0; i < step->signatures->count && signs; i++) {
        const struct pdf_signature *signature = &step->signatures->all[i];
        if (!signature->defect.text && signature->revision < step->revision
            && signature->limits.permitted == 1)
            return pdf_step_changed(step, &TEXT_PDF_CHANGED_CERTIFIED, signature->object, signature->name);
    }
    return true;
}

static bool judge(struct pdf_step *step, struct error *err)
{
    return collect(step, err) && check_trailer(step) && check_size(step) && check_readable(step)
           && check_permissions(step) && explain_machinery(step, err) && pdf_explain_signatures(step, err)
           && pdf_explain_catalog(step, err) && pdf_explain_pages(step, err) && report_unexplained(step)
           && pdf_check_bytes(step, err);
}

/* One revision. What cannot be read there is a change: the signed part could. */
static bool look_at_revision(struct pdf_step *step, struct reason *ret_change, struct error *err)
{
    struct error broken = {0};
    bool unchanged = judge(step, &broken);
    if (!unchanged && broken.code == ERR_MALFORMED) {
        step->change.text = broken.text;
        memcpy(step->change.arg, broken.arg, sizeof(step->change.arg));
    } else if (!unchanged && broken.code != ERR_NONE) {
        *err = broken;
        return false;
    }
    *ret_change = step->change;
    return true;
}

/* Behind a change, nothing matters to the signatures before it: the next revision to judge is the one
 * behind the next signature; the number of revisions when there is none. */
static size_t next_to_judge(const struct pdf_document *document, const struct pdf_signatures *signatures,
                            size_t changed)
{
    size_t next = document->xref.revision_count;
    for (size_t i = 0; i < signatures->count; i++) {
        const struct pdf_signature *signature = &signatures->all[i];
        if (!signature->defect.text && signature->revision >= changed && signature->revision + 1 < next)
            next = signature->revision + 1;
    }
    return next;
}

static bool look_at_all(struct pdf_document *document, const struct pdf_signatures *signatures, size_t from,
                        uint64_t end, struct pdf_history *history, struct error *err)
{
    struct pdf_survey survey CLEANUP(pdf_survey_clear) = {0};
    struct pdf_stretch stretch = {.last = document->xref.revisions[from].last, .end = end, .tolerant = true};
    size_t judge_from = from + 1;
    for (size_t r = from + 1; r < document->xref.revision_count && judge_from < document->xref.revision_count;
         r++) {
        const struct pdf_revision *revision = &document->xref.revisions[r];
        if (!pdf_survey(document, &stretch, &survey, err))
            return false;
        stretch = (struct pdf_stretch){revision->first, revision->last, document->bytes.size, true};
        if (r < judge_from)
            continue;
        struct pdf_step step = {.document = document,
                                .signatures = signatures,
                                .survey = &survey,
                                .revision = r,
                                .old = revision->first - 1,
                                .now = revision->last};
        bool looked = look_at_revision(&step, &history->changes[r], err);
        free(step.objects);
        pdf_set_clear(&step.widgets);
        if (!looked)
            return false;
        if (history->changes[r].text)
            judge_from = next_to_judge(document, signatures, r);
    }
    return true;
}

bool pdf_diff(struct pdf_document *document, const struct pdf_signatures *signatures,
              struct pdf_history *ret_history, struct error *err)
{
    size_t count = document->xref.revision_count, from = count;
    uint64_t end = 0;
    for (size_t i = 0; i < signatures->count; i++)
        if (!signatures->all[i].defect.text && signatures->all[i].revision < from) {
            from = signatures->all[i].revision;
            end = signatures->all[i].end;
        }
    struct pdf_history history CLEANUP(pdf_history_clear) = {calloc(count, sizeof(*history.changes)), count};
    if (!history.changes)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (from + 1 < count && !look_at_all(document, signatures, from, end, &history, err))
        return false;
    *ret_history = history;
    history = (struct pdf_history){0};
    return true;
}

void pdf_history_clear(struct pdf_history *history)
{
    free_clear(&history->changes);
    history->count = 0;
}
