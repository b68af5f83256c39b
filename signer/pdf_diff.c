#include "signer/pdf_diff.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "signer/pdf_change_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_text.h"

static bool is_section(const struct pdf_xref *xref, struct pdf_place place)
{
    for (size_t s = 0; s < xref->count && place.kind == PDF_PLACE_PLAIN; s++)
        if (xref->sections[s].is_stream
            && (xref->sections[s].at == place.offset || xref->sections[s].from == place.offset))
            return true;
    return false;
}

/* Written again as it was: nothing changed (the signed bytes are still there, and say the same). A stream's
 * Length may have moved into an object of its own. */
static bool is_identical(struct pdf_step *step, const struct pdf_object *before,
                         const struct pdf_object *after)
{
    static const char *const length[] = {"Length", NULL}, *const none[] = {NULL};
    if (before->generation != after->generation || before->is_stream != after->is_stream
        || !span_equal(before->stream, after->stream))
        return false;
    if (before->value.kind != PDF_DICTIONARY || after->value.kind != PDF_DICTIONARY)
        return pdf_same(&before->value, &after->value);
    return pdf_step_difference(step, &before->value, &after->value, before->is_stream ? length : none).kind
           == PDF_NULL;
}

/* Nothing named it, so nobody misses it. What cross-reference entries name is not counted: object streams. */
static bool is_orphan(const struct pdf_step *step, const struct pdf_object *before)
{
    struct pdf_value type = pdf_get(&before->value, "Type");
    return pdf_counts_of(&step->survey->counts, before->number) == 0 && !pdf_is_name(&type, "ObjStm");
}

static bool explain_written_again(struct pdf_step *step, struct pdf_redefined *object, struct error *err)
{
    struct pdf_object before, after;
    if (!pdf_step_in_use(object->before))
        return true;
    if (!pdf_object_read(step->document, object->number, object->before, step->old, &before, err))
        return false;
    if (!pdf_step_in_use(object->after)) {
        object->explained = is_orphan(step, &before);
        return true;
    }
    if (!pdf_object_read(step->document, object->number, object->after, step->now, &after, err))
        return false;
    object->explained = is_identical(step, &before, &after);
    return true;
}

/* What is new, what is written again unchanged, and cross-reference streams that take the number of an
 * earlier one. */
static bool explain_machinery(struct pdf_step *step, struct error *err)
{
    const struct pdf_xref *xref = &step->document->xref;
    for (size_t i = 0; i < step->count; i++) {
        struct pdf_redefined *object = &step->objects[i];
        object->explained = pdf_step_is_fresh(step, object)
                            || (is_section(xref, object->before) && is_section(xref, object->after));
        if (!object->explained && !explain_written_again(step, object, err))
            return false;
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
    struct pdf_place place = pdf_step_in_use(object->after) ? object->after : object->before;
    size_t as_of = pdf_step_in_use(object->after) ? step->now : step->old;
    bool known = pdf_object_read(step->document, object->number, place, as_of, &read, &unreadable);
    struct pdf_value type = pdf_get(&read.value, "Type");
    if (known && type.kind == PDF_NAME)
        snprintf(ret_what, TEXT_ARG_SIZE, "%.*s", (int)type.raw.size, (const char *)type.raw.data);
    else
        snprintf(ret_what, TEXT_ARG_SIZE, "%s",
                 !pdf_step_in_use(object->after) ? "free"
                 : read.is_stream                ? "stream"
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

/* Who signed or stamped with the revision. */
static void note_signatures(struct pdf_step *step)
{
    for (size_t i = 0; i < step->signatures->count; i++) {
        const struct pdf_signature *signature = &step->signatures->all[i];
        if (!signature->defect.text && signature->revision == step->revision)
            pdf_step_kind(step, signature->filter == PDF_FILTER_TIMESTAMP ? REVISION_TIMESTAMP
                                                                          : REVISION_SIGNATURE);
    }
}

/* ISO 32000-2, 12.8.2.2.2, table 257: what an earlier signature forbade. Validation data and timestamps are
 * always allowed (ibid.; EN 319 142-1, 5.5), with the description of the document that comes with them. */
static bool check_permissions(struct pdf_step *step)
{
    static const struct {
        enum revision_change kind;
        int64_t from; /* the first P that permits it */
        const struct text *refusal;
    } rules[] = {{REVISION_SIGNATURE, 2, &TEXT_PDF_CHANGED_CERTIFIED},
                 {REVISION_FORM, 2, &TEXT_PDF_FORBIDDEN_FORM},
                 {REVISION_METADATA, 2, &TEXT_PDF_FORBIDDEN_METADATA},
                 {REVISION_ANNOTATION, PDF_ANNOTATING, &TEXT_PDF_FORBIDDEN_ANNOTATION}};
    const struct pdf_permissions *permissions = &step->context->permissions;
    unsigned kinds = step->happened.kinds;
    if (permissions->permitted == 0)
        return true;
    if (kinds & (1u << REVISION_TIMESTAMP | 1u << REVISION_VALIDATION_DATA))
        kinds &= ~(1u << REVISION_METADATA);
    for (size_t i = 0; i < COUNT_OF(rules); i++)
        if ((kinds & 1u << rules[i].kind) && permissions->permitted < rules[i].from) {
            unsigned seen = step->happened.kinds;
            pdf_step_refused(step, rules[i].refusal, "", permissions->certifier);
            step->happened.kinds = seen; /* it has been explained, and is forbidden */
            return false;
        }
    return true;
}

static bool judge(struct pdf_step *step, struct error *err)
{
    note_signatures(step);
    return pdf_step_collect(step, err) && check_trailer(step) && check_size(step) && check_readable(step)
           && explain_machinery(step, err) && pdf_explain_signatures(step, err)
           && pdf_explain_catalog(step, err) && pdf_explain_fields(step, err)
           && pdf_explain_annotations(step, err) && pdf_explain_pages(step, err) && report_unexplained(step)
           && pdf_check_bytes(step, err) && check_permissions(step);
}

/* One revision. What cannot be read there is a change: the signed part could. */
static bool look_at_revision(struct pdf_step *step, struct pdf_change *ret_change, struct error *err)
{
    struct error broken = {0};
    bool unchanged = judge(step, &broken);
    if (!unchanged && broken.code == ERR_MALFORMED) {
        step->happened.refused.text = broken.text;
        memcpy(step->happened.refused.arg, broken.arg, sizeof(broken.arg));
        pdf_step_kind(step, REVISION_OTHER);
    } else if (!unchanged && broken.code != ERR_NONE) {
        *err = broken;
        return false;
    }
    *ret_change = step->happened;
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

static void context_clear(struct pdf_context *context)
{
    pdf_survey_clear(&context->survey);
    pdf_permissions_clear(&context->permissions);
    pdf_fields_clear(&context->fields);
    pdf_faces_clear(&context->faces);
}

/* Everything up to a revision is known to those who come behind it. */
static bool add_revision(struct pdf_document *document, const struct pdf_signatures *signatures,
                         size_t revision, const struct pdf_stretch *stretch, struct pdf_context *context,
                         struct error *err)
{
    if (!pdf_survey(document, stretch, &context->survey, err))
        return false;
    for (size_t i = 0; i < signatures->count; i++) {
        const struct pdf_signature *signature = &signatures->all[i];
        if (!signature->defect.text && signature->revision == revision
            && !pdf_permissions_add(&context->permissions, document, signature, err))
            return false;
    }
    return true;
}

static bool step_through(struct pdf_document *document, const struct pdf_signatures *signatures, size_t r,
                         struct pdf_context *context, struct pdf_change *ret_change, struct error *err)
{
    struct pdf_step step CLEANUP(pdf_step_clear) = {.document = document,
                                                    .signatures = signatures,
                                                    .context = context,
                                                    .survey = &context->survey,
                                                    .revision = r,
                                                    .old = document->xref.revisions[r].first - 1,
                                                    .now = document->xref.revisions[r].last};
    return look_at_revision(&step, ret_change, err);
}

static bool look_at_all(struct pdf_document *document, const struct pdf_signatures *signatures, uint64_t end,
                        struct pdf_history *history, struct error *err)
{
    struct pdf_context context CLEANUP(context_clear) = {0};
    size_t from = history->first, judge_from = from + 1;
    struct pdf_stretch stretch = {.last = document->xref.revisions[from].last, .end = end, .tolerant = true};
    for (size_t r = from + 1; r < document->xref.revision_count && judge_from < document->xref.revision_count;
         r++) {
        const struct pdf_revision *revision = &document->xref.revisions[r];
        if (!add_revision(document, signatures, r - 1, &stretch, &context, err))
            return false;
        stretch = (struct pdf_stretch){revision->first, revision->last, document->bytes.size, true};
        if (r < judge_from)
            continue;
        if (!step_through(document, signatures, r, &context, &history->changes[r], err))
            return false;
        if (history->changes[r].refused.text) {
            judge_from = next_to_judge(document, signatures, r);
            pdf_fields_clear(&context.fields); /* the tree of fields may be another one */
        }
    }
    return true;
}

/* Nobody looks at what stands behind a change: it is what the change made of it. */
static void note_the_rest(const struct pdf_signatures *signatures, struct pdf_history *history)
{
    for (size_t i = 0; i < signatures->count; i++) {
        const struct pdf_signature *signature = &signatures->all[i];
        if (!signature->defect.text)
            history->changes[signature->revision].kinds |=
                1u << (signature->filter == PDF_FILTER_TIMESTAMP ? REVISION_TIMESTAMP : REVISION_SIGNATURE);
    }
}

bool pdf_diff(struct pdf_document *document, const struct pdf_signatures *signatures,
              struct pdf_history *ret_history, struct error *err)
{
    size_t count = document->xref.revision_count;
    uint64_t end = 0;
    struct pdf_history history CLEANUP(pdf_history_clear) = {calloc(count, sizeof(*history.changes)), count,
                                                             count};
    if (!history.changes)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    for (size_t i = 0; i < signatures->count; i++)
        if (!signatures->all[i].defect.text && signatures->all[i].revision < history.first) {
            history.first = signatures->all[i].revision;
            end = signatures->all[i].end;
        }
    if (history.first + 1 < count && !look_at_all(document, signatures, end, &history, err))
        return false;
    note_the_rest(signatures, &history);
    *ret_history = history;
    history = (struct pdf_history){0};
    return true;
}

void pdf_history_clear(struct pdf_history *history)
{
    free_clear(&history->changes);
    history->count = 0;
}
