/* CMS signatures made when a test runs, with whatever is wrong in them that the test wants (signer/cms.h makes only right
 * ones). */
#pragma once

#include "signer/algorithms.h"
#include "tests/pki.h"

/* One SignerInfo. */
struct cms_wish {
    const struct pki_person *who;
    struct span content;             /* what is signed */
    struct span content_type;        /* OID; empty: id-data */
    enum digest_algorithm digest;    /* SHA-256 unless said */
    enum digest_algorithm attribute; /* of the attributes, when `two_digests` */
    bool two_digests;
    bool counter;        /* a counter-signature: without content-type */
    bool unbound;        /* without signing-certificate-v2 */
    bool bound_to_other; /* to another certificate */
    bool signing_time;   /* with one */
    struct span more;    /* further signed attributes, as they shall stand */
    struct buffer
        *stripped; /* gets what was signed, which is left out of the signature; NULL: nothing is left out */
    struct span unsigned_attributes;
};
void cms_make_signer(const struct cms_wish *wish, struct buffer *ret_info);

/* An Attribute with these values. */
void cms_make_attribute(struct span type, struct span values, struct buffer *out);

/* The SignedData around signers. */
struct cms_around {
    struct span content_type;               /* OID; empty: id-data */
    const struct span *content;             /* encapsulated; NULL: detached */
    const struct pki_person *const *people; /* their certificates */
    size_t people_count;
    struct span crls;    /* RevocationInfoChoices, one after the other */
    struct span signers; /* SignerInfos, one after the other */
};
void cms_make(const struct cms_around *around, struct buffer *ret_cms);

/* A TSTInfo about the bytes. */
struct token_wish {
    const struct pki_person *authority;
    struct span about;
    enum digest_algorithm digest;
    const char *time;   /* NULL: now */
    const char *nonce;  /* NULL: none; content of the INTEGER */
    struct span behind; /* what follows genTime and nonce, as it shall stand */
    bool two_signers, unbound;
    enum digest_algorithm signed_with; /* SHA-256 unless said */
    struct span imprint;               /* instead of the digest; empty: the digest */
    struct span unsigned_attributes;
};
void cms_make_token(const struct token_wish *wish, struct buffer *ret_token);

/* The attribute types that tests put into signatures. */
#define OID_CONTENT_STAMP SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x14")
#define OID_ARCHIVE_V2 SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x30")
#define OID_ARCHIVE_V3 SPAN_LITERAL("\x04\x00\x8D\x45\x02\x04")
#define OID_HASH_INDEX_V3 SPAN_LITERAL("\x04\x00\x81\x95\x32\x01\x05")
#define OID_CERTIFICATE_REFS SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x15")
#define OID_REVOCATION_REFS SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x16")
#define OID_ESC_STAMP SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x19")
#define OID_REFS_STAMP SPAN_LITERAL("\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x02\x1A")
#define OID_MIME_TYPE SPAN_LITERAL("\x04\x00\x8D\x45\x02\x01")
