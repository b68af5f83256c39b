#include "signer/revocation_peek.h"

#include <time.h>

#include "signer/algorithms.h"
#include "signer/der.h"

/* 1.3.6.1.5.5.7.48.1.1 and .2: id-pkix-ocsp-basic, id-pkix-ocsp-nonce */
#define OID_OCSP_BASIC SPAN_LITERAL("\x2B\x06\x01\x05\x05\x07\x30\x01\x01")
#define OID_OCSP_NONCE SPAN_LITERAL("\x2B\x06\x01\x05\x05\x07\x30\x01\x02")

enum { OCSP_SUCCESSFUL = 0, DER_ENUMERATED = 0x0A, UTC_SIZE = 13, GENERALIZED_SIZE = 15 };

/* ---- times */

/* Two digits at `at`, or -1. */
static int two(struct span text, size_t at)
{
    int high = text.data[at] - '0', low = text.data[at + 1] - '0';
    return high >= 0 && high <= 9 && low >= 0 && low <= 9 ? 10 * high + low : -1;
}

/* RFC 5280, 4.1.2.5: always seconds, always Z; two digits of a year from 50 on mean the last century. */
static bool read_time_text(struct span text, bool utc, int64_t *ret_ms)
{
    if (text.size != (utc ? UTC_SIZE : GENERALIZED_SIZE) || text.data[text.size - 1] != 'Z')
        return false;
    size_t at = utc ? 0 : 2;
    int century = utc ? 0 : two(text, 0), year = two(text, at);
    if (utc)
        century = year >= 50 ? 19 : 20;
    struct tm time = {.tm_year = 100 * century + year - 1900,
                      .tm_mon = two(text, at + 2) - 1,
                      .tm_mday = two(text, at + 4),
                      .tm_hour = two(text, at + 6),
                      .tm_min = two(text, at + 8),
                      .tm_sec = two(text, at + 10)};
    if (century < 0 || year < 0 || time.tm_mon < 0 || time.tm_mon > 11 || time.tm_mday < 1
        || time.tm_mday > 31 || time.tm_hour < 0 || time.tm_min < 0 || time.tm_sec < 0)
        return false;
    *ret_ms = (int64_t)timegm(&time) * 1000;
    return true;
}

static int64_t read_time(struct reader *r)
{
    int64_t ms = 0;
    struct der_value value = der_any(r);
    if (r->failed || (value.tag != DER_UTC_TIME && value.tag != DER_GENERALIZED_TIME)
        || !read_time_text(value.content, value.tag == DER_UTC_TIME, &ms))
        r->failed = true;
    return ms;
}

/* ---- lists */

bool revocation_peek_crl(struct span der, struct revocation_dates *ret_dates)
{
    struct reader whole = reader_of(der), list = der_enter(&whole, DER_SEQUENCE),
                  body = der_enter(&list, DER_SEQUENCE);
    struct revocation_dates dates = {0};
    if (der_at(&body, DER_INTEGER)) /* version */
        der_any(&body);
    der_read(&body, DER_SEQUENCE); /* signature */
    der_read(&body, DER_SEQUENCE); /* issuer */
    dates.this_update_ms = read_time(&body);
    if (der_at(&body, DER_UTC_TIME) || der_at(&body, DER_GENERALIZED_TIME))
        dates.next_update_ms = read_time(&body);
    if (whole.failed || list.failed || body.failed || whole.left.size != 0)
        return false;
    *ret_dates = dates;
    return true;
}

/* ---- answers */

/* SingleResponse: certID, certStatus, thisUpdate, [0] nextUpdate … */
static void read_single(struct reader *responses, struct revocation_dates *dates)
{
    struct reader single = der_enter(responses, DER_SEQUENCE);
    der_read(&single, DER_SEQUENCE);
    der_any(&single);
    dates->this_update_ms = read_time(&single);
    if (der_at(&single, DER_CONTEXT_MADE)) {
        struct reader next = der_enter(&single, DER_CONTEXT_MADE);
        dates->next_update_ms = read_time(&next);
        single.failed |= next.failed;
    }
    responses->failed |= single.failed;
}

/* RFC 6960, 4.4.1: the extension's value is an OCTET STRING around the nonce; older responders leave it out. */
static struct span read_nonce(struct reader *extensions)
{
    struct reader list = der_enter(extensions, DER_SEQUENCE);
    while (!list.failed && list.left.size > 0) {
        struct reader one = der_enter(&list, DER_SEQUENCE);
        struct span oid = der_read(&one, DER_OID);
        if (der_at(&one, DER_BOOLEAN))
            der_any(&one);
        struct span value = der_read(&one, DER_OCTETS);
        if (one.failed || !span_equal(oid, OID_OCSP_NONCE))
            continue;
        struct reader inner = reader_of(value);
        struct span nonce = der_read(&inner, DER_OCTETS);
        return inner.failed || inner.left.size != 0 ? value : nonce;
    }
    return (struct span){0};
}

static bool peek_basic(struct span der, struct revocation_dates *ret_dates, struct span *ret_nonce)
{
    struct reader whole = reader_of(der), basic = der_enter(&whole, DER_SEQUENCE),
                  body = der_enter(&basic, DER_SEQUENCE);
    struct revocation_dates dates = {0};
    if (der_at(&body, DER_CONTEXT_MADE)) /* version */
        der_any(&body);
    der_any(&body);                        /* responderID */
    der_read(&body, DER_GENERALIZED_TIME); /* producedAt */
    struct reader responses = der_enter(&body, DER_SEQUENCE);
    read_single(&responses, &dates);
    *ret_nonce = (struct span){0};
    if (der_at(&body, DER_CONTEXT_MADE + 1)) {
        struct reader extensions = der_enter(&body, DER_CONTEXT_MADE + 1);
        *ret_nonce = read_nonce(&extensions);
    }
    *ret_dates = dates;
    return !whole.failed && !basic.failed && !body.failed && !responses.failed;
}

bool revocation_peek_ocsp(struct span der, struct revocation_dates *ret_dates, struct span *ret_nonce)
{
    struct reader whole = reader_of(der), answer = der_enter(&whole, DER_SEQUENCE);
    struct span status = der_read(&answer, DER_ENUMERATED);
    struct reader around = der_enter(&answer, DER_CONTEXT_MADE), bytes = der_enter(&around, DER_SEQUENCE);
    struct span type = der_read(&bytes, DER_OID), basic = der_read(&bytes, DER_OCTETS);
    return !whole.failed && !answer.failed && !around.failed && !bytes.failed && whole.left.size == 0
           && status.size == 1 && status.data[0] == OCSP_SUCCESSFUL && span_equal(type, OID_OCSP_BASIC)
           && peek_basic(basic, ret_dates, ret_nonce);
}

void revocation_ask(struct span cert_id, struct span nonce, struct buffer *ret_request)
{
    struct buffer octets CLEANUP(buffer_clear) = {0};
    der_write(&octets, DER_OCTETS, nonce);
    size_t whole = der_open(ret_request, DER_SEQUENCE), body = der_open(ret_request, DER_SEQUENCE),
           list = der_open(ret_request, DER_SEQUENCE);
    size_t single = der_open(ret_request, DER_SEQUENCE);
    buffer_append(ret_request, cert_id);
    der_close(ret_request, single);
    der_close(ret_request, list);
    size_t around = der_open(ret_request, DER_CONTEXT_MADE + 2),
           extensions = der_open(ret_request, DER_SEQUENCE), one = der_open(ret_request, DER_SEQUENCE);
    der_write(ret_request, DER_OID, OID_OCSP_NONCE);
    der_write(ret_request, DER_OCTETS, buffer_span(&octets));
    der_close(ret_request, one);
    der_close(ret_request, extensions);
    der_close(ret_request, around);
    der_close(ret_request, body);
    der_close(ret_request, whole);
}

/* ---- certificates */

/* RFC 5652, 5.1: version, digestAlgorithms, encapContentInfo, [0] certificates … */
static bool enter_certificates(struct span der, struct reader *ret_certificates)
{
    struct reader whole = reader_of(der), info = der_enter(&whole, DER_SEQUENCE);
    struct span type = der_read(&info, DER_OID);
    struct reader around = der_enter(&info, DER_CONTEXT_MADE), data = der_enter(&around, DER_SEQUENCE);
    der_read(&data, DER_INTEGER);
    der_read(&data, DER_SET);
    der_read(&data, DER_SEQUENCE);
    *ret_certificates = der_enter(&data, DER_CONTEXT_MADE);
    return !data.failed && !ret_certificates->failed && span_equal(type, OID_SIGNED_DATA);
}

size_t revocation_peek_certificates(struct span der, void (*take)(void *context, struct span certificate),
                                    void *context)
{
    struct der_certificate one;
    struct reader list;
    size_t count = 0;
    if (der_certificate_read(der, &one)) {
        take(context, der);
        return 1;
    }
    if (!enter_certificates(der, &list))
        return 0;
    while (!list.failed && list.left.size > 0 && count < PEEK_MAX_CERTIFICATES) {
        struct der_value value = der_any(&list);
        if (list.failed || !der_certificate_read(value.whole, &one))
            break;
        take(context, value.whole);
        count++;
    }
    return count;
}
