/* The world of the tests of checkers: a document with one good signature, two trusts, and checkers that are this very
 * program, started again as `…_test checker`. */
#pragma once

#include <pthread.h>
#include <sys/types.h>

#include "signer/checker.h"
#include "tests/scratch.h"

struct checker_world {
    struct pki_person root, other_root, person;
    struct trust *trust, *other_trust;
    struct buffer document;
    char directory[SCRATCH_NAME];
};
extern struct checker_world world;

/* For cmocka_run_group_tests. */
int checker_world_make(void **state);
int checker_world_end(void **state);

struct checker_pool *open_pool(unsigned count, int64_t deadline_ms);
bool check(struct checker_pool *pool, struct span bytes, struct verdict *ret_verdict, struct error *err);
void assert_passes(struct checker_pool *pool);
/* The checkers that are our children now. */
size_t find_children(pid_t ret_pids[static 8]);

struct asking {
    struct checker_pool *pool;
    struct verdict verdict;
    struct error err;
    bool looked;
    struct span bytes;
};

/* For pthread_create; takes a struct asking. */
void *ask(void *context);
