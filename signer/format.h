/* What a signature format must be able to do: one const table each (pades.c, xades.c, cades.c, asic.c), all of them
 * in the list in signer.c. A pending signature is plain bytes in named fields, so that it can be stored. */
#pragma once

#include "signer/signer.h"
#include "signer/verifier.h"

/* What prepare found out and complete needs. Which fields a format uses is its own affair; all of them are
 * stored. */
struct pending {
    enum signature_format format;
    enum signature_packaging packaging;
    enum digest_algorithm digest_algorithm;
    struct digest_value to_sign;         /* what the key signs */
    struct digest_value document_digest; /* SHA-256 of the whole document that was prepared */
    uint64_t document_size;
    /* CMS: DER of the SET OF signed attributes; XAdES: canonical SignedInfo */
    struct buffer signed_attributes;
    struct buffer certificate; /* DER */
    struct certificates chain;
    /* PDF: the update that is appended, with room for /Contents; XML: the signature element without its
     * value; ASiC-E: the manifest */
    struct buffer addition;
    /* where the addition goes: PDF: the document's size; XML: before an end tag */
    uint64_t insert_at;
    /* inside the addition: the hexadecimal /Contents digits, or the place of SignatureValue */
    uint64_t hole_at, hole_size;
    struct buffer document_name; /* ASiC: in the container */
    uint32_t checksum;           /* ASiC: CRC-32 of the document */
    uint64_t unsigned_at;        /* XML: inside the addition, where unsigned properties go */
    enum signature_level level;  /* wanted */
    struct buffer token;         /* the timestamp of the signature value (ContentInfo); empty: none yet */
};

struct format_ops {
    const char *name;
    enum signature_format format;
    enum document_kind kind; /* of what holds such signatures */
    bool any;                /* any file can be signed so; else only what is of that kind */
    /* By packaging, the first of them by default; no ending: it cannot be had. */
    struct signature_product products[SIGNATURE_PACKAGINGS];
    bool (*prepare)(const struct signing *how, const struct source *document, struct pending *pending,
                    struct error *err);
    bool (*complete)(const struct pending *pending, const struct source *document, struct span signature,
                     struct sink *out, struct error *err);
    /* What the timestamp of the signature value is about, in SHA-256. NULL: the value itself, as in every CMS
     * (EN 319 122-1, 5.3). */
    bool (*imprint)(const struct pending *pending, struct span signature, struct digest_value *ret_imprint,
                    struct error *err);
    /* Adds a finding for every signature in the document, judged. */
    bool (*check)(const struct verification *how, const struct source *document, struct verdict *verdict,
                  struct error *err);
};

extern const struct format_ops format_pades, format_xades, format_cades, format_asic_s, format_asic_e;

/* The format that judges signatures in that kind of document; NULL when there is none. */
const struct format_ops *format_of_kind(enum document_kind kind);
/* NULL for AUTO. */
const struct format_ops *format_of(enum signature_format format);

/* What was asked for, or what fits the document; the packaging is one that the format has. */
bool format_choose(const struct signing *how, const struct source *document,
                   const struct format_ops **ret_format, enum signature_packaging *ret_packaging,
                   struct error *err) MUST_USE;
/* Reads the document once: its digest in the algorithm of the signature; pending->document_digest too, and its CRC-32
 * (ISO 3309) where `ret_checksum` is not NULL. */
struct digest_value format_digest(struct pending *pending, struct span document, uint32_t *ret_checksum);
/* The document to a sink, piece by piece. */
void format_copy(struct span document, struct sink *out);
