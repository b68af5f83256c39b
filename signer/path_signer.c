/* The near end of a path: what its certificate was issued for, and what people call its owner. */
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "signer/path_text.h"
#include "signer/path_validate.h"
#include "signer/signer_text.h"

static void copy_part(const X509_NAME *name, int nid, size_t room, char *ret_text)
{
    int at = X509_NAME_get_index_by_NID((X509_NAME *)name, nid, -1);
    unsigned char *text = NULL;
    int size =
        at < 0 ? -1 : ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    if (size >= 0)
        text_clean((const char *)text, (size_t)size, room, ret_text);
    OPENSSL_free(text);
}

void finding_name_signer(struct finding *finding, X509 *signer)
{
    const X509_NAME *subject = X509_get_subject_name(signer);
    certificate_name(subject, sizeof(finding->subject), finding->subject);
    certificate_name(X509_get_issuer_name(signer), sizeof(finding->issuer), finding->issuer);
    copy_part(subject, NID_commonName, sizeof(finding->common_name), finding->common_name);
    copy_part(subject, NID_organizationName, sizeof(finding->organization), finding->organization);
    copy_part(subject, NID_title, sizeof(finding->title), finding->title);
    const ASN1_INTEGER *serial = X509_get0_serialNumber(signer);
    struct span bytes = span_of(ASN1_STRING_get0_data(serial), (size_t)ASN1_STRING_length(serial));
    hex_text(span_slice(bytes, 0, (sizeof(finding->serial) - 1) / 2), finding->serial);
    ERR_clear_error();
}

/* RFC 5280, 4.2.1.12: a certificate that names purposes may be used for those alone. Purposes we do not know
 * (document signing has several names) are taken as meant for documents; the four that never are, are
 * refused. */
static bool purpose_fits(X509 *signer)
{
    static const int never[] = {NID_server_auth, NID_code_sign, NID_time_stamp, NID_OCSP_sign};
    if (!(X509_get_extension_flags(signer) & EXFLAG_XKUSAGE))
        return true;
    EXTENDED_KEY_USAGE *purposes = X509_get_ext_d2i(signer, NID_ext_key_usage, NULL, NULL);
    bool fits = false;
    for (int i = 0; i < sk_ASN1_OBJECT_num(purposes) && !fits; i++) {
        int nid = OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes, i));
        fits = true;
        for (size_t k = 0; k < COUNT_OF(never); k++)
            fits = fits && nid != never[k];
    }
    EXTENDED_KEY_USAGE_free(purposes);
    return fits;
}

const struct text *certificate_may_not_sign(X509 *signer)
{
    uint32_t usage = X509_get_key_usage(signer); /* all ones when the extension is absent */
    if (!(usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)))
        return &TEXT_KEY_USAGE;
    if (X509_get_extension_flags(signer) & EXFLAG_CA)
        return &TEXT_SIGNER_IS_CA;
    return purpose_fits(signer) ? NULL : &TEXT_KEY_PURPOSE;
}

/* RFC 3161, 2.3: issued for timestamps and nothing else. */
static const struct text *may_not_stamp(X509 *signer)
{
    EXTENDED_KEY_USAGE *purposes = X509_get_ext_d2i(signer, NID_ext_key_usage, NULL, NULL);
    bool fits =
        sk_ASN1_OBJECT_num(purposes) == 1 && OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes, 0)) == NID_time_stamp;
    EXTENDED_KEY_USAGE_free(purposes);
    return fits ? NULL : &TEXT_STAMP_PURPOSE;
}

/* RFC 6960, 4.2.2.2: a delegated responder is marked as one; an authority answers for itself. */
static const struct text *may_not_answer(X509 *signer)
{
    uint32_t flags = X509_get_extension_flags(signer);
    bool marked = flags & EXFLAG_XKUSAGE && X509_get_extended_key_usage(signer) & XKU_OCSP_SIGN;
    return marked || flags & EXFLAG_CA ? NULL : &TEXT_PATH_OCSP_PURPOSE;
}

/* RFC 5280, 4.2.1.3 and 6.3.3 (f) */
static const struct text *may_not_list(X509 *signer)
{
    return X509_get_key_usage(signer) & KU_CRL_SIGN ? NULL : &TEXT_PATH_CRL_SIGN;
}

bool path_purpose_fits(X509 *certificate, enum path_purpose purpose, struct path_failure *ret_failure)
{
    static const struct text *(*const purposes[])(X509 * signer) = {
        [PATH_SIGN] = certificate_may_not_sign,
        [PATH_STAMP] = may_not_stamp,
        [PATH_OCSP] = may_not_answer,
        [PATH_CRL] = may_not_list,
        [PATH_ANY] = NULL,
    };
    const struct text *why = purposes[purpose] ? purposes[purpose](certificate) : NULL;
    ERR_clear_error();
    return !why || path_fail(ret_failure, SUB_CHAIN_CONSTRAINTS_FAILURE, why, certificate, NULL);
}
