/* One signer of a SignedData looked at: the building blocks of EN 319 102-1 that need its bytes (5.2.2 format,
 * 5.2.3 signing certificate, 5.2.7 cryptographic verification). For the CMS rooms alone. */
#pragma once

#include "signer/cms_verify.h"
#include "signer/timestamp.h"

enum cms_kind {
    CMS_DOCUMENT, /* a CMS file or a member of a container */
    CMS_PADES,    /* ETSI.CAdES.detached */
    CMS_PDF,      /* adbe.pkcs7.detached */
    CMS_PDF_SHA1, /* adbe.pkcs7.sha1: the encapsulated content is the SHA-1 of the content */
    CMS_TOKEN,    /* a timestamp token: the encapsulated content is a TSTInfo about the content */
    CMS_COUNTER   /* a counter-signature: the content is another signature's value */
};

struct cms_look {
    /* given */
    struct process *process;
    enum cms_kind kind;
    const struct cms_signed_data *data;
    const struct signed_content *content; /* NULL: not at hand */
    const struct detached *file; /* the content itself where it stands outside the CMS; may be NULL */
    struct finding *finding;
    /* found */
    struct cms_signer signer;
    struct cms_signed_attributes attributes;
    struct cms_algorithms algorithms;
    enum digest_algorithm outer; /* of the content, where the signature is about a digest of it */
    struct timestamp stamp;
    X509 *certificate;
    struct span certificate_der;
};

/* `info` is the content of a SignerInfo; certificates and revocation data of the SignedData are among the
 * evidence already. *ret_good says whether anything is left to judge: the finding has not failed. False only
 * for faults of ours. */
bool cms_look(struct cms_look *look, struct span info, bool *ret_good, struct error *err) MUST_USE;
void cms_look_clear(struct cms_look *look);

/* The facts without stamps. */
struct signed_facts cms_facts(const struct cms_look *look);
