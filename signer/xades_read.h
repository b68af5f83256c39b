/* An XML signature taken apart (EN 319 102-1, 5.2.2): which algorithms it names, what each reference means. Only
 * what is understood goes on. For the xades_*.c files. */
#pragma once

#include "base/certificate.h"
#include "signer/verifier.h"
#include "signer/xml_reference.h"

enum { XADES_MAX_REFERENCES = 1024, XADES_MAX_CERTIFICATES = 64 };

struct xml_signature {
    xmlNode *element, *info, *value_element;
    const xmlNode *key_info; /* may be NULL */
    char id[XML_ID_SIZE];
    struct xml_signature_method method;
    struct xml_c14n c14n; /* of SignedInfo */
    struct buffer value;
    struct xml_place place;
    struct xml_reference *references;
    size_t reference_count;
    /* what signed manifests list; filled by xades_manifest_check */
    struct xml_reference *listed;
    size_t listed_count;
};

/* *ret_understood is false when it is not: the finding says why. `around`: where its references look; which signature is
 * this one's affair. False only for faults of ours. Cleared by the caller in any case. */
bool xml_signature_read(xmlNode *element, const struct xml_place *around, struct xml_signature *ret_signature,
                        bool *ret_understood, struct finding *finding, struct error *err) MUST_USE;
void xml_signature_clear(struct xml_signature *signature);
/* Reads every Reference inside an element into a new array; TOO_LARGE above XADES_MAX_REFERENCES. */
bool xml_references_read(const xmlNode *parent, const struct xml_place *place,
                         struct xml_reference **ret_references, size_t *ret_count, struct error *err)
    MUST_USE;

/* EN 319 102-1, 5.2.7: digests every reference; then the value, with that key. */
bool xml_references_check(struct xml_signature *signature, struct finding *finding, bool *ret_good,
                          struct error *err) MUST_USE;
bool xml_value_check(const struct xml_signature *signature, EVP_PKEY *key, struct finding *finding);

/* Whether it says of itself that it refers to SignedProperties, in any version of XAdES. */
bool xml_reference_to_properties(const struct xml_reference *reference);
/* "/KetQua/NoiDung[2]" */
void xml_path(const xmlNode *element, size_t size, char *ret_path);
