#include "signer/wanted.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>

#include "base/digest.h"
#include "signer/der.h"

DEFINE_CLEANUP(OCSP_CERTID *, cert_id_clear, OCSP_CERTID_free)
DEFINE_CLEANUP(AUTHORITY_INFO_ACCESS *, access_clear, AUTHORITY_INFO_ACCESS_free)
DEFINE_CLEANUP(CRL_DIST_POINTS *, points_clear, CRL_DIST_POINTS_free)

/* RFC 3986: an address is printable ASCII; of the schemes only those of RFC 5280, 4.2.1.13 that base/fetch speaks. */
static bool is_address(struct span url)
{
    if (!span_starts(url, "http://") && !span_starts(url, "https://"))
        return false;
    for (size_t i = 0; i < url.size; i++)
        if (url.data[i] <= ' ' || url.data[i] > '~')
            return false;
    return url.size < WANTED_URL_SIZE;
}

static struct wanted *room_for_one(struct wanted_list *list)
{
    if (!list->items)
        list->items = calloc(WANTED_MAX, sizeof(*list->items));
    return list->items && list->count < WANTED_MAX ? &list->items[list->count] : NULL;
}

static void add(struct wanted_list *list, enum wanted_kind kind, struct span url, struct span cert_id)
{
    struct wanted *wanted = is_address(url) && cert_id.size <= WANTED_REQUEST_MAX ? room_for_one(list) : NULL;
    if (!wanted)
        return;
    *wanted = (struct wanted){.kind = kind, .group = list->groups, .cert_id_size = cert_id.size};
    memcpy(wanted->url, url.data, url.size);
    if (cert_id.size)
        memcpy(wanted->cert_id, cert_id.data, cert_id.size);
    list->count++;
}

bool wanted_equal(const struct wanted *a, const struct wanted *b)
{
    return a->kind == b->kind && strcmp(a->url, b->url) == 0
           && span_equal(span_of(a->cert_id, a->cert_id_size), span_of(b->cert_id, b->cert_id_size));
}

/* Closes the group that began at `first`; one that begins like another asks what was asked before. */
static void end_group(struct wanted_list *list, size_t first)
{
    if (list->count == first)
        return;
    for (size_t i = 0; i < first; i++)
        if (wanted_equal(&list->items[i], &list->items[first])) {
            list->count = first;
            return;
        }
    list->groups++;
}

static void add_name(struct wanted_list *list, enum wanted_kind kind, const GENERAL_NAME *name,
                     struct span cert_id)
{
    if (name->type != GEN_URI)
        return;
    const ASN1_IA5STRING *url = name->d.uniformResourceIdentifier;
    add(list, kind, span_of(ASN1_STRING_get0_data(url), (size_t)ASN1_STRING_length(url)), cert_id);
}

/* RFC 5280, 4.2.2.1 */
static void add_access(struct wanted_list *list, enum wanted_kind kind, X509 *certificate, int method,
                       struct span cert_id)
{
    AUTHORITY_INFO_ACCESS *access CLEANUP(access_clear) =
        X509_get_ext_d2i(certificate, NID_info_access, NULL, NULL);
    for (int i = 0; i < sk_ACCESS_DESCRIPTION_num(access); i++) {
        const ACCESS_DESCRIPTION *one = sk_ACCESS_DESCRIPTION_value(access, i);
        if (OBJ_obj2nid(one->method) == method)
            add_name(list, kind, one->location, cert_id);
    }
}

static void add_ocsp(struct wanted_list *list, X509 *certificate, X509 *issuer)
{
    /* RFC 5019, 2.1.1: responders know SHA-1 here; it proves nothing and need not be strong */
    OCSP_CERTID *id CLEANUP(cert_id_clear) = OCSP_cert_to_id(digest_evp(DIGEST_SHA1), certificate, issuer);
    unsigned char *der = NULL;
    int size = id ? i2d_OCSP_CERTID(id, &der) : -1;
    if (size > 0)
        add_access(list, WANTED_OCSP, certificate, NID_ad_OCSP, span_of(der, (size_t)size));
    OPENSSL_free(der);
}

/* RFC 5280, 4.2.1.13: the names of one point are ways to the same list. */
static void add_points(struct wanted_list *list, X509 *certificate)
{
    CRL_DIST_POINTS *points CLEANUP(points_clear) =
        X509_get_ext_d2i(certificate, NID_crl_distribution_points, NULL, NULL);
    for (int i = 0; i < sk_DIST_POINT_num(points); i++) {
        const DIST_POINT_NAME *where = sk_DIST_POINT_value(points, i)->distpoint;
        const GENERAL_NAMES *names = where && where->type == 0 ? where->name.fullname : NULL;
        for (int k = 0; k < sk_GENERAL_NAME_num(names); k++)
            add_name(list, WANTED_CRL, sk_GENERAL_NAME_value(names, k), (struct span){0});
    }
}

void wanted_revocation(struct wanted_list *list, X509 *certificate, X509 *issuer)
{
    size_t first = list->count;
    add_ocsp(list, certificate, issuer);
    add_points(list, certificate);
    end_group(list, first);
    ERR_clear_error();
}

void wanted_issuer(struct wanted_list *list, X509 *certificate)
{
    size_t first = list->count;
    add_access(list, WANTED_ISSUER, certificate, NID_ad_ca_issuers, (struct span){0});
    end_group(list, first);
    ERR_clear_error();
}

void wanted_clear(struct wanted_list *list)
{
    free(list->items);
    *list = (struct wanted_list){0};
}

void wanted_write(const struct wanted_list *list, struct buffer *buffer)
{
    buffer_u8(buffer, (uint8_t)list->count);
    for (size_t i = 0; i < list->count; i++) {
        const struct wanted *wanted = &list->items[i];
        buffer_u8(buffer, (uint8_t)wanted->kind);
        buffer_u8(buffer, wanted->group);
        buffer_sized(buffer, span_text(wanted->url));
        buffer_sized(buffer, span_of(wanted->cert_id, wanted->cert_id_size));
    }
}

/* RFC 6960, 4.1.1: for OCSP one SEQUENCE, for anything else nothing. */
static bool is_cert_id(enum wanted_kind kind, struct span cert_id)
{
    struct reader r = reader_of(cert_id);
    if (kind != WANTED_OCSP)
        return cert_id.size == 0;
    der_read(&r, DER_SEQUENCE);
    return !r.failed && r.left.size == 0 && der_is_strict(cert_id);
}

static void read_one(struct reader *r, struct wanted_list *list)
{
    enum wanted_kind kind = read_u8(r);
    uint8_t group = read_u8(r);
    struct span url = read_sized(r, WANTED_URL_SIZE - 1), cert_id = read_sized(r, WANTED_REQUEST_MAX);
    /* groups are counted up, one after the other */
    if (r->failed || kind >= WANTED_KINDS || group > list->groups || !is_address(url)
        || !is_cert_id(kind, cert_id) || !room_for_one(list)) {
        r->failed = true;
        return;
    }
    size_t before = list->count;
    add(list, kind, url, cert_id);
    list->items[before].group = group;
    if (group == list->groups)
        list->groups++;
}

void wanted_read(struct reader *reader, struct wanted_list *ret_list)
{
    struct wanted_list list CLEANUP(wanted_clear) = {0};
    for (size_t left = read_u8(reader); left > 0 && !reader->failed; left--)
        read_one(reader, &list);
    if (reader->failed)
        return;
    *ret_list = list;
    list = (struct wanted_list){0};
}
