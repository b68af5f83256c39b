/* The bytes that a later revision added, laid out: each belongs to an object its sections name, to a
 * section, or to a startxref; between them stand only white space and comments. A reader that repairs
 * files by scanning then finds nothing that we did not look at. */
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_text.h"

struct stretch {
    uint64_t from, to;
};

static int by_start(const void *a, const void *b)
{
    const struct stretch *left = a, *right = b;
    return left->from < right->from ? -1 : left->from > right->from;
}

/* White space, comments and "startxref N" up to `to`? */
static bool is_empty(struct span bytes, uint64_t from, uint64_t to)
{
    struct pdf_cursor cursor = pdf_cursor_at(span_slice(bytes, 0, to), from);
    for (pdf_skip(&cursor); cursor.at < to && !cursor.failed; pdf_skip(&cursor))
        if (!pdf_take_word(&cursor, "startxref") || (pdf_take_unsigned(&cursor), cursor.failed))
            return false;
    return !cursor.failed;
}

/* Where the bytes of earlier revisions end. */
static uint64_t start_of(const struct pdf_step *step)
{
    uint64_t start = step->document->xref.revisions[step->revision - 1].end;
    for (size_t i = 0; i < step->signatures->count; i++) {
        const struct pdf_signature *signature = &step->signatures->all[i];
        if (!signature->defect.text && signature->revision == step->revision - 1 && signature->end > start)
            start = signature->end;
    }
    return start;
}

static bool add_objects(struct pdf_step *step, uint64_t start, struct stretch *all, size_t *count,
                        struct error *err)
{
    for (size_t i = 0; i < step->count; i++) {
        const struct pdf_redefined *object = &step->objects[i];
        struct pdf_object read;
        if (object->after.kind != PDF_PLACE_PLAIN)
            continue;
        if (!pdf_object_read(step->document, object->number, object->after, step->now, &read, err))
            return false;
        if (object->after.offset < start)
            return pdf_step_changed(step, &TEXT_PDF_CHANGED_BACK, object->number, "");
        all[(*count)++] = (struct stretch){object->after.offset, read.end};
    }
    return true;
}

static bool lies_open(struct pdf_step *step, uint64_t start, struct stretch *all, size_t count)
{
    const struct pdf_revision *revision = &step->document->xref.revisions[step->revision];
    uint64_t end = revision->end ? revision->end : step->document->bytes.size, at = start;
    qsort(all, count, sizeof(*all), by_start);
    for (size_t i = 0; i < count; i++) {
        bool repeats =
            i > 0 && all[i].from == all[i - 1].from; /* a cross-reference stream that names itself */
        if (!repeats && (all[i].from < at || !is_empty(step->document->bytes, at, all[i].from)))
            return pdf_step_changed(step, &TEXT_PDF_CHANGED_HIDDEN, 0, "");
        at = all[i].to;
    }
    return at <= end && is_empty(step->document->bytes, at, end)
               ? true
               : pdf_step_changed(step, &TEXT_PDF_CHANGED_HIDDEN, 0, "");
}

bool pdf_check_bytes(struct pdf_step *step, struct error *err)
{
    const struct pdf_revision *revision = &step->document->xref.revisions[step->revision];
    size_t sections = revision->last - revision->first + 1, count = 0;
    struct stretch *all CLEANUP(free_clear) = calloc(step->count + sections, sizeof(*all));
    uint64_t start = start_of(step);
    if (!all)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t s = revision->first; s <= revision->last; s++) {
        const struct pdf_section *section = &step->document->xref.sections[s];
        if (section->from < start)
            return pdf_step_changed(step, &TEXT_PDF_CHANGED_BACK, section->object, "");
        all[count++] = (struct stretch){section->from, section->end};
    }
    return add_objects(step, start, all, &count, err) && lies_open(step, start, all, count);
}
