#include "signer/pdf_pages.h"

#include "signer/pdf_text.h"

struct walk {
    struct pdf_document *document;
    size_t as_of;
    struct pdf_set met;
    pdf_page_visit *visit;
    void *context;
};

static bool walk_node(struct walk *walk, const struct pdf_value *node, uint32_t parent, unsigned depth,
                      struct error *err);

static bool walk_kids(struct walk *walk, const struct pdf_object *node, struct pdf_value kids, unsigned depth,
                      struct error *err)
{
    struct pdf_value kid;
    if (!pdf_resolve(walk->document, walk->as_of, &kids, err))
        return false;
    if (kids.kind != PDF_ARRAY)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_PAGES_BROKEN, node->number);
    for (struct pdf_cursor inside = pdf_inside(&kids); pdf_next_item(&inside, &kid);)
        if (!walk_node(walk, &kid, node->number, depth + 1, err))
            return false;
    return true;
}

static bool walk_node(struct walk *walk, const struct pdf_value *node, uint32_t parent, unsigned depth,
                      struct error *err)
{
    struct pdf_object object;
    if (node->kind != PDF_REFERENCE)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_PAGES_BROKEN, parent);
    if (pdf_set_has(&walk->met, node->object) || depth > PDF_TREE_DEPTH_MAX)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_PAGES_CIRCULAR, node->object);
    pdf_set_add(&walk->met, node->object);
    if (!pdf_object_find(walk->document, node->object, walk->as_of, &object, err))
        return false;
    struct pdf_value type = pdf_get(&object.value, "Type"), kids = pdf_get(&object.value, "Kids");
    if (pdf_is_name(&type, "Pages"))
        return walk_kids(walk, &object, kids, depth, err);
    if (!pdf_is_name(&type, "Page") || object.is_stream || kids.kind != PDF_NULL
        || object.generation != node->generation)
        return pdf_defect(err, ERR_MALFORMED, &TEXT_PDF_PAGES_BROKEN, node->object);
    return walk->visit(walk->context, &object, err);
}

bool pdf_pages_walk(struct pdf_document *document, size_t as_of, pdf_page_visit *visit, void *context,
                    struct error *err)
{
    struct walk walk = {.document = document, .as_of = as_of, .visit = visit, .context = context};
    struct pdf_object catalog;
    if (!pdf_catalog(document, as_of, &catalog, err))
        return false;
    struct pdf_value pages = pdf_get(&catalog.value, "Pages");
    bool walked = walk_node(&walk, &pages, catalog.number, 0, err);
    pdf_set_clear(&walk.met);
    return walked;
}
