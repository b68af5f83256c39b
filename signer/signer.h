/* Documents in, signed documents out: prepare, sign, complete. Knows formats and hashes; knows nothing of
 * offices, queues or HTTP. Threads may share what is const; a pending signature belongs to one thread.
 *
 * prepare  looks at the document and gives a pending signature of a few kilobytes: it names what will be
 *          signed (the digest of `to_sign`) and can be stored (pending_write, pending_read) until the
 *          signature is there, on this machine or a kilometre away.
 * sign     is not ours: hsm_sign, or a leader's agent.
 * complete embeds the signature and writes the signed document, checking our own work before anything
 *          counts: the product passes the verifier, or complete fails and the sink's bytes are to be thrown
 *          away.
 *
 * Refusals name the rule: REFUSED/UNSUPPORTED for documents the writer is not sure of (encrypted, hybrid,
 * damaged, certified against changes), KEY_UNUSABLE for a certificate that may not sign. */
#pragma once

#include "base/certificate.h"
#include "base/clock.h"
#include "base/sink.h"
#include "base/source.h"
#include "hsm/key.h"

enum signature_format { FORMAT_AUTO, FORMAT_PADES, FORMAT_XADES, SIGNATURE_FORMATS };

/* "pades", "xades"; NULL for AUTO */
const char *signature_format_name(enum signature_format format);

struct signing {
    enum signature_format format;      /* AUTO: by the document's first bytes */
    enum digest_algorithm digest;      /* SHA-256, 384, 512 */
    struct span certificate;           /* DER, of the key that will sign */
    const struct certificates *chain;  /* intermediates to embed; may be NULL */
    const char *reason, *place, *name; /* PDF /Reason /Location /Name, XAdES production place; may be NULL */
    const struct clock *clock;         /* claimed time */
};

struct pending;

bool signer_prepare(const struct signing *how, const struct source *document, struct pending **ret_pending,
                    struct error *err) MUST_USE;
/* The digest a key must sign, and its algorithm. Borrowed from the pending signature. */
struct span pending_digest(const struct pending *pending, enum digest_algorithm *ret_algorithm);
enum signature_format pending_format(const struct pending *pending);
/* `document` is the very document that was prepared (its digest is compared). `signature` as hsm_sign gives
 * it. */
bool signer_complete(const struct pending *pending, const struct source *document, struct span signature,
                     struct sink *signed_document, struct error *err) MUST_USE;
void pending_free(struct pending **pending);

void pending_write(const struct pending *pending, struct buffer *buffer);
bool pending_read(struct span bytes, struct pending **ret_pending, struct error *err) MUST_USE;

/* prepare → hsm_sign → complete with a key of an open hsm: what the command, the API and the passage call. */
bool signer_sign(struct hsm *hsm, const char *key_uri, const struct signing *how,
                 const struct source *document, struct sink *signed_document, struct error *err) MUST_USE;
