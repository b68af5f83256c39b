/* What stands among the unsigned properties of a signature, and the timestamps among the signed ones (EN 319 132-1,
 * 5.2.8, 5.3 to 5.5 and annex A): validation data go to the evidence of the process, timestamps become stamps with
 * what they are about and what they prove. */
#pragma once

#include "signer/process.h"
#include "signer/xades_properties.h"

/* Which properties there are, for the name of the level. */
enum xades_property {
    XADES_SIGNATURE_STAMP = 1 << 0,
    XADES_CERTIFICATE_REFERENCES = 1 << 1,
    XADES_REVOCATION_REFERENCES = 1 << 2,
    XADES_REFERENCES_STAMP = 1 << 3,
    XADES_CERTIFICATE_VALUES = 1 << 4,
    XADES_REVOCATION_VALUES = 1 << 5,
    XADES_ARCHIVE_STAMP = 1 << 6
};

struct xades_stamps;
/* Reads them in document order; the signature and the properties stay where they are until it is freed. False only
 * for faults of ours. */
bool xades_stamps_read(struct xml_signature *signature, const struct xades_properties *properties,
                       struct evidence *evidence, struct xades_stamps **ret_stamps, struct error *err)
    MUST_USE;
void xades_stamps_free(struct xades_stamps **stamps);
unsigned xades_stamps_properties(const struct xades_stamps *stamps);
/* Oldest kind first. */
const struct stamp *xades_stamps_list(const struct xades_stamps *stamps, size_t *ret_count);
