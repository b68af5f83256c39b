/* The containers of the ASiC tests, whole ones, made by tests/asic_make.h, and who signs them. */
#pragma once

#include "signer/verifier.h"
#include "tests/asic_make.h"
#include "tests/scratch.h"

#define LETTER "văn bản.txt"
#define ANNEX "phụ lục/1+1 %.txt"
#define LETTER_URI "v%C4%83n%20b%E1%BA%A3n.txt"
#define ANNEX_URI "ph%E1%BB%A5%20l%E1%BB%A5c/1+1%20%25.txt"
#define SIGNATURES "META-INF/signatures0.xml"
#define P7S "META-INF/signature001.p7s"
#define TST "META-INF/timestamp.tst"
#define MANIFEST "META-INF/ASiCManifest001.xml"

/* For a struct xades_wish: the letter and the annex. */
#define BOTH                                                                                                 \
    {LETTER_URI, ANNEX_URI},                                                                                 \
    {                                                                                                        \
        LETTER, ANNEX                                                                                        \
    }

struct asic_world {
    struct pki_person root, leader, agency, authority, retired; /* whose certificate has expired */
    struct trust *trust;
    char directory[SCRATCH_NAME];
};
extern struct asic_world world;

/* For cmocka_run_group_tests. */
int asic_world_make(void **state);
int asic_world_end(void **state);

void put_letter(struct container *c);
void put_list(struct container *c);
void simple_cades(struct container *c);
void simple_token(struct container *c);
void simple_tokens(struct container *c);
void extended_cades(struct container *c);
void extended_token(struct container *c);
void put_retired(struct container *c);
void archived_in_time(struct container *c);
void archived_too_late(struct container *c);
void archived_without_it(struct container *c);
void extended_nested(struct container *c);
void extended_partly(struct container *c);
/* Two containers laid together: nobody signed both documents. */
void extended_together(struct container *c);
void simple_xades(struct container *c);
void extended_xades(struct container *c);
void extended_three(struct container *c);
void extended_mixed(struct container *c);
void extended_plus(struct container *c);
void extended_absolute(struct container *c);
void extended_root(struct container *c);
void extended_base64(struct container *c);

void check_by(const struct policy *policy, struct span bytes, struct verdict *ret_verdict);
void check(struct span bytes, struct verdict *ret_verdict);
void check_container(const struct container *container, struct verdict *ret_verdict);
/* The verdict on the document, or any finding in it. */
bool says(const struct verdict *verdict, const struct text *text);
