#include "base/fetch.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <dlfcn.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <strings.h>

#include "base/base_text.h"

/* libcurl brings some thirty libraries with it: loaded at the first fetch, not at start. */
static struct {
    __typeof__(curl_global_init) *global_init;
    __typeof__(curl_easy_init) *easy_init;
    __typeof__(&curl_easy_setopt) setopt;
    __typeof__(curl_easy_perform) *perform;
    __typeof__(&curl_easy_getinfo) getinfo;
    __typeof__(curl_easy_cleanup) *cleanup;
    __typeof__(curl_easy_strerror) *strerror;
    __typeof__(curl_slist_append) *slist_append;
    __typeof__(curl_slist_free_all) *slist_free_all;
    bool loaded;
} curl;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    const struct {
        const char *name;
        void *into;
    } symbols[] = {
        {"curl_global_init", &curl.global_init},
        {"curl_easy_init", &curl.easy_init},
        {"curl_easy_setopt", &curl.setopt},
        {"curl_easy_perform", &curl.perform},
        {"curl_easy_getinfo", &curl.getinfo},
        {"curl_easy_cleanup", &curl.cleanup},
        {"curl_easy_strerror", &curl.strerror},
        {"curl_slist_append", &curl.slist_append},
        {"curl_slist_free_all", &curl.slist_free_all},
    };
    for (size_t i = 0; i < COUNT_OF(symbols); i++) {
        void *found = dlsym(library, symbols[i].name);
        if (!found)
            return;
        memcpy(symbols[i].into, &found, sizeof(found));
    }
    curl.loaded = curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

struct fetching {
    const struct fetch_request *request;
    struct fetch_answer *answer;
    size_t limit;
    bool too_large, refused_address;
};

static bool is_private_v4(uint32_t address)
{
    static const struct {
        uint32_t network, mask;
    } ranges[] = {
        /* RFC 6890: what is not the public Internet */
        {0x00000000, 0xFF000000}, {0x0A000000, 0xFF000000}, {0x64400000, 0xFFC00000},
        {0x7F000000, 0xFF000000}, {0xA9FE0000, 0xFFFF0000}, {0xAC100000, 0xFFF00000},
        {0xC0000000, 0xFFFFFF00}, {0xC0A80000, 0xFFFF0000}, {0xC6120000, 0xFFFE0000},
        {0xE0000000, 0xE0000000},
    };
    for (size_t i = 0; i < COUNT_OF(ranges); i++)
        if ((address & ranges[i].mask) == ranges[i].network)
            return true;
    return false;
}

static bool is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET)
        return is_private_v4(ntohl(((const struct sockaddr_in *)(const void *)address)->sin_addr.s_addr));
    if (address->sa_family != AF_INET6)
        return true;
    const uint8_t *bytes = ((const struct sockaddr_in6 *)(const void *)address)->sin6_addr.s6_addr;
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF},
                         nat64[12] = {0x00, 0x64, 0xFF, 0x9B};
    static const uint8_t sixto4[2] = {0x20, 0x02}, teredo[4] = {0x20, 0x01, 0x00, 0x00}; /* RFC 3056, 4380 */
    if (memcmp(bytes, mapped, sizeof(mapped)) == 0 || memcmp(bytes, nat64, sizeof(nat64)) == 0)
        return is_private_v4((uint32_t)bytes[12] << 24 | (uint32_t)bytes[13] << 16 | (uint32_t)bytes[14] << 8
                             | bytes[15]);
    bool tunnel = memcmp(bytes, sixto4, sizeof(sixto4)) == 0 || memcmp(bytes, teredo, sizeof(teredo)) == 0;
    return tunnel || (bytes[0] & 0xE0) != 0x20; /* only 2000::/3 is global unicast */
}

/* Called with the resolved address, before connect: a name that resolves inwards is caught here too. */
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct fetching *fetching = context;
    (void)purpose;
    if (!fetching->request->allow_private && is_private(&address->addr)) {
        fetching->refused_address = true;
        return CURL_SOCKET_BAD;
    }
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static size_t take_body(char *bytes, size_t one, size_t count, void *context)
{
    struct fetching *fetching = context;
    struct buffer *body = &fetching->answer->body;
    if (body->size + one * count > fetching->limit) {
        fetching->too_large = true;
        return 0;
    }
    buffer_append(body, span_of(bytes, one * count));
    return body->failed ? 0 : one * count;
}

static bool explain(const struct fetching *fetching, CURLcode code, struct error *err)
{
    const char *url = fetching->request->url;
    if (fetching->refused_address)
        return fail(err, ERR_FORBIDDEN, &TEXT_FETCH_PRIVATE, url);
    if (fetching->too_large)
        return fail(err, ERR_TOO_LARGE, &TEXT_FETCH_TOO_LARGE, url);
    if (code == CURLE_OPERATION_TIMEDOUT)
        return fail(err, ERR_TIMEOUT, &TEXT_FETCH_LATE, url);
    fail(err, ERR_PEER_AWAY, &TEXT_FETCH_AWAY, url);
    return error_cause(err, "libcurl: %s", curl.strerror(code));
}

static void set_options(CURL *easy, struct fetching *fetching, struct curl_slist *headers)
{
    const struct fetch_request *request = fetching->request;
    curl.setopt(easy, CURLOPT_URL, request->url);
    curl.setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.setopt(easy, CURLOPT_PROXY, "");
    curl.setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl.setopt(easy, CURLOPT_TIMEOUT_MS,
                (long)(request->deadline_ms ? request->deadline_ms : FETCH_DEADLINE_MS));
    curl.setopt(easy, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    curl.setopt(easy, CURLOPT_OPENSOCKETDATA, fetching);
    curl.setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl.setopt(easy, CURLOPT_WRITEDATA, fetching);
    curl.setopt(easy, CURLOPT_HTTPHEADER, headers);
    if (request->ca_file)
        curl.setopt(easy, CURLOPT_CAINFO, request->ca_file);
    if (strcmp(request->method, "POST") == 0) {
        curl.setopt(easy, CURLOPT_POST, 1L);
        curl.setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.size);
        curl.setopt(easy, CURLOPT_POSTFIELDS, request->body.size ? (const char *)request->body.data : "");
    }
}

static bool perform(CURL *easy, struct fetching *fetching, struct error *err)
{
    CURLcode code = curl.perform(easy);
    if (code != CURLE_OK)
        return explain(fetching, code, err);
    long status = 0;
    const char *type = NULL;
    curl.getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl.getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
    fetching->answer->status = (int)status;
    text_clean(type ? type : "", type ? strlen(type) : 0, sizeof(fetching->answer->content_type),
               fetching->answer->content_type);
    return true;
}

bool fetch(const struct fetch_request *request, struct fetch_answer *ret_answer, struct error *err)
{
    pthread_once(&once, load);
    if (!curl.loaded)
        return fail(err, ERR_INTERNAL, &TEXT_FETCH_NO_LIBRARY);
    if (strncasecmp(request->url, "http://", 7) != 0 && strncasecmp(request->url, "https://", 8) != 0)
        return fail(err, ERR_USAGE, &TEXT_FETCH_URL, request->url);

    struct fetch_answer answer CLEANUP(fetch_answer_clear) = {0};
    struct fetching fetching = {
        .request = request, .answer = &answer, .limit = request->limit ? request->limit : FETCH_LIMIT};
    struct curl_slist *headers = NULL;
    for (size_t i = 0; request->headers && request->headers[i]; i++)
        headers = curl.slist_append(headers, request->headers[i]);
    CURL *easy = curl.easy_init();
    bool good = easy != NULL;
    if (good) {
        set_options(easy, &fetching, headers);
        good = perform(easy, &fetching, err);
        curl.cleanup(easy);
    } else {
        fail(err, ERR_INTERNAL, &TEXT_NO_MEMORY);
    }
    curl.slist_free_all(headers);
    if (good) {
        *ret_answer = answer;
        answer = (struct fetch_answer){0};
    }
    return good;
}

void fetch_answer_clear(struct fetch_answer *answer)
{
    buffer_clear(&answer->body);
    *answer = (struct fetch_answer){0};
}
