/* A SignedData with one signer, taken apart. Everything is borrowed from the bytes. For cms_judge.c alone. */
#pragma once

#include "base/certificate.h"
#include "signer/algorithms.h"
#include "signer/verdict.h"

enum { CMS_MAX_SIZE = 4 << 20, CMS_MAX_CERTIFICATES = 64 };

struct cms_signed_data {
    uint32_t version;
    struct span digest_algorithms; /* content of the SET */
    struct span content_type;      /* OID */
    bool has_content;
    struct buffer content; /* what is encapsulated, pieces put together */
    struct span certificates[CMS_MAX_CERTIFICATES];
    size_t certificate_count;
    /* the signer */
    uint32_t signer_version;
    struct span issuer, serial; /* the signer by issuer and serial … */
    struct span key_id;         /* … or by subject key identifier, when issuer is empty */
    struct span digest_oid, digest_parameters;
    struct span attributes; /* the whole [0]; empty when there are none */
    struct span signature_oid, signature_parameters, signature;
};

/* False when it could not be taken apart: the finding says why (TOTAL_FAILED / FORMAT_FAILURE). */
bool cms_read(struct span cms, struct cms_signed_data *ret_data, struct finding *finding) MUST_USE;
void cms_clear(struct cms_signed_data *data);

/* The signed attributes that count, each borrowed; empty when absent. */
struct cms_signed_attributes {
    struct span content_type;                   /* OID */
    struct span message_digest;                 /* octets */
    struct span certificate_v1, certificate_v2; /* content of the SigningCertificate SEQUENCE */
    struct span signing_time;                   /* the whole Time */
    bool has_certificate, has_signing_time;
};
bool cms_attributes_read(struct span attributes, struct cms_signed_attributes *ret_attributes,
                         struct finding *finding) MUST_USE;
