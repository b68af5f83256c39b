/* A certification authority's servers on loopback for one test: /ocsp answers questions (RFC 6960), /crl serves the
 * list, /issuer the certificate; each as badly as the test wishes. Questions are counted. */
#pragma once

#include "tests/pki.h"

enum responder_manner {
    RESPOND_WELL,
    RESPOND_REVOKED,  /* OCSP: revoked; /crl: with the certificate on it */
    RESPOND_UNKNOWN,  /* OCSP: unknown */
    RESPOND_NO_NONCE, /* OCSP: good, the nonce left out */
    RESPOND_NONCE,    /* OCSP: good, with another nonce */
    RESPOND_STRANGER, /* signed by somebody without the right */
    RESPOND_DELEGATE, /* OCSP: signed by a delegate with its certificate */
    RESPOND_OLD,      /* past its next update */
    RESPOND_GARBAGE,
    RESPOND_HUGE,     /* more than is taken */
    RESPOND_REDIRECT, /* to the good answer */
    RESPOND_HANG,     /* nothing, until the client goes */
    RESPOND_SLOWLY,   /* well, after 300 ms */
    RESPOND_ERROR     /* 503 */
};

struct responder {
    /* the test's, before responder_start */
    const struct pki_person *issuer, *stranger, *delegate;
    const struct pki_person *subject; /* whose status it is */
    /* the test's, any time */
    _Atomic int ocsp, crl, serves_issuer; /* enum responder_manner */
    _Atomic int ocsp_count, crl_count, issuer_count;
    /* the responder's */
    int listening;
    unsigned port;
};

/* Opens the port, so that certificates can name it; responder_serve then answers, in threads of its own. */
void responder_open(struct responder *responder);
void responder_serve(struct responder *responder);
