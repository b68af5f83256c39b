/* vanthu serve: the server. */
#include <stdio.h>

#include "command/command.h"
#include "service/service_settings.h"
#include "service/supervisor.h"

struct serve_options {
    const char *config;
    bool check;
};

static const struct option options[] = {
    {"--config", OPTION_TEXT, true, offsetof(struct serve_options, config), "FILE", "the configuration file"},
    {"--check", OPTION_SWITCH, false, offsetof(struct serve_options, check), NULL,
     "print what is in force and where it comes from, then end"},
};

static const char manual[] =
    "One process watches over the others and starts them anew: a keeper for the tokens, the\n"
    "service, and through it the checkers that look at documents. SIGHUP reads the file\n"
    "again, TERM ends everything in order.\n"
    "\n"
    "Examples:\n"
    "  vanthu serve --config /etc/vanthu/vanthu.conf --check\n"
    "  vanthu serve --config /etc/vanthu/vanthu.conf\n"
    "\n"
    "Settings:\n";

static int run(const void *given, const char *const *operands, size_t count)
{
    (void)operands, (void)count;
    const struct serve_options *asked = given;
    struct error err = {0};
    if (!asked->check)
        return supervisor_run(asked->config, &err) ? EXIT_YES : command_fail(&err, false);
    struct service_settings settings CLEANUP(service_settings_clear) = {0};
    if (!service_settings_read(asked->config, &settings, &err))
        return command_fail(&err, false);
    struct buffer text CLEANUP(buffer_clear) = {0};
    settings_print(settings.all, &text);
    fputs(buffer_string(&text), stdout);
    return EXIT_YES;
}

/* The manual ends with the settings' own table. */
static void print_settings(void)
{
    struct buffer text CLEANUP(buffer_clear) = {0};
    service_settings_manual(&text);
    fputs(buffer_string(&text), stdout);
}

const struct command command_serve = {
    .name = "serve",
    .usage = "--config FILE [--check]",
    .vi = "Chạy máy chủ ký số và liên thông",
    .en = "Runs the server",
    .manual = manual,
    .after = print_settings,
    .options = options,
    .option_count = COUNT_OF(options),
    .size = sizeof(struct serve_options),
    .least = 0,
    .most = 0,
    .run = run,
};
