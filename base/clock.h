/* The time, from a clock that can be set: tests travel, the program does not. Stored times are UTC; what people see is
 * Vietnam time (UTC+7, no daylight saving). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/own.h"

struct clock {
    int64_t fixed_ms; /* milliseconds since 1970 UTC; 0 means: ask the system */
};

extern const struct clock clock_system;

/* Milliseconds since 1970-01-01T00:00:00Z. */
int64_t clock_now_ms(const struct clock *clock);
/* Milliseconds that only grow: for deadlines. Not settable. */
int64_t clock_monotonic_ms(void);

enum { CLOCK_TEXT_SIZE = 32 };

/* "2025-03-14T10:05:00+07:00" (ISO 8601, Vietnam) */
void clock_iso_vietnam(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE]);
/* "2025-03-14T03:05:00Z" (RFC 3339, UTC) */
void clock_iso_utc(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE]);
/* "14/03/2025 10:05" for people */
void clock_person(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE]);
/* "2025/03/14 10:05:00": edXML timestamps, Vietnam time without zone */
void clock_edxml(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE]);
/* "D:20250314100500+07'00'" (ISO 32000-1, 7.9.4) */
void clock_pdf(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE]);
/* Reads RFC 3339 ("2025-03-14T10:05:00+07:00", "…Z") or a date alone ("2025-03-14": midnight in Vietnam). */
bool clock_read(const char *text, int64_t *ret_ms) MUST_USE;
