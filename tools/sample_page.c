#include <cairo-pdf.h>
#include <pango/pangocairo.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "tools/sample_pdf.h"

/* Decree 30/2020/NĐ-CP, Appendix I, part I: A4, 20-25 mm above and below, 30-35 mm left, 15-20 mm right. Points. */
#define MM (72.0 / 25.4)
static const double page_width = 210 * MM, page_height = 297 * MM;
static const double top = 20 * MM, left = 30 * MM, right = 210 * MM - 15 * MM, bottom = 297 * MM - 20 * MM;
static const double agency_width = 66 * MM; /* what the left column of the heading takes */
static const double indent = 10 * MM;       /* first lines stand in by 1 or 1.27 cm */

#define FONT "Tinos" /* the metric twin of Times New Roman, which the decree names; knows Vietnamese */

struct page {
    cairo_t *cairo;
    double y; /* where the next line goes */
};

struct column {
    double x, width;
};

static const struct column agency_column = {30 * MM, 66 * MM}, nation_column = {96 * MM, 99 * MM},
                           whole_page = {30 * MM, 165 * MM}, signer_column = {105 * MM, 90 * MM};

static void surface_clear(cairo_surface_t **surface)
{
    if (*surface)
        cairo_surface_destroy(*surface);
    *surface = NULL;
}

static void cairo_clear(cairo_t **cairo)
{
    if (*cairo)
        cairo_destroy(*cairo);
    *cairo = NULL;
}

static void layout_clear(PangoLayout **layout)
{
    if (*layout)
        g_object_unref(*layout);
    *layout = NULL;
}

static PangoLayout *layout_new(cairo_t *cairo, double size, double width, PangoAlignment alignment,
                               const char *markup)
{
    PangoLayout *layout = pango_cairo_create_layout(cairo);
    pango_cairo_context_set_resolution(pango_layout_get_context(layout), 72); /* a point is a point */
    PangoFontDescription *font = pango_font_description_from_string(FONT);
    pango_font_description_set_size(font, (int)(size * PANGO_SCALE));
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    pango_layout_set_alignment(layout, alignment);
    pango_layout_set_line_spacing(layout, 1.1F);
    pango_layout_set_markup(layout, markup, -1);
    return layout;
}

/* Draws at the page's y and moves it down. */
static void put_layout(struct page *page, double x, PangoLayout *layout, double space_after)
{
    int height = 0;
    pango_layout_get_size(layout, NULL, &height);
    cairo_move_to(page->cairo, x, page->y);
    pango_cairo_show_layout(page->cairo, layout);
    page->y += (double)height / PANGO_SCALE + space_after;
}

static void put_centred(struct page *page, struct column column, double size, const char *markup)
{
    PangoLayout *layout CLEANUP(layout_clear) =
        layout_new(page->cairo, size, column.width, PANGO_ALIGN_CENTER, markup);
    put_layout(page, column.x, layout, 0);
}

static void put_paragraph(struct page *page, const char *markup)
{
    PangoLayout *layout CLEANUP(layout_clear) =
        layout_new(page->cairo, 14, right - left, PANGO_ALIGN_LEFT, markup);
    pango_layout_set_justify(layout, TRUE);
    pango_layout_set_indent(layout, (int)(indent * PANGO_SCALE));
    put_layout(page, left, layout, 6);
}

/* The rule under a heading, as long as `part` of the text above it. */
static void put_rule(struct page *page, struct column column, double size, const char *markup, double part)
{
    PangoLayout *layout CLEANUP(layout_clear) =
        layout_new(page->cairo, size, column.width, PANGO_ALIGN_CENTER, markup);
    PangoRectangle text;
    pango_layout_get_extents(layout, NULL, &text);
    double length = part * text.width / PANGO_SCALE, middle = column.x + column.width / 2;
    cairo_set_line_width(page->cairo, 0.75);
    cairo_move_to(page->cairo, middle - length / 2, page->y + 3);
    cairo_line_to(page->cairo, middle + length / 2, page->y + 3);
    cairo_stroke(page->cairo);
    page->y += 8;
}

/* Appendix I, II.1-4: the nation's name and motto, the agency's name, the number, the place and day. */
static void put_heading(struct page *page, const char *number, const struct tm *day)
{
    put_centred(page, agency_column, 12, "ỦY BAN NHÂN DÂN TỈNH MẪU");
    put_centred(page, agency_column, 12, "<b>SỞ NỘI VỤ</b>");
    put_rule(page, agency_column, 12, "<b>SỞ NỘI VỤ</b>", 0.5);
    page->y = top;
    put_centred(page, nation_column, 12, "<b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b>");
    put_centred(page, nation_column, 13, "<b>Độc lập - Tự do - Hạnh phúc</b>");
    put_rule(page, nation_column, 13, "<b>Độc lập - Tự do - Hạnh phúc</b>", 1);

    /* Days below ten and the months of January and February are written with a zero. */
    char when[64];
    snprintf(when, sizeof(when), "<i>Mẫu, ngày %02d tháng %0*d năm %d</i>", day->tm_mday,
             day->tm_mon < 2 ? 2 : 1, day->tm_mon + 1, day->tm_year + 1900);
    char *line CLEANUP(free_clear) = g_markup_printf_escaped("Số: %s", number);
    double here = page->y + 6;
    page->y = here;
    put_centred(page, agency_column, 13, line);
    page->y = here;
    put_centred(page, nation_column, 13, when);
    page->y += 16;
}

static void put_licence(struct page *page, const char *holder)
{
    static const char *const grounds[] = {
        "<i>Căn cứ chức năng, nhiệm vụ, quyền hạn và cơ cấu tổ chức của Sở Nội vụ tỉnh Mẫu;</i>",
        "<i>Căn cứ quy định của pháp luật về hoạt động dịch vụ việc làm;</i>",
        "<i>Xét hồ sơ đề nghị cấp giấy phép và đề nghị của Trưởng phòng Việc làm.</i>",
    };
    char *given CLEANUP(free_clear) = g_markup_printf_escaped(
        "<b>Điều 1.</b> Cấp giấy phép hoạt động dịch vụ việc làm cho: <b>%s</b>.", holder);

    put_centred(page, whole_page, 14, "<b>GIẤY PHÉP</b>");
    put_centred(page, whole_page, 14, "<b>Hoạt động dịch vụ việc làm</b>");
    put_rule(page, whole_page, 14, "<b>Hoạt động dịch vụ việc làm</b>", 0.4);
    page->y += 8;
    put_centred(page, whole_page, 14, "<b>GIÁM ĐỐC SỞ NỘI VỤ TỈNH MẪU</b>");
    page->y += 8;
    for (size_t i = 0; i < COUNT_OF(grounds); i++)
        put_paragraph(page, grounds[i]);
    page->y += 4;
    put_centred(page, whole_page, 14, "<b>CẤP PHÉP:</b>");
    page->y += 4;
    put_paragraph(page, given);
    put_paragraph(page, "Địa chỉ trụ sở chính: số 12 đường Hòa Bình, phường Trung Tâm, tỉnh Mẫu.");
    put_paragraph(
        page,
        "<b>Điều 2.</b> Giấy phép có thời hạn 60 tháng, kể từ ngày ký. Doanh nghiệp phải thực hiện đúng "
        "nội dung giấy phép và các quy định của pháp luật có liên quan.");
    put_paragraph(
        page,
        "<b>Điều 3.</b> Giấy phép này có hiệu lực kể từ ngày ký. Đây là tài liệu mẫu, dùng để thử phần mềm "
        "và không có giá trị pháp lý./.");
}

/* Appendix I, II.7 and 9: who receives it on the left, who signs it on the right. */
static void put_signing(struct page *page)
{
    page->y += 10;
    double here = page->y;
    PangoLayout *places CLEANUP(layout_clear) =
        layout_new(page->cairo, 11, agency_width, PANGO_ALIGN_LEFT,
                   "<span size='12pt'><b><i>Nơi nhận:</i></b></span>\n- Như Điều 1;\n- Ủy ban nhân dân tỉnh "
                   "(để báo cáo);\n"
                   "- Cổng dịch vụ công;\n- Lưu: VT, VL.");
    put_layout(page, left, places, 0);
    page->y = here;
    put_centred(page, signer_column, 14, "<b>GIÁM ĐỐC</b>");
    page->y += 28 * MM; /* the leader's signature and the agency's stand here */
    put_centred(page, signer_column, 14, "<b>Nguyễn Văn Mẫu</b>");
}

/* A further page: the register that makes the document as long as wanted. */
static void put_annex(struct page *page, unsigned number)
{
    enum { ROWS = 30 };
    char line[256];
    snprintf(line, sizeof(line), "%u", number);
    page->y =
        10 * MM; /* Appendix I, I.7: pages are numbered from the second, in the middle of the upper margin */
    put_centred(page, whole_page, 13, line);
    page->y = top;
    put_centred(page, whole_page, 14, "<b>Phụ lục</b>");
    put_centred(page, whole_page, 14, "<b>DANH SÁCH ĐỊA ĐIỂM HOẠT ĐỘNG</b>");
    page->y += 8;
    for (unsigned row = 1; row <= ROWS && page->y < bottom; row++) {
        unsigned place = (number - 2) * ROWS + row;
        snprintf(line, sizeof(line), "%u. Điểm giao dịch số %u, phường Mẫu %u, tỉnh Mẫu;", place, place,
                 place % 99 + 1);
        PangoLayout *layout CLEANUP(layout_clear) =
            layout_new(page->cairo, 13, right - left, PANGO_ALIGN_LEFT, line);
        put_layout(page, left, layout, 4);
    }
}

static cairo_status_t into_buffer(void *closure, const unsigned char *data, unsigned length)
{
    struct buffer *pdf = closure;
    buffer_append(pdf, span_of(data, length));
    return pdf->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

static void say_who(cairo_surface_t *surface, const struct sample *sample)
{
    char *title CLEANUP(free_clear) = NULL;
    char when[CLOCK_TEXT_SIZE];
    clock_iso_vietnam(sample->date_ms, when);
    if (asprintf(&title, "Giấy phép hoạt động dịch vụ việc làm số %s", sample->number) < 0)
        title = NULL;
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, title ? title : "");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, "Sở Nội vụ tỉnh Mẫu");
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, when);
}

bool sample_draw(const struct sample *sample, struct buffer *ret_pdf, struct error *err)
{
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    cairo_surface_t *surface CLEANUP(surface_clear) =
        cairo_pdf_surface_create_for_stream(into_buffer, &pdf, page_width, page_height);
    cairo_t *cairo CLEANUP(cairo_clear) = cairo_create(surface);
    say_who(surface, sample);

    enum { VIETNAM_SECONDS = 7 * 3600 };
    time_t seconds = (time_t)(sample->date_ms / 1000) + VIETNAM_SECONDS;
    struct tm day;
    gmtime_r(&seconds, &day);
    struct page page = {.cairo = cairo, .y = top};
    put_heading(&page, sample->number, &day);
    put_licence(&page, sample->holder);
    put_signing(&page);
    for (unsigned number = 2; number <= sample->pages; number++) {
        cairo_show_page(cairo);
        put_annex(&page, number);
    }
    cairo_show_page(cairo);

    cairo_surface_finish(surface);
    if (cairo_status(cairo) != CAIRO_STATUS_SUCCESS
        || cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
        fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
        return error_cause(err, "cairo: %s", cairo_status_to_string(cairo_surface_status(surface)));
    }
    *ret_pdf = pdf;
    pdf = (struct buffer){0};
    return true;
}
