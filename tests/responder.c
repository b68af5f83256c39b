#include "tests/check.h"

#include "tests/responder.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <openssl/ocsp.h>
#include <openssl/ts.h>
#include <stdio.h>
#include <sys/socket.h>

#include "signer/der.h"
#include "tests/cms_make.h"

enum { REQUEST_MAX = 16 << 10, HUGE_SIZE = 20 << 20, SLOW_US = 300000, HOUR = 3600 };

struct meeting {
    struct responder *responder;
    int peer;
};

/* ---- OCSP */

static struct span body_of(const char *request, size_t size)
{
    const char *end = memmem(request, size, "\r\n\r\n", 4);
    return end ? span_of(end + 4, size - (size_t)(end + 4 - request)) : (struct span){0};
}

static void add_status(OCSP_BASICRESP *basic, OCSP_CERTID *id, int manner)
{
    int status = manner == RESPOND_REVOKED   ? V_OCSP_CERTSTATUS_REVOKED
                 : manner == RESPOND_UNKNOWN ? V_OCSP_CERTSTATUS_UNKNOWN
                                             : V_OCSP_CERTSTATUS_GOOD;
    long age = manner == RESPOND_OLD ? 48L * HOUR : 60;
    ASN1_TIME *since = X509_gmtime_adj(NULL, -HOUR), *from = X509_gmtime_adj(NULL, -age),
              *until = X509_gmtime_adj(NULL, HOUR - age);
    assert_non_null(
        OCSP_basic_add1_status(basic, id, status, OCSP_REVOKED_STATUS_KEYCOMPROMISE, since, from, until));
    ASN1_TIME_free(since);
    ASN1_TIME_free(from);
    ASN1_TIME_free(until);
}

static void answer_ocsp(const struct responder *responder, int manner, struct span question,
                        struct buffer *ret_answer)
{
    const unsigned char *at = question.data;
    OCSP_REQUEST *request = d2i_OCSP_REQUEST(NULL, &at, (long)question.size);
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    const struct pki_person *signer = manner == RESPOND_STRANGER   ? responder->stranger
                                      : manner == RESPOND_DELEGATE ? responder->delegate
                                                                   : responder->issuer;
    assert_non_null(request);
    assert_int_equal(OCSP_request_onereq_count(request), 1);
    add_status(basic, OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, 0)), manner);
    if (manner == RESPOND_NONCE)
        OCSP_basic_add1_nonce(basic, (unsigned char *)"another question", 16);
    else if (manner != RESPOND_NO_NONCE)
        OCSP_copy_nonce(basic, request);
    assert_int_equal(
        OCSP_basic_sign(basic, signer->certificate, signer->key, digest_evp(DIGEST_SHA256), NULL, 0), 1);
    OCSP_RESPONSE *response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    unsigned char *der = NULL;
    int size = i2d_OCSP_RESPONSE(response, &der);
    buffer_append(ret_answer, span_of(der, (size_t)size));
    OPENSSL_free(der);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    OCSP_REQUEST_free(request);
}

static void answer_crl(const struct responder *responder, int manner, struct buffer *ret_answer)
{
    pki_crl(manner == RESPOND_STRANGER ? responder->stranger : responder->issuer,
            manner == RESPOND_REVOKED ? responder->subject : NULL, manner == RESPOND_OLD ? -9 : -1,
            manner == RESPOND_OLD ? -2 : 7, ret_answer);
}

/* ---- timestamps */

/* What OpenSSL makes of the question. */
static void read_stamp_question(struct span question, struct buffer *ret_imprint, struct buffer *ret_nonce)
{
    const unsigned char *at = question.data;
    TS_REQ *request = d2i_TS_REQ(NULL, &at, (long)question.size);
    assert_non_null(request);
    assert_true(at == question.data + question.size && TS_REQ_get_version(request) == 1
                && TS_REQ_get_cert_req(request) != 0);
    TS_MSG_IMPRINT *imprint = TS_REQ_get_msg_imprint(request);
    assert_int_equal(OBJ_obj2nid(TS_MSG_IMPRINT_get_algo(imprint)->algorithm), NID_sha256);
    const ASN1_OCTET_STRING *digest = TS_MSG_IMPRINT_get_msg(imprint);
    const ASN1_INTEGER *nonce = TS_REQ_get_nonce(request);
    assert_true(nonce && ASN1_STRING_type(nonce) == V_ASN1_INTEGER);
    buffer_append(ret_imprint, span_of(ASN1_STRING_get0_data(digest), (size_t)ASN1_STRING_length(digest)));
    buffer_append(ret_nonce, span_of(ASN1_STRING_get0_data(nonce), (size_t)ASN1_STRING_length(nonce)));
    TS_REQ_free(request);
}

static void make_stamp(const struct responder *responder, int manner, struct span question,
                       struct buffer *ret_token)
{
    static const uint8_t zeros[16 << 10];
    struct buffer imprint CLEANUP(buffer_clear) = {0}, nonce CLEANUP(buffer_clear) = {0},
                          behind CLEANUP(buffer_clear) = {0};
    read_stamp_question(question, &imprint, &nonce);
    if (manner == RESPOND_IMPRINT)
        imprint.data[0] ^= 1;
    if (manner == RESPOND_NONCE)
        nonce.data[nonce.size - 1] ^= 1;
    if (manner != RESPOND_NO_NONCE)
        der_write(&behind, DER_INTEGER, buffer_span(&nonce));
    if (manner == RESPOND_LENGTHY)
        der_write(&behind, DER_CONTEXT_MADE + 1, span_of(zeros, sizeof(zeros))); /* extensions */
    const struct token_wish wish = {.authority =
                                        manner == RESPOND_STRANGER ? responder->stranger : responder->stamper,
                                    .signed_with = manner == RESPOND_WEAK ? DIGEST_SHA1 : DIGEST_SHA256,
                                    .time = manner == RESPOND_OLD ? "20010101000000Z" : NULL,
                                    .imprint = buffer_span(&imprint),
                                    .behind = buffer_span(&behind)};
    cms_make_token(&wish, ret_token);
    if (manner == RESPOND_FORGED)
        ret_token->data[ret_token->size - 1] ^= 1; /* the signature value stands last */
}

/* TimeStampResp */
static void answer_stamp(struct responder *responder, int manner, struct span question,
                         struct buffer *ret_answer)
{
    const uint8_t status = manner == RESPOND_REFUSED ? 2 : manner == RESPOND_WITH_MODS ? 1 : 0;
    size_t answer = der_open(ret_answer, DER_SEQUENCE), info = der_open(ret_answer, DER_SEQUENCE);
    der_write(ret_answer, DER_INTEGER, span_of(&status, 1));
    der_close(ret_answer, info);
    if (manner != RESPOND_REFUSED)
        make_stamp(responder, manner, question, ret_answer);
    der_close(ret_answer, answer);
    pthread_mutex_lock(&responder->lock);
    if (manner == RESPOND_REPLAY && responder->first_stamp.size) {
        buffer_clear(ret_answer);
        buffer_append(ret_answer, buffer_span(&responder->first_stamp));
    }
    if (!responder->first_stamp.size)
        buffer_append(&responder->first_stamp, buffer_span(ret_answer));
    pthread_mutex_unlock(&responder->lock);
}

/* ---- HTTP */

static void send_all(int peer, struct span bytes)
{
    while (bytes.size > 0) {
        ssize_t sent = send(peer, bytes.data, bytes.size, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes = span_slice(bytes, (size_t)sent, bytes.size);
    }
}

static void send_answer(int peer, const char *status, const char *header, struct span body)
{
    dprintf(peer, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\nConnection: close\r\n\r\n", status, header,
            body.size);
    send_all(peer, body);
}

static void send_huge(int peer)
{
    static const uint8_t zeros[64 << 10];
    dprintf(peer, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
    for (size_t sent = 0; sent < HUGE_SIZE; sent += sizeof(zeros))
        send_all(peer, span_of(zeros, sizeof(zeros)));
}

/* The manners that are the same for all that is served. True: said what there was to say. */
static bool misbehave(const struct responder *responder, int peer, int manner, const char *path)
{
    char waste[512], header[128];
    switch (manner) {
    case RESPOND_HANG:
        while (read(peer, waste, sizeof(waste)) > 0)
            continue;
        return true;
    case RESPOND_GARBAGE:
        send_answer(peer, "200 OK", "", SPAN_LITERAL("<html>It works!</html>"));
        return true;
    case RESPOND_HUGE:
        send_huge(peer);
        return true;
    case RESPOND_ERROR:
        send_answer(peer, "503 Busy", "", (struct span){0});
        return true;
    case RESPOND_REDIRECT:
        snprintf(header, sizeof(header), "Location: http://127.0.0.1:%u%s/good\r\n", responder->port, path);
        send_answer(peer, "302 Found", header, (struct span){0});
        return true;
    case RESPOND_SLOWLY:
        usleep(SLOW_US);
        return false;
    default:
        return false;
    }
}

/* The headers, then as much as they announce. */
static size_t read_request(int peer, char *ret_request)
{
    size_t size = 0, whole = SIZE_MAX;
    while (size < whole && size < REQUEST_MAX) {
        ssize_t got = read(peer, ret_request + size, REQUEST_MAX - size);
        if (got <= 0)
            break;
        size += (size_t)got;
        ret_request[size] = '\0';
        const char *end = memmem(ret_request, size, "\r\n\r\n", 4),
                   *length = strcasestr(ret_request, "Content-Length:");
        if (end)
            whole = (size_t)(end + 4 - ret_request)
                    + (length && length < end ? strtoul(length + 15, NULL, 10) : 0);
    }
    return size;
}

static void *meet(void *context)
{
    struct meeting meeting = *(struct meeting *)context;
    struct responder *responder = meeting.responder;
    char request[REQUEST_MAX + 1];
    struct buffer body CLEANUP(buffer_clear) = {0};
    free(context);
    size_t size = read_request(meeting.peer, request);
    if (size && strstr(request, " /ocsp")) {
        int manner = responder->ocsp;
        responder->ocsp_count++;
        if (!misbehave(responder, meeting.peer, manner, "/ocsp")) {
            answer_ocsp(responder, manner, body_of(request, size), &body);
            send_answer(meeting.peer, "200 OK", "", buffer_span(&body));
        }
    } else if (size && strstr(request, " /crl")) {
        int manner = responder->crl;
        responder->crl_count++;
        if (!misbehave(responder, meeting.peer, manner, "/crl")) {
            answer_crl(responder, manner, &body);
            send_answer(meeting.peer, "200 OK", "", buffer_span(&body));
        }
    } else if (size && strstr(request, " /tsa")) {
        int manner = responder->tsa;
        responder->tsa_count++;
        if (!misbehave(responder, meeting.peer, manner, "/tsa")) {
            answer_stamp(responder, manner, body_of(request, size), &body);
            send_answer(meeting.peer, "200 OK", "Content-Type: application/timestamp-reply\r\n",
                        buffer_span(&body));
        }
    } else if (size && strstr(request, " /issuer")) {
        int manner = responder->serves_issuer;
        responder->issuer_count++;
        if (!misbehave(responder, meeting.peer, manner, "/issuer"))
            send_answer(meeting.peer, "200 OK", "", buffer_span(&responder->issuer->der));
    }
    close(meeting.peer);
    return NULL;
}

static void *serve(void *context)
{
    struct responder *responder = context;
    for (int peer; (peer = accept(responder->listening, NULL, NULL)) >= 0 || errno == EINTR;) {
        struct meeting *meeting = malloc(sizeof(*meeting));
        pthread_t thread;
        *meeting = (struct meeting){responder, peer};
        if (pthread_create(&thread, NULL, meet, meeting) == 0)
            pthread_detach(thread);
    }
    return NULL;
}

void responder_open(struct responder *responder)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    responder->listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(responder->listening, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(responder->listening, 64), 0);
    assert_int_equal(getsockname(responder->listening, (struct sockaddr *)&address, &size), 0);
    responder->port = ntohs(address.sin_port);
    pthread_mutex_init(&responder->lock, NULL);
}

void responder_serve(struct responder *responder)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, serve, responder), 0);
    pthread_detach(thread);
}

void responder_tsa_url(const struct responder *responder, char ret_url[static RESPONDER_URL_SIZE])
{
    snprintf(ret_url, RESPONDER_URL_SIZE, "http://127.0.0.1:%u/tsa", responder->port);
}
