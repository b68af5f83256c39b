#include "command/command.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/json.h"
#include "command/command_text.h"

enum { NAMES_MAX = 32, SENTENCE_ROOM = 768, BAR_WIDTH = 30, SHOW_AFTER_MS = 2000, REDRAW_MS = 100 };

void command_help(const struct command *command)
{
    printf("%s\n%s\n\nUsage: vanthu %s %s\n\n", command->vi, command->en, command->name, command->usage);
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option *option = &command->options[i];
        char left[64];
        snprintf(left, sizeof(left), "%s %s", option->name, option->argument ? option->argument : "");
        printf("  %-26s %s%s\n", left, option->meaning, option->required ? " (required)" : "");
    }
    printf("  %-26s %s\n\n%s", "--help", "this text", command->manual);
    if (command->after)
        command->after();
}

int command_misused(const char *name, const struct text *text, const char *first, const char *second)
{
    struct error err = {0};
    char vi[SENTENCE_ROOM], en[SENTENCE_ROOM];
    error_set(&err, ERR_USAGE, text, first, second, NULL);
    error_sentence(&err, LANGUAGE_VI, sizeof(vi), vi);
    error_sentence(&err, LANGUAGE_EN, sizeof(en), en);
    fprintf(stderr, "vanthu: %s\n        %s\nXem / see: vanthu%s%s --help\n", vi, en, name ? " " : "",
            name ? name : "");
    return EXIT_USAGE;
}

int command_usage(const struct command *command, const struct text *text, const char *first,
                  const char *second)
{
    return command_misused(command->name, text, first, second);
}

/* A usage is longer than what fits into a sentence. */
static int misused_with_usage(const struct command *command, const struct text *text)
{
    int exit_code = command_usage(command, text, NULL, NULL);
    fprintf(stderr, "Cách dùng / usage: vanthu %s %s\n", command->name, command->usage);
    return exit_code;
}

int command_fail(const struct error *err, bool json)
{
    const struct error_meaning *meaning = error_meaning(err->code);
    char vi[SENTENCE_ROOM], en[SENTENCE_ROOM];
    error_sentence(err, LANGUAGE_VI, sizeof(vi), vi);
    error_sentence(err, LANGUAGE_EN, sizeof(en), en);
    if (json) {
        struct buffer line CLEANUP(buffer_clear) = {0};
        json_t *said CLEANUP(json_clear) =
            json_pack("{s:{s:s, s:s, s:s}}", "error", "code", meaning->name, "vi", vi, "en", en);
        json_write(said, &line);
        printf("%s\n", buffer_string(&line));
    }
    fprintf(stderr, "vanthu: %s\n        %s\n", vi, en);
    if (err->cause[0])
        fprintf(stderr, "        (%s)\n", err->cause);
    return meaning->exit_code;
}

bool command_same_file(const char *one, const char *other)
{
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static const struct option *find_option(const struct command *command, const char *name, size_t size)
{
    for (size_t i = 0; i < command->option_count; i++)
        if (strlen(command->options[i].name) == size && strncmp(command->options[i].name, name, size) == 0)
            return &command->options[i];
    return NULL;
}

static int unknown_option(const struct command *command, const char *word)
{
    const char *names[NAMES_MAX];
    size_t count = 0;
    for (; count < command->option_count && count < NAMES_MAX - 1; count++)
        names[count] = command->options[count].name;
    names[count++] = "--help";
    const char *nearest = text_nearest(word, names, count);
    return command_usage(command, nearest ? &TEXT_USAGE_OPTION_NEAR : &TEXT_USAGE_OPTION, word, nearest);
}

static bool set_option(const struct option *option, const char *value, void *options)
{
    void *field = (char *)options + option->offset;
    if (option->kind == OPTION_SWITCH) {
        *(bool *)field = true;
        return true;
    }
    if (option->kind == OPTION_TEXT) {
        bool first = *(const char **)field == NULL;
        *(const char **)field = value;
        return first;
    }
    struct option_list *list = field;
    if (list->count == OPTION_LIST_MAX)
        return false;
    list->items[list->count++] = value;
    return true;
}

/* Takes argv[*at] (and what belongs to it); 0, or an exit code. */
static int take_option(const struct command *command, int argc, char **argv, int *at, void *options)
{
    const char *word = argv[*at], *equals = strncmp(word, "--", 2) == 0 ? strchr(word, '=') : NULL;
    const struct option *option = find_option(command, word, equals ? (size_t)(equals - word) : strlen(word));
    if (!option)
        return unknown_option(command, word);
    if (option->kind == OPTION_SWITCH && equals)
        return command_usage(command, &TEXT_USAGE_SWITCH, option->name, NULL);
    const char *value = equals ? equals + 1 : NULL;
    if (option->kind != OPTION_SWITCH && !value) {
        if (*at + 1 >= argc)
            return command_usage(command, &TEXT_USAGE_NO_VALUE, option->name, NULL);
        value = argv[++*at];
    }
    return set_option(option, value, options)
               ? 0
               : command_usage(command, &TEXT_USAGE_TOO_OFTEN, option->name, NULL);
}

static int check_complete(const struct command *command, const void *options, size_t operands)
{
    for (size_t i = 0; i < command->option_count; i++) {
        const struct option *option = &command->options[i];
        const char *const *value = (const void *)((const char *)options + option->offset);
        if (option->required && option->kind == OPTION_TEXT && !*value)
            return command_usage(command, &TEXT_USAGE_NEEDED, option->name, NULL);
    }
    if (operands < command->least)
        return misused_with_usage(command, &TEXT_USAGE_TOO_LITTLE);
    if (operands > command->most)
        return misused_with_usage(command, &TEXT_USAGE_TOO_MUCH);
    return 0;
}

int command_run(const struct command *command, int argc, char **argv)
{
    void *options CLEANUP(free_clear) = calloc(1, command->size ? command->size : 1);
    const char **operands CLEANUP(free_clear) = calloc((size_t)argc + 1, sizeof(*operands));
    if (!options || !operands)
        return error_meaning(ERR_INTERNAL)->exit_code;
    size_t count = 0;
    bool only_operands = false;
    for (int i = 0; i < argc; i++) {
        if (only_operands || argv[i][0] != '-' || argv[i][1] == '\0') {
            operands[count++] = argv[i];
            continue;
        }
        if (strcmp(argv[i], "--") == 0) {
            only_operands = true;
            continue;
        }
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            command_help(command);
            return EXIT_YES;
        }
        int wrong = take_option(command, argc, argv, &i, options);
        if (wrong)
            return wrong;
    }
    int wrong = check_complete(command, options, count);
    return wrong ? wrong : command->run(options, operands, count);
}

struct progress progress_start(const char *what)
{
    return (struct progress){.what = what, .started_ms = clock_monotonic_ms()};
}

void progress_show(struct progress *progress, uint64_t done, uint64_t all)
{
    int64_t now = clock_monotonic_ms();
    if (now - progress->started_ms < SHOW_AFTER_MS || now - progress->drawn_ms < REDRAW_MS
        || !isatty(STDERR_FILENO))
        return;
    int filled = all ? (int)(done * BAR_WIDTH / all) : 0;
    fprintf(stderr, "\r%s [%.*s%*s] %3d%%", progress->what, filled, "##############################",
            BAR_WIDTH - filled, "", all ? (int)(done * 100 / all) : 0);
    progress->drawn_ms = now;
    progress->drawn = true;
}

void progress_end(struct progress *progress)
{
    if (progress->drawn)
        fprintf(stderr, "\r%*s\r", BAR_WIDTH + 40, "");
}
