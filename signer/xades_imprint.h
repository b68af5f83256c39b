/* What an XAdES timestamp is about, digested (EN 319 132-1, 5.2.8, 5.3, 5.5.2, A.1.5). For xades_stamps.c. */
#pragma once

#include "signer/process.h"
#include "signer/xades_properties.h"

/* How a timestamp's content is put together. */
enum imprint_kind {
    IMPRINT_ALL_DATA,       /* AllDataObjectsTimeStamp */
    IMPRINT_SOME_DATA,      /* IndividualDataObjectsTimeStamp */
    IMPRINT_SIGNATURE,      /* SignatureTimeStamp */
    IMPRINT_AND_REFERENCES, /* SigAndRefsTimeStamp, of either version */
    IMPRINT_REFERENCES,     /* RefsOnlyTimeStamp */
    IMPRINT_ARCHIVE,        /* xadesv141:ArchiveTimeStamp */
    IMPRINT_ARCHIVE_OLD     /* xades:ArchiveTimeStamp, TS 101 903 V1.3.2, 7.7 */
};

struct imprint {
    enum imprint_kind kind;
    xmlNode *element; /* the timestamp property */
    struct xml_signature *signature;
    const struct xades_properties *properties;
};
/* Whether a timestamp about references is about this list of them, when it stands before it. */
bool xades_imprint_is_about_list(const struct imprint *imprint, const xmlNode *property);
/* As the digest function of struct signed_content, the context being a struct imprint. What cannot be put together has no
 * digest: it is of size 0 and like none. */
bool xades_imprint_digest(void *imprint, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                          struct error *err);
