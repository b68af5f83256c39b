/* The world of the tests of signatures: people with certificates, a trust in their root, a directory. */
#pragma once

#include "tests/scratch.h"

struct trust_world {
    struct pki_person root;      /* Gốc */
    struct pki_person leader;    /* Nguyễn Văn Mẫu, RSA */
    struct pki_person agency;    /* Con dấu, P-256 */
    struct pki_person authority; /* Dấu thời gian */
    struct trust *trust;         /* in the root, which is root.pem in the directory */
    char directory[SCRATCH_NAME];
};
extern struct trust_world world;

/* For cmocka_run_group_tests; XML may be read from then on. */
int trust_world_make(void **state);
int trust_world_end(void **state);
