/* SoftHSM2 tokens made when a test runs, by tools/dev-token, in a folder of their own on tmpfs; the module that tests load is
 * the fault-injecting shim over SoftHSM. The environment (SOFTHSM2_CONF, VANTHU_SHIM_*) is set for this process and the
 * keepers it starts. */
#pragma once

#include "hsm/key.h"
#include "tests/shim/shim.h"

struct dev_token {
    char dir[128];
    char softhsm[256]; /* the real module */
    char pin_file[160], notes[160];
    char leader[128], agency[128], ec[128], rsa3072[128], rsa4096[128]; /* URIs */
    struct shim_control *control;
};

/* Aborts when it cannot. */
void dev_token_make(struct dev_token *token);
void dev_token_remove(struct dev_token *token);
/* No faults, counters at zero. */
void dev_token_heal(struct dev_token *token);
/* A keeper of its own for each hsm: the shim as module, the token's PIN and notes. */
struct hsm *dev_token_hsm(const struct dev_token *token, int64_t deadline_ms);
