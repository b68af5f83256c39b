/* vanthu package: edXML without a server. */
#include <stdio.h>
#include <string.h>

#include "base/json.h"
#include "command/command.h"
#include "command/command_text.h"
#include "exchange/package.h"

struct make_options {
    struct option_list attachments;
    const char *out;
    bool force, json;
};
struct open_options {
    const char *directory;
    bool force, json;
};
struct check_options {
    bool json;
};

static const struct option make_table[] = {
    {"-a", OPTION_LIST, false, offsetof(struct make_options, attachments), "FILE",
     "an attachment; may be repeated, order is kept"},
    {"-o", OPTION_TEXT, true, offsetof(struct make_options, out), "OUT.edxml", "the package"},
    {"--force", OPTION_SWITCH, false, offsetof(struct make_options, force), NULL,
     "replace an existing package"},
    {"--json", OPTION_SWITCH, false, offsetof(struct make_options, json), NULL, "the answer as JSON"},
};
static const struct option open_table[] = {
    {"-d", OPTION_TEXT, true, offsetof(struct open_options, directory), "DIR",
     "where header.json and the attachments go"},
    {"--force", OPTION_SWITCH, false, offsetof(struct open_options, force), NULL, "replace existing files"},
    {"--json", OPTION_SWITCH, false, offsetof(struct open_options, json), NULL, "the answer as JSON"},
};
static const struct option check_table[] = {
    {"--json", OPTION_SWITCH, false, offsetof(struct check_options, json), NULL,
     "one JSON object a deviation, one a line"},
};

static const char make_manual[] =
    "HEADER.json names sender, recipients, number, date and subject:\n"
    "  {\"from\":{\"code\":\"H99.05\",\"name\":\"Sở Nội vụ tỉnh Mẫu\"},\"to\":[{\"code\":\"H99.12\"}],\n"
    "   \"number\":\"127\",\"notation\":\"SNV-VP\",\"date\":\"2025-03-14\",\"place\":\"tỉnh Mẫu\",\n"
    "   \"type\":{\"group\":2,\"detail\":18,\"name\":\"Công văn\"},\"subject\":\"V/v …\"}\n"
    "\n"
    "Example:\n"
    "  vanthu package make header.json -a cong-van.signed.pdf -o cong-van.edxml\n";
static const char open_manual[] =
    "The attachments are decoded and unwrapped; their names never lead out of the directory.\n"
    "Nothing is written before all of the package was read.\n"
    "\n"
    "Example:\n"
    "  vanthu package open cong-van.edxml -d cong-van/\n";
static const char check_manual[] =
    "Names every deviation from what the axis writes. Exit codes: 0 clean, 1 deviations,\n"
    "65 not a package.\n"
    "\n"
    "Example:\n"
    "  vanthu package check cong-van.edxml\n";

static void report_progress(void *target, uint64_t done, uint64_t all)
{
    progress_show(target, done, all);
}

static void print_line(json_t *value)
{
    struct buffer line CLEANUP(buffer_clear) = {0};
    json_write(value, &line);
    json_decref(value);
    printf("%s\n", buffer_string(&line));
}

static bool is_input(const struct make_options *asked, const char *header)
{
    bool found = command_same_file(asked->out, header);
    for (size_t i = 0; i < asked->attachments.count; i++)
        found |= command_same_file(asked->out, asked->attachments.items[i]);
    return found;
}

static int make(const void *given, const char *const *operands, size_t count)
{
    (void)count;
    const struct make_options *asked = given;
    struct out_file out CLEANUP(out_file_close) = {.fd = -1};
    struct error err = {0};
    if (is_input(asked, operands[0]))
        return command_usage(&command_package_make, &TEXT_OUT_IS_INPUT, asked->out, NULL);
    if (!out_file_open(asked->out, asked->force, &out, &err))
        return command_fail(&err, asked->json);
    struct progress bar = progress_start("package make");
    const struct package_progress progress = {report_progress, &bar};
    struct sink sink = sink_fd(out.fd);
    bool good = package_make(operands[0], asked->attachments.items, asked->attachments.count, &clock_system,
                             &sink, &progress, &err)
                && sink_finish(&sink, &err) && out_file_commit(&out, &err);
    progress_end(&bar);
    if (!good)
        return command_fail(&err, asked->json);
    if (asked->json)
        print_line(json_pack("{s:s, s:I}", "package", asked->out, "size", (json_int_t)sink.written));
    else
        printf("%s\n", asked->out);
    return EXIT_YES;
}

static int open_package(const void *given, const char *const *operands, size_t count)
{
    (void)count;
    const struct open_options *asked = given;
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    struct progress bar = progress_start("package open");
    const struct package_progress progress = {report_progress, &bar};
    bool good = package_open_file(operands[0], asked->directory, asked->force, &progress, &package, &err);
    progress_end(&bar);
    if (!good)
        return command_fail(&err, asked->json);
    size_t size = strlen(asked->directory);
    const char *slash = size > 0 && asked->directory[size - 1] == '/' ? "" : "/";
    if (!asked->json)
        printf("%s%sheader.json\n", asked->directory, slash);
    for (size_t i = 0; i < package.attachments.count; i++) {
        const struct attachment *attachment = &package.attachments.items[i];
        if (asked->json)
            print_line(json_pack("{s:s, s:s, s:I}", "file", attachment->name, "sha256",
                                 attachment->blob.sha256, "size", (json_int_t)attachment->blob.size));
        else
            printf("%s%s%s\n", asked->directory, slash, attachment->name);
    }
    return EXIT_YES;
}

static void print_deviation(const struct deviation *deviation, bool json)
{
    char vi[512], en[512];
    deviation_sentence(deviation, LANGUAGE_VI, sizeof(vi), vi);
    deviation_sentence(deviation, LANGUAGE_EN, sizeof(en), en);
    if (json)
        print_line(json_pack("{s:s, s:s, s:s}", "rule", deviation->text->name, "vi", vi, "en", en));
    else
        printf("%s\n    %s\n", vi, en);
}

static void print_sentence(const struct text *text)
{
    printf("%s\n    %s\n", text->vi, text->en);
}

static int check(const void *given, const char *const *operands, size_t count)
{
    (void)count;
    const struct check_options *asked = given;
    struct package package CLEANUP(package_clear) = {0};
    struct error err = {0};
    struct progress bar = progress_start("package check");
    const struct package_progress progress = {report_progress, &bar};
    bool good = package_check(operands[0], &progress, &package, &err);
    progress_end(&bar);
    if (!good)
        return command_fail(&err, asked->json);
    for (size_t i = 0; i < package.deviations.count; i++)
        print_deviation(&package.deviations.items[i], asked->json);
    if (package.deviations.count == 0 && !asked->json)
        print_sentence(&TEXT_PACKAGE_CLEAN);
    return package.deviations.count ? EXIT_NO : EXIT_YES;
}

const struct command command_package_make = {
    .name = "package make",
    .usage = "HEADER.json -a FILE… -o OUT.edxml",
    .vi = "Đóng gói văn bản thành gói tin edXML",
    .en = "Puts files into an edXML package",
    .manual = make_manual,
    .options = make_table,
    .option_count = COUNT_OF(make_table),
    .size = sizeof(struct make_options),
    .least = 1,
    .most = 1,
    .run = make,
};
const struct command command_package_open = {
    .name = "package open",
    .usage = "IN.edxml -d DIR",
    .vi = "Mở gói tin edXML",
    .en = "Opens an edXML package",
    .manual = open_manual,
    .options = open_table,
    .option_count = COUNT_OF(open_table),
    .size = sizeof(struct open_options),
    .least = 1,
    .most = 1,
    .run = open_package,
};
const struct command command_package_check = {
    .name = "package check",
    .usage = "IN.edxml",
    .vi = "Kiểm tra gói tin edXML",
    .en = "Names every deviation of an edXML package",
    .manual = check_manual,
    .options = check_table,
    .option_count = COUNT_OF(check_table),
    .size = sizeof(struct check_options),
    .least = 1,
    .most = 1,
    .run = check,
};
