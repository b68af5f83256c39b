/* adbe.x509.rsa_sha1 (ISO 32000-1, 12.8.3.2): a bare PKCS #1 signature in an OCTET STRING, and the signer's
 * certificate beside it in the dictionary. Old, and bound to nothing; judged for what it is. */
#pragma once

#include "signer/pdf_signature.h"
#include "signer/process.h"

/* Judges into the finding as cms_judge does; `stamps` are document timestamps that cover it. False only for
 * our own faults. */
bool pades_plain_judge(struct process *process, struct pdf_document *document,
                       const struct pdf_signature *signature, const struct signed_content *content,
                       const struct stamp *stamps, size_t stamp_count, struct finding *finding,
                       struct error *err) MUST_USE;
