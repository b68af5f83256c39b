/* What happened to a PDF behind its signatures (pdf_diff.h), said in a verdict. For pades_check.c. */
#pragma once

#include "signer/pdf_diff.h"

/* What the revisions behind the signed one did, for one signature: refused, or allowed and named. */
void pades_judge_changes(const struct pdf_document *document, const struct pdf_signature *signature,
                         const struct pdf_history *history, struct finding *finding,
                         enum changed *ret_changed);
/* The revisions from the oldest signed one on. False without memory. */
bool pades_list_revisions(const struct pdf_document *document, const struct pdf_signatures *signatures,
                          const struct pdf_history *history, struct verdict *verdict) MUST_USE;
