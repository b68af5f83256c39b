/* vanthu verify: a verdict for every signature of every file. */
#include <stdio.h>

#include "base/json.h"
#include "command/command.h"
#include "command/command_text.h"
#include "signer/checker.h"
#include "signer/policy.h"
#include "signer/report.h"

struct verify_options {
    struct option_list trust;
    const char *at, *report;
    bool json, english;
};

static const struct option options[] = {
    {"--trust", OPTION_LIST, false, offsetof(struct verify_options, trust), "FILE|DIR",
     "anchors (and CRLs) in PEM or DER; may be repeated"},
    {"--at", OPTION_TEXT, false, offsetof(struct verify_options, at), "TIME",
     "judge as of then: 2025-03-14T10:05:00+07:00; default now"},
    {"--report", OPTION_TEXT, false, offsetof(struct verify_options, report), "KIND",
     "simple: one screen (default); detailed: the tree of checks; etsi: XML of ETSI TS 119 102-2"},
    {"--english", OPTION_SWITCH, false, offsetof(struct verify_options, english), NULL,
     "the report in English"},
    {"--json", OPTION_SWITCH, false, offsetof(struct verify_options, json), NULL,
     "one JSON object a file, one a line"},
};

static const char manual[] =
    "The files are looked at in a process of its own that can open nothing else.\n"
    "No root is shipped: without --trust every chain ends at an unknown authority.\n"
    "Changes after signing that are not simply one more signature are never passed.\n"
    "\n"
    "Exit codes: 0 every signature of every file is TOTAL-PASSED, 1 one is TOTAL-FAILED,\n"
    "2 nothing certain can be said (no signature at all too), 65 not a PDF, XML, CMS or\n"
    "ZIP file, 66 no such file.\n"
    "\n"
    "Examples:\n"
    "  vanthu verify --trust root.crt quyet-dinh.pdf\n"
    "  vanthu verify --trust /etc/vanthu/anchors --json *.pdf *.xml\n"
    "  vanthu verify --trust root.crt --at 2025-03-14 cong-van.pdf\n";

enum { FILE_MAX_GB = 64 };

enum report_kind { REPORT_SIMPLE, REPORT_DETAILED, REPORT_ETSI, REPORT_KINDS };

/* REPORT_KINDS for a word that names none. */
static enum report_kind report_kind(const struct verify_options *asked)
{
    static const char *const words[] = {"simple", "detailed", "etsi"};
    enum report_kind kind = REPORT_SIMPLE;
    while (asked->report && kind < REPORT_KINDS && strcmp(asked->report, words[kind]) != 0)
        kind++;
    return kind;
}

/* What stands after some files: no beats a failure to look, which beats unsure, which beats yes. */
static int worse(int so_far, int now)
{
    if (so_far == EXIT_NO || now == EXIT_NO)
        return EXIT_NO;
    if (so_far >= EXIT_USAGE || now >= EXIT_USAGE)
        return so_far >= EXIT_USAGE ? so_far : now;
    return so_far == EXIT_UNSURE ? so_far : now;
}

static void print_json(json_t *value)
{
    struct buffer line CLEANUP(buffer_clear) = {0};
    json_write(value, &line);
    json_decref(value);
    printf("%s\n", buffer_string(&line));
    fflush(stdout);
}

static int say_error(const struct verify_options *asked, const char *path, const struct error *err)
{
    if (asked->json)
        print_json(report_error_json(path, err));
    fprintf(stderr, "%s:\n", path);
    return command_fail(err, false);
}

static void print_report(const struct verify_options *asked, const struct source *document, int64_t at_ms,
                         const char *path, const struct verdict *verdict)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    enum language language = asked->english ? LANGUAGE_EN : LANGUAGE_VI;
    if (report_kind(asked) == REPORT_ETSI) {
        const struct report_about about = {.file = path,
                                           .digest = digest_of(DIGEST_SHA256, document->bytes),
                                           .at_ms = at_ms,
                                           .policy = policy_default()->name};
        report_etsi(&about, verdict, &text);
    } else if (report_kind(asked) == REPORT_DETAILED) {
        report_detailed(path, verdict, language, &text);
    } else {
        report_simple(path, verdict, language, &text);
    }
    fputs(buffer_string(&text), stdout);
}

static int verify_file(const struct verify_options *asked, struct checker_pool *pool, int64_t at_ms,
                       const char *path)
{
    static const int exits[] = {
        [INDETERMINATE] = EXIT_UNSURE, [TOTAL_PASSED] = EXIT_YES, [TOTAL_FAILED] = EXIT_NO};
    struct source document CLEANUP(source_close) = {.fd = -1};
    struct verdict verdict CLEANUP(verdict_clear) = {0};
    struct error err = {0};
    if (!source_open(path, NULL, (uint64_t)FILE_MAX_GB << 30, &document, &err)
        || !checker_check(pool, &(struct checker_job){.document = &document, .at_ms = at_ms}, &verdict, &err))
        return say_error(asked, path, &err);
    if (asked->json)
        print_json(report_json(path, &verdict));
    else
        print_report(asked, &document, at_ms, path, &verdict);
    return exits[verdict_overall(&verdict)];
}

static int run(const void *options_given, const char *const *files, size_t count)
{
    const struct verify_options *asked = options_given;
    struct trust *trust CLEANUP(trust_free) = NULL;
    struct checker_pool *pool CLEANUP(checker_pool_close) = NULL;
    struct error err = {0};
    int64_t at_ms = clock_now_ms(&clock_system);
    if (asked->at && !clock_read(asked->at, &at_ms))
        return command_usage(&command_verify, &TEXT_USAGE_TIME, "--at", asked->at);
    if (report_kind(asked) == REPORT_KINDS)
        return command_usage(&command_verify, &TEXT_USAGE_VALUE, "--report", asked->report);
    /* before anything else is done: see the settings */
    if (!checker_pool_open(&(struct checker_settings){.count = 1, .copies = true}, &pool, &err)
        || !trust_load(asked->trust.items, asked->trust.count, &trust, &err))
        return command_fail(&err, asked->json);
    checker_pool_trust(pool, trust);
    int result = EXIT_YES;
    struct progress progress = progress_start("verify");
    for (size_t i = 0; i < count; i++) {
        progress_show(&progress, i, count);
        int now = verify_file(asked, pool, at_ms, files[i]);
        result = i == 0 ? now : worse(result, now);
    }
    progress_end(&progress);
    return result;
}

const struct command command_verify = {
    .name = "verify",
    .usage = "[--trust FILE|DIR]… [--at TIME] [--json] FILE…",
    .vi = "Kiểm tra chữ ký số của tệp PDF, XML",
    .en = "Checks the signatures of PDF and XML files",
    .manual = manual,
    .options = options,
    .option_count = COUNT_OF(options),
    .size = sizeof(struct verify_options),
    .least = 1,
    .most = SIZE_MAX,
    .run = run,
};
