/* The durable note that forbids a second try of a PIN whose first try did not end well. A token counts wrong PINs and locks
 * itself, often for ever; a program that crashes and starts again, or a queue that retries, would get there in seconds.
 *
 * Before C_Login a note "trying" is on the disk; after success it goes. While it stands - we died in between, or the token said
 * no - that PIN is not tried on that token again. Another PIN in the file is a new try; an operator who knows better removes the
 * note. The PIN is known by a salted SHA-256, so that a touched or copied file does not count as another PIN; guessing it back
 * is easy, but a note that stays holds a PIN that was refused, and lies as well protected as the PIN file (0600 in a 0700
 * directory).
 *
 * The notes directory is locked from pin_note_begin to pin_note_end, so that two keepers of one user do not take each other's
 * note for a death. */
#pragma once

#include "hsm/pin.h"

enum { PIN_NOTE_PATH = 320, PIN_NOTE_NAME = 24 };

struct pin_try {
    int directory; /* locked; -1: no try under way */
    char name[PIN_NOTE_NAME];
    char path[PIN_NOTE_PATH];
};

/* Who wants to log in where, for the note and the sentences. */
struct pin_use {
    const char *notes; /* the directory */
    const char *token, *serial;
    const char *pin_file;
    int64_t until_ms; /* monotonic: how long another keeper's login is waited for, then BUSY */
};

/* Writes the note, or says PIN_BLOCKED because one stands for this PIN. DISK when notes cannot be kept: then nobody logs in. */
bool pin_note_begin(const struct pin_use *use, struct span pin, struct pin_try *ret_try, struct error *err)
    MUST_USE;

enum pin_outcome {
    PIN_ACCEPTED,  /* the note goes */
    PIN_NOT_TRIED, /* the token was not reached: the note goes */
    PIN_REFUSED,   /* the token said no: the note stays and says so */
    PIN_UNKNOWN    /* nobody knows: the note stays */
};
/* Settles the note and unlocks. */
bool pin_note_end(struct pin_try *attempt, enum pin_outcome outcome, struct error *err) MUST_USE;
/* For CLEANUP: a try that was not ended stays noted. */
void pin_try_close(struct pin_try *attempt);

/* The default directory: see struct hsm_settings. False when this user has no home. */
bool pin_notes_default(size_t size, char *ret_directory) MUST_USE;
