#include "tests/check.h"

#include "tests/pades_form.h"

/* Object 6 is the signature, 5 its field. */
static struct pdf_plan form_plan(const char *signature, const char *field)
{
    return (struct pdf_plan){
        .objects = {[1] = FORM_CATALOG(""),
                    [2] = "<</Type /Pages /Kids [3 0 R] /Count 1>>",
                    [3] = FORM_PAGE(""),
                    [4] = "<</Length 7>>\nstream\nq q Q Q\nendstream",
                    [5] = field,
                    [6] = signature,
                    [7] = FORM_FIELDS("", ""),
                    [8] = FORM_NAME("An", "12 0 R"),
                    [9] = FORM_TICK("/Off"),
                    [10] = FORM_WAITING(""),
                    [11] = FORM_SUM("100", "16 0 R"),
                    [12] = FORM_STREAM("q (1) Q"),
                    [13] = FORM_STREAM("q (2) Q"),
                    [14] = FORM_STREAM("q (3) Q"),
                    [15] = "<</Type /Font /Subtype /Type1 /BaseFont /Times-Roman>>",
                    [16] = FORM_STREAM("q (4) Q"),
                    [17] = "<</Producer (a)>>",
                    [18] = "<</Type /Metadata /Subtype /XML /Length 37>>\nstream\n"
                           "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"/>\nendstream",
                    [19] = "<</Type /Annot /Subtype /Text /Rect [9 9 9 9] /Contents (x)>>"},
        .trailer = "/Info 17 0 R"};
}

void form_make(const struct form_row *row, struct buffer *ret_pdf)
{
    struct buffer signature CLEANUP(buffer_clear) = {0}, field CLEANUP(buffer_clear) = {0};
    buffer_format(&signature,
                  "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (D:2025) "
                  "/ByteRange " CRAFT_RANGE " %s /Contents <" CRAFT_DIGITS ">>>",
                  row->limits ? row->limits : "");
    buffer_format(&field, FORM_SIGNED("%s"), row->lock ? row->lock : "");
    struct pdf_plan plan = form_plan(buffer_string(&signature), buffer_string(&field));
    for (size_t n = 0; n < PDF_MAKE_OBJECTS; n++)
        if (row->base.objects[n])
            plan.objects[n] = row->base.objects[n];
    pdf_make(&plan, ret_pdf);
    craft_sign(&world.leader, ret_pdf);
}

static bool is_as_said(const struct form_row *row, const struct verdict *verdict)
{
    size_t count = row->signs ? 2 : 1;
    if (verdict->count != count || verdict->revision_count != 2 || verdict->first_revision != 1
        || verdict->revisions[1].changes != row->kinds || verdict->revisions[1].reason.text != row->refused)
        return false;
    const struct finding *first = &verdict->findings[0];
    if (!row->refused)
        return verdict_overall(verdict) == TOTAL_PASSED && verdict->changed_after_signing == row->changed;
    return first->indication == TOTAL_FAILED && first->sub == SUB_FORMAT_FAILURE
           && first->reasons[0].text == row->refused && verdict->changed_after_signing == CHANGED_YES
           && (!row->signs || verdict->findings[1].indication == TOTAL_PASSED);
}

static void check_one(const struct form_row *row)
{
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    form_make(row, &pdf);
    check_row(passes(buffer_span(&pdf), CHANGED_NO), row->sentence); /* the untouched twin */
    struct pdf_plan update = row->update;
    if (!update.trailer)
        update.trailer = "/Info 17 0 R";
    pdf_make_update(&update, &pdf);
    if (row->signs)
        craft_sign(&world.agency, &pdf);
    check(buffer_span(&pdf), &verdict);
    bool as_said = is_as_said(row, &verdict);
    if (!as_said && verdict.revision_count > 1)
        print_error("kinds %#x, %s, changed %d\n", verdict.revisions[1].changes,
                    verdict.revisions[1].reason.text ? verdict.revisions[1].reason.text->name : "allowed",
                    verdict.changed_after_signing);
    check_row(as_said, row->sentence);
}

void form_check(const struct form_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++)
        check_one(&rows[i]);
}
