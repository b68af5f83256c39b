/* What happened to a PDF behind its signatures (pdf_diff.h), said in a verdict. For pades_check.c. */
#pragma once

#include "signer/pdf_diff.h"

/* What the revisions behind the signed one did, for one signature: refused, or allowed and named. */
void pades_judge_changes(const struct pdf_document *document, const struct pdf_signature *signature,
                         const struct pdf_history *history, struct finding *finding,
                         enum changed *ret_changed);
/* Somebody went on with the document as its signatures allow: fields were filled in, comments made. What is
 * read now is more than what was signed, and no word for "changed" or "unchanged" fits. */
bool pades_was_continued(const struct pdf_history *history);
/* The revisions from the oldest signed one on. False without memory. */
bool pades_list_revisions(const struct pdf_document *document, const struct pdf_signatures *signatures,
                          const struct pdf_history *history, struct verdict *verdict) MUST_USE;
