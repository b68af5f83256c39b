/* A directory for one test program, made before its tests and gone behind them, and what is put into it. */
#pragma once

#include "signer/trust.h"
#include "tests/pki.h"

enum { SCRATCH_NAME = 64, SCRATCH_PATH = 160 };

void scratch_make(const char *test, char ret_directory[static SCRATCH_NAME]);
void scratch_remove(const char *directory);
void scratch_path(const char *directory, const char *name, char ret_path[static SCRATCH_PATH]);
void scratch_save(const char *directory, const char *name, struct span bytes);
/* A person's certificate and key in PEM, as NAME.pem and NAME.key. */
void scratch_save_person(const char *directory, const char *name, const struct pki_person *person);
/* Certificates, and a list unless it is empty, into one PEM file of that name, and the trust that it gives. */
struct trust *scratch_trust(const char *directory, const char *name, const struct pki_person *const *people,
                            size_t count, struct span crl);
struct trust *scratch_trust_one(const char *directory, const char *name, const struct pki_person *root);
