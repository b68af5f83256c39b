#include "signer/pdf_faces.h"

#include <math.h>
#include <stdlib.h>

#include "signer/pdf_pages.h"

enum { DIGITS_MAX = 63 };

static const struct pdf_rectangle a4 = {0, 0, 595, 842};

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

static bool read_number(const struct pdf_value *value, double *ret_number)
{
    char digits[DIGITS_MAX + 1];
    if ((value->kind != PDF_INTEGER && value->kind != PDF_REAL) || value->raw.size > DIGITS_MAX)
        return false;
    memcpy(digits, value->raw.data, value->raw.size);
    digits[value->raw.size] = '\0';
    *ret_number = strtod(digits, NULL);
    return isfinite(*ret_number);
}

bool pdf_rectangle_read(struct pdf_document *document, size_t as_of, const struct pdf_value *value,
                        struct pdf_rectangle *ret_rectangle)
{
    struct pdf_value array = *value, item;
    struct error ignored = {0};
    double number[4];
    size_t count = 0;
    if (!pdf_resolve(document, as_of, &array, &ignored) || array.kind != PDF_ARRAY)
        return false;
    for (struct pdf_cursor inside = pdf_inside(&array); pdf_next_item(&inside, &item); count++)
        if (count == 4 || !pdf_resolve(document, as_of, &item, &ignored)
            || !read_number(&item, &number[count]))
            return false;
    if (count != 4)
        return false;
    *ret_rectangle = (struct pdf_rectangle){smaller(number[0], number[2]), smaller(number[1], number[3]),
                                            larger(number[0], number[2]), larger(number[1], number[3])};
    return true;
}

/* The nearest box of that name, of the page or of a node above it. */
static bool inherited_box(struct pdf_document *document, size_t as_of, uint32_t page, const char *key,
                          struct pdf_rectangle *ret_box)
{
    struct pdf_object node;
    struct error ignored = {0};
    for (unsigned depth = 0; depth < PDF_TREE_DEPTH_MAX; depth++) {
        if (!pdf_object_find(document, page, as_of, &node, &ignored))
            return false;
        struct pdf_value box = pdf_get(&node.value, key), parent = pdf_get(&node.value, "Parent");
        if (pdf_rectangle_read(document, as_of, &box, ret_box))
            return true;
        if (parent.kind != PDF_REFERENCE)
            return false;
        page = parent.object;
    }
    return false;
}

struct pdf_rectangle pdf_page_box(struct pdf_document *document, size_t as_of, uint32_t page)
{
    struct pdf_rectangle media = a4, crop;
    if (page == 0 || !inherited_box(document, as_of, page, "MediaBox", &media))
        return a4;
    if (!inherited_box(document, as_of, page, "CropBox", &crop))
        return media;
    crop = pdf_rectangle_common(&crop, &media);
    return pdf_rectangle_area(&crop) > 0 ? crop : media;
}

double pdf_rectangle_area(const struct pdf_rectangle *rectangle)
{
    double width = rectangle->right - rectangle->left, height = rectangle->top - rectangle->bottom;
    return width > 0 && height > 0 ? width * height : 0;
}

struct pdf_rectangle pdf_rectangle_common(const struct pdf_rectangle *a, const struct pdf_rectangle *b)
{
    return (struct pdf_rectangle){larger(a->left, b->left), larger(a->bottom, b->bottom),
                                  smaller(a->right, b->right), smaller(a->top, b->top)};
}

double pdf_faces_add(struct pdf_faces *faces, uint32_t page, double area)
{
    for (size_t i = 0; i < faces->count; i++)
        if (faces->pages[i].page == page)
            return faces->pages[i].area += area;
    if (faces->count == PDF_FACES_MAX)
        return -1;
    if ((faces->count & (faces->count - 1)) == 0) { /* 0, 1, 2, 4 …: full */
        void *grown = realloc(faces->pages, (faces->count ? 2 * faces->count : 1) * sizeof(*faces->pages));
        if (!grown)
            return -1;
        faces->pages = grown;
    }
    faces->pages[faces->count++] = (struct pdf_covered){page, area};
    return area;
}

void pdf_faces_clear(struct pdf_faces *faces)
{
    free_clear(&faces->pages);
    faces->count = 0;
}
