/* The keeper: the process that alone loads the vendor's module, reads the PIN and signs. No network, no documents. Callers
 * reach it through a socket, one connection a caller, each served by its own thread (hsm/keeper_frame.h is what they say).
 *
 * Nothing in it recovers: a request past its deadline, a dead session, a device that is gone end the process with a code that
 * says so, and whoever started it (hsm/keeper_process.h) starts a fresh one, which logs in anew. Before each login a durable
 * note is made (hsm/pin_note.h), so that no loop of restarts ever locks a token. */
#pragma once

#include "base/error.h"

enum {
    KEEPER_CALLERS_MAX = 64, /* connections at once; one more is answered BUSY */
    KEEPER_FILES_MAX = 8,    /* PKCS #12 files */
    KEEPER_START_MS = 20000, /* for loading the module and looking at its tokens */
    KEEPER_GRACE_MS = 250,   /* over a request's deadline, before the process is ended */
    KEEPER_FAILED_MS = 2000, /* a keeper that could not open its module says why for so long, then ends */
    KEEPER_END_MS = 5000     /* for finishing what is under way when it is told to end */
};

/* How a keeper ends. */
enum keeper_exit {
    KEEPER_ENDED = 0,
    KEEPER_USAGE = 64,
    KEEPER_NO_SOCKET = 71,
    KEEPER_NOT_STARTED = 72, /* the module could not be opened */
    KEEPER_HUNG = 73,        /* a request was past its deadline */
    KEEPER_GONE = 74         /* session, token or device are gone, or another token was plugged in */
};

struct keeper_settings {
    const char *program;  /* for whoever starts one: PROGRAM keeper …; NULL: /proc/self/exe */
    bool pkcs11;          /* loads a module */
    const char *module;   /* NULL: p11-kit's proxy */
    const char *token;    /* only the token of this label; NULL: all */
    const char *pin_file; /* NULL: none */
    const char *notes;    /* NULL: pin_notes_default() */
    const char *files[KEEPER_FILES_MAX + 1]; /* PKCS #12; ends with NULL; their password is the PIN file's */
    const char
        *socket;  /* listens there (0600, only this user's and root's processes are served); NULL: not */
    bool inherit; /* descriptor 3 brings connections (SCM_RIGHTS); when it closes, the keeper ends */
};

/* Runs until told to end; does not return but ends the process with one of the codes above. The process must have no threads yet. */
_Noreturn void keeper_main(const struct keeper_settings *settings);

/* PROGRAM keeper [--module FILE | --no-module] [--token LABEL] [--pin-file FILE] [--notes DIR] [--file KEY.p12]… [--socket PATH]
 * [--inherit]; argv[0] is "keeper". Returns only for --help (0) and wrong usage (64, said on stderr). */
int keeper_command(int argc, char **argv);
