/* The simple report as PDF, for files and for paper: Vietnamese first, English below. */
#include <stdio.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "signer/drawing.h"
#include "signer/report.h"
#include "signer/report_text.h"

#define MM (72.0 / 25.4)
static const double page_width = 210 * MM, page_height = 297 * MM, margin = 20 * MM;
enum {
    SIZE_TEXT = 11,
    SIZE_SMALL = 9,
    SIZE_TITLE = 16,
    SIZE_LARGE = 13,
    SPACE_POINTS = 6 /* a leading space */
};
#define FONT "Tinos" /* the metric twin of Times New Roman; knows Vietnamese */

struct sheet {
    const struct drawing *draw;
    cairo_t *cairo;
    double y;
};

struct style {
    double size;
    bool bold;
    double red, green, blue;
};
static const struct style title = {SIZE_TITLE, true, 0, 0, 0}, plain = {SIZE_TEXT, false, 0, 0, 0},
                          small = {SIZE_SMALL, false, 0.3, 0.3, 0.3};

static cairo_status_t write_piece(void *buffer, const unsigned char *piece, unsigned size)
{
    buffer_append(buffer, span_of(piece, size));
    return ((struct buffer *)buffer)->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static PangoLayout *layout_of(struct sheet *sheet, const struct style *style, double width, struct span text)
{
    const struct drawing *draw = sheet->draw;
    PangoLayout *layout = draw->pango_cairo_create_layout(sheet->cairo);
    draw->pango_cairo_context_set_resolution(draw->pango_layout_get_context(layout), 72);
    PangoFontDescription *font = draw->pango_font_description_from_string(FONT);
    draw->pango_font_description_set_size(font, (int)(style->size * PANGO_SCALE));
    draw->pango_font_description_set_weight(font, style->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    draw->pango_layout_set_font_description(layout, font);
    draw->pango_font_description_free(font);
    draw->pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    draw->pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    draw->pango_layout_set_text(layout, (const char *)text.data, (int)text.size);
    return layout;
}

/* One paragraph; its leading spaces move it to the right. What does not fit begins the next page. */
static void put(struct sheet *sheet, const struct style *style, struct span text)
{
    size_t spaces = 0;
    while (spaces < text.size && text.data[spaces] == ' ')
        spaces++;
    double x = margin + (double)spaces * SPACE_POINTS;
    int height = 0;
    PangoLayout *layout =
        layout_of(sheet, style, page_width - margin - x, span_slice(text, spaces, SIZE_MAX));
    sheet->draw->pango_layout_get_size(layout, NULL, &height);
    if (sheet->y + (double)height / PANGO_SCALE > page_height - margin) {
        sheet->draw->cairo_show_page(sheet->cairo);
        sheet->y = margin;
    }
    sheet->draw->cairo_set_source_rgb(sheet->cairo, style->red, style->green, style->blue);
    sheet->draw->cairo_move_to(sheet->cairo, x, sheet->y);
    sheet->draw->pango_cairo_show_layout(sheet->cairo, layout);
    sheet->y += (double)height / PANGO_SCALE + style->size / 3;
    sheet->draw->g_object_unref(layout);
}

static void put_rule(struct sheet *sheet)
{
    sheet->draw->cairo_set_source_rgb(sheet->cairo, 0.6, 0.6, 0.6);
    sheet->draw->cairo_set_line_width(sheet->cairo, 0.5);
    sheet->draw->cairo_move_to(sheet->cairo, margin, sheet->y + 2);
    sheet->draw->cairo_line_to(sheet->cairo, page_width - margin, sheet->y + 2);
    sheet->draw->cairo_stroke(sheet->cairo);
    sheet->y += SIZE_TEXT;
}

/* Green, red or grey, as on the page; the words say the same to whoever does not see colours. */
static struct style style_of(const struct verdict *verdict)
{
    const char *word = report_conclusion(verdict);
    if (strcmp(word, "genuine") == 0)
        return (struct style){SIZE_LARGE, true, 0.05, 0.4, 0.15};
    if (strcmp(word, "changed") == 0)
        return (struct style){SIZE_LARGE, true, 0.7, 0.05, 0.05};
    return (struct style){SIZE_LARGE, true, 0.45, 0.3, 0};
}

static void put_report(struct sheet *sheet, const struct report_about *about, const struct verdict *verdict,
                       enum language language)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    const struct style loud = style_of(verdict);
    bool first = true;
    report_simple(about->file, verdict, language, &text);
    for (struct reader r = reader_of(buffer_span(&text)); r.left.size > 0 && !r.failed; first = false)
        put(sheet, first ? &loud : &plain, read_until(&r, '\n'));
}

static void put_facts(struct sheet *sheet, const struct report_about *about)
{
    char hex[SHA256_HEX_SIZE], line[TEXT_ARG_SIZE * 4], args[TEXT_ARGS][TEXT_ARG_SIZE] = {""};
    hex_text(digest_span(&about->digest), hex);
    clock_person(about->at_ms, args[0]);
    snprintf(args[1], TEXT_ARG_SIZE, "%s", about->policy);
    put(sheet, &title, span_text(text_render(&TEXT_REPORT_TITLE, LANGUAGE_VI, args, sizeof(line), line)));
    put(sheet, &small, span_text(text_render(&TEXT_REPORT_TITLE, LANGUAGE_EN, args, sizeof(line), line)));
    put(sheet, &small, span_text(text_render(&TEXT_REPORT_CHECKED, LANGUAGE_VI, args, sizeof(line), line)));
    put(sheet, &small, span_text(text_render(&TEXT_REPORT_CHECKED, LANGUAGE_EN, args, sizeof(line), line)));
    snprintf(line, sizeof(line), "SHA-256 %s", hex);
    put(sheet, &small, span_text(line));
}

bool report_pdf(const struct report_about *about, const struct verdict *verdict, struct buffer *ret_pdf,
                struct error *err)
{
    const struct drawing *draw;
    if (!drawing_load(&draw, err))
        return false;
    cairo_surface_t *surface =
        draw->cairo_pdf_surface_create_for_stream(write_piece, ret_pdf, page_width, page_height);
    draw->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, TEXT_REPORT_TITLE.vi);
    struct sheet sheet = {draw, draw->cairo_create(surface), margin};
    put_facts(&sheet, about);
    put_rule(&sheet);
    put_report(&sheet, about, verdict, LANGUAGE_VI);
    put_rule(&sheet);
    put_report(&sheet, about, verdict, LANGUAGE_EN);
    draw->cairo_destroy(sheet.cairo);
    draw->cairo_surface_finish(surface);
    bool good = draw->cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS && !ret_pdf->failed;
    draw->cairo_surface_destroy(surface);
    return good || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}
