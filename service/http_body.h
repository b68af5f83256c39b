/* How http.c fills the bodies that http.h hands to handlers. */
#pragma once

#include "base/base_text.h"
#include "service/http.h"

bool http_body_add(struct http_body *body, const char *spool, struct span piece, struct error *err) MUST_USE;
void http_body_clear(struct http_body *body);
void http_part_clear(struct http_part *part);
