/* What later revisions lay over pages: the faces of signatures, and annotations. Both can hide or imitate
 * what was signed, so each has its place and its size; docs/decisions/pdf-changes.md says why these. */
#include <stdio.h>

#include "base/base_text.h"
#include "signer/pdf_change_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_text.h"

enum {
    HIDDEN = 1 << 1, /* F, table 167 */
    MOST = 2,        /* of a page: more than one part in … */
    ICON = 50        /* what a comment shows of itself is smaller than one part in … */
};

static bool is_hidden(const struct pdf_object *annotation)
{
    struct pdf_value flags = pdf_get(&annotation->value, "F");
    return flags.kind == PDF_INTEGER && (flags.integer & HIDDEN);
}

static bool covers(struct pdf_step *step, const struct pdf_object *annotation, const char *where)
{
    return pdf_step_changed(step, &TEXT_PDF_FACE_COVERS, annotation->number, where);
}

static uint32_t page_of(const struct pdf_object *annotation, uint32_t page)
{
    struct pdf_value own = pdf_get(&annotation->value, "P");
    return page != 0 ? page : own.kind == PDF_REFERENCE ? own.object : 0;
}

/* A look of its own, or a frame and a ground that readers draw. */
static bool shows_itself(const struct pdf_object *annotation)
{
    return (pdf_get(&annotation->value, "AP").kind != PDF_NULL
            || pdf_get(&annotation->value, "MK").kind != PDF_NULL)
           && !is_hidden(annotation);
}

struct face {
    double area, of; /* what is seen of it on the page, and the page's own; 0: nothing is seen */
    char where[PDF_SAID_MAX];
};

static bool measure_face(struct pdf_step *step, const struct pdf_object *annotation, uint32_t page,
                         struct face *ret_face)
{
    struct pdf_rectangle rectangle;
    struct pdf_value place = pdf_get(&annotation->value, "Rect");
    *ret_face = (struct face){0};
    if (!shows_itself(annotation))
        return true;
    if (!pdf_rectangle_read(step->document, step->now, &place, &rectangle))
        return covers(step, annotation, "/Rect");
    struct pdf_rectangle box = pdf_page_box(step->document, step->now, page),
                         seen = pdf_rectangle_common(&rectangle, &box);
    ret_face->area = pdf_rectangle_area(&seen);
    ret_face->of = pdf_rectangle_area(&box);
    snprintf(ret_face->where, PDF_SAID_MAX, "%.0f %.0f %.0f %.0f", rectangle.left, rectangle.bottom,
             rectangle.right, rectangle.top);
    return true;
}

/* Whatever shows itself on a page: all of it together leaves most of the page as it was. */
static bool place_face(struct pdf_step *step, const struct pdf_object *annotation, uint32_t page,
                       struct face *ret_face, struct error *err)
{
    if (!measure_face(step, annotation, page, ret_face))
        return false;
    if (ret_face->area <= 0)
        return true;
    double all = pdf_faces_add(&step->context->faces, page, ret_face->area);
    if (all < 0)
        return pdf_defect(err, ERR_TOO_LARGE, &TEXT_PDF_TOO_MANY_CHANGES, PDF_FACES_MAX);
    return all * MOST <= ret_face->of || covers(step, annotation, ret_face->where);
}

bool pdf_explain_filled_look(struct pdf_step *step, const struct pdf_object *widget)
{
    struct face face;
    return measure_face(step, widget, page_of(widget, 0), &face)
           && (face.area * MOST <= face.of || covers(step, widget, face.where));
}

bool pdf_explain_face(struct pdf_step *step, const struct pdf_object *widget, uint32_t page,
                      struct error *err)
{
    struct face face;
    if (!place_face(step, widget, page_of(widget, page), &face, err))
        return false;
    if (face.area <= 0)
        return true;
    if (!step->happened.face[0])
        memcpy(step->happened.face, face.where, PDF_SAID_MAX);
    /* Whoever certified has seen the places that were waiting for signatures, and no other */
    return step->context->permissions.permitted == 0 || !pdf_step_is_fresh_number(step, widget->number)
           || pdf_step_changed(step, &TEXT_PDF_FACE_CERTIFIED, widget->number, face.where);
}

/* Comments beside the text may come behind any signature; marks in it only where P = 3 permits
 * annotations. All others carry text or pictures of their own, act, or cover: never. */
static bool is_allowed_kind(const struct pdf_step *step, const struct pdf_value *subtype)
{
    static const char *const comments[] = {"Text", "Popup"}, *const marks[] = {"Highlight", "Underline",
                                                                               "Squiggly",  "StrikeOut",
                                                                               "Caret",     "Ink",
                                                                               "Line"};
    for (size_t i = 0; i < COUNT_OF(comments); i++)
        if (pdf_is_name(subtype, comments[i]))
            return true;
    for (size_t i = 0; i < COUNT_OF(marks) && step->context->permissions.permitted == PDF_ANNOTATING; i++)
        if (pdf_is_name(subtype, marks[i]))
            return true;
    return false;
}

bool pdf_explain_annotation(struct pdf_step *step, const struct pdf_object *annotation, uint32_t page,
                            struct error *err)
{
    static const char *const acts[] = {"A", "AA"};
    struct pdf_value subtype = pdf_get(&annotation->value, "Subtype");
    char kind[PDF_SAID_MAX] = "?";
    struct face face;
    if (subtype.kind == PDF_NAME)
        snprintf(kind, sizeof(kind), "%.*s", (int)subtype.raw.size, (const char *)subtype.raw.data);
    if (annotation->value.kind != PDF_DICTIONARY || annotation->is_stream || !is_allowed_kind(step, &subtype))
        return pdf_step_changed(step, &TEXT_PDF_NOTE_HIDES, annotation->number, kind);
    for (size_t i = 0; i < COUNT_OF(acts); i++)
        if (pdf_get(&annotation->value, acts[i]).kind != PDF_NULL)
            return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, annotation->number, acts[i]);
    pdf_step_kind(step, REVISION_ANNOTATION);
    if (!step->happened.annotated[0])
        text_clean(kind, strlen(kind), PDF_SAID_MAX, step->happened.annotated);
    if (!place_face(step, annotation, page_of(annotation, page), &face, err))
        return false;
    return !pdf_is_name(&subtype, "Text") || face.area * ICON <= face.of
           || covers(step, annotation, face.where);
}

static bool is_comment(const struct pdf_object *object)
{
    struct pdf_value type = pdf_get(&object->value, "Type"), subtype = pdf_get(&object->value, "Subtype");
    return !object->is_stream && subtype.kind == PDF_NAME && !pdf_is_name(&subtype, "Widget")
           && (pdf_is_name(&type, "Annot") || pdf_get(&object->value, "Rect").kind == PDF_ARRAY);
}

/* Something else than one page, and the note that opens with it, knows the annotation: it may be more than
 * one. */
static bool is_more(const struct pdf_step *step, const struct pdf_object *annotation)
{
    bool opens = pdf_get(&annotation->value, "Popup").kind == PDF_REFERENCE;
    return pdf_counts_of(&step->survey->counts, annotation->number) > (opens ? 2u : 1u);
}

static bool explain_edited(struct pdf_step *step, struct pdf_redefined *object, struct error *err)
{
    static const char *const allowed[] = {"Contents", "M",    "RC",           "T",    "Popup",      "C",
                                          "CA",       "Open", "State",        "Subj", "StateModel", "NM",
                                          "Name",     "AP",   "CreationDate", NULL};
    struct pdf_object old, now;
    if (!pdf_object_find(step->document, object->number, step->old, &old, err)
        || !pdf_object_find(step->document, object->number, step->now, &now, err))
        return false;
    if (!is_comment(&old) || !is_comment(&now) || is_more(step, &old))
        return true; /* no annotation, or gone: stays unexplained here */
    return pdf_explain_annotation(step, &old, 0, err) && pdf_explain_annotation(step, &now, 0, err)
           && pdf_explain_same(step, object, allowed, err);
}

bool pdf_explain_annotations(struct pdf_step *step, struct error *err)
{
    for (size_t i = 0; i < step->count; i++)
        if (!step->objects[i].explained && !explain_edited(step, &step->objects[i], err))
            return false;
    return true;
}
