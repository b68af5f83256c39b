#include "signer/timestamp_client.h"

#include <openssl/objects.h>
#include <stdio.h>

#include "base/base_text.h"
#include "base/fetch.h"
#include "signer/algorithms.h"
#include "signer/der.h"
#include "signer/path.h"
#include "signer/timestamp.h"
#include "signer/timestamp_text.h"

enum {
    HTTP_OK = 200,
    KEY_MIN_BITS = 112,          /* of security: RSA-2048, P-256 (ETSI TS 119 312) */
    STATUS_GRANTED_WITH_MODS = 1 /* PKIStatus (RFC 3161, 2.4.2): above, there is no token */
};

DEFINE_CLEANUP(ASN1_OBJECT *, object_clear, ASN1_OBJECT_free)

/* One timestamp that is wanted, from whoever gives it. */
struct wish {
    const struct timestamp_authorities *authorities;
    const char *url; /* of the one that is asked now */
    struct digest_value imprint;
    ASN1_OBJECT *policy; /* NULL: any */
    uint8_t nonce[TIMESTAMP_NONCE_SIZE];
};

/* ---- the request */

static struct span wished_policy(const struct wish *wish)
{
    return wish->policy ? span_of(OBJ_get0_data(wish->policy), OBJ_length(wish->policy)) : (struct span){0};
}

/* The content of an INTEGER: positive, in its shortest form (X.690, 8.3.2). */
static void make_nonce(struct wish *wish)
{
    random_bytes(wish->nonce, sizeof(wish->nonce));
    wish->nonce[0] = (wish->nonce[0] & 0x7F) | 0x40;
}

/* TimeStampReq (RFC 3161, 2.4.1) */
static void write_request(const struct wish *wish, struct buffer *out)
{
    static const uint8_t version[] = {1}, yes[] = {0xFF};
    size_t request = der_open(out, DER_SEQUENCE);
    der_write(out, DER_INTEGER, span_of(version, sizeof(version)));
    size_t imprint = der_open(out, DER_SEQUENCE), algorithm = der_open(out, DER_SEQUENCE);
    der_write(out, DER_OID, digest_oid(DIGEST_SHA256));
    der_write(out, DER_NULL, (struct span){0}); /* older authorities take no absent parameters */
    der_close(out, algorithm);
    der_write(out, DER_OCTETS, digest_span(&wish->imprint));
    der_close(out, imprint);
    if (wish->policy)
        der_write(out, DER_OID, wished_policy(wish));
    der_write(out, DER_INTEGER, span_of(wish->nonce, sizeof(wish->nonce)));
    der_write(out, DER_BOOLEAN, span_of(yes, sizeof(yes))); /* certReq: the token is to stand for itself */
    der_close(out, request);
}

/* ---- the answer */

bool timestamp_answer_read(struct span answer, struct timestamp_answer *ret_answer)
{
    struct reader whole = reader_of(answer), r = der_enter(&whole, DER_SEQUENCE),
                  status = der_enter(&r, DER_SEQUENCE); /* its texts and failInfo are for people to read */
    struct timestamp_answer read = {.status = der_small(&status)};
    if (r.left.size > 0) {
        struct der_value token = der_any(&r);
        r.failed |= token.tag != DER_SEQUENCE;
        read.token = token.whole;
    }
    if (whole.failed || whole.left.size != 0 || r.failed || r.left.size != 0 || status.failed)
        return false;
    *ret_answer = read;
    return true;
}

#define refuse(wish, err, text, ...) fail(err, ERR_PEER_AWAY, text, (wish)->url, ##__VA_ARGS__)

static bool receive(const struct wish *wish, struct fetch_answer *ret_answer, struct error *err)
{
    static const char *const headers[] = {"Content-Type: application/timestamp-query",
                                          "Accept: application/timestamp-reply", NULL}; /* RFC 3161, 3.4 */
    struct buffer request CLEANUP(buffer_clear) = {0};
    char status[16];
    int64_t deadline = wish->authorities->deadline_ms;
    write_request(wish, &request);
    if (request.failed)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    const struct fetch_request question = {.method = "POST",
                                           .url = wish->url,
                                           .headers = headers,
                                           .body = buffer_span(&request),
                                           .deadline_ms = deadline ? deadline : TIMESTAMP_DEADLINE_MS,
                                           .limit = TIMESTAMP_MAX_ANSWER,
                                           .allow_private = true};
    if (!fetch(&question, ret_answer, err))
        return false;
    snprintf(status, sizeof(status), "%d", ret_answer->status);
    return ret_answer->status == HTTP_OK || refuse(wish, err, &TEXT_TSA_HTTP, status);
}

static bool read_answer(const struct wish *wish, struct span bytes, struct span *ret_token, struct error *err)
{
    struct timestamp_answer answer;
    char number[16];
    if (!timestamp_answer_read(bytes, &answer))
        return refuse(wish, err, &TEXT_TSA_ANSWER_MALFORMED);
    snprintf(number, sizeof(number), "%u", answer.status);
    if (answer.status > STATUS_GRANTED_WITH_MODS || answer.token.size == 0)
        return refuse(wish, err, &TEXT_TSA_REFUSED, number);
    snprintf(number, sizeof(number), "%d", TIMESTAMP_MAX_TOKEN);
    if (answer.token.size > TIMESTAMP_MAX_TOKEN)
        return refuse(wish, err, &TEXT_TSA_TOKEN_TOO_LARGE, number);
    *ret_token = answer.token;
    return true;
}

/* ---- the token */

/* Another digest than was asked for is not about what was sent. */
static bool digest_imprint(void *context, enum digest_algorithm algorithm, struct digest_value *ret_digest,
                           struct error *err)
{
    const struct wish *wish = context;
    (void)err;
    *ret_digest = algorithm == DIGEST_SHA256 ? wish->imprint : (struct digest_value){0};
    return true;
}

/* What timestamp_open has found out. */
static bool is_sound(const struct wish *wish, const struct finding *finding, struct error *err)
{
    const char *sub = sub_indication_name(finding->sub);
    switch (finding->sub) {
    case SUB_NONE:
        return true;
    case SUB_HASH_FAILURE:
        return refuse(wish, err, &TEXT_TSA_OTHER_IMPRINT);
    case SUB_SIG_CRYPTO_FAILURE:
        return refuse(wish, err, &TEXT_TSA_FORGED);
    case SUB_NO_SIGNING_CERTIFICATE_FOUND:
        return refuse(wish, err, &TEXT_TSA_SIGNER_ABSENT);
    case SUB_CHAIN_CONSTRAINTS_FAILURE:
        return refuse(wish, err, &TEXT_TSA_SIGNER_PURPOSE);
    default:
        return refuse(wish, err, &TEXT_TSA_TOKEN_BROKEN, sub);
    }
}

static bool answers_us(const struct wish *wish, const struct timestamp *says, struct error *err)
{
    if (!span_equal(says->nonce, span_of(wish->nonce, sizeof(wish->nonce))))
        return refuse(wish, err, &TEXT_TSA_OTHER_NONCE);
    if (wish->policy && !span_equal(says->policy, wished_policy(wish)))
        return refuse(wish, err, &TEXT_TSA_OTHER_POLICY);
    return true;
}

static bool is_strong(const struct wish *wish, const struct signed_facts *facts, struct error *err)
{
    const EVP_PKEY *key = X509_get0_pubkey(facts->signer);
    char name[64];
    for (size_t i = 0; i < facts->use_count; i++)
        if (digest_is_weak(facts->uses[i].digest))
            return refuse(wish, err, &TEXT_TSA_WEAK, digest_name(facts->uses[i].digest));
    snprintf(name, sizeof(name), "%.32s %d", EVP_PKEY_get0_type_name(key), EVP_PKEY_get_bits(key));
    return EVP_PKEY_get_security_bits(key) >= KEY_MIN_BITS || refuse(wish, err, &TEXT_TSA_WEAK, name);
}

/* RFC 5280, 4.1.2.5: its certificate at the token's time. */
static bool is_in_force(const struct wish *wish, const struct timestamp_facts *opened, struct error *err)
{
    time_t at = (time_t)(opened->says.time_ms / 1000);
    bool good = X509_cmp_time(X509_get0_notBefore(opened->signer), &at) < 0
                && X509_cmp_time(X509_get0_notAfter(opened->signer), &at) > 0;
    return good || refuse(wish, err, &TEXT_TSA_SIGNER_OUT_OF_DATE);
}

/* All certificates of the path below its anchor, and the trust in that, at the token's time. */
static bool path_in_force(const struct path *path, int64_t at_ms)
{
    int64_t from, until;
    for (size_t i = 0; i + 1 < path->count; i++)
        if (!path_validity(path, i, &from, &until) || at_ms < from || at_ms > until)
            return false;
    return trust_anchor_in_force(path->anchor, path_uses(PATH_STAMP), at_ms);
}

static bool is_trusted(const struct wish *wish, struct process *process, const struct timestamp_facts *opened,
                       struct error *err)
{
    struct path path CLEANUP(path_clear) = {0};
    struct path_failure why = {0};
    const struct trust *trust = wish->authorities->trust;
    if (!trust)
        return true;
    if (!path_find(trust, process_evidence(process), opened->signer, PATH_STAMP, opened->says.time_ms, &path,
                   &why, err))
        return false;
    bool good = path.count > 0 && path_in_force(&path, opened->says.time_ms);
    return good || refuse(wish, err, &TEXT_TSA_SIGNER_UNKNOWN);
}

static bool check_token(struct wish *wish, struct span token, struct error *err)
{
    struct process *process CLEANUP(process_free) = process_new(&(struct verification){0});
    struct timestamp_facts opened CLEANUP(timestamp_facts_clear) = {0};
    struct finding *finding CLEANUP(free_clear) = calloc(1, sizeof(*finding));
    const struct signed_content content = {digest_imprint, wish};
    if (!process || !finding)
        return fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    finding->kind = FINDING_TIMESTAMP;
    return timestamp_open(token, &content, process, &opened, finding, err) && is_sound(wish, finding, err)
           && answers_us(wish, &opened.says, err) && is_strong(wish, &opened.facts, err)
           && is_in_force(wish, &opened, err) && is_trusted(wish, process, &opened, err);
}

/* ---- one after the other */

static bool ask_one(struct wish *wish, struct buffer *ret_token, struct error *err)
{
    struct fetch_answer answer CLEANUP(fetch_answer_clear) = {0};
    struct span token;
    make_nonce(wish);
    if (!receive(wish, &answer, err) || !read_answer(wish, buffer_span(&answer.body), &token, err)
        || !check_token(wish, token, err))
        return false;
    buffer_append(ret_token, token);
    return !ret_token->failed || fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
}

/* What asking another one will not mend. */
static bool is_ours(const struct error *err)
{
    return err->code == ERR_USAGE || err->code == ERR_INTERNAL;
}

static bool ask_all(struct wish *wish, struct buffer *ret_token, struct error *err)
{
    const struct timestamp_authorities *authorities = wish->authorities;
    struct buffer said CLEANUP(buffer_clear) = {0};
    char line[sizeof(err->cause)];
    for (size_t i = 0; i < authorities->url_count; i++) {
        wish->url = authorities->urls[i];
        error_clear(err);
        if (ask_one(wish, ret_token, err))
            return true;
        if (is_ours(err))
            return false;
        error_sentence(err, LANGUAGE_EN, sizeof(line), line);
        buffer_format(&said, "%s%s", i > 0 ? " " : "", line);
    }
    err->code = ERR_PEER_AWAY; /* a late one and one that is too large are as good as none */
    const char *each = authorities->url_count > 1 ? buffer_string(&said) : NULL;
    return each ? error_cause(err, "%s", each) : false;
}

bool timestamp_ask(const struct timestamp_authorities *authorities, const struct digest_value *imprint,
                   struct buffer *ret_token, struct error *err)
{
    ASN1_OBJECT *policy CLEANUP(object_clear) =
        authorities->policy ? OBJ_txt2obj(authorities->policy, 1) : NULL;
    struct wish wish = {.authorities = authorities, .imprint = *imprint, .policy = policy};
    if (authorities->policy && !policy)
        return fail(err, ERR_USAGE, &TEXT_TSA_POLICY_UNREADABLE, authorities->policy);
    return ask_all(&wish, ret_token, err);
}
