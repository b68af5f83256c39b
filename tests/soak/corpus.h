/* The corpus of signed and malformed samples, read one after the other: $VANTHU_CORPORA, else ../shared/corpora beside
 * the project. It is no part of the project; who finds none says so and has nothing to do. One thread. */
#pragma once

#include <stdio.h>

#include "signer/verifier.h"

enum { SAMPLE_MAX_BESIDE = 4, SAMPLE_MAX_NAME = 512 };

struct sample {
    char name[SAMPLE_MAX_NAME]; /* as expected.tsv has it */
    struct buffer bytes;
    /* the data of a detached signature */
    struct detached beside[SAMPLE_MAX_BESIDE];
    struct buffer beside_bytes[SAMPLE_MAX_BESIDE];
    char beside_names[SAMPLE_MAX_BESIDE][SAMPLE_MAX_NAME];
    size_t beside_count;
};

struct corpus {
    char folder[SAMPLE_MAX_NAME];
    FILE *list;
    char *line;
    size_t room;
};

/* False when there is none; a line on stdout says so. */
bool corpus_open(struct corpus *ret_corpus) MUST_USE;
/* False at the end, and when a file that the list names cannot be read (a line on stderr). */
bool corpus_next(struct corpus *corpus, struct sample *ret_sample) MUST_USE;
void corpus_close(struct corpus *corpus);
void sample_clear(struct sample *sample);

/* Everything that looks like a certificate in the sample, as a trust: the self-signed ones are its anchors. NULL when
 * there is none. */
struct trust *sample_trust(const struct sample *sample) MUST_USE;
