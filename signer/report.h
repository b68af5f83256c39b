/* The faces of a verdict: JSON (schemas/verdict.schema.json), one screen for a person, the tree of checks, and the
 * validation report of ETSI TS 119 102-2 (schemas/validation-report.xsd). Knows how things are said, nothing of how they
 * were found. Threads may call everything. */
#pragma once

#include <jansson.h>

#include "base/digest.h"
#include "signer/verdict.h"

/* One word for a citizen: "genuine" (all TOTAL-PASSED), "changed" (bytes or content changed after signing,
 * or a broken signature), "unsigned", "unknown" (anything else). */
const char *report_conclusion(const struct verdict *verdict);
/* New reference: {"file","conclusion","signatures":[…],"document":{…}} */
json_t *report_json(const char *file, const struct verdict *verdict) MUST_USE;
/* New reference: {"file","error":{"code","vi","en"}} for a file that could not be looked at. */
json_t *report_error_json(const char *file, const struct error *err) MUST_USE;
/* One screen. */
void report_simple(const char *file, const struct verdict *verdict, enum language language,
                   struct buffer *ret_text);
/* The same, and below every signature its timestamps and the tree of checks, clause by clause. */
void report_detailed(const char *file, const struct verdict *verdict, enum language language,
                     struct buffer *ret_text);

/* What the report is about, for ETSI TS 119 102-2. */
struct report_about {
    const char *file;
    struct digest_value digest; /* SHA-256 of the document */
    int64_t at_ms;              /* when it was judged */
    const char *policy;         /* the policy's name */
};
/* The XML of clause 4: one SignatureValidationReport a signature. Unsigned: whoever wants it signed signs it like any
 * other XML document (its ds:Signature is the last child, as the schema wants it). */
void report_etsi(const struct report_about *about, const struct verdict *verdict, struct buffer *ret_xml);
/* The simple report on A4, in both languages, fonts embedded, text selectable. UNSUPPORTED without pango. */
bool report_pdf(const struct report_about *about, const struct verdict *verdict, struct buffer *ret_pdf,
                struct error *err) MUST_USE;

/* Any of them by name. */
enum report_kind { REPORT_SIMPLE, REPORT_DETAILED, REPORT_ETSI, REPORT_PDF, REPORT_KINDS };
/* "simple" …; REPORT_KINDS for a word that names none, REPORT_SIMPLE for NULL. */
enum report_kind report_kind_of(const char *word);
const char *report_content_type(enum report_kind kind);
bool report_write(enum report_kind kind, const struct report_about *about, const struct verdict *verdict,
                  enum language language, struct buffer *ret_report, struct error *err) MUST_USE;
