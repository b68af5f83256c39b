/* The signatures of a PDF as its newest revision shows them, then those that an earlier one showed and a later
 * one dropped: found through the form, and what each one's
 * ByteRange covers, taken as good only when it is exact: it starts at byte 0, leaves out the digits of its
 * own /Contents with their brackets and nothing else, and ends where a revision ends (ISO 32000-1, 12.8.1;
 * EN 319 142-1, 5.2). */
#pragma once

#include "signer/pdf_form.h"
#include "signer/verdict.h"

enum pdf_sub_filter {
    PDF_FILTER_OTHER,
    PDF_FILTER_CADES,
    PDF_FILTER_DETACHED,
    PDF_FILTER_SHA1,
    PDF_FILTER_X509,
    PDF_FILTER_TIMESTAMP
};

enum { PDF_DATE_SIZE = 32 };

struct pdf_signature {
    char name[PDF_FIELD_NAME];
    uint32_t field, object;      /* numbers; object 0: the dictionary stands in the field itself */
    struct pdf_value dictionary; /* as it is written in the file; PDF_NULL when it stands elsewhere */
    char date[PDF_DATE_SIZE];    /* M */
    enum pdf_sub_filter filter;
    bool says_sig; /* a document timestamp whose Type is that of signatures */
    struct pdf_limits limits;
    uint32_t shown_by; /* a second field that shows it; 0: none */
    struct pdf_value contents;
    struct span before, after; /* what is signed, or is said to be; empty: not even that is clear */
    struct reason doubt;       /* something that nobody can rely on although the bytes may be exact */
    struct reason defect;      /* .text is NULL when ByteRange is exact; then: */
    size_t revision;
    uint64_t end;
};

struct pdf_signatures {
    struct pdf_signature *all;
    size_t count;
    char prepared[PDF_FIELD_NAME]; /* a field with room for a signature that nobody put there; or empty */
};

/* MALFORMED: the form cannot be walked. TOO_LARGE: more than VERDICT_MAX_SIGNATURES. */
bool pdf_signatures_find(struct pdf_document *document, struct pdf_signatures *ret_signatures,
                         struct error *err) MUST_USE;
/* Signatures by their looks, in a file whose structure cannot be followed: dictionaries with a ByteRange.
 * Exact is one that covers all of the file but its own digits: what is wrong was so when it was signed. The
 * others have `why` as their defect; names and revisions are not known. */
bool pdf_signatures_scan(struct span bytes, const struct error *why, struct pdf_signatures *ret_signatures,
                         struct error *err) MUST_USE;
bool pdf_signatures_add(struct pdf_signatures *signatures, const struct pdf_signature *signature,
                        struct error *err) MUST_USE;
void pdf_signatures_clear(struct pdf_signatures *signatures);
