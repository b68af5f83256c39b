/* Whether a certificate was revoked, from lists and answers of every kind: whole, partial, delta, on hold, forgotten,
 * signed by those who may and by those who may not. */
#include "tests/check.h"

#include "tests/pki.h"

#include <openssl/x509v3.h>
#include <stdio.h>

#include "signer/revocation.h"

enum { DAY_MS = 24 * 3600 * 1000, REASONS_KEY = 1 << 1 | 1 << 2, REASONS_REST = 0x1F8 };

#define PLACE "http://a/crl"

static struct {
    struct pki_person root, twin, person, expired, authority;
    struct pki_person delegate, purposeless, foreign_delegate; /* OCSP */
    int64_t now_ms;
} world;

static int make_world(void **state)
{
    (void)state;
    const struct pki_wish root = {
        .name = "Gốc", .key = "p256", .ca = true, .key_usage = "keyCertSign,cRLSign,digitalSignature"};
    struct pki_wish person = {.name = "Nguyễn Văn Mẫu",
                              .issuer = &world.root,
                              .key = "p256",
                              .key_usage = "digitalSignature",
                              .extensions = {"crlDistributionPoints=URI:" PLACE}};
    world.now_ms = clock_now_ms(&clock_system);
    pki_make(&root, &world.root);
    pki_make(&root, &world.twin);
    pki_make(&person, &world.person);
    struct pki_wish expired = person, authority = person, delegate = person, foreign = person;
    expired.from_days = -100;
    expired.to_days = -10;
    pki_make(&expired, &world.expired);
    authority.ca = true;
    authority.key_usage = "keyCertSign,cRLSign";
    pki_make(&authority, &world.authority);
    pki_make(&delegate, &world.purposeless);
    delegate.purpose = "OCSPSigning";
    pki_make(&delegate, &world.delegate);
    foreign.issuer = &world.twin;
    foreign.purpose = "OCSPSigning";
    pki_make(&foreign, &world.foreign_delegate);
    return 0;
}

static int end_world(void **state)
{
    (void)state;
    struct pki_person *all[] = {
        &world.root,      &world.twin,     &world.person,      &world.expired,
        &world.authority, &world.delegate, &world.purposeless, &world.foreign_delegate};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        pki_clear(all[i]);
    return 0;
}

/* ---- lists */

struct list {
    const struct pki_person *issuer; /* NULL: there is no list */
    int from, to;                    /* days from now; to 0: no next update */
    int number, base;                /* 0: none */
    const char *place;               /* of the issuing distribution point */
    bool only_users, only_authorities, only_attributes;
    unsigned reasons;                   /* 0: all */
    const struct pki_person *listed;    /* NULL: nobody */
    int reason;                         /* RFC 5280, 5.3.1; 0: not said */
    bool critical_list, critical_entry; /* something unknown */
    int remembers;                      /* expiredCertsOnCRL: days from now; 0: not said */
};

static void add_unknown(bool entry, void *to)
{
    ASN1_OBJECT *object = OBJ_txt2obj("1.2.3.4", 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    ASN1_OCTET_STRING_set(value, (const unsigned char *)"\5", 2);
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 1, value);
    assert_int_equal(entry ? X509_REVOKED_add_ext(to, extension, -1) : X509_CRL_add_ext(to, extension, -1),
                     1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(object);
}

static void add_remembers(X509_CRL *crl, int days)
{
    ASN1_OBJECT *object = OBJ_txt2obj("2.5.29.60", 1);
    ASN1_GENERALIZEDTIME *time = ASN1_GENERALIZEDTIME_adj(NULL, world.now_ms / 1000, days, 0);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    unsigned char *der = NULL;
    int size = i2d_ASN1_GENERALIZEDTIME(time, &der);
    ASN1_OCTET_STRING_set(value, der, size);
    X509_EXTENSION *extension = X509_EXTENSION_create_by_OBJ(NULL, object, 0, value);
    X509_CRL_add_ext(crl, extension, -1);
    X509_EXTENSION_free(extension);
    ASN1_OCTET_STRING_free(value);
    OPENSSL_free(der);
    ASN1_GENERALIZEDTIME_free(time);
    ASN1_OBJECT_free(object);
}

static void add_number(X509_CRL *crl, int nid, int number)
{
    ASN1_INTEGER *value = ASN1_INTEGER_new();
    ASN1_INTEGER_set(value, number);
    assert_int_equal(X509_CRL_add1_ext_i2d(crl, nid, value, nid == NID_delta_crl, 0), 1);
    ASN1_INTEGER_free(value);
}

static void add_scope(X509_CRL *crl, const struct list *wish)
{
    ISSUING_DIST_POINT *point = ISSUING_DIST_POINT_new();
    if (wish->place) {
        GENERAL_NAME *name = GENERAL_NAME_new();
        ASN1_IA5STRING *url = ASN1_IA5STRING_new();
        ASN1_STRING_set(url, wish->place, -1);
        GENERAL_NAME_set0_value(name, GEN_URI, url);
        point->distpoint = DIST_POINT_NAME_new();
        point->distpoint->type = 0;
        point->distpoint->name.fullname = GENERAL_NAMES_new();
        sk_GENERAL_NAME_push(point->distpoint->name.fullname, name);
    }
    point->onlyuser = wish->only_users ? 0xFF : -1;
    point->onlyCA = wish->only_authorities ? 0xFF : -1;
    point->onlyattr = wish->only_attributes ? 0xFF : -1;
    point->indirectCRL = -1;
    if (wish->reasons) {
        point->onlysomereasons = ASN1_BIT_STRING_new();
        for (int bit = 1; bit <= 8; bit++)
            ASN1_BIT_STRING_set_bit(point->onlysomereasons, bit, (wish->reasons >> bit & 1) != 0);
    }
    assert_int_equal(X509_CRL_add1_ext_i2d(crl, NID_issuing_distribution_point, point, 1, 0), 1);
    ISSUING_DIST_POINT_free(point);
}

static void add_entry(X509_CRL *crl, const struct list *wish)
{
    X509_REVOKED *entry = X509_REVOKED_new();
    ASN1_TIME *day = X509_time_adj_ex(NULL, wish->from, 0, NULL);
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(wish->listed->certificate));
    X509_REVOKED_set_revocationDate(entry, day);
    ASN1_TIME_free(day);
    if (wish->reason) {
        ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
        ASN1_ENUMERATED_set(reason, wish->reason);
        assert_int_equal(X509_REVOKED_add1_ext_i2d(entry, NID_crl_reason, reason, 0, 0), 1);
        ASN1_ENUMERATED_free(reason);
    }
    if (wish->critical_entry)
        add_unknown(true, entry);
    X509_CRL_add0_revoked(crl, entry);
}

static void set_day(X509_CRL *crl, int (*set)(X509_CRL *crl, const ASN1_TIME *time), int days)
{
    ASN1_TIME *time = X509_time_adj_ex(NULL, days, 0, NULL);
    set(crl, time);
    ASN1_TIME_free(time);
}

static void add_list(struct evidence *evidence, const struct list *wish)
{
    struct error err = {0};
    unsigned char *der = NULL;
    if (!wish->issuer)
        return;
    X509_CRL *crl = X509_CRL_new();
    X509_CRL_set_version(crl, X509_CRL_VERSION_2);
    X509_CRL_set_issuer_name(crl, X509_get_subject_name(wish->issuer->certificate));
    set_day(crl, X509_CRL_set1_lastUpdate, wish->from);
    if (wish->to)
        set_day(crl, X509_CRL_set1_nextUpdate, wish->to);
    if (wish->number)
        add_number(crl, NID_crl_number, wish->number);
    if (wish->base)
        add_number(crl, NID_delta_crl, wish->base);
    if (wish->place || wish->only_users || wish->only_authorities || wish->only_attributes || wish->reasons)
        add_scope(crl, wish);
    if (wish->critical_list)
        add_unknown(false, crl);
    if (wish->remembers)
        add_remembers(crl, wish->remembers);
    if (wish->listed)
        add_entry(crl, wish);
    assert_true(X509_CRL_sign(crl, wish->issuer->key, digest_evp(DIGEST_SHA256)) > 0);
    int size = i2d_X509_CRL(crl, &der);
    assert_true(evidence_add(evidence, EVIDENCE_CRL, span_of(der, (size_t)size), false, &err));
    OPENSSL_free(der);
    X509_CRL_free(crl);
}

static void ask(struct evidence *evidence, const struct pki_person *about, struct revocation *ret_answer)
{
    struct revocation_memo *memo CLEANUP(revocation_memo_free) = revocation_memo_new();
    struct error err = {0};
    const struct revocation_search search = {.evidence = evidence, .at_ms = world.now_ms, .memo = memo};
    assert_true(revocation_find(&search, about->certificate, world.root.certificate, ret_answer, &err));
    struct revocation again; /* what is remembered changes nothing */
    assert_true(revocation_find(&search, about->certificate, world.root.certificate, &again, &err));
    assert_int_equal(again.status, ret_answer->status);
}

#define LIST(issuer_, from_, to_) .issuer = (issuer_), .from = (from_), .to = (to_)
#define ANSWER(signer_, status_, reason_, from_, to_)                                                        \
    .signer = (signer_), .status = (status_), .reason = (reason_), .from = (from_), .to = (to_)
#define ROOT &world.root
#define PERSON &world.person
#define EXPIRED &world.expired

static const struct {
    const char *sentence;
    const struct pki_person *about;
    struct list lists[3];
    enum revocation_status status;
    bool stale;
} list_rows[] = {
    {"nothing at hand is unknown", PERSON, {{0}}, REVOCATION_UNKNOWN, false},
    {"who is not listed is good", PERSON, {{LIST(ROOT, -1, 7), .number = 1}}, REVOCATION_GOOD, false},
    {"who is listed is revoked", PERSON, {{LIST(ROOT, -1, 7), .listed = PERSON}}, REVOCATION_REVOKED, false},
    {"somebody else listed is nothing",
     PERSON,
     {{LIST(ROOT, -1, 7), .listed = EXPIRED}},
     REVOCATION_GOOD,
     false},
    {"a list past its next update is not fresh", PERSON, {{LIST(ROOT, -9, -1)}}, REVOCATION_GOOD, true},
    {"without a next update it is not either", PERSON, {{LIST(ROOT, -1, 0)}}, REVOCATION_GOOD, true},
    {"a list of tomorrow is not looked at", PERSON, {{LIST(ROOT, 1, 7)}}, REVOCATION_UNKNOWN, false},
    {"a key of the same name signs for nobody",
     PERSON,
     {{LIST(&world.twin, -1, 7)}},
     REVOCATION_UNKNOWN,
     false},
    {"the newest list decides about a hold",
     PERSON,
     {{LIST(ROOT, -3, 7), .listed = PERSON, .reason = 6}, {LIST(ROOT, -1, 7)}},
     REVOCATION_GOOD,
     false},
    {"on hold is revoked for now",
     PERSON,
     {{LIST(ROOT, -3, 7)}, {LIST(ROOT, -1, 7), .listed = PERSON, .reason = 6}},
     REVOCATION_REVOKED,
     false},
    {"what a newer list has forgotten stays revoked",
     PERSON,
     {{LIST(ROOT, -3, 7), .listed = PERSON, .reason = 1}, {LIST(ROOT, -1, 7)}},
     REVOCATION_REVOKED,
     false},
    {"a list of the named place counts",
     PERSON,
     {{LIST(ROOT, -1, 7), .place = PLACE}},
     REVOCATION_GOOD,
     false},
    {"one of another place does not",
     PERSON,
     {{LIST(ROOT, -1, 7), .place = "http://b/"}},
     REVOCATION_UNKNOWN,
     false},
    {"a list for authorities says nothing of people",
     PERSON,
     {{LIST(ROOT, -1, 7), .only_authorities = true}},
     REVOCATION_UNKNOWN,
     false},
    {"but of an authority",
     &world.authority,
     {{LIST(ROOT, -1, 7), .only_authorities = true}},
     REVOCATION_GOOD,
     false},
    {"a list for people says nothing of an authority",
     &world.authority,
     {{LIST(ROOT, -1, 7), .only_users = true}},
     REVOCATION_UNKNOWN,
     false},
    {"one for attributes of nobody",
     PERSON,
     {{LIST(ROOT, -1, 7), .only_attributes = true}},
     REVOCATION_UNKNOWN,
     false},
    {"some reasons are not all",
     PERSON,
     {{LIST(ROOT, -1, 7), .reasons = REASONS_KEY}},
     REVOCATION_UNKNOWN,
     false},
    {"two lists together may be",
     PERSON,
     {{LIST(ROOT, -1, 7), .reasons = REASONS_KEY}, {LIST(ROOT, -2, 7), .reasons = REASONS_REST}},
     REVOCATION_GOOD,
     false},
    {"one old part makes the whole old",
     PERSON,
     {{LIST(ROOT, -1, 7), .reasons = REASONS_KEY}, {LIST(ROOT, -9, -2), .reasons = REASONS_REST}},
     REVOCATION_GOOD,
     true},
    {"revoked for some reason is revoked",
     PERSON,
     {{LIST(ROOT, -1, 7), .reasons = REASONS_KEY, .listed = PERSON},
      {LIST(ROOT, -1, 7), .reasons = REASONS_REST}},
     REVOCATION_REVOKED,
     false},
    {"an unknown critical extension spoils a list",
     PERSON,
     {{LIST(ROOT, -1, 7), .critical_list = true}},
     REVOCATION_UNKNOWN,
     false},
    {"in anybody's entry too",
     PERSON,
     {{LIST(ROOT, -1, 7), .listed = EXPIRED, .critical_entry = true}},
     REVOCATION_UNKNOWN,
     false},
    {"a delta alone says nothing",
     PERSON,
     {{LIST(ROOT, -1, 7), .number = 2, .base = 1}},
     REVOCATION_UNKNOWN,
     false},
    {"a delta revokes",
     PERSON,
     {{LIST(ROOT, -3, 7), .number = 1}, {LIST(ROOT, -1, 7), .number = 2, .base = 1, .listed = PERSON}},
     REVOCATION_REVOKED,
     false},
    {"a delta takes off hold",
     PERSON,
     {{LIST(ROOT, -3, 7), .number = 1, .listed = PERSON, .reason = 6},
      {LIST(ROOT, -1, 7), .number = 2, .base = 1, .listed = PERSON, .reason = 8}},
     REVOCATION_GOOD,
     false},
    {"a delta to a later list does not belong to this one",
     PERSON,
     {{LIST(ROOT, -3, 7), .number = 1}, {LIST(ROOT, -1, 7), .number = 6, .base = 5, .listed = PERSON}},
     REVOCATION_GOOD,
     false},
    {"a delta refreshes",
     PERSON,
     {{LIST(ROOT, -9, -2), .number = 1}, {LIST(ROOT, -1, 7), .number = 2, .base = 1}},
     REVOCATION_GOOD,
     false},
    {"after a certificate's end silence means nothing",
     EXPIRED,
     {{LIST(ROOT, -1, 7)}},
     REVOCATION_UNKNOWN,
     false},
    {"unless the list remembers", EXPIRED, {{LIST(ROOT, -1, 7), .remembers = -50}}, REVOCATION_GOOD, false},
    {"not only those who expired later",
     EXPIRED,
     {{LIST(ROOT, -1, 7), .remembers = -5}},
     REVOCATION_UNKNOWN,
     false},
    {"listed after its end it is revoked all the same",
     EXPIRED,
     {{LIST(ROOT, -1, 7), .listed = EXPIRED}},
     REVOCATION_REVOKED,
     false},
};

static void lists_say_what_they_are_about(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(list_rows); i++) {
        struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
        struct revocation answer;
        for (size_t k = 0; k < COUNT_OF(list_rows[i].lists); k++)
            add_list(evidence, &list_rows[i].lists[k]);
        ask(evidence, list_rows[i].about, &answer);
        bool good = answer.status == list_rows[i].status
                    && (answer.status != REVOCATION_GOOD || answer.fresh == !list_rows[i].stale)
                    && (answer.status != REVOCATION_UNKNOWN || answer.why);
        if (!good)
            print_error("status %d, fresh %d, %s\n", answer.status, answer.fresh,
                        answer.why ? answer.why->en : "");
        check_row(good, list_rows[i].sentence);
    }
}

static void a_policy_may_want_younger_data(void **state)
{
    (void)state;
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct revocation answer;
    struct error err = {0};
    add_list(evidence, &(struct list){LIST(ROOT, -3, 30)});
    struct revocation_search search = {
        .evidence = evidence, .at_ms = world.now_ms, .max_age_ms = INT64_C(2) * DAY_MS};
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_true(answer.status == REVOCATION_GOOD && !answer.fresh);
    search.max_age_ms = INT64_C(4) * DAY_MS;
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_true(answer.fresh);
}

/* EN 319 102-1, 5.6.2.2.4: what cannot be proved to have been there then does not count. */
static void proof_is_asked_for_where_it_matters(void **state)
{
    (void)state;
    struct evidence *evidence CLEANUP(evidence_free) = evidence_new();
    struct revocation answer;
    struct error err = {0};
    add_list(evidence, &(struct list){LIST(ROOT, -3, 30)});
    const struct revocation_search search = {
        .evidence = evidence, .at_ms = world.now_ms - DAY_MS, .proved = true};
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_int_equal(answer.status, REVOCATION_UNKNOWN);
    assert_true(
        evidence_prove(evidence, evidence_at(evidence, 0)->der, world.now_ms - INT64_C(2) * DAY_MS, &err));
    assert_true(revocation_find(&search, world.person.certificate, world.root.certificate, &answer, &err));
    assert_int_equal(answer.status, REVOCATION_GOOD);
}

/* ---- OCSP */

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
        cmocka_unit_test(lists_say_what_they_are_about),
        cmocka_unit_test(a_policy_may_want_younger_data),
        cmocka_unit_test(proof_is_asked_for_where_it_matters),
        cmocka_unit_test(answers_count_when_their_signer_may_give_them),
        cmocka_unit_test(nobody_else_is_meant),
        cmocka_unit_test(the_caller_has_the_last_word_on_delegates),
    };
    return cmocka_run_group_tests_name("revocation", tests, make_world, end_world);
}
