#include "signer/pdf_fields.h"

#include <stdlib.h>

#include "base/base_text.h"

struct making {
    struct pdf_document *document;
    size_t as_of;
    struct pdf_fields *fields;
};

/* Room for one more of `count` things; 0, 1, 2, 4 …: full. */
static bool grow(void *array, size_t count, size_t size, struct error *err)
{
    void **at = array, *grown;
    if ((count & (count - 1)) != 0)
        return true;
    grown = realloc(*at, (count ? 2 * count : 1) * size);
    if (!grown)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    *at = grown;
    return true;
}

static bool add_part(struct pdf_fields *fields, uint32_t number, struct error *err)
{
    if (!grow(&fields->parts, fields->part_count, sizeof(*fields->parts), err))
        return false;
    fields->parts[fields->part_count++] = (struct pdf_part){number, (uint32_t)fields->count - 1};
    return true;
}

static bool add_field(void *context, const struct pdf_field *field, struct error *err)
{
    struct making *making = context;
    struct pdf_fields *fields = making->fields;
    struct pdf_value kids, kid;
    if (pdf_is_name(&field->type, "Sig"))
        return true;
    if (!grow(&fields->all, fields->count, sizeof(*fields->all), err)
        || !pdf_follow(making->document, making->as_of, &field->object.value, "Kids", &kids, err))
        return false;
    struct pdf_fillable *added = &fields->all[fields->count++];
    *added = (struct pdf_fillable){.number = field->object.number};
    memcpy(added->name, field->name, sizeof(added->name));
    if (!add_part(fields, field->object.number, err))
        return false;
    for (struct pdf_cursor inside = pdf_inside(&kids); pdf_next_item(&inside, &kid);)
        if (kid.kind == PDF_REFERENCE && !add_part(fields, kid.object, err))
            return false;
    return true;
}

static int by_number(const void *a, const void *b)
{
    const struct pdf_part *left = a, *right = b;
    return left->number < right->number ? -1 : left->number > right->number;
}

bool pdf_fields_make(struct pdf_document *document, size_t as_of, struct pdf_fields *ret_fields,
                     struct error *err)
{
    struct pdf_fields fields CLEANUP(pdf_fields_clear) = {.made = true};
    struct making making = {document, as_of, &fields};
    if (!pdf_form_walk(document, as_of, add_field, &making, err))
        return false;
    if (fields.part_count)
        qsort(fields.parts, fields.part_count, sizeof(*fields.parts), by_number);
    *ret_fields = fields;
    fields = (struct pdf_fields){0};
    return true;
}

struct pdf_fillable *pdf_fields_find(const struct pdf_fields *fields, uint32_t number)
{
    struct pdf_part key = {.number = number};
    struct pdf_part *part = fields->part_count ? bsearch(&key, fields->parts, fields->part_count,
                                                         sizeof(*fields->parts), by_number)
                                               : NULL;
    if (!part || (part > fields->parts && part[-1].number == number)
        || (part + 1 < fields->parts + fields->part_count && part[1].number == number))
        return NULL;
    return &fields->all[part->field];
}

void pdf_fields_clear(struct pdf_fields *fields)
{
    free_clear(&fields->all);
    free_clear(&fields->parts);
    *fields = (struct pdf_fields){0};
}
