#include "base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { VIETNAM_OFFSET_S = 7 * 3600 };

const struct clock clock_system = {0};

int64_t clock_now_ms(const struct clock *clock)
{
    if (clock->fixed_ms)
        return clock->fixed_ms;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t clock_monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void format_time(int64_t ms, int offset, const char *format, char *ret_text)
{
    time_t seconds = (time_t)((ms >= 0 ? ms : ms - 999) / 1000 + offset);
    struct tm parts;
    gmtime_r(&seconds, &parts);
    if (strftime(ret_text, CLOCK_TEXT_SIZE, format, &parts) == 0)
        ret_text[0] = '\0';
}

void clock_iso_vietnam(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE])
{
    format_time(ms, VIETNAM_OFFSET_S, "%Y-%m-%dT%H:%M:%S+07:00", ret_text);
}

void clock_iso_utc(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE])
{
    format_time(ms, 0, "%Y-%m-%dT%H:%M:%SZ", ret_text);
}

void clock_person(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE])
{
    format_time(ms, VIETNAM_OFFSET_S, "%d/%m/%Y %H:%M", ret_text);
}

void clock_edxml(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE])
{
    format_time(ms, VIETNAM_OFFSET_S, "%Y/%m/%d %H:%M:%S", ret_text);
}

void clock_pdf(int64_t ms, char ret_text[static CLOCK_TEXT_SIZE])
{
    format_time(ms, VIETNAM_OFFSET_S, "D:%Y%m%d%H%M%S+07'00'", ret_text);
}

static bool in_calendar(const struct tm *wanted, time_t seconds)
{
    struct tm back;
    gmtime_r(&seconds, &back); /* 31/02 comes back as 03/03 */
    return back.tm_year == wanted->tm_year && back.tm_mon == wanted->tm_mon
           && back.tm_mday == wanted->tm_mday;
}

/* RFC 3339, 5.6: "Z", "+07:00" */
static bool zone_read(const char **at, long *ret_offset)
{
    static const char digits[] = "0123456789";
    const char *zone = *at;
    if (strcmp(zone, "Z") == 0) {
        *ret_offset = 0;
        *at += 1;
        return true;
    }
    if ((zone[0] != '+' && zone[0] != '-') || strspn(zone + 1, digits) != 2 || zone[3] != ':'
        || strspn(zone + 4, digits) != 2)
        return false;
    long hours = strtol(zone + 1, NULL, 10), minutes = strtol(zone + 4, NULL, 10);
    if (hours > 14 || minutes > 59)
        return false;
    *ret_offset = (zone[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    *at += strlen("+07:00");
    return true;
}

bool clock_read(const char *text, int64_t *ret_ms)
{
    struct tm parts = {0};
    const char *rest = strptime(text, "%Y-%m-%d", &parts);
    long offset = VIETNAM_OFFSET_S;
    if (rest && *rest == 'T') {
        rest = strptime(rest + 1, "%H:%M:%S", &parts);
        if (!rest || !zone_read(&rest, &offset))
            return false;
    }
    if (!rest || *rest)
        return false;
    struct tm wanted = parts;
    time_t seconds = timegm(&parts);
    if (!in_calendar(&wanted, seconds))
        return false;
    *ret_ms = ((int64_t)seconds - offset) * 1000;
    return true;
}
