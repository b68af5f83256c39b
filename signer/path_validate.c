/* RFC 5280, 6.1.3 to 6.1.5: each certificate from the anchor's own down to the signer's. */
#include "signer/path_validate.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#include "signer/path_text.h"
#include "signer/signer_text.h"

bool path_fail(struct path_failure *failure, enum sub_indication sub, const struct text *text,
               X509 *certificate, const char *more)
{
    *failure = (struct path_failure){.indication = INDETERMINATE, .sub = sub, .reason.text = text};
    if (certificate)
        certificate_name(X509_get_subject_name(certificate), TEXT_ARG_SIZE, failure->reason.arg[0]);
    if (more)
        text_clean(more, strlen(more), TEXT_ARG_SIZE, failure->reason.arg[1]);
    return false;
}

static X509_ALGOR *key_algorithm(X509 *certificate)
{
    X509_ALGOR *algorithm = NULL;
    X509_PUBKEY_get0_param(NULL, NULL, NULL, &algorithm, X509_get_X509_PUBKEY(certificate));
    return algorithm;
}

/* RFC 3279, 2.3.2 and 2.3.5: the kinds of key whose parameters may stand further up. */
bool path_key_inherits(X509 *certificate)
{
    const ASN1_OBJECT *kind = NULL;
    int type = V_ASN1_UNDEF;
    X509_ALGOR_get0(&kind, &type, NULL, key_algorithm(certificate));
    int nid = OBJ_obj2nid(kind);
    return (nid == NID_dsa || nid == NID_X9_62_id_ecPublicKey)
           && (type == V_ASN1_UNDEF || type == V_ASN1_NULL);
}

bool path_signed_by(X509 *certificate, EVP_PKEY *key)
{
    bool good = key && X509_verify(certificate, key) == 1;
    ERR_clear_error();
    return good;
}

/* The key with the parameters from further up: OpenSSL reads none without. */
static EVP_PKEY *key_made_whole(X509 *certificate, X509_ALGOR *above)
{
    const unsigned char *bits = NULL;
    int size = 0;
    unsigned char *der = NULL;
    X509_PUBKEY *whole = X509_PUBKEY_new();
    EVP_PKEY *key = NULL;
    X509_PUBKEY_get0_param(NULL, &bits, &size, NULL, X509_get_X509_PUBKEY(certificate));
    unsigned char *copy = OPENSSL_memdup(bits, (size_t)size);
    X509_ALGOR *into = NULL;
    if (whole && copy
        && X509_PUBKEY_set0_param(whole, OBJ_nid2obj(OBJ_obj2nid(above->algorithm)), V_ASN1_UNDEF, NULL, copy,
                                  size)
               == 1) {
        copy = NULL;
        X509_PUBKEY_get0_param(NULL, NULL, NULL, &into, whole);
        if (X509_ALGOR_copy(into, above) == 1)
            size = i2d_X509_PUBKEY(whole, &der);
        const unsigned char *start = der;
        key = der ? d2i_PUBKEY(NULL, &start, size) : NULL;
    }
    OPENSSL_free(copy);
    OPENSSL_free(der);
    X509_PUBKEY_free(whole);
    return key;
}

/* 6.1.3 (a) (1) with 6.1.4 (d) to (f), only where a key takes its parameters from above it; every other signature
 * was verified when the path was put together. */
static bool check_inherited(X509 *const *certificates, size_t count, struct path_failure *ret_failure)
{
    X509_ALGOR *above = NULL;
    for (size_t i = count; i-- > 1;) {
        X509_ALGOR *own = key_algorithm(certificates[i]);
        if (!path_key_inherits(certificates[i])) {
            above = own;
            continue;
        }
        bool same = above && OBJ_cmp(above->algorithm, own->algorithm) == 0;
        EVP_PKEY *key CLEANUP(evp_pkey_clear) = same ? key_made_whole(certificates[i], above) : NULL;
        if (!path_signed_by(certificates[i - 1], key))
            return path_fail(ret_failure, SUB_NO_CERTIFICATE_CHAIN_FOUND, &TEXT_PATH_SIGNATURE,
                             certificates[i - 1], NULL);
    }
    return true;
}

/* What is processed here or, for distribution points, where revocation is judged; RFC 3739, 3.2.6 lets
 * qcStatements be critical, and what they state stands in nobody's way. */
static bool is_processed(int nid)
{
    static const int processed[] = {NID_key_usage,
                                    NID_basic_constraints,
                                    NID_subject_alt_name,
                                    NID_ext_key_usage,
                                    NID_certificate_policies,
                                    NID_policy_constraints,
                                    NID_policy_mappings,
                                    NID_inhibit_any_policy,
                                    NID_name_constraints,
                                    NID_crl_distribution_points,
                                    NID_qcStatements,
                                    NID_issuer_alt_name};
    for (size_t i = 0; i < COUNT_OF(processed); i++)
        if (nid == processed[i])
            return true;
    return false;
}

enum { MAX_EXTENSIONS = 64 };

/* 6.1.4 (o), 6.1.5 (f); 4.2: at most one of each, and readable */
static bool check_extensions(X509 *certificate, struct path_failure *ret_failure)
{
    int count = X509_get_ext_count(certificate);
    bool broken = X509_get_extension_flags(certificate) & EXFLAG_INVALID || count > MAX_EXTENSIONS;
    for (int i = 0; i < count && !broken; i++) {
        X509_EXTENSION *extension = X509_get_ext(certificate, i);
        ASN1_OBJECT *object = X509_EXTENSION_get_object(extension);
        char name[TEXT_ARG_SIZE] = "?";
        broken = X509_get_ext_by_OBJ(certificate, object, i) >= 0;
        if (broken || !X509_EXTENSION_get_critical(extension) || is_processed(OBJ_obj2nid(object)))
            continue;
        OBJ_obj2txt(name, sizeof(name), object, 0);
        return path_fail(ret_failure, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE, &TEXT_PATH_EXTENSION,
                         certificate, name);
    }
    return !broken
           || path_fail(ret_failure, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE, &TEXT_PATH_EXTENSIONS_BROKEN,
                        certificate, NULL);
}

static bool is_self_issued(X509 *certificate)
{
    return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

/* 6.1.4 (k) to (n): whoever issues a certificate is an authority, and may go that deep. The anchor is asked too
 * (RFC 5937, 3.2), but may be of version 1. */
static bool check_issuer(X509 *const *certificates, size_t at, size_t count, struct path_failure *ret_failure)
{
    X509 *issuer = certificates[at];
    uint32_t flags = X509_get_extension_flags(issuer);
    bool old_anchor = at == count - 1 && flags & EXFLAG_V1;
    if (!(flags & EXFLAG_CA) && !old_anchor)
        return path_fail(ret_failure, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_CHAIN_NOT_A_CA, issuer, NULL);
    if (!(X509_get_key_usage(issuer) & KU_KEY_CERT_SIGN))
        return path_fail(ret_failure, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_PATH_CERT_SIGN, issuer, NULL);
    long below = 0;
    for (size_t i = 1; i < at; i++) /* intermediates below, the self-issued not counted */
        below += !is_self_issued(certificates[i]);
    long most = X509_get_pathlen(issuer);
    return most < 0 || below <= most
           || path_fail(ret_failure, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_PATH_TOO_LONG, issuer, NULL);
}

/* 6.1.3 (b), (c) and 6.1.4 (g): the names of everything below an authority. */
static bool check_names(X509 *const *certificates, size_t at, struct path_failure *ret_failure)
{
    int critical = -1;
    NAME_CONSTRAINTS *constraints = X509_get_ext_d2i(certificates[at], NID_name_constraints, &critical, NULL);
    bool good = constraints || critical == -1;
    X509 *wrong = good ? NULL : certificates[at];
    for (size_t i = at; constraints && good && i-- > 0;)
        if ((i == 0 || !is_self_issued(certificates[i]))
            && NAME_CONSTRAINTS_check(certificates[i], constraints) != X509_V_OK) {
            good = false;
            wrong = certificates[i];
        }
    NAME_CONSTRAINTS_free(constraints);
    ERR_clear_error();
    return good || path_fail(ret_failure, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_PATH_NAMES, wrong, NULL);
}

static bool check_policies(const struct path_inputs *inputs, X509 *const *certificates, size_t count,
                           struct path_failure *ret_failure)
{
    if (count == 1)
        return true; /* the path has no certificate but the anchor's own */
    struct path_policies *policies CLEANUP(path_policies_free) = path_policies_new(inputs, count - 1);
    if (!policies)
        return path_fail(ret_failure, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE, &TEXT_PATH_POLICY, NULL, NULL);
    for (size_t i = count - 1; i-- > 0;) {
        if (!path_policies_take(policies, certificates[i], i == 0, ret_failure)
            || (i > 0 && !path_policies_prepare(policies, certificates[i], ret_failure)))
            return false;
    }
    return path_policies_end(policies, certificates[0], ret_failure);
}

bool path_valid(const struct path_inputs *inputs, X509 *const *certificates, size_t count,
                struct path_failure *ret_failure)
{
    if (!check_inherited(certificates, count, ret_failure))
        return false;
    for (size_t i = count; i-- > 0;)
        if ((i > 0 && !check_issuer(certificates, i, count, ret_failure))
            || (i + 1 < count && !check_extensions(certificates[i], ret_failure))
            || (i > 0 && !check_names(certificates, i, ret_failure)))
            return false;
    return check_policies(inputs, certificates, count, ret_failure);
}
