/* The world of the tests of revocation: who issues, who is asked about, and lists of every kind. */
#pragma once

#include "signer/revocation.h"
#include "tests/pki.h"

enum { DAY_MS = 24 * 3600 * 1000 };

#define PLACE "http://a/crl"

struct revocation_world {
    struct pki_person root, twin, person, expired, authority;
    struct pki_person delegate, purposeless, foreign_delegate; /* OCSP */
    int64_t now_ms;
};
extern struct revocation_world world;

/* For cmocka_run_group_tests. */
int revocation_world_make(void **state);
int revocation_world_end(void **state);

struct list {
    const struct pki_person *issuer; /* NULL: there is no list */
    int from, to;                    /* days from now; to 0: no next update */
    int number, base;                /* 0: none */
    const char *place;               /* of the issuing distribution point */
    bool only_users, only_authorities, only_attributes;
    unsigned reasons;                   /* 0: all */
    const struct pki_person *listed;    /* NULL: nobody */
    int reason;                         /* RFC 5280, 5.3.1; 0: not said */
    bool critical_list, critical_entry; /* something unknown */
    int remembers;                      /* expiredCertsOnCRL: days from now; 0: not said */
};

#define LIST(issuer_, from_, to_) .issuer = (issuer_), .from = (from_), .to = (to_)
#define ROOT &world.root
#define PERSON &world.person
#define EXPIRED &world.expired

void add_list(struct evidence *evidence, const struct list *wish);
/* What is found of the person, whom the root issued; asked twice, and the same answer both times. */
void ask(struct evidence *evidence, const struct pki_person *about, struct revocation *ret_answer);
