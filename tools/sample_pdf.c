#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "tools/sample_pdf.h"

static const char help[] =
    "sample-pdf: makes the PDF of an administrative result, to show and test with.\n"
    "\n"
    "    sample-pdf [--number 127/GP-SNV] [--date 2026-11-21] [--holder NAME] [--pages N] [--bytes SIZE] "
    "[--force] -o OUT.pdf\n"
    "\n"
    "One A4 page unless --pages says more. --bytes (with K, M or G) makes the file about that long with "
    "noise that no page\n"
    "shows. The day is today unless --date says otherwise; the same arguments give the same bytes.\n"
    "\n"
    "    sample-pdf --bytes 1G -o /tmp/large.pdf\n";

enum { PAGES_MAX = 100000 };
static const uint64_t bytes_max =
    UINT64_C(9999999999); /* offsets in a cross-reference table have ten digits */

enum { EXIT_USAGE = 64 };

struct request {
    struct sample sample;
    uint64_t bytes;
    const char *out;
    bool force;
};

static bool usage(const char *message, const char *what)
{
    fprintf(stderr, "sample-pdf: %s: %s\nSee: sample-pdf --help\n", what, message);
    return false;
}

/* "512", "64K", "100M", "1G" */
static bool size_read(const char *text, uint64_t *ret_size)
{
    static const struct {
        const char *suffix;
        uint64_t factor;
    } units[] = {{"", 1}, {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}};
    char *end = NULL;
    uint64_t value = strtoull(text, &end, 10);
    if (end == text || *text == '-')
        return false;
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        if (strcmp(end, units[i].suffix) == 0 && value <= bytes_max / units[i].factor) {
            *ret_size = value * units[i].factor;
            return true;
        }
    }
    return false;
}

static bool option_read(int option, const char *value, struct request *request)
{
    uint64_t pages = 0;
    switch (option) {
    case 'n':
        request->sample.number = value;
        return text_is_utf8(value, strlen(value)) || usage("the number is not UTF-8", value);
    case 'h':
        request->sample.holder = value;
        return text_is_utf8(value, strlen(value)) || usage("the holder is not UTF-8", value);
    case 'd':
        return clock_read(value, &request->sample.date_ms) || usage("the date is not like 2026-11-21", value);
    case 'p':
        if (!size_read(value, &pages) || pages < 1 || pages > PAGES_MAX)
            return usage("the number of pages is not between 1 and 100000", value);
        request->sample.pages = (unsigned)pages;
        return true;
    case 'b':
        return size_read(value, &request->bytes) || usage("the size is not like 64K, 100M or 1G", value);
    case 'o':
        request->out = value;
        return true;
    case 'f':
        request->force = true;
        return true;
    default:
        fputs("See: sample-pdf --help\n", stderr);
        return false;
    }
}

static bool request_read(int count, char **words, struct request *ret_request)
{
    static const struct option options[] = {
        {"number", required_argument, NULL, 'n'},
        {"date", required_argument, NULL, 'd'},
        {"holder", required_argument, NULL, 'h'},
        {"pages", required_argument, NULL, 'p'},
        {"bytes", required_argument, NULL, 'b'},
        {"force", no_argument, NULL, 'f'},
        {"output", required_argument, NULL, 'o'},
        {"help", no_argument, NULL, '?' + 1},
        {NULL, 0, NULL, 0},
    };
    for (int option; (option = getopt_long(count, words, "o:", options, NULL)) != -1;) {
        if (option == '?' + 1) {
            fputs(help, stdout);
            exit(0);
        }
        if (!option_read(option, optarg, ret_request))
            return false;
    }
    if (optind < count)
        return usage("this argument is one too many", words[optind]);
    return ret_request->out ? true : usage("say where the PDF goes", "-o");
}

static void out_file_clear(struct out_file *file)
{
    out_file_close(file);
}

static bool make(const struct request *request, struct error *err)
{
    struct buffer pdf CLEANUP(buffer_clear) = {0};
    struct out_file file CLEANUP(out_file_clear) = {.fd = -1};
    if (!sample_draw(&request->sample, &pdf, err) || !out_file_open(request->out, request->force, &file, err))
        return false;
    struct sink sink = sink_fd(file.fd);
    return sample_write(buffer_span(&pdf), request->bytes, &sink, err) && out_file_commit(&file, err);
}

/* Midnight in Vietnam: a document bears a day, not an hour. */
static int64_t today_ms(void)
{
    const int64_t day = 86400000, vietnam = 7 * 3600000;
    return (clock_now_ms(&clock_system) + vietnam) / day * day - vietnam;
}

int main(int count, char **words)
{
    struct request request = {
        .sample = {.number = "127/GP-SNV",
                   .holder = "Công ty TNHH Một thành viên Việc làm Mẫu",
                   .date_ms = today_ms(),
                   .pages = 1},
    };
    if (!request_read(count, words, &request))
        return EXIT_USAGE;

    struct error err = {0};
    int code = 0;
    if (!make(&request, &err)) {
        char line[512];
        fprintf(stderr, "sample-pdf: %s\n", error_sentence(&err, LANGUAGE_EN, sizeof(line), line));
        code = error_meaning(err.code)->exit_code;
    }
    _exit(code); /* pango's own thread may hold fonts yet: to give them back would race with it */
}
