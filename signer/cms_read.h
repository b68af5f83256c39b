/* A SignedData (RFC 5652, 5) taken apart, BER or DER. Everything is borrowed from the bytes. For the CMS rooms
 * alone. */
#pragma once

#include "signer/algorithms.h"
#include "signer/verdict.h"

enum {
    CMS_MAX_SIZE = 32 << 20, /* bytes, encapsulated content included */
    CMS_MAX_CHOICES = 256,   /* certificates; revocation lists and answers */
    CMS_MAX_SIGNERS = VERDICT_MAX_SIGNATURES,
    CMS_MAX_ATTRIBUTES = 64 /* of one signer, signed or unsigned */
};

/* One of CertificateChoices (10.2.2) or RevocationInfoChoice (10.2.1). */
struct cms_choice {
    uint8_t tag;
    struct span whole;
};

struct cms_signed_data {
    struct span digest_algorithms; /* content of the SET */
    struct span content_info;      /* EncapsulatedContentInfo, whole */
    struct span content_type;      /* OID */
    bool has_content;
    struct span content;                  /* what is encapsulated, pieces put together */
    struct span certificate_set, crl_set; /* [0] and [1], whole; empty when absent */
    struct cms_choice certificates[CMS_MAX_CHOICES], crls[CMS_MAX_CHOICES];
    size_t certificate_count, crl_count;
    struct span signers[CMS_MAX_SIGNERS]; /* content of each SignerInfo */
    size_t signer_count;
    struct buffer pieces; /* owned */
};

/* False when it could not be taken apart: the finding says why (TOTAL_FAILED / FORMAT_FAILURE), or `pieces` has failed
 * for want of memory. Bytes behind the ContentInfo must be zero (PDF padding). */
bool cms_read(struct span cms, struct cms_signed_data *ret_data, struct finding *finding) MUST_USE;
void cms_clear(struct cms_signed_data *data);

/* SignerInfo (RFC 5652, 5.3) */
struct cms_signer {
    struct span issuer, serial; /* by issuer and serial … */
    struct span key_id;         /* … or by subject key identifier, when issuer is empty */
    struct span digest_oid, digest_parameters;
    struct span signed_attributes; /* the whole [0]; empty when there are none */
    struct span signature_oid, signature_parameters, signature;
    struct span fields;              /* version to signature, as they stand */
    struct span unsigned_attributes; /* the whole [1]; empty when there are none */
};
/* `info` is the content of the SEQUENCE. */
bool cms_signer_read(struct span info, struct cms_signer *ret_signer, struct finding *finding) MUST_USE;

/* One attribute of a [0] or [1]. */
struct cms_attribute {
    struct span whole;
    struct span type;   /* OID */
    struct span values; /* content of the SET */
};
struct cms_attributes {
    struct cms_attribute all[CMS_MAX_ATTRIBUTES];
    size_t count;
};
/* False when they are malformed or more than CMS_MAX_ATTRIBUTES; an empty span has none. */
bool cms_attributes_list(struct span attributes, struct cms_attributes *ret_attributes) MUST_USE;
