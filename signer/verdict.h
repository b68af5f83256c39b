/* What was found when a document was looked at: one finding per signature (ETSI EN 319 102-1), and whether
 * anything changed after signing that the signatures do not allow. "I could not look" is an error, not a verdict; zero is the
 * doubtful answer. */
#pragma once

#include "base/bytes.h"
#include "base/error.h"
#include "signer/wanted.h"

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

enum {
    VERDICT_MAX_SIGNATURES = 256,
    VERDICT_MAX_REASONS = 16,
    VERDICT_MAX_COVERED = 16,
    VERDICT_MAX_STAMPS = 16, /* of one signature */
    VERDICT_MAX_CHECKS = 96, /* of one signature */
    VERDICT_MAX_REVISIONS = 512
};

/* Why: a sentence of signer_text.h with its arguments. The clause of the standard stands in the sentence's
 * table entry. */
struct reason {
    const struct text *text;
    char arg[TEXT_ARGS][TEXT_ARG_SIZE];
};

/* EN 319 102-1, 5.4 and 5.6: what a timestamp is about. */
#define STAMP_KINDS(X)                                                                                       \
    X(CONTENT, "content")       /* the signed data, before they were signed */                               \
    X(SIGNATURE, "signature")   /* the signature value */                                                    \
    X(REFERENCES, "references") /* references to validation data, mostly with the signature value */         \
    X(ARCHIVE, "archive")       /* all of it */                                                              \
    X(DOCUMENT, "document")     /* all of the document or container so far */
#define STAMP_KIND_ENUM(name, word) STAMP_##name,
enum stamp_kind { STAMP_KINDS(STAMP_KIND_ENUM) STAMP_KIND_COUNT };
#undef STAMP_KIND_ENUM
const char *stamp_kind_name(enum stamp_kind kind); /* "content" … */

/* A timestamp that belongs to a signature, judged. */
struct stamp_finding {
    enum stamp_kind kind;
    enum indication indication;
    enum sub_indication sub;
    int64_t time_ms;      /* what it says; 0: it could not be read */
    char authority[128];  /* the common name of whoever stamped */
    struct reason reason; /* .text is NULL when it passed */
};

/* One line of the tree of checks: a building block of the standard or one of its constraints. */
enum check_result { CHECK_UNKNOWN, CHECK_GOOD, CHECK_WARNING, CHECK_BAD };
struct check {
    const struct text *what; /* names the clause */
    char arg[64];            /* its {0}: a time, an algorithm, a certificate */
    enum check_result result;
    uint8_t depth; /* 0: a process; its parts stand below it, one deeper */
};

/* Who a certificate was issued to, by its subject (signer/role.h). */
enum signer_role { ROLE_UNKNOWN, ROLE_PERSON, ROLE_AGENCY };

enum finding_kind {
    FINDING_SIGNATURE,
    FINDING_TIMESTAMP,        /* of the document or container, not a person's signature */
    FINDING_COUNTER_SIGNATURE /* confirms another signature */
};

struct finding {
    enum finding_kind kind;
    unsigned of;     /* a counter-signature: the index of the finding it confirms, which stands before it */
    char format[40]; /* "PAdES-BASELINE-B", "XAdES-BASELINE-B", "PDF-NOT-ETSI", "XML-NOT-ETSI" … */
    enum indication indication;
    enum sub_indication sub;
    struct reason reasons[VERDICT_MAX_REASONS];
    size_t reason_count;
    char subject[512], issuer[512], serial[64]; /* RFC 4514 names in UTF-8; serial in hexadecimal */
    enum signer_role role;
    char tree[32]; /* of authorities whose anchor the path leads to; empty: none, or not said */
    char common_name[128], organization[128], title[128];
    int64_t claimed_time_ms, best_signature_time_ms; /* 0: none */
    bool covers_whole_file;
    unsigned revision, revisions;           /* "revision N of M" when not the whole file; 0: XML */
    char covered[VERDICT_MAX_COVERED][128]; /* element paths of XML references */
    size_t covered_count;
    char field[128]; /* PDF signature field, XML Id or the file of a container that holds it */
    struct stamp_finding stamps[VERDICT_MAX_STAMPS];
    size_t stamp_count;
    struct check checks[VERDICT_MAX_CHECKS];
    size_t check_count;
};

enum changed { CHANGED_UNKNOWN, CHANGED_NO, CHANGED_YES };

/* What a revision of a PDF did to the one before (ISO 32000-2, 12.8.2.2; EN 319 142-1, 5.4). */
#define REVISION_CHANGES(X)                                                                                  \
    X(SIGNATURE, "signature")             /* signed, field and appearance included */                        \
    X(TIMESTAMP, "timestamp")             /* a document timestamp */                                         \
    X(VALIDATION_DATA, "validation-data") /* DSS, VRI */                                                     \
    X(FORM, "form")                       /* form fields filled in */                                        \
    X(ANNOTATION, "annotation")                                                                              \
    X(METADATA, "metadata")                                                                                  \
    X(OTHER, "other") /* anything else: the reason names it */
#define REVISION_CHANGE_ENUM(name, word) REVISION_##name,
enum revision_change { REVISION_CHANGES(REVISION_CHANGE_ENUM) REVISION_CHANGE_COUNT };
#undef REVISION_CHANGE_ENUM
const char *revision_change_name(enum revision_change change); /* "signature" … */

struct revision {
    uint64_t end;         /* bytes of the file up to its end: what --extract-revision saves */
    unsigned changes;     /* a bit for every revision_change: 1u << REVISION_FORM … */
    struct reason reason; /* of the first change that no signature before it allows; .text NULL: none */
};

struct verdict {
    struct finding *findings;
    size_t count, room;
    enum changed changed_after_signing;
    /* What the policy asks of all signatures together; profile_name is empty when it asks nothing. */
    enum check_result profile;
    char profile_name[64];
    struct revision *revisions; /* of a PDF, oldest first, from the first signed one on; the count may be 0 */
    size_t revision_count;
    unsigned first_revision; /* the number of revisions[0]; the first of a file is 1 */
    /* about the document as a whole: why no signature could be judged, a limit reached … */
    struct reason reasons[VERDICT_MAX_REASONS];
    size_t reason_count;
    struct wanted_list wanted; /* what might have helped, and is to be had from others */
};

/* A new finding at the end, all zero: INDETERMINATE. NULL without memory or above VERDICT_MAX_SIGNATURES. It
 * is valid until the next add. */
struct finding *verdict_add(struct verdict *verdict) MUST_USE;
/* Likewise; NULL without memory or above VERDICT_MAX_REVISIONS. */
struct revision *verdict_add_revision(struct verdict *verdict) MUST_USE;
/* Adds a line to the tree of checks; above VERDICT_MAX_CHECKS nothing is added. `arg` may be NULL. */
void finding_check(struct finding *finding, uint8_t depth, enum check_result result, const struct text *what,
                   const char *arg);
/* NULL above VERDICT_MAX_STAMPS. */
struct stamp_finding *finding_add_stamp(struct finding *finding, enum stamp_kind kind);
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
