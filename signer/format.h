/* What a signature format must be able to do: one const table each (pades.c, xades.c), all of them in the
 * list in signer.c. A pending signature is plain bytes in named fields, so that it can be stored. */
#pragma once

#include "signer/signer.h"
#include "signer/verifier.h"

/* What prepare found out and complete needs. Which fields a format uses is its own affair; all of them are
 * stored. */
struct pending {
    enum signature_format format;
    enum digest_algorithm digest_algorithm;
    struct digest_value to_sign;         /* what the key signs */
    struct digest_value document_digest; /* SHA-256 of the whole document that was prepared */
    uint64_t document_size;
    /* CMS: DER of the SET OF signed attributes; XAdES: canonical SignedInfo */
    struct buffer signed_attributes;
    struct buffer certificate; /* DER */
    struct certificates chain;
    /* PDF: the update that is appended, with room for /Contents; XML: the signature element without its
     * value */
    struct buffer addition;
    /* where the addition goes: PDF: the document's size; XML: before an end tag */
    uint64_t insert_at;
    /* inside the addition: the hexadecimal /Contents digits, or the place of SignatureValue */
    uint64_t hole_at, hole_size;
};

struct format_ops {
    const char *name;
    enum signature_format format; /* FORMAT_AUTO when it cannot be made */
    enum document_kind kind;
    /* Both NULL: documents of this kind are judged, none are made. */
    bool (*prepare)(const struct signing *how, const struct source *document, struct pending *pending,
                    struct error *err);
    bool (*complete)(const struct pending *pending, const struct source *document, struct span signature,
                     struct sink *out, struct error *err);
    /* Adds a finding for every signature in the document, judged. */
    bool (*check)(const struct verification *how, const struct source *document, struct verdict *verdict,
                  struct error *err);
};

extern const struct format_ops format_pades, format_xades, format_cades, format_asic;

/* The format that makes, or only judges, signatures in that kind of document; NULL when there is none. */
const struct format_ops *format_of_kind(enum document_kind kind);
/* Among those that can be made; NULL when it is none of them. */
const struct format_ops *format_of(enum signature_format format);
