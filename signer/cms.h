/* CMS SignedData (RFC 5652) with CAdES attributes (RFC 5035, EN 319 122-1): made in two halves
 * around the key, detached or around its content, and judged. Certificates inside are taken as bytes and parsed through the cache of
 * base/certificate. Threads may call everything. */
#pragma once

#include "base/certificate.h"
#include "base/digest.h"
#include "base/sink.h"
#include "signer/process.h"

/* The signed attributes of a PAdES/CAdES baseline signature: content-type, message-digest,
 * signing-certificate-v2; signing-time only when asked (forbidden in PAdES: EN 319 142-1, 6.3). DER, as the
 * SET OF that is hashed. */
bool cms_attributes(struct span content_digest, struct span certificate, int64_t signing_time_ms,
                    struct buffer *ret_attributes, struct error *err) MUST_USE;
/* The whole ContentInfo: attributes as made above, the signature (RSA bytes or DER Ecdsa-Sig-Value),
 * certificate and chain. `token`, when not empty, is the timestamp of the signature value, kept as an unsigned
 * attribute. */
bool cms_assemble(enum digest_algorithm algorithm, struct span attributes, struct span signature,
                  struct span certificate, const struct certificates *chain, struct span token,
                  struct buffer *ret_cms, struct error *err) MUST_USE;

/* Such a ContentInfo with the content inside, to a sink: the content is the one it was made for. */
bool cms_enclose(struct span cms, struct span content, struct sink *out, struct error *err) MUST_USE;

struct cms_judging {
    struct process *process;
    bool pades;        /* ETSI.CAdES.detached: the rules of EN 319 142-1 apply */
    bool sha1_content; /* adbe.pkcs7.sha1: the encapsulated content is the SHA-1 of the content */
    bool timestamp;    /* ETSI.RFC3161: the encapsulated content is a TSTInfo about the content */
    /* Timestamps that stand outside the CMS and cover it, oldest first: document timestamps of a PDF. Behind
     * those inside when the signature is handed to process_judge. */
    const struct stamp *stamps;
    size_t stamp_count;
};
/* Judges the one signer of a SignedData into the finding, the names filled, TOTAL_PASSED unless something
 * stands against it: structure, digest, signature, signing certificate, chain, key usage, validity. Bytes
 * after the ContentInfo must be zero (PDF padding). Always leaves a judged finding; false only for our own
 * faults (memory). */
bool cms_judge(const struct cms_judging *how, struct span cms, const struct signed_content *content,
               struct finding *finding, struct error *err) MUST_USE;
