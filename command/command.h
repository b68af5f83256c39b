/* What the commands share: options from a table, help made from it, errors said on stderr in both languages, exit codes of the
 * design (0 done, 1 the answer is no, 2 cannot say, 64 usage, 65 bad input, 66 no such input, 69 away, 70 our fault, 75 try again),
 * progress on a terminal. Results go to stdout, everything else to stderr. */
#pragma once

#include <stdint.h>

#include "base/error.h"

enum option_kind {
    OPTION_SWITCH, /* bool */
    OPTION_TEXT,   /* const char * */
    OPTION_LIST    /* struct option_list: may be given several times */
};

enum { OPTION_LIST_MAX = 64 };
struct option_list {
    const char *items[OPTION_LIST_MAX];
    size_t count;
};

struct option {
    const char *name; /* "--key"; "-o" */
    enum option_kind kind;
    bool required;
    size_t offset;        /* into the command's own struct */
    const char *argument; /* "URI"; NULL for a switch */
    const char *meaning;
};

struct command {
    const char *name;    /* "sign"; "package make" */
    const char *usage;   /* what follows the name: "--key URI -o OUT IN…" */
    const char *vi, *en; /* what it does, a line each */
    const char *manual;  /* the rest: paragraphs and examples */
    void (*after)(void); /* prints what follows the manual; may be NULL */
    const struct option *options;
    size_t option_count;
    size_t size;        /* of its struct of options */
    size_t least, most; /* how many operands it takes */
    int (*run)(const void *options, const char *const *operands, size_t count);
};

enum { EXIT_YES = 0, EXIT_NO = 1, EXIT_UNSURE = 2, EXIT_USAGE = 64 };

/* Reads the arguments after the command's name and runs it; --help prints the manual. Returns the exit code. */
int command_run(const struct command *command, int argc, char **argv);
void command_help(const struct command *command);

/* Says the error on stderr (as JSON on stdout with `json`) and returns its exit code. */
int command_fail(const struct error *err, bool json);
/* Says what is wrong with what was typed, and where the help is; `first`, `second` are the sentence's words. EXIT_USAGE. */
int command_usage(const struct command *command, const struct text *text, const char *first,
                  const char *second);
/* The same where the name of the command is not known, or NULL when there is none. */
int command_misused(const char *name, const struct text *text, const char *first, const char *second);

/* Whether both names lead to one file: an output is never written over its input. */
bool command_same_file(const char *one, const char *other);

/* A bar on stderr, from the second second on, when it is a terminal. */
struct progress {
    const char *what;
    int64_t started_ms, drawn_ms;
    bool drawn;
};
struct progress progress_start(const char *what);
void progress_show(struct progress *progress, uint64_t done, uint64_t all);
void progress_end(struct progress *progress);

extern const struct command command_sign, command_verify, command_serve;
extern const struct command command_package_make, command_package_open, command_package_check;
extern const struct command command_trust_list, command_trust_check, command_trust_import,
    command_trust_update;
extern const struct command command_trust_bundle_make, command_trust_bundle_load;
extern const struct command command_keys_list, command_keys_test;
