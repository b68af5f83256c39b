/* Documents in, signed documents out: prepare, sign, complete. Knows formats and hashes; knows nothing of
 * offices, queues or HTTP. Threads may share what is const; a pending signature belongs to one thread.
 *
 * prepare  looks at the document and gives a pending signature of a few kilobytes: it names what will be
 *          signed (the digest of `to_sign`) and can be stored (pending_write, pending_read) until the
 *          signature is there, on this machine or a kilometre away.
 * sign     is not ours: hsm_sign, or a leader's agent.
 * stamp    asks an authority for a timestamp over the signature value, above level B-B; the pending signature
 *          keeps the token. Whether to go on without one is the caller's to decide.
 * complete embeds the signature and writes the signed document, checking our own work before anything
 *          counts: the product passes the verifier, or complete fails and the sink's bytes are to be thrown
 *          away.
 *
 * Refusals name the rule: REFUSED/UNSUPPORTED for documents the writer is not sure of (encrypted, hybrid,
 * damaged, certified against changes; a signature or container already), TOO_LARGE for what could not be
 * verified afterwards, KEY_UNUSABLE for a certificate that may not sign. */
#pragma once

#include "base/certificate.h"
#include "base/clock.h"
#include "base/sink.h"
#include "base/source.h"
#include "hsm/key.h"
#include "signer/timestamp_client.h"

enum signature_format {
    FORMAT_AUTO,
    FORMAT_PADES,
    FORMAT_XADES,
    FORMAT_CADES,  /* of any file */
    FORMAT_ASIC_S, /* likewise: a container with the file and its CAdES signature */
    FORMAT_ASIC_E, /* likewise, signed by way of a manifest */
    SIGNATURE_FORMATS
};

/* "pades", "xades", "cades", "asic-s", "asic-e"; NULL for AUTO */
const char *signature_format_name(enum signature_format format);
bool signature_format_read(const char *name, enum signature_format *ret_format) MUST_USE;

/* Where the signature stands to the document. */
enum signature_packaging {
    PACKAGING_AUTO,       /* the first of these that the format has */
    PACKAGING_ENVELOPED,  /* PDF, XML: the signature is inside the document */
    PACKAGING_DETACHED,   /* CAdES: beside it; ASiC: both in the container */
    PACKAGING_ENVELOPING, /* CAdES: the document is inside the signature ("attached") */
    SIGNATURE_PACKAGINGS
};

/* "enveloped", "enveloping" or "attached", "detached" */
bool signature_packaging_read(const char *name, enum signature_packaging *ret_packaging) MUST_USE;

/* The baseline levels that are made (EN 319 142-1 and EN 319 132-1, 6.1): B-T has a timestamp of its value. */
enum signature_level { LEVEL_B_B, LEVEL_B_T, SIGNATURE_LEVELS };

const char *signature_level_name(enum signature_level level); /* "B-B" … */
bool signature_level_read(const char *name, enum signature_level *ret_level) MUST_USE;

struct signing {
    enum signature_format format; /* AUTO: by the document's first bytes */
    enum signature_packaging packaging;
    enum signature_level level;        /* wanted: room is kept for it */
    enum digest_algorithm digest;      /* SHA-256, 384, 512 */
    struct span certificate;           /* DER, of the key that will sign */
    const struct certificates *chain;  /* intermediates to embed; may be NULL */
    const char *reason, *place, *name; /* PDF /Reason /Location /Name, XAdES production place; may be NULL */
    const char *document_name;         /* ASiC: what the document is called in the container; may be NULL */
    const struct clock *clock;         /* claimed time */
    /* for signer_sign */
    const struct timestamp_authorities *authorities; /* who stamps above B-B; NULL: nobody */
    bool fall_back; /* when none of them is to be had: signed at B-B, and marked */
};

/* What will come out. */
struct signature_product {
    const char *ending; /* behind the document's name: ".p7s"; "" where the signed document keeps its name */
    const char *media_type;
};
/* Fails as signer_prepare does where nothing can be made of the document in that format and packaging. */
bool signer_product(const struct signing *how, const struct source *document,
                    struct signature_product *ret_product, struct error *err) MUST_USE;

struct pending;

bool signer_prepare(const struct signing *how, const struct source *document, struct pending **ret_pending,
                    struct error *err) MUST_USE;
/* The digest a key must sign, and its algorithm. Borrowed from the pending signature. */
struct span pending_digest(const struct pending *pending, enum digest_algorithm *ret_algorithm);
enum signature_format pending_format(const struct pending *pending);
/* What signer_complete will make of it: B-B until it has its timestamp. */
enum signature_level pending_level(const struct pending *pending);
/* For one that was prepared for B-T. `signature` is what signer_complete will get. PEER_AWAY: no authority gave a
 * timestamp that can be used; the pending signature is as before. */
bool signer_stamp(struct pending *pending, const struct timestamp_authorities *authorities,
                  struct span signature, struct error *err) MUST_USE;
/* `document` is the very document that was prepared (its digest is compared). `signature` as hsm_sign gives
 * it. */
bool signer_complete(const struct pending *pending, const struct source *document, struct span signature,
                     struct sink *signed_document, struct error *err) MUST_USE;
void pending_free(struct pending **pending);

void pending_write(const struct pending *pending, struct buffer *buffer);
bool pending_read(struct span bytes, struct pending **ret_pending, struct error *err) MUST_USE;

struct reached {
    enum signature_level level;
    struct error why; /* it is not the wanted one; ERR_NONE: it is */
};
/* prepare → hsm_sign → stamp → complete with a key of an open hsm: what the command, the API and the passage
 * call. `ret_reached` may be NULL. */
bool signer_sign(struct hsm *hsm, const char *key_uri, const struct signing *how,
                 const struct source *document, struct sink *signed_document, struct reached *ret_reached,
                 struct error *err) MUST_USE;
