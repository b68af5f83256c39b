/* Whether a certificate was revoked, from OCSP answers: by the issuer, by those it delegates to and by those who may not
 * answer; together, and with lists. */
#include "tests/check.h"

#include "tests/revocation_world.h"

#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

struct answer {
    const struct pki_person *signer;
    int status, reason;  /* V_OCSP_CERTSTATUS_… */
    int from, to;        /* hours from now; to 0: no next update */
    bool by_key, sha256; /* how the responder and the certificate are named */
    bool no_certificates, critical;
    const char *cert_hash_of; /* "right", "wrong" */
    int cutoff;               /* archive cutoff: days from now */
};

static void add_cert_hash(OCSP_SINGLERESP *single, const struct pki_person *person)
{
    uint8_t der[] = "\x30\x31\x30\x0D\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20............"
                    "....................";
    struct digest_value digest = digest_of(DIGEST_SHA256, buffer_span(&person->der));
    ASN1_OBJECT *object = OBJ_txt2obj("1.3.36.8.3.13", 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    memcpy(der + sizeof(der) - 1 - SHA256_SIZE, digest.bytes, SHA256_SIZE);
    ASN1_OCTET_STRING_set(value, der, sizeof(der) - 1);
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 0, value);
    OCSP_SINGLERESP_add_ext(single, extension, -1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(object);
}

static void decorate(OCSP_SINGLERESP *single, const struct answer *wish, const struct pki_person *about)
{
    if (wish->cert_hash_of)
        add_cert_hash(single, strcmp(wish->cert_hash_of, "right") == 0 ? about : &world.authority);
    if (wish->cutoff) {
        ASN1_GENERALIZEDTIME *time = ASN1_GENERALIZEDTIME_adj(NULL, world.now_ms / 1000, wish->cutoff, 0);
        OCSP_SINGLERESP_add1_ext_i2d(single, NID_id_pkix_OCSP_archiveCutoff, time, 0, 0);
        ASN1_GENERALIZEDTIME_free(time);
    }
    if (wish->critical) {
        X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, NULL, NID_netscape_comment, "?");
        X509_EXTENSION_set_critical(extension, 1);
        OCSP_SINGLERESP_add_ext(single, extension, -1);
        X509_EXTENSION_free(extension);
    }
}

static void add_answer(struct evidence *evidence, const struct answer *wish, const struct pki_person *about)
{
    struct error err = {0};
    unsigned char *der = NULL;
    if (!wish->signer)
        return;
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID *id = OCSP_cert_to_id(digest_evp(wish->sha256 ? DIGEST_SHA256 : DIGEST_SHA1),
                                      about->certificate, world.root.certificate);
    ASN1_TIME *from = X509_time_adj_ex(NULL, 0, wish->from * 3600L, NULL),
              *to = wish->to ? X509_time_adj_ex(NULL, 0, wish->to * 3600L, NULL) : NULL;
    OCSP_SINGLERESP *single = OCSP_basic_add1_status(basic, id, wish->status, wish->reason, from, from, to);
    assert_non_null(single);
    decorate(single, wish, about);
    unsigned long flags = (wish->by_key ? OCSP_RESPID_KEY : 0U) | (wish->no_certificates ? OCSP_NOCERTS : 0U);
    assert_int_equal(OCSP_basic_sign(basic, wish->signer->certificate, wish->signer->key,
                                     digest_evp(DIGEST_SHA256), NULL, flags),
                     1);
    int size = i2d_OCSP_BASICRESP(basic, &der);
    assert_true(evidence_add(evidence, EVIDENCE_OCSP, span_of(der, (size_t)size), true, &err));
    OPENSSL_free(der);
    ASN1_TIME_free(from);
    ASN1_TIME_free(to);
    OCSP_CERTID_free(id);
    OCSP_BASICRESP_free(basic);
}

enum {
    GOOD = V_OCSP_CERTSTATUS_GOOD,
    REVOKED = V_OCSP_CERTSTATUS_REVOKED,
    UNKNOWN = V_OCSP_CERTSTATUS_UNKNOWN
};

#define ANSWER(signer_, status_, reason_, from_, to_)                                                        \
    .signer = (signer_), .status = (status_), .reason = (reason_), .from = (from_), .to = (to_)

static const struct {
    const char *sentence;
    const struct pki_person *about;
    struct answer answer, another;
    struct list list;
    enum revocation_status status;
    enum revocation_by by;
} answer_rows[] = {
    {"the issuer says good",
     PERSON,
     {ANSWER(ROOT, GOOD, 0, -1, 1)},
     {0},
     {0},
     REVOCATION_GOOD,
     REVOCATION_BY_ISSUER},
    {"named by its key",
     PERSON,
     {ANSWER(ROOT, GOOD, 0, -1, 1), .by_key = true},
     {0},
     {0},
     REVOCATION_GOOD,
     0},
    {"asked with SHA-256",
     PERSON,
     {ANSWER(ROOT, GOOD, 0, -1, 1), .sha256 = true},
     {0},
     {0},
     REVOCATION_GOOD,
     0},
    {"revoked is revoked", PERSON, {ANSWER(ROOT, REVOKED, 1, -1, 1)}, {0}, {0}, REVOCATION_REVOKED, 0},
    {"unknown is unknown", PERSON, {ANSWER(ROOT, UNKNOWN, 0, -1, 1)}, {0}, {0}, REVOCATION_UNKNOWN, 0},
    {"a delegate of the issuer's",
     PERSON,
     {ANSWER(&world.delegate, GOOD, 0, -1, 1)},
     {0},
     {0},
     REVOCATION_GOOD,
     REVOCATION_BY_DELEGATE},
    {"a delegate nobody knows the certificate of",
     PERSON,
     {ANSWER(&world.delegate, GOOD, 0, -1, 1), .no_certificates = true},
     {0},
     {0},
     REVOCATION_UNKNOWN,
     0},
    {"somebody of the issuer's without that purpose",
     PERSON,
     {ANSWER(&world.purposeless, GOOD, 0, -1, 1)},
     {0},
     {0},
     REVOCATION_UNKNOWN,
     0},
    {"a delegate of somebody else's",
     PERSON,
     {ANSWER(&world.foreign_delegate, GOOD, 0, -1, 1)},
     {0},
     {0},
     REVOCATION_UNKNOWN,
     0},
    {"an issuer of the same name",
     PERSON,
     {ANSWER(&world.twin, GOOD, 0, -1, 1)},
     {0},
     {0},
     REVOCATION_UNKNOWN,
     0},
    {"of tomorrow", PERSON, {ANSWER(ROOT, GOOD, 0, 20, 30)}, {0}, {0}, REVOCATION_UNKNOWN, 0},
    {"next before this", PERSON, {ANSWER(ROOT, GOOD, 0, -1, -5)}, {0}, {0}, REVOCATION_UNKNOWN, 0},
    {"with the hash of the certificate",
     PERSON,
     {ANSWER(ROOT, GOOD, 0, -1, 1), .cert_hash_of = "right"},
     {0},
     {0},
     REVOCATION_GOOD,
     0},
    {"with another's",
     PERSON,
     {ANSWER(ROOT, GOOD, 0, -1, 1), .cert_hash_of = "wrong"},
     {0},
     {0},
     REVOCATION_UNKNOWN,
     0},
    {"with something critical",
     PERSON,
     {ANSWER(ROOT, GOOD, 0, -1, 1), .critical = true},
     {0},
     {0},
     REVOCATION_UNKNOWN,
     0},
    {"after the certificate's end", EXPIRED, {ANSWER(ROOT, GOOD, 0, -1, 1)}, {0}, {0}, REVOCATION_UNKNOWN, 0},
    {"by one who remembers",
     EXPIRED,
     {ANSWER(ROOT, GOOD, 0, -1, 1), .cutoff = -50},
     {0},
     {0},
     REVOCATION_GOOD,
     0},
    {"the newer of two",
     PERSON,
     {ANSWER(ROOT, REVOKED, 6, -5, 1)},
     {ANSWER(ROOT, GOOD, 0, -1, 1)},
     {0},
     REVOCATION_GOOD,
     0},
    {"a list that says revoked against an answer that says good",
     PERSON,
     {ANSWER(ROOT, GOOD, 0, -1, 1)},
     {0},
     {LIST(ROOT, -3, 7), .listed = PERSON, .reason = 4},
     REVOCATION_REVOKED,
     0},
    {"a list for who is unknown to the responder",
     PERSON,
     {ANSWER(ROOT, UNKNOWN, 0, -1, 1)},
     {0},
     {LIST(ROOT, -3, 7)},
     REVOCATION_GOOD,
     0},
};

static void answers_count_when_their_signer_may_give_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(answer_rows); i++) {
        struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
        struct revocation answer;
        add_answer(evidence, &answer_rows[i].answer, answer_rows[i].about);
        add_answer(evidence, &answer_rows[i].another, answer_rows[i].about);
        add_list(evidence, &answer_rows[i].list);
        ask(evidence, answer_rows[i].about, &answer);
        bool good = answer.status == answer_rows[i].status
                    && (answer.status == REVOCATION_UNKNOWN || answer.by == answer_rows[i].by);
        if (!good)
            print_error("status %d, by %d, %s\n", answer.status, answer.by, answer.why ? answer.why->en : "");
        check_row(good, answer_rows[i].sentence);
    }
}

static void nobody_else_is_meant(void **state)
{
    (void)state;
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct revocation answer;
    add_answer(evidence, &(struct answer){ANSWER(ROOT, GOOD, 0, -1, 1)}, EXPIRED);
    ask(evidence, PERSON, &answer);
    assert_int_equal(answer.status, REVOCATION_UNKNOWN);
}

static bool refuse(void *context, const struct revocation *answer, bool *ret_accepted, struct error *err)
{
    (void)err;
    ++*(int *)context;
    (void)answer;
    *ret_accepted = false;
    return true;
}

/* The caller may know better, but is not asked about the issuer itself. */
static void the_caller_has_the_last_word_on_delegates(void **state)
{
    (void)state;
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct revocation answer;
    struct error err = {0};
    int asked = 0;
    add_answer(evidence, &(struct answer){ANSWER(&world.delegate, GOOD, 0, -1, 1)}, PERSON);
    const struct revocation_search search = {
        .evidence = evidence, .at_ms = world.now_ms, .accept = refuse, .context = &asked};
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_int_equal(answer.status, REVOCATION_UNKNOWN);
    assert_int_equal(asked, 1);
    add_answer(evidence, &(struct answer){ANSWER(ROOT, GOOD, 0, -2, 1)}, PERSON);
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_int_equal(answer.status, REVOCATION_GOOD);
    assert_int_equal(asked, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_count_when_their_signer_may_give_them),
        cmocka_unit_test(nobody_else_is_meant),
        cmocka_unit_test(the_caller_has_the_last_word_on_delegates),
    };
    return cmocka_run_group_tests_name("revocation_ocsp", tests, revocation_world_make, revocation_world_end);
}
