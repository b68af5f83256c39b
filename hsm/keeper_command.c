#include <stdio.h>

#include "base/bytes.h"
#include "hsm/hsm_text.h"
#include "hsm/keeper.h"

static const char *const usage =
    "Usage: keeper [--module FILE | --no-module] [--token LABEL] [--pin-file FILE] [--notes DIR]\n"
    "              [--file KEY.p12]... [--socket PATH] [--inherit]\n"
    "\n"
    "The process that holds the keys of one PKCS #11 module; `serve` and `sign` start it themselves.\n"
    "\n"
    "  --module FILE    the PKCS #11 module; p11-kit's proxy of all installed modules when not given\n"
    "  --no-module      no module: only the keys of --file\n"
    "  --token LABEL    only the token of this label\n"
    "  --pin-file FILE  its first line is the PIN (and the password of --file); nobody else may read it\n"
    "  --notes DIR      where tries of a PIN are noted, so that no wrong PIN is tried twice\n"
    "  --file KEY.p12   a key in a file, for development\n"
    "  --socket PATH    listen here (mode 0600, this user's and root's processes only)\n"
    "  --inherit        descriptor 3 brings connections; when it closes, the keeper ends\n"
    "\n"
    "Example: keeper --module /usr/lib/softhsm/libsofthsm2.so --pin-file pin --socket keeper-1.sock\n";

static const char *const options[] = {"--module", "--no-module", "--token",   "--pin-file", "--notes",
                                      "--file",   "--socket",    "--inherit", "--help"};

static int misused(const struct text *sentence, const char *option)
{
    struct error err = {0};
    char line[256];
    const char *nearest = text_nearest(option, options, COUNT_OF(options));
    fail(&err, ERR_USAGE, sentence, option, nearest ? nearest : "--help");
    fprintf(stderr, "keeper: %s\n", error_sentence(&err, LANGUAGE_EN, sizeof(line), line));
    return KEEPER_USAGE;
}

/* The options that take a value: where it goes. NULL: it takes none. */
static const char **value_of(struct keeper_settings *settings, const char *option)
{
    if (strcmp(option, "--module") == 0)
        return &settings->module;
    if (strcmp(option, "--token") == 0)
        return &settings->token;
    if (strcmp(option, "--pin-file") == 0)
        return &settings->pin_file;
    if (strcmp(option, "--notes") == 0)
        return &settings->notes;
    if (strcmp(option, "--socket") == 0)
        return &settings->socket;
    if (strcmp(option, "--file") != 0)
        return NULL;
    size_t files = 0;
    while (settings->files[files])
        files++;
    return &settings->files[files]; /* the last place ends the list and is never filled: see settings_read */
}

static int settings_read(int argc, char **argv, struct keeper_settings *settings)
{
    for (int i = 1; i < argc; i++) {
        const char **value = value_of(settings, argv[i]);
        if (value == &settings->files[KEEPER_FILES_MAX])
            return misused(&TEXT_OPTION_TOO_OFTEN, argv[i]);
        if (value && i + 1 == argc)
            return misused(&TEXT_OPTION_NO_VALUE, argv[i]);
        if (value)
            *value = argv[++i];
        else if (strcmp(argv[i], "--no-module") == 0)
            settings->pkcs11 = false;
        else if (strcmp(argv[i], "--inherit") == 0)
            settings->inherit = true;
        else
            return misused(&TEXT_OPTION_UNKNOWN, argv[i]);
    }
    return 0;
}

int keeper_command(int argc, char **argv)
{
    static struct keeper_settings settings = {.pkcs11 = true}; /* keeper_main never returns */
    if (argc == 2 && strcmp(argv[1], "--help") == 0)
        return fputs(usage, stdout) < 0;
    int misuse = settings_read(argc, argv, &settings);
    if (misuse)
        return misuse;
    if (!settings.socket && !settings.inherit)
        return misused(&TEXT_OPTION_NEEDED, "--socket");
    keeper_main(&settings);
}
