/* What happened on pages: their lists of annotations grew by the widgets of signatures and by comments, or
 * lost comments where that is allowed; nothing else. */
#include "base/base_text.h"
#include "signer/pdf_explain.h"
#include "signer/pdf_pages.h"
#include "signer/pdf_text.h"

static bool is_page(const struct pdf_object *object)
{
    struct pdf_value type = pdf_get(&object->value, "Type");
    return !object->is_stream && pdf_is_name(&type, "Page");
}

/* Does the page show what it did not show before: the face of a signature, or a comment? An old object in a
 * new place is neither. */
static bool explain_new(struct pdf_step *step, const struct pdf_value *item, uint32_t page,
                        bool *ret_explained, struct error *err)
{
    struct pdf_object object;
    bool widget = item->kind == PDF_REFERENCE && pdf_set_has(&step->widgets, item->object);
    *ret_explained = widget || (item->kind == PDF_REFERENCE && pdf_step_is_fresh_number(step, item->object));
    if (!*ret_explained)
        return true;
    if (!pdf_object_find(step->document, item->object, step->now, &object, err))
        return false;
    return widget ? pdf_explain_face(step, &object, page, err)
                  : pdf_explain_annotation(step, &object, page, err);
}

/* What a page shows no more. */
static bool explain_gone(struct pdf_step *step, const struct pdf_value *item, uint32_t page,
                         bool *ret_explained, struct error *err)
{
    struct pdf_object object;
    *ret_explained = item->kind == PDF_REFERENCE && step->context->permissions.permitted == PDF_ANNOTATING
                     && !pdf_step_is_shared(step, item->object);
    if (!*ret_explained)
        return true;
    if (!pdf_object_find(step->document, item->object, step->old, &object, err))
        return false;
    struct pdf_redefined *freed = pdf_step_find(step, item->object);
    if (freed)
        freed->explained = true;
    return pdf_explain_annotation(step, &object, page, err);
}

/* Two lists side by side: where they part, something came or went. */
static bool compare_lists(struct pdf_step *step, const struct pdf_value *old, const struct pdf_value *now,
                          uint32_t page, bool *ret_explained, struct error *err)
{
    struct pdf_cursor in_old = pdf_inside(old), in_now = pdf_inside(now);
    struct pdf_value item, expected;
    bool more = pdf_next_item(&in_old, &expected), left = pdf_next_item(&in_now, &item);
    *ret_explained = true;
    while ((more || left) && *ret_explained) {
        bool came = false;
        if (more && left && pdf_same(&item, &expected)) {
            more = pdf_next_item(&in_old, &expected);
            left = pdf_next_item(&in_now, &item);
            continue;
        }
        if (left && !explain_new(step, &item, page, &came, err))
            return false;
        if (came) {
            left = pdf_next_item(&in_now, &item);
            continue;
        }
        *ret_explained = more;
        if (more && !explain_gone(step, &expected, page, ret_explained, err))
            return false;
        more = more && pdf_next_item(&in_old, &expected);
    }
    return true;
}

static bool explain_annotations(struct pdf_step *step, const struct pdf_object *old_page,
                                const struct pdf_object *page, struct error *err)
{
    struct pdf_value old_entry = pdf_get(&old_page->value, "Annots"), old = old_entry,
                     entry = pdf_get(&page->value, "Annots"), now = entry;
    bool explained = false;
    if (!pdf_resolve(step->document, step->old, &old, err)
        || !pdf_resolve(step->document, step->now, &now, err))
        return false;
    bool lists = (old.kind == PDF_NULL || old.kind == PDF_ARRAY)
                 && (now.kind == PDF_ARRAY || (now.kind == PDF_NULL && old.kind == PDF_NULL));
    if (lists && !compare_lists(step, &old, &now, page->number, &explained, err))
        return false;
    if (!explained)
        return pdf_step_changed(step, &TEXT_PDF_CHANGED_KEY, page->number, "/Annots");
    pdf_explain_holder(step, &old_entry, &entry);
    return true;
}

/* A page whose annotations grew; nothing else about it may differ. Looked at once. */
static bool explain_page(struct pdf_step *step, uint32_t number, struct error *err)
{
    static const char *const allowed[] = {"Annots", NULL};
    struct pdf_object old, now;
    struct pdf_redefined *page = pdf_step_find(step, number);
    if (pdf_set_has(&step->pages, number))
        return true;
    pdf_set_add(&step->pages, number);
    if (!pdf_object_find(step->document, number, step->old, &old, err)
        || !pdf_object_find(step->document, number, step->now, &now, err))
        return false;
    if (!is_page(&old) || !is_page(&now))
        return true; /* no page before: stays unexplained if it is there now */
    struct pdf_value key = pdf_step_difference(step, &old.value, &now.value, allowed);
    if (key.kind != PDF_NULL)
        return pdf_step_changed_key(step, number, &key);
    if (page)
        page->explained = true;
    return explain_annotations(step, &old, &now, err);
}

/* The pages that show the new widgets, for annotation lists that are objects of their own. */
static bool explain_widget_page(struct pdf_step *step, uint32_t widget, struct error *err)
{
    struct pdf_object object;
    if (!pdf_object_find(step->document, widget, step->now, &object, err))
        return false;
    struct pdf_value page = pdf_get(&object.value, "P");
    return page.kind != PDF_REFERENCE || explain_page(step, page.object, err);
}

/* Widgets need not say which page they are on: then every page is asked. */
static bool explain_any_page(void *context, const struct pdf_object *page, struct error *err)
{
    struct pdf_step *step = context;
    struct pdf_value annotations = pdf_get(&page->value, "Annots");
    struct pdf_redefined *list =
        annotations.kind == PDF_REFERENCE ? pdf_step_find(step, annotations.object) : NULL;
    return !list || list->explained || explain_page(step, page->number, err);
}

static bool is_list_left(const struct pdf_step *step, struct error *err, bool *ret_left)
{
    *ret_left = false;
    for (size_t i = 0; i < step->count && !*ret_left; i++) {
        struct pdf_object object;
        if (step->objects[i].explained)
            continue;
        if (!pdf_object_find(step->document, step->objects[i].number, step->now, &object, err))
            return false;
        *ret_left = object.value.kind == PDF_ARRAY;
    }
    return true;
}

bool pdf_explain_pages(struct pdf_step *step, struct error *err)
{
    bool left;
    for (size_t i = 0; i < step->count; i++)
        if (!step->objects[i].explained && !explain_page(step, step->objects[i].number, err))
            return false;
    for (uint32_t number = 0; number < step->widgets.room; number++)
        if (pdf_set_has(&step->widgets, number) && !explain_widget_page(step, number, err))
            return false;
    if (!is_list_left(step, err, &left))
        return false;
    return !left || pdf_pages_walk(step->document, step->now, explain_any_page, step, err);
}
