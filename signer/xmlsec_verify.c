#include "signer/xmlsec_verify.h"

#include <pthread.h>
#include <stdio.h>
/* clang-format off: first, the others need it */
#include <xmlsec/xmlsec.h>
/* clang-format on */
#include <xmlsec/errors.h>
#include <xmlsec/io.h>
#include <xmlsec/openssl/app.h>
#include <xmlsec/openssl/crypto.h>
#include <xmlsec/openssl/evp.h>
#include <xmlsec/xmldsig.h>

static _Thread_local char first_complaint[XMLSEC_CAUSE_SIZE];

static void complain(const char *file, int line, const char *function, const char *object,
                     const char *subject, int reason, const char *message)
{
    (void)file;
    (void)line;
    (void)reason;
    if (!first_complaint[0])
        snprintf(first_complaint, sizeof(first_complaint), "%s: %s %s %s", function ? function : "",
                 object ? object : "", subject ? subject : "", message ? message : "");
}

static pthread_once_t once = PTHREAD_ONCE_INIT;
static bool ready;

static void init(void)
{
    if (xmlSecInit() < 0 || xmlSecOpenSSLAppInit(NULL) < 0 || xmlSecOpenSSLInit() < 0)
        return;
    xmlSecIOCleanupCallbacks(); /* files, HTTP and FTP: gone */
    xmlSecErrorsSetCallback(complain);
    ready = true;
}

bool xmlsec_init(void)
{
    pthread_once(&once, init);
    return ready;
}

static bool allow_transforms(xmlSecDSigCtx *context)
{
    const xmlSecTransformId signatures[] = {
        xmlSecTransformInclC14NId,           xmlSecTransformInclC14NWithCommentsId,
        xmlSecTransformInclC14N11Id,         xmlSecTransformInclC14N11WithCommentsId,
        xmlSecTransformExclC14NId,           xmlSecTransformExclC14NWithCommentsId,
        xmlSecOpenSSLTransformRsaSha1Id,     xmlSecOpenSSLTransformRsaSha256Id,
        xmlSecOpenSSLTransformRsaSha384Id,   xmlSecOpenSSLTransformRsaSha512Id,
        xmlSecOpenSSLTransformEcdsaSha1Id,   xmlSecOpenSSLTransformEcdsaSha256Id,
        xmlSecOpenSSLTransformEcdsaSha384Id, xmlSecOpenSSLTransformEcdsaSha512Id,
    };
    const xmlSecTransformId references[] = {
        xmlSecTransformInclC14NId,      xmlSecTransformInclC14NWithCommentsId,
        xmlSecTransformInclC14N11Id,    xmlSecTransformInclC14N11WithCommentsId,
        xmlSecTransformExclC14NId,      xmlSecTransformExclC14NWithCommentsId,
        xmlSecTransformEnvelopedId,     xmlSecTransformXPathId,
        xmlSecTransformXPath2Id,        xmlSecTransformXPointerId,
        xmlSecTransformBase64Id,        xmlSecOpenSSLTransformSha1Id,
        xmlSecOpenSSLTransformSha256Id, xmlSecOpenSSLTransformSha384Id,
        xmlSecOpenSSLTransformSha512Id,
    };
    for (size_t i = 0; i < COUNT_OF(signatures); i++)
        if (xmlSecDSigCtxEnableSignatureTransform(context, signatures[i]) < 0)
            return false;
    for (size_t i = 0; i < COUNT_OF(references); i++)
        if (xmlSecDSigCtxEnableReferenceTransform(context, references[i]) < 0)
            return false;
    return true;
}

static xmlSecKey *make_key(EVP_PKEY *key)
{
    EVP_PKEY_up_ref(key);
    xmlSecKeyData *value = xmlSecOpenSSLEvpKeyAdopt(key);
    if (!value)
        EVP_PKEY_free(key);
    xmlSecKey *made = value ? xmlSecKeyCreate() : NULL;
    if (made && xmlSecKeySetValue(made, value) == 0)
        return made;
    if (made)
        xmlSecKeyDestroy(made);
    if (value)
        xmlSecKeyDataDestroy(value);
    return NULL;
}

/* xmlSecDSigCtxVerify succeeds for a forged signature: what it found stands in the statuses. */
static enum xmlsec_answer read_answer(xmlSecDSigCtx *context)
{
    if (context->status == xmlSecDSigStatusSucceeded)
        return XMLSEC_GOOD;
    xmlSecSize count = xmlSecPtrListGetSize(&context->signedInfoReferences);
    for (xmlSecSize i = 0; i < count; i++) {
        const xmlSecDSigReferenceCtx *reference = xmlSecPtrListGetItem(&context->signedInfoReferences, i);
        if (reference->status != xmlSecDSigStatusSucceeded)
            return XMLSEC_DIGEST_DIFFERS;
    }
    return XMLSEC_SIGNATURE_DIFFERS;
}

enum xmlsec_answer xmlsec_verify(xmlNode *signature, EVP_PKEY *key, char ret_cause[static XMLSEC_CAUSE_SIZE])
{
    xmlSecDSigCtx context;
    enum xmlsec_answer answer = XMLSEC_CANNOT;
    first_complaint[0] = '\0';
    ret_cause[0] = '\0';
    if (xmlSecDSigCtxInitialize(&context, NULL) < 0)
        return XMLSEC_CANNOT;
    context.flags |= XMLSEC_DSIG_FLAGS_IGNORE_MANIFESTS; /* what they list is not what is signed here */
    context.enabledReferenceUris = xmlSecTransformUriTypeEmpty | xmlSecTransformUriTypeSameDocument;
    context.signKey = make_key(key);
    if (context.signKey && allow_transforms(&context) && xmlSecDSigCtxVerify(&context, signature) == 0)
        answer = read_answer(&context);
    xmlSecDSigCtxFinalize(&context);
    snprintf(ret_cause, XMLSEC_CAUSE_SIZE, "%s", first_complaint);
    return answer;
}
