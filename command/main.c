/* The program: finds the command and runs it. */
#include <stdio.h>
#include <string.h>

#include "base/xml.h"
#include "command/command.h"
#include "command/command_text.h"
#include "hsm/keeper.h"
#include "service/service.h"
#include "signer/checker.h"

static const struct command *const commands[] = {
    &command_sign,
    &command_verify,
    &command_package_make,
    &command_package_open,
    &command_package_check,
    &command_trust_list,
    &command_trust_check,
    &command_trust_import,
    &command_trust_update,
    &command_trust_bundle_make,
    &command_trust_bundle_load,
    &command_keys_list,
    &command_keys_test,
    &command_serve,
};

/* Whether the words are the beginning of the name: trust, of trust list. */
static bool is_in_group(const char *name, const char *words)
{
    size_t size = strlen(words);
    return strncmp(name, words, size) == 0 && name[size] == ' ';
}

static void print_commands(FILE *out, const char *group)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (!group || is_in_group(commands[i]->name, group))
            fprintf(out, "  vanthu %-18s %s\n%28s%s\n", commands[i]->name, commands[i]->vi, "",
                    commands[i]->en);
    fprintf(out, "\nvanthu COMMAND --help tells the rest. / vanthu LỆNH --help để xem hướng dẫn.\n");
}

static void print_overview(FILE *out)
{
    fprintf(out, "vanthu %s: ký số và liên thông văn bản\n       digital signing and document exchange\n\n",
            VANTHU_VERSION);
    print_commands(out, NULL);
}

static bool asks_for_help(const char *word)
{
    return strcmp(word, "--help") == 0 || strcmp(word, "help") == 0 || strcmp(word, "-h") == 0;
}

/* How many words of argv the command's name takes; 0 when it is another. */
static int name_matches(const char *name, int argc, char **argv)
{
    for (int words = 0; words < argc; words++) {
        size_t size = strcspn(name, " ");
        if (strlen(argv[words]) != size || strncmp(argv[words], name, size) != 0)
            return 0;
        if (!name[size])
            return words + 1;
        name += size + 1;
    }
    return 0;
}

static bool is_group(const char *words)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (is_in_group(commands[i]->name, words))
            return true;
    return false;
}

static int unknown_command(int argc, char **argv)
{
    char asked[192], group[sizeof(asked)] = "";
    const char *names[COUNT_OF(commands)];
    int at = 0;
    size_t size = (size_t)snprintf(asked, sizeof(asked), "%.60s", argv[at++]);
    while (is_group(asked)) {
        if (at == argc)
            return command_misused(asked, &TEXT_USAGE_WHICH, asked, NULL);
        if (asks_for_help(argv[at])) {
            print_commands(stdout, asked);
            return EXIT_YES;
        }
        memcpy(group, asked, size + 1);
        size += (size_t)snprintf(asked + size, sizeof(asked) - size, " %.60s", argv[at++]);
    }
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        names[i] = commands[i]->name;
    const char *nearest = text_nearest(asked, names, COUNT_OF(names));
    return command_misused(group[0] ? group : NULL, nearest ? &TEXT_USAGE_COMMAND_NEAR : &TEXT_USAGE_COMMAND,
                           asked, nearest);
}

/* The processes of `vanthu serve`, started by itself. */
static bool is_process(int argc, char **argv, int *ret_exit)
{
    if (strcmp(argv[0], "keeper") == 0)
        *ret_exit = keeper_command(argc, argv);
    else if (strcmp(argv[0], "checker") == 0)
        *ret_exit = checker_main();
    else if (strcmp(argv[0], "service") == 0 && argc == 2)
        *ret_exit = service_run(argv[1]);
    else
        return false;
    return true;
}

int main(int argc, char **argv)
{
    int exit_code;
    if (argc < 2) {
        print_overview(stderr);
        return EXIT_USAGE;
    }
    argc--, argv++;
    if (asks_for_help(argv[0])) {
        print_overview(stdout);
        return EXIT_YES;
    }
    if (strcmp(argv[0], "--version") == 0) {
        printf("vanthu %s\n", VANTHU_VERSION);
        return EXIT_YES;
    }
    xml_init();
    if (is_process(argc, argv, &exit_code))
        return exit_code;
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        int words = name_matches(commands[i]->name, argc, argv);
        if (words)
            return command_run(commands[i], argc - words, argv + words);
    }
    return unknown_command(argc, argv);
}
