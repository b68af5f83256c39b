#include "tests/check.h"

#include "tests/revocation_world.h"

#include <openssl/x509v3.h>

#include "base/clock.h"

struct revocation_world world;

int revocation_world_make(void **state)
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

int revocation_world_end(void **state)
{
    (void)state;
    struct pki_person *all[] = {
        &world.root,      &world.twin,     &world.person,      &world.expired,
        &world.authority, &world.delegate, &world.purposeless, &world.foreign_delegate};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        pki_clear(all[i]);
    return 0;
}

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

void add_list(struct evidence *evidence, const struct list *wish)
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

void ask(struct evidence *evidence, const struct pki_person *about, struct revocation *ret_answer)
{
    struct revocation_memo *memo CLEANUP(revocation_memo_free) = revocation_memo_new();
    struct error err = {0};
    const struct revocation_search search = {.evidence = evidence, .at_ms = world.now_ms, .memo = memo};
    assert_true(revocation_find(&search, about->certificate, world.root.certificate, ret_answer, &err));
    struct revocation again; /* what is remembered changes nothing */
    assert_true(revocation_find(&search, about->certificate, world.root.certificate, &again, &err));
    assert_int_equal(again.status, ret_answer->status);
}
