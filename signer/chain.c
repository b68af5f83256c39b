/* The signer's certificate and the path to an anchor: EN 319 102-1, 5.2.6, over OpenSSL's RFC 5280 path
 * validation. */
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <time.h>

#include "base/base_text.h"
#include "base/clock.h"
#include "signer/cms.h"
#include "signer/path.h"
#include "signer/signer_text.h"

enum {
    CHAIN_MAX_DEPTH = 10,
    CHAIN_AUTH_LEVEL = 2 /* OpenSSL's scale: 112 bits, RSA-2048, no SHA-1 (ETSI TS 119 312) */
};

DEFINE_CLEANUP(X509_STORE_CTX *, store_context_clear, X509_STORE_CTX_free)
typedef STACK_OF(X509) certificate_stack;
DEFINE_CLEANUP(certificate_stack *, stack_clear, sk_X509_free)

struct judging {
    struct finding *finding;
    bool revocation_missing;
};

static void day_of(const ASN1_TIME *time, char ret_day[static CLOCK_TEXT_SIZE])
{
    struct tm utc;
    if (time && ASN1_TIME_to_tm(time, &utc) == 1)
        clock_person((int64_t)timegm(&utc) * 1000, ret_day);
    else
        snprintf(ret_day, CLOCK_TEXT_SIZE, "?");
}

static void worsen(struct judging *j, enum sub_indication sub, const struct text *text, const char *arg)
{
    finding_worsen(j->finding, sub == SUB_NOT_YET_VALID ? TOTAL_FAILED : INDETERMINATE, sub, text, arg, NULL);
}

static void out_of_date(struct judging *j, X509_STORE_CTX *context, bool expired)
{
    X509 *certificate = X509_STORE_CTX_get_current_cert(context);
    char day[CLOCK_TEXT_SIZE];
    day_of(expired ? X509_get0_notAfter(certificate) : X509_get0_notBefore(certificate), day);
    if (X509_STORE_CTX_get_error_depth(context) > 0) {
        char name[TEXT_ARG_SIZE] = "";
        certificate_name(X509_get_subject_name(certificate), sizeof(name), name);
        worsen(j, SUB_OUT_OF_BOUNDS_NO_POE, &TEXT_AUTHORITY_OUT_OF_DATE, name);
    } else if (expired) {
        worsen(j, SUB_OUT_OF_BOUNDS_NO_POE, &TEXT_CERTIFICATE_EXPIRED, day);
    } else {
        worsen(j, SUB_NOT_YET_VALID, &TEXT_CERTIFICATE_NOT_YET, day);
    }
}

static void revoked(struct judging *j, X509_STORE_CTX *context)
{
    X509 *certificate = X509_STORE_CTX_get_current_cert(context);
    X509_REVOKED *entry = NULL;
    char what[TEXT_ARG_SIZE] = "?";
    if (X509_STORE_CTX_get_error_depth(context) > 0) {
        certificate_name(X509_get_subject_name(certificate), sizeof(what), what);
        worsen(j, SUB_REVOKED_CA_NO_POE, &TEXT_AUTHORITY_REVOKED, what);
        return;
    }
    X509_CRL *crl = X509_STORE_CTX_get0_current_crl(context);
    if (crl && X509_CRL_get0_by_cert(crl, &entry, certificate) > 0)
        day_of(X509_REVOKED_get0_revocationDate(entry), what);
    worsen(j, SUB_REVOKED_NO_POE, &TEXT_CERTIFICATE_REVOKED, what);
}

/* Called by OpenSSL for everything it finds; 1 means "noted, go on". */
static int noticed(int good, X509_STORE_CTX *context)
{
    struct judging *j = X509_STORE_CTX_get_app_data(context);
    int why = X509_STORE_CTX_get_error(context);
    const char *said = X509_verify_cert_error_string(why);
    if (good)
        return 1;
    switch (why) {
    case X509_V_ERR_UNABLE_TO_GET_CRL: /* the root's own is never there */
        j->revocation_missing |= X509_self_signed(X509_STORE_CTX_get_current_cert(context), 0) != 1;
        return 1;
    case X509_V_ERR_CRL_HAS_EXPIRED:
    case X509_V_ERR_CRL_NOT_YET_VALID:
        j->revocation_missing = true;
        return 1;
    case X509_V_ERR_CERT_REVOKED:
        revoked(j, context);
        return 1;
    case X509_V_ERR_CERT_HAS_EXPIRED:
    case X509_V_ERR_CERT_NOT_YET_VALID:
        out_of_date(j, context, why == X509_V_ERR_CERT_HAS_EXPIRED);
        return 1;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK:
        worsen(j, SUB_CRYPTO_CONSTRAINTS_FAILURE_NO_POE, &TEXT_ALGORITHM_WEAK, said);
        return 1;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
        worsen(j, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_CHAIN_NOT_A_CA, said);
        return 0;
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
        worsen(j, SUB_TRY_LATER, &TEXT_REVOCATION_BROKEN, said);
        return 0;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE: /* a root of the same name, but not the one */
        worsen(j, SUB_NO_CERTIFICATE_CHAIN_FOUND, &TEXT_CHAIN_NOT_FOUND, NULL);
        return 0;
    default:
        worsen(j, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE, &TEXT_CHAIN_BROKEN, said);
        return 0;
    }
}

/* RFC 3161, 2.3: issued for timestamps and nothing else. */
static const struct text *certificate_may_not_stamp(X509 *signer)
{
    EXTENDED_KEY_USAGE *purposes = X509_get_ext_d2i(signer, NID_ext_key_usage, NULL, NULL);
    bool fits =
        sk_ASN1_OBJECT_num(purposes) == 1 && OBJ_obj2nid(sk_ASN1_OBJECT_value(purposes, 0)) == NID_time_stamp;
    EXTENDED_KEY_USAGE_free(purposes);
    return fits ? NULL : &TEXT_STAMP_PURPOSE;
}

static bool add_others(certificate_stack *between, certificate_stack *owned,
                       const struct certificates *others)
{
    for (size_t i = 0; others && i < others->count; i++) {
        struct error unreadable = {0};
        X509 *other = NULL;
        if (!certificate_read(buffer_span(&others->der[i]), &other, &unreadable))
            continue; /* it may stand in the way of nothing */
        if (sk_X509_push(owned, other) <= 0) {
            X509_free(other);
            return false;
        }
        if (sk_X509_push(between, other) <= 0)
            return false;
    }
    return true;
}

/* RFC 5280, 6.1.4 (k): OpenSSL accepts an issuer that has keyCertSign but no basicConstraints. */
static void check_issuers(struct judging *j, X509_STORE_CTX *context)
{
    const certificate_stack *chain = X509_STORE_CTX_get0_chain(context);
    for (int i = 1; i + 1 < sk_X509_num(chain); i++) {
        X509 *issuer = sk_X509_value(chain, i);
        char name[TEXT_ARG_SIZE] = "";
        if (X509_check_ca(issuer) == 1)
            continue;
        certificate_name(X509_get_subject_name(issuer), sizeof(name), name);
        worsen(j, SUB_CHAIN_CONSTRAINTS_FAILURE, &TEXT_CHAIN_NOT_A_CA, name);
    }
}

static bool run(struct judging *j, const struct trust *trust, int64_t at_ms, X509 *signer,
                certificate_stack *between)
{
    X509_STORE_CTX *context CLEANUP(store_context_clear) = X509_STORE_CTX_new();
    if (!context || X509_STORE_CTX_init(context, trust_store(trust), signer, between) != 1)
        return false;
    X509_VERIFY_PARAM *params = X509_STORE_CTX_get0_param(context);
    X509_VERIFY_PARAM_set_time(params, (time_t)(at_ms / 1000));
    X509_VERIFY_PARAM_set_depth(params, CHAIN_MAX_DEPTH);
    X509_VERIFY_PARAM_set_auth_level(params, CHAIN_AUTH_LEVEL);
    if (trust_has_crls(trust))
        X509_VERIFY_PARAM_set_flags(params, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL);
    else
        j->revocation_missing = true;
    X509_STORE_CTX_set_app_data(context, j);
    X509_STORE_CTX_set_verify_cb(context, noticed);
    if (X509_verify_cert(context) == 1)
        check_issuers(j, context);
    else if (j->finding->sub == SUB_NONE) /* it stopped without asking us */
        worsen(j, SUB_CERTIFICATE_CHAIN_GENERAL_FAILURE, &TEXT_CHAIN_BROKEN,
               X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
    ERR_clear_error();
    return true;
}

bool chain_judge(const struct trust *trust, int64_t at_ms, X509 *signer, const struct certificates *others,
                 struct finding *finding, struct error *err)
{
    const struct text *why = finding->kind == FINDING_TIMESTAMP ? certificate_may_not_stamp(signer)
                                                                : certificate_may_not_sign(signer);
    struct judging j = {.finding = finding};
    if (why)
        worsen(&j, SUB_CHAIN_CONSTRAINTS_FAILURE, why, NULL);
    if (!trust || trust_anchor_count(trust) == 0) {
        worsen(&j, SUB_NO_CERTIFICATE_CHAIN_FOUND, &TEXT_NO_ANCHORS, NULL);
        return true;
    }

    certificate_stack *between CLEANUP(stack_clear) = sk_X509_dup(trust_intermediates(trust));
    certificate_stack *owned = sk_X509_new_null();
    bool done = between && owned && add_others(between, owned, others)
                && run(&j, trust, at_ms ? at_ms : clock_now_ms(&clock_system), signer, between);
    sk_X509_pop_free(owned, X509_free);
    if (!done)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    if (j.revocation_missing)
        finding_reason(finding, &TEXT_REVOCATION_NOT_CHECKED, NULL);
    return true;
}
