/* A certification authority's servers on loopback for one test: /ocsp answers questions (RFC 6960), /crl serves the
 * list, /issuer the certificate, /tsa stamps (RFC 3161); each as badly as the test wishes. Questions are counted. */
#pragma once

#include <pthread.h>

#include "tests/pki.h"

enum responder_manner {
    RESPOND_WELL,
    RESPOND_REVOKED,  /* OCSP: revoked; /crl: with the certificate on it */
    RESPOND_UNKNOWN,  /* OCSP: unknown */
    RESPOND_NO_NONCE, /* OCSP, /tsa: good, the nonce left out */
    RESPOND_NONCE,    /* OCSP, /tsa: good, with another nonce */
    RESPOND_STRANGER, /* signed by somebody without the right */
    RESPOND_DELEGATE, /* OCSP: signed by a delegate with its certificate */
    RESPOND_OLD,      /* past its next update; /tsa: from before its certificate */
    RESPOND_GARBAGE,
    RESPOND_HUGE,      /* more than is taken */
    RESPOND_REDIRECT,  /* to the good answer */
    RESPOND_HANG,      /* nothing, until the client goes */
    RESPOND_SLOWLY,    /* well, after 300 ms */
    RESPOND_ERROR,     /* 503 */
    RESPOND_REFUSED,   /* /tsa: status rejection, no token */
    RESPOND_WITH_MODS, /* /tsa: status granted with modifications */
    RESPOND_IMPRINT,   /* /tsa: about something else */
    RESPOND_FORGED,    /* /tsa: changed after it was signed */
    RESPOND_REPLAY,    /* /tsa: its first answer once more */
    RESPOND_WEAK,      /* /tsa: signed with SHA-1 */
    RESPOND_LENGTHY    /* /tsa: with a token larger than is taken */
};

struct responder {
    /* the test's, before responder_start */
    const struct pki_person *issuer, *stranger, *delegate;
    const struct pki_person *subject; /* whose status it is */
    const struct pki_person *stamper;
    /* the test's, any time */
    _Atomic int ocsp, crl, serves_issuer, tsa; /* enum responder_manner */
    _Atomic int ocsp_count, crl_count, issuer_count, tsa_count;
    /* the responder's */
    int listening;
    unsigned port;
    pthread_mutex_t lock; /* over what follows */
    struct buffer first_stamp;
};

/* Opens the port, so that certificates can name it; responder_serve then answers, in threads of its own. */
void responder_open(struct responder *responder);
void responder_serve(struct responder *responder);
/* "http://127.0.0.1:PORT/tsa" */
enum { RESPONDER_URL_SIZE = 48 };
void responder_tsa_url(const struct responder *responder, char ret_url[static RESPONDER_URL_SIZE]);
