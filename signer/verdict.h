/* What was found when a document was looked at: one finding per signature (ETSI EN 319 102-1), and whether
 * anything but signatures changed after signing. "I could not look" is an error, not a verdict; zero is the
 * doubtful answer. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"

enum indication { INDETERMINATE, TOTAL_PASSED, TOTAL_FAILED };

/* EN 319 102-1 V1.3.1, 5.1.3, tables 5 and 6 */
#define SUB_INDICATIONS(X)                                                                                   \
    X(FORMAT_FAILURE)                                                                                        \
    X(HASH_FAILURE)                                                                                          \
    X(SIG_CRYPTO_FAILURE)                                                                                    \
    X(REVOKED)                                                                                               \
    X(EXPIRED)                                                                                               \
    X(NOT_YET_VALID)                                                                                         \
    X(SIG_CONSTRAINTS_FAILURE)                                                                               \
    X(CHAIN_CONSTRAINTS_FAILURE)                                                                             \
    X(CERTIFICATE_CHAIN_GENERAL_FAILURE)                                                                     \
    X(CRYPTO_CONSTRAINTS_FAILURE)                                                                            \
    X(POLICY_PROCESSING_ERROR)                                                                               \
    X(SIGNATURE_POLICY_NOT_AVAILABLE)                                                                        \
    X(TIMESTAMP_ORDER_FAILURE)                                                                               \
    X(NO_SIGNING_CERTIFICATE_FOUND)                                                                          \
    X(NO_CERTIFICATE_CHAIN_FOUND)                                                                            \
    X(REVOKED_NO_POE)                                                                                        \
    X(REVOKED_CA_NO_POE)                                                                                     \
    X(OUT_OF_BOUNDS_NOT_REVOKED)                                                                             \
    X(OUT_OF_BOUNDS_NO_POE)                                                                                  \
    X(REVOCATION_OUT_OF_BOUNDS_NO_POE)                                                                       \
    X(CRYPTO_CONSTRAINTS_FAILURE_NO_POE)                                                                     \
    X(NO_POE)                                                                                                \
    X(TRY_LATER)                                                                                             \
    X(SIGNED_DATA_NOT_FOUND)                                                                                 \
    X(CUSTOM)
#define SUB_INDICATION_ENUM(name) SUB_##name,
enum sub_indication { SUB_NONE, SUB_INDICATIONS(SUB_INDICATION_ENUM) SUB_INDICATION_COUNT };
#undef SUB_INDICATION_ENUM

const char *indication_name(enum indication indication);  /* "TOTAL-PASSED" */
const char *sub_indication_name(enum sub_indication sub); /* "HASH_FAILURE"; NULL for SUB_NONE */

enum { VERDICT_MAX_SIGNATURES = 256, VERDICT_MAX_REASONS = 16, VERDICT_MAX_COVERED = 16 };

/* Why: a sentence of signer_text.h with its arguments. The clause of the standard stands in the sentence's
 * table entry. */
struct reason {
    const struct text *text;
    char arg[TEXT_ARGS][TEXT_ARG_SIZE];
};

struct finding {
    bool timestamp;  /* a document timestamp, not a person's signature */
    char format[40]; /* "PAdES-BASELINE-B", "XAdES-BASELINE-B", "PDF-NOT-ETSI", "XML-NOT-ETSI" … */
    enum indication indication;
    enum sub_indication sub;
    struct reason reasons[VERDICT_MAX_REASONS];
    size_t reason_count;
    char subject[512], issuer[512], serial[64]; /* RFC 4514 names in UTF-8; serial in hexadecimal */
    char common_name[128], organization[128], title[128];
    int64_t claimed_time_ms, best_signature_time_ms; /* 0: none */
    bool covers_whole_file;
    unsigned revision, revisions;           /* "revision N of M" when not the whole file; 0: XML */
    char covered[VERDICT_MAX_COVERED][128]; /* element paths of XML references */
    size_t covered_count;
    char field[128]; /* PDF signature field or XML Id */
};

enum changed { CHANGED_UNKNOWN, CHANGED_NO, CHANGED_YES };

struct verdict {
    struct finding *findings;
    size_t count;
    enum changed changed_after_signing;
    /* about the document as a whole: why no signature could be judged, a limit reached … */
    struct reason reasons[VERDICT_MAX_REASONS];
    size_t reason_count;
};

/* A new finding at the end, all zero: INDETERMINATE. NULL without memory or above VERDICT_MAX_SIGNATURES. It
 * is valid until the next add. */
struct finding *verdict_add(struct verdict *verdict) MUST_USE;
void finding_reason(struct finding *finding, const struct text *text, ...) __attribute__((sentinel));
/* Sets the worse of what stands and what is given: FAILED beats INDETERMINATE beats PASSED; the first
 * sub-indication of the worst stays. */
void finding_worsen(struct finding *finding, enum indication indication, enum sub_indication sub,
                    const struct text *text, ...) __attribute__((sentinel));
/* The last word of whoever has looked at everything: TOTAL_PASSED when nothing stands against it. */
void finding_pass(struct finding *finding);
void verdict_reason(struct verdict *verdict, const struct text *text, ...) __attribute__((sentinel));
/* All findings TOTAL_PASSED and at least one; any TOTAL_FAILED; else indeterminate. */
enum indication verdict_overall(const struct verdict *verdict);
void verdict_clear(struct verdict *verdict);

/* The sentence of that name among all that a reason or an error of this floor may use; NULL when there is
 * none. */
const struct text *verdict_sentence(const char *name);
/* As a frame between processes; verdict_read trusts nothing it reads. */
void verdict_write(const struct verdict *verdict, struct buffer *buffer);
bool verdict_read(struct span frame, struct verdict *ret_verdict, struct error *err) MUST_USE;
