/* What a look at a document found missing and somebody with a network may fetch: revocation lists, OCSP
 * answers, issuers' certificates. The list crosses from the checker with the verdict, and every address in it
 * comes out of a document: signer/lookup decides what is fetched. */
#pragma once

#include <openssl/x509.h>

#include "base/bytes.h"

enum wanted_kind { WANTED_ISSUER, WANTED_OCSP, WANTED_CRL, WANTED_KINDS };

enum { WANTED_MAX = 48, WANTED_URL_SIZE = 512, WANTED_REQUEST_MAX = 256 };

struct wanted {
    enum wanted_kind kind;
    /* Items of one group answer one question: the first that can be had is enough. */
    uint8_t group;
    char url[WANTED_URL_SIZE];           /* http or https, printable ASCII */
    uint8_t cert_id[WANTED_REQUEST_MAX]; /* WANTED_OCSP: the CertID to ask about, DER */
    size_t cert_id_size;
};

struct wanted_list {
    struct wanted *items;
    size_t count;
    uint8_t groups;
};

/* Asks for the revocation status of the certificate, where it says itself that it can be had (authority information
 * access, distribution points); nothing when it says nowhere, twice counts once, and what is over WANTED_MAX
 * or cannot be fetched anyway is passed over. Only for certificates whose path leads to an anchor: nobody is
 * told of documents by strangers' addresses. */
void wanted_revocation(struct wanted_list *list, X509 *certificate, X509 *issuer);
/* Asks for the certificate's issuer. */
void wanted_issuer(struct wanted_list *list, X509 *certificate);
void wanted_clear(struct wanted_list *list);
/* The same question, wherever it stands. */
bool wanted_equal(const struct wanted *a, const struct wanted *b);

/* As a part of a verdict's frame. The reader believes nothing. */
void wanted_write(const struct wanted_list *list, struct buffer *buffer);
void wanted_read(struct reader *reader, struct wanted_list *ret_list);
