/* The validation process of EN 319 102-1 V1.3.1 over what a format has taken apart. A format (pades, xades,
 * cades, asic) does the building blocks that need its bytes: format checking (5.2.2), identification of the
 * signing certificate (5.2.3), cryptographic verification (5.2.7). This room does the rest in the standard's
 * order: X.509 certificate validation (5.2.6), signature acceptance (5.2.8), then basic (5.3), time-stamp (5.4),
 * with-time (5.5) and archive (5.6) validation. One process for a document that is being looked at; one
 * thread. */
#pragma once

#include "signer/algorithms.h"
#include "signer/evidence.h"
#include "signer/verifier.h"

struct process;

/* How what a signature or timestamp is about is digested: the algorithm stands inside. */
struct signed_content {
    bool (*digest)(void *context, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                   struct error *err);
    void *context;
};

/* A timestamp that belongs to a signature. */
struct stamp {
    enum stamp_kind kind;
    struct span token;             /* ContentInfo, DER */
    struct signed_content content; /* what its imprint must be the digest of */
    bool without_value;            /* it does not cover the signature value, as all but those of content do */
    /* What existed at its time when it is good, beside the signature value: certificates, revocation lists, OCSP
     * answers, earlier tokens. Borrowed. */
    const struct span *proves;
    size_t prove_count;
};

/* An algorithm that the signature rests on, for 5.2.8.4.2 and TS 119 312. */
struct algorithm_use {
    enum digest_algorithm digest;
    bool of_digest_alone; /* a reference's digest; else scheme and key count too */
    enum signature_scheme scheme;
    int key_bits;
};
enum { PROCESS_MAX_USES = 16 };

/* A signature whose bytes have been found good: digests and signature value verify. Borrowed for the call. */
struct signed_facts {
    X509 *signer;
    struct span value; /* the signature value: what proofs of existence are about */
    bool bound;        /* signing-certificate(-v2) or SigningCertificate(V2) binds the signer */
    struct algorithm_use uses[PROCESS_MAX_USES];
    size_t use_count;
    const struct stamp *stamps; /* oldest first: content, signature, references, archive, document */
    size_t stamp_count;
};

struct process *process_new(const struct verification *how) MUST_USE;
void process_free(struct process **process);
const struct verification *process_how(const struct process *process);
int64_t process_now_ms(const struct process *process);
/* Where formats put what they find: KeyInfo, CMS certificates and CRLs, DSS, CertificateValues … Before judging. */
struct evidence *process_evidence(struct process *process);

/* Judges into finding: `indication` and `sub` stay as they are where they are already worse; the times, stamps,
 * checks and reasons are filled in. TOTAL_PASSED only from here. False only for faults of ours. */
bool process_judge(struct process *process, const struct signed_facts *facts, struct finding *finding,
                   struct error *err) MUST_USE;
