/* Pango and cairo, loaded when something is drawn for the first time: they bring forty libraries with them, and most
 * commands draw nothing. */
#pragma once

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include "base/error.h"

#define DRAWING_FUNCTIONS(X)                                                                                 \
    X(cairo_create)                                                                                          \
    X(cairo_destroy)                                                                                         \
    X(cairo_line_to)                                                                                         \
    X(cairo_move_to)                                                                                         \
    X(cairo_pdf_surface_create_for_stream)                                                                   \
    X(cairo_pdf_surface_set_metadata)                                                                        \
    X(cairo_set_line_width)                                                                                  \
    X(cairo_set_source_rgb)                                                                                  \
    X(cairo_show_page)                                                                                       \
    X(cairo_stroke)                                                                                          \
    X(cairo_surface_destroy)                                                                                 \
    X(cairo_surface_finish)                                                                                  \
    X(cairo_surface_status)                                                                                  \
    X(g_object_unref)                                                                                        \
    X(pango_cairo_context_set_resolution)                                                                    \
    X(pango_cairo_create_layout)                                                                             \
    X(pango_cairo_show_layout)                                                                               \
    X(pango_font_description_free)                                                                           \
    X(pango_font_description_from_string)                                                                    \
    X(pango_font_description_set_size)                                                                       \
    X(pango_font_description_set_weight)                                                                     \
    X(pango_layout_get_context)                                                                              \
    X(pango_layout_get_size)                                                                                 \
    X(pango_layout_set_font_description)                                                                     \
    X(pango_layout_set_text)                                                                                 \
    X(pango_layout_set_width)                                                                                \
    X(pango_layout_set_wrap)

struct drawing {
#define DRAWING_MEMBER(name) __typeof__(&name) name;
    DRAWING_FUNCTIONS(DRAWING_MEMBER)
#undef DRAWING_MEMBER
};

/* UNSUPPORTED where the libraries are not installed. Any thread may call. */
bool drawing_load(const struct drawing **ret_drawing, struct error *err) MUST_USE;
