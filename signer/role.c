#include "signer/role.h"

#include <openssl/x509v3.h>

/* Whether some value of that attribute starts with one of the words; `words` NULL: whether there is any. */
static bool subject_has(const X509_NAME *subject, const char *oid, const char *const *words)
{
    ASN1_OBJECT *type = OBJ_txt2obj(oid, 1);
    bool found = false;
    for (int at = -1;
         type && !found && (at = X509_NAME_get_index_by_OBJ((X509_NAME *)subject, type, at)) >= 0;) {
        unsigned char *text = NULL;
        if (ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))) < 0)
            continue;
        found = !words;
        for (size_t i = 0; words && words[i]; i++)
            found |= strncmp((const char *)text, words[i], strlen(words[i])) == 0;
        OPENSSL_free(text);
    }
    ASN1_OBJECT_free(type);
    return found;
}

static bool names_itself(const X509_NAME *subject)
{
    int cn = X509_NAME_get_index_by_NID((X509_NAME *)subject, NID_commonName, -1);
    if (cn < 0)
        return false;
    const ASN1_STRING *name = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, cn));
    static const int units[] = {NID_organizationName, NID_organizationalUnitName};
    for (size_t i = 0; i < COUNT_OF(units); i++)
        for (int at = -1; (at = X509_NAME_get_index_by_NID((X509_NAME *)subject, units[i], at)) >= 0;)
            if (ASN1_STRING_cmp(name, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at))) == 0)
                return true;
    return false;
}

/* EN 319 412-5, 4.2.3: id-etsi-qct-esign 0.4.0.1862.1.6.1, id-etsi-qct-eseal …6.2, as they stand in DER */
static enum signer_role role_by_statements(X509 *certificate)
{
    static const struct {
        struct span oid;
        enum signer_role role;
    } types[] = {{{(const uint8_t *)"\x06\x07\x04\x00\x8E\x46\x01\x06\x01", 9}, ROLE_PERSON},
                 {{(const uint8_t *)"\x06\x07\x04\x00\x8E\x46\x01\x06\x02", 9}, ROLE_AGENCY}};
    int at = X509_get_ext_by_NID(certificate, NID_qcStatements, -1);
    if (at < 0)
        return ROLE_UNKNOWN;
    const ASN1_OCTET_STRING *value = X509_EXTENSION_get_data(X509_get_ext(certificate, at));
    struct span der = span_of(ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value));
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (span_find(der, types[i].oid, 0) != SIZE_MAX)
            return types[i].role;
    return ROLE_UNKNOWN;
}

enum signer_role role_of(X509 *certificate)
{
    static const char *const citizen[] = {"CCCD", "CMND", "HC:", "PASSPORT", NULL};
    static const char *const office[] = {"MST", "MNS", NULL};
    const X509_NAME *subject = X509_get_subject_name(certificate);
    enum signer_role said = role_by_statements(certificate);
    if (said != ROLE_UNKNOWN)
        return said;
    if (subject_has(subject, "2.5.4.12", NULL) || subject_has(subject, "2.5.4.42", NULL)
        || subject_has(subject, "2.5.4.4", NULL) || subject_has(subject, "0.9.2342.19200300.100.1.1", citizen)
        || subject_has(subject, "2.5.4.5", citizen))
        return ROLE_PERSON;
    if (subject_has(subject, "2.5.4.97", NULL) || subject_has(subject, "0.9.2342.19200300.100.1.1", office)
        || names_itself(subject))
        return ROLE_AGENCY;
    return ROLE_PERSON;
}
