/* What the tests of signing any file share: people, a trust of their root, and signing by way of a stored pending
 * signature. */
#pragma once

#include "signer/signer.h"
#include "signer/verifier.h"
#include "tests/scratch.h"

enum { SIGN_WORLD_TIME = 1760000000 /* seconds: what our clock says */ };

struct sign_world {
    struct pki_person root, leader, agency; /* RSA, P-256 */
    struct trust *trust;
    char directory[SCRATCH_NAME]; /* root.pem is there */
};
extern struct sign_world sign_world;
int sign_world_make(void **state);
int sign_world_end(void **state);

/* Prepared, stored, read back, signed, completed. The certificate and the clock are filled in. */
bool sign_any(struct signing how, const struct pki_person *person, struct span document,
              struct buffer *ret_product, struct error *err);
/* Ends the test when it cannot be signed. */
void sign_must(struct signing how, const struct pki_person *person, struct span document,
               struct buffer *ret_product, const char *sentence);
/* As `vanthu verify --trust root.pem --content …` sees it; no content: an empty span. */
void sign_judge(struct span product, struct span content, struct verdict *ret_verdict);
/* A file in the directory. */
void sign_save(const char *name, struct span bytes);
/* A command in the directory; whether it exits with 0. */
bool sign_runs(const char *command);
